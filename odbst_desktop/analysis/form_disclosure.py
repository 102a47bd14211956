"""The counts of a form's answers and what is publicly known to hold between them.

``odbst:suppress`` of a question says how it is told; every rule of the form that is a plain sum is
what any reader may know. What is beyond a form is data in ``resources/suppression.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from odbst_desktop.analysis.disclosure import NOT_SHOWN, Count, Relation, Rule
from odbst_desktop.form_engine.answers import GAPS, is_blank, is_gap
from odbst_desktop.form_engine.definition import Form, Question
from odbst_desktop.shipped import shipped_yaml

_RULES: dict[str, Rule] = {"small": "small", "esl_only": "never"}
_COST_OF_A_WHOLE = 200
_TERM = re.compile(
    r"\s*(?P<sign>[+-])?\s*(?:(?P<before>\d+)\s*\*\s*)?"
    r"(?:\$\{(?P<name>[\w.-]+)\}|previous\(['\"](?P<previous>[\w.-]+)['\"]\)|(?P<number>\d+))"
    r"(?:\s*\*\s*(?P<after>\d+))?\s*"
)
_Terms = dict[str, int]


def form_counts(form: Form, answers: Mapping[str, Any], prefix: str = "") -> tuple[Count, ...]:
    """Return each whole number that was answered; ``prefix`` stands before the names."""
    wholes = _wholes(form)
    return tuple(
        Count(prefix + question.name, answer, rule_of(question),
              _COST_OF_A_WHOLE if question.name in wholes else 0)
        for question in form.questions()
        if question.type == "integer"
        and isinstance(answer := answers.get(question.name), int)
        and not isinstance(answer, bool)
    )  # fmt: skip


def rule_of(question: Question) -> Rule:
    """Return how a question's figure is told outside."""
    if question.name in _outside()["small"]:
        return "small"
    return _RULES.get(str(question.extras.get("suppress", "")), "always")


def form_relations(
    form: Form, prefix: str = "", previous_prefix: str | None = None
) -> tuple[Relation, ...]:
    """Return what anybody may know to hold between a form's counts.

    Equalities count whatever their severity, inequalities only where breaking them is an error.
    ``previous_prefix`` stands before the names of last term's counts; without it, what is said of
    last term is left out.
    """
    known = [
        (rule.left, rule.operator, rule.right)
        for rule in form.rules
        if rule.operator == "=" or rule.severity == "error"
    ]
    if form.form_id == _outside()["form"]:
        known += [(p["left"], p["operator"], p["right"]) for p in _outside()["presumed"]]
    made = (_relation(*each, prefix, previous_prefix) for each in known)
    return tuple(relation for relation in made if relation is not None)


def told(form: Form, answers: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, str]:
    """Return every figure of a form as it may be told, its percentages and decimals included.

    ``words`` are those of the counts by their plain names, as ``protect`` gave them.
    """
    found = {}
    for question in form.questions():
        answer = answers.get(question.name)
        if question.type not in {"integer", "decimal"} or is_blank(answer):
            continue
        if rule_of(question) == "never":
            found[question.name] = NOT_SHOWN
        elif is_gap(answer):
            found[question.name] = GAPS[answer["missing"]].lower()
        elif isinstance(answer, int | float) and question.type == "decimal":
            found[question.name] = _decimal(question, answer, words)
        else:
            found[question.name] = words.get(question.name, NOT_SHOWN)
    return found


def number_told(words: str) -> int | None:
    """Return the number that words tell, or None where they tell none."""
    return int(words) if words.isdigit() else None


def rate_told(words: str, roll_words: str, per: int = 100) -> str:
    """Return a rate from what is shown: a hidden or small count has none, nor has a small roll."""
    count, roll = number_told(words), number_told(roll_words)
    least = _outside()["rates"]
    if count is None or roll is None or roll < least["least_roll"]:
        return NOT_SHOWN
    return NOT_SHOWN if 0 < count < least["least_count"] else f"{count * per / roll:.1f}"


@cache
def _outside() -> Mapping[str, Any]:
    content: Mapping[str, Any] = shipped_yaml("resources/suppression.yaml")
    return content


def _decimal(question: Question, value: float, words: Mapping[str, str]) -> str:
    group = _outside()["shares"].get(question.name, ())
    counts = [number_told(words.get(name, "")) for name in group]
    of_group = sum(count or 0 for count in counts)
    if group and (None in counts or of_group < _outside()["least_group"]):
        return NOT_SHOWN
    others = _outside()["falls_with"].get(question.name, ())
    if any(name in words and number_told(words[name]) is None for name in others):
        return NOT_SHOWN
    if not group and not others and rule_of(question) == "small" and 0 < value < 5:
        return NOT_SHOWN
    unit = " %" if question.extras.get("unit") == "%" else ""
    return f"{value:g}{unit}"


def _wholes(form: Form) -> frozenset[str]:
    """Return the counts that are the sum of others."""
    found: set[str] = set()
    for rule in form.rules:
        left, right = _read(rule.left), _read(rule.right)
        if rule.operator == "=" and left and right and len(left) > 1 and len(right) == 1:
            found |= set(right)
    return frozenset(found)


def _relation(
    left: str, operator: str, right: str, prefix: str, previous_prefix: str | None
) -> Relation | None:
    sides = _read(left), _read(right)
    if operator not in {"=", "<=", ">="} or sides[0] is None or sides[1] is None:
        return None
    terms: _Terms = {}
    for side, turn in zip(sides, (1, -1) if operator != ">=" else (-1, 1), strict=True):
        for name, weight in (side or {}).items():
            terms[name] = terms.get(name, 0) + turn * weight
    constant = -terms.pop("", 0)
    named = [(weight, *name.rpartition("@")) for name, weight in terms.items() if weight]
    if previous_prefix is None and any(before for _, before, _, _ in named):
        return None
    if not named:
        return None
    found = tuple(
        (weight, (previous_prefix if before else prefix) + name)  # type: ignore[operator]
        for weight, before, _, name in named
    )
    return Relation(found, is_equal=operator == "=", constant=constant)


@cache
def _read(text: str) -> _Terms | None:
    """Return the weight of each name of a plain sum, ``""`` for its number; None for any other."""
    found: _Terms = {}
    at, is_first = 0, True
    text = text.strip()
    while at < len(text):
        term = _TERM.match(text, at)
        if term is None or (not is_first and not term["sign"]):
            return None
        weight = (-1 if term["sign"] == "-" else 1) * int(term["before"] or 1)
        weight *= int(term["after"] or 1)
        if term["number"]:
            name, weight = "", weight * int(term["number"])
        else:
            name = term["name"] or f"previous@{term['previous']}"
        found[name] = found.get(name, 0) + weight
        at, is_first = term.end(), False
    return found or None
