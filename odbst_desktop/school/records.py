"""The tables of the school."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


class OwnerRow(SQLModel, table=True):
    """Whose vault it is: one row, its id always 1."""

    __tablename__ = "school_owner"

    id: int = Field(default=1, primary_key=True)
    profile: str
    name: str
    urn: int | None = None
    is_demonstration: bool = False


class PersonRow(SQLModel, table=True):
    """Somebody who works, governs or helps here."""

    __tablename__ = "school_person"

    id: str = Field(primary_key=True)
    name: str
    joined: date
    left: date | None = None
    staff_number: str = Field(default="", sa_column_kwargs={"server_default": ""})
    team: str = Field(default="", sa_column_kwargs={"server_default": ""})
    hub: str = Field(default="", sa_column_kwargs={"server_default": ""})
    job_description_seen: date | None = None
    dsl_hours: float | None = None
    appraisal_target_set: date | None = None


class RoleRow(SQLModel, table=True):
    """A role somebody holds, from a day until a day.

    A row is never altered: a change supersedes it by another, so that what was known at any
    moment can be counted again. ``recorded_at`` is blank for what was always known.
    """

    __tablename__ = "school_role"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="school_person.id", index=True)
    role: str
    starts: date
    ends: date | None = None
    recorded_at: str = Field(default="", sa_column_kwargs={"server_default": ""})
    superseded_at: str = Field(default="", sa_column_kwargs={"server_default": ""})


class SchoolRow(SQLModel, table=True):
    """A school this vault knows of: the trust's all, or a governor's own."""

    __tablename__ = "school_school"

    urn: int = Field(primary_key=True)
    name: str
    authority: str
    phase: str = ""
    hub: str = ""


class PostRow(SQLModel, table=True):
    """A school beyond the first that a governor governs, with the user whose key signs for it."""

    __tablename__ = "school_post"

    user_id: str = Field(primary_key=True)
    urn: int = Field(index=True)
    school: str
