"""Sheets with a column for each course and the day it was done in the cells, made into a list."""

from __future__ import annotations

from collections.abc import Iterable

from odbst_desktop.spreadsheets.dates import CellError, DateOrder, read_date
from odbst_desktop.spreadsheets.mapping import propose_mapping
from odbst_desktop.spreadsheets.table import CellValue, Row, Table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.training.catalogue import Course
from odbst_desktop.training.names import course_ids_by_words, plain_words

COURSE, COMPLETED = "Course", "Completed on"
_LEAST_COURSES = 2
_MOSTLY = 0.5


def as_list(table: Table, courses: Iterable[Course]) -> Table:
    """Return a wide sheet as one row for each person and course; any other sheet as it is.

    A sheet is wide if no column says which course, and at least two columns are named after one.
    Then every column of dates that says nothing of the person is taken for a course; the numbers
    of the rows stay those of the sheet.
    """
    proposed = propose_mapping(table, target("completions")).columns
    known = course_ids_by_words(courses)
    named = [column for column in table.columns if plain_words(column) in known]
    if len(named) < _LEAST_COURSES or proposed.get("course", named[0]) not in named:
        return table
    of_person = set(propose_mapping(table, target("people")).columns.values())
    dated = [
        column
        for column in table.columns
        if column in named or (column not in of_person and _is_mostly_dates(table, column))
    ]
    kept = [column for column in table.columns if column not in dated]
    rows = tuple(
        Row(row.number, (*(table.cell(row, name) for name in kept), column, day))
        for row in table.rows
        for column in dated
        if (day := table.cell(row, column)) is not None
    )
    return Table(
        table.name, (*kept, COURSE, COMPLETED), rows, table.header_row, table.sheet, table.sheets
    )


def _is_mostly_dates(table: Table, column: str) -> bool:
    cells = [cell for cell in table.column(column) if cell is not None]
    return bool(cells) and sum(map(_is_date, cells)) >= _MOSTLY * len(cells)


def _is_date(cell: CellValue) -> bool:
    try:
        read_date(cell, DateOrder.UNTOLD)
    except CellError:
        try:
            read_date(cell, is_month_first=True)
        except CellError:
            return False
    return True
