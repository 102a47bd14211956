"""CSV files beside a form: for ``pulldata`` and for lists of choices."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from odbst_desktop.errors import FileReadError
from odbst_desktop.files import read_whole
from odbst_desktop.form_engine.errors import Fault
from odbst_desktop.form_engine.origin import Findings

MOST_CSV_BYTES = 2_000_000
MOST_CSV_ROWS = 20_000
_PULLDATA = re.compile(r"pulldata\(\s*['\"]([^'\"]+)['\"]")
_FROM_FILE = re.compile(r"_from_file\s+(\S+)")
_PLAIN_NAME = re.compile(r"[\w][\w .\-]{0,80}")

Table: TypeAlias = tuple[Mapping[str, str], ...]


def tables_beside(content: Mapping[str, Any], findings: Findings) -> dict[str, Table]:
    """Return the tables of a form: those inside its definition, and the CSV files it names."""
    tables: dict[str, Table] = {
        str(name): tuple({str(c): str(v) for c, v in row.items()} for row in rows)
        for name, rows in (content.get("tables") or {}).items()
    }
    for name in sorted(_named(content) - set(tables)):
        table = _read(name, findings)
        if table is not None:
            tables[name] = table
    return tables


def _named(content: Mapping[str, Any]) -> set[str]:
    names: set[str] = set()
    for row in content.get("survey") or []:
        for column, cell in row.items():
            if isinstance(cell, str):
                pattern = _FROM_FILE if column == "type" else _PULLDATA
                names |= set(pattern.findall(cell))
    return {name.removesuffix(".csv") for name in names}


def _read(name: str, findings: Findings) -> Table | None:
    folder = findings.origin.folder
    words = f"the file “{name}.csv” has to lie beside the form"
    # A name with a folder in it would reach beyond the form's own.
    if folder is None or not _PLAIN_NAME.fullmatch(name):
        findings.unsupported.append(Fault(words))
        return None
    try:
        data = read_whole(Path(folder) / f"{name}.csv", at_most_bytes=MOST_CSV_BYTES)
    except FileReadError:
        findings.unsupported.append(Fault(words))
        return None
    try:
        if len(data) > MOST_CSV_BYTES:
            raise ValueError
        return tuple(_rows(data.decode("utf-8-sig")))
    except (UnicodeDecodeError, csv.Error, ValueError):
        findings.unsupported.append(Fault(f"the file “{name}.csv” is too large or no CSV in UTF-8"))
        return None


def _rows(text: str) -> Iterator[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    for number, row in enumerate(reader):
        if number >= MOST_CSV_ROWS:
            raise ValueError
        yield {str(c): v or "" for c, v in row.items() if c is not None and not isinstance(v, list)}
