"""The tables of the monitoring room: visits, and the themes that move the plan."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


class VisitRow(SQLModel, table=True):
    """A governor's check: draft, closed, signed here, received, amended or put aside.

    An amended visit stays as it was; the row that took its place names it in ``amends``. All rows
    of one visit share ``root``, which is the origin of its actions. ``answers``, ``explanations``
    and ``responses`` are JSON. The two hashes are of the payloads to the trust and to the school.
    """

    __tablename__ = "monitoring_visit"

    id: str = Field(primary_key=True)
    urn: int = Field(index=True)
    form_id: str
    form_version: str
    visited_on: date
    answers: str
    state: str = "draft"
    governor: str
    closed_at: str | None = None
    signed_at: str | None = None
    payload_sha256: str | None = None
    school_sha256: str | None = None
    revision: int = 1
    root: str = Field(default="", index=True)
    amends: str | None = None
    amend_reason: str = ""
    explanations: str = "{}"
    responses: str = "{}"
    responded_by: str = ""
    responded_on: date | None = None
    reported_on: date | None = None


class ThemeRow(SQLModel, table=True):
    """A theme of a term; ``checks`` are ids of checklists as JSON, ``source`` who brought it."""

    __tablename__ = "monitoring_theme"

    id: str = Field(primary_key=True)
    urn: int = Field(index=True)
    year: str
    term: str
    theme: str
    title: str
    why: str = ""
    checks: str = "[]"
    source: str = "chosen here"
    taken_up_on: date


class PackRow(SQLModel, table=True):
    """A focus pack that was taken in, with what it changed here as JSON."""

    __tablename__ = "monitoring_focus_pack"

    payload_sha256: str = Field(primary_key=True)
    year: str
    term: str
    revision: int
    message: str
    changes: str
    sent_by: str
    taken_at: str
    read_at: str | None = None
