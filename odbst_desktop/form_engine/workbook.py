"""Reads an XLSForm workbook: values only. Formulas and macros are never run.

A workbook is a ZIP file of XML, so before it is read it is looked at: how large it gets when it is
unpacked, whether its parts are whole, and how far its cells reach.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from odbst_desktop.files import read_whole
from odbst_desktop.form_engine.columns import EXPRESSIONS, read_heading
from odbst_desktop.form_engine.errors import Fault, FormDefinitionError
from odbst_desktop.form_engine.origin import Findings, Origin
from odbst_desktop.form_engine.survey_rows import cell_text

MOST_WORKBOOK_BYTES = 10_000_000
MOST_UNPACKED_BYTES = 80_000_000
MOST_PARTS = 2_000
LAST_ROW = 20_000
LAST_COLUMN = 300
_SHEETS = ("survey", "choices", "settings", "rules", "changes")
_NOT_READ = {"external_choices": "external choices", "entities": "entities", "osm": "map tags"}
_RULE_EXPRESSIONS = ("left", "operator", "right", "when")
_OLE = b"\xd0\xcf\x11\xe0"
_CELL = re.compile(rb'<c[^>]*? r="([A-Z]{1,7})(\d{1,10})"')
_ROW = re.compile(rb'<row[^>]*? r="(\d{1,10})"')
_FORMULA = re.compile(rb'<c[^>]*? r="([A-Z]+\d+)"[^>]*><f')
_SMART_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})
Sheet = list[list[Any]]


def read_workbook(path: Path) -> tuple[dict[str, Any], Findings]:
    """Return a workbook's definition as plain values, and what was found on the way.

    Raises:
        FormDefinitionError: it is no workbook, a broken or a boundless one, or has no survey.
        FileReadError: the file cannot be read.

    """
    if path.suffix.lower() not in {".xlsx", ".xlsm"}:
        raise FormDefinitionError(
            path.name, (f"a {path.suffix} file is not read: save it as .xlsx in Excel",)
        )
    data = read_whole(path, at_most_bytes=MOST_WORKBOOK_BYTES)
    if len(data) > MOST_WORKBOOK_BYTES:
        raise FormDefinitionError(path.name, ("it is larger than 10 MB",))
    notices = _looked_at(data, path.name)
    sheets = _values(data, path.name)
    return _definition(sheets, path, notices)


def _looked_at(data: bytes, name: str) -> list[Fault]:
    """Return what is worth knowing of a workbook; refuse what cannot or must not be read."""
    if data.startswith(_OLE):
        words = "it is protected by a password or in Excel's old format: save it as a plain .xlsx"
        raise FormDefinitionError(name, (words,))
    notices: list[Fault] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MOST_UNPACKED_BYTES or len(parts) > MOST_PARTS:
                raise FormDefinitionError(name, ("it unpacks to more than 80 MB",))
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise FormDefinitionError(name, ("it is not an Excel workbook",))
            if any(part.endswith("vbaProject.bin") for part in names):
                notices.append(Fault("it holds macros: they are not run"))
            for part in parts:
                # Reading a part to its end also checks its sum.
                content = archive.read(part)
                if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                    notices += _sheet_notices(content, Path(part.filename).stem, name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        RuntimeError,
        NotImplementedError,
        OSError,
        UnicodeDecodeError,
        ValueError,
    ) as fault:
        raise FormDefinitionError(name, ("it is broken, or not an Excel workbook",)) from fault
    return notices


def _sheet_notices(content: bytes, sheet: str, name: str) -> list[Fault]:
    rows = [int(row) for _, row in _CELL.findall(content)]
    rows += [int(row) for row in _ROW.findall(content)]
    letters = {column.decode() for column, _ in _CELL.findall(content)}
    if max(rows, default=0) > LAST_ROW or any(_number(c) > LAST_COLUMN for c in letters):
        words = f"its {sheet} reaches beyond row {LAST_ROW:,} or column {LAST_COLUMN}"
        raise FormDefinitionError(name, (words,))
    formulas = _FORMULA.findall(content)
    if not formulas:
        return []
    cells = ", ".join(cell.decode() for cell in formulas[:5])
    words = (f"{sheet} has {len(formulas)} formulas ({cells}): they are not run, the values Excel "
             "saved are read")  # fmt: skip
    return [Fault(words)]


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def _values(data: bytes, name: str) -> dict[str, Sheet]:
    # Imported when a workbook is read: a window without one starts sooner.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {
            sheet: workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            for sheet in workbook.sheet_names
            if sheet.strip().lower() in {*_SHEETS, *_NOT_READ}
        }
    except (CalamineError, ValueError, OSError, KeyError) as fault:
        raise FormDefinitionError(name, (f"it is broken ({str(fault)[:80]})",)) from fault
    except BaseException as fault:
        # A panic of the reader is no Exception; anything else goes on its way.
        if type(fault).__name__ != "PanicException":
            raise
        raise FormDefinitionError(name, ("it is broken",)) from fault


def _definition(
    sheets: Mapping[str, Sheet], path: Path, notices: list[Fault]
) -> tuple[dict[str, Any], Findings]:
    by_name = {sheet.strip().lower(): rows for sheet, rows in sheets.items()}
    if "survey" not in by_name:
        raise FormDefinitionError(path.name, ("it has no sheet “survey”",))
    places: dict[str, tuple[int, ...]] = {}
    columns: dict[str, dict[str, str]] = {}
    content: dict[str, list[dict[str, Any]]] = {}
    for sheet in _SHEETS:
        numbers, rows, columns[sheet] = _table(by_name.get(sheet, []), sheet)
        places[sheet], content[sheet] = tuple(numbers), rows
    lists, list_places = _lists(content["choices"], places["choices"])
    findings = Findings(Origin(path.name, path.parent, {**places, **list_places}, columns))
    findings.notices += notices
    findings.unsupported += [
        Fault(f"the sheet “{sheet}”, {words}, is not supported", sheet)
        for sheet, words in _NOT_READ.items() if len(by_name.get(sheet, [])) > 1
    ]  # fmt: skip
    settings = _settings(content["settings"], path, findings)
    definition = {
        **settings, "survey": content["survey"], "choices": lists, "rules": content["rules"],
        "changes": content["changes"],
    }  # fmt: skip
    return definition, findings


def _table(rows: Sheet, sheet: str) -> tuple[list[int], list[dict[str, Any]], dict[str, str]]:
    """Return the numbers of the rows that hold something, the rows, and each column's letter."""
    start = next((place for place, row in enumerate(rows) if any(map(_filled, row))), None)
    if start is None:
        return [], [], {}
    headings = [cell_text(cell) for cell in rows[start]]
    letters = {
        read_heading(heading).name: _letters(place)
        for place, heading in reversed(list(enumerate(headings, start=1)))
        if heading
    }
    numbers, found = [], []
    for number, row in enumerate(rows[start + 1 :], start=start + 2):
        cells = {
            heading: _cell(cell, heading, sheet)
            for heading, cell in zip(headings, row, strict=False)
            if heading and _filled(cell)
        }
        if cells:
            numbers.append(number)
            found.append(cells)
    return numbers, found, letters


