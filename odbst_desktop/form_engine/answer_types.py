"""The types of answers: what can stand at all, and what an expression sees of it.

Answers map a question's name to its value: text, a whole number, a decimal, ``YYYY-MM-DD``,
``HH:MM``, a choice's name, a list of them (in order for a rank), True, a file kept in the vault as
``document-id/its name``, or rows as a list of such maps. A blank is absent or None. ``{"missing":
"not_known" | "not_applicable", "reason": text}`` is a stated gap: never nought, never summed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias, TypeGuard

from odbst_desktop.form_engine.definition import Form, Question, Repeat, Severity
from odbst_desktop.form_engine.odk_values import clock_of, day_of

Answers: TypeAlias = Mapping[str, Any]
GAPS = {"not_known": "Not known", "not_applicable": "Not applicable"}
LONGEST_TEXT = 10_000
MOST_ROWS = 500
_LARGEST = 10**9
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_FILE = re.compile(r"[0-9A-Za-z-]{1,80}/[^/\\\x00-\x1f]{1,200}")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend, to explain or to ask; ``row`` counts from 0 inside a repeat."""

    field: str
    row: int | None
    severity: Severity
    rule: str
    message: str


def is_gap(value: Any) -> TypeGuard[dict[str, Any]]:
    """Say whether a value is a stated gap."""
    return isinstance(value, dict)


def is_blank(value: Any) -> bool:
    """Say whether nothing was answered."""
    return value is None or value is False or value in ("", [])


def check_types(form: Form, answers: Answers) -> tuple[Problem, ...]:
    """Return what cannot stand in these answers whatever the form's rules say."""
    questions = {q.name: q for q in form.questions()}
    repeats = {r.name: r for r in form.repeats()}
    found: list[Problem] = []
    for name, value in answers.items():
        if name in repeats:
            found += _row_problems(repeats[name], value)
        elif name not in questions:
            found.append(Problem(name, None, "error", "unknown", "The form does not ask this."))
        elif message := type_fault(questions[name], value):
            found.append(Problem(name, None, "error", "type", message))
    return tuple(found)


def _row_problems(repeat: Repeat, rows: Any) -> Iterator[Problem]:
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        yield Problem(repeat.name, None, "error", "type", "It has to be a list of rows.")
        return
    questions = {q.name: q for q in repeat.items}
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            yield Problem(repeat.name, number, "error", "type", "It has to be a row of answers.")
            continue
        for name, value in row.items():
            if name not in questions:
                yield Problem(name, number, "error", "unknown", "The form does not ask this.")
            elif message := type_fault(questions[name], value):
                yield Problem(name, number, "error", "type", message)


def type_fault(question: Question, value: Any) -> str:
    """Return what is wrong with a value's type in a sentence, or nothing."""
    if value is None:
        return ""
    if is_gap(value):
        return _gap_fault(value)
    return _FAULTS[question.type](question, value)


def _gap_fault(value: dict[str, Any]) -> str:
    is_right = (
        set(value) == {"missing", "reason"}
        and value["missing"] in GAPS
        and isinstance(value["reason"], str)
        and len(value["reason"]) <= LONGEST_TEXT
    )
    return "" if is_right else "It is neither an answer nor “not known” with a reason."


def _is_number(value: Any, kinds: type | tuple[type, ...]) -> bool:
    is_kind = isinstance(value, kinds) and not isinstance(value, bool)
    return is_kind and abs(value) <= _LARGEST and value == value  # noqa: PLR0124 - not NaN


def _text_fault(_question: Question, value: Any) -> str:
    is_right = isinstance(value, str) and len(value) <= LONGEST_TEXT
    return "" if is_right else f"It has to be text of at most {LONGEST_TEXT:,} characters."


def _integer_fault(_question: Question, value: Any) -> str:
    return "" if _is_number(value, int) else "It has to be a whole number, such as 12."


def _decimal_fault(_question: Question, value: Any) -> str:
    return "" if _is_number(value, (int, float)) else "It has to be a number, such as 94.5."


def _date_fault(_question: Question, value: Any) -> str:
    try:
        is_right = isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        is_right = False
    return "" if is_right else "It has to be a date, such as 24 Nov 2026."


def _time_fault(_question: Question, value: Any) -> str:
    is_right = isinstance(value, str) and _TIME.fullmatch(value)
    return "" if is_right else "It has to be a time, such as 15:30."


def _choice_fault(question: Question, value: Any) -> str:
    is_right = value in {choice.name for choice in question.choices} if isinstance(value, str) \
        else False  # fmt: skip
    return "" if is_right else "It has to be one of the choices."


def _choices_fault(question: Question, value: Any) -> str:
    names = {choice.name for choice in question.choices}
    is_right = isinstance(value, list) and all(isinstance(v, str) and v in names for v in value)
    return "" if is_right and len(set(value)) == len(value) else "It has to be some of the choices."


def _acknowledge_fault(_question: Question, value: Any) -> str:
    return "" if isinstance(value, bool) else "It has to be ticked or not."


def _no_fault(_question: Question, _value: Any) -> str:
    return ""


def _range_fault(question: Question, value: Any) -> str:
    if not _is_number(value, (int, float)):
        return "It has to be a number, such as 4."
    start, end, step = range_of(question)
    steps = (value - start) / step
    if start <= value <= end and abs(steps - round(steps)) < _NEARLY:
        return ""
    return f"It has to lie between {start:g} and {end:g}, in steps of {step:g}."


def range_of(question: Question) -> tuple[float, float, float]:
    """Return start, end and step of a range; XLSForm's own are 0, 10 and 1."""
    start, end, step = (
        float(question.parameters.get(name, usual))
        for name, usual in (("start", "0"), ("end", "10"), ("step", "1"))
    )
    return min(start, end), max(start, end), abs(step) or 1.0


def _file_fault(_question: Question, value: Any) -> str:
    is_right = isinstance(value, str) and _FILE.fullmatch(value)
    return "" if is_right else "It has to be a file that was added here."


def file_parts(value: str) -> tuple[str, str]:
    """Return the id of the document and the file's name of a file that was answered."""
    document, _, name = value.partition("/")
    return document, name


_NEARLY = 1e-6
_FAULTS = {
    "text": _text_fault, "integer": _integer_fault, "decimal": _decimal_fault, "date": _date_fault,
    "time": _time_fault, "select_one": _choice_fault, "select_multiple": _choices_fault,
    "rank": _choices_fault, "range": _range_fault, "file": _file_fault,
    "acknowledge": _acknowledge_fault, "note": _no_fault, "calculate": _no_fault,
}  # fmt: skip


def operand_of(question: Question, value: Any) -> Any:
    """Return a value as expressions see it; a blank for a gap or a value of the wrong type."""
    if value is None or is_gap(value):
        return ""
    maker = _OPERANDS.get(question.type)
    if maker is not None:
        return "" if _FAULTS[question.type](question, value) else maker(value)
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return value if isinstance(value, (str, bool)) else str(value)


_OPERANDS: dict[str, Callable[[Any], Any]] = {
    "integer": float, "decimal": float, "range": float, "time": clock_of,
    "date": lambda value: day_of(date.fromisoformat(value)),
    "acknowledge": lambda value: "OK" if value else "",
}  # fmt: skip
