"""The tables of themes: weights with dates, alerts, the ESL's choice, the pack being written."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class ThemeWeightsRow(SQLModel, table=True):
    """The weights of the evidence from a moment on, as JSON; what was decided keeps its own."""

    __tablename__ = "trust_theme_weights"

    id: int | None = Field(default=None, primary_key=True)
    weights: str
    reason: str
    set_at: str
    set_by: str


class ThemeAlertRow(SQLModel, table=True):
    """Something from outside that bears on a theme: an inspection, a national alert."""

    __tablename__ = "trust_theme_alert"

    id: str = Field(primary_key=True)
    theme: str
    year: str
    term: str
    source: str
    noted_at: str
    noted_by: str


class ThemeChoiceRow(SQLModel, table=True):
    """The ESL's themes for a term with the reasons, beside the proposal they were chosen from."""

    __tablename__ = "trust_theme_choice"

    id: int | None = Field(default=None, primary_key=True)
    year: str = Field(index=True)
    term: str
    based_year: str
    based_term: str
    chosen: str
    proposal: str
    weights: str
    decided_at: str
    decided_by: str


class PackDraftRow(SQLModel, table=True):
    """The focus pack of a term while it is written: answers to its form as JSON."""

    __tablename__ = "trust_pack_draft"

    year: str = Field(primary_key=True)
    term: str = Field(primary_key=True)
    answers: str
    saved_at: str
