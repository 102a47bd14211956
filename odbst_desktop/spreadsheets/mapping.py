"""Which column means what: proposed by the column's name, chosen by the user, remembered."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from sqlmodel import Session

from odbst_desktop.spreadsheets.records import MappingRow
from odbst_desktop.spreadsheets.table import Table
from odbst_desktop.spreadsheets.targets import Field, Target

_NOTHING: Mapping[str, str] = MappingProxyType({})
_EXACT, _SAME_WORDS, _WITHIN = 3, 2, 1
_MOST_SYNONYMS = 1000


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The column of each field that has one, and what else the user chose for such sheets."""

    target: str
    columns: Mapping[str, str]
    choices: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    def with_column(self, field_id: str, column: str) -> ColumnMapping:
        """Return the mapping with another column for a field; an empty one takes it away."""
        changed = {name: held for name, held in self.columns.items() if name != field_id}
        if column:
            changed[field_id] = column
        return ColumnMapping(self.target, changed, self.choices)

    def with_choice(self, name: str, value: str) -> ColumnMapping:
        """Return the mapping with another choice, such as ``month_first`` for a date's field."""
        return ColumnMapping(self.target, self.columns, {**self.choices, name: value})


def missing_fields(target: Target, mapping: ColumnMapping) -> tuple[Field, ...]:
    """Return the fields that need a column and have none."""
    return tuple(
        known
        for known in target.fields
        if known.is_required
        and known.id not in mapping.columns
        and not (known.unless and all(name in mapping.columns for name in known.unless))
    )


def propose_mapping(table: Table, target: Target) -> ColumnMapping:
    """Return the mapping that the column names suggest; each column means one field at most."""
    scored = sorted(
        (-likeness, order, place)
        for order, known in enumerate(target.fields)
        for place, column in enumerate(table.columns)
        if (likeness := _likeness(known, column))
    )
    columns: dict[str, str] = {}
    for _, order, place in scored:
        name, column = target.fields[order].id, table.columns[place]
        if name not in columns and column not in columns.values():
            columns[name] = column
    return ColumnMapping(target.id, columns)


def remembered_mapping(session: Session, table: Table, target: Target) -> ColumnMapping | None:
    """Return what the user chose for the last sheet with the same column names, if any."""
    row = session.get(MappingRow, (target.id, source_of(table)))
    if row is None:
        return None
    known = {entry.id for entry in target.fields}
    columns = {
        name: column
        for name, column in json.loads(row.fields).items()
        if name in known and column in table.columns
    }
    return ColumnMapping(target.id, columns, json.loads(row.choices))


def keep_mapping(session: Session, table: Table, mapping: ColumnMapping) -> None:
    """Remember a mapping for sheets with the same column names."""
    session.merge(
        MappingRow(
            target=mapping.target, source=source_of(table),
            fields=json.dumps(dict(mapping.columns), ensure_ascii=False),
            choices=json.dumps(dict(mapping.choices), ensure_ascii=False),
        )
    )  # fmt: skip


def source_of(table: Table) -> str:
    """Return what sheets with the same column names, in any order, have in common."""
    names = "\n".join(sorted(_words(column) for column in table.columns))
    return hashlib.sha256(names.encode()).hexdigest()


def _likeness(known: Field, column: str) -> int:
    """Return how well a column's name fits a field; 0 if not at all.

    Of names that fit alike, the one that stands earlier in the list of synonyms fits better.
    """
    name = _words(column)
    tokens = set(name.split())
    for kind in (_EXACT, _SAME_WORDS, _WITHIN):
        for place, words in enumerate((known.label, *known.synonyms)):
            wanted = _words(words)
            fits = {
                _EXACT: name == wanted,
                _SAME_WORDS: set(wanted.split()) == tokens,
                _WITHIN: set(wanted.split()) < tokens,
            }
            if fits[kind]:
                return kind * _MOST_SYNONYMS - place
    return 0


@lru_cache(maxsize=4096)
def _words(text: str) -> str:
    """Return a name's words alone: “Completed_On (date)” and “completed on date” are one."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.findall(r"[^\W_]+", apart.casefold()))
