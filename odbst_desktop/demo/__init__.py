"""A demonstration trust, made through the same doors as real records."""
