"""The kinds of record, how long each is kept and what belongs to it.

Read from ``resources/retention.yaml``, which says what each word of it means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from odbst_desktop.errors import InputError
from odbst_desktop.shipped import shipped_yaml

_FILE = "resources/retention.yaml"


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column that a search reads.

    ``form`` names the form of its answers; ``shape`` is json, package or plain; ``stands_for`` is
    person, course or role where the column holds the id of one.
    """

    column: str
    label: str
    form: str
    shape: str
    stands_for: str


@dataclass(frozen=True, slots=True)
class Place:
    """A table as a search reads it: what its rows are called, and the column shown as the date."""

    words: str
    table: str
    key: str
    on: str
    texts: tuple[TextColumn, ...]


@dataclass(frozen=True, slots=True)
class DateRule:
    """The column that a period runs from.

    It lies in the row itself, or in the row of ``table`` that the column ``by`` names.
    """

    column: str
    table: str
    by: str


@dataclass(frozen=True, slots=True)
class PartRule:
    """Rows that go with a record: those whose ``column`` holds ``value`` with its key put in."""

    table: str
    key: str
    column: str
    value: str
    kind: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class Newest:
    """Of each of ``values`` in ``column`` the newest row stays, among those that pass ``among``.

    Without values, of each that stands there.
    """

    column: str
    values: tuple[str, ...]
    among_column: str
    among_value: object


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record; ``years`` is the period the program ships with.

    ``after`` is academic_year or day. ``waits`` says why a record is not due while a row of
    another kind holds its key, ``in_use`` why one without a date is not.
    """

    id: str
    label: str
    plural: str
    one: str
    many: str
    years: int
    after: str
    source: str
    table: str
    key: str
    date: DateRule
    detail_column: str
    detail_words: Mapping[str, str]
    waits: str
    newest: Newest | None
    in_use: str
    stands_alone: bool
    place: Place
    parts: tuple[PartRule, ...]

    def counted(self, count: int) -> str:
        """Return e.g. “3 meetings”."""
        return f"{count} {self.one if count == 1 else self.many}"

    def rule_words(self, years: int) -> str:
        """Return the rule, e.g. “end of the academic year + 6 years”."""
        starts = "end of the academic year" if self.after == "academic_year" else "leaving"
        return f"{starts} + {years} year{'' if years == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Exempt:
    """A table that retention leaves alone, and why; a search still reads its ``place``.

    ``follows`` where its rows come and go with those of other tables by themselves.
    """

    table: str
    why: str
    follows: bool
    place: Place | None


@cache
def kinds() -> tuple[Kind, ...]:
    """Return every kind of record, in the order of the list."""
    return tuple(_kind(entry) for entry in shipped_yaml(_FILE)["kinds"])


@cache
def exempt_tables() -> tuple[Exempt, ...]:
    """Return the tables that retention leaves alone."""
    return tuple(
        Exempt(
            name,
            entry["why"],
            entry.get("follows", False),
            _place({"table": name, **entry}) if "texts" in entry else None,
        )
        for name, entry in shipped_yaml(_FILE)["exempt"].items()
    )


def kind_of(kind_id: str) -> Kind:
    """Return a kind by its id.

    Raises:
        InputError: there is none of that name.

    """
    for kind in kinds():
        if kind.id == kind_id:
            return kind
    known = ", ".join(kind.id for kind in kinds())
    raise InputError(f"“{kind_id}” is no kind of record. Choose one of: {known}.")


def covered_tables() -> frozenset[str]:
    """Return the tables that lie under a kind or among its parts."""
    return frozenset(
        name for kind in kinds() for name in (kind.table, *(part.table for part in kind.parts))
    )


def searched_places() -> tuple[Place, ...]:
    """Return every table that a search reads, each once."""
    found: list[Place | None] = []
    for kind in kinds():
        found += [kind.place, *(part.place for part in kind.parts)]
    found += [exempt.place for exempt in exempt_tables()]
    return tuple(place for place in found if place is not None)


def year_bounds() -> tuple[int, int]:
    """Return the fewest and the most years that a school may choose."""
    content = shipped_yaml(_FILE)
    return content["shortest_years"], content["longest_years"]


def _kind(entry: Mapping[str, Any]) -> Kind:
    day, detail = entry["date"], entry.get("detail", {})
    one, many = entry["counted"]
    return Kind(
        id=entry["id"],
        label=entry["label"],
        plural=entry["plural"],
        one=one,
        many=many,
        years=entry["years"],
        after=entry["after"],
        source=entry["source"],
        table=entry["table"],
        key=entry["key"],
        date=DateRule(day["column"], day.get("of", ""), day.get("by", "")),
        detail_column=detail.get("column", ""),
        detail_words=detail.get("words", {}),
        waits=entry.get("waits", ""),
        newest=_newest(entry["keeps_newest"]) if "keeps_newest" in entry else None,
        in_use=entry.get("in_use", ""),
        stands_alone=entry.get("stands_alone", False),
        place=_place({"place": entry["label"], "on": day["column"], **entry}),
        parts=tuple(_part(part) for part in entry.get("parts", ())),
    )


def _newest(entry: Mapping[str, Any]) -> Newest:
    among = entry["among"]
    return Newest(entry["column"], tuple(entry.get("values", ())), among["column"], among["value"])


def _part(entry: Mapping[str, Any]) -> PartRule:
    return PartRule(
        entry["table"],
        entry["key"],
        entry["column"],
        entry["value"],
        entry.get("kind", ""),
        _place(entry) if "texts" in entry else None,
    )


def _place(entry: Mapping[str, Any]) -> Place:
    texts = tuple(
        TextColumn(
            each["column"],
            each.get("label", ""),
            each.get("form", ""),
            each.get("shape", "plain"),
            each.get("is", ""),
        )
        for each in entry["texts"]
    )
    return Place(entry["place"], entry["table"], entry["key"], entry.get("on", ""), texts)
