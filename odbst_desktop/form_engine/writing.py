"""Writes a form as an XLSForm workbook, for its next version to be written in Excel."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.survey_rows import cell_text

_FIRST = ("type", "name", "label", "hint", "required", "relevant", "constraint",
          "constraint_message", "calculation", "choice_filter", "appearance")  # fmt: skip
_WIDTHS = {"label": 60, "hint": 40, "relevant": 40, "message": 60, "constraint_message": 40}
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SAME_MOMENT = (1980, 1, 1, 0, 0, 0)
_NOT_IN_XML = dict.fromkeys(set(range(32)) - {9, 10, 13})
Table = tuple[Sequence[str], Iterable[Mapping[str, Any]]]


def workbook_of(form: Form) -> bytes:
    """Return a form as a workbook: the same bytes for the same form."""
    raw = form.raw
    choices = [
        {"list_name": name, **row} for name, rows in (raw.get("choices") or {}).items()
        for row in rows
    ]  # fmt: skip
    settings = {"form_title": form.title, "form_id": form.form_id, "version": form.version}
    settings |= {_setting(name): value for name, value in (raw.get("settings") or {}).items()}
    sheets: dict[str, list[dict[str, Any]]] = {
        "survey": list(raw.get("survey") or []),
        "choices": choices,
        "settings": [settings],
        "rules": list(raw.get("rules") or []),
        "changes": [_change(row) for row in raw.get("changes") or []],
    }
    firsts = {"survey": _FIRST, "choices": ("list_name", "name", "label"), "rules": ("id",)}
    used = {name: rows for name, rows in sheets.items() if rows or name in {"survey", "choices"}}
    return _zipped({name: _table(rows, firsts.get(name, ())) for name, rows in used.items()})


def _setting(name: str) -> str:
    return name if name in {"default_language", "allow_choice_duplicates"} else f"odbst:{name}"


def _change(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: " ".join(v) if isinstance(v, list) else v for k, v in row.items()}


def _table(rows: list[dict[str, Any]], first: Sequence[str]) -> list[list[str]]:
    columns = [*first, *(column for row in rows for column in row if column not in first)]
    columns = list(dict.fromkeys(columns))
    return [columns, *([cell_text(row.get(column)) for column in columns] for row in rows)]


def _zipped(sheets: Mapping[str, list[list[str]]]) -> bytes:
    numbers = list(enumerate(sheets, start=1))
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>' for n, _ in numbers
    )  # fmt: skip
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in numbers)
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in numbers
    )
    parts = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        f'officedocument.spreadsheetml.sheet.main+xml"/>{kinds}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship '
        f'Id="r1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{links}</Relationships>",
        **{f"xl/worksheets/sheet{n}.xml": _sheet(sheets[name]) for n, name in numbers},
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _SAME_MOMENT), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _sheet(table: list[list[str]]) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{_WIDTHS.get(column, 18)}" customWidth="1"/>'
        for n, column in enumerate(table[0], start=1)
    )
    rows = "".join(
        f'<row r="{number}">{"".join(map(_cell, row))}</row>'
        for number, row in enumerate(table, start=1)
    )
    # The headings stay in sight while the sheet is scrolled.
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>{rows}</sheetData></worksheet>"
    )


def _cell(text: str) -> str:
    # An empty cell keeps the place of those after it; a text never becomes a formula.
    if not text:
        return "<c/>"
    safe = escape(text.translate(_NOT_IN_XML))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{safe}</t></is></c>'
