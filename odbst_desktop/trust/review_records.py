"""The table of the ESL's own checks and whole-school reviews."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel


class ReviewRow(SQLModel, table=True):
    """A strategic check or whole-school review: planned, begun, closed, followed up.

    ``reasons`` are ids of ``resources/reviews.yaml`` as JSON, ``answers`` and ``outcome`` JSON.
    """

    __tablename__ = "trust_review"

    id: str = Field(primary_key=True)
    urn: int = Field(index=True)
    form_id: str
    form_version: str
    planned_for: date
    reasons: str
    why: str
    theme: str = ""
    led_by: str
    state: str = "planned"
    answers: str = "{}"
    planned_at: str
    closed_at: str | None = None
    closed_by: str = ""
    followed_up_on: date | None = None
    follow_up: str = ""
