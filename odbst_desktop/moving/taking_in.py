"""An export taken into a new vault, in one transaction or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, insert
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.moving.archive import manifest_of, read_files
from odbst_desktop.moving.out import FORMAT
from odbst_desktop.moving.tables import DOCUMENTS, RULES, Row, read_rows, tables_moved
from odbst_desktop.school.owner import read_owner
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.vault.vault import Vault

_USERS, _PACKAGES = "vault_user", "exchange_package"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was taken in; ``left_out`` are packages that have to be sent anew."""

    rows: int
    left_out: int
    organisation: str


def take_in(vault: Vault, path: Path, passphrase: str = "") -> TakenIn:
    """Take an export into a vault that holds no records yet.

    Raises:
        FileReadError, InputError: it is no export, was altered, does not fit, or is another
            school's; nothing was taken in.
        StateError: the vault holds records already.

    """
    files = read_files(path, passphrase)
    told = manifest_of(files)
    if told.get("format") != FORMAT:
        raise InputError(
            "This export was written in a form that this version of the program does not know. "
            "Nothing was taken in; install the newest version."
        )
    owner = told.get("owner", {})
    _refuse_other_owner(vault, owner)
    rows = {table: _rows_for(table, files) for table in tables_moved()}
    left_out = _drop_packages(rows)
    try:
        with vault.changing("export taken in", f"vault/{told.get('vault')}") as session:
            _refuse_records(session)
            for table, known in rows.items():
                _fill(session, vault, table, known)
    except SQLAlchemyError as fault:
        raise InputError(
            "This export does not fit together: a record names another that is not there. Nothing "
            "was taken in; use the export as it was written."
        ) from fault
    return TakenIn(sum(map(len, rows.values())), left_out, str(owner.get("name", "")))


def _refuse_other_owner(vault: Vault, told: Mapping[str, Any]) -> None:
    with vault.reading() as session:
        own = read_owner(session)
    if (told.get("profile"), told.get("urn")) != (own.profile.value, own.urn):
        raise InputError(
            f"This export is of “{told.get('name', 'another school')}”, and this vault is of "
            f"“{own.name}” with another URN or for another use. Make a new vault for the one it is "
            "of, and take it in there."
        )
    if bool(told.get("is_demonstration")) and not own.is_demonstration:
        raise InputError("This export is of the demonstration. A real vault does not take it in.")


def _rows_for(table: Table, files: Mapping[str, bytes]) -> list[Row]:
    data = files.get(f"tables/{table.name}.json")
    if data is None:
        return []  # written by a version that had no such table
    try:
        told = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise InputError(
            f"The table “{table.name}” of this export cannot be read. Nothing was taken in."
        ) from fault
    if table.name == DOCUMENTS:
        told = [_with_bytes(row, files) for row in told]
    return read_rows(table, told)


def _with_bytes(row: Any, files: Mapping[str, bytes]) -> Any:
    from base64 import b64encode  # noqa: PLC0415

    data = files.get(f"documents/{row.get('data')}") if isinstance(row, dict) else None
    if data is None:
        raise InputError("A document of this export is missing. Nothing was taken in.")
    return {**row, "data": {"base64": b64encode(data).decode("ascii")}}


def _drop_packages(rows: dict[Table, list[Row]]) -> int:
    """Leave out what says whom to trust, and what the trust asks: it is sent anew."""
    left_behind = shipped_yaml(RULES)["packages_not_taken_in"]
    for table, known in rows.items():
        if table.name == _PACKAGES:
            rows[table] = [row for row in known if row["kind"] not in left_behind]
            return len(known) - len(rows[table])
    return 0


def _refuse_records(session: Session) -> None:
    filled = shipped_yaml(RULES)["filled_by_itself"]
    for table in tables_moved():
        if table.name not in filled and session.exec(select(func.count()).select_from(table)).one():
            raise StateError(
                "This vault holds records already, and nothing is mixed. Make a new vault for the "
                "same school and take the export in there."
            )


def _fill(session: Session, vault: Vault, table: Table, rows: list[Row]) -> None:
    if not rows:
        return
    connection = session.connection()
    if table.name == _USERS:
        # They were users of another vault: their names stand under what they did, no key opens.
        rows = [{**row, "wrapped_key": "", "removed_at": row.get("removed_at") or vault.now()}
                for row in rows]  # fmt: skip
    if table.name in shipped_yaml(RULES)["filled_by_itself"]:
        connection.execute(insert_or(table).on_conflict_do_nothing(), rows)
    else:
        connection.execute(insert(table), rows)
