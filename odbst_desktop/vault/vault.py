"""An open vault: read, change with an audit entry, who has a passphrase on it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NewType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select, text

from odbst_desktop.errors import FileWriteError
from odbst_desktop.vault import audit, key_slots
from odbst_desktop.vault.database import (
    copy_database,
    faults_in,
    open_engine,
    refuse_full_disk,
)
from odbst_desktop.vault.errors import OlderCopyError, WrongPassphraseError
from odbst_desktop.vault.holder import Hold
from odbst_desktop.vault.key_file import DATABASE, HighWaterMark, database_digest
from odbst_desktop.vault.key_ring import KeyRing
from odbst_desktop.vault.key_slots import KdfCost, Wrapped
from odbst_desktop.vault.marks import note_outside_mark, write_outside_mark
from odbst_desktop.vault.records import UserRow
from odbst_desktop.vault.remaking import remake_database

Clock = Callable[[], datetime]
"""Returns the moment now, aware of its zone."""

UserId = NewType("UserId", str)
"""A random UUID of somebody with a passphrase on this vault."""

_MARK_EVERY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a passphrase and a signing key here, or who had them.

    ``role`` is one of the package format's words; ``public_key`` 32 raw Ed25519 bytes;
    ``removed_at`` RFC 3339, empty while they can open the vault.
    """

    id: UserId
    name: str
    role: str
    public_key: bytes
    removed_at: str = ""


def utc_now() -> datetime:
    """Return the moment now in UTC."""
    return datetime.now(UTC)


