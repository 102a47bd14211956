"""Sheets as they come: encodings, separators, titles, merged headers, and files that are none."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.spreadsheets.errors import SheetError
from odbst_desktop.spreadsheets.table import Limits, read_table
from tests.spreadsheets.builders import a_csv, a_workbook, an_ods, ods_cell

STAFF = [["Name", "Job title", "Start date"], ["Zoë O’Hara", "Teacher", "01/09/2024"]]
plain = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\xa0\ufeff"), max_size=12
).map(str.strip)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_usual_encoding_and_separator_is_read(encoding: str, separator: str) -> None:
    table = read_table(a_csv(STAFF, encoding, separator), "staff.csv")
    assert table.columns == ("Name", "Job title", "Start date")
    assert table.column("Name") == ("Zoë O’Hara",)


@given(st.lists(st.tuples(plain, plain, plain), max_size=20))
def test_what_was_written_is_read(rows: list[tuple[str, str, str]]) -> None:
    held = [["Name", "Course", "Note"], *(list(row) for row in rows)]
    table = read_table(a_csv(held), "x.csv")
    read = {row.number: row.cells for row in table.rows}
    for number, row in enumerate(rows, start=2):
        assert read.get(number, (None,) * 3) == tuple(cell or None for cell in row)


def test_line_breaks_in_quotes_do_not_shift_row_numbers() -> None:
    table = read_table(b'Name,Note\r\nAnn,"two\r\nlines"\r\n\r\nBob,one\r\n', "x.csv")
    assert [(row.number, row.cells[0]) for row in table.rows] == [(2, "Ann"), (4, "Bob")]


def test_excels_own_separator_line_is_obeyed() -> None:
    table = read_table(b"sep=;\r\nName;Course\r\nLee, Ann;KCSIE, part 1\r\n", "x.csv")
    assert table.columns == ("Name", "Course")
    assert table.rows[0].cells == ("Lee, Ann", "KCSIE, part 1")


def test_titles_stand_above_the_header() -> None:
    rows = [["Training report"], ["Oakfield School", "printed 24/11/2026"], [],
            ["Name", "Course", "Completed", "Expires"],
            ["Ann Lee", "KCSIE", "02/09/2026", ""]]  # fmt: skip
    table = read_table(a_csv(rows), "x.csv")
    assert table.header_row == 4
    assert table.columns == ("Name", "Course", "Completed", "Expires")
    assert table.rows[0].number == 5


def test_merged_headers_over_two_rows_are_one() -> None:
    rows: list[list[object]] = [["Staff training 2026", None, None, None, None],
            ["Name", "Level 1", None, "Level 2", None],
            [None, "Date", "Expires", "Date", "Expires"],
            ["Ann Lee", date(2026, 9, 2), None, None, None]]  # fmt: skip
    data = a_workbook(rows, merged=["A1:E1", "A2:A3", "B2:C2", "D2:E2"])
    table = read_table(data, "x.xlsx")
    assert table.columns == (
        "Name", "Level 1: Date", "Level 1: Expires", "Level 2: Date", "Level 2: Expires",
    )  # fmt: skip
    assert table.rows[0].cells[:2] == ("Ann Lee", date(2026, 9, 2))


def test_columns_without_a_name_or_with_one_name_are_told_apart() -> None:
    table = read_table(b"Name,Date,,Date\nAnn,1,2,3,4\n", "x.csv")
    assert table.columns == ("Name", "Date", "Column 3", "Date (2)", "Column 5")


def test_workbook_cells_keep_their_types_and_no_formula_is_run() -> None:
    rows: list[list[object]] = [["Name", "Number", "Day", "At", "Sum"],
            ["Ann", 45.0, date(2024, 2, 29), datetime(2026, 1, 1, 9, 30), "=1+1"]]  # fmt: skip
    table = read_table(a_workbook(rows), "x.xlsx")
    assert table.rows[0].cells == ("Ann", 45, date(2024, 2, 29), datetime(2026, 1, 1, 9, 30), None)


def test_ods_is_read_and_its_endless_blank_rows_are_not() -> None:
    body = (
        f"<table:table-row>{ods_cell('Name')}{ods_cell('Role')}</table:table-row>"
        f"<table:table-row>{ods_cell('Ann')}{ods_cell('Teacher')}"
        '<table:table-cell table:number-columns-repeated="16382"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    table = read_table(an_ods(body), "x.ods")
    assert (table.sheet, table.rows[0].cells) == ("Staff", ("Ann", "Teacher"))


def test_first_sheet_with_something_in_it_is_read_and_others_can_be_asked_for() -> None:
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook()
    book.active.title = "Cover"
    for title in ("Staff", "Leavers"):
        book.create_sheet(title).append(["Name", "Role"])
        book[title].append([f"Ann of {title}", "Teacher"])
    held = io.BytesIO()
    book.save(held)
    table = read_table(held.getvalue(), "x.xlsx")
    assert (table.sheet, table.sheets) == ("Staff", ("Cover", "Staff", "Leavers"))
    other = read_table(held.getvalue(), "x.xlsx", sheet="Leavers")
    assert other.column("Name") == ("Ann of Leavers",)
    with pytest.raises(SheetError, match="no sheet called"):
        read_table(held.getvalue(), "x.xlsx", sheet="Pupils")


def test_hundred_thousand_rows_are_read_and_one_more_is_refused() -> None:
    line = b"Ann,1\n"
    assert len(read_table(b"Name,Course\n" + line * 100_000, "x.csv").rows) == 100_000
    with pytest.raises(SheetError, match=r"100,001 rows.*100,000 is the most"):
        read_table(b"Name,Course\n" + line * 100_001, "x.csv")
    with pytest.raises(SheetError, match="Split it"):
        read_table(a_workbook([["Name"]] * 130), "x.xlsx", limits=Limits(rows=20))


def _zipped(content: bytes, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return held.getvalue()


def _bomb() -> bytes:
    held = io.BytesIO()
    with (
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/image1.png", "w") as member,
    ):
        for _ in range(420):
            member.write(b"\0" * 1_000_000)
    return held.getvalue()


_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\r\n\r\n", "is empty"),
        (b",,\n,,\n", "is empty"),
        (a_workbook([]), "is empty"),
        (bytes(range(256)) * 4, "neither a spreadsheet nor readable text"),
        (b"%PDF-1.7\n\x00\x01\x02", "neither a spreadsheet nor readable text"),
        (b'Name,Note\nAnn,"never closed\nBob,2\n', "after row 1"),
        (b"1,2\n3,4\n", "No row with column names"),
        (_LOCKED, "locked with a password"),
        (_LOCKED[:400], "damaged"),
        (a_workbook(STAFF)[:3000], "damaged"),
        (_zipped(b"<x/>"), "damaged"),
        (_zipped(b"<x/>", "xl/workbook.bin"), "binary workbook"),
        (_bomb(), "far more"),
        (a_workbook(STAFF, cells={"XFD1048576": "x"}), "far away"),
        (an_ods(
            f'<table:table-row table:number-rows-repeated="900000">{ods_cell("x") * 40}'
            "</table:table-row>"), "far away"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(SheetError, match=words) as refused:
        read_table(data, "sheet.xlsx")
    assert "sheet.xlsx" in refused.value.sentence
    assert len(refused.value.sentence) < 250


def test_size_is_limited() -> None:
    with pytest.raises(SheetError, match="MB"):
        read_table(b"Name,Course\n" + b"x" * 100, "x.csv", limits=Limits(size_bytes=50))


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _joined(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


_ODS = an_ods(f"<table:table-row>{ods_cell('Name')}{ods_cell('Role')}</table:table-row>" * 9)
_WORKBOOKS = [_parts(a_workbook(STAFF)), _parts(_ODS)]
_TWISTS = [b"", b'"', b"<", b"&", b'r="ZZ99999"', b'number-rows-repeated="99999999"', b"999999"]


@given(st.data())
def test_workbook_with_twisted_insides_is_refused_or_read_and_nothing_hangs(
    data: st.DataObject,
) -> None:
    parts = dict(data.draw(st.sampled_from(_WORKBOOKS)))
    name = data.draw(st.sampled_from([known for known in parts if known.endswith(".xml")]))
    content = parts[name]
    start = data.draw(st.integers(0, len(content)))
    end = start + data.draw(st.integers(0, 30))
    parts[name] = content[:start] + data.draw(st.sampled_from(_TWISTS)) + content[end:]
    with contextlib.suppress(SheetError):
        assert read_table(_joined(parts), "x.xlsx").columns


@pytest.mark.parametrize(
    "twist",
    [
        (b"</table:table>", b"<table:table>"),  # the reader waited for ever on this
        (b'encoding="UTF-8"', b'encoding="UT-8"'),
        (b"<office:body>", b'<!DOCTYPE x [<!ENTITY a "b">]><office:body>'),
    ],
)
def test_workbook_whose_xml_breaks_off_is_refused(twist: tuple[bytes, bytes]) -> None:
    parts = _parts(_ODS)
    parts["content.xml"] = parts["content.xml"].replace(*twist)
    with pytest.raises(SheetError, match="damaged"):
        read_table(_joined(parts), "x.ods")
