"""Typed entries: dates in British order, faults by row, mappings proposed and remembered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.spreadsheets.dates import CellError, DateOrder, order_of, read_date
from odbst_desktop.spreadsheets.entries import MONTH_FIRST, read_entries
from odbst_desktop.spreadsheets.mapping import (
    keep_mapping,
    missing_fields,
    propose_mapping,
    remembered_mapping,
)
from odbst_desktop.spreadsheets.table import CellValue, read_table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.vault.vault import Vault
from tests.spreadsheets.builders import a_csv, a_workbook

DAY = date(2026, 9, 2)


@pytest.mark.parametrize(
    "cell",
    [
        DAY, datetime(2026, 9, 2, 9, 30), 46267, 46267.4, "46267", "02/09/2026", "2/9/26",
        "02.09.2026", "02-09-2026", "2026-09-02", "2026-09-02T09:30:00", "02/09/2026 09:30",
        "2 Sep 2026", "2nd September 2026", "02-Sep-26", "Wed 2 September 2026", "Sept 2, 2026",
    ],
)  # fmt: skip
def test_dates_as_sheets_write_them(cell: object) -> None:
    assert read_date(cell) == DAY  # type: ignore[arg-type]


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_every_day_is_read_back_however_it_is_written(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    forms: list[CellValue] = [
        f"{day:%d/%m/%Y}",
        f"{day:%d/%m/%y}",
        day.isoformat(),
        f"{day:%d %b %Y}",
        serial,
    ]
    assert {read_date(form) for form in forms} == {day}


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("29/02/2026", "no 29 February"),
        ("31/04/2026", "does not exist"),
        ("soon", "not a date"),
        (3, "number and not a date"),
        (True, "not a date"),
        ("11/24/2026", "month first"),
        ("24 Brumaire 2026", "not a date"),
    ],
)
def test_what_is_no_date_is_said(cell: object, words: str) -> None:
    with pytest.raises(CellError, match=words):
        read_date(cell)  # type: ignore[arg-type]


def test_leap_day_is_a_day() -> None:
    assert read_date("29/02/2024") == date(2024, 2, 29)


def test_order_of_a_column_is_named() -> None:
    assert order_of(["03/04/2026", "24/11/2026"]) is DateOrder.DAY_FIRST
    assert order_of(["03/04/2026", "11/24/2026"]) is DateOrder.MONTH_FIRST
    assert order_of(["24/11/2026", "11/24/2026"]) is DateOrder.MIXED
    assert order_of(["03/04/2026", None]) is DateOrder.UNTOLD


def test_month_first_is_told_by_row_and_read_once_the_user_says_so() -> None:
    table = read_table(
        b"Name,Course,Completed\nAnn,KCSIE,11/24/2026\nBob,KCSIE,03/04/2026\n", "x.csv"
    )
    wanted = target("completions")
    mapping = propose_mapping(table, wanted)
    read = read_entries(table, wanted, mapping)
    assert not read.entries
    assert [fault.row for fault in read.faults] == [2, 3]
    assert read.month_first_fields() == ("completed_on",)
    chosen = mapping.with_choice("completed_on", MONTH_FIRST)
    days = [entry.day("completed_on") for entry in read_entries(table, wanted, chosen).entries]
    assert days == [date(2026, 11, 24), date(2026, 3, 4)]


def test_faults_are_values_by_row_and_sound_rows_are_read() -> None:
    rows = [["Forename", "Surname", "Training Course", "Date Completed"],
            ["Ann", "Lee", "KCSIE", "29/02/2026"], ["Bob", "Dean", "", "02/09/2026"],
            ["Cy", "Fox", "KCSIE", "02/09/2026"]]  # fmt: skip
    table, wanted = read_table(a_csv(rows), "x.csv"), target("completions")
    read = read_entries(table, wanted, propose_mapping(table, wanted))
    assert [entry.row for entry in read.entries] == [4]
    assert [fault.sentence[:28] for fault in read.faults] == [
        "Row 2, Date Completed: “29/0", "Row 3, Training Course: this",
    ]  # fmt: skip


def test_mapping_is_proposed_by_the_names_of_the_columns() -> None:
    header = [
        "Employee ID",
        "Legal Surname",
        "Legal Forename",
        "Job Title",
        "Start Date",
        "Leaving date",
        "Notes",
    ]
    table = read_table(a_csv([header, list("abcdefg")]), "x.csv")
    mapping = propose_mapping(table, target("people"))
    assert mapping.columns == {
        "staff_number": "Employee ID", "last_name": "Legal Surname", "first_name": "Legal Forename",
        "role": "Job Title", "joined": "Start Date", "left": "Leaving date",
    }  # fmt: skip
    assert missing_fields(target("people"), mapping) == ()
    without = mapping.with_column("last_name", "")
    assert [f.id for f in missing_fields(target("people"), without)] == ["name"]


@given(st.lists(st.text("abcdefgh -", min_size=1, max_size=8), min_size=1, max_size=9))
def test_no_column_is_proposed_twice(names: list[str]) -> None:
    header = [*names, "Name", "Course", "Completed on"]
    table = read_table(a_csv([header, ["x"] * len(header)]), "x.csv")
    columns = list(propose_mapping(table, target("completions")).columns.values())
    assert len(columns) == len(set(columns))
    assert set(columns) <= set(table.columns)


def test_users_choice_is_remembered_for_sheets_of_the_same_columns(
    open_vaults: Callable[..., Vault],
) -> None:
    vault, wanted = open_vaults(), target("completions")
    table = read_table(b"Who,What,When\nAnn,KCSIE,02/09/2026\n", "a.csv")
    chosen = propose_mapping(table, wanted).with_column("name", "Who").with_column("course", "What")
    chosen = chosen.with_choice("completed_on", MONTH_FIRST)
    with vault.changing("mapping kept", "mapping") as session:
        keep_mapping(session, table, chosen)
        keep_mapping(session, table, chosen)
    same = read_table(a_workbook([["When", "who", "What"], [DAY, "Bob", "Prevent"]]), "b.xlsx")
    other = read_table(b"Who,What,Where\nAnn,KCSIE,here\n", "c.csv")
    with vault.reading() as session:
        found = remembered_mapping(session, same, wanted)
        assert found is not None
        assert dict(found.columns) == {"course": "What"}
        assert found.choices == {"completed_on": MONTH_FIRST}
        assert remembered_mapping(session, other, wanted) is None
