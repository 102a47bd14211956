"""The steps from each schema to the next, run by Alembic on a copy of the vault."""
