"""Each category's weeks out of the closed meetings, and what is out of the ordinary in one.

A meeting being typed reads its ``Past`` once and judges its answers with it after each key;
``signals_for`` does both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from odbst_desktop.analysis.weeks import Finding, Kind, Week, judge_week, may_be_judged
from odbst_desktop.analysis.wording import never_left_to_statistics, say
from odbst_desktop.errors import InputError
from odbst_desktop.meetings.log import meetings
from odbst_desktop.meetings.versions import Break, count_breaks
from odbst_desktop.school.calendar import Term, academic_year, week_of, year_of
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.references import categories
from odbst_desktop.school.schools import DEFAULT_AUTHORITY, find_school

BASELINE_WEEKS = 6
"""A decision is measured against the count of so many recorded weeks before it."""

_WEEK = timedelta(days=7)
_LONGEST = timedelta(days=800)
"""How far back a meeting looks; two years and the holidays between."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Something out of the ordinary in the week being typed, ready to become a trend.

    ``sentence`` holds the numbers and limits. ``direction`` is a word of the agenda (``up``,
    ``down``, ``new``). ``baseline`` is the count of the six recorded weeks up to and with this
    one, which ``baseline_words`` say; ``is_strong`` is beyond 99.8 %, else beyond 95 %.
    """

    category: str
    label: str
    kind: Kind
    is_strong: bool
    sentence: str
    direction: str
    baseline: int
    baseline_words: str


@dataclass(frozen=True, slots=True)
class CategoryWeeks:
    """A category's weeks, oldest first; a school week without a closed meeting counts None.

    ``breaks`` are the weeks from which the counts mean something else than before.
    """

    category: str
    label: str
    weeks: tuple[Week, ...]
    breaks: tuple[Break, ...] = ()

    @property
    def judged(self) -> tuple[Week, ...]:
        """Return the weeks by which others are judged: those since the last break."""
        return since_break(self.weeks, self.breaks)

    @property
    def total(self) -> int:
        """Return how many were counted."""
        return sum(week.count or 0 for week in self.weeks)


@dataclass(frozen=True, slots=True)
class Past:
    """The closed meetings before a week: what a meeting that is being typed is held against."""

    monday: date
    mondays: tuple[date, ...]
    counts: Mapping[date, Counter[str]]
    breaks: tuple[Break, ...] = ()

    def judged_weeks_of(self, category: str) -> tuple[Week, ...]:
        """Return a category's weeks to judge by: those since the last break."""
        return since_break(self.weeks_of(category), self.breaks)

    def weeks_of(self, category: str) -> tuple[Week, ...]:
        """Return a category's weeks, oldest first."""
        return tuple(
            Week(monday, self.counts[monday][category] if monday in self.counts else None)
            for monday in self.mondays
        )

    def categories(self) -> frozenset[str]:
        """Return the categories that were ever counted here."""
        return frozenset(name for counted in self.counts.values() for name in counted)

    def last_week(self) -> dict[str, int]:
        """Return the newest recorded week's figures by category."""
        return dict(self.counts[max(self.counts)]) if self.counts else {}

    def recent(self, category: str, weeks: int = 12) -> tuple[int | None, ...]:
        """Return a category's last weeks, oldest first, for a sparkline; None where no meeting."""
        return tuple(week.count for week in self.judged_weeks_of(category)[-weeks:])

    def signals(self, answers: Mapping[str, Any]) -> tuple[Signal, ...]:
        """Return what is out of the ordinary in a week's answers, the strongest first."""
        counted = category_counts(answers)
        found = [
            signal
            for category in categories()
            if not category.is_tag and category.id in self.categories() | counted.keys()
            for signal in self._judged(category.id, category.label, counted[category.id])
        ]
        return tuple(sorted(found, key=lambda signal: not signal.is_strong))

    def categories_judged(self) -> int:
        """Return how many categories have enough of a past to be judged."""
        return sum(may_be_judged(self.judged_weeks_of(name)) for name in self.categories())

    def _judged(self, category: str, label: str, count: int) -> Iterator[Signal]:
        history = self.judged_weeks_of(category)
        findings: tuple[Finding, ...] = judge_week(label, history, Week(self.monday, count))
        if count and category in never_left_to_statistics():
            always = Finding(Kind.ALWAYS, True, say("always", label=label, count=count))
            findings = (always, *findings)
        recorded = [week.count for week in history if week.count is not None]
        newest = [*recorded[-(BASELINE_WEEKS - 1) :], count]
        words = f"{sum(newest)} in the {len(newest)} weeks to this one"
        for finding in findings[:1]:
            yield Signal(
                category, label, finding.kind, finding.is_strong, finding.sentence,
                _DIRECTIONS[finding.kind], sum(newest), words,
            )  # fmt: skip


