"""Moving on: all of a vault as open files, an export taken into a new vault, a vault purged."""
