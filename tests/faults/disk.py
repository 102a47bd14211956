"""A full disk at every stage: a clear sentence, nothing lost, and it works again with room."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from odbst_desktop.errors import OdbstError
from odbst_desktop.meetings.log import meetings, save_meeting
from odbst_desktop.office.opening import make_vault, unlock_vault
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.vault.backups import back_up
from odbst_desktop.vault.documents import keep_document
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.users import add_user, change_key, change_passphrase
from odbst_desktop.vault.vault import Vault
from tests.faults.vaults import OTHER, PASSPHRASE, a_vault, kept_number
from tests.office.older_vaults import SCHEMAS, lay_out

SIZE_MB = 64


@contextlib.contextmanager
def small_disk() -> Iterator[Path]:
    """Mount a file system of 64 MB in memory. Needs the right to mount."""
    with tempfile.TemporaryDirectory() as name:
        options = ["-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=0700", "tmpfs", name]
        subprocess.run(["mount", *options], check=True, capture_output=True)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "-l", name], check=True)


def fill(disk: Path, leave_bytes: int) -> None:
    """Fill a disk but for so many bytes."""
    free = shutil.disk_usage(disk).free
    with (disk / "filler").open("wb") as file, contextlib.suppress(OSError):
        os.posix_fallocate(file.fileno(), 0, max(free - leave_bytes, 0) or 1)


def make_room(disk: Path) -> None:
    """Remove the filler."""
    (disk / "filler").unlink(missing_ok=True)


def full(_times: int) -> bool:
    """Fill the disk before each kind of work, to several degrees."""
    stages: dict[str, Callable[[Vault], object]] = {
        "saving": _save,
        "keeping a document": _keep,
        "backing up": back_up,
        "changing the key": change_key,
        "changing the passphrase": lambda v: change_passphrase(v, PASSPHRASE, OTHER),
        "adding a user": lambda v: add_user(v, "Peter Marsh", "headteacher", OTHER),
    }
    wrong: list[str] = []
    cases = refused = 0
    for stage, work in stages.items():
        for leave in (0, 4_096, 40_960, 409_600, 4_096_000):
            cases += 1
            refused += _try(stage, work, leave, wrong)
    for leave in (0, 40_960, 4_096_000):
        cases += 2
        refused += _try_to_migrate(leave, wrong) + _try_to_make(leave, wrong)
    print(
        f"full disk: {cases} cases, refused with a sentence: {refused}, "
        f"went wrong: {len(wrong)} {wrong or ''}"
    )
    return not wrong


def _save(vault: Vault) -> None:
    """Save large texts until the disk is full."""
    with vault.reading() as session:
        meeting = meetings(session)[0]
    for number in range(kept_number(vault) + 1, 200):
        text = f"{number} " * 2_000
        save_meeting(
            vault, meeting.id, {**meeting.answers, "voice": str(number), "key_concerns": text}
        )
        _said.append(number)


_said: list[int] = [0]


def _keep(vault: Vault) -> None:
    for number in range(40):
        with vault.changing("document kept", f"document/{number}") as session:
            keep_document(session, "c.pdf", b"%PDF-1.7" + os.urandom(400_000), at=vault.now())


def _try(stage: str, work: Callable[[Vault], object], leave: int, wrong: list[str]) -> int:
    """Do one kind of work on a full disk; return 1 if it was refused with a sentence."""
    _said[:] = [0]
    refused = 0
    with small_disk() as disk, a_vault(disk) as folder:
        vault = unlock_vault(folder, PASSPHRASE)
        users, sequence = len(vault.users()), vault.audit_head().sequence
        fill(disk, leave)
        try:
            work(vault)
        except OdbstError as fault:
            refused = 1
            if "room" not in fault.sentence and "full" not in fault.sentence:
                wrong.append(f"{stage} {leave}: {fault.sentence}")
        except Exception as fault:  # noqa: BLE001 - that is what is counted
            wrong.append(f"{stage} {leave}: {type(fault).__name__} {fault}")
        with contextlib.suppress(OdbstError):
            vault.close()
        make_room(disk)
        again = _reopened(folder)
        if again is None or again.is_older_copy or again.check():
            wrong.append(f"{stage} {leave}: does not open soundly")
            return refused
        if again.audit_head().sequence < sequence or len(again.users()) < users:
            wrong.append(f"{stage} {leave}: lost something")
        if kept_number(again) < _said[-1]:
            wrong.append(f"{stage} {leave}: lost what was saved")
        with again.changing("goes on", "test/1"):
            pass
        again.close()
    return refused


def _reopened(folder: Path) -> Vault | None:
    for words in (PASSPHRASE, OTHER):
        with contextlib.suppress(OdbstError):
            return unlock_vault(folder, words)
    return None


def _try_to_migrate(leave: int, wrong: list[str]) -> int:
    refused = 0
    with small_disk() as disk, a_vault():
        rows = lay_out(disk / "older", SCHEMAS[0])
        fill(disk, leave)
        try:
            unlock_vault(disk / "older", PASSPHRASE).close()
        except OdbstError:
            refused = 1
        except Exception as fault:  # noqa: BLE001 - that is what is counted
            wrong.append(f"migrating {leave}: {type(fault).__name__} {fault}")
        make_room(disk)
        vault = _reopened(disk / "older")
        if vault is None or vault.check() or len(vault.everybody()) < len(rows["vault_user"]):
            wrong.append(f"migrating {leave}: does not open soundly")
        else:
            vault.close()
    return refused


def _try_to_make(leave: int, wrong: list[str]) -> int:
    def make(folder: Path) -> None:
        make_vault(
            folder, owner=Owner(Profile.SCHOOL, "Oakfield", 900101), person="Ruth Ellery",
            passphrase=PASSPHRASE, cost=FLOOR_COST,
        ).vault.close()  # fmt: skip

    refused = 0
    with small_disk() as disk, a_vault():
        fill(disk, leave)
        try:
            make(disk / "new")
        except OdbstError:
            refused = 1
            make_room(disk)
            make(disk / "new")
        except Exception as fault:  # noqa: BLE001 - that is what is counted
            wrong.append(f"making {leave}: {type(fault).__name__} {fault}")
    return refused
