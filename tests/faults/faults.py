"""Rough handling of a vault, with figures: anyone can run it again.

    python tests/faults/faults.py kills --times 200
    python tests/faults/faults.py pages | keys | rollback | passphrases --times 1000

Each prints one line of figures and ends with status 1 if anything was lost, or opened wrongly.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from odbst_desktop.meetings.log import meetings, save_meeting, start_meeting
from odbst_desktop.office.opening import make_vault, unlock_vault
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.school.people import add_person
from odbst_desktop.vault import key_slots
from odbst_desktop.vault.backups import back_up
from odbst_desktop.vault.errors import VaultError
from odbst_desktop.vault.key_file import DATABASE, KEYS, is_authentic, parse_key_file
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.users import change_passphrase
from odbst_desktop.vault.vault import Vault

PASSPHRASE = "copper lantern drifting orchard"
OTHER = "velvet anchor morning gravel"
PAGE_BYTES = 4096


@contextlib.contextmanager
def a_vault() -> Iterator[Path]:
    """Make a small vault with a meeting, in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        os.environ["XDG_STATE_HOME"] = f"{name}/state"
        folder = Path(name) / "vault"
        vault = make_vault(
            folder, owner=Owner(Profile.SCHOOL, "Oakfield", 900101), person="Ruth Ellery",
            passphrase=PASSPHRASE, cost=FLOOR_COST,
        ).vault  # fmt: skip
        with vault.changing("people", "people") as session:
            add_person(session, "Ruth Ellery", ["dsl"], vault.today())
        start_meeting(vault)
        vault.close()
        yield folder


def opens(folder: Path, passphrase: str = PASSPHRASE) -> Vault | None:
    """Open a vault whichever of the two passphrases it has, without the wait between tries."""
    for known in (passphrase, OTHER):
        shutil.rmtree(Path(os.environ["XDG_STATE_HOME"]) / "odbst-desktop", ignore_errors=True)
        with contextlib.suppress(VaultError):
            return unlock_vault(folder, known)
    return None


def work(folder: Path) -> None:
    """Write until killed; say each number once it is committed."""
    vault = opens(folder)
    assert vault is not None
    with vault.reading() as session:
        meeting = meetings(session)[0]
    number = int(meeting.answers.get("voice", "0"))
    words = (PASSPHRASE, OTHER)
    while True:
        number += 1
        save_meeting(vault, meeting.id, {**meeting.answers, "voice": str(number)})
        print(number, flush=True)
        if number % 40 == 0:
            back_up(vault)
        if number % 100 == 0:
            with contextlib.suppress(VaultError):
                change_passphrase(vault, *words)
            with contextlib.suppress(VaultError):
                change_passphrase(vault, *reversed(words))


