"""The trust's figures by year, term and field, by one SQL text wherever the table lies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from decimal import Decimal
from typing import Any

from odbst_desktop.shipped import shipped_file
from odbst_desktop.spreadsheets.writing import csv_bytes

COUNTED = ("academic_year", "term", "urn", "field", "number", "missing")
"""The columns of the tidy table that the figures are made from, in the order they are given."""

_COLUMNS = (
    "academic_year", "term", "field", "schools_returned", "schools_said", "numbers", "not_known",
    "total", "smallest", "largest",
)  # fmt: skip
_TOTAL = _COLUMNS.index("total")
_TABLE = (
    "CREATE TABLE returned (academic_year TEXT, term TEXT, urn INTEGER, field TEXT, "
    "number REAL, missing TEXT)"
)


def figures_sql() -> str:
    """Return the SQL text; it reads a table ``returned`` with the columns of the tidy table."""
    return shipped_file("resources/collation.sql").read_text(encoding="utf-8")


def figures_of(rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Return the figures of rows of ``COUNTED``, reckoned in memory."""
    with closing(sqlite3.connect(":memory:")) as table:
        table.execute(_TABLE)
        table.executemany("INSERT INTO returned VALUES (?, ?, ?, ?, ?, ?)", rows)
        return table.execute(figures_sql()).fetchall()


def figures_csv(figures: Iterable[Sequence[Any]]) -> bytes:
    """Return figures as CSV: totals with up to three decimals, nothing rounded."""
    return csv_bytes((_COLUMNS, *map(_words, figures)))


def _words(figure: Sequence[Any]) -> list[str]:
    said = [*figure]
    said[_TOTAL] = Decimal(said[_TOTAL]).scaleb(-3).normalize()
    return [format(cell, "f") if isinstance(cell, Decimal) else str(cell) for cell in said]
