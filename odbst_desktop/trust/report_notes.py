"""The ESL's own words for the reports of a term, and for the year's review of the plan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.form_engine.answers import check_types, is_blank
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import shipped_form
from odbst_desktop.trust.records import ReportNotesRow
from odbst_desktop.vault.vault import Vault

WHOLE_YEAR = ""
"""Stands for the term in the words of a year's review."""


def words_form(term: str) -> Form:
    """Return the form of the words: a term's, or the year's."""
    return shipped_form("trust/year_review" if term == WHOLE_YEAR else "trust/report_words")


def read_words(session: Session, year: str, term: str) -> dict[str, Any]:
    """Return the words for a term or a year; empty if none were typed."""
    row = session.get(ReportNotesRow, (year, term))
    return {} if row is None else dict(json.loads(row.answers))


def save_words(vault: Vault, year: str, term: str, answers: Mapping[str, Any]) -> None:
    """Keep the words for a term or a year.

    Raises:
        InputError: an answer is of the wrong type; nothing was changed.

    """
    form = words_form(term)
    wrong = check_types(form, answers)
    if wrong:
        raise InputError(f"“{wrong[0].field}” was not saved. {wrong[0].message}")
    given = {name: value for name, value in answers.items() if not is_blank(value)}
    with vault.changing("report words saved", f"report/{year}-{term or 'year'}") as session:
        session.merge(
            ReportNotesRow(
                year=year, term=term, form_version=form.version,
                answers=json.dumps(given, ensure_ascii=False), saved_at=vault.now(),
            )
        )  # fmt: skip
