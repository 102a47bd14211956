"""Answers to a form as a whole: what is relevant, what is wrong, what is sent.

Their types are in ``answer_types``, the recalculation in ``live``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from odbst_desktop.form_engine.answer_types import (
    GAPS,
    LONGEST_TEXT,
    MOST_ROWS,
    Answers,
    Problem,
    check_types,
    file_parts,
    is_blank,
    is_gap,
    type_fault,
)
from odbst_desktop.form_engine.definition import Form, Question, Repeat, Rule
from odbst_desktop.form_engine.expressions import references
from odbst_desktop.form_engine.live import LiveForm, LiveSetting

__all__ = [
    "GAPS",
    "LONGEST_TEXT",
    "MOST_ROWS",
    "Answers",
    "FormState",
    "Problem",
    "check_types",
    "cleaned",
    "evaluate",
    "file_parts",
    "is_blank",
    "is_gap",
    "problem_words",
    "state_of",
    "type_fault",
]


@dataclass(frozen=True, slots=True)
class FormState:
    """A form as its answers leave it.

    ``hidden`` are the questions of repeats that are not asked in a row, as row from 0 and name;
    ``offered`` the choices that a filter leaves, by row (None outside repeats) and name.
    """

    values: Mapping[str, Any]
    relevant: frozenset[str]
    required: frozenset[str]
    problems: tuple[Problem, ...]
    answered: int
    asked: int
    hidden: frozenset[tuple[int, str]] = frozenset()
    offered: Mapping[tuple[int | None, str], frozenset[str]] = field(default_factory=dict)

    def errors(self) -> tuple[Problem, ...]:
        """Return what has to be mended."""
        return tuple(p for p in self.problems if p.severity == "error")

    def warnings(self) -> tuple[Problem, ...]:
        """Return what has to be explained."""
        return tuple(p for p in self.problems if p.severity == "warning")


def problem_words(form: Form, problem: Problem) -> str:
    """Return a problem with the question it is about, for where the question is not beside it."""
    for question in form.every_question():
        if question.name == problem.field and question.label not in problem.message:
            return f"{question.label}: {problem.message}"
    return problem.message


def evaluate(
    form: Form,
    answers: Answers,
    *,
    previous: Answers | None = None,
    today: date | None = None,
    now: datetime | None = None,
) -> FormState:
    """Return what is relevant, required and wrong in answers of the right types.

    ``previous`` are last time's answers to the same form, for rules that compare.
    """
    return state_of(LiveForm(form, answers, LiveSetting(previous, today, now)))


def cleaned(form: Form, answers: Answers) -> dict[str, Any]:
    """Return the answers as they are signed: relevant ones only, calculations filled in."""
    state = evaluate(form, answers)
    kept = {
        name: value
        for name, value in state.values.items()
        if name in state.relevant and not is_blank(value)
    }
    for name in {row_name for _, row_name in state.hidden}:
        repeat = next(r for r in form.repeats() if any(q.name == name for q in r.items))
        if repeat.name in kept:
            kept[repeat.name] = [
                {n: v for n, v in row.items() if (number, n) not in state.hidden}
                for number, row in enumerate(kept[repeat.name])
            ]
    return kept


def state_of(live: LiveForm) -> FormState:
    """Return a form as its answers leave it at this moment."""
    return _Summary(live).state()


class _Summary:
    """One walk over a live form: nothing is recalculated, everything gathered."""

    def __init__(self, live: LiveForm) -> None:
        self._live = live
        self._values = dict(live.answers)
        self._problems: list[Problem] = []
        self._required: set[str] = set()
        self._hidden: set[tuple[int, str]] = set()
        self._offered: dict[tuple[int | None, str], frozenset[str]] = {}
        self._answered = self._asked = 0

    def state(self) -> FormState:
        live = self._live
        relevant = {name for name in live.plan.groups if live.is_relevant(name)}
        for name, entry in live.plan.entries.items():
            if entry.repeat or not live.is_relevant(name):
                continue
            relevant.add(name)
            if isinstance(entry.item, Repeat):
                self._rows(entry.item)
            else:
                self._ask(entry.item)
        for key, planned in live.plan.rules.items():
            if live.rule_verdict(key) is False:
                self._problems.append(self._broken(planned.rule))
        return FormState(
            self._values, frozenset(relevant), frozenset(self._required), tuple(self._problems),
            self._answered, self._asked, frozenset(self._hidden), self._offered,
        )  # fmt: skip

    def _ask(self, question: Question) -> None:
        if question.calculation:
            self._values[question.name] = self._live.value(question.name)
        if not question.is_asked:
            return
        value = self._values.get(question.name)
        if self._live.is_required(question):
            self._required.add(question.name)
            self._asked += 1
            self._answered += not is_blank(value)
        self._problems += self._faults(question, value, None)

    def _rows(self, repeat: Repeat) -> None:
        rows = self._live.rows(repeat)
        if rows or repeat.name in self._values:
            self._values[repeat.name] = rows
        for number, row in enumerate(rows):
            for question in repeat.items:
                if not self._live.is_relevant(question.name, number):
                    self._hidden.add((number, question.name))
                elif question.is_asked:
                    self._problems += self._faults(question, row.get(question.name), number)

    def _faults(self, question: Question, value: Any, row: int | None) -> Iterator[Problem]:
        offered = self._live.offered(question, row)
        if offered is not None:
            self._offered[row, question.name] = offered
        if is_gap(value):
            if words := type_fault(question, value):
                yield Problem(question.name, row, "error", "type", words)
            elif not value["reason"].strip():
                words = f"Say why “{question.label}” is not given."
                yield Problem(question.name, row, "error", "reason", words)
            return
        if is_blank(value):
            if self._live.is_required(question, row):
                words = question.required_message or f"“{question.label}” is not answered yet."
                yield Problem(question.name, row, "error", "required", words)
            return
        # A list that only the vault knows may not be filled in here.
        if (question.choices or not question.list_name) and (words := type_fault(question, value)):
            yield Problem(question.name, row, "error", "type", words)
            return
        if self._live.is_wrong(question, row):
            words = question.constraint_message or f"“{question.label}” cannot be like that."
            yield Problem(question.name, row, "error", "constraint", words)
        if (
            offered is not None
            and not set(value if isinstance(value, list) else [value]) <= offered
        ):
            words = "This choice is no longer offered, because another answer was changed."
            yield Problem(question.name, row, "error", "choice", words)

    def _broken(self, rule: Rule) -> Problem:
        looked_at = references(rule.left)
        entries = self._live.plan.entries.items()
        names = [name for name, entry in entries if name in looked_at and not entry.repeat]
        return Problem(names[0] if names else "", None, rule.severity, rule.id, rule.message)
