"""Find the person or the course that a sheet's words mean, without ever guessing.

A person is found by staff number, or by the whole name if only one person has it. Whoever is
merely like somebody is offered, and never taken.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from odbst_desktop.school.people import Person, PersonId, roles
from odbst_desktop.training.catalogue import Course
from odbst_desktop.training.records import MeaningRow

LEFT_OUT = "-"
"""The choice to leave out whatever a sheet calls so."""


@dataclass(frozen=True, slots=True)
class Found:
    """Who a sheet means, or why that is not sure with who it may be."""

    person: Person | None
    why_not: str = ""
    candidates: tuple[Person, ...] = ()


def plain_words(text: str) -> str:
    """Return a text's letters and figures alone, so that accents, case and points don't matter."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() else " " for c in apart if not unicodedata.combining(c))
    return " ".join(kept.split())


def whole_name(name: str, first: str, last: str) -> str:
    """Return a name in the order it is spoken: “Lee, Ann” is Ann Lee."""
    if not name:
        return f"{first} {last}".strip()
    if name.count(",") == 1:
        last, first = (part.strip() for part in name.split(","))
        return f"{first} {last}"
    return name


class PeopleIndex:
    """Finds people by staff number and name; ``on`` tells who is here."""

    def __init__(self, known: Iterable[Person], meanings: Mapping[str, str], on: date) -> None:
        self._everybody = {person.id: person for person in known}
        self._meanings = meanings
        self._on = on
        self._by_number: dict[str, Person] = {}
        self._by_name: dict[str, list[Person]] = {}
        self._by_surname: dict[str, list[Person]] = {}
        for person in self._everybody.values():
            if person.details.staff_number:
                self._by_number[person.details.staff_number.casefold()] = person
            self._by_name.setdefault(plain_words(person.name), []).append(person)
            surname = plain_words(person.name).split()[-1:]
            self._by_surname.setdefault("".join(surname), []).append(person)

    def find(self, name: str, staff_number: str = "") -> Found:
        """Return who is meant by a name and, where the sheet has one, a staff number."""
        chosen = self._meanings.get(meaning_words(name, staff_number), "")
        if chosen in self._everybody:
            return Found(self._everybody[PersonId(chosen)])
        if chosen == LEFT_OUT:
            return Found(None, "left out, as you chose before")
        numbered = self._by_number.get(staff_number.casefold()) if staff_number else None
        named = self._by_name.get(plain_words(name), [])
        if numbered is not None:
            return self._by_both(numbered, name, staff_number)
        return self._by_name_alone(name, named, staff_number)

    def _by_name_alone(self, name: str, named: list[Person], staff_number: str) -> Found:
        if staff_number and any(person.details.staff_number for person in named):
            return Found(None, "somebody of this name has another staff number", tuple(named))
        here = [person for person in named if person.is_here_on(self._on)]
        if len(named) == 1:
            return Found(named[0])
        if len(named) > 1:
            return Found(None, f"{len(named)} people have this name", tuple(here or named))
        return Found(None, "nobody here has this name", self._alike(name))

    def _by_both(self, numbered: Person, name: str, staff_number: str) -> Found:
        if plain_words(numbered.name) == plain_words(name):
            return Found(numbered)
        return Found(None, f"staff number {staff_number} is somebody else’s here", (numbered,))

    def _alike(self, name: str) -> tuple[Person, ...]:
        words = plain_words(name).split()
        if not words:
            return ()
        return tuple(
            person
            for person in self._by_surname.get(words[-1], [])
            if plain_words(person.name)[:1] == words[0][:1]
        )


def meaning_words(name: str, staff_number: str = "") -> str:
    """Return under which words a choice about a person is remembered."""
    return f"{plain_words(name)} {plain_words(staff_number)}".strip()


def course_ids_by_words(courses: Iterable[Course]) -> dict[str, str]:
    """Return the course that each known name means."""
    return {
        plain_words(words): known.id
        for known in courses
        for words in (known.id, known.label, known.short, *known.names)
    }


def role_ids_by_words() -> dict[str, str]:
    """Return the role that each known job title means."""
    return {
        plain_words(words): role.id
        for role in roles()
        for words in (role.id, role.label, *role.names)
    }


def meanings(session: Session, kind: str) -> dict[str, str]:
    """Return what the user chose before: for ``course``, ``person`` or ``role``, by words."""
    rows = session.exec(select(MeaningRow).where(MeaningRow.kind == kind))
    return {row.words: row.value for row in rows}


def keep_meaning(session: Session, kind: str, words: str, value: str) -> None:
    """Remember what some words mean; an empty value forgets it."""
    row = session.get(MeaningRow, (kind, words))
    if not value:
        if row is not None:
            session.delete(row)
        return
    session.merge(MeaningRow(kind=kind, words=words, value=value))
