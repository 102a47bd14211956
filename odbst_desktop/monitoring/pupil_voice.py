"""What groups of children said: counts by age band, and a map of places and feelings.

Nobody is named, a group has at least four children (the form says so), and nothing is reported
before ten were asked. Cells of 1 to 4 are not told in what leaves the school (domain reference,
section 6: suppression, our default).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from odbst_desktop.school.references import places

LEAST_CHILDREN = 10
FEW = 4
_FEELINGS = ("felt_safe", "felt_unsure", "felt_unsafe")


@dataclass(frozen=True, slots=True)
class PlaceFeeling:
    """How many children said how they feel at a place; its id is that of the lists of concerns."""

    place: str
    safe: int
    unsure: int
    unsafe: int

    @property
    def label(self) -> str:
        """Return the words of the place."""
        return next((known.label for known in places() if known.id == self.place), self.place)

    @property
    def asked(self) -> int:
        """Return how many spoke of the place."""
        return self.safe + self.unsure + self.unsafe

    @property
    def worry(self) -> float:
        """Return from 0 to 1 how unsafe it feels: not safe counts one, not sure a half."""
        return (self.unsafe + self.unsure / 2) / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class Voice:
    """What the groups of one visit said."""

    children: int
    feel_safe: int
    groups: tuple[tuple[str, int], ...]
    places: tuple[PlaceFeeling, ...]

    @property
    def may_be_reported(self) -> bool:
        """Say whether enough children were asked for shares to be reported."""
        return self.children >= LEAST_CHILDREN


def voice(answers: Mapping[str, Any]) -> Voice:
    """Return what the groups said; the most worrying place comes first."""
    groups = answers.get("groups") or []
    felt: dict[str, list[int]] = {}
    for row in answers.get("felt") or []:
        cells = felt.setdefault(str(row.get("felt_place", "")), [0, 0, 0])
        for place, name in enumerate(_FEELINGS):
            cells[place] += int(row.get(name) or 0)
    return Voice(
        children=sum(int(row.get("children") or 0) for row in groups),
        feel_safe=sum(int(row.get("group_safe") or 0) for row in groups),
        groups=tuple((str(row.get("age", "")), int(row.get("children") or 0)) for row in groups),
        places=_by_worry([PlaceFeeling(place, *cells) for place, cells in felt.items()]),
    )


def place_feelings(voices: Sequence[Voice]) -> tuple[PlaceFeeling, ...]:
    """Return the feelings of several visits added up, for the hot spots."""
    summed: dict[str, list[int]] = {}
    for heard in voices:
        for felt in heard.places:
            cells = summed.setdefault(felt.place, [0, 0, 0])
            for place, count in enumerate((felt.safe, felt.unsure, felt.unsafe)):
                cells[place] += count
    return _by_worry([PlaceFeeling(place, *cells) for place, cells in summed.items()])


def voice_faults(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what does not agree between groups and places, in sentences."""
    heard = voice(answers)
    if not heard.groups:
        return ("Enter the groups you asked: their ages and how many children, nothing else.",)
    for felt in heard.places:
        if felt.asked > heard.children:
            return (
                f"More children spoke of “{felt.label}” than were asked altogether. Mend the "
                "counts of the place or of the groups.",
            )
    return ()


def told(count: int) -> str:
    """Return a count as it may be told outside: 1 to 4 are not told apart."""
    return f"1–{FEW}" if 1 <= count <= FEW else str(count)


def told_cells(counts: Sequence[int]) -> tuple[str, ...]:
    """Return the cells of one row as they may be told, whose sum a reader may know.

    If a single cell were hidden it could be worked out from the sum, so the smallest other
    cell that is not nought is hidden too; if there is none, the nought is.
    """
    hidden = {place for place, count in enumerate(counts) if 1 <= count <= FEW}
    if len(hidden) == 1 and len(counts) > 1:
        others = [place for place in range(len(counts)) if place not in hidden]
        hidden.add(min(others, key=lambda place: (counts[place] == 0, counts[place])))
    return tuple(
        (told(count) if 1 <= count <= FEW else "not told") if place in hidden else str(count)
        for place, count in enumerate(counts)
    )


def _by_worry(felt: Sequence[PlaceFeeling]) -> tuple[PlaceFeeling, ...]:
    return tuple(sorted(felt, key=lambda f: (-f.worry, -f.asked, f.label)))
