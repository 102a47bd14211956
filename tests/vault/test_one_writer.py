"""One writer: a second window is told who has the vault, or brings the first one forward."""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from odbst_desktop.vault import database, errors, places
from odbst_desktop.vault.holder import (
    HOLDER,
    LOCK,
    answer_call,
    call_forward,
    is_held,
    read_holder,
)
from odbst_desktop.vault.key_file import DATABASE
from odbst_desktop.vault.opening import NewVault

from .conftest import PASSPHRASE, Reopen


def test_second_window_is_told_who_has_it_open(made: NewVault, reopen: Reopen) -> None:
    folder = made.vault.folder
    assert is_held(folder)
    holder = read_holder(folder)
    assert holder is not None
    assert (holder.computer, holder.is_here) == (platform.node(), True)
    with pytest.raises(errors.VaultInUseError, match="another window of this computer") as told:
        reopen()
    assert holder.account in told.value.sentence
    (folder / HOLDER).write_text(
        json.dumps({"computer": "OFFICE-07", "account": "rellery", "since": "2026-11-24T09:30:00Z"})
    )
    with pytest.raises(errors.VaultInUseError, match=r"OFFICE-07.*rellery.*2026-11-24 at 09:30"):
        reopen()
    made.vault.close()
    assert not is_held(folder)
    assert not (folder / HOLDER).exists()
    reopen().close()


@pytest.mark.skipif(os.name != "posix", reason="kills by signal")
def test_lock_of_a_window_that_crashed_holds_nobody_up(
    made: NewVault, reopen: Reopen, tmp_path: Path
) -> None:
    folder = made.vault.folder
    made.vault.close()
    script = textwrap.dedent(f"""
        import time
        from pathlib import Path
        from sqlmodel import SQLModel
        from odbst_desktop.vault.migrating import Schema
        from odbst_desktop.vault.opening import open_vault
        vault = open_vault(Path({str(folder)!r}), schema=Schema(1, SQLModel.metadata),
                           passphrase={PASSPHRASE!r}, marks=Path({str(tmp_path / "marks")!r}))
        print("open", flush=True)
        time.sleep(60)
    """)
    other = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    with pytest.raises(errors.VaultInUseError):
        reopen()
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert (folder / HOLDER).exists(), "what the crash left"
    reopen().close()


def test_call_is_answered_by_the_window_and_by_nobody_else(tmp_path: Path) -> None:
    folder, other = tmp_path / "one", tmp_path / "other"
    assert not call_forward(folder, 0.2)
    assert not answer_call(folder), "a call that nobody took is withdrawn"
    taken: list[bool] = []

    def first_window() -> None:
        ends = time.monotonic() + 5
        while not taken and time.monotonic() < ends:
            assert not answer_call(other)
            if answer_call(folder):
                taken.append(True)
            time.sleep(0.01)

    window = threading.Thread(target=first_window)
    window.start()
    assert call_forward(folder, 5)
    window.join()
    assert taken == [True]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_folder_that_cannot_be_written_is_said_plainly(made: NewVault, reopen: Reopen) -> None:
    made.vault.close()
    (made.vault.folder / LOCK).unlink(missing_ok=True)
    made.vault.folder.chmod(0o500)
    try:
        with pytest.raises(errors.FolderNotUsableError, match="cannot be written"):
            reopen()
    finally:
        made.vault.folder.chmod(0o700)


@pytest.mark.parametrize(("warning", "journal", "flush"), [("", "wal", 2), ("synced", "delete", 3)])
def test_journal_is_the_one_that_is_safe_where_the_vault_lies(
    made: NewVault, monkeypatch: pytest.MonkeyPatch, warning: str, journal: str, flush: int
) -> None:
    made.vault.close()
    key = made.vault.ring.vault_key
    assert key == b"", "the key is dropped"
    monkeypatch.setattr(database, "warning_about", lambda _: warning)
    path = made.vault.folder.parent / "other.sqlite"
    connection = database.connect(path, bytes(range(32)))
    assert connection.execute("PRAGMA journal_mode").fetchone() == (journal,)
    assert connection.execute("PRAGMA synchronous").fetchone() == (flush,)
    connection.execute("CREATE TABLE t (x)")
    names = {p.name for p in path.parent.iterdir()}
    assert (f"{path.name}-wal" in names) == (journal == "wal")
    connection.close()


def test_vault_in_a_synced_folder_keeps_one_file(
    made: NewVault, reopen: Reopen, tmp_path: Path
) -> None:
    made.vault.close()
    synced = tmp_path / "OneDrive - Larkhill Schools" / "vault"
    synced.parent.mkdir()
    made.vault.folder.rename(synced)
    assert "OneDrive" in places.warning_about(synced)
    vault = reopen(folder=synced)
    with vault.changing("saved", "test/1"):
        pass
    assert not (synced / f"{DATABASE}-wal").exists()
    vault.close()
