"""The table of what was said of each entry of the register; nothing in it is overwritten."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


class AnswerRow(SQLModel, table=True):
    """What somebody said of an entry on a day; the newest that was not taken back holds.

    ``facts`` is JSON: of a policy its version, dates and address, of a duty nothing.
    """

    __tablename__ = "compliance_answer"

    id: int | None = Field(default=None, primary_key=True)
    item: str = Field(index=True)
    state: str
    said_on: date
    last_on: date | None = None
    holds_until: date | None = None
    evidence: str = ""
    owner: str = ""
    facts: str = "{}"
    said_by: str
    said_at: str
    is_taken_back: bool = False


class DraftRow(SQLModel, table=True):
    """What is half typed of an entry: kept until it is said, or given up. ``typed`` is JSON."""

    __tablename__ = "compliance_draft"

    item: str = Field(primary_key=True)
    typed: str
    typed_at: str


class TrustVersionRow(SQLModel, table=True):
    """A version of a policy as the trust published it; of each policy the newest holds."""

    __tablename__ = "compliance_trust_version"

    id: int | None = Field(default=None, primary_key=True)
    item: str = Field(index=True)
    version: str
    published_on: date | None = None
    next_review: date | None = None
    changes: str = ""
    source: str
    taken_at: str
