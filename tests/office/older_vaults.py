"""Vaults as older versions of the program left them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlmodel import Session

from odbst_desktop.vault import audit
from odbst_desktop.vault.database import connect, open_engine
from odbst_desktop.vault.key_file import DATABASE, HighWaterMark, KeyFile, write_key_file
from odbst_desktop.vault.key_slots import FLOOR_COST, new_slot

PASSPHRASE = "copper lantern drifting orchard"
SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("schema_*.sql"))
KEY = bytes(range(32))
Tables = dict[str, list[tuple[Any, ...]]]


def lay_out(folder: Path, dump: Path) -> Tables:
    """Make a vault of an older program from its tables and rows; return the rows."""
    folder.mkdir()
    connection = connect(folder / DATABASE, KEY)
    connection.executescript(dump.read_text(encoding="utf-8"))
    version = int(dump.stem.removeprefix("schema_"))
    connection.execute(f"PRAGMA user_version = {version}")
    rows = tables(connection)
    connection.close()
    engine = open_engine(folder / DATABASE, KEY)
    with Session(engine) as session:
        head = audit.read_head(session)
    engine.dispose()
    user = rows["vault_user"][0][0]
    slot = new_slot("v", "passphrase", user, KEY, PASSPHRASE.encode(), FLOOR_COST)
    write_key_file(folder, KeyFile("v", (slot,), HighWaterMark(head.sequence, head.hash)), KEY)
    return rows


def tables(connection: Any) -> Tables:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names}
