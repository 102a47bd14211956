"""Answers to a form: their types, what is relevant, what is wrong, what is sent.

Answers map a question's name to its value: text, a whole number, a decimal, ``YYYY-MM-DD``,
``HH:MM``, a choice's name, a list of them, True, or rows as a list of such maps. A blank is absent
or None. ``{"missing": "not_known" | "not_applicable", "reason": text}`` is a stated gap: never
nought, never summed.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias, TypeGuard

from odbst_desktop.form_engine.definition import (
    Form,
    Group,
    Item,
    Question,
    Repeat,
    Rule,
    Severity,
)
from odbst_desktop.form_engine.expressions import day_number, holds, references, value_of

Answers: TypeAlias = Mapping[str, Any]
GAPS = {"not_known": "Not known", "not_applicable": "Not applicable"}
LONGEST_TEXT = 10_000
MOST_ROWS = 500
_LARGEST = 10**9
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend, to explain or to ask; ``row`` counts from 0 inside a repeat."""

    field: str
    row: int | None
    severity: Severity
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class FormState:
    """A form as its answers leave it."""

    values: Mapping[str, Any]
    relevant: frozenset[str]
    required: frozenset[str]
    problems: tuple[Problem, ...]
    answered: int
    asked: int

    def errors(self) -> tuple[Problem, ...]:
        """Return what has to be mended."""
        return tuple(p for p in self.problems if p.severity == "error")

    def warnings(self) -> tuple[Problem, ...]:
        """Return what has to be explained."""
        return tuple(p for p in self.problems if p.severity == "warning")


def is_gap(value: Any) -> TypeGuard[dict[str, Any]]:
    """Say whether a value is a stated gap."""
    return isinstance(value, dict)


def is_blank(value: Any) -> bool:
    """Say whether nothing was answered."""
    return value is None or value is False or value in ("", [])


def problem_words(form: Form, problem: Problem) -> str:
    """Return a problem with the question it is about, for where the question is not beside it."""
    rows = (question for repeat in form.repeats() for question in repeat.items)
    for question in (*form.questions(), *rows):
        if question.name == problem.field and question.label not in problem.message:
            return f"{question.label}: {problem.message}"
    return problem.message


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


_FAULTS = {
    "text": _text_fault, "integer": _integer_fault, "decimal": _decimal_fault, "date": _date_fault,
    "time": _time_fault, "select_one": _choice_fault, "select_multiple": _choices_fault,
    "acknowledge": _acknowledge_fault, "note": _no_fault, "calculate": _no_fault,
}  # fmt: skip


def evaluate(
    form: Form, answers: Answers, *, previous: Answers | None = None, today: date | None = None
) -> FormState:
    """Return what is relevant, required and wrong in answers of the right types.

    ``previous`` are last time's answers to the same form, for rules that compare.
    """
    return _Evaluation(form, answers, previous or {}, today).state()


def cleaned(form: Form, answers: Answers) -> dict[str, Any]:
    """Return the answers as they are signed: relevant ones only, calculations filled in."""
    state = evaluate(form, answers)
    return {
        name: value
        for name, value in state.values.items()
        if name in state.relevant and not is_blank(value)
    }


class _Evaluation:
    """One pass over a form, group by group."""

    def __init__(self, form: Form, answers: Answers, previous: Answers, today: date | None) -> None:
        self._form, self._answers, self._today = form, answers, today
        self._values = dict(answers)
        self._variables = {q.name: _operand(q, answers.get(q.name)) for q in form.questions()}
        self._before = {
            f"previous-{q.name}": _operand(q, previous.get(q.name)) for q in form.questions()
        }
        self._relevant: set[str] = set()
        self._required: set[str] = set()
        self._problems: list[Problem] = []
        self._answered = self._asked = 0

    def state(self) -> FormState:
        self._pass(self._form.items, is_open=True)
        for rule in self._form.rules:
            self._judge(rule)
        return FormState(
            self._values, frozenset(self._relevant), frozenset(self._required),
            tuple(self._problems), self._answered, self._asked,
        )  # fmt: skip

    def _known(self) -> Mapping[str, Any]:
        return ChainMap(self._variables, self._before)

    def _pass(self, items: Sequence[Item], *, is_open: bool) -> None:
        for item in items:
            is_relevant = is_open and (
                not item.relevant or holds(item.relevant, self._known(), today=self._today)
            )
            if is_relevant:
                self._relevant.add(item.name)
            if isinstance(item, Group):
                self._pass(item.items, is_open=is_relevant)
            elif isinstance(item, Repeat):
                if is_relevant:
                    self._rows(item)
            elif is_relevant:
                self._ask(item)
            else:
                # What is not asked does not count in any sum.
                self._variables[item.name] = ""

    def _ask(self, question: Question) -> None:
        if question.calculation:
            value = value_of(question.calculation, self._known(), today=self._today)
            self._values[question.name] = _plain(value)
            self._variables[question.name] = "" if value is None else value
        if question.is_asked:
            variables = self._known()
            self._count(question, self._values.get(question.name), variables)
            self._problems += self._faults(question, self._values, variables, None)

    def _count(self, question: Question, value: Any, variables: Answers) -> None:
        if question.required and holds(question.required, variables, today=self._today):
            self._required.add(question.name)
            self._asked += 1
            self._answered += not is_blank(value)

    def _rows(self, repeat: Repeat) -> None:
        for number, row in enumerate(self._answers.get(repeat.name) or []):
            own = {q.name: _operand(q, row.get(q.name)) for q in repeat.items}
            variables = ChainMap(own, self._variables, self._before)
            for question in repeat.items:
                if question.is_asked and (
                    not question.relevant or holds(question.relevant, variables, today=self._today)
                ):
                    self._problems += self._faults(question, row, variables, number)

    def _faults(
        self, question: Question, values: Answers, variables: Answers, row: int | None
    ) -> Iterator[Problem]:
        value = values.get(question.name)
        if is_gap(value):
            if not str(value["reason"]).strip():
                words = f"Say why “{question.label}” is not given."
                yield Problem(question.name, row, "error", "reason", words)
            return
        if is_blank(value):
            if question.required and holds(question.required, variables, today=self._today):
                words = question.required_message or f"“{question.label}” is not answered yet."
                yield Problem(question.name, row, "error", "required", words)
            return
        own = variables[question.name]
        # A constraint whose operands are blank has no value: it is not judged.
        if question.constraint and value_of(
            question.constraint, variables, own=own, today=self._today
        ) not in (True, None):
            words = question.constraint_message or f"“{question.label}” cannot be like that."
            yield Problem(question.name, row, "error", "constraint", words)

    def _judge(self, rule: Rule) -> None:
        variables = self._known()
        if any(variables.get(n, "") == "" for n in references(rule.left) | references(rule.right)):
            return
        if rule.when and not holds(rule.when, variables, today=self._today):
            return
        comparison = f"({rule.left}) {rule.operator} ({rule.right})"
        verdict = value_of(comparison, variables, today=self._today)
        if verdict is False:
            names = [n for n in self._variables if n in references(rule.left)]
            field = names[0] if names else ""
            self._problems.append(Problem(field, None, rule.severity, rule.id, rule.message))


def _operand(question: Question, value: Any) -> Any:
    """Return a value as expressions see it."""
    if is_gap(value) or value is None:
        return ""
    if question.type in {"integer", "decimal"}:
        return float(value) if _is_number(value, (int, float)) else ""
    if question.type == "date":
        return "" if _date_fault(question, value) else day_number(value)
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return value


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
