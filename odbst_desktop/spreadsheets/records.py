"""The table of remembered mappings."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class MappingRow(SQLModel, table=True):
    """Which column means what in sheets with one set of column names; ``fields`` is JSON."""

    __tablename__ = "spreadsheets_mapping"

    target: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    fields: str
    choices: str = "{}"
