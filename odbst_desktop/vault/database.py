"""The SQLCipher file behind SQLAlchemy: one connection, whole transactions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event

from odbst_desktop.errors import FileWriteError
from odbst_desktop.vault.errors import DamagedVaultError, VaultInUseError
from odbst_desktop.vault.places import warning_about

_DAMAGED = (
    "The vault's database is damaged: {what}. Nothing was changed. Keep the folder as it is and "
    "restore a backup, or ask your IT team."
)
_FULL = (
    "The disk is full, so the change was not saved; everything saved before is safe. Make room on "
    "the disk, then go on."
)


def open_engine(path: Path, key: bytes, *, foreign_keys: bool = True) -> Engine:
    """Return an engine on the encrypted file at ``path`` with the raw ``key`` (32 bytes).

    One connection in a queue, since two threads sharing a static one lost commits; BEGIN
    IMMEDIATE by hook, since the driver's own transactions leave the DDL of a rolled-back one.
    """
    engine = create_engine(
        "sqlite://",
        creator=lambda: connect(path, key, foreign_keys=foreign_keys),
        module=sqlcipher,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def connect(path: Path, key: bytes, *, foreign_keys: bool = True) -> Any:
    """Open the file for this process alone.

    The log beside the file (WAL) is the quickest and safe on this computer's own disk. Where a
    service copies files one by one, or over a network, one file is safer than two: there a journal
    is used, and each commit waits until the journal's removal has reached the disk too.

    Raises:
        VaultInUseError: another process holds it.
        DamagedVaultError: the key is right (a slot opened) but the first page is not.

    """
    connection = sqlcipher.connect(
        str(path), isolation_level=None, check_same_thread=False, timeout=0.5
    )
    try:
        # The order matters: quiet first, then the key, then the lock, then the first read.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        journal, flush = ("DELETE", "EXTRA") if warning_about(path.parent) else ("WAL", "FULL")
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute(f"PRAGMA synchronous = {flush}")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA secure_delete = ON")
        # Takes the exclusive lock now, not at the first write.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
    except sqlcipher.Error as fault:
        connection.close()
        if "locked" in str(fault) or "busy" in str(fault):
            raise VaultInUseError from fault
        refuse_full_disk(fault)
        raise DamagedVaultError(_DAMAGED.format(what="it cannot be read")) from fault
    return connection


def opens_with(path: Path, key: bytes) -> bool:
    """Say whether a key is the one of the file, by its first page."""
    connection = sqlcipher.connect(str(path), isolation_level=None, timeout=0.5)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher.DatabaseError as fault:
        if "locked" in str(fault):
            raise VaultInUseError from fault
        return False
    finally:
        connection.close()
    return True


def refuse_full_disk(fault: BaseException) -> None:
    """Say it plainly if a database's fault is a full disk.

    Raises:
        FileWriteError: it is.

    """
    if any(sign in str(fault) for sign in ("disk is full", "disk I/O error")):
        raise FileWriteError(_FULL) from fault


def copy_database(source: Any, target: Path, key: bytes) -> None:
    """Copy an open database with SQLite's online backup, under the same key.

    Raises:
        FileWriteError: the target cannot be written.

    """
    copy = sqlcipher.connect(str(target), isolation_level=None)
    try:
        copy.execute("PRAGMA cipher_log_level = NONE")
        # The key comes first: another one here would encrypt anew.
        copy.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        source.backup(copy)
    except sqlcipher.Error as fault:
        raise FileWriteError(
            "The vault could not be copied: the disk may be full. Nothing was changed; make room "
            "and try again."
        ) from fault
    finally:
        copy.close()


def faults_in(path: Path, key: bytes) -> tuple[str, ...]:
    """Run both integrity checks and return what they find in plain words; empty if sound.

    On separate connections: one bad page poisons the next check. Each finds what the other
    misses (truncation at a page border; bytes appended).
    """
    found = []
    for pragma, sound, words in (
        ("cipher_integrity_check", [], "a page fails its authentication code"),
        ("integrity_check", [("ok",)], "its structure is broken"),
    ):
        connection = connect(path, key)
        try:
            rows = connection.execute(f"PRAGMA {pragma}").fetchall()
        except sqlcipher.Error:
            rows = None
        finally:
            connection.close()
        if rows != sound:
            found.append(words)
    return tuple(found)


def refuse_damage(path: Path, key: bytes) -> None:
    """Check the whole file before it is used.

    Raises:
        DamagedVaultError: something is wrong with it.

    """
    found = faults_in(path, key)
    if found:
        raise DamagedVaultError(_DAMAGED.format(what=found[0]))
