"""Schema 2: where vaults that can be brought up to date begin."""

from __future__ import annotations

revision = "0002"
down_revision = None


def upgrade() -> None:
    """Do nothing: a vault of schema 2 has its tables."""
