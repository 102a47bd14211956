"""All returns of a term as one tidy table: a row a school and field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from odbst_desktop.form_engine.answers import is_gap
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.spreadsheets.writing import csv_bytes
from odbst_desktop.trust.returned import Held, returns_held

COLUMNS = ("urn", "school", "academic_year", "term", "revision", "section", "field", "label",
           "unit", "value", "missing", "reason", "provenance")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One field summed over the trust: the schools that gave it and those that did not."""

    field: str
    label: str
    section: str
    total: float
    given_by: int
    not_known_by: int
    lowest: float
    highest: float


def collated_rows(
    session: Session, form: Form, year: str, term: str
) -> tuple[tuple[str, ...], ...]:
    """Return the table's rows: every school, every field, in the order of the form."""
    return tuple(row for held in _by_school(session, year, term) for row in _rows_of(held, form))


def collated_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows as CSV that Excel reads, none of whose cells it takes for a formula."""
    return csv_bytes((COLUMNS, *rows))


def trust_figures(session: Session, form: Form, year: str, term: str) -> tuple[Figure, ...]:
    """Return each whole-number field summed over the schools that gave it; nothing is imputed."""
    held = _by_school(session, year, term)
    sections = _sections(form)
    figures = []
    for question in form.questions():
        if question.type != "integer":
            continue
        answers = [each.body.answers.get(question.name) for each in held]
        values = [a for a in answers if isinstance(a, int) and not isinstance(a, bool)]
        gaps = sum(is_gap(answer) for answer in answers)
        if values or gaps:
            figures.append(
                Figure(
                    question.name, question.label, sections[question.name], sum(values),
                    len(values), gaps, min(values, default=0), max(values, default=0),
                )
            )  # fmt: skip
    return tuple(figures)


def _by_school(session: Session, year: str, term: str) -> list[Held]:
    return sorted(returns_held(session, year, term), key=lambda held: held.package.issuer)


def _rows_of(held: Held, form: Form) -> list[tuple[str, ...]]:
    package, body = held.package, held.body
    before = (str(package.urn), package.issuer, body.academic_year, body.term,
              str(package.revision))  # fmt: skip
    sections = _sections(form)
    rows: list[tuple[str, ...]] = []
    for question in form.questions():
        answer = body.answers.get(question.name)
        if answer is None:
            continue
        value, missing, reason = str(answer), "", ""
        if is_gap(answer):
            value, missing, reason = "", answer["missing"], answer["reason"]
        rows.append(
            (*before, sections[question.name], question.name, question.label,
             str(question.extras.get("unit", "")), value, missing, reason,
             body.provenance.get(question.name, "typed"))
        )  # fmt: skip
    return rows


def _sections(form: Form) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in form.items:
        inner = getattr(item, "items", (item,))
        found.update({question.name: item.label for question in inner})
    return found
