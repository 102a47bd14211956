"""A table as it was read: named columns, numbered rows, typed cells.

``read_table`` is the door: bytes in, a ``Table`` out, whatever the kind of file. Nothing is
written to the disk and nothing in the file is ever run: of a formula only its last value is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import TypeAlias

from odbst_desktop.spreadsheets.delimited import read_delimited
from odbst_desktop.spreadsheets.errors import SheetError
from odbst_desktop.spreadsheets.header import Cell, Cells, find_header
from odbst_desktop.spreadsheets.workbooks import is_workbook, read_sheets

CellValue: TypeAlias = Cell

__all__ = ["CellValue", "Fault", "Limits", "Row", "Table", "read_table"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read; more is refused with a sentence."""

    size_bytes: int = 30_000_000
    rows: int = 100_000
    columns: int = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one row, in words; ``row`` is the number that Excel shows beside it."""

    row: int
    column: str
    message: str

    @property
    def sentence(self) -> str:
        """Return e.g. “Row 7, Completed: …”."""
        return f"Row {self.row}, {self.column}: {self.message}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row; ``cells`` stand in the order of the table's columns, blank ones are None."""

    number: int
    cells: tuple[CellValue, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What a sheet holds. ``header_row`` is the number of the row with the column names.

    ``sheets`` names every sheet of the file, ``sheet`` the one that was read.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    header_row: int
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    _places: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note where each column stands."""
        places = {column: place for place, column in enumerate(self.columns)}
        object.__setattr__(self, "_places", places)

    def column(self, name: str) -> tuple[CellValue, ...]:
        """Return the cells of a column, from the first row to the last."""
        place = self._places[name]
        return tuple(row.cells[place] for row in self.rows)

    def cell(self, row: Row, name: str) -> CellValue:
        """Return a row's cell in a column."""
        return row.cells[self._places[name]]


def read_table(data: bytes, name: str, *, sheet: str = "", limits: Limits | None = None) -> Table:
    """Read a CSV, Excel or ODS file; ``name`` is its file name, shown and never opened.

    Without ``sheet`` it is the first sheet that is shown and not empty.

    Raises:
        SheetError: it is empty, too large, damaged, locked by a password, or no table.

    """
    limits = limits or Limits()
    if not data.strip(b"\0\r\n\t "):
        raise SheetError(f"“{name}” is empty. Choose the file that holds the table.")
    if len(data) > limits.size_bytes:
        raise SheetError(
            f"“{name}” has {len(data) / 1e6:.0f} MB, and {limits.size_bytes / 1e6:.0f} MB is the "
            "most that is read. Keep only the sheet and the years you need, and try again."
        )
    if is_workbook(data):
        chosen, sheets, cells = read_sheets(data, name, sheet, limits.rows, limits.columns)
    else:
        chosen, sheets, cells = "", (), read_delimited(data, name)
    return _table(name, cells, chosen, sheets, limits)


def _table(
    name: str, cells: list[Cells], sheet: str, sheets: tuple[str, ...], limits: Limits
) -> Table:
    cells = [_without_blank_end(row) for row in cells]
    if not any(cells):
        raise SheetError(f"“{name}” is empty. Choose the file that holds the table.")
    header = find_header(cells)
    if header is None:
        raise SheetError(
            f"No row with column names was found in “{name}”. Put one above the data, such as "
            "Name, Course, Date, and try again."
        )
    below = [
        (number, row) for number, row in enumerate(cells[header.last :], header.last + 1) if row
    ]
    if len(below) > limits.rows:
        raise SheetError(
            f"“{name}” has {len(below):,} rows, and {limits.rows:,} is the most that is read at "
            "once. Split it, by year for example, and import one part after the other."
        )
    width = max([len(header.names), *(len(row) for _, row in below)])
    if width > limits.columns:
        raise SheetError(
            f"“{name}” has {width} columns, and {limits.columns} is the most that is read. Keep "
            "only the columns you need, and try again."
        )
    names = header.wide(width)
    rows = tuple(Row(number, (*row, *(None,) * (width - len(row)))) for number, row in below)
    return Table(name, names, rows, header.last, sheet, sheets)


def _without_blank_end(row: Cells) -> Cells:
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row[:end]


def show_cell(value: CellValue) -> str:
    """Return a cell as it is shown in a preview."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
