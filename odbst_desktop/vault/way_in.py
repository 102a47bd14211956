"""Find the slot that a secret opens, and judge the file behind it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from odbst_desktop.vault import audit, key_file, key_slots
from odbst_desktop.vault.database import open_engine, opens_with
from odbst_desktop.vault.errors import DamagedVaultError
from odbst_desktop.vault.key_file import COMING_KEYS, DATABASE, KeyFile, key_files
from odbst_desktop.vault.key_slots import Slot, SlotKind
from odbst_desktop.vault.marks import read_outside_mark
from odbst_desktop.vault.vault import UserId


@dataclass(frozen=True, slots=True)
class WayIn:
    """A slot that opened, the file it stands in, and the key it led to."""

    keys: KeyFile
    slot: Slot
    vault_key: bytes


def find_way_in(folder: Path, kind: SlotKind, secret: bytes) -> WayIn | None:
    """Return the slot that a secret opens and that leads to the key of the database.

    Raises:
        DamagedVaultError: a slot opens, but its key does not fit the database.

    """
    fits_none = False
    for keys in key_files(folder):
        for slot in keys.slots:
            if slot.kind != kind:
                continue
            vault_key = key_slots.open_slot(keys.vault, slot, secret)
            if vault_key is None or not key_file.is_authentic(keys, vault_key):
                continue
            if opens_with(folder / DATABASE, vault_key):
                return WayIn(keys, slot, vault_key)
            fits_none = True
    # While a key is being replaced, a way in may be left that leads to the old one only.
    if fits_none and not (folder / COMING_KEYS).is_file():
        raise DamagedVaultError(
            "The vault's database is damaged, or its key file is of another time: they do not fit. "
            "Nothing was changed. Keep the folder as it is and restore a backup, or ask your IT "
            "team."
        )
    return None


def is_altered(folder: Path, keys: KeyFile, digest: str, *, has_log: bool) -> bool:
    """Say whether the file is another than the one last closed; a crash leaves this unknown."""
    if not keys.closed_as or not key_file.is_in_force(folder, keys):
        return False
    return has_log or digest != keys.closed_as


def is_older_copy(path: Path, found: WayIn, marks: Path) -> bool:
    """Say whether the history is shorter than a high-water mark knows it.

    Raises:
        DamagedVaultError: the history was altered.

    """
    engine = open_engine(path, found.vault_key)
    try:
        with Session(engine) as session:
            refuse_broken_chain(session)
            outside = read_outside_mark(marks, found.keys.vault)
            known = [mark for mark in (found.keys.mark, outside) if mark is not None]
            return not all(audit.reaches_mark(session, mark) for mark in known)
    finally:
        engine.dispose()


def refuse_broken_chain(session: Session) -> None:
    """Refuse a vault whose history was altered.

    Raises:
        DamagedVaultError: an entry does not follow from the one before it.

    """
    if not audit.chain_is_whole(session):
        raise DamagedVaultError(
            "The vault's audit chain is broken: its history was altered outside this program. "
            "Nothing was changed; restore a backup, or ask your IT team."
        )


def user_of(path: Path, found: WayIn) -> UserId:
    """Return whose slot it is; with the recovery sheet, the first user who is still here."""
    if found.slot.user:
        return UserId(found.slot.user)
    engine = open_engine(path, found.vault_key)
    try:
        with engine.connect() as connection:
            query = "SELECT id FROM vault_user WHERE removed_at IS NULL ORDER BY added_at, rowid"
            return UserId(str(connection.exec_driver_sql(query).scalars().first()))
    finally:
        engine.dispose()
