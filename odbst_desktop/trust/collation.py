"""All returns as one tidy table: a row for each school, term and field.

``tidy_rows`` is the one function from a return that passed every check to rows of the table. It
needs neither vault nor window, so that the same function runs over a folder of packages. What it
reads is ``answers``, never the PDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from odbst_desktop.exchange.bodies import TermlyReturn
from odbst_desktop.exchange.checking import DEMONSTRATION
from odbst_desktop.form_engine.answers import is_blank, is_gap
from odbst_desktop.form_engine.definition import Form, Question, Repeat
from odbst_desktop.spreadsheets.writing import csv_bytes


class TidyRow(NamedTuple):
    """One field of one return; ``number`` is None where the value is no number or not given.

    ``package`` is the SHA-256 of the payload that said so. ``school`` is the name that the package
    gives; the register's may be newer.
    """

    urn: int
    school: str
    academic_year: str
    term: str
    revision: int
    form_version: str
    section: str
    field: str
    label: str
    unit: str
    value: str
    number: float | None
    missing: str
    reason: str
    provenance: str
    package: str


COLUMNS = TidyRow._fields


@dataclass(frozen=True, slots=True)
class VerifiedReturn:
    """A termly return whose package passed every check, and nothing besides."""

    urn: int
    school: str
    revision: int
    payload_sha256: str
    body: TermlyReturn


class _Field(NamedTuple):
    section: str
    name: str
    label: str
    unit: str


def tidy_rows(verified: VerifiedReturn, form: Form) -> Iterator[TidyRow]:
    """Give the rows of a return, in the order of the form it was filled in on.

    A blank gives no row. *Not known* gives a row without a value, with its reason. Each row of a
    repeat gives a row a question, its field ``repeat.number.question``.
    """
    body = verified.body
    before = (
        verified.urn, verified.school.removeprefix(DEMONSTRATION).strip(), body.academic_year,
        body.term, verified.revision, body.form.version,
    )  # fmt: skip
    for field, inner in _fields_of(form):
        answer = body.answers.get(field.name)
        how = body.provenance.get(field.name, "typed")
        if inner:
            for number, row in enumerate(answer if isinstance(answer, list) else (), start=1):
                for each in inner:
                    if not is_blank(row.get(each.name)):
                        name = f"{field.name}.{number}.{each.name}"
                        shown = each._replace(name=name)
                        yield _row(before, shown, row[each.name], how, verified.payload_sha256)
        elif not is_blank(answer):
            yield _row(before, field, answer, how, verified.payload_sha256)


def collate(returns: Iterable[VerifiedReturn], forms: Mapping[str, Form]) -> Iterator[TidyRow]:
    """Give the rows of many returns; ``forms`` are the definitions by the version they are of."""
    for verified in returns:
        yield from tidy_rows(verified, forms[verified.body.form.version])


def collated_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """Return rows as CSV for a spreadsheet, with the names of the columns."""
    words = (("" if cell is None else str(cell) for cell in row) for row in rows)
    return csv_bytes((COLUMNS, *words))


def _row(
    before: tuple[int, str, str, str, int, str], field: _Field, answer: Any, how: str, package: str
) -> TidyRow:
    if is_gap(answer):
        value, number, missing, reason = "", None, answer["missing"], answer["reason"]
    else:
        value, missing, reason = _words(answer), "", ""
        is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
        number = float(answer) if is_number else None
    return TidyRow(*before, *field, value, number, missing, reason, how, package)


def _words(answer: Any) -> str:
    return "; ".join(map(str, answer)) if isinstance(answer, list) else str(answer)


@lru_cache(maxsize=16)
def _fields_of(form: Form) -> tuple[tuple[_Field, tuple[_Field, ...]], ...]:
    """Return a form's fields in order, each with the fields inside it if it is a repeat."""
    found: list[tuple[_Field, tuple[_Field, ...]]] = []
    for item in form.items:
        inner = getattr(item, "items", ()) if not isinstance(item, Repeat) else (item,)
        for each in inner or (item,):
            if isinstance(each, Repeat):
                parts = tuple(_field(item.label, question) for question in each.items)
                found.append((_Field(item.label, each.name, each.label, ""), parts))
            elif isinstance(each, Question) and each.type != "note":
                found.append((_field(item.label, each), ()))
    return tuple(found)


def _field(section: str, question: Question) -> _Field:
    return _Field(section, question.name, question.label, str(question.extras.get("unit", "")))
