"""One fact seen three ways: a governor's answer, the return, the log; the difference in words.

Nothing is judged: who is right is for the school and the governor to find out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from odbst_desktop.form_engine.answers import is_blank, is_gap
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.shipped import shipped_yaml

_ANSWERS = {"yes": "Yes", "partly": "Partly", "no": "No", "not_seen": "Not seen"}
_FULL, _PART, _NONE = "yes", "partly", "no"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact with the places that speak of it."""

    id: str
    label: str
    field: str
    whole: str
    form_id: str
    question: str


@dataclass(frozen=True, slots=True)
class GovernorSaid:
    """What a governor answered, and when."""

    answer: str
    on: date


@dataclass(frozen=True, slots=True)
class ThreeViews:
    """A fact as each of three tells it, and where they differ, blank if they do not."""

    fact: Fact
    governor: str
    returned: str
    logged: str
    differences: tuple[str, ...]
    told: int

    @property
    def verdict(self) -> str:
        """Return by shape and word whether they differ."""
        if self.differences:
            return f"≠ {' '.join(self.differences)}"
        if self.told > 1:
            return "● They agree"
        return "○ One view only" if self.told else "○ Nobody said"


@cache
def facts() -> tuple[Fact, ...]:
    """Return the facts that are told three ways."""
    listed = shipped_yaml("resources/triangulation.yaml")["facts"]
    return tuple(
        Fact(e["id"], e["label"], e["field"], e.get("of", ""), *e["answer"]) for e in listed
    )


def three_views(
    fact: Fact, governor: GovernorSaid | None, returned: Mapping[str, Any],
    logged: Mapping[str, Any] | None, log_words: str = "—", *, log_counted: bool = False,
) -> ThreeViews:  # fmt: skip
    """Set three views of a fact beside each other.

    ``logged`` are the log's figures by the return's fields, None where the log is not at hand:
    then ``log_words`` say what is known of it, ``log_counted`` whether the return has its figure.
    """
    said = f"{_ANSWERS[governor.answer]}, {show_date(governor.on)}" if governor else "—"
    there, where = _extent(fact, returned), _words(fact, returned)
    counted = "—" if logged is None else _words(fact, logged)
    found = []
    if governor is not None and governor.answer in {_FULL, _PART, _NONE}:
        for name, extent, words in (
            ("return", there, where),
            ("log", None if logged is None else _extent(fact, logged), counted),
        ):
            if extent is not None and extent != governor.answer:
                answer = _ANSWERS[governor.answer].lower()
                found.append(f"The governor said “{answer}”, the {name} says {words}.")
    both = logged is not None and all(
        _value(figures, fact.field) is not None for figures in (logged, returned)
    )
    if both and where != counted:
        found.append(f"The return says {where}, the log {counted}.")
    counts = log_counted if logged is None else _extent(fact, logged) is not None
    judged = governor is not None and governor.answer in {_FULL, _PART, _NONE}
    told = int(judged) + int(there is not None) + int(counts)
    shown = counted if logged is not None else log_words
    return ThreeViews(fact, said, where, shown, tuple(found), told)


def _value(figures: Mapping[str, Any], field: str) -> Any:
    value = figures.get(field)
    return None if is_blank(value) or is_gap(value) else value


def _words(fact: Fact, figures: Mapping[str, Any]) -> str:
    value = _value(figures, fact.field)
    if value is None:
        return "—"
    if not fact.whole:
        return show_date(date.fromisoformat(value)) if isinstance(value, str) else str(value)
    whole = _value(figures, fact.whole)
    return f"{value} of {whole}" if whole is not None else str(value)


def _extent(fact: Fact, figures: Mapping[str, Any]) -> str | None:
    """Return how far a fact holds by its figures: in full, in part, not at all; None if unsaid."""
    value = _value(figures, fact.field)
    if value is None:
        return None
    if not fact.whole:
        return _FULL
    whole = _value(figures, fact.whole)
    if not isinstance(whole, int) or not isinstance(value, int) or not whole:
        return None
    return _FULL if value >= whole else _PART if value else _NONE
