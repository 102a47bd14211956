"""Checks that look across a form: references, cycles, changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from odbst_desktop.form_engine.definition import Form, Item, Question, Repeat
from odbst_desktop.form_engine.expressions import REFERENCE, references
from odbst_desktop.form_engine.origin import Findings
from odbst_desktop.form_engine.planning import CircularFormError, plan_of, walk_groups

_EXPRESSIONS = ("required", "relevant", "constraint", "calculation", "choice_filter")
_WORDS = ("label", "hint", "guidance_hint", "constraint_message", "required_message")


def check_form(form: Form, places: Mapping[str, list[int]], findings: Findings) -> None:
    """Note references to nothing and things that follow from themselves."""
    known = {q.name for q in form.every_question()} | {r.name for r in form.repeats()}
    known |= {group.name for group in walk_groups(form.items)}
    met: Counter[str] = Counter()
    for item in _every(form.items):
        # A name that is used twice stands in two rows.
        rows = places.get(item.name, [])
        row = rows[min(met[item.name], len(rows) - 1)] if rows else 0
        met[item.name] += 1
        for column, looked_at in _looked_at(item):
            for missing in sorted(looked_at - known):
                findings.wrong(f"there is no question “{missing}”", row, column)
    for number, rule in enumerate(form.rules, start=1):
        looked_at = references(rule.left) | references(rule.right) | references(rule.when)
        for missing in sorted(looked_at - known):
            findings.wrong(
                f"rule {rule.id}: there is no question “{missing}”", number, sheet="rules"
            )
    if not findings.faults:
        _check_cycles(form, places, findings)


def _check_cycles(form: Form, places: Mapping[str, list[int]], findings: Findings) -> None:
    try:
        plan_of(form)
    except CircularFormError as fault:
        # The way round begins at the cell that stands first in the form.
        around = fault.cells[:-1]
        at = min(range(len(around)), key=lambda n: (places.get(around[n].name, [0]), around[n]))
        around = (*around[at:], *around[:at])
        first = around[0]
        names = " → ".join(dict.fromkeys(cell.name for cell in around))
        column = {"relevant": "relevant", "value": "calculation"}.get(first.kind, first.kind)
        words = f"it follows from itself: {names} → {first.name}"
        findings.wrong(words, places.get(first.name, [0])[0], column)


def _every(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        if not isinstance(item, Question):
            yield from _every(item.items)


def _looked_at(item: Item) -> Iterator[tuple[str, frozenset[str]]]:
    """Return which questions each column of an item looks at."""
    if isinstance(item, Question):
        for column in _EXPRESSIONS:
            yield column, references(getattr(item, column))
        for column in _WORDS:
            yield column, frozenset(REFERENCE.findall(getattr(item, column)))
        if "${" in item.default:
            yield "default", references(item.default)
        return
    yield "relevant", references(item.relevant)
    yield "label", frozenset(REFERENCE.findall(item.label))
    if isinstance(item, Repeat):
        yield "repeat_count", references(item.count)
