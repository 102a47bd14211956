"""Checks that look across a form: references, cycles, changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from odbst_desktop.form_engine.definition import Form, Group, Item, Question, Repeat
from odbst_desktop.form_engine.expressions import REFERENCE, references
from odbst_desktop.form_engine.origin import Findings
from odbst_desktop.form_engine.planning import CircularFormError, plan_of, walk_groups

_EXPRESSIONS = ("required", "relevant", "constraint", "calculation", "choice_filter")
_WORDS = ("label", "hint", "guidance_hint", "constraint_message", "required_message")


def check_form(form: Form, places: Mapping[str, int], findings: Findings) -> None:
    """Note references to nothing and things that follow from themselves."""
    known = {q.name for q in form.every_question()} | {r.name for r in form.repeats()}
    known |= {group.name for group in walk_groups(form.items)}
    for name, column, looked_at in _looked_at(form.items):
        for missing in sorted(looked_at - known):
            findings.wrong(f"there is no question “{missing}”", places.get(name, 0), column)
    for number, rule in enumerate(form.rules, start=1):
        looked_at = references(rule.left) | references(rule.right) | references(rule.when)
        for missing in sorted(looked_at - known):
            findings.wrong(
                f"rule {rule.id}: there is no question “{missing}”", number, sheet="rules"
            )
    if not findings.faults:
        _check_cycles(form, places, findings)


def _check_cycles(form: Form, places: Mapping[str, int], findings: Findings) -> None:
    try:
        plan_of(form)
    except CircularFormError as fault:
        names = " → ".join(dict.fromkeys(cell.name for cell in fault.cells))
        first = fault.cells[0]
        column = {"relevant": "relevant", "value": "calculation"}.get(first.kind, first.kind)
        words = f"it follows from itself: {names} → {first.name}"
        findings.wrong(words, places.get(first.name, 0), column)


def _looked_at(items: tuple[Item, ...]) -> Iterator[tuple[str, str, frozenset[str]]]:
    for item in items:
        if isinstance(item, Question):
            for column in _EXPRESSIONS:
                yield item.name, column, references(getattr(item, column))
            for column in _WORDS:
                yield item.name, column, frozenset(REFERENCE.findall(getattr(item, column)))
            if "${" in item.default:
                yield item.name, "default", references(item.default)
            continue
        yield item.name, "relevant", references(item.relevant)
        yield item.name, "label", frozenset(REFERENCE.findall(item.label))
        if isinstance(item, Repeat):
            yield item.name, "repeat_count", references(item.count)
        if isinstance(item, (Group, Repeat)):
            yield from _looked_at(item.items)
