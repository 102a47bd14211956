"""The lists that concerns are counted by, and the CPOMS reference that stands for a child."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from odbst_desktop.errors import InputError
from odbst_desktop.shipped import shipped_yaml

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/-]{1,19}", re.ASCII)


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
    """Where a concern arose."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class TimeBand:
    """When a concern arose; ``minutes`` of a school day, None where that has no meaning."""

    id: str
    label: str
    minutes: int | None


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
def category_groups() -> tuple[tuple[str, str], ...]:
    """Return each group's id and label."""
    content = shipped_yaml("resources/categories.yaml")
    return tuple((group["id"], group["label"]) for group in content["groups"])


@cache
def places() -> tuple[Place, ...]:
    """Return every place."""
    content = shipped_yaml("resources/places_and_times.yaml")
    return tuple(Place(entry["id"], entry["label"]) for entry in content["places"])


@cache
def time_bands() -> tuple[TimeBand, ...]:
    """Return every time of the day."""
    content = shipped_yaml("resources/places_and_times.yaml")
    return tuple(TimeBand(e["id"], e["label"], e.get("minutes")) for e in content["times"])


def check_cpoms_reference(typed: str) -> str:
    """Return a CPOMS reference without the spaces around it.

    Raises:
        InputError: it may be a name or initials: letters alone, spaces inside, or too long.

    """
    reference = typed.strip()
    if not _REFERENCE.fullmatch(reference) or not any(sign.isdigit() for sign in reference):
        raise InputError(
            "That does not look like a CPOMS reference, which has a digit and no spaces, such as "
            "C1042. Never type a child’s name or initials here."
        )
    return reference
