"""What the form's own rules say of its figures: which is part of which whole, what a whole is of.

So that no second list has to be kept beside the form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from odbst_desktop.form_engine.definition import Form, Question
from odbst_desktop.shipped import shipped_yaml

_ONE = re.compile(r"\s*\$\{(\w+)\}\s*")
_SUM = re.compile(r"\s*\$\{\w+\}(?:\s*\+\s*\$\{\w+\})+\s*")
_NAME = re.compile(r"\$\{(\w+)\}")
_OF_THESE = "Of these, "

Measure = Literal["events", "share", "percentage", "count", "none"]


@dataclass(frozen=True, slots=True)
class Rules:
    """How figures are set beside each other, from ``resources/trust_figures.yaml``."""

    pupils: str
    events: Mapping[str, int]
    shares: Mapping[str, str]
    weights: Mapping[str, str]
    always: frozenset[str]
    never_compared: frozenset[str]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a figure is: events among pupils, a share of a group, a percentage, a bare count.

    ``among`` is the field it is counted among, blank for none; ``per`` how many of them a rate is
    given for.
    """

    measure: Measure
    among: str = ""
    per: int = 100


@cache
def figure_rules() -> Rules:
    """Return the rules."""
    content = _content()
    return Rules(
        content["pupils"], content["events"], content["shares"], content["weights"],
        frozenset(content["always"]), frozenset(content["never_compared"]),
    )  # fmt: skip


def figure_words(name: str, **values: object) -> str:
    """Return a sentence with its numbers."""
    words: str = _content()["sentences"][name]
    return words.format(**values)


def meaning_of(form: Form, name: str) -> Meaning:
    """Return what a figure is, by its unit and the form's rules."""
    question, rules = form.question(name), figure_rules()
    if question is None or question.type not in {"integer", "decimal", "calculate"}:
        return Meaning("none")
    unit = str(question.extras.get("unit", ""))
    if unit in rules.weights:
        return Meaning("percentage", rules.weights[unit], 1)
    if name == rules.pupils:
        return Meaning("count")
    if unit in rules.events:
        return Meaning("events", rules.pupils, rules.events[unit])
    if unit in rules.shares:
        whole = _whole_in(form, question, unit) or rules.shares[unit]
        if whole and whole != name:
            return Meaning("share", whole)
    return Meaning("count")


def full_label(form: Form, name: str) -> str:
    """Return a figure's label as it reads alone: “Of these, …” names what it is of."""
    question = form.question(name)
    label = question.label if question is not None else name
    if question is None or not label.startswith(_OF_THESE):
        return label
    unit = str(question.extras.get("unit", ""))
    whole = form.question(_whole_in(form, question, unit) or _asked_before(form, name))
    return f"{whole.label}: {label.removeprefix(_OF_THESE)}" if whole is not None else label


@lru_cache(maxsize=64)
def parts_of(form: Form, name: str) -> tuple[tuple[str, ...], ...]:
    """Return the lists of parts that come to a whole: its categories, its places, its times."""
    found = []
    for rule in form.rules:
        whole = _ONE.fullmatch(rule.right)
        if rule.operator == "=" and whole and whole[1] == name and _SUM.fullmatch(rule.left):
            found.append(tuple(_NAME.findall(rule.left)))
    return tuple(found)


def _whole_in(form: Form, question: Question, unit: str) -> str:
    """Return the whole that a figure is part of by the rules, of the same unit."""
    for rule in form.rules:
        part, whole = _ONE.fullmatch(rule.left), _ONE.fullmatch(rule.right)
        if rule.operator == "<=" and part and whole and part[1] == question.name:
            other = form.question(whole[1])
            if other is not None and str(other.extras.get("unit", "")) == unit:
                return other.name
    return ""


def _asked_before(form: Form, name: str) -> str:
    """Return the nearest question before one that is not itself a part of another."""
    before = ""
    for question in form.questions():
        if question.name == name:
            break
        if not question.label.startswith(_OF_THESE):
            before = question.name
    return before


def _content() -> dict[str, Any]:
    content: dict[str, Any] = shipped_yaml("resources/trust_figures.yaml")
    return content
