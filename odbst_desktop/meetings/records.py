"""The tables of meetings."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


class MeetingRow(SQLModel, table=True):
    """A weekly meeting; ``answers`` is JSON in the shape of its form's version.

    ``amendment`` holds the answers of an amendment that is not closed yet.
    """

    __tablename__ = "meetings_meeting"

    id: str = Field(primary_key=True)
    held_on: date = Field(index=True)
    form_version: str
    answers: str
    state: str = "draft"
    closed_at: str | None = None
    closed_by: str | None = None
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    amendment: str | None = None
    amendment_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})


class MeetingVersionRow(SQLModel, table=True):
    """A meeting as it was closed before it was amended; never changed."""

    __tablename__ = "meetings_version"

    meeting_id: str = Field(primary_key=True, foreign_key="meetings_meeting.id")
    version: int = Field(primary_key=True)
    held_on: date
    form_version: str
    answers: str
    closed_at: str | None = None
    closed_by: str | None = None
    reason: str = ""


class WeekRow(SQLModel, table=True):
    """A week without a meeting, by its Monday, and why."""

    __tablename__ = "meetings_week"

    monday: date = Field(primary_key=True)
    reason: str
    note: str = ""


class ImportWordRow(SQLModel, table=True):
    """What a word of an export was placed as: its digest only, for the word may be a name."""

    __tablename__ = "meetings_import_word"

    what: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    placed_as: str
