"""What a form holds before anything is typed, and words that quote answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from odbst_desktop.form_engine.answer_types import is_blank, type_fault
from odbst_desktop.form_engine.definition import Form, Question
from odbst_desktop.form_engine.errors import ExpressionError
from odbst_desktop.form_engine.expressions import REFERENCE, Scope, plain_value, value_in


def starting_answers(
    form: Form, *, today: date | None = None, now: datetime | None = None
) -> dict[str, Any]:
    """Return the defaults of a form's questions; one that reads as an expression is reckoned."""
    scope = Scope({}, today=today, now=now, tables=form.tables)
    given = {q.name: _default(q, scope) for q in form.questions() if q.default and q.is_asked}
    return {name: value for name, value in given.items() if not is_blank(value)}


def starting_row(questions: tuple[Question, ...], today: date | None = None) -> dict[str, Any]:
    """Return the defaults of a new row of a repeat."""
    scope = Scope({}, today=today)
    given = {q.name: _default(q, scope) for q in questions if q.default and q.is_asked}
    return {name: value for name, value in given.items() if not is_blank(value)}


def _default(question: Question, scope: Scope) -> Any:
    value: Any = question.default
    if "(" in question.default or "${" in question.default:
        try:
            value = plain_value(value_in(question.default, scope))
        except ExpressionError:
            value = question.default  # words with a bracket in them
    typed = _as_type(question, value)
    return None if type_fault(question, typed) else typed


def _as_type(question: Question, value: Any) -> Any:
    if question.type in {"select_multiple", "rank"}:
        return str(value).split() if value else None
    if question.type in {"integer", "decimal", "range"} and isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return None
        return int(number) if number.is_integer() else number
    if question.type == "acknowledge":
        return str(value).lower() in {"ok", "true", "yes"} or None
    return str(value) if question.type == "text" and value is not None else value


def quoting(
    text: str, form: Form, values: Mapping[str, Any], words: Callable[[Question, Any], str]
) -> str:
    """Return a label with the answers it quotes as ``${name}`` in place."""
    if "${" not in text:
        return text
    known = {question.name: question for question in form.questions()}

    def answer(found: Any) -> str:
        question = known.get(found[1])
        value = values.get(found[1])
        return "…" if question is None or is_blank(value) else words(question, value)

    return REFERENCE.sub(answer, text)
