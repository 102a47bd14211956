"""Workbooks that are broken, boundless or full of tricks: named, never run, never a crash."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from odbst_desktop.errors import OdbstError
from odbst_desktop.form_engine.answers import evaluate
from odbst_desktop.form_engine.errors import FormDefinitionError
from odbst_desktop.form_engine.reading import load_form, read_form
from tests.form_engine.xlsforms import ACCEPTED, write_xlsform

SHEET = ('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
         "<sheetData>{}</sheetData></worksheet>")  # fmt: skip


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write_xlsform(tmp_path / "form.xlsx", ACCEPTED["plain questions"])


def with_part(path: Path, name: str, data: bytes) -> Path:
    """Return a copy of a workbook with one part replaced or added."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, data)
    return target


def test_broken_files_are_refused(sound: Path, tmp_path: Path) -> None:
    data = sound.read_bytes()
    broken = tmp_path / "broken.xlsx"
    for content in (b"", b"PK", data[:-400], data[: len(data) // 2], b"\xd0\xcf\x11\xe0" + data,
                    b"type,name,label\n", bytes(5_000)):  # fmt: skip
        broken.write_bytes(content)
        with pytest.raises(FormDefinitionError, match=r"broken\.xlsx"):
            load_form(broken)
    not_a_book = tmp_path / "letter.xlsx"
    with zipfile.ZipFile(not_a_book, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(FormDefinitionError, match="not an Excel workbook"):
        load_form(not_a_book)
    with pytest.raises(OdbstError, match=r"save it as \.xlsx"):
        load_form(tmp_path / "old.xls")
    with pytest.raises(OdbstError, match="could not be read"):
        load_form(tmp_path / "nowhere.xlsx")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_damaged_bytes_never_crash(tmp_path_factory: pytest.TempPathFactory, place: int,
                                   damage: bytes) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("damaged")
    data = bytearray(write_xlsform(folder / "form.xlsx", ACCEPTED["choices"]).read_bytes())
    at = place % len(data)
    data[at : at + len(damage)] = damage
    (folder / "form.xlsx").write_bytes(bytes(data))
    try:
        load_form(folder / "form.xlsx")
    except FormDefinitionError as fault:
        assert "form.xlsx" in fault.sentence  # noqa: PT017 - some damage leaves it sound


def test_part_that_is_not_xml_is_refused(sound: Path) -> None:
    changed = with_part(sound, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c>")
    with pytest.raises(FormDefinitionError):
        load_form(changed)


def test_cells_at_the_far_corner_are_refused_before_they_fill_the_memory(sound: Path) -> None:
    cells = ('<row r="1"><c r="A1" t="str"><v>type</v></c></row>'
             '<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>')  # fmt: skip
    changed = with_part(sound, "xl/worksheets/sheet1.xml", SHEET.format(cells).encode())
    with pytest.raises(FormDefinitionError, match="reaches beyond row"):
        load_form(changed)


def test_what_unpacks_to_too_much_is_refused(sound: Path, tmp_path: Path) -> None:
    changed = with_part(sound, "xl/media/picture.bin", bytes(90_000_000))
    assert changed.stat().st_size < 1_000_000
    with pytest.raises(FormDefinitionError, match="more than 80 MB"):
        load_form(changed)
    huge = tmp_path / "huge.xlsx"
    with huge.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(FormDefinitionError, match="larger than 10 MB"):
        load_form(huge)


def test_entities_in_a_part_are_not_blown_up(sound: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY a{n} "{"&a;" if n == 0 else f"&a{n - 1};" * 20}">' for n in range(20)
    )
    cells = '<row r="1"><c r="A1" t="str"><v>&a19;</v></c></row>'
    part = f"{bomb}]>{SHEET.format(cells)}".encode()
    changed = with_part(sound, "xl/worksheets/sheet1.xml", part)
    with pytest.raises(FormDefinitionError):
        load_form(changed)


def test_formulas_and_macros_are_not_run_but_named(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "survey"
    for row in (["type", "name", "label"], ["text", "who", '=HYPERLINK("http://x", "Who?")'],
                ["text", "what", "What?"]):  # fmt: skip
        book.worksheets[0].append(row)
    path = tmp_path / "form.xlsx"
    book.save(path)
    reading = read_form(with_part(path, "xl/vbaProject.bin", b"Sub Auto_Open()"))
    words = [notice.words for notice in reading.notices]
    assert any("macros: they are not run" in w for w in words)
    assert any("1 formulas (C2): they are not run" in w for w in words)
    assert reading.form is None  # Excel saved no value, so the question has no words


def test_form_of_5000_rows_is_read_and_answered(tmp_path: Path) -> None:
    rows = "\n".join(f"integer | q{n} | Question {n} | . >= 0" for n in range(5_000))
    path = write_xlsform(
        tmp_path / "long.xlsx", {"survey": f"type | name | label | constraint\n{rows}"}
    )
    form = load_form(path)
    assert len(form.questions()) == 5_000
    assert [p.field for p in evaluate(form, {"q4999": -1}).problems] == ["q4999"]
    more = "\n".join(f"note | n{n} | Note" for n in range(10_001))
    path = write_xlsform(tmp_path / "longer.xlsx", {"survey": f"type | name | label\n{more}"})
    with pytest.raises(FormDefinitionError, match="at most 10,000"):
        load_form(path)


def test_yaml_that_grows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.yaml"
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    path.write_text("\n".join(lines))
    with pytest.raises(FormDefinitionError, match="aliases"):
        load_form(path)
    path.write_text("[" * 20_000)
    with pytest.raises(FormDefinitionError):
        load_form(path)
    path.write_text("!!python/object/apply:os.system ['true']")
    with pytest.raises(FormDefinitionError, match="not YAML"):
        load_form(path)


UNSUPPORTED = {
    "survey": """
        type | name | label | trigger | appearance | relevant
        text | who | Who? | - | - | -
        geopoint | where | Where? | - | - | -
        audio | said | What was said? | - | - | -
        barcode | code | The code | - | - | -
        text | app | From an app | - | ex:org.odk.counter | -
        text | late | Late | ${who} | - | -
        text | far | Far | - | - | area(${where}) > 1
        begin repeat | outer | Outer | - | - | -
        begin repeat | inner | Inner | - | - | -
        text | deep | Deep | - | - | -
        end repeat | - | - | - | - | -
        end repeat | - | - | - | - | -
        select_one_from_file no.csv | pick | Pick | - | - | -
        text | last | Last? | - | - | -
        begin loop over trees | each | Each | - | - | -
        integer | tall | How tall? | - | - | -
        end loop | - | - | - | -""",
    "entities": "dataset | label\ntrees | a",
}


def test_what_is_not_supported_is_named_by_line_and_the_rest_is_a_preview(tmp_path: Path) -> None:
    path = write_xlsform(tmp_path / "odk.xlsx", UNSUPPORTED)
    reading = read_form(path)
    assert not reading.is_usable
    words = " / ".join(fault.words for fault in reading.unsupported)
    for place in ("row 3, column A: “geopoint”", "row 4, column A: “audio”", "row 5, column A: “b",
                  "row 6, column E: an external app", "row 7, column D: calculating on a trigger",
                  "row 8, column F: the function “area”", "row 9, column A: a repeat within",
                  "“no.csv”", "sheet “entities”",
                  "row 16, column A: a loop is not supported"):  # fmt: skip
        assert place in words, place
    assert reading.form is not None
    assert [q.name for q in reading.form.questions()][:2] == ["who", "where"]
    assert evaluate(reading.form, {"who": "x"}).relevant >= {"who", "last"}
    with pytest.raises(FormDefinitionError, match="geopoint"):
        load_form(path)


@pytest.mark.parametrize(
    ("survey", "words"),
    [
        ("text | a | A | -\ntext | a | A | -", "row 3, column B: the name “a” is used twice"),
        ("text | a | A | -\ntext | a | A | ${b} = 1", "row 3, column D: there is no question “b”"),
        ("text | a | A | -\n\nnote | b | B | ${a} >", "row 4, column D: “${a} >” cannot be read"),
        ("poem | a | A | -", "row 2, column A: “poem” is not a type"),
        ("calculate | a | A | ${a} = 1", "row 2, column D: it follows from itself: a → a"),
    ],
)  # fmt: skip
def test_every_fault_has_its_sheet_row_and_column(tmp_path: Path, survey: str, words: str) -> None:
    table = f"type | name | label | relevant | calculation\n{survey}"
    if "calculate" in survey:
        table = table.replace("${a} = 1", "${a} = 1 | 1")
    reading = read_form(write_xlsform(tmp_path / "form.xlsx", {"survey": table}))
    assert f"sheet “survey”, {words}" in " / ".join(fault.words for fault in reading.faults)


def test_csv_beside_the_form_is_looked_up_and_kept_with_it(tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("name,label,pupils\nely,Ely,210\nrye,Rye,90\n")
    path = write_xlsform(tmp_path / "form.xlsx", {"survey": """
        type | name | label | calculation
        select_one_from_file towns.csv | town | Town | -
        calculate | pupils | - | pulldata('towns', 'pupils', 'name', ${town})
        calculate | label | - | jr:choice-name(${town}, '${town}')"""})  # fmt: skip
    form = load_form(path)
    assert evaluate(form, {"town": "rye"}).values["pupils"] == "90"
    assert evaluate(form, {"town": "rye"}).values["label"] == "Rye"
    (tmp_path / "towns.csv").unlink()
    assert form.raw["tables"]["towns"][0]["pupils"] == "210"
    outside = {"survey": "type | name | label\nselect_one_from_file ../x.csv | a | A"}
    with pytest.raises(FormDefinitionError, match="beside the form"):
        load_form(write_xlsform(tmp_path / "form.xlsx", outside))


def test_same_workbook_gives_the_same_definition(sound: Path) -> None:
    once, again = load_form(sound), load_form(sound)
    assert once.sha256 == again.sha256
    assert io.BytesIO(sound.read_bytes()).read(2) == b"PK"
