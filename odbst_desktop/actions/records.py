"""The table of actions."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


class ActionRow(SQLModel, table=True):
    """Something somebody is to do by a day, and how it is looked at afterwards."""

    __tablename__ = "actions_action"

    id: str = Field(primary_key=True)
    title: str
    owner: str
    due: date
    origin: str = Field(index=True)
    measure: str = ""
    state: str = Field(default="open", index=True)
    opened_on: date
    closed_on: date | None = None
    outcome: str = ""
    times_carried: int = 0
    evidence: str = Field(default="", sa_column_kwargs={"server_default": ""})
    check_on: date | None = None
    checked_on: date | None = None
    effect: str = Field(default="", sa_column_kwargs={"server_default": ""})
