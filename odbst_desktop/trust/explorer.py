"""Any field at every school in every term, with the formula of what is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from odbst_desktop.analysis.wording import number_words
from odbst_desktop.form_engine.answer_types import GAPS
from odbst_desktop.form_engine.definition import Form, Question
from odbst_desktop.school.typed_dates import show_day_of
from odbst_desktop.trust.collation import TidyRow
from odbst_desktop.trust.figures import Figure, compared_names
from odbst_desktop.trust.relations import full_label, meaning_of
from odbst_desktop.trust.table import TermKey, TrustTable, term_words


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A school's answers to a field, a term each; None where no return is held."""

    urn: int
    school: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldHistory:
    """A field at every school in every term, the newest term first, schools by name.

    ``breaks`` say where its definition changed, so that a line through it would mislead.
    """

    field: str
    label: str
    terms: tuple[TermKey, ...]
    rows: tuple[FieldRow, ...]
    breaks: tuple[str, ...]


def field_history(table: TrustTable, field: str) -> FieldHistory:
    """Return a field at every school in every term with a return."""
    question = table.form.question(field)
    terms = table.terms
    rows = tuple(
        FieldRow(
            facts.school.urn, facts.school.name,
            tuple(_cell(table, key, field, facts.school.urn, question) for key in terms),
        )
        for facts in table.schools
    )  # fmt: skip
    breaks = []
    for newer, older in pairwise(terms):
        names, why = compared_names(table, newer, older, field)
        if why or not names:
            breaks.append(f"{term_words(older)} to {term_words(newer)}: {why}")
    return FieldHistory(field, full_label(table.form, field), terms, rows, tuple(breaks))


def formula_words(table: TrustTable, key: TermKey, found: Figure) -> str:
    """Return how the trust's figure is made, with its numbers and what is left out."""
    meaning, given = found.meaning, found.given_by
    schools = f"the {given} of {found.asked} schools that gave it"
    if meaning.measure == "percentage":
        parts = [f"Mean of {schools}, weighted by {_label(table.form, meaning.among).lower()}: "
                 f"{found.total_words}."]  # fmt: skip
    else:
        parts = [f"Sum of {schools}: {found.total_words}."]
    if found.rate is not None:
        parts.append(_rate_words(table.form, found))
    if found.not_known_by:
        parts.append(f"{found.not_known_by} said “not known” or “not applicable” and are left out.")
    left = found.asked - given - found.not_known_by
    if left > 0:
        parts.append(f"{left} gave no figure, or did not return; nothing is imputed for them.")
    if found.queried:
        parts.append(f"{found.queried} of the returns have open questions and are counted in.")
    versions = ", ".join(sorted(table.versions(key)))
    parts.append(f"Field {found.field}, form version {versions}.")
    return " ".join(parts)


def answer_words(row: TidyRow, question: Question | None) -> str:
    """Return an answer as it is shown: a number, a choice's label, or why it is missing."""
    if row.missing:
        return f"{GAPS[row.missing]}: {row.reason}"
    if question is not None and question.type == "date":
        return show_day_of(row.value)
    if question is not None and question.choices:
        return ", ".join(question.label_of(name) for name in row.value.split("; "))
    return row.value


def _rate_words(form: Form, found: Figure) -> str:
    rate = found.rate
    if rate is None:
        return ""
    among = _label(form, found.meaning.among).lower()
    formula = f"{rate.count:,.0f} ÷ {rate.among:,.0f} {among} × {rate.per:,}"
    if rate.interval is None:
        return f"Rate: {formula}, not given: too few to mean something."
    method = "Clopper and Pearson" if found.meaning.measure == "share" else "Poisson"
    return (
        f"Rate: {formula} = {number_words(rate.value)}, exact 95 % interval ({method}) "
        f"{rate.words.partition('(')[2].rstrip(')')}, over the schools that gave both."
    )


def _label(form: Form, name: str) -> str:
    question = form.question(name)
    return question.label if question else name


def _cell(table: TrustTable, key: TermKey, field: str, urn: int, question: Question | None) -> str:
    if urn not in table.held.get(key, {}):
        return "–"
    row = table.of(key, field).get(urn)
    if row is None:
        names = [n for n in _older_names(table, key, field) if urn in table.of(key, n)]
        return " + ".join(table.of(key, n)[urn].value or "?" for n in names) or "blank"
    if row.missing:
        return GAPS[row.missing]
    return answer_words(row, question)


def _older_names(table: TrustTable, key: TermKey, field: str) -> tuple[str, ...]:
    if meaning_of(table.form, field).measure == "none" or not table.terms:
        return ()
    return compared_names(table, table.terms[0], key, field)[0]
