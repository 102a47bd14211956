"""The table of actions."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


class ActionRow(SQLModel, table=True):
    """Something somebody is to do by a day."""

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