def moment_text(moment: datetime) -> str:
    """Return RFC 3339 UTC with whole seconds, e.g. ``2026-11-24T09:30:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Vault:
    """The one way to an open vault's contents. Made by ``opening``, never directly."""

    def __init__(
        self,
        ring: KeyRing,
        hold: Hold,
        *,
        user: UserId,
        clock: Clock,
        marks: Path,
        is_older_copy: bool = False,
    ) -> None:
        self.folder, self.clock, self.ring = ring.folder, clock, ring
        self.is_older_copy = is_older_copy
        self._hold, self._marks = hold, marks
        self._engine = self._opened()
        self._marked_at = time.monotonic()
        try:
            self.user = next(known for known in self.users() if known.id == user)
        except BaseException as fault:
            self._engine.dispose()
            if isinstance(fault, StopIteration):
                # Somebody removed whose way in a crash left behind.
                raise WrongPassphraseError from fault
            raise

    @property
    def vault_id(self) -> str:
        """Return the vault's random UUID."""
        return self.ring.vault_id

    def now(self) -> str:
        """Return the moment now as RFC 3339 UTC, whole seconds."""
        return moment_text(self.clock())

    def today(self) -> date:
        """Return today's date where the user is."""
        return self.clock().astimezone().date()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session for reading; what it changes is rolled back."""
        with self._session() as session:
            yield session

    @contextmanager
    def changing(self, what: str, record: str) -> Iterator[Session]:
        """Open one transaction; leaving it normally appends an audit entry and commits.

        ``what`` says the kind of change (“meeting closed”), ``record`` which (“meeting/ID”);
        neither holds contents. An exception rolls everything back.

        Raises:
            OlderCopyError: the vault can only be read.
            FileWriteError: the disk is full.

        """
        if self.is_older_copy:
            raise OlderCopyError
        try:
            with self._session() as session:
                yield session
                session.flush()
                head = audit.append_entry(
                    session, at=self.now(), user=self.user.id, what=what, record=record
                )
                session.commit()
        except OperationalError as fault:
            refuse_full_disk(fault)
            raise
        if time.monotonic() - self._marked_at > _MARK_EVERY_SECONDS:
            self.write_mark()
        else:
            mark = HighWaterMark(head.sequence, head.hash)
            note_outside_mark(self._marks, self.vault_id, mark)

    def audit_head(self) -> audit.AuditHead:
        """Return the number and hash of the newest audit entry."""
        with self.reading() as session:
            return audit.read_head(session)

    def audit_entries(self) -> tuple[audit.AuditEntry, ...]:
        """Return the whole audit chain, oldest first."""
        with self.reading() as session:
            return audit.read_entries(session)

    def everybody(self) -> tuple[User, ...]:
        """Return everybody who has or had a passphrase here, first comer first."""
        with self.reading() as session:
            rows = session.exec(
                select(UserRow).order_by(col(UserRow.added_at), text("rowid"))
            ).all()
            return tuple(
                User(
                    UserId(row.id), row.name, row.role, bytes.fromhex(row.public_key),
                    row.removed_at or "",
                )
                for row in rows
            )  # fmt: skip

    def users(self) -> tuple[User, ...]:
        """Return everybody with a passphrase here, first comer first."""
        return tuple(user for user in self.everybody() if not user.removed_at)

    def signing_key(self, user: UserId, passphrase: str) -> Ed25519PrivateKey:
        """Return a user's private key; the passphrase is asked for at each signature.

        Raises:
            WrongPassphraseError: it is not that user's passphrase.

        """
        with self.reading() as session:
            row = session.get_one(UserRow, user)
        if not row.wrapped_key:
            raise WrongPassphraseError
        stored = json.loads(row.wrapped_key)
        wrapped = Wrapped(**{**stored, "cost": KdfCost(**stored["cost"])})
        seed = key_slots.unwrap_secret(wrapped, passphrase.encode(), signing_binding(row.id))
        if seed is None:
            raise WrongPassphraseError
        return Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def recovery_is_confirmed(self) -> bool:
        """Say whether the recovery sheet was typed back, and so counts."""
        return any(slot.confirmed for slot in self.ring.of_kind("recovery"))

    def check(self) -> tuple[str, ...]:
        """Return in plain sentences what is wrong with the vault; empty if it is sound."""
        found = []
        with self.reading() as session:
            if not audit.chain_is_whole(session):
                found.append("The audit chain is broken: an entry was altered or removed.")
            if not self.is_older_copy and not audit.reaches_mark(session, self.ring.mark):
                found.append("The audit chain is shorter than when the vault was last used.")
        self._engine.dispose()
        found += [
            f"The database is damaged: {words}."
            for words in faults_in(self.folder / DATABASE, self.ring.vault_key)
        ]
        return tuple(found)

    def copy_to(self, target: Path) -> bytes:
        """Copy the database under the same key while it is open; return the key file to it."""
        head = self.audit_head()
        # Outside a transaction: within one, the copying would wait for itself.
        raw = self._engine.raw_connection()
        try:
            copy_database(raw.driver_connection, target, self.ring.vault_key)
        finally:
            raw.close()
        return self.ring.sealed_with(HighWaterMark(head.sequence, head.hash))

    def faults_of_copy(self, target: Path) -> tuple[str, ...]:
        """Return in plain words what is wrong with a copy of the database; empty if sound."""
        return faults_in(target, self.ring.vault_key)

    def compact(self) -> None:
        """Write the database anew without the room that deleted rows left, and empty its log.

        Afterwards no page, used or free, holds what was deleted. Rows of tables without a whole
        number as key may get another ``rowid``: nothing may keep one.

        Raises:
            FileWriteError: there is no room for it; nothing was changed.

        """
        # Outside a transaction: VACUUM cannot run within one.
        raw = self._engine.raw_connection()
        try:
            raw.cursor().execute("VACUUM")
            # The log still holds the pages as they were before.
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except self._engine.dialect.loaded_dbapi.Error as fault:
            raise FileWriteError(
                "The vault could not be tidied: the disk may be full. Nothing is lost; make room "
                "and try again."
            ) from fault
        finally:
            raw.close()

    def change_key(self, *, without: frozenset[str] = frozenset()) -> None:
        """Encrypt the vault under a new key; the ways in follow, but for the slots named.

        A crash at any moment leaves the old key or the new one, and a key file that leads to it.

        Raises:
            FileWriteError, DamagedVaultError: nothing was changed.

        """
        turned = self.ring.turned(without)
        self._engine.dispose()
        try:
            remake_database(
                self.folder / DATABASE,
                self.ring.vault_key,
                new_key=turned.vault_key,
                ready=turned.announce,
            )
            self.ring.drop()
            self.ring = turned
            turned.settle()
        finally:
            self._engine = self._opened()

    def count_from_now_on(self) -> None:
        """Let an older copy be the vault: the marks step back to it, and it can be changed."""
        self.is_older_copy = False
        with self.changing("older copy taken on", f"vault/{self.vault_id}"):
            pass
        self.write_mark()

    def write_mark(self) -> None:
        """Write the high-water mark, inside the folder and outside it."""
        head = self.audit_head()
        self._marked_at = time.monotonic()
        mark = HighWaterMark(head.sequence, head.hash)
        if mark != self.ring.mark:
            self.ring.write_mark(mark)
        write_outside_mark(self._marks, self.vault_id, mark)

    def close(self) -> None:
        """Write the high-water mark, close the file, drop the keys and let others open it."""
        try:
            if self.ring.vault_key and not self.is_older_copy:
                self.write_mark()
                self._engine.dispose()
                self.ring.write_closed_as(database_digest(self.folder))
        finally:
            self._engine.dispose()
            self.ring.drop()
            self._hold.release()

    def _session(self) -> Session:
        # Once closed it stays closed: a session used too late would keep the only connection.
        return Session(self._engine, expire_on_commit=False, close_resets_only=False)

    def _opened(self) -> Engine:
        return open_engine(self.folder / DATABASE, self.ring.vault_key)


def signing_binding(user: str) -> str:
    """Return what a user's wrapped signing key is bound to."""
    return f"signing-key {user}"
