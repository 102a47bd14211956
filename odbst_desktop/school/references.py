"""The lists that concerns are counted by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from odbst_desktop.shipped import shipped_yaml


@dataclass(frozen=True, slots=True)
class Category:
    """A category of concern; a tag is counted beside a primary, never in the total."""

    id: str
    label: str
    definition: str
    group: str
    is_tag: bool
    is_common: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a concern arose; ``used`` are the times of the school day at which pupils are there.

    None means all of them.
    """

    id: str
    label: str
    used: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class TimeBand:
    """When a concern arose; ``minutes`` of a school day, None where that has no meaning.

    ``present`` is the share of the pupils who are at school then.
    """

    id: str
    label: str
    minutes: int | None
    present: float = 1.0


@cache
def categories() -> tuple[Category, ...]:
    """Return every category in the order of the lists."""
    content = shipped_yaml("resources/categories.yaml")
    return tuple(
        Category(
            entry["id"], entry["label"], entry["definition"], group["id"],
            bool(entry.get("tag")), bool(entry.get("common")),
        )
        for group in content["groups"]
        for entry in group["categories"]
    )  # fmt: skip


@cache
def places() -> tuple[Place, ...]:
    """Return every place."""
    content = shipped_yaml("resources/places_and_times.yaml")
    return tuple(
        Place(e["id"], e["label"], frozenset(e["used"]) if "used" in e else None)
        for e in content["places"]
    )


@cache
def time_bands() -> tuple[TimeBand, ...]:
    """Return every time of the day."""
    content = shipped_yaml("resources/places_and_times.yaml")
    return tuple(
        TimeBand(e["id"], e["label"], e.get("minutes"), e.get("present", 1.0))
        for e in content["times"]
    )