def kills(times: int) -> bool:
    """Kill a writer at random moments: no number it said is ever missing."""
    chance, lost, shut, said_last = random.Random(4), 0, 0, 0
    with a_vault() as folder:
        for _ in range(times):
            writer = subprocess.Popen(
                [sys.executable, __file__, "work", "--folder", str(folder)],
                stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            assert writer.stdout is not None
            said_last = int(writer.stdout.readline() or said_last)
            time.sleep(chance.random() * 0.6)
            writer.send_signal(signal.SIGKILL)
            rest = writer.stdout.read().split()
            said_last = int(rest[-1]) if rest else said_last
            writer.wait()
            vault = opens(folder)
            if vault is None:
                shut += 1
                continue
            with vault.reading() as session:
                kept = int(meetings(session)[0].answers.get("voice", "0"))
            lost += kept < said_last
            vault.close()
    print(f"kills: {times}, commits said: {said_last}, lost: {lost}, did not open: {shut}")
    return not lost and not shut


def pages(_times: int) -> bool:
    """Damage each page in turn: it is always noticed."""
    with a_vault() as folder:
        path, missed = folder / DATABASE, 0
        whole = path.read_bytes()
        count = len(whole) // PAGE_BYTES
        for page in range(count):
            broken = bytearray(whole)
            broken[page * PAGE_BYTES + 100] ^= 1
            path.write_bytes(broken)
            vault = opens(folder)
            if vault is not None:
                missed += 1
                vault.close()
        path.write_bytes(whole)
        good = opens(folder) is not None
    print(f"pages: {count} damaged in turn, not noticed: {missed}, whole one opens: {good}")
    return good and not missed


def keys(_times: int) -> bool:
    """Cut keys.json at every byte and flip every bit: never taken for another's word."""
    with a_vault() as folder:
        data = (folder / KEYS).read_bytes()
        whole = parse_key_file(data)
        slot = next(s for s in whole.slots if s.kind == "passphrase")
        vault_key = key_slots.open_slot(whole.vault, slot, PASSPHRASE.encode())
        assert vault_key is not None
        taken = 0
        cases = [data[:place] for place in range(len(data) - 1)]
        for place in range(len(data) * 8):
            flipped = bytearray(data)
            flipped[place // 8] ^= 1 << place % 8
            cases.append(bytes(flipped))
        for case in cases:
            with contextlib.suppress(VaultError):
                read = parse_key_file(case)
                # The same content with other white space is no harm.
                taken += read != whole and is_authentic(read, vault_key)
    print(f"keys.json: {len(cases)} cut or flipped, taken though altered: {taken}")
    return not taken


def rollback(_times: int) -> bool:
    """Put old files back: each is noticed."""
    noticed = 0
    cases: tuple[Callable[[Path, Path], None], ...] = (
        lambda old, now: _copy(old, now, DATABASE),
        lambda old, now: _copy(old, now, DATABASE, KEYS),
        _replace,
        _old_page,
        lambda old, now: _copy(old, now, DATABASE, KEYS, "keys.previous.json"),
    )
    for case in cases:
        with a_vault() as folder:
            old = folder.with_name("old")
            shutil.copytree(folder, old)
            vault = unlock_vault(folder, PASSPHRASE)
            for _ in range(5):
                start_meeting(vault)
            vault.close()
            case(old, folder)
            try:
                unlock_vault(folder, PASSPHRASE).close()
            except VaultError:
                noticed += 1
    print(f"rollback: {len(cases)} kinds, noticed: {noticed}")
    return noticed == len(cases)


def _copy(old: Path, now: Path, *names: str) -> None:
    for name in names:
        if (old / name).exists():
            shutil.copy(old / name, now / name)


def _replace(old: Path, now: Path) -> None:
    shutil.rmtree(now)
    shutil.copytree(old, now)


def _old_page(old: Path, now: Path) -> None:
    before, after = (old / DATABASE).read_bytes(), bytearray((now / DATABASE).read_bytes())
    for page in range(len(before) // PAGE_BYTES):
        part = slice(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)
        if page and before[part] != after[part]:
            after[part] = before[part]
            break
    (now / DATABASE).write_bytes(after)


def passphrases(times: int) -> bool:
    """Try wrong passphrases against a slot of floor cost: none opens it."""
    chance, opened = random.Random(7), 0
    with a_vault() as folder:
        whole = parse_key_file((folder / KEYS).read_bytes())
        slot = next(s for s in whole.slots if s.kind == "passphrase")
        for _ in range(times):
            letters = list(PASSPHRASE)
            letters[chance.randrange(len(letters))] = chr(chance.randrange(33, 126))
            typed = "".join(letters)
            if typed != PASSPHRASE:
                opened += key_slots.open_slot(whole.vault, slot, typed.encode()) is not None
    print(f"passphrases: {times} wrong ones, opened: {opened}")
    return not opened


def main() -> int:
    """Run one kind of rough handling."""
    parser = argparse.ArgumentParser()
    kinds = {"kills": kills, "pages": pages, "keys": keys, "rollback": rollback,
             "passphrases": passphrases}  # fmt: skip
    parser.add_argument("kind", choices=[*kinds, "work"])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.kind == "work":
        work(options.folder)
    return 0 if kinds[options.kind](options.times) else 1


if __name__ == "__main__":
    sys.exit(main())
