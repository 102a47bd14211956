"""The encrypted file: key slots, users and their signing keys, the audit chain."""
