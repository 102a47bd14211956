"""One step a file, named after the schema that it leads to."""
