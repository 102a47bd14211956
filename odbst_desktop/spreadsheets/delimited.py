"""CSV files as they come: any of the usual encodings, any of the usual separators."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from odbst_desktop.spreadsheets.errors import SheetError
from odbst_desktop.spreadsheets.header import Cells

_SEPARATORS = (",", ";", "\t", "|")
_LOOKED_AT = 60
_LONGEST_CELL = 100_000
_STATED = re.compile(r"sep=([,;\t|])\r?\n")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_delimited(data: bytes, name: str) -> list[Cells]:
    """Return the rows of a CSV file, blank ones as empty lists so that row numbers stay right.

    Raises:
        SheetError: it is not text, or a quotation mark is never closed.

    """
    text = decode(data, name)
    stated = _STATED.match(text)
    separator = stated[1] if stated else _separator(text)
    rows: list[Cells] = []
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows.extend([_cell(value) for value in row] for row in reader)
    except csv.Error as fault:
        raise SheetError(
            f"“{name}” cannot be read after row {len(rows)}: a quotation mark is not closed, or "
            "one cell is far too long. Mend that row, or save it again as CSV or .xlsx."
        ) from fault
    if stated:
        rows[0] = []
    return rows


def decode(data: bytes, name: str) -> str:
    """Return the text of a file in UTF-8, UTF-16 or Windows-1252.

    Raises:
        SheetError: it is none of these.

    """
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as fault:
        raise SheetError(_not_text(name)) from fault
    if _CONTROL.search(text):
        raise SheetError(_not_text(name))
    return text


def _not_text(name: str) -> str:
    return (
        f"“{name}” is neither a spreadsheet nor readable text. Save it again as “CSV UTF-8” or as "
        "an Excel workbook (.xlsx), and import that."
    )


def _encoding(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = data[:2000]
    zeros = start.count(0)
    if zeros > len(start) // 4:  # without a mark: in Latin text every second byte is nought
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _cell(value: str) -> str | None:
    # A non-breaking space looks like a blank and is none.
    return value.replace("\xa0", " ").strip() or None


def _separator(text: str) -> str:
    """Return the separator that cuts the top of the file into the most even columns."""
    return max(_SEPARATORS, key=lambda separator: _evenness(text, separator))


def _evenness(text: str, separator: str) -> int:
    widths: Counter[int] = Counter()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            widths[len(row)] += 1
            if widths.total() >= _LOOKED_AT:
                break
    except csv.Error:
        return 0
    return max(((width - 1) * often for width, often in widths.items()), default=0)
