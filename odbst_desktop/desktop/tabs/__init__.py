"""A tab for each thing a user does."""
