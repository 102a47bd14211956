"""The fields of a return as a spreadsheet: true numbers, for the school and the trust."""

from __future__ import annotations

from collections.abc import Iterator

from odbst_desktop.form_engine.answers import GAPS, is_blank, is_gap
from odbst_desktop.form_engine.definition import Group, Question
from odbst_desktop.reports.form_paper import answer_words
from odbst_desktop.returns.drafting import Return, ReturnId
from odbst_desktop.returns.governors_term import governors_term
from odbst_desktop.returns.shown import Told
from odbst_desktop.spreadsheets.writing import csv_bytes
from odbst_desktop.vault.vault import Vault

COLUMNS = (
    "section", "field", "label", "unit", "this term", "in words", "missing", "reason",
    "where it comes from", "last term", "same term last year", "as told to governors",
)  # fmt: skip


def field_sheet(vault: Vault, made: ReturnId) -> bytes:
    """Return every question of a return with its answer, a row each, as CSV that Excel reads.

    No library of the program writes Excel files; CSV in this form opens there with a click.
    """
    with vault.reading() as session:
        term = governors_term(session, made, vault.today())
    now, rows = term.now, [COLUMNS]
    for section, question in _questions(now):
        answer = now.found.answers.get(question.name)
        value, missing, reason = _value(answer), "", ""
        if is_gap(answer):
            value, missing, reason = "", GAPS[answer["missing"]], answer["reason"]
        is_coded = question.choices and not is_blank(answer) and not missing
        rows.append(
            (section, question.name, question.label, str(question.extras.get("unit", "")), value,
             answer_words(question, answer) if is_coded else "", missing, reason,
             now.found.provenance.get(question.name, ""), _other(term.last_term, question),
             _other(term.last_year, question), now.words.get(question.name, ""))
        )  # fmt: skip
    return csv_bytes((*rows, *_repeated(now)))


def sheet_name(found: Return) -> str:
    """Return the file name to offer."""
    return f"return-fields-{found.year}-{found.term}-true-numbers.csv"


def _repeated(told: Told) -> Iterator[tuple[str, ...]]:
    """Give the rows of tables inside the form, such as next steps, by their number."""
    for repeat in told.form.repeats():
        for number, row in enumerate(told.found.answers.get(repeat.name) or [], start=1):
            for question in repeat.items:
                name = f"{repeat.name}[{number}].{question.name}"
                value = _value(row.get(question.name))
                yield (repeat.label, name, question.label, "", value, *[""] * 7)


def _questions(told: Told) -> list[tuple[str, Question]]:
    found = []
    for item in told.form.items:
        inner = item.items if isinstance(item, Group) else (item,)
        label = item.label if isinstance(item, Group) else ""
        found += [(label, each) for each in inner if isinstance(each, Question) and each.is_asked]
    return found


def _other(told: Told | None, question: Question) -> str:
    answer = None if told is None else told.found.answers.get(question.name)
    return GAPS[answer["missing"]] if is_gap(answer) and answer else _value(answer)


def _value(answer: object) -> str:
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return ", ".join(map(str, answer)) if isinstance(answer, list) else str(answer)
