"""Writes tables for spreadsheet programs, with no cell that one of them would run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

_STARTS_A_FORMULA = re.compile(r"\s*[=+\-@\u2212\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""Signs a formula begins with, also in their wide forms, and what a program drops before them."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:\s?%)?")


def harmless_cell(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe stands before it.

    A negative number, such as -0.5 or -3 %, is none and stays a number. What begins with a plus is
    never a figure of ours: it is a telephone number, and a spreadsheet would drop its plus.
    """
    if _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}" if _STARTS_A_FORMULA.match(cell) else cell


def csv_bytes(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows as CSV in UTF-8 with the mark that Excel needs to see it; cells are harmless.

    Every cell stands in quotation marks: where a semicolon parts the columns, one inside a cell
    would else begin a cell of its own, and that could be a formula.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, quoting=csv.QUOTE_ALL)
    writer.writerows([harmless_cell(cell) for cell in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")