_DIRECTIONS = {
    Kind.ABOVE: "up", Kind.RUN_ABOVE: "up", Kind.CLOSER: "up", Kind.BELOW: "down",
    Kind.RUN_BELOW: "down", Kind.SILENT: "down", Kind.ALWAYS: "new",
}  # fmt: skip


def since_break(weeks: tuple[Week, ...], breaks: tuple[Break, ...]) -> tuple[Week, ...]:
    """Return the weeks from the last break on."""
    first = breaks[-1].monday if breaks else date.min
    return tuple(week for week in weeks if week.monday >= first)


def signals_for(session: Session, answers: Mapping[str, Any], held_on: date) -> tuple[Signal, ...]:
    """Return what is out of the ordinary in the answers of a meeting of a day."""
    return past_before(session, held_on).signals(answers)


def past_before(session: Session, held_on: date) -> Past:
    """Read the closed meetings before the week of a day."""
    return _past(session, week_of(held_on), week_of(held_on) - _WEEK)


def week_series(session: Session, until: date, *, weeks: int = 0) -> tuple[CategoryWeeks, ...]:
    """Return every counted category's weeks up to and with the week of a day, most counted first.

    That week itself is left out while it has no closed meeting: it is due, not missed. ``weeks``
    keeps only so many of the newest; 0 keeps all.
    """
    past = _past(session, week_of(until) + _WEEK, week_of(until) - _WEEK)
    found = [
        CategoryWeeks(category.id, category.label, past.weeks_of(category.id)[-weeks:], past.breaks)
        for category in categories()
        if category.id in past.categories() and not category.is_tag
    ]
    return tuple(sorted(found, key=lambda series: -series.total))


def category_counts(answers: Mapping[str, Any]) -> Counter[str]:
    """Return how many of each category a meeting's answers count."""
    counted: Counter[str] = Counter()
    for row in answers.get("concerns") or []:
        count = row.get("count")
        if row.get("category") and isinstance(count, int) and count > 0:
            counted[row["category"]] += count
    return counted


def _past(session: Session, monday: date, expected_until: date) -> Past:
    """Read the closed meetings before a Monday; a meeting was expected until another."""
    counts: dict[date, Counter[str]] = {}
    held = meetings(session, monday - _LONGEST, monday - timedelta(days=1))
    closed = [meeting for meeting in held if meeting.is_closed]
    for meeting in closed:
        week = counts.setdefault(week_of(meeting.held_on), Counter())
        week.update(category_counts(meeting.answers))
    if not counts:
        return Past(monday, (), {})
    expected = _school_weeks(session, min(counts), expected_until)
    breaks = count_breaks(session, closed)
    return Past(monday, tuple(sorted({*counts, *expected})), counts, breaks)


def known_terms(session: Session, first: date, last: date) -> tuple[Term, ...]:
    """Return the terms of a time whose dates are known here, oldest first."""
    school = find_school(session, read_owner(session).urn)
    authority = school.authority if school else DEFAULT_AUTHORITY
    found: list[Term] = []
    for year in range(first.year - 1, last.year + 1):
        try:
            found += academic_year(year_of(date(year, 12, 1)), authority).terms
        except InputError:
            continue
    return tuple(term for term in found if term.opens <= last and term.closes >= first)


def _school_weeks(session: Session, first: date, last: date) -> set[date]:
    """Return the Mondays of the weeks that expect a meeting, as far as term dates are known."""
    terms = known_terms(session, first, last)
    found = {week for term in terms for week in term.meeting_weeks()}
    return {week for week in found if first <= week <= last}
