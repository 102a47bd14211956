"""An open vault: read, change with an audit entry, users and their signing keys."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NewType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine
from sqlmodel import Session, col, select, text

from odbst_desktop.errors import FileWriteError
from odbst_desktop.files import write_whole
from odbst_desktop.vault import audit, key_slots
from odbst_desktop.vault.database import copy_database, faults_in
from odbst_desktop.vault.errors import WeakPassphraseError, WrongPassphraseError
from odbst_desktop.vault.key_slots import HighWaterMark, KdfCost, KeyFile, Wrapped
from odbst_desktop.vault.marks import write_outside_mark
from odbst_desktop.vault.records import UserRow
from odbst_desktop.vault.strength import passphrase_strength

Clock = Callable[[], datetime]
"""Returns the moment now, aware of its zone."""

UserId = NewType("UserId", str)
"""A random UUID of somebody with a passphrase on this vault."""

DATABASE, KEYS, PREVIOUS_KEYS = "vault.sqlite", "keys.json", "keys.previous.json"
_MARK_EVERY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a passphrase and a signing key here.

    ``role`` is one of the package format's words; ``public_key`` 32 raw Ed25519 bytes.
    """

    id: UserId
    name: str
    role: str
    public_key: bytes


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
        folder: Path,
        engine: Engine,
        keys: KeyFile,
        vault_key: bytes,
        user: UserId,
        clock: Clock,
        marks: Path,
    ) -> None:
        self.folder = folder
        self.clock = clock
        self._engine, self._keys, self._vault_key, self._marks = engine, keys, vault_key, marks
        self._marked_at = time.monotonic()
        self.user = next(known for known in self.users() if known.id == user)

    @property
    def vault_id(self) -> str:
        """Return the vault's random UUID."""
        return self._keys.vault

    def now(self) -> str:
        """Return the moment now as RFC 3339 UTC, whole seconds."""
        return moment_text(self.clock())

    def today(self) -> date:
        """Return today's date where the user is."""
        return self.clock().astimezone().date()

    def _session(self) -> Session:
        # Once closed it stays closed: a session used too late would keep the only connection.
        return Session(self._engine, expire_on_commit=False, close_resets_only=False)

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
        """
        with self._session() as session:
            yield session
            session.flush()
            audit.append_entry(session, at=self.now(), user=self.user.id, what=what, record=record)
            session.commit()
        if time.monotonic() - self._marked_at > _MARK_EVERY_SECONDS:
            self._write_mark()

    def audit_head(self) -> audit.AuditHead:
        """Return the number and hash of the newest audit entry."""
        with self.reading() as session:
            return audit.read_head(session)

    def audit_entries(self) -> tuple[audit.AuditEntry, ...]:
        """Return the whole audit chain, oldest first."""
        with self.reading() as session:
            return audit.read_entries(session)

    def users(self) -> tuple[User, ...]:
        """Return everybody with a passphrase here, first comer first."""
        with self.reading() as session:
            rows = session.exec(
                select(UserRow).order_by(col(UserRow.added_at), text("rowid"))
            ).all()
            return tuple(
                User(UserId(row.id), row.name, row.role, bytes.fromhex(row.public_key))
                for row in rows
            )

    def add_user(self, name: str, role: str, passphrase: str) -> User:
        """Give somebody a passphrase of their own and a signing key under it.

        Raises:
            WeakPassphraseError: the passphrase is too easy to guess.

        """
        refuse_weak_passphrase(passphrase, name)
        cost = self._cost()
        user = str(uuid.uuid4())
        slot = key_slots.new_slot(
            self.vault_id, "passphrase", user, self._vault_key, passphrase.encode(), cost
        )
        row = new_user_row(user, name, role, passphrase, cost, self.now())
        with self.changing("user added", f"user/{user}") as session:
            session.add(row)
        self._write_keys(replace(self._keys, slots=(*self._keys.slots, slot)))
        return next(known for known in self.users() if known.id == user)

    def signing_key(self, user: UserId, passphrase: str) -> Ed25519PrivateKey:
        """Return a user's private key; the passphrase is asked for at each signature.

        Raises:
            WrongPassphraseError: it is not that user's passphrase.

        """
        with self.reading() as session:
            row = session.get_one(UserRow, user)
        stored = json.loads(row.wrapped_key)
        wrapped = Wrapped(**{**stored, "cost": KdfCost(**stored["cost"])})
        seed = key_slots.unwrap_secret(wrapped, passphrase.encode(), _signing_binding(row.id))
        if seed is None:
            raise WrongPassphraseError
        return Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def recovery_is_confirmed(self) -> bool:
        """Say whether the recovery sheet was typed back, and so counts."""
        return any(slot.kind == "recovery" and slot.confirmed for slot in self._keys.slots)

    def mark_recovery_confirmed(self) -> None:
        """Note that the recovery code was typed back correctly."""
        slots = tuple(
            replace(slot, confirmed=True) if slot.kind == "recovery" else slot
            for slot in self._keys.slots
        )
        self._write_keys(replace(self._keys, slots=slots))

    def replace_slots(self, slots: tuple[key_slots.Slot, ...]) -> None:
        """Write other slots into the key file; there is always one left that opens."""
        self._write_keys(replace(self._keys, slots=slots))
        # Once more, so that the copy before it does not open with the slots just replaced.
        self._write_keys(self._keys)

    def change_passphrase(self, old: str, new: str) -> None:
        """Give the present user a new passphrase; the slot and the signing key follow.

        Raises:
            WrongPassphraseError: ``old`` is not the user's passphrase.
            WeakPassphraseError: ``new`` is too easy to guess.

        """
        refuse_weak_passphrase(new, self.user.name)
        seed = self.signing_key(self.user.id, old).private_bytes_raw()
        cost = self._cost()
        slot = key_slots.new_slot(
            self.vault_id, "passphrase", self.user.id, self._vault_key, new.encode(), cost
        )
        kept = tuple(s for s in self._keys.slots if s.user != self.user.id)
        both = (*self._keys.slots, slot)
        # A crash between the steps leaves two passphrases that open the vault, never none.
        self._write_keys(replace(self._keys, slots=both))
        with self.changing("passphrase changed", f"user/{self.user.id}") as session:
            row = session.get_one(UserRow, self.user.id)
            row.wrapped_key = _wrapped_signing_key(seed, row.id, new, cost)
            session.add(row)
        self.replace_slots((*kept, slot))

    def check(self) -> tuple[str, ...]:
        """Return in plain sentences what is wrong with the vault; empty if it is sound."""
        found = []
        with self.reading() as session:
            if not audit.chain_is_whole(session):
                found.append("The audit chain is broken: an entry was altered or removed.")
            if not audit.reaches_mark(session, self._keys.mark):
                found.append("The audit chain is shorter than when the vault was last used.")
        self._engine.dispose()
        found += [
            f"The database is damaged: {words}."
            for words in faults_in(self.folder / DATABASE, self._vault_key)
        ]
        return tuple(found)

    def copy_to(self, target: Path) -> bytes:
        """Copy the database under the same key while it is open; return the key file to it."""
        head = self.audit_head()
        # Outside a transaction: within one, the copying would wait for itself.
        raw = self._engine.raw_connection()
        try:
            copy_database(raw.driver_connection, target, self._vault_key)
        finally:
            raw.close()
        mark = HighWaterMark(head.sequence, head.hash)
        return key_slots.seal_key_file(replace(self._keys, mark=mark), self._vault_key)

    def faults_of_copy(self, target: Path) -> tuple[str, ...]:
        """Return in plain words what is wrong with a copy of the database; empty if sound."""
        return faults_in(target, self._vault_key)

    def close(self) -> None:
        """Write the high-water mark, close the file and drop the keys."""
        try:
            self._write_mark()
        finally:
            self._engine.dispose()
            self._vault_key = b""

    def _cost(self) -> KdfCost:
        return self._keys.slots[0].wrapped.cost

    def _write_mark(self) -> None:
        head = self.audit_head()
        self._marked_at = time.monotonic()
        if head.sequence != self._keys.mark.sequence:
            mark = HighWaterMark(head.sequence, head.hash)
            self._write_keys(replace(self._keys, mark=mark))
            write_outside_mark(self._marks, self.vault_id, mark)

    def _write_keys(self, keys: KeyFile) -> None:
        write_key_file(self.folder, keys, self._vault_key)
        self._keys = keys


def write_key_file(folder: Path, keys: KeyFile, vault_key: bytes) -> None:
    """Write ``keys.json`` whole and keep the copy before it."""
    path = folder / KEYS
    if path.exists():
        try:
            write_whole(folder / PREVIOUS_KEYS, path.read_bytes())
        except OSError as fault:
            raise FileWriteError(
                "The key file of the vault could not be copied. Nothing was changed."
            ) from fault
    write_whole(path, key_slots.seal_key_file(keys, vault_key))


def new_user_row(
    user: str, name: str, role: str, passphrase: str, cost: KdfCost, now: str
) -> UserRow:
    """Return a user's row with a new signing key wrapped under the passphrase."""
    private = Ed25519PrivateKey.generate()
    return UserRow(
        id=user,
        name=name,
        role=role,
        public_key=private.public_key().public_bytes_raw().hex(),
        wrapped_key=_wrapped_signing_key(private.private_bytes_raw(), user, passphrase, cost),
        added_at=now,
    )


def refuse_weak_passphrase(passphrase: str, *known_words: str) -> None:
    """Refuse a passphrase that is too easy to guess.

    Raises:
        WeakPassphraseError: with the verdict of the strength meter.

    """
    strength = passphrase_strength(passphrase, known_words)
    if not strength.accepted:
        raise WeakPassphraseError(f"This passphrase will not do. {strength.words}")


def _wrapped_signing_key(seed: bytes, user: str, passphrase: str, cost: KdfCost) -> str:
    wrapped = key_slots.wrap_secret(seed, passphrase.encode(), cost, _signing_binding(user))
    return json.dumps(asdict(wrapped))


def _signing_binding(user: str) -> str:
    return f"signing-key {user}"