def _filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _cell(value: Any, heading: str, sheet: str) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, bool):
        return value
    text = cell_text(value)
    known = _RULE_EXPRESSIONS if sheet == "rules" else EXPRESSIONS
    is_expression = read_heading(heading).name in known
    return text.translate(_SMART_QUOTES) if is_expression else text.replace("\u00a0", " ")


def _lists(
    rows: list[dict[str, Any]], numbers: tuple[int, ...]
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, tuple[int, ...]]]:
    lists: dict[str, list[dict[str, Any]]] = {}
    places: dict[str, tuple[int, ...]] = {}
    for number, row in zip(numbers, rows, strict=True):
        plain = {read_heading(heading).name: cell for heading, cell in row.items()}
        name = cell_text(plain.get("list_name"))
        if not name:
            continue  # as pyxform: a choice of no list is a remark of the writer
        kept = {h: c for h, c in row.items() if read_heading(h).name != "list_name"}
        if not any(read_heading(h).name == "name" for h in kept):
            kept["name"] = ""
        lists.setdefault(name, []).append(kept)
        places[f"choices/{name}"] = (*places.get(f"choices/{name}", ()), number)
    return lists, places


def _settings(rows: list[dict[str, Any]], path: Path, findings: Findings) -> dict[str, Any]:
    given = {read_heading(h).name: cell for h, cell in (rows[0] if rows else {}).items()}
    form_id = cell_text(given.get("form_id")) or path.stem
    version = cell_text(given.get("version"))
    if not version:
        findings.notices.append(Fault("the form has no version: “1” is taken", "settings"))
    settings: dict[str, Any] = {}
    for name, cell in given.items():
        if name in {"default_language", "allow_choice_duplicates"}:
            settings[name] = cell_text(cell)
        elif name.startswith("odbst:"):
            text = cell_text(cell)
            plain: Any = int(text) if text.isdigit() else text
            settings[name.removeprefix("odbst:")] = True if text == "true()" else plain
    return {
        "form_id": form_id, "version": version or "1",
        "title": cell_text(given.get("title")) or form_id, "settings": settings,
    }  # fmt: skip
