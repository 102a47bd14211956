"""What is written for spreadsheets is harmless there and comes back as it was."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.spreadsheets.table import read_table
from odbst_desktop.spreadsheets.writing import csv_bytes, harmless_cell


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "＝1", "−1+1", "-",
     "+44 1296 1", "+44", "=cmd|' /C calc'!A0", "--1", "+-1"],
)  # fmt: skip
def test_what_could_be_a_formula_is_text(cell: str) -> None:
    assert harmless_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-0.5", "12", "-3 %", "1–4", "", "a=1", "Year 5", "2.5"])
def test_numbers_and_words_stay(cell: str) -> None:
    assert harmless_cell(cell) == cell


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=2)))
def test_rows_come_back_and_none_begins_a_formula(rows: list[list[str]]) -> None:
    data = csv_bytes(rows).decode("utf-8-sig")
    back = list(csv.reader(io.StringIO(data, newline="")))
    assert back == [[harmless_cell(cell) for cell in row] for row in rows]
    assert all(not cell or cell[0] not in "=@\t\r" for row in back for cell in row)


def test_a_semicolon_inside_a_cell_begins_no_cell() -> None:
    data = csv_bytes([["field", "value"], ["note", "quiet;=1+1"]])
    assert b'"quiet;=1+1"' in data
    assert read_table(data, "fields.csv").columns == ("field", "value")
