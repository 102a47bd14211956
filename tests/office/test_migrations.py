"""A vault of each schema there has been is brought up to date with everything in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel

from odbst_desktop.errors import FileWriteError
from odbst_desktop.meetings.log import meetings
from odbst_desktop.office.opening import SCHEMA, make_vault, unlock_vault
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.school.people import people
from odbst_desktop.vault.backups import backups_of, restore
from odbst_desktop.vault.database import connect
from odbst_desktop.vault.errors import DamagedVaultError, OtherVersionError
from odbst_desktop.vault.holder import LOCK
from odbst_desktop.vault.key_file import DATABASE
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.migrating import Schema

from .older_vaults import PASSPHRASE, SCHEMAS, lay_out, tables


def shape(connection: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Return each table's columns (name, type, must be given, key) and indexes, in any order."""
    found = {}
    for name in tables(connection):
        columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
        links = connection.execute(f"PRAGMA foreign_key_list({name})").fetchall()
        indexes = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", (name,)
        ).fetchall()
        found[name] = [
            *sorted((c[1], c[2], c[3], c[5]) for c in columns),
            *sorted((link[2], link[3], link[4]) for link in links),
            *sorted(i for i in indexes if not i[0].startswith("sqlite_")),
        ]
    return found


@pytest.mark.parametrize("dump", SCHEMAS, ids=lambda p: p.stem)
def test_vault_of_an_older_schema_opens_with_every_row(
    tmp_path: Path, clock: Any, dump: Path
) -> None:
    before = lay_out(tmp_path / "old", dump)
    vault = unlock_vault(tmp_path / "old", PASSPHRASE, clock=clock)
    assert vault.check() == ()
    assert vault.audit_entries()[-1].what == "brought up to date"
    with vault.reading() as session:
        assert len(people(session)) == len(before["school_person"])
        assert len(meetings(session)) == len(before["meetings_meeting"])
    key = vault.ring.vault_key
    vault.close()
    connection = connect(tmp_path / "old" / DATABASE, key)
    after, migrated = tables(connection), shape(connection)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA.version,)
    connection.close()
    for name, rows in before.items():
        kept = [row[: len(rows[0])] for row in after[name]] if rows else []
        assert [row for row in rows if row not in kept] == [], name
    fresh = make_vault(
        tmp_path / "fresh", owner=Owner(Profile.SCHOOL, "Oakfield", 900101), person="Ruth Ellery",
        passphrase=PASSPHRASE, cost=FLOOR_COST, clock=clock,
    ).vault  # fmt: skip
    key = fresh.ring.vault_key
    fresh.close()
    connection = connect(tmp_path / "fresh" / DATABASE, key)
    assert migrated == shape(connection), "a migrated vault and a fresh one are alike"
    connection.close()


def test_backup_of_the_older_schema_is_made_first(tmp_path: Path, clock: Any) -> None:
    lay_out(tmp_path / "old", SCHEMAS[0])
    unlock_vault(tmp_path / "old", PASSPHRASE, clock=clock).close()
    (backup,) = backups_of(tmp_path / "old")
    restore(backup.path, tmp_path / "again", marks=tmp_path / "marks")
    vault = unlock_vault(tmp_path / "again", PASSPHRASE, clock=clock, marks=tmp_path / "marks")
    assert vault.audit_entries()[-1].what == "brought up to date"
    vault.close()


def untouched(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file() and p.name != LOCK}


def test_older_vault_without_a_step_and_newer_vault_are_refused_unharmed(
    tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path / "old", SCHEMAS[0])
    before = untouched(tmp_path / "old")
    for schema, words in (
        (Schema(1, SQLModel.metadata, SCHEMA.scripts), "newer version"),
        (Schema(SCHEMA.version, SQLModel.metadata, None), "older version"),
    ):
        monkeypatch.setattr("odbst_desktop.office.opening.SCHEMA", schema)
        with pytest.raises(OtherVersionError, match=words):
            unlock_vault(tmp_path / "old", PASSPHRASE, clock=clock)
    assert untouched(tmp_path / "old") == before


def test_step_that_would_lose_a_row_is_refused_unharmed(
    tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path / "old", SCHEMAS[0])
    before = untouched(tmp_path / "old")
    steps = Path(shutil.copytree(SCHEMA.scripts or Path(), tmp_path / "steps"))
    last = max((steps / "versions").glob("v*.py"))
    last.write_text(
        last.read_text(encoding="utf-8")
        + "\n\nof_the_program = upgrade\n\n\ndef upgrade() -> None:\n    of_the_program()\n"
        + '    op.execute("DELETE FROM meetings_meeting")\n',
        encoding="utf-8",
    )
    broken = Schema(SCHEMA.version, SQLModel.metadata, steps)
    monkeypatch.setattr("odbst_desktop.office.opening.SCHEMA", broken)
    with pytest.raises(DamagedVaultError, match="without losing something"):
        unlock_vault(tmp_path / "old", PASSPHRASE, clock=clock)
    assert untouched(tmp_path / "old") == before
    monkeypatch.undo()


def test_no_room_to_migrate_is_said_and_changes_nothing(
    tmp_path: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path / "old", SCHEMAS[0])
    before = untouched(tmp_path / "old")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000))
    with pytest.raises(FileWriteError, match="not enough room"):
        unlock_vault(tmp_path / "old", PASSPHRASE, clock=clock)
    assert untouched(tmp_path / "old") == before


def test_alembic_is_not_imported_when_nothing_is_behind(
    open_vaults: Callable[..., Any], tmp_path: Path
) -> None:
    open_vaults().close()
    script = (
        "import sys; from pathlib import Path\n"
        "from odbst_desktop.office.opening import unlock_vault\n"
        f"unlock_vault(Path({str(tmp_path / 'oakfield')!r}), {PASSPHRASE!r}).close()\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('alembic', 'keyring')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr
