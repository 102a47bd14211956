"""The tables of a vault as rows of plain values, and back."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Column, Date, Float, Integer, LargeBinary, Table
from sqlmodel import Session, SQLModel, select

from odbst_desktop.errors import InputError
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.spreadsheets.writing import csv_bytes

RULES = "resources/moving.yaml"
DOCUMENTS = "vault_document"
Row = dict[str, Any]


def tables_moved() -> tuple[Table, ...]:
    """Return the tables that go into an export, in an order in which they can be filled."""
    left_out = shipped_yaml(RULES)["left_out"]
    return tuple(table for table in SQLModel.metadata.sorted_tables if table.name not in left_out)


def columns_moved(table: Table) -> tuple[Column[Any], ...]:
    """Return the columns of a table that go into an export."""
    left_out = shipped_yaml(RULES)["columns_left_out"].get(table.name, ())
    return tuple(column for column in table.columns if column.name not in left_out)


def rows_of(session: Session, table: Table) -> list[Row]:
    """Return every row of a table by its key, as values that JSON knows."""
    columns = columns_moved(table)
    query = select(*columns).order_by(*table.primary_key.columns)
    return [
        {column.name: _plain(value) for column, value in zip(columns, row, strict=True)}
        for row in session.exec(query)
    ]


def read_rows(table: Table, told: object) -> list[Row]:
    """Return rows for a table from what an export holds; columns that it lacks keep their default.

    Raises:
        InputError: they do not fit the table.

    """
    known = {column.name: column for column in columns_moved(table)}
    if not isinstance(told, list):
        raise _misfit(table.name, "it is no list of rows")
    rows: list[Row] = []
    for row in told:
        if not isinstance(row, dict):
            raise _misfit(table.name, "a row is no object")
        strange = sorted(set(row) - set(known))
        if strange:
            raise _misfit(table.name, f"this version knows no “{strange[0]}”")
        rows.append({name: _typed(table, known[name], value) for name, value in row.items()})
    return rows


def as_json(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return rows as JSON, one a line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n".encode()


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV that Excel opens; no cell can run as a formula."""
    return csv_bytes([columns, *([_cell(value) for value in row] for row in rows)])


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return "(bytes: see the JSON)"
    return "" if value is None else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"base64": b64encode(value).decode("ascii")}
    return value.isoformat() if isinstance(value, date) else value


def _typed(table: Table, column: Column[Any], value: Any) -> Any:
    if value is None:
        if not column.nullable:
            raise _misfit(table.name, f"“{column.name}” is missing")
        return None
    try:
        return _value_for(column, value)
    except (ValueError, TypeError, KeyError, Base64Error) as fault:
        raise _misfit(table.name, f"“{column.name}” has a value of another kind") from fault


def _value_for(column: Column[Any], value: Any) -> Any:
    kind = column.type
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return b64decode(value["base64"], validate=True)
    if isinstance(kind, Float) and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    wanted: type = bool if isinstance(kind, Boolean) else int if isinstance(kind, Integer) else str
    if type(value) is not wanted:
        raise ValueError(wanted)
    return value


def _misfit(table: str, why: str) -> InputError:
    return InputError(
        f"This export does not fit this version of the program: in the table “{table}” {why}. "
        "Nothing was taken in."
    )
