"""The package format: keys, envelope, sealing, checking."""
