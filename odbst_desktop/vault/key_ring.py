"""The open key file: knows the vault's key and writes the ways in."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from odbst_desktop.vault import key_file, key_slots
from odbst_desktop.vault.key_file import HighWaterMark, KeyFile
from odbst_desktop.vault.key_slots import KdfCost, Slot, SlotKind


class KeyRing:
    """Every way into an open vault. Its key leaves it only for the database."""

    def __init__(self, folder: Path, file: KeyFile, vault_key: bytes) -> None:
        self.folder = folder
        self._file, self._vault_key = file, vault_key

    @property
    def vault_key(self) -> bytes:
        """Return the 32 bytes that the database opens with."""
        return self._vault_key

    @property
    def vault_id(self) -> str:
        """Return the vault's random UUID."""
        return self._file.vault

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Return every way in."""
        return self._file.slots

    @property
    def mark(self) -> HighWaterMark:
        """Return the high-water mark last written."""
        return self._file.mark

    @property
    def cost(self) -> KdfCost:
        """Return what a passphrase costs to try here."""
        return next(s.wrapped.cost for s in self.slots if s.kind == "passphrase")

    def of_kind(self, kind: SlotKind, user: str = "") -> tuple[Slot, ...]:
        """Return the ways in of a kind, of one user or (no name given) of anybody."""
        return tuple(s for s in self.slots if s.kind == kind and user in ("", s.user))

    def new_slot(
        self, kind: SlotKind, user: str, secret: bytes, cost: KdfCost | None = None
    ) -> Slot:
        """Make a way in that is not written yet."""
        return key_slots.new_slot(
            self.vault_id, kind, user, self._vault_key, secret, cost or self.cost
        )

    def opens(self, slot: Slot, secret: bytes) -> bool:
        """Say whether a secret opens a slot, and leads to this vault's key."""
        return key_slots.open_slot(self.vault_id, slot, secret) == self._vault_key

    def add(self, *slots: Slot) -> None:
        """Write further ways in."""
        self._write(replace(self._file, slots=(*self.slots, *slots)))

    def replace(self, removed: Collection[str], *slots: Slot) -> None:
        """Write ways in instead of others; no copy is left that opens with those removed."""
        kept = tuple(slot for slot in self.slots if slot.id not in removed)
        file = replace(self._file, slots=(*kept, *slots))
        key_file.settle_keys(self.folder, file, self._vault_key)
        self._file = file

    def confirm(self, slot_id: str) -> None:
        """Let a recovery slot count."""
        slots = tuple(replace(s, confirmed=s.confirmed or s.id == slot_id) for s in self.slots)
        self._write(replace(self._file, slots=slots))

    def write_mark(self, mark: HighWaterMark) -> None:
        """Write the high-water mark."""
        self._write(replace(self._file, mark=mark))

    def write_closed_as(self, digest: str) -> None:
        """Write what the database looks like, now that it is closed; nothing once it is opened."""
        if self._file.closed_as != digest:
            self._write(replace(self._file, closed_as=digest))

    def sealed_with(self, mark: HighWaterMark) -> bytes:
        """Return the bytes of a key file with another mark, for a copy of the vault."""
        copy = replace(self._file, mark=mark, closed_as="")
        return key_file.seal_key_file(copy, self._vault_key)

    def turned(self, without: Collection[str] = ()) -> KeyRing:
        """Return a ring to a new key of the vault, with the same ways in but those named.

        Nothing is written. Slots that cannot follow must be among those named.
        """
        new_key = secrets.token_bytes(key_slots.KEY_BYTES)
        slots = tuple(
            key_slots.led_to(self.vault_id, slot, new_key)
            for slot in self.slots
            if slot.id not in without
        )
        return KeyRing(self.folder, replace(self._file, slots=slots), new_key)

    def announce(self) -> None:
        """Write this ring as the one to come."""
        key_file.write_coming_keys(self.folder, self._file, self._vault_key)

    def settle(self) -> None:
        """Write this ring as the only one."""
        key_file.settle_keys(self.folder, self._file, self._vault_key)

    def drop(self) -> None:
        """Forget the key."""
        self._vault_key = b""

    def _write(self, file: KeyFile) -> None:
        key_file.write_key_file(self.folder, file, self._vault_key)
        self._file = file
