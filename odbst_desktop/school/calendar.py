"""The academic year: terms, half-terms, school days, and the weeks that expect a DSL meeting.

Dates come from ``resources/calendar.yaml``; the academic year runs from 1 September to 31 August.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from odbst_desktop.errors import InputError
from odbst_desktop.shipped import shipped_yaml

TERMS = ("autumn", "spring", "summer")
LEAST_SCHOOL_DAYS = 3
"""A week expects a DSL meeting if it has this many school days (our reading of the plan)."""

_FIRST_MONTH = 9
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class HalfTerm:
    """Half a term, e.g. ``autumn_1``, from its first to its last school day."""

    id: str
    opens: date
    closes: date
    school_days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of an academic year (``2026-27``): ``autumn``, ``spring`` or ``summer``."""

    year: str
    name: str
    half_terms: tuple[HalfTerm, ...]

    @property
    def label(self) -> str:
        """Return e.g. “Autumn term 2026-27”."""
        return f"{self.name.capitalize()} term {self.year}"

    @property
    def opens(self) -> date:
        """Return the first school day."""
        return self.half_terms[0].opens

    @property
    def closes(self) -> date:
        """Return the last school day."""
        return self.half_terms[-1].closes

    def school_days(self) -> tuple[date, ...]:
        """Return every school day, in order."""
        return tuple(day for half_term in self.half_terms for day in half_term.school_days)

    def meeting_weeks(self, least_days: int = LEAST_SCHOOL_DAYS) -> tuple[date, ...]:
        """Return the Mondays of the weeks with at least ``least_days`` school days."""
        days = self.school_days()
        mondays = sorted({week_of(day) for day in days})
        return tuple(
            monday
            for monday in mondays
            if sum(week_of(day) == monday for day in days) >= least_days
        )


@dataclass(frozen=True, slots=True)
class AcademicYear:
    """A school's year; ``is_assumed`` where the authority's own dates were not found."""

    label: str
    terms: tuple[Term, ...]
    is_assumed: bool

    def term_on(self, day: date) -> Term | None:
        """Return the term that a day lies in, half-term holiday included, or None."""
        return next((t for t in self.terms if t.opens <= day <= t.closes), None)

    def half_term_on(self, day: date) -> HalfTerm | None:
        """Return the half-term that a day lies in, or None in a holiday."""
        halves = (half for term in self.terms for half in term.half_terms)
        return next((half for half in halves if half.opens <= day <= half.closes), None)


def year_of(day: date) -> str:
    """Return the academic year of a day, e.g. ``2026-27``."""
    first = day.year if day.month >= _FIRST_MONTH else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def academic_year(label: str, authority: str = "buckinghamshire") -> AcademicYear:
    """Return a year's dates as a local authority sets them.

    Raises:
        InputError: the authority's dates of that year did not ship with the program.

    """
    known = shipped_yaml("resources/calendar.yaml")
    try:
        content = known[authority][label]
    except KeyError as fault:
        raise InputError(
            f"The term dates of {label} are not known here. Import the trust’s newest card, or "
            "type the dates in."
        ) from fault
    holidays = frozenset(known["bank_holidays"])
    halves = {
        name: HalfTerm(name, opens, closes, tuple(_school_days(opens, closes, holidays)))
        for name, (opens, closes) in content["half_terms"].items()
    }
    terms = tuple(Term(label, name, (halves[f"{name}_1"], halves[f"{name}_2"])) for name in TERMS)
    return AcademicYear(label, terms, bool(content.get("assumed", False)))


def _school_days(opens: date, closes: date, holidays: frozenset[date]) -> Iterator[date]:
    for number in range((closes - opens).days + 1):
        day = opens + timedelta(days=number)
        if day.weekday() < _SATURDAY and day not in holidays:
            yield day
