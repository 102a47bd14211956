"""How a form stands: what is asked, missing and wrong, gathered anew only where it changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from odbst_desktop.form_engine.answer_types import Problem, is_blank, is_gap, type_fault
from odbst_desktop.form_engine.definition import Question, Repeat, Rule
from odbst_desktop.form_engine.expressions import references
from odbst_desktop.form_engine.live import LiveForm


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

    def without(self, explained: frozenset[str]) -> FormState:
        """Return the state without the warnings of rules that were explained: those are settled."""
        if not explained:
            return self
        left = (p for p in self.problems if p.severity != "warning" or p.rule not in explained)
        return replace(self, problems=tuple(left))

    def warnings(self) -> tuple[Problem, ...]:
        """Return what has to be explained."""
        return tuple(p for p in self.problems if p.severity == "warning")


class Standing:
    """The standing of one live form: after a change, ``state`` looks at what the change touched."""

    def __init__(self, live: LiveForm) -> None:
        self._live = live
        self._asked_names = [name for name, entry in live.plan.entries.items() if not entry.repeat]
        self._made: dict[str, Any] = {}
        self._relevant: set[str] = set()
        self._required: set[str] = set()
        self._answered: set[str] = set()
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._hidden: dict[str, frozenset[tuple[int, str]]] = {}
        self._offered: dict[str, Mapping[tuple[int | None, str], frozenset[str]]] = {}
        self._broken: dict[str, Problem] = {}
        live.touched |= {*self._asked_names, *live.plan.rules}

    def state(self) -> FormState:
        """Return the form as its answers leave it at this moment."""
        live = self._live
        for name in live.touched:
            if name in live.plan.rules:
                self._judge_rule(name)
            elif name in live.plan.entries:
                self._look_at(name)
        live.touched.clear()
        groups = {name for name in live.plan.groups if live.is_relevant(name)}
        problems = [p for name in self._asked_names for p in self._problems.get(name, ())]
        problems += [self._broken[key] for key in live.plan.rules if key in self._broken]
        return FormState(
            {**live.answers, **self._made}, frozenset(groups | self._relevant),
            frozenset(self._required), tuple(problems), len(self._answered), len(self._required),
            frozenset().union(*self._hidden.values()),
            {place: names for kept in self._offered.values() for place, names in kept.items()},
        )  # fmt: skip

    def _judge_rule(self, key: str) -> None:
        self._broken.pop(key, None)
        if self._live.rule_verdict(key) is False:
            self._broken[key] = self._problem_of(self._live.plan.rules[key].rule)

    def _look_at(self, name: str) -> None:
        """Look at one question or repeat anew."""
        for kept in (self._made, self._problems, self._hidden, self._offered):
            kept.pop(name, None)
        for names in (self._relevant, self._required, self._answered):
            names.discard(name)
        if not self._live.is_relevant(name):
            return
        self._relevant.add(name)
        item = self._live.plan.entries[name].item
        if isinstance(item, Repeat):
            self._look_at_rows(item)
        else:
            self._look_at_question(item)

    def _look_at_question(self, question: Question) -> None:
        name = question.name
        value = self._live.answers.get(name)
        if question.calculation:
            value = self._made[name] = self._live.value(name)
        if not question.is_asked:
            return
        if self._live.is_required(question):
            self._required.add(name)
            if not is_blank(value):
                self._answered.add(name)
        if problems := tuple(self._faults(question, value, None)):
            self._problems[name] = problems
        if (offered := self._live.offered(question)) is not None:
            self._offered[name] = {(None, name): offered}

    def _look_at_rows(self, repeat: Repeat) -> None:
        live, rows = self._live, self._live.rows(repeat)
        if rows or repeat.name in live.answers:
            self._made[repeat.name] = rows
        hidden: set[tuple[int, str]] = set()
        offered: dict[tuple[int | None, str], frozenset[str]] = {}
        problems: list[Problem] = []
        for number, row in enumerate(rows):
            for question in repeat.items:
                if not live.is_relevant(question.name, number):
                    hidden.add((number, question.name))
                elif question.is_asked:
                    problems += self._faults(question, row.get(question.name), number)
                    left = live.offered(question, number)
                    if left is not None:
                        offered[number, question.name] = left
        self._hidden[repeat.name] = frozenset(hidden)
        self._offered[repeat.name] = offered
        self._problems[repeat.name] = tuple(problems)

    def _faults(self, question: Question, value: Any, row: int | None) -> Iterator[Problem]:
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
        offered = self._live.offered(question, row)
        if (
            offered is not None
            and not set(value if isinstance(value, list) else [value]) <= offered
        ):
            words = "This choice is no longer offered, because another answer was changed."
            yield Problem(question.name, row, "error", "choice", words)

    def _problem_of(self, rule: Rule) -> Problem:
        looked_at = references(rule.left)
        first = next((name for name in self._asked_names if name in looked_at), "")
        return Problem(first, None, rule.severity, rule.id, rule.message)
