"""Excel and ODS workbooks, read from memory. Values only: no formula or macro is ever run."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TypeAlias

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from odbst_desktop.spreadsheets.archive import check_archive, damaged, too_much
from odbst_desktop.spreadsheets.errors import SheetError
from odbst_desktop.spreadsheets.header import Cell, Cells

_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_ABOVE = 100
"""How many rows of titles and blanks a sheet may have beyond its data."""

_Read: TypeAlias = int | float | str | bool | time | date | datetime | timedelta


def is_workbook(data: bytes) -> bool:
    """Say whether a file is a workbook, by its first bytes and not by its name."""
    return data.startswith((_ZIP, _COMPOUND, b"PK\x05\x06"))


def read_sheets(
    data: bytes, name: str, sheet: str, most_rows: int, most_columns: int
) -> tuple[str, tuple[str, ...], list[Cells]]:
    """Return the sheet that was read, the names of all, and its rows from the very first.

    Raises:
        SheetError: it is locked by a password, damaged, too large or has no such sheet.

    """
    if data.startswith(_COMPOUND):
        if _LOCKED in data:
            raise SheetError(_locked(name))
    else:
        check_archive(data, name)
    try:
        return _read(data, name, sheet, most_rows, most_columns)
    except PasswordError as fault:
        raise SheetError(_locked(name)) from fault
    except (CalamineError, ValueError, OverflowError) as fault:
        raise SheetError(damaged(name)) from fault
    except BaseException as fault:
        # A panic inside the reader is no Exception; it is named so that nothing else is caught.
        if type(fault).__name__ != "PanicException":
            raise
        raise SheetError(damaged(name)) from fault


def _read(
    data: bytes, name: str, wanted: str, most_rows: int, most_columns: int
) -> tuple[str, tuple[str, ...], list[Cells]]:
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        names = tuple(
            known.name
            for known in book.sheets_metadata
            if known.visible == SheetVisibleEnum.Visible and known.typ == SheetTypeEnum.WorkSheet
        )
        if wanted and wanted not in names:
            raise SheetError(f"“{name}” has no sheet called “{wanted}”. Choose one of its sheets.")
        for known in (wanted,) if wanted else names:
            sheet = book.get_sheet_by_name(known)
            if sheet.height:
                return known, names, _rows(sheet, name, most_rows, most_columns)
    raise SheetError(f"“{name}” is empty. Choose the file that holds the table.")


def _rows(sheet: CalamineSheet, name: str, most_rows: int, most_columns: int) -> list[Cells]:
    if sheet.total_height > most_rows + _ABOVE:
        raise SheetError(
            f"“{name}” has {sheet.total_height:,} rows, and {most_rows:,} is the most that is read "
            "at once. Split it, by year for example, and import one part after the other."
        )
    if sheet.total_width > most_columns:
        raise SheetError(too_much(name))
    return [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


def _cell(value: _Read) -> Cell:
    if isinstance(value, str):
        return value.replace("\xa0", " ").strip() or None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date()
    if isinstance(value, timedelta):
        return str(value)
    return value


def _locked(name: str) -> str:
    return (
        f"“{name}” is locked with a password. Open it in Excel, take the password off under File, "
        "Info, and import the copy."
    )
