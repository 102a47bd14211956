"""Kill a writer at random moments: nothing that it said was saved is ever missing."""

from __future__ import annotations

import contextlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from odbst_desktop.meetings.log import meetings, save_meeting
from odbst_desktop.office.opening import SCHEMA, unlock_vault
from odbst_desktop.vault.backups import back_up
from odbst_desktop.vault.database import connect
from odbst_desktop.vault.errors import VaultError
from odbst_desktop.vault.key_file import DATABASE
from odbst_desktop.vault.users import change_key, change_passphrase
from tests.faults.vaults import OTHER, PASSPHRASE, a_vault, forget_state, kept_number, opens
from tests.office.older_vaults import SCHEMAS, lay_out

SCRIPT = Path(__file__).with_name("faults.py")


def work(folder: Path) -> None:
    """Write until killed; say each number once it is committed."""
    vault = opens(folder)
    assert vault is not None
    with vault.reading() as session:
        meeting = meetings(session)[0]
    number, words = kept_number(vault), (PASSPHRASE, OTHER)
    while True:
        number += 1
        save_meeting(vault, meeting.id, {**meeting.answers, "voice": str(number)})
        print(number, flush=True)
        if number % 25 == 0:
            back_up(vault)
        if number % 40 == 0:
            change_key(vault)
        if number % 60 == 0:
            with contextlib.suppress(VaultError):
                change_passphrase(vault, *words, may_be_known=number % 120 == 0)
            with contextlib.suppress(VaultError):
                change_passphrase(vault, *reversed(words))


def kills(times: int) -> bool:
    """Kill a writer that saves, backs up, changes its passphrase and the vault's key."""
    chance, lost, shut, said_last, unsound = random.Random(4), 0, 0, 0, 0
    with a_vault() as folder:
        for _ in range(times):
            writer = _started("work", folder)
            assert writer.stdout is not None
            said_last = int(writer.stdout.readline() or said_last)
            time.sleep(chance.random() * 1.5)
            writer.send_signal(signal.SIGKILL)
            rest = writer.stdout.read().split()
            said_last = int(rest[-1]) if rest else said_last
            writer.wait()
            vault = opens(folder)
            if vault is None:
                shut += 1
                continue
            lost += kept_number(vault) < said_last or vault.is_older_copy
            unsound += bool(vault.check())
            vault.close()
    print(
        f"kills: {times}, commits said: {said_last}, lost: {lost}, did not open: {shut}, "
        f"unsound: {unsound}"
    )
    return not (lost or shut or unsound)


def migrate(folder: Path) -> None:
    """Open a vault of an older schema; say so before and after."""
    print("begun", flush=True)
    unlock_vault(folder, PASSPHRASE).close()
    print("done", flush=True)


def kills_migrating(times: int) -> bool:
    """Kill a program that brings an older vault up to date: the old or the new schema is there."""
    chance, shut, lost, old, new = random.Random(5), 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as name, a_vault():
        whole = Path(name) / "older"
        rows = {table: len(r) for table, r in lay_out(whole, SCHEMAS[0]).items()}
        lasts = min(_seconds_to_migrate(whole, Path(name) / f"timed {n}") for n in range(3))
        for number in range(times):
            forget_state()
            folder = Path(shutil.copytree(whole, Path(name) / str(number)))
            writer = _started("migrate", folder)
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(chance.random() * lasts)
            writer.send_signal(signal.SIGKILL)
            writer.communicate()
            version = _version(folder)
            old, new = old + (version < SCHEMA.version), new + (version == SCHEMA.version)
            vault = opens(folder)
            if vault is None or vault.is_older_copy or vault.check():
                shut += 1
                continue
            key = vault.ring.vault_key
            vault.close()
            connection = connect(folder / DATABASE, key)
            lost += any(
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] < count
                for table, count in rows.items()
            )
            connection.close()
            shutil.rmtree(folder)
    print(
        f"kills while migrating: {times} (old schema {old}, new schema {new}), lost: {lost}, "
        f"did not open soundly: {shut}"
    )
    return not (lost or shut)


def _started(kind: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), kind, "--folder", str(folder)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def _seconds_to_migrate(whole: Path, folder: Path) -> float:
    forget_state()
    shutil.copytree(whole, folder)
    writer = _started("migrate", folder)
    assert writer.stdout is not None
    writer.stdout.readline()
    began = time.monotonic()
    writer.communicate()
    return time.monotonic() - began


def _version(folder: Path) -> int:
    connection = connect(folder / DATABASE, bytes(range(32)))
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()
