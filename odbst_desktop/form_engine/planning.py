"""Which parts of a form follow from which: the order in which a change is carried through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Literal, NamedTuple, TypeAlias

from odbst_desktop.form_engine.definition import Form, Group, Item, Question, Repeat, Rule
from odbst_desktop.form_engine.expressions import references

Kind: TypeAlias = Literal["relevant", "value", "required", "verdict", "choices", "rule"]
ALWAYS = frozenset({"true()", "yes", "true"})


class Cell(NamedTuple):
    """One thing that is reckoned: of a question, of all rows of one in a repeat, or of a rule."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A question or repeat in its place: its repeat, and the cells that say whether it is asked."""

    item: Question | Repeat
    repeat: str
    gate: Cell | None


@dataclass(frozen=True, slots=True)
class RulePlan:
    """A rule with what it compares, as one expression, and the questions it looks at."""

    rule: Rule
    comparison: str
    looked_at: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """The cells of a form in an order in which each comes after what it follows from.

    ``followers`` are the cells that look at a cell. ``entries`` are the questions and repeats by
    name; ``groups`` gives each group its gate.
    """

    form: Form
    entries: Mapping[str, Entry]
    groups: Mapping[str, Cell | None]
    conditions: Mapping[str, tuple[str, str, Cell | None]]
    rules: Mapping[str, RulePlan]
    place: Mapping[Cell, int]
    followers: Mapping[Cell, tuple[Cell, ...]]


class CircularFormError(ValueError):
    """Some cells follow from themselves; ``cells`` are they, in order."""

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        super().__init__(" → ".join(cell.name for cell in cells))
        self.cells = cells


@lru_cache(maxsize=64)
def plan_of(form: Form) -> Plan:
    """Return the plan of a form; raises CircularFormError."""
    return _Planner(form).plan()


class _Planner:
    def __init__(self, form: Form) -> None:
        self._form = form
        self._inputs: dict[Cell, set[Cell]] = {}
        self._entries: dict[str, Entry] = {}
        self._groups: dict[str, Cell | None] = {}
        self._conditions: dict[str, tuple[str, str, Cell | None]] = {}

    def plan(self) -> Plan:
        self._walk(self._form.items, None)
        self._known = set(self._entries)
        for name, entry in self._entries.items():
            self._cells_of(name, entry)
        for name, (text, repeat, gate) in self._conditions.items():
            self._add(Cell("relevant", name), text, gate, repeat)
        rules = {f"{number} {rule.id}": rule for number, rule in enumerate(self._form.rules)}
        for key, rule in rules.items():
            self._add(Cell("rule", key), (rule.left, rule.right, rule.when))
        order = self._order()
        followers: dict[Cell, list[Cell]] = defaultdict(list)
        for cell in order:
            for source in self._inputs.get(cell, ()):
                followers[source].append(cell)
        return Plan(
            self._form, self._entries, self._groups, self._conditions,
            {key: _planned(rule) for key, rule in rules.items()},
            {cell: place for place, cell in enumerate(order)},
            {cell: tuple(users) for cell, users in followers.items()},
        )  # fmt: skip

    def _walk(self, items: tuple[Item, ...], gate: Cell | None) -> None:
        for item in items:
            own = self._gate(item, gate, "")
            if isinstance(item, Group):
                self._groups[item.name] = own
                self._walk(item.items, own)
                continue
            self._entries[item.name] = Entry(item, "", own)
            if isinstance(item, Repeat):
                for inner in item.items:
                    self._entries[inner.name] = Entry(
                        inner, item.name, self._gate(inner, own, item.name)
                    )

    def _gate(self, item: Item, outer: Cell | None, repeat: str) -> Cell | None:
        if not item.relevant:
            return outer
        self._conditions[item.name] = (item.relevant, repeat, outer)
        return Cell("relevant", item.name)

    def _cells_of(self, name: str, entry: Entry) -> None:
        item = entry.item
        if isinstance(item, Repeat):
            self._add(Cell("value", name), item.count, entry.gate)
            return
        self._add(Cell("value", name), item.calculation, entry.gate, entry.repeat)
        own = Cell("value", name)
        if item.required and item.required not in ALWAYS:
            self._add(Cell("required", name), item.required, own, entry.repeat)
        if item.constraint:
            self._add(Cell("verdict", name), item.constraint, own, entry.repeat)
        if item.choice_filter:
            self._add(Cell("choices", name), item.choice_filter, None, entry.repeat)

    def _add(
        self, cell: Cell, texts: str | tuple[str, ...], gate: Cell | None = None, repeat: str = ""
    ) -> None:
        inputs = {gate} if gate is not None else set()
        if repeat:
            inputs.add(Cell("value", repeat))
        for text in (texts,) if isinstance(texts, str) else texts:
            inputs |= {Cell("value", name) for name in references(text) if name in self._known}
        self._inputs[cell] = inputs

    def _order(self) -> list[Cell]:
        try:
            # Sorted, so that the same form always gives the same order and the same fault.
            graph = {cell: sorted(inputs) for cell, inputs in self._inputs.items()}
            return list(TopologicalSorter(graph).static_order())
        except CycleError as fault:
            cells: tuple[Cell, ...] = tuple(reversed(fault.args[1]))
            raise CircularFormError(cells) from fault


def _planned(rule: Rule) -> RulePlan:
    comparison = f"({rule.left}) {rule.operator} ({rule.right})"
    return RulePlan(rule, comparison, references(rule.left) | references(rule.right))


def walk_groups(items: tuple[Item, ...]) -> Iterator[Group]:
    """Return the groups of a form at every depth, in order."""
    for item in items:
        if isinstance(item, Group):
            yield item
            yield from walk_groups(item.items)
