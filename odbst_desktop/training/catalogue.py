"""The course catalogue and how long a course lasts. Source: ``forms/training/catalogue.yaml``."""

from __future__ import annotations

import calendar as month_lengths
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from odbst_desktop.errors import InputError
from odbst_desktop.school.calendar import academic_year, year_of
from odbst_desktop.school.people import Person
from odbst_desktop.shipped import shipped_yaml


@dataclass(frozen=True, slots=True)
class Course:
    """A course; ``kinds`` and ``roles`` say who needs it, ``renews`` how long it holds."""

    id: str
    label: str
    kinds: frozenset[str]
    roles: frozenset[str]
    renews: str
    months: int
    source: str

    def is_required_of(self, person: Person, day: date) -> bool:
        """Say whether somebody's roles on a day ask for the course."""
        return bool(person.roles_on(day) & self.roles or person.kinds_on(day) & self.kinds)

    def holds_until(self, completed_on: date, authority: str) -> date | None:
        """Return the last day on which the course counts; None if it never ends."""
        if self.renews == "once":
            return None
        if self.renews == "months":
            return _months_later(completed_on, self.months)
        label = year_of(completed_on)
        if self.renews == "year":
            return date(int(label[:4]) + 1, *_catalogue()["year_holds_until"])
        return _end_of_next(label, completed_on, authority, by_half=self.renews == "half_term")


@cache
def courses() -> tuple[Course, ...]:
    """Return the courses in the order of the catalogue."""
    return tuple(
        Course(
            entry["id"], entry["label"], frozenset(entry["kinds"]), frozenset(entry["roles"]),
            entry["renews"], entry.get("months", 0), entry["source"],
        )
        for entry in _catalogue()["courses"]
    )  # fmt: skip


def course(name: str) -> Course:
    """Return a course by its id; raises InputError if the catalogue does not have it."""
    for known in courses():
        if known.id == name:
            return known
    raise InputError(f"“{name}” is not in the course catalogue. Choose a course from the list.")


def due_soon_days() -> int:
    """Return how many days before its end a course is shown as due."""
    return int(_catalogue()["due_soon_days"])


def _catalogue() -> Any:
    return shipped_yaml("forms/training/catalogue.yaml")


def _months_later(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, month_lengths.monthrange(year, month + 1)[1]))


def _end_of_next(label: str, completed_on: date, authority: str, *, by_half: bool) -> date:
    """Return the end of the term or half-term after the one a day lies in or before."""
    first = int(label[:4])
    ends: list[date] = []
    for known in (label, f"{first + 1}-{(first + 2) % 100:02d}"):
        try:
            terms = academic_year(known, authority).terms
        except InputError:  # dates long past, or not out yet: the school year's end stands in
            ends.append(date(int(known[:4]) + 1, 8, 31))
            continue
        for term in terms:
            ends += [half.closes for half in term.half_terms] if by_half else [term.closes]
    return [end for end in ends if end >= completed_on][:2][-1]
