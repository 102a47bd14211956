"""The rows of a table as typed entries, and what is wrong with which row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from odbst_desktop.spreadsheets.dates import CellError, DateOrder, order_of, read_date
from odbst_desktop.spreadsheets.mapping import ColumnMapping, missing_fields
from odbst_desktop.spreadsheets.table import CellValue, Fault, Table, show_cell
from odbst_desktop.spreadsheets.targets import Field, Target

EntryValue: TypeAlias = str | int | float | bool | date | None

MONTH_FIRST = "month_first"
"""The choice, by field id, that says a column has the month first."""

_YES = frozenset({"yes", "y", "true", "1", "x", "✓", "✔", "done", "completed"})
_NO = frozenset({"no", "n", "false", "0", "-", "✗"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A row's values by field id; ``row`` is the number that Excel shows beside it."""

    row: int
    values: Mapping[str, EntryValue]

    def text(self, name: str) -> str:
        """Return a text field; an empty text if the row has none."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def day(self, name: str) -> date | None:
        """Return a date field, None if the row has none."""
        value = self.values.get(name)
        return value if isinstance(value, date) else None


@dataclass(frozen=True, slots=True)
class Entries:
    """What a table says: sound entries, faults by row, and the order of each column of dates."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    date_orders: Mapping[str, DateOrder]

    def month_first_fields(self) -> tuple[str, ...]:
        """Return the date fields whose columns show dates with the month first."""
        doubted = {DateOrder.MONTH_FIRST, DateOrder.MIXED}
        return tuple(name for name, order in self.date_orders.items() if order in doubted)


def read_entries(table: Table, target: Target, mapping: ColumnMapping) -> Entries:
    """Return the entries of a table; a row with any fault is not among them."""
    held = tuple(known for known in target.fields if known.id in mapping.columns)
    orders = {
        known.id: order_of(table.column(mapping.columns[known.id]))
        for known in held
        if known.type == "date"
    }
    needed = _needed(target, mapping)
    entries: list[Entry] = []
    faults: list[Fault] = []
    for row in table.rows:
        values: dict[str, EntryValue] = {}
        wrong: list[Fault] = []
        for known in held:
            column = mapping.columns[known.id]
            try:
                value = _value(known, table.cell(row, column), mapping, orders)
                if value is None and known.id in needed:
                    raise CellError("this is blank, and it is needed.")
                values[known.id] = value
            except CellError as fault:
                wrong.append(Fault(row.number, column, str(fault)))
        faults += wrong
        if not wrong:
            entries.append(Entry(row.number, values))
    return Entries(tuple(entries), tuple(faults), orders)


def _needed(target: Target, mapping: ColumnMapping) -> frozenset[str]:
    """Return the fields that may not be blank: the required ones, or what stands for them."""
    needed: set[str] = set()
    unmapped = {known.id for known in missing_fields(target, mapping)}
    for known in target.fields:
        if not known.is_required or known.id in unmapped:
            continue
        needed |= {known.id} if known.id in mapping.columns else set(known.unless)
    return frozenset(needed)


def _value(
    known: Field, cell: CellValue, mapping: ColumnMapping, orders: Mapping[str, DateOrder]
) -> EntryValue:
    if cell is None:
        return None
    if known.type == "date":
        is_month_first = mapping.choices.get(known.id) == MONTH_FIRST
        return read_date(cell, orders[known.id], is_month_first=is_month_first)
    if known.type == "text":
        return " ".join(show_cell(cell).split())
    if known.type == "yes_no":
        return _yes_no(cell)
    return _number(cell, is_whole=known.type == "whole")


def _yes_no(cell: CellValue) -> bool:
    word = show_cell(cell).strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise CellError(f"“{show_cell(cell)[:40]}” is neither yes nor no.")


def _number(cell: CellValue, *, is_whole: bool) -> int | float:
    try:
        number = float(show_cell(cell).replace(",", ""))
    except ValueError as fault:
        raise CellError(f"“{show_cell(cell)[:40]}” is not a number.") from fault
    if is_whole and not number.is_integer():
        raise CellError(f"“{show_cell(cell)[:40]}” is not a whole number.")
    return int(number) if is_whole else number
