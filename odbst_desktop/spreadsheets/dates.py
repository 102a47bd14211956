"""Dates in sheets: real ones, Excel's numbers, and text in British order.

A column whose dates are written month first, as in the United States, is detected and named;
its dates are never guessed at. The user may then say that the month does come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import Enum

from odbst_desktop.spreadsheets.header import Cell

_FIGURES = re.compile(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})", re.ASCII)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_NAMED = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4}|\d{2})", re.ASCII
)
_NAMED_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.ASCII)
_TIME = re.compile(r"[t\s,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:am|pm|z)?$", re.ASCII)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,\s]+", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_FIRST_SERIAL, _LAST_SERIAL = 10_959, 73_050
"""Excel's numbers of 1 January 1930 and 31 December 2099."""

_DAY_ZERO = date(1899, 12, 30)
_LATE_YEARS = 69
"""Two figures up to this are of this century, above it of the last."""


class DateOrder(Enum):
    """Which comes first in a column's dates; the value is how it is said."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first, as in the United States"
    MIXED = "partly day first and partly month first"
    UNTOLD = "day first, though no date in the column shows it"


class CellError(ValueError):
    """A cell cannot be read as what it should be; the text is a sentence for the user."""


def order_of(cells: Iterable[Cell]) -> DateOrder:
    """Return which order a column's written dates show."""
    days = months = written = 0
    for cell in cells:
        match = _FIGURES.fullmatch(_plain(cell)) if isinstance(cell, str) else None
        if match is None:
            continue
        written += 1
        days += int(match[1]) > 12
        months += int(match[2]) > 12
    if months:
        return DateOrder.MIXED if days else DateOrder.MONTH_FIRST
    return DateOrder.DAY_FIRST if days or not written else DateOrder.UNTOLD


def read_date(
    cell: Cell, order: DateOrder = DateOrder.DAY_FIRST, *, is_month_first: bool = False
) -> date:
    """Return the date in a cell.

    ``order`` is what ``order_of`` found in its column; ``is_month_first`` is what the user chose.

    Raises:
        CellError: it is no date, or its order is in doubt.

    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_serial(cell)
    if not isinstance(cell, str):
        raise CellError("this is not a date. Type it as 24/11/2026.")
    text = _plain(cell)
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text))
    if match := _FIGURES.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        if not is_month_first:
            _refuse_doubt(cell, first, second, order)
        day, month = (second, first) if is_month_first else (first, second)
        return _made(cell, _year(match[3]), month, day)
    return _named(cell, text)


def _named(cell: str, text: str) -> date:
    if match := _ISO.fullmatch(text):
        return _made(cell, int(match[1]), int(match[2]), int(match[3]))
    if match := _NAMED.fullmatch(text):
        return _made(cell, _year(match[3]), _month(cell, match[2]), int(match[1]))
    if match := _NAMED_FIRST.fullmatch(text):
        return _made(cell, int(match[3]), _month(cell, match[1]), int(match[2]))
    raise CellError(f"“{cell[:40]}” is not a date. Type it as 24/11/2026.")


def _plain(cell: str) -> str:
    text = " ".join(cell.lower().split())
    return _WEEKDAY.sub("", _TIME.sub("", text))


def _refuse_doubt(cell: str, first: int, second: int, order: DateOrder) -> None:
    if second > 12 >= first:
        raise CellError(
            f"“{cell[:40]}” has the month first, as in the United States. Write the day first, or "
            "say that this column has the month first."
        )
    if order in {DateOrder.MONTH_FIRST, DateOrder.MIXED} and first <= 12 and first != second:
        raise CellError(
            f"“{cell[:40]}” may be either of two days: other dates in this column have the month "
            "first. Write the day first, or say that this column has the month first."
        )


def _made(cell: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as fault:
        if (month, day) == (2, 29):
            raise CellError(
                f"“{cell[:40]}” does not exist: {year} has no 29 February. Look up the right day."
            ) from fault
        raise CellError(
            f"“{cell[:40]}” is a day that does not exist. Look up the right one."
        ) from fault


def _month(cell: str, word: str) -> int:
    for number, name in enumerate(_MONTHS, start=1):
        if name.startswith(word) or (word == "sept" and name == "september"):
            return number
    raise CellError(f"“{cell[:40]}” is not a date. Type it as 24/11/2026.")


def _year(figures: str) -> int:
    year = int(figures)
    if len(figures) == 4:
        return year
    return year + (2000 if year <= _LATE_YEARS else 1900)


def _from_serial(number: float) -> date:
    if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        raise CellError(f"“{number:g}” is a number and not a date. Type the date as 24/11/2026.")
    return _DAY_ZERO + timedelta(days=int(number))
