"""The theme loop on one page: returns → theme → pack → visit answers → trend, over three terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from odbst_desktop.analysis.comparing import compare_rates
from odbst_desktop.analysis.wording import number_words, odds_words
from odbst_desktop.exchange.bodies import FocusPack
from odbst_desktop.exchange.register import StoredPackage, packages
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.theme_evidence import Ground, SchoolTerm
from odbst_desktop.trust.theme_proposal import propose
from odbst_desktop.trust.theme_rules import ThemeRule
from odbst_desktop.trust.themes import choice_for, ground_of, own_day, weights_in_use

TERMS_SHOWN = 3
_WANTING = frozenset({"no", "partly", "not_seen"})
_ROLL = "pupils_on_roll"
_CAUTION = (
    "A theme is chosen when figures are high, and high figures tend to fall by themselves; more "
    "recording can mean a better culture. One before and one after cannot prove a cause."
)


@dataclass(frozen=True, slots=True)
class LoopTerm:
    """One term of a theme: each step in words, “—” where there was none."""

    term: TermOf
    returns: str
    theme: str
    pack: str
    answers: str
    trend: str


@dataclass(frozen=True, slots=True)
class ThemeLoop:
    """A theme over three terms, and what can be said of its effect."""

    title: str
    terms: tuple[LoopTerm, ...]
    effect: str
    caution: str = _CAUTION


def theme_loop(session: Session, form: Form, rule: ThemeRule, last: TermOf) -> ThemeLoop:
    """Return the loop of a theme up to a term; ``form`` is the return's."""
    terms = [last.later(-back) for back in range(TERMS_SHOWN - 1, -1, -1)]
    grounds = {term: ground_of(session, form, term) for term in terms}
    weights = weights_in_use(session).weights
    sent = _packs(session)
    found = []
    for term in terms:
        ground = grounds[term]
        choice = choice_for(session, term)
        mine = [c for c in choice.chosen if c.theme.id == rule.id] if choice else []
        rank = next((p.rank for p in propose(ground, weights) if p.rule is rule), 0)
        theme = (
            f"✓ Chosen (number {mine[0].rank} of the proposal): {mine[0].reason}" if mine
            else f"○ Not chosen; its returns put it at number {rank}" if ground.now
            else "—"
        )  # fmt: skip
        found.append(
            LoopTerm(
                term, _figure(rule, ground), theme, _pack(sent.get(term, ()), rule),
                _answers(rule, ground), _trend(rule, ground),
            )
        )  # fmt: skip
    return ThemeLoop(rule.theme.title, tuple(found), _effect(session, rule, form, terms))


def _figure(rule: ThemeRule, ground: Ground) -> str:
    if not ground.now:
        return "No return yet"
    schools = f"{len(ground.now)} school{'' if len(ground.now) == 1 else 's'}"
    count, roll = _sum(rule, ground.now)
    if rule.counts and roll:
        return f"{count:,.0f} at {schools}, {number_words(count / roll * 100)} for 100 pupils"
    pairs = [
        (school.number(whole), school.number(part))
        for school in ground.now for whole, part in rule.lacking
    ]  # fmt: skip
    known = [(w, p) for w, p in pairs if w is not None and p is not None]
    asked, missing = sum(w for w, _ in known), sum(max(w - p, 0) for w, p in known)
    return f"{missing:,.0f} of {asked:,.0f} missing at {schools}" if asked else f"{schools}"


def _answers(rule: ThemeRule, ground: Ground) -> str:
    given = [
        visit.answers.get(name)
        for visit in ground.visits
        for name in rule.answers.get(visit.form_id, ())
    ]
    judged = [answer for answer in given if answer in {"yes", *_WANTING}]
    if not judged:
        return "—"
    named = sum(rule.theme.title in visit.theme for visit in ground.visits)
    wanting = sum(answer in _WANTING for answer in judged)
    under = f"; {named} visit{'' if named == 1 else 's'} under the theme" if named else ""
    return f"{wanting} of {len(judged)} answers “no”, “partly” or “not seen”{under}"


def _trend(rule: ThemeRule, ground: Ground) -> str:
    return _compared(rule, ground.before, ground.now, "the term before")


def _effect(session: Session, rule: ThemeRule, form: Form, terms: Sequence[TermOf]) -> str:
    """Say what became of the figure since the theme was first taken up in these terms."""
    for term in terms:
        choice = choice_for(session, term)
        if choice is None or all(c.theme.id != rule.id for c in choice.chosen):
            continue
        then = ground_of(session, form, choice.based_on)
        later = [ground_of(session, form, t) for t in terms if terms.index(t) >= terms.index(term)]
        after = next((ground for ground in reversed(later) if ground.now), None)
        if after is None or not then.now:
            return f"Taken up for {term.words}. Its effect shows when that term’s returns come in."
        words = _compared(rule, then.now, after.now, choice.based_on.words)
        return f"Taken up for {term.words}. In {after.term.words}: {words}"
    return "It was not chosen in these terms."


def _compared(
    rule: ThemeRule, before: Sequence[SchoolTerm], now: Sequence[SchoolTerm], than: str
) -> str:
    both = {s.urn for s in before} & {s.urn for s in now}
    if not rule.counts:
        return "No kind of incident: see the answers and what is missing."
    first, first_roll = _sum(rule, [s for s in before if s.urn in both])
    second, second_roll = _sum(rule, [s for s in now if s.urn in both])
    if not both or not first_roll or not second_roll:
        return "—"
    found = compare_rates(round(first), first_roll, round(second), second_roll)
    schools = f"{len(both)} school{'' if len(both) == 1 else 's'}"
    if found is None or first + second < 10:
        return f"Too few to compare with {than} ({first:,.0f}, then {second:,.0f})."
    lower, upper = found.interval.lower, found.interval.upper
    said = (
        f"{first:,.0f}, then {second:,.0f} at the same {schools}: {number_words(found.ratio)} "
        f"times the rate of {than} (95 %: {number_words(lower)} to {number_words(upper)})"
    )
    if upper < 1:
        return f"▼ Consistent with a fall: {said}."
    if lower > 1:
        return f"▲ Consistent with a rise: {said}."
    return (
        f"● No clear change: {said}; chance alone differs as much {odds_words(found.probability)}."
    )


def _sum(rule: ThemeRule, schools: Sequence[SchoolTerm]) -> tuple[float, float]:
    pairs = [(school.total(rule.counts), school.number(_ROLL)) for school in schools]
    known = [(count, roll) for count, roll in pairs if count is not None and roll]
    return sum(count for count, _ in known), sum(roll for _, roll in known)


def _packs(session: Session) -> dict[TermOf, tuple[StoredPackage, ...]]:
    found: dict[TermOf, tuple[StoredPackage, ...]] = {}
    for package in packages(session, "focus-pack"):
        body = package.body()
        if isinstance(body, FocusPack):
            term = TermOf(body.academic_year, body.term)
            found[term] = (*found.get(term, ()), package)
    return found


def _pack(sent: Sequence[StoredPackage], rule: ThemeRule) -> str:
    for package in sent:
        body = package.body()
        if isinstance(body, FocusPack) and any(t.id == rule.id for t in body.themes):
            again = f", revision {package.revision}" if package.revision > 1 else ""
            return f"✓ Sent {show_date(own_day(package.at))}{again}"
    return "—"
