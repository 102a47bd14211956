"""What the words of an export stand for: the lists of the school, its own words, the clock."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from sqlmodel import Session, select

from odbst_desktop.meetings.records import ImportWordRow
from odbst_desktop.meetings.type_ahead import Labelled, is_exactly, meant
from odbst_desktop.school.references import categories, places, time_bands
from odbst_desktop.shipped import shipped_yaml

NOT_COUNTED = "not_counted"
"""A word of the school's export that is left out on purpose."""

_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?\s*([ap]m)?", re.I | re.ASCII)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Placing:
    """The lists that words are placed on; ``own`` are what the school chose, by digest."""

    lists: Mapping[str, tuple[Labelled, ...]]
    own: Mapping[tuple[str, str], str]

    def place(self, what: str, word: str) -> str:
        """Return the id that a word of a list (category, place, time) stands for, or nothing."""
        chosen = self.own.get((what, digest_of(word)))
        if chosen is not None:
            return chosen
        exact = [name for name, label in self.lists[what] if is_exactly(word, (name, label))]
        if exact:
            return exact[0]
        shipped = shipped_yaml("resources/meeting_imports.yaml")["words"][what]
        known: str | None = shipped.get(_plain(word))
        if known is not None:
            return known
        found = meant(word, self.lists[what])
        return found[0][0] if len(found) == 1 else ""

    def time_of(self, day: date, word: str) -> str:
        """Return the time band of a word or a clock time on a day, or nothing."""
        clock = _CLOCK.search(word)
        if clock is None:
            return self.place("time", word) if word else ""
        if day.weekday() >= _SATURDAY:
            return "weekend"
        hour = int(clock[1]) % 12 if clock[3] else int(clock[1])
        if clock[3] and clock[3].casefold() == "pm":
            hour += 12
        moment = time(hour, int(clock[2]))
        band = "evening_night"
        for begins, name in shipped_yaml("resources/meeting_imports.yaml")["clock"]:
            if moment >= time.fromisoformat(begins):
                band = name
        return band


def read_placing(session: Session) -> Placing:
    """Return the lists with the school's own choices."""
    rows = session.exec(select(ImportWordRow)).all()
    return Placing(
        {
            "category": tuple((c.id, c.label) for c in categories() if not c.is_tag),
            "place": tuple((p.id, p.label) for p in places()),
            "time": tuple((t.id, t.label) for t in time_bands()),
        },
        {(row.what, row.digest): row.placed_as for row in rows},
    )


def keep_placing(session: Session, what: str, word: str, placed_as: str) -> None:
    """Remember what a word stands for; of the word itself only a digest is kept."""
    session.merge(ImportWordRow(what=what, digest=digest_of(word), placed_as=placed_as))


def digest_of(word: str) -> str:
    """Return the digest of a word as it is compared."""
    return hashlib.sha256(_plain(word).encode()).hexdigest()


def _plain(word: str) -> str:
    return " ".join(word.casefold().split())
