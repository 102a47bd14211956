"""The evidence for each theme, line by line, with its arithmetic; nothing here reads a vault.

Every line gives 0, 1 or 2 points, times its weight. The same returns and weights give the same
list. Source: domain reference, section 8.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from statistics import median
from typing import Any

from odbst_desktop.analysis.comparing import compare_rates
from odbst_desktop.analysis.poisson import SIGNALS, probability_at_least
from odbst_desktop.analysis.wording import number_words
from odbst_desktop.form_engine.answers import is_blank, is_gap
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.theme_rules import ThemeRule, line_rules

_ROLL = "pupils_on_roll"
_NARRATIVE = ("key_concerns", "trends_seen", "theme_findings", "support_needed_from_trust")
_LEAST_SCHOOLS, _LEAST_ANSWERS = 3, 5
_WANTING = frozenset({"no", "partly", "not_seen"})


@dataclass(frozen=True, slots=True)
class SchoolTerm:
    """What a school's return of a term says; ``questioned`` are fields somebody asked about."""

    urn: int
    name: str
    answers: Mapping[str, Any]
    questioned: frozenset[str] = frozenset()
    provenance: Mapping[str, str] = field(default_factory=dict)

    def number(self, name: str) -> float | None:
        """Return a figure that was given."""
        value = self.answers.get(name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return float(value) if is_number and value is not None else None

    def total(self, fields: tuple[str, ...]) -> float | None:
        """Return the sum of the figures that were given; None if none was."""
        given = [n for n in map(self.number, fields) if n is not None]
        return sum(given) if given else None


@dataclass(frozen=True, slots=True)
class VisitAnswers:
    """What a governor answered at a visit of the term."""

    urn: int
    form_id: str
    answers: Mapping[str, Any]
    visited_on: date
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What themes are proposed from: the returns of three terms, visits, alerts by theme."""

    term: TermOf
    now: tuple[SchoolTerm, ...]
    before: tuple[SchoolTerm, ...]
    year_ago: tuple[SchoolTerm, ...]
    visits: tuple[VisitAnswers, ...]
    alerts: Mapping[str, int]

    def without(self, urn: int) -> Ground:
        """Return the ground as if one school had said nothing."""
        now, before, ago = (
            tuple(each for each in part if each.urn != urn)
            for part in (self.now, self.before, self.year_ago)
        )
        visits = tuple(visit for visit in self.visits if visit.urn != urn)
        return replace(self, now=now, before=before, year_ago=ago, visits=visits)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of evidence: its points, its weight, and the numbers behind it in words."""

    name: str
    points: int
    weight: int
    words: str

    @property
    def label(self) -> str:
        """Return what the line is about."""
        return line_rules()[self.name].label

    @property
    def score(self) -> int:
        """Return what it adds."""
        return self.points * self.weight


def evidence(rule: ThemeRule, ground: Ground, weights: Mapping[str, int]) -> tuple[Line, ...]:
    """Return every line of a theme's evidence, in the order of the file."""
    found = []
    for name, line in line_rules().items():
        value, words = _LINES[name](rule, ground)
        points = 0 if value is None else line.points(value)
        found.append(Line(name, points, weights.get(name, 0), words))
    return tuple(found)


def signalling(rule: ThemeRule, ground: Ground) -> tuple[str, ...]:
    """Return the schools beyond what the others' rate gives them once in 1,000, by name."""
    given = _rated(rule, ground.now)
    if len(given) < _LEAST_SCHOOLS:
        return ()
    count, roll = sum(c for _, c, _ in given), sum(r for _, _, r in given)
    found = []
    for school, mine, pupils in given:
        rest = roll - pupils
        expected = (count - mine) / rest * pupils if rest else 0.0
        if expected > 0 and probability_at_least(round(mine), expected) < (1 - SIGNALS) / 2:
            found.append(school.name)
    return tuple(sorted(found))


def _rated(
    rule: ThemeRule, schools: tuple[SchoolTerm, ...]
) -> list[tuple[SchoolTerm, float, float]]:
    found = []
    for school in schools:
        count, roll = school.total(rule.counts), school.number(_ROLL)
        if count is not None and roll:
            found.append((school, count, roll))
    return found


def _prevalence(rule: ThemeRule, ground: Ground) -> tuple[float | None, str]:
    if not rule.counts:
        return None, "Not counted: it is no kind of incident."
    rates = [
        {school.urn: count / roll for school, count, roll in _rated(rule, part)}
        for part in (ground.now, ground.before)
    ]
    both = rates[0].keys() & rates[1].keys()
    if len(both) < _LEAST_SCHOOLS:
        return None, f"Fewer than {_LEAST_SCHOOLS} schools returned for both terms."
    middles = [median(part.values()) for part in rates]
    above = sum(all(part[u] > m for part, m in zip(rates, middles, strict=True)) for u in both)
    return above / len(both), f"{above} of {len(both)} schools, in this term and the one before."


def _change(rule: ThemeRule, ground: Ground) -> tuple[float | None, str]:
    if not rule.counts:
        return None, "Not counted: it is no kind of incident."
    now, ago = _rated(rule, ground.now), _rated(rule, ground.year_ago)
    both = {s.urn for s, _, _ in now} & {s.urn for s, _, _ in ago}
    if not both:
        return None, f"No school returned for {ground.term.year_before().words} too."
    counts = [round(sum(c for s, c, _ in part if s.urn in both)) for part in (ago, now)]
    rolls = [sum(r for s, _, r in part if s.urn in both) for part in (ago, now)]
    schools = f"{len(both)} school{'' if len(both) == 1 else 's'}"
    said = f"{counts[0]}, now {counts[1]}, at the {schools} that returned both times"
    ratio = compare_rates(counts[0], rolls[0], counts[1], rolls[1])
    if ratio is None or sum(counts) < 10:
        return None, f"{said}: too few to compare."
    lower, upper = number_words(ratio.interval.lower), number_words(ratio.interval.upper)
    words = f"{said}: {number_words(ratio.ratio)} times the rate (95 %: {lower} to {upper})."
    return (ratio.ratio if ratio.interval.lower > 1 else 0.0), words


def _spread(rule: ThemeRule, ground: Ground) -> tuple[float | None, str]:
    if not rule.counts:
        return None, "Not counted: it is no kind of incident."
    if len(_rated(rule, ground.now)) < _LEAST_SCHOOLS:
        return None, f"It takes {_LEAST_SCHOOLS} schools."
    found = signalling(rule, ground)
    return len(found), f"{', '.join(found)}." if found else "No school."


def _severity(rule: ThemeRule, ground: Ground) -> tuple[float | None, str]:
    del ground
    return rule.severity, f"{rule.severity} of 3."


def _control(rule: ThemeRule, ground: Ground) -> tuple[float | None, str]:
    given = [
        visit.answers.get(name)
        for visit in ground.visits
        for name in rule.answers.get(visit.form_id, ())
    ]
    judged = [answer for answer in given if answer in {"yes", *_WANTING}]
    wanting = sum(answer in _WANTING for answer in judged)
    if len(judged) < _LEAST_ANSWERS:
        return None, f"{len(judged)} answers of governors this term: too few."
    return wanting / len(judged), f"{wanting} of {len(judged)} answers of governors this term."


def _compliance(rule: ThemeRule, ground: Ground) -> tuple[float | None, str]:
    missing = asked = 0.0
    for school in ground.now:
        for whole, part in rule.lacking:
            of, done = school.number(whole), school.number(part)
            if of is not None and done is not None:
                asked, missing = asked + of, missing + max(of - done, 0)
    if not asked:
        return None, "Nothing is asked of every school."
    return missing / asked, f"{missing:,.0f} of {asked:,.0f} are missing."


def _narrative(rule: ThemeRule, ground: Ground) -> tuple[float | None, str]:
    if not ground.now:
        return None, "No return."
    told = [
        " ".join(str(school.answers.get(name, "")) for name in _NARRATIVE).casefold()
        for school in ground.now
    ]
    naming = sum(any(word in text for word in rule.words) for text in told)
    return naming / len(told), f"{naming} of {len(told)} schools, in their own account."


def _validation(rule: ThemeRule, ground: Ground) -> tuple[float | None, str]:
    if not ground.now or not rule.fields:
        return None, "No figure of the return is about it."
    asked = sum(bool(school.questioned & rule.fields) for school in ground.now)
    words = f"{asked} of {len(ground.now)} returns: asked about by the rules or by you."
    return asked / len(ground.now), words


def _incomplete(rule: ThemeRule, ground: Ground) -> tuple[float | None, str]:
    if rule.unplaced and rule.whole:
        without = sum(s.total(rule.unplaced) or 0 for s in ground.now)
        whole = sum(s.number(rule.whole) or 0 for s in ground.now) * len(rule.unplaced)
        if not whole:
            return None, "No concern was recorded."
        return (
            without / whole,
            f"{without:,.0f} of {whole:,.0f} entries say not where, when or what.",
        )
    cells = [school.answers.get(name) for school in ground.now for name in sorted(rule.fields)]
    if not cells:
        return None, "No figure of the return is about it."
    gaps = sum(is_gap(cell) or is_blank(cell) for cell in cells)
    return gaps / len(cells), f"{gaps} of {len(cells)} figures are blank or not known."


def _external(rule: ThemeRule, ground: Ground) -> tuple[float | None, str]:
    count = ground.alerts.get(rule.id, 0)
    return count, f"{count} noted with their source." if count else "None noted."


_LINES: Mapping[str, Callable[[ThemeRule, Ground], tuple[float | None, str]]] = {
    "prevalence": _prevalence, "change": _change, "spread": _spread, "severity": _severity,
    "control": _control, "compliance": _compliance, "narrative": _narrative,
    "validation": _validation, "incomplete": _incomplete, "external": _external,
}  # fmt: skip
