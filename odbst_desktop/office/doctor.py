"""What the program sees of a computer and of a vault, for a help-desk call; never any contents."""

from __future__ import annotations

import importlib.metadata
import locale
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from odbst_desktop import __version__
from odbst_desktop.errors import OdbstError
from odbst_desktop.office.notices import clock_problem
from odbst_desktop.office.opening import SCHEMA
from odbst_desktop.policies import is_open_to_others, policies_here, policy_file
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.shipped import faults_of_this_copy, shipped_file
from odbst_desktop.vault.backups import backups_of
from odbst_desktop.vault.database import connect
from odbst_desktop.vault.holder import is_held
from odbst_desktop.vault.key_file import DATABASE, key_files
from odbst_desktop.vault.key_slots import DEFAULT_COST, unwrap_secret, wrap_secret
from odbst_desktop.vault.places import warning_about
from odbst_desktop.vault.quick_unlock import why_not_here
from odbst_desktop.vault.state_folder import state_folder
from odbst_desktop.vault.vault import Vault

_PARTS = ("PySide6-Essentials", "sqlcipher3", "cryptography", "SQLAlchemy", "sqlmodel",
          "reportlab", "pypdfium2", "elementpath", "pydantic", "alembic", "filelock", "keyring",
          "python-calamine", "pyqtgraph", "icalendar")  # fmt: skip
_LITTLE_ROOM_MB = 500
_SLOW_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Fact:
    """Something seen: its name, what was seen, and what to do about it if it is not well."""

    name: str
    seen: str
    problem: str = ""


def facts_of_the_computer() -> Iterator[Fact]:
    """Give what the program sees of itself and of this computer."""
    yield Fact("odbst", __version__, faults_of_this_copy())
    yield Fact("installed as", "a frozen program" if hasattr(sys, "frozen") else "source")
    yield Fact("python", platform.python_version())
    yield Fact("system", f"{platform.system()} {platform.release()}")
    yield Fact("machine", platform.machine())
    yield Fact("language", str(locale.getlocale()[0] or "none set"))
    yield Fact("text", str(getattr(sys.stdout, "encoding", "") or "none"))
    yield from (_part(name) for name in _PARTS)
    yield _shipped("forms", "forms/return/termly_return.yaml")
    yield _shipped("fonts", "resources/fonts/inter/Inter-Regular.ttf")
    yield _sqlcipher()
    yield _unlocking()
    yield _keyring()
    yield clock_fact(datetime.now(UTC))
    yield _folder("state folder", state_folder())
    yield _folder("temporary folder", Path(tempfile.gettempdir()))
    yield from _policies()


def facts_of_the_folder(folder: Path) -> Iterator[Fact]:
    """Give what can be said of a vault without opening it."""
    yield Fact("vault", str(folder))
    try:
        keys = key_files(folder)[0]
    except OdbstError as fault:
        yield Fact("vault’s keys", "cannot be read", fault.sentence)
        return
    kinds = [slot.kind for slot in keys.slots]
    yield Fact("vault’s keys", ", ".join(f"{kinds.count(k)} × {k}" for k in dict.fromkeys(kinds)))
    yield Fact("vault’s size", f"{(folder / DATABASE).stat().st_size / 1_000_000:.1f} MB")
    yield Fact("vault’s place", f"{len(str(folder))} characters", warning_about(folder))
    yield Fact("vault open elsewhere", "yes" if is_held(folder) else "no")
    kept = backups_of(folder)
    newest = show_date(kept[0].made.date()) if kept else "none"
    yield Fact("backups", f"{len(kept)}, newest {newest}", "" if kept else "None was made yet.")
    yield _folder("vault’s disk", folder)


def facts_of_the_vault(vault: Vault) -> Iterator[Fact]:
    """Give what an open vault says of its health."""
    found = vault.check()
    yield Fact("vault’s health", "sound" if not found else "damaged", " ".join(found))
    yield Fact("vault’s schema", str(SCHEMA.version))
    yield Fact("changes recorded", str(vault.audit_head().sequence))
    confirmed = vault.recovery_is_confirmed
    yield Fact("recovery sheet", "counts" if confirmed else "not typed back",
               "" if confirmed else "Type it back, so that it counts.")  # fmt: skip
    older = "It is an older copy, open for reading only." if vault.is_older_copy else ""
    yield Fact("copy", "older than the one last used here" if older else "the newest", older)


def clock_fact(now: datetime) -> Fact:
    """Return what the clock says, and whether that cannot be."""
    return Fact("clock", now.strftime("%Y-%m-%dT%H:%MZ"), clock_problem(now.date()))


def _part(name: str) -> Fact:
    try:
        return Fact(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Fact(name, "missing", "Install the program again.")


def _shipped(name: str, file: str) -> Fact:
    is_there = shipped_file(file).is_file()
    return Fact(name, str(is_there), "" if is_there else "Install the program again.")


def _sqlcipher() -> Fact:
    with tempfile.TemporaryDirectory(prefix="odbst-doctor-") as name:
        path = Path(name) / "tried.sqlite"
        try:
            connection = connect(path, bytes(32))
            connection.execute("CREATE TABLE t (word TEXT)")
            connection.execute("INSERT INTO t VALUES ('plain words')")
            cipher = str(connection.execute("PRAGMA cipher_version").fetchone()[0])
            version = str(connection.execute("SELECT sqlite_version()").fetchone()[0])
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            is_sealed = b"plain words" not in path.read_bytes()
        except (OdbstError, OSError) as fault:
            return Fact("SQLCipher", "does not work", str(fault))
    words = "" if is_sealed else "It does not encrypt. Do not use this copy."
    return Fact("SQLCipher", f"{cipher}, SQLite {version}, encrypts", words)


def _unlocking() -> Fact:
    begun = time.monotonic()
    try:
        wrapped = wrap_secret(b"tried", b"tried", DEFAULT_COST, "doctor")
        works = unwrap_secret(wrapped, b"tried", "doctor") == b"tried"
    except MemoryError:
        return Fact("unlocking", "too little memory", "Close other programs; it needs 256 MB.")
    seconds = (time.monotonic() - begun) / 2
    slow = "This computer is slow at it; unlocking takes a while." * (seconds > _SLOW_SECONDS)
    return Fact("unlocking", f"{seconds:.1f} s", slow if works else "Argon2id does not work here.")


def _keyring() -> Fact:
    why_not = why_not_here()
    return Fact("keyring here", why_not or "usable for quick unlock")


def _folder(name: str, folder: Path) -> Fact:
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        free_mb = shutil.disk_usage(there).free // 1_000_000
    except OSError as fault:
        return Fact(name, str(folder), f"It cannot be looked at ({fault.strerror}).")
    words = ""
    if not there.is_dir() or not os.access(there, os.W_OK):
        words = "It cannot be written. Ask your IT team for the right to write there."
    elif free_mb < _LITTLE_ROOM_MB:
        words = "There is little room on the disk. Make some."
    return Fact(name, f"{folder} ({free_mb:,} MB free)", words)


def _policies() -> Iterator[Fact]:
    file, policies = policy_file(), policies_here()
    if not file.exists():
        yield Fact("policies", f"none ({file})")
        return
    loose = "Others than root may write it; anybody could weaken it." * is_open_to_others(file)
    yield Fact("policies", str(file), "; ".join((*policies.faults, *filter(None, (loose,)))))
    for sentence in policies.sentences():
        yield Fact("policy", sentence)
