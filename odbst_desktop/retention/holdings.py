"""What a vault holds: every record with its date and the parts that go with it.

Read by the columns that ``resources/retention.yaml`` names, so that a table of any room can be
listed without this room knowing it; contents are not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnClause,
    Select,
    column,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlmodel import Session

from odbst_desktop.retention.kinds import (
    DateRule,
    Kind,
    Newest,
    PartRule,
    covered_tables,
    kind_of,
    kinds,
)

_YEAR_LABEL = 7  # “2026-27”
_DATE = 10  # “2026-11-24”


@dataclass(frozen=True, slots=True)
class Part:
    """A row that goes with a record; ``kind`` and ``day`` where it is of a kind of its own."""

    rule: PartRule
    key: str
    day: date | None

    @property
    def is_in_use(self) -> bool:
        """Say whether it holds its record back, as an open action does."""
        return bool(self.rule.kind) and self.day is None


@dataclass(frozen=True, slots=True)
class Record:
    """A record; ``day`` is what its period runs from, None while it is in use."""

    kind: Kind
    key: str
    day: date | None
    detail: str
    is_newest: bool
    parts: tuple[Part, ...]

    @property
    def name(self) -> str:
        """Return its name in the audit chain, e.g. ``meeting/ID``."""
        return f"{self.kind.id}/{self.key}"

    @property
    def own_name(self) -> tuple[str, str]:
        """Return its kind and key."""
        return self.kind.id, self.key

    @property
    def words(self) -> str:
        """Return what it is by kind alone, e.g. “Weekly DSL meeting, begun and never closed”."""
        return f"{self.kind.label}, {self.detail}" if self.detail else self.kind.label

    def names(self) -> frozenset[tuple[str, str]]:
        """Return kind and key of the record and of the parts that are of a kind of their own."""
        of_parts = ((part.rule.kind, part.key) for part in self.parts if part.rule.kind)
        return frozenset({self.own_name, *of_parts})

    def newest_day(self) -> date | None:
        """Return the newest of its own day and its parts' days."""
        days = [day for day in (self.day, *(part.day for part in self.parts)) if day is not None]
        return max(days, default=None)


def records_held(session: Session) -> tuple[Record, ...]:
    """Return every record, kind by kind; what goes with another is one of its parts."""
    days = {kind.id: _rows_of(session, kind) for kind in kinds()}
    parts = {
        kind.id: [_parts_by_value(session, rule, days) for rule in kind.parts] for kind in kinds()
    }
    claimed: set[tuple[str, str]] = set()
    found: list[Record] = []
    for kind in kinds():
        for key, (day, detail, is_newest) in days[kind.id].items():
            its = tuple(
                part
                for rule, by_value in zip(kind.parts, parts[kind.id], strict=True)
                for part in by_value.get(rule.value.format(key=key), ())
            )
            record = Record(kind, key, day, detail, is_newest, its)
            claimed |= record.names() - {record.own_name}
            found.append(record)
    return tuple(r for r in found if r.kind.stands_alone or r.own_name not in claimed)


def is_named_elsewhere(session: Session, record: Record) -> bool:
    """Say whether a row that is kept holds the record's key, its own parts apart.

    Every column is looked at: rooms keep the ids of people and documents as they see fit.
    """
    own = {record.kind.table, *(part.table for part in record.kind.parts)}
    connection = session.connection()
    for name in sorted(covered_tables() - own):
        facts = func.pragma_table_info(name).table_valued("name")
        columns = connection.execute(select(facts.c.name)).scalars().all()
        holding = [func.instr(column(each), record.key) > 0 for each in columns]
        rows = select(literal(1)).select_from(table(name)).where(or_(*holding)).limit(1)
        if connection.execute(rows).first():
            return True
    return False


def read_columns(session: Session, name: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the rows of a table, these columns only, as the database keeps them."""
    query = columns_of(name, columns)
    return [tuple(row) for row in session.connection().execute(query)]


def columns_of(name: str, columns: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """Return the query for some columns of a table, known by their names alone."""
    named: list[ColumnClause[Any]] = [column(each) for each in columns]
    return Select(*named).select_from(table(name))


def read_day(value: Any) -> date | None:
    """Return the day of a date, a moment or an academic year as the database keeps it."""
    text = str(value or "")
    if len(text) == _YEAR_LABEL:
        return date(int(text[:4]) + 1, 8, 31)
    return date.fromisoformat(text[:_DATE]) if text else None


_Facts = tuple[date | None, str, bool]


def _rows_of(session: Session, kind: Kind) -> dict[str, _Facts]:
    """Return day, detail and whether it is the newest of its sort, for each key."""
    newest, day = kind.newest, kind.date
    named = [kind.key, day.by or day.column, kind.detail_column]
    named += [newest.column, newest.among_column] if newest else []
    wanted = list(dict.fromkeys(filter(None, named)))
    rows = [
        dict(zip(wanted, row, strict=True)) for row in read_columns(session, kind.table, wanted)
    ]
    elsewhere = _days_elsewhere(session, day)
    staying = _newest_keys(kind, newest, rows) if newest else frozenset()
    return {
        str(row[kind.key]): (
            elsewhere.get(row[day.by]) if day.table else read_day(row[day.column]),
            kind.detail_words.get(row.get(kind.detail_column, ""), ""),
            str(row[kind.key]) in staying,
        )
        for row in rows
    }


def _days_elsewhere(session: Session, day: DateRule) -> dict[Any, date | None]:
    if not day.table:
        return {}
    rows = read_columns(session, day.table, ["id", day.column])
    return {key: read_day(value) for key, value in rows}


def _newest_keys(kind: Kind, newest: Newest, rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    found: dict[object, tuple[str, Any]] = {}
    for row in rows:
        sort = row[newest.column]
        if (not newest.values or sort in newest.values) and row[
            newest.among_column
        ] == newest.among_value:
            place = (str(row[kind.date.column]), row[kind.key])
            found[sort] = max(found.get(sort, place), place)
    return frozenset(str(key) for _, key in found.values())


def _parts_by_value(
    session: Session, rule: PartRule, days: Mapping[str, Mapping[str, _Facts]]
) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = defaultdict(list)
    for key, value in read_columns(session, rule.table, [rule.key, rule.column]):
        day = days[kind_of(rule.kind).id][str(key)][0] if rule.kind else None
        found[str(value)].append(Part(rule, str(key), day))
    return found
