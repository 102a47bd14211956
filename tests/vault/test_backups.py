"""Backups: written, tried, kept in turn, restored beside what is there."""

from __future__ import annotations

import shutil
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.errors import FileReadError, FileWriteError
from odbst_desktop.office.opening import make_vault, recover_with_sheet, unlock_vault, vault_owner
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.vault.backups import back_up, backups_of, is_due, kept, restore, unpacked
from odbst_desktop.vault.errors import DamagedVaultError, FolderNotUsableError, WrongPassphraseError
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.vault import Vault

PASSPHRASE = "copper lantern drifting orchard"


def test_restored_backup_holds_what_was_written(school: Vault, tmp_path: Path, clock: Any) -> None:
    before = school.audit_head()
    made = back_up(school)
    with school.changing("later", "later"):
        pass
    school.close()
    folder = tmp_path / "restored"
    restore(made, folder)
    again = unlock_vault(folder, PASSPHRASE, clock=clock)
    try:
        assert again.audit_head() == before
        assert vault_owner(again).urn == 900101
        assert again.check() == ()
        with again.changing("works on", "works"):
            pass
    finally:
        again.close()


def test_backup_opens_for_a_look_and_leaves_nothing(school: Vault, clock: Any) -> None:
    made = back_up(school)
    head = school.audit_head()
    school.close()
    with unpacked(made) as folder:
        with pytest.raises(WrongPassphraseError):
            unlock_vault(folder, "something else altogether", clock=clock)
        look = unlock_vault(folder, PASSPHRASE, clock=clock)
        assert look.audit_head() == head
        look.close()
    assert not folder.exists()


def test_nothing_is_overwritten(school: Vault, tmp_path: Path) -> None:
    made = back_up(school)
    occupied = tmp_path / "occupied"
    occupied.mkdir()
    (occupied / "letter.txt").write_text("mine")
    with pytest.raises(FolderNotUsableError, match="never replaces"):
        restore(made, occupied)
    assert [path.name for path in occupied.iterdir()] == ["letter.txt"]


def test_damaged_backup_is_refused_at_every_place(school: Vault, tmp_path: Path) -> None:
    data = bytearray(back_up(school).read_bytes())
    for place in range(0, len(data), len(data) // 40):
        broken = bytearray(data)
        broken[place] ^= 0x10
        file, folder = tmp_path / "broken.odbst-backup", tmp_path / f"into-{place}"
        file.write_bytes(broken)
        try:
            restore(file, folder)
        except (FileReadError, DamagedVaultError):
            continue
        # A bit of the ZIP's own furniture may not matter: then what is laid out is whole.
        with zipfile.ZipFile(file) as archive:
            assert archive.testzip() is None


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04"])
def test_other_files_are_no_backups(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.odbst-backup"
    file.write_bytes(content)
    with pytest.raises(FileReadError, match="not a backup"):
        restore(file, tmp_path / "into")
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../evil", "x")
    with pytest.raises(FileReadError, match="not a backup"):
        restore(file, tmp_path / "into")
    with pytest.raises(FileReadError, match="could not be read"):
        restore(tmp_path / "nowhere", tmp_path / "into")
    assert not (tmp_path / "evil").exists()


def test_no_room_is_said_and_leaves_nothing(school: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(school.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000))
    with pytest.raises(FileWriteError, match="not enough room"):
        back_up(school)
    assert backups_of(school.folder) == ()


def test_a_backup_is_due_once_a_day(school: Vault, clock: Any) -> None:
    assert is_due(school.folder, clock.day)
    back_up(school)
    assert not is_due(school.folder, clock.day)
    assert is_due(school.folder, clock.day + timedelta(days=1))


def test_recovery_sheet_opens_a_restored_backup(tmp_path: Path, clock: Any) -> None:
    made = make_vault(
        tmp_path / "lost", owner=Owner(Profile.SCHOOL, "Oakfield", 900101), person="Ruth Ellery",
        passphrase=PASSPHRASE, cost=FLOOR_COST, clock=clock,
    )  # fmt: skip
    file = back_up(made.vault, tmp_path / "stick.odbst-backup")
    made.vault.close()
    shutil.rmtree(tmp_path / "lost")
    restore(file, tmp_path / "new laptop", marks=tmp_path / "marks")
    vault = recover_with_sheet(
        tmp_path / "new laptop", made.recovery_code, "velvet anchor morning gravel", clock=clock
    )
    assert vault_owner(vault).name == "Oakfield"
    vault.close()


moments = st.lists(
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)), max_size=120, unique=True
)


@given(moments)
def test_newest_is_kept_and_never_too_many(made: list[datetime]) -> None:
    keep = kept(made)
    assert keep <= set(made)
    assert len(keep) <= 7 + 4 + 12
    if made:
        assert max(made) in keep
    assert kept(list(keep)) == keep, "pruning twice removes nothing more"


def test_a_year_of_daily_backups() -> None:
    last = datetime(2026, 11, 24, 18)
    keep = sorted(kept([last - timedelta(days=n) for n in range(400)]), reverse=True)
    assert [(last - m).days for m in keep[:7]] == [0, 1, 2, 3, 4, 5, 6]
    assert len({(m.year, m.month) for m in keep}) == 12
