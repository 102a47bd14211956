"""The table of what governors were shown of each term's figures."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class ShownRow(SQLModel, table=True):
    """The counts of a return as governors were shown them; ``values`` and ``words`` are JSON."""

    __tablename__ = "returns_shown"

    id: str = Field(primary_key=True)
    return_id: str = Field(index=True)
    year: str
    term: str
    revision: int
    form_version: str
    values: str
    words: str
    shown_on: str
