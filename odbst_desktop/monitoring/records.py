"""The table of monitoring visits."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


class VisitRow(SQLModel, table=True):
    """A governor's check: a draft, closed, signed here, or received from the governor."""

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
