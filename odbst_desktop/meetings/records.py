"""The table of meetings."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


class MeetingRow(SQLModel, table=True):
    """A weekly meeting; ``answers`` is JSON in the shape of its form's version."""

    __tablename__ = "meetings_meeting"

    id: str = Field(primary_key=True)
    held_on: date = Field(index=True)
    form_version: str
    answers: str
    state: str = "draft"
    closed_at: str | None = None
    closed_by: str | None = None
