"""A form while it is filled in: a change recalculates what follows from it, and nothing else."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from odbst_desktop.form_engine.answer_types import Answers, operand_of
from odbst_desktop.form_engine.definition import Form, Question, Repeat
from odbst_desktop.form_engine.expressions import (
    Scope,
    holds_in,
    plain_value,
    references,
    rows_that_hold,
    value_in,
)
from odbst_desktop.form_engine.odk_values import number_of, truth_of
from odbst_desktop.form_engine.planning import ALWAYS, Cell, Entry, Plan, plan_of

MOST_CALCULATED_ROWS = 500


@dataclass(frozen=True, slots=True)
class LiveSetting:
    """What a form looks at beside its own answers."""

    previous: Answers | None = None
    today: date | None = None
    now: datetime | None = None


class LiveForm:
    """The cells of a form with their values; ``change`` carries new answers through.

    ``touched`` gathers the questions, repeats and rules that were reckoned, for ``Standing``.
    """

    def __init__(
        self, form: Form, answers: Answers | None = None, setting: LiveSetting | None = None
    ) -> None:
        self.form = form
        self.plan: Plan = plan_of(form)
        self._setting = setting or LiveSetting()
        questions = form.questions()
        previous = self._setting.previous or {}
        self._previous = {
            q.name: operand_of(q, previous[q.name]) for q in questions if q.name in previous
        }
        self._labels = {q.name: q for q in form.every_question() if q.choices}
        self._answers: dict[str, Any] = {}
        self._operands: dict[str, Any] = {}
        self._cells: dict[Cell, Any] = {}
        self.calculated: dict[str, Any] = {}
        self.recalculated = 0
        self.touched: set[str] = set()
        self._answers = dict(answers or {})
        self._reckon_all()

    @property
    def answers(self) -> Mapping[str, Any]:
        """Return the answers as they were given."""
        return self._answers

    def change(self, answers: Answers) -> None:
        """Take all answers anew; only what differs, and what follows from it, is recalculated."""
        given, before = dict(answers), self._answers
        changed = {
            name
            for name in given.keys() | before.keys()
            if given.get(name) is not before.get(name) and given.get(name) != before.get(name)
        }
        self._answers = given
        self._carry(set().union(*(self._touched(name, before) for name in changed)))

    def answer(self, name: str, value: Any) -> None:
        """Take one answer; of a repeat, its rows."""
        before = self._answers
        self._answers = {**before, name: value}
        self._carry(self._touched(name, before))

    def _touched(self, name: str, before: Answers) -> set[Cell]:
        entry = self.plan.entries.get(name)
        if entry is None or entry.repeat:
            return set()
        cells = {Cell("value", name)}
        if isinstance(entry.item, Repeat):
            old, new = _rows(before.get(name)), _rows(self._answers.get(name))
            cells |= {
                Cell("value", inner.name)
                for inner in entry.item.items
                if [row.get(inner.name) for row in old] != [row.get(inner.name) for row in new]
            }
        return cells

    def _reckon_all(self) -> None:
        # In the plan's order each cell comes after what it follows from: nothing has to wait.
        for cell in self.plan.place:
            value = self._cells[cell] = self._reckon(cell)
            if cell.kind == "value":
                self._operands[cell.name] = value
        self.recalculated = len(self.plan.place)

    def _carry(self, dirty: set[Cell]) -> None:
        place = self.plan.place
        waiting = [(place[cell], cell) for cell in dirty]
        heapq.heapify(waiting)
        self.recalculated = 0
        while waiting:
            _, cell = heapq.heappop(waiting)
            if cell not in dirty:
                continue
            dirty.discard(cell)
            self.recalculated += 1
            self.touched.add(self._repeat_of(cell.name) or cell.name)
            value = self._reckon(cell)
            is_known = cell in self._cells
            before = self._cells.get(cell)
            self._cells[cell] = value
            if cell.kind == "value":
                self._operands[cell.name] = value
            if is_known and type(before) is type(value) and before == value:
                continue
            for follower in self.plan.followers.get(cell, ()):
                if follower not in dirty:
                    dirty.add(follower)
                    heapq.heappush(waiting, (place[follower], follower))

    def is_relevant(self, name: str, row: int | None = None) -> bool:
        """Say whether a question, group or repeat is asked; in a repeat, in which row from 0."""
        entry = self.plan.entries.get(name)
        gate = entry.gate if entry is not None else self.plan.groups.get(name)
        return self._is_open(gate, row)

    def _is_open(self, gate: Cell | None, row: int | None) -> bool:
        if gate is None:
            return True
        value = self._cells[gate]
        if isinstance(value, list):
            return row is not None and row < len(value) and bool(value[row])
        return bool(value)

    def is_required(self, question: Question, row: int | None = None) -> bool:
        """Say whether a question has to be answered."""
        if not question.required or question.required in ALWAYS:
            return bool(question.required)
        return self._in_row(self._cells[Cell("required", question.name)], row) is True

    def is_wrong(self, question: Question, row: int | None = None) -> bool:
        """Say whether an answer breaks its constraint; with a blank operand it is not judged."""
        if not question.constraint:
            return False
        verdict = self._cells.get(Cell("verdict", question.name))
        return self._in_row(verdict, row) is False

    def offered(self, question: Question, row: int | None = None) -> frozenset[str] | None:
        """Return the choices that the filter leaves, or None if all are offered."""
        if not question.choice_filter:
            return None
        found = self._cells.get(Cell("choices", question.name))
        value = self._in_row(found, row)
        return value if isinstance(value, frozenset) else None

    def rule_verdict(self, key: str) -> bool | None:
        """Say whether a rule holds, or None where it is not judged."""
        verdict: bool | None = self._cells[Cell("rule", key)]
        return verdict

    def value(self, name: str) -> Any:
        """Return an answer or a calculated value."""
        return self.calculated.get(name, self._answers.get(name))

    def rows(self, repeat: Repeat) -> list[dict[str, Any]]:
        """Return the rows of a repeat with what is calculated in them."""
        rows = [dict(row) for row in _rows(self._answers.get(repeat.name))]
        count = len(self._operands.get(repeat.name) or [])
        rows = rows[:count] + [{} for _ in range(count - len(rows))]
        for question in repeat.items:
            if question.calculation:
                for row, value in zip(rows, self.calculated.get(question.name, ()), strict=False):
                    row[question.name] = value
        return rows

    @staticmethod
    def _in_row(value: Any, row: int | None) -> Any:
        if isinstance(value, list):
            return value[row] if row is not None and row < len(value) else None
        return value

    def _reckon(self, cell: Cell) -> Any:
        if cell.kind == "rule":
            return self._rule(cell.name)
        if cell.kind == "relevant":
            text, repeat, outer = self.plan.conditions[cell.name]
            if not repeat:
                return self._is_open(outer, None) and holds_in(text, self._scope())
            return [
                self._is_open(outer, number) and holds_in(text, scope)
                for number, scope in enumerate(self._row_scopes(text, repeat))
            ]
        entry = self.plan.entries[cell.name]
        if isinstance(entry.item, Repeat):
            return self._row_numbers(entry.item, entry)
        if entry.repeat:
            return self._column(cell, entry.item, entry)
        return self._single(cell, entry.item, entry)

    def _row_numbers(self, repeat: Repeat, entry: Entry) -> list[float]:
        if not self._is_open(entry.gate, None):
            return []
        count: float = len(_rows(self._answers.get(repeat.name)))
        if repeat.count:
            count = number_of(value_in(repeat.count, self._scope()))
        whole = int(min(max(count, 0), MOST_CALCULATED_ROWS)) if count == count else 0  # noqa: PLR0124
        return [float(number) for number in range(1, whole + 1)]

    def _single(self, cell: Cell, question: Question, entry: Entry) -> Any:
        raw = self._answers.get(question.name)
        if cell.kind == "value":
            if not self._is_open(entry.gate, None):
                # What is not asked does not count in any sum.
                self.calculated.pop(question.name, None)
                return ""
            own = operand_of(question, raw)
            if not question.calculation:
                return own
            value = value_in(question.calculation, self._scope(own))
            self.calculated[question.name] = plain_value(value)
            return "" if value is None else value
        own = self._operands[question.name]
        return self._judged(cell, question, self._scope(own, is_strict=cell.kind == "verdict"))

    def _column(self, cell: Cell, question: Question, entry: Entry) -> list[Any]:
        rows = _rows(self._answers.get(entry.repeat))
        found: list[Any] = []
        if cell.kind == "value":
            scopes = self._row_scopes(question.calculation, entry.repeat)
            plain: list[Any] = []
            for number, scope in enumerate(scopes):
                raw = rows[number].get(question.name) if number < len(rows) else None
                value: Any = (
                    "" if not self._is_open(entry.gate, number) else operand_of(question, raw)
                )
                if question.calculation and self._is_open(entry.gate, number):
                    scope.own = value
                    value = value_in(question.calculation, scope)
                plain.append(plain_value(value))
                found.append("" if value is None else value)
            if question.calculation:
                self.calculated[question.name] = plain
            return found
        column = self._operands[question.name]
        for number, scope in enumerate(self._row_scopes(_text_of(cell, question), entry.repeat)):
            scope.own, scope.is_strict = column[number], cell.kind == "verdict"
            found.append(self._judged(cell, question, scope))
        return found

    def _judged(self, cell: Cell, question: Question, scope: Scope) -> Any:
        if cell.kind == "required":
            return holds_in(question.required, scope)
        if cell.kind == "choices":
            rows = tuple({**c.columns, "name": c.name, "label": c.label} for c in question.choices)
            kept = rows_that_hold(question.choice_filter, rows, scope)
            return frozenset(c.name for c, keep in zip(question.choices, kept, strict=True) if keep)
        if scope.own == "":
            return None
        value = value_in(question.constraint, scope)
        return None if value is None else truth_of(value)

    def _rule(self, key: str) -> bool | None:
        planned = self.plan.rules[key]
        if any(self._operands.get(name, "") == "" for name in planned.looked_at):
            return None
        # Whether it is judged may depend on a blank: “previous('x') != ''” compares with one.
        when = planned.rule.when
        if when and not holds_in(when, self._scope()):
            return None
        value = value_in(planned.comparison, self._scope(is_strict=True))
        return None if value is None else truth_of(value)

    def _label_of(self, question: str, name: str) -> str:
        found = self._labels.get(question)
        return found.label_of(name) if found is not None else name

    def _scope(self, own: Any = "", *, is_strict: bool = False) -> Scope:
        return Scope(
            values=self._operands, own=own, previous=self._previous, today=self._setting.today,
            now=self._setting.now, columns=self._operands, label_of=self._label_of,
            tables=self.form.tables, is_strict=is_strict,
        )  # fmt: skip

    def _row_scopes(self, text: str, repeat: str) -> Iterator[Scope]:
        names = references(text) if text else frozenset()
        mates = {name for name in names if self._repeat_of(name) == repeat}
        outer = {name: self._operands.get(name, "") for name in names - mates}
        for number in range(len(self._operands.get(repeat) or [])):
            own = {name: self._operands[name][number] for name in mates if self._has(name, number)}
            yield Scope(
                values={**outer, **own}, previous=self._previous, today=self._setting.today,
                now=self._setting.now, row=number + 1, columns=self._operands,
                label_of=self._label_of, tables=self.form.tables,
            )  # fmt: skip

    def _repeat_of(self, name: str) -> str:
        entry = self.plan.entries.get(name)
        return entry.repeat if entry is not None else ""

    def _has(self, name: str, number: int) -> bool:
        column = self._operands.get(name)
        return isinstance(column, list) and number < len(column)


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _text_of(cell: Cell, question: Question) -> str:
    texts = {"required": question.required, "verdict": question.constraint,
             "choices": question.choice_filter}  # fmt: skip
    return texts[cell.kind]
