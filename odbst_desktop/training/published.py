"""Courses that the trust published in a focus pack, and the catalogue in use with them.

A published course takes the place of the one that ships under its id, or is added. What was in
use at an earlier moment can be asked for, so that a snapshot stays reproducible.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError
from odbst_desktop.school.people import role_kinds
from odbst_desktop.training.catalogue import (
    Catalogue,
    catalogue_version,
    course_entries,
    courses,
    courses_from,
)
from odbst_desktop.training.records import PublishedCourseRow

_CourseName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
_Words = Annotated[str, Field(min_length=1, max_length=200)]


def _a_day(text: str) -> str:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError("not a date as YYYY-MM-DD")
    return text


_Day = Annotated[str, AfterValidator(_a_day)]
_MOST = 200


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _EditionEntry(_Strict):
    id: _Words
    in_force_from: _Day
    status: Literal["superseded", "in_force", "expected"]


class _CourseEntry(_Strict):
    """A course as the shipped catalogue writes it; ``withdrawn`` is asked for no more."""

    id: _CourseName
    label: _Words
    short: Annotated[str, Field(max_length=200)] = ""
    basis: Literal["must", "should", "trust"]
    kinds: list[Literal["staff", "supply", "governor", "trustee", "trust", "volunteer"]] = []
    roles: list[str] = []
    renews: Literal["months", "year", "term", "half_term", "once", "edition"]
    months: Annotated[int, Field(ge=0, le=240)] = 0
    grace_days: Annotated[int, Field(ge=0, le=3650)] = 0
    edition_of: Annotated[str, Field(max_length=60)] = ""
    editions: Annotated[list[_EditionEntry], Field(max_length=40)] = []
    equivalents: list[_CourseName] = []
    upgrades: list[_CourseName] = []
    names: Annotated[list[_Words], Field(max_length=40)] = []
    least: Annotated[int, Field(ge=0, le=1000)] = 0
    attendance: Literal["", "required"] = ""
    is_supervision: bool = False
    source: Annotated[str, Field(min_length=1, max_length=2000)]
    withdrawn: bool = False

    @model_validator(mode="after")
    def _can_be(self) -> _CourseEntry:
        if not (self.kinds or self.roles) or not set(self.roles) <= set(role_kinds()):
            raise ValueError("who needs it")
        if (self.renews == "months") != bool(self.months):
            raise ValueError("months")
        if (self.renews == "edition") != bool(self.edition_of):
            raise ValueError("edition_of")
        return self


def check_published(entries: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Return the courses of a pack as they would be kept; nothing is written.

    Raises:
        InputError: one cannot be read, or one stands in the list twice.

    """
    read: dict[str, dict[str, Any]] = {}
    if len(entries) > _MOST:
        raise InputError(f"The pack has more than {_MOST} courses. Ask the trust for a new one.")
    for number, untrusted in enumerate(entries, 1):
        try:
            entry = _CourseEntry.model_validate(untrusted)
        except ValidationError as fault:
            place = ".".join(str(part) for part in fault.errors()[0]["loc"])
            what = f"“{place[:60]}”" if place else "who needs it, or how often,"
            raise InputError(
                f"Course {number} of the pack cannot be used: {what} is not as it has to be. "
                "Ask the trust for a new pack; nothing was taken in."
            ) from fault
        if entry.id in read:
            raise InputError(
                f"Course “{entry.id}” stands in the pack twice. Ask the trust for a new pack; "
                "nothing was taken in."
            )
        read[entry.id] = entry.model_dump(exclude_defaults=True)
    return tuple(read.values())


def take_published(
    session: Session, entries: Sequence[Mapping[str, Any]], *, source: str, at: str
) -> tuple[str, ...]:
    """Take the courses of a pack into the catalogue; return the labels of those that changed.

    ``source`` says which pack, such as “Focus pack 2026-27 spring”; ``at`` is the moment.

    Raises:
        InputError: as ``check_published``; nothing was taken in.

    """
    known = _newest(session)
    changed = []
    for entry in check_published(entries):
        text = json.dumps(entry, ensure_ascii=False, sort_keys=True)
        held = known.get(entry["id"])
        if held is not None and held.entry == text:
            continue
        session.add(PublishedCourseRow(course=entry["id"], entry=text, source=source, taken_at=at))
        changed.append(entry["label"])
    session.flush()
    return tuple(changed)


def catalogue_in_use(session: Session, *, known_at: str = "") -> Catalogue:
    """Return the catalogue of a vault: what ships as the trust's packs changed it.

    ``known_at`` is a moment: then only what was taken in by then counts.
    """
    rows = sorted(_newest(session, known_at).values(), key=lambda row: row.id or 0)
    if not rows:
        return Catalogue(courses(), (), catalogue_version())
    return _merged(tuple(row.entry for row in rows), rows[-1].source)


@lru_cache(maxsize=8)
def _merged(published: tuple[str, ...], source: str) -> Catalogue:
    entries = {entry["id"]: dict(entry) for entry in course_entries()}
    for text in published:
        entry = json.loads(text)
        entries[entry["id"]] = entry
    made = courses_from(tuple(entries.values()))
    gone = {name for name, entry in entries.items() if entry.get("withdrawn")}
    return Catalogue(
        tuple(known for known in made if known.id not in gone),
        tuple(known for known in made if known.id in gone),
        f"{catalogue_version()}, {source}",
    )


def _newest(session: Session, known_at: str = "") -> dict[str, PublishedCourseRow]:
    query = select(PublishedCourseRow).order_by(col(PublishedCourseRow.id))
    if known_at:
        query = query.where(PublishedCourseRow.taken_at <= known_at)
    return {row.course: row for row in session.exec(query)}
