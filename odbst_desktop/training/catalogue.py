"""The course catalogue and how long a course lasts. Source: ``forms/training/catalogue.yaml``.

What ships is the beginning; ``published.py`` gives the catalogue in use in a vault.
"""

from __future__ import annotations

import calendar as month_lengths
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from odbst_desktop.errors import InputError
from odbst_desktop.school.calendar import academic_year, year_of
from odbst_desktop.school.people import Person, RoleHeld, held_since, role_kinds
from odbst_desktop.shipped import shipped_yaml

BASES = {"must": "law (must)", "should": "guidance (should)", "trust": "the trust’s plan"}
"""On what ground a course is asked for, with its words."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a document that is read anew each time; ``is_expected``: check its text."""

    id: str
    in_force_from: date
    is_expected: bool


@dataclass(frozen=True, slots=True)
class Course:
    """A course; ``kinds`` and ``roles`` say who needs it, ``renews`` how long it holds.

    ``counts_as`` are the courses it stands in for, ``least`` how many of a school should have it,
    ``editions`` those of the document it is about, oldest first.
    """

    id: str
    label: str
    short: str
    kinds: frozenset[str]
    roles: frozenset[str]
    renews: str
    months: int
    source: str
    basis: str
    grace_days: int
    edition_of: str
    counts_as: frozenset[str]
    names: tuple[str, ...]
    least: int
    asks_attendance: bool
    is_supervision: bool
    editions: tuple[Edition, ...] = ()

    def is_required_of(self, person: Person, day: date) -> bool:
        """Say whether somebody's roles on a day ask for the course."""
        return any(self._is_asked_by(held) for held in person.roles if held.is_held_on(day))

    def required_since(self, person: Person, day: date) -> date | None:
        """Return since when somebody's roles have asked for the course; None if they do not."""
        return held_since([held for held in person.roles if self._is_asked_by(held)], day)

    def holds_until(self, completed_on: date, authority: str, *, edition: str = "") -> date | None:
        """Return the last day on which the course counts; None if it never ends."""
        if self.renews == "once":
            return None
        if self.renews == "months":
            return months_later(completed_on, self.months)
        if self.renews == "edition":
            return self._edition_ends(edition, completed_on)
        label = year_of(completed_on)
        if self.renews == "year":
            return date(int(label[:4]) + 1, *_catalogue()["year_holds_until"])
        ends = _ends(label, authority, by_half=self.renews == "half_term")
        return [end for end in ends if end >= completed_on][:2][-1]

    def edition_on(self, day: date) -> str:
        """Return the edition in force on a day; empty before the first, and without editions."""
        begun = [known.id for known in self.editions if known.in_force_from <= day]
        return begun[-1] if begun else ""

    @property
    def renewal_words(self) -> str:
        """Return in words how often it is renewed."""
        if self.renews == "months":
            years, months = divmod(self.months, 12)
            return f"every {self.months} months" if months else _YEARS.get(years, f"{years} years")
        return _RENEWALS[self.renews]

    def _is_asked_by(self, held: RoleHeld) -> bool:
        return held.role in self.roles or role_kinds().get(held.role) in self.kinds

    def _edition_ends(self, edition: str, completed_on: date) -> date:
        """Return when the next edition is to have been read; one is expected each year."""
        read = edition or self.edition_on(completed_on)
        begun = next((e.in_force_from for e in self.editions if e.id == read), completed_on)
        later = [e.in_force_from for e in self.editions if e.in_force_from > begun]
        month, day = _catalogue()["editions_expected_each"]
        newest = self.editions[-1].in_force_from if self.editions else completed_on
        following = later[0] if later else _next(max(completed_on, newest), month, day)
        return _next(following - timedelta(days=1), *_catalogue()["year_holds_until"])


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The courses that are asked for; ``retired`` are not any more, but records name them."""

    courses: tuple[Course, ...]
    retired: tuple[Course, ...]
    version: str

    def find(self, name: str) -> Course:
        """Return a course by its id; raises InputError if the catalogue never had it."""
        for known in (*self.courses, *self.retired):
            if known.id == name:
                return known
        raise InputError(f"“{name}” is not in the course catalogue. Choose a course from the list.")


_YEARS = {1: "every year", 2: "every two years", 3: "every three years", 5: "every five years"}
_RENEWALS = {
    "once": "once",
    "year": "each academic year",
    "term": "each term",
    "half_term": "each half-term",
    "edition": "each new edition",
}


def courses() -> tuple[Course, ...]:
    """Return the courses that ship, in the order of the catalogue."""
    return _shipped()


def course(name: str) -> Course:
    """Return a course that ships by its id; raises InputError if there is none."""
    return Catalogue(courses(), (), catalogue_version()).find(name)


@cache
def _shipped() -> tuple[Course, ...]:
    return courses_from(course_entries())


def course_entries() -> tuple[Mapping[str, Any], ...]:
    """Return the shipped courses as a pack may publish them; treat them as read-only."""
    return tuple(_catalogue()["courses"])


def courses_from(entries: Sequence[Mapping[str, Any]]) -> tuple[Course, ...]:
    """Return courses from their entries, which stand in for one another as they say."""
    stands_in = {entry["id"]: set(entry.get("upgrades", ())) for entry in entries}
    for entry in entries:
        for other in entry.get("equivalents", ()):
            stands_in[entry["id"]].add(other)
            stands_in.setdefault(other, set()).add(entry["id"])
    return tuple(_course(entry, frozenset(stands_in[entry["id"]])) for entry in entries)


def _course(entry: Mapping[str, Any], counts_as: frozenset[str]) -> Course:
    return Course(
        entry["id"], entry["label"], entry.get("short") or entry["label"],
        frozenset(entry.get("kinds", ())), frozenset(entry.get("roles", ())),
        entry["renews"], entry.get("months", 0), entry["source"], entry["basis"],
        entry.get("grace_days", 0), entry.get("edition_of", ""), counts_as,
        tuple(entry.get("names", ())), entry.get("least", 0),
        entry.get("attendance") == "required", entry.get("is_supervision", False),
        _editions(entry),
    )  # fmt: skip


def _editions(entry: Mapping[str, Any]) -> tuple[Edition, ...]:
    """Return the editions that ship with those an entry brings, which win."""
    shipped = _catalogue()["editions"].get(entry.get("edition_of", ""), ())
    listed = {known["id"]: known for known in (*shipped, *entry.get("editions", ()))}
    found = (
        Edition(known["id"], _day(known["in_force_from"]), known["status"] == "expected")
        for known in listed.values()
    )
    return tuple(sorted(found, key=lambda known: known.in_force_from))


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def catalogue_version() -> str:
    """Return the version of the catalogue, which a snapshot names."""
    return str(_catalogue()["version"])


def due_soon_days() -> int:
    """Return how many days before its end a course is shown as due."""
    return int(_catalogue()["due_soon_days"])


def early_renewal_days() -> int:
    """Return how many days before its end a renewal keeps the anniversary."""
    return int(_catalogue()["early_renewal_days"])


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day if it is shorter."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, month_lengths.monthrange(year, month + 1)[1]))


def _catalogue() -> Any:
    return shipped_yaml("forms/training/catalogue.yaml")


def _next(day: date, month: int, number: int) -> date:
    """Return the first such day of a year that lies after a day."""
    this = date(day.year, month, number)
    return this if this > day else date(day.year + 1, month, number)


@cache
def _ends(label: str, authority: str, *, by_half: bool) -> tuple[date, ...]:
    """Return the ends of the terms or half-terms of a year and the one after it."""
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
    return tuple(ends)
