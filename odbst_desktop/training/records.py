"""The tables of training. A record is never altered: a correction supersedes it by another."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel

_BLANK = {"server_default": ""}


class TrainingRow(SQLModel, table=True):
    """A course somebody completed on a day.

    ``recorded_at`` and ``superseded_at`` say from when until when it counts as known; blank for
    what was always known, and for what still counts. ``origin`` is ``session/ID`` or
    ``import/ID`` where it came so; ``replaces`` the record it corrects.
    """

    __tablename__ = "training_record"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="school_person.id", index=True)
    course: str = Field(index=True)
    completed_on: date
    provider: str = ""
    expires_on: date | None = None
    edition: str = Field(default="", sa_column_kwargs=_BLANK)
    recorded_at: str = Field(default="", sa_column_kwargs=_BLANK)
    superseded_at: str = Field(default="", sa_column_kwargs=_BLANK)
    replaces: str = Field(default="", sa_column_kwargs=_BLANK)
    reason: str = Field(default="", sa_column_kwargs=_BLANK)
    origin: str = Field(default="", sa_column_kwargs=_BLANK, index=True)
    certificate: str = Field(default="", sa_column_kwargs=_BLANK)


class ExemptionRow(SQLModel, table=True):
    """Somebody need not take a course for a time, and why."""

    __tablename__ = "training_exemption"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="school_person.id", index=True)
    course: str
    reason: str
    starts: date
    ends: date | None = None
    recorded_at: str = ""
    superseded_at: str = ""


class SessionRow(SQLModel, table=True):
    """A course held, or to be held, for many at once."""

    __tablename__ = "training_session"

    id: str = Field(primary_key=True)
    course: str = Field(index=True)
    held_on: date
    hub: str = ""
    provider: str = ""
    note: str = ""
    cancelled_at: str = ""
    recorded_at: str = ""


class AttendanceRow(SQLModel, table=True):
    """Somebody in the register of a session: expected, attended, late, apologies, absent."""

    __tablename__ = "training_attendance"

    session_id: str = Field(foreign_key="training_session.id", primary_key=True)
    person_id: str = Field(foreign_key="school_person.id", primary_key=True)
    state: str
    note: str = ""
    recorded_at: str = ""


class ImportRow(SQLModel, table=True):
    """A sheet that was imported; ``kind`` is ``completions`` or ``people``."""

    __tablename__ = "training_import"

    id: str = Field(primary_key=True)
    kind: str
    name: str
    imported_at: str
    imported_by: str
    new: int
    changed: int
    left_out: int
    undone_at: str = ""


class PersonChangeRow(SQLModel, table=True):
    """Somebody as they were before and after an import of people, as JSON; blank before: new."""

    __tablename__ = "training_person_change"

    import_id: str = Field(foreign_key="training_import.id", primary_key=True)
    person_id: str = Field(primary_key=True, index=True)
    before: str
    after: str


class MeaningRow(SQLModel, table=True):
    """What a word of other systems' sheets means here, as the user chose: a course or a person."""

    __tablename__ = "training_meaning"

    kind: str = Field(primary_key=True)
    words: str = Field(primary_key=True)
    value: str


class PublishedCourseRow(SQLModel, table=True):
    """A course as the trust published it, as JSON; of each course the newest holds."""

    __tablename__ = "training_published_course"

    id: int | None = Field(default=None, primary_key=True)
    course: str = Field(index=True)
    entry: str
    source: str
    taken_at: str
