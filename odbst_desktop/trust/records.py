"""The tables of the trust's own desk; they stay empty in a school's and a governor's vault."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


class SchoolFactsRow(SQLModel, table=True):
    """What only the trust keeps of a school; a text is the concern in words, blank for none."""

    __tablename__ = "trust_school_facts"

    urn: int = Field(primary_key=True)
    joined: date | None = None
    left: date | None = None
    is_tas: bool = False
    leadership_concern: str = ""
    stakeholder_concern: str = ""


class DueDateRow(SQLModel, table=True):
    """The day a term's return is due at every school, where the ESL set one."""

    __tablename__ = "trust_due_date"

    year: str = Field(primary_key=True)
    term: str = Field(primary_key=True)
    due: date


class QueryDraftRow(SQLModel, table=True):
    """A question to one field of a return, written and not yet sent as a receipt."""

    __tablename__ = "trust_query_draft"

    payload_sha256: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    text: str


class ReportNotesRow(SQLModel, table=True):
    """The ESL's own words for the reports of a term, or of a year (its term is blank)."""

    __tablename__ = "trust_report_notes"

    year: str = Field(primary_key=True)
    term: str = Field(primary_key=True)
    form_version: str
    answers: str
    saved_at: str
