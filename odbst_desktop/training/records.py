"""The table of training records."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


class TrainingRow(SQLModel, table=True):
    """A course somebody completed on a day."""

    __tablename__ = "training_record"

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="school_person.id", index=True)
    course: str = Field(index=True)
    completed_on: date
    provider: str = ""
