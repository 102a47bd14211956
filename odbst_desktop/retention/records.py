"""The tables of retention. None holds contents of what is kept or was disposed of."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


class PeriodRow(SQLModel, table=True):
    """The school's own period for a kind of record, and where the figure comes from."""

    __tablename__ = "retention_period"

    kind: str = Field(primary_key=True)
    years: int
    source: str
    changed_at: str
    changed_by: str


class HoldRow(SQLModel, table=True):
    """A legal hold: ``scope`` is record, kind, person or since; lifted ones stay as history."""

    __tablename__ = "retention_hold"

    id: str = Field(primary_key=True)
    scope: str
    kind: str = ""
    record: str = ""
    person_id: str = ""
    person_name: str = ""
    since: date | None = None
    reason: str
    placed_at: str
    placed_by: str
    lifted_at: str = ""
    lifted_by: str = ""


class DisposalRow(SQLModel, table=True):
    """What one disposal removed, as counts: ``counts`` is JSON.

    ``tidied_at`` is when the freed room was given back; empty until it was.
    """

    __tablename__ = "retention_disposal"

    id: str = Field(primary_key=True)
    disposed_at: str
    disposed_by: str
    counts: str
    tidied_at: str = ""
