"""The tables of who and when."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class OwnerRow(SQLModel, table=True):
    """Whose vault this is: one row."""

    __tablename__ = "school_owner"

    id: int = Field(default=1, primary_key=True)
    profile: str
    name: str
    urn: int | None
    is_demonstration: bool
