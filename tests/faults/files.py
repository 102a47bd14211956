"""Damage files, alter the key file, put old files back: always noticed."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from odbst_desktop.meetings.log import meetings, save_meeting, start_meeting
from odbst_desktop.office.opening import unlock_vault
from odbst_desktop.vault import key_slots
from odbst_desktop.vault.errors import DamagedVaultError, VaultError
from odbst_desktop.vault.key_file import (
    DATABASE,
    KEYS,
    PREVIOUS_KEYS,
    is_authentic,
    parse_key_file,
)
from tests.faults.kills import _started
from tests.faults.vaults import PASSPHRASE, a_vault, kept_number, opens

PAGE_BYTES = 4096
LOG = f"{DATABASE}-wal"


def pages(_times: int) -> bool:
    """Damage each page in turn: it is always noticed, and a restore is offered."""
    with a_vault() as folder:
        path, missed, silent = folder / DATABASE, 0, 0
        whole = path.read_bytes()
        count = len(whole) // PAGE_BYTES
        for page in range(count):
            broken = bytearray(whole)
            broken[page * PAGE_BYTES + 100] ^= 1
            path.write_bytes(broken)
            try:
                unlock_vault(folder, PASSPHRASE).close()
            except DamagedVaultError as fault:
                silent += "restore a backup" not in fault.sentence
            else:
                missed += 1
        path.write_bytes(whole)
        good = opens(folder)
        if good is not None:
            good.close()
    print(
        f"pages: {count} damaged in turn, not noticed: {missed}, restore not offered: {silent}, "
        f"whole one opens: {good is not None}"
    )
    return good is not None and not (missed or silent)


def keys(every: int) -> bool:
    """Cut keys.json and flip its bits, at every place or every so many: never another's word."""
    every = max(every, 1)
    with a_vault() as folder:
        data = (folder / KEYS).read_bytes()
        whole = parse_key_file(data)
        slot = next(s for s in whole.slots if s.kind == "passphrase")
        vault_key = key_slots.open_slot(whole.vault, slot, PASSPHRASE.encode())
        assert vault_key is not None
        taken = cases = 0
        for case in _cut_and_flipped(data, every):
            cases += 1
            with contextlib.suppress(VaultError):
                read = parse_key_file(case)
                # The same content with other white space is no harm.
                taken += read != whole and is_authentic(read, vault_key)
        shut = 0
        for place in range(0, len(data), len(data) // 40):
            (folder / KEYS).write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
            vault = opens(folder)
            shut += vault is None
            if vault is not None:
                vault.close()
    print(
        f"keys.json: {cases} cut or flipped, taken though altered: {taken}; opened by the copy "
        f"before it: {41 - shut} of 41"
    )
    return not (taken or shut)


def _cut_and_flipped(data: bytes, every: int) -> list[bytes]:
    cases = [data[:place] for place in range(0, len(data) - 1, every)]
    for place in range(0, len(data) * 8, every):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        cases.append(bytes(flipped))
    return cases


def rollback(_times: int) -> bool:
    """Put old files back: each is noticed, and nothing can be changed until a person decides."""
    cases: dict[str, Callable[[Path], None]] = {
        "old database": lambda folder: _later(folder, DATABASE),
        "old folder": lambda folder: _later(folder, DATABASE, KEYS, PREVIOUS_KEYS),
        "old page": _old_page,
        "database without its log": _without_log,
        "log of another time": _old_log,
    }
    missed = []
    for name, put_back in cases.items():
        with a_vault() as folder:
            put_back(folder)
            try:
                vault = unlock_vault(folder, PASSPHRASE)
            except VaultError:
                continue
            if not vault.is_older_copy:
                missed.append(name)
            vault.close()
    print(f"rollback: {len(cases)} kinds, noticed: {len(cases) - len(missed)} {missed or ''}")
    return not missed


def _later(folder: Path, *names: str) -> None:
    """Do some work, then put the files of before back."""
    old = Path(shutil.copytree(folder, folder.with_name("old")))
    vault = unlock_vault(folder, PASSPHRASE)
    for _ in range(5):
        start_meeting(vault)
    vault.close()
    for name in names:
        shutil.copy(old / name, folder / name)


def _old_page(folder: Path) -> None:
    """Put the one page back that holds what a meeting said; the history is all there."""
    vault = unlock_vault(folder, PASSPHRASE)
    with vault.reading() as session:
        meeting = meetings(session)[0]
    save_meeting(vault, meeting.id, {**meeting.answers, "voice": "1"})
    vault.close()
    before = (folder / DATABASE).read_bytes()
    vault = unlock_vault(folder, PASSPHRASE)
    save_meeting(vault, meeting.id, {**meeting.answers, "voice": "2"})
    vault.close()
    now = bytearray((folder / DATABASE).read_bytes())
    changed = [
        page for page in range(1, len(before) // PAGE_BYTES)
        if before[page * PAGE_BYTES : (page + 1) * PAGE_BYTES]
        != now[page * PAGE_BYTES : (page + 1) * PAGE_BYTES]
    ]  # fmt: skip
    for page in changed:
        mixed = bytearray(now)
        part = slice(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)
        mixed[part] = before[part]
        (folder / DATABASE).write_bytes(mixed)
        if _says_the_old_word(folder):
            # Each page passes its own check, and so does the whole: only the digest is another.
            return


def _says_the_old_word(folder: Path) -> bool:
    copy = Path(shutil.copytree(folder, folder.with_name("look"), dirs_exist_ok=True))
    try:
        vault = opens(copy)
        if vault is None:
            return False
        with contextlib.closing(vault):
            return kept_number(vault) == 1
    finally:
        shutil.rmtree(copy)


def _killed_in_work(folder: Path) -> None:
    writer = _started("work", folder)
    assert writer.stdout is not None
    for _ in range(20):
        writer.stdout.readline()
    writer.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        writer.wait(10)


def _without_log(folder: Path) -> None:
    _killed_in_work(folder)
    assert (folder / LOG).stat().st_size > 0
    (folder / LOG).unlink()


def _old_log(folder: Path) -> None:
    _killed_in_work(folder)
    shutil.copy(folder / LOG, folder.with_name("log"))
    vault = opens(folder)
    assert vault is not None
    start_meeting(vault)
    vault.close()
    shutil.copy(folder.with_name("log"), folder / LOG)
