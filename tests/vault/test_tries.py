"""Wrong passphrases are slowed, and the wait survives a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from odbst_desktop.office.opening import unlock_vault
from odbst_desktop.vault.errors import TooManyTriesError, WrongPassphraseError
from odbst_desktop.vault.tries import note_wrong_try, refuse_too_soon, wait_seconds
from odbst_desktop.vault.vault import Vault

PASSPHRASE = "copper lantern drifting orchard"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_wait_grows_and_ends_at_five_minutes() -> None:
    assert [wait_seconds(n) for n in range(9)] == [0, 0, 0, 0, 0, 2, 4, 8, 16]
    assert wait_seconds(40) == 300
    assert all(wait_seconds(n) <= wait_seconds(n + 1) for n in range(100))


def test_right_passphrase_waits_too_and_then_begins_anew(school: Vault, clock: Any) -> None:
    folder = school.folder
    school.close()
    for _ in range(5):
        with pytest.raises(WrongPassphraseError):
            unlock_vault(folder, "not the right words", clock=clock)
    with pytest.raises(TooManyTriesError, match="2 seconds"):
        unlock_vault(folder, PASSPHRASE, clock=clock)
    clock.day += timedelta(days=1)
    unlock_vault(folder, PASSPHRASE, clock=clock).close()
    with pytest.raises(WrongPassphraseError):
        unlock_vault(folder, "not the right words", clock=clock)


def test_a_clock_set_back_locks_nobody_out(tmp_path: Path) -> None:
    for _ in range(30):
        note_wrong_try(tmp_path, "vault", NOW)
    with pytest.raises(TooManyTriesError, match="300"):
        refuse_too_soon(tmp_path, "vault", NOW)
    refuse_too_soon(tmp_path, "vault", NOW - timedelta(hours=1))
    refuse_too_soon(tmp_path, "vault", NOW + timedelta(seconds=301))


@pytest.mark.parametrize("content", [b"", b"[]", b'{"wrong": "x"}', b'{"wrong": 9, "last": "x"}'])
def test_damaged_count_is_no_reason_to_stop(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "vault.tries.json").write_bytes(content)
    refuse_too_soon(tmp_path, "vault", NOW)
    note_wrong_try(tmp_path, "vault", NOW)
