"""Make a vault, open one with a passphrase, come back in with the recovery sheet."""

from __future__ import annotations

import contextlib
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from odbst_desktop.vault import audit, key_file, key_slots
from odbst_desktop.vault.backups import back_up_file
from odbst_desktop.vault.database import open_engine, refuse_damage, refuse_full_disk
from odbst_desktop.vault.errors import (
    FolderNotUsableError,
    OlderCopyError,
    WrongPassphraseError,
    WrongRecoveryCodeError,
)
from odbst_desktop.vault.holder import HOLDER, LOCK, Hold
from odbst_desktop.vault.key_file import (
    COMING_KEYS,
    DATABASE,
    KEYS,
    PREVIOUS_KEYS,
    HighWaterMark,
    KeyFile,
    database_digest,
    key_files,
)
from odbst_desktop.vault.key_ring import KeyRing
from odbst_desktop.vault.key_slots import DEFAULT_COST, KdfCost, SlotKind
from odbst_desktop.vault.marks import default_marks_folder
from odbst_desktop.vault.migrating import Schema, migrate, refuse_other_version, schema_version
from odbst_desktop.vault.records import UserRow
from odbst_desktop.vault.recovery_code import (
    new_recovery_secret,
    read_recovery_code,
    spell_recovery_code,
)
from odbst_desktop.vault.remaking import remove_leftovers
from odbst_desktop.vault.tries import forget_tries, note_wrong_try, refuse_too_soon
from odbst_desktop.vault.users import (
    finish_removals,
    give_new_keys,
    new_user_row,
    refuse_weak_passphrase,
)
from odbst_desktop.vault.vault import Clock, UserId, Vault, moment_text, utc_now
from odbst_desktop.vault.way_in import (
    WayIn,
    find_way_in,
    is_altered,
    is_older_copy,
    refuse_broken_chain,
    user_of,
)

_OTHER_SHEET = (
    "This recovery code is of another vault, or of a sheet that was replaced. Look for the sheet "
    "that was printed last with this one."
)


@dataclass(frozen=True, slots=True)
class NewVault:
    """A vault just made, open, and the code for its recovery sheet."""

    vault: Vault
    recovery_code: str


def create_vault(
    folder: Path,
    *,
    schema: Schema,
    name: str,
    role: str,
    passphrase: str,
    cost: KdfCost = DEFAULT_COST,
    clock: Clock = utc_now,
    marks: Path | None = None,
) -> NewVault:
    """Make a vault in a new or empty folder, with its first user.

    Raises:
        WeakPassphraseError: the passphrase is too easy to guess.
        FolderNotUsableError: the folder is not empty or cannot be written.

    """
    refuse_weak_passphrase(passphrase, name)
    _make_folder(folder)
    vault_id, user = str(uuid.uuid4()), str(uuid.uuid4())
    vault_key, secret = secrets.token_bytes(key_slots.KEY_BYTES), new_recovery_secret()
    hold = Hold(folder, moment_text(clock()))
    try:
        row = new_user_row(user, name, role, passphrase, cost, moment_text(clock()))
        _fill_new_database(folder / DATABASE, vault_key, schema, row)
        slots = (
            key_slots.new_slot(vault_id, "passphrase", user, vault_key, passphrase.encode(), cost),
            key_slots.new_slot(vault_id, "recovery", "", vault_key, secret, cost),
        )
        keys = KeyFile(vault_id, slots, HighWaterMark(0, audit.START))
        # The key file comes last: before it stands, the folder is no vault.
        key_file.write_key_file(folder, keys, vault_key)
        vault = Vault(
            KeyRing(folder, keys, vault_key),
            hold,
            user=UserId(user),
            clock=clock,
            marks=marks or default_marks_folder(),
        )
        with vault.changing("vault created", f"vault/{vault_id}"):
            pass
    except BaseException as fault:
        hold.release()
        _remove_started(folder)
        refuse_full_disk(fault)
        raise
    return NewVault(vault, spell_recovery_code(secret))


def discard_new_vault(vault: Vault) -> None:
    """Remove a vault that could not be made whole; only for one just made."""
    vault.ring.drop()
    vault.close()
    _remove_started(vault.folder)


def open_vault(
    folder: Path,
    *,
    schema: Schema,
    passphrase: str,
    clock: Clock = utc_now,
    marks: Path | None = None,
) -> Vault:
    """Open a vault with the passphrase of any of its users.

    An older copy than the one last used here is opened for reading only.

    Raises:
        NotAVaultError, WrongPassphraseError, TooManyTriesError, VaultInUseError, DamagedVaultError,
        OtherVersionError, FolderNotUsableError, FileWriteError: each says what to do.

    """
    tries = marks or default_marks_folder()
    vault_id = key_files(folder)[0].vault
    refuse_too_soon(tries, vault_id, clock())

    def refuse() -> WrongPassphraseError:
        note_wrong_try(tries, vault_id, clock())
        return WrongPassphraseError()

    vault = _opened(folder, "passphrase", passphrase.encode(), schema, clock, marks, refuse)
    forget_tries(tries, vault.vault_id)
    if not vault.is_older_copy:
        _drop_second_passphrase(vault, passphrase)
    return vault


def open_with_secret(
    folder: Path,
    secret: bytes,
    *,
    schema: Schema,
    clock: Clock = utc_now,
    marks: Path | None = None,
) -> Vault:
    """Open a vault with what the system's keyring keeps; raises as ``open_vault``."""
    return _opened(folder, "keyring", secret, schema, clock, marks, WrongPassphraseError)


def recover_vault(
    folder: Path,
    *,
    schema: Schema,
    code: str,
    new_passphrase: str,
    clock: Clock = utc_now,
    marks: Path | None = None,
) -> Vault:
    """Open a vault with its recovery code and give its first user a new passphrase.

    The sheet recovers data, not signatures: the first user gets a new signing key, which the
    trust must approve anew.

    Raises:
        WrongRecoveryCodeError: mistyped, or of another vault.
        WeakPassphraseError: the new passphrase is too easy to guess; and as ``open_vault``.

    """
    secret = read_recovery_code(code)
    refuse_weak_passphrase(new_passphrase)
    vault = _opened(folder, "recovery", secret, schema, clock, marks, _wrong_sheet)
    try:
        if vault.is_older_copy:
            raise OlderCopyError("open it with a passphrase, or restore the newest backup")
        lost = {slot.id for slot in vault.ring.slots if slot.user == vault.user.id}
        give_new_keys(vault, vault.user.id, new_passphrase)
        vault.ring.replace(lost)
        with vault.changing("recovered with the sheet", f"user/{vault.user.id}"):
            pass
        vault.user = next(user for user in vault.users() if user.id == vault.user.id)
    except BaseException:
        vault.close()
        raise
    forget_tries(marks or default_marks_folder(), vault.vault_id)
    return vault


def try_recovery_code(folder: Path, code: str) -> audit.AuditHead:
    """Open a copy of a vault with the recovery code, check it, and leave it as it was.

    Raises:
        WrongRecoveryCodeError, DamagedVaultError: each says what to do.

    """
    found = find_way_in(folder, "recovery", read_recovery_code(code))
    if found is None:
        raise _wrong_sheet()
    refuse_damage(folder / DATABASE, found.vault_key)
    engine = open_engine(folder / DATABASE, found.vault_key)
    try:
        with Session(engine) as session:
            refuse_broken_chain(session)
            return audit.read_head(session)
    finally:
        engine.dispose()


def _wrong_sheet() -> WrongRecoveryCodeError:
    return WrongRecoveryCodeError(_OTHER_SHEET)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        occupied = any(folder.iterdir())
    except OSError as fault:
        raise FolderNotUsableError(
            f"A vault cannot be made in “{folder}” ({fault.strerror or 'no reason given'}). "
            "Choose another folder."
        ) from fault
    if occupied:
        raise FolderNotUsableError(
            f"The folder “{folder.name}” already holds files. Choose an empty or a new folder."
        )


def _fill_new_database(path: Path, key: bytes, schema: Schema, user: UserRow) -> None:
    engine = open_engine(path, key)
    try:
        with engine.begin() as connection:
            schema.metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {schema.version}")
        with Session(engine) as session:
            session.add(user)
            session.commit()
    finally:
        engine.dispose()


def _remove_started(folder: Path) -> None:
    logs = (f"{DATABASE}-wal", f"{DATABASE}-journal")
    for name in (DATABASE, *logs, KEYS, PREVIOUS_KEYS, LOCK, HOLDER):
        with contextlib.suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def _opened(
    folder: Path,
    kind: SlotKind,
    secret: bytes,
    schema: Schema,
    clock: Clock,
    marks: Path | None,
    refusal: Callable[[], Exception],
) -> Vault:
    key_files(folder)
    hold = Hold(folder, moment_text(clock()))
    try:
        digest, log = database_digest(folder), folder / f"{DATABASE}-wal"
        has_log = log.exists() and log.stat().st_size > 0
        found = find_way_in(folder, kind, secret)
        if found is None:
            raise refusal()
        is_in_force = key_file.is_in_force(folder, found.keys)
        altered = is_altered(folder, found.keys, digest, has_log=has_log)
        marks = marks or default_marks_folder()
        path = folder / DATABASE
        remove_leftovers(path)
        refuse_damage(path, found.vault_key)
        version = schema_version(path, found.vault_key)
        refuse_other_version(version, schema)
        ring = KeyRing(folder, found.keys, found.vault_key)
        if not altered:
            # From here on the file may change, and a crash must not look like an old copy.
            ring.write_closed_as("")
        _bring_up_to_date(folder, found, schema, version, clock)
        is_older = altered or is_older_copy(path, found, marks)
        vault = Vault(
            ring, hold, user=user_of(path, found), clock=clock, marks=marks,
            is_older_copy=is_older,
        )  # fmt: skip
    except BaseException:
        hold.release()
        raise
    try:
        if not is_older:
            if not is_in_force or (folder / COMING_KEYS).exists():
                vault.ring.settle()
            _settle(vault, found, secret, version if version < schema.version else None)
    except BaseException:
        vault.close()
        raise
    return vault


def _bring_up_to_date(
    folder: Path, found: WayIn, schema: Schema, version: int, clock: Clock
) -> None:
    if version < schema.version:
        back_up_file(folder, found.vault_key, found.keys, clock().astimezone())
        migrate(folder / DATABASE, found.vault_key, schema)


def _settle(vault: Vault, found: WayIn, secret: bytes, migrated_from: int | None) -> None:
    """Finish what a crash or an older program left begun."""
    if not found.slot.can_follow:
        slot = found.slot
        vault.ring.replace(
            {slot.id}, vault.ring.new_slot(slot.kind, slot.user, secret, slot.wrapped.cost)
        )
    if migrated_from is not None:
        with vault.changing("brought up to date", f"schema/{migrated_from}"):
            pass
    finish_removals(vault)


def _drop_second_passphrase(vault: Vault, passphrase: str) -> None:
    """Shut the other passphrase that a crash while changing it left."""
    own = vault.ring.of_kind("passphrase", vault.user.id)
    if len(own) < 2:
        return
    with contextlib.suppress(WrongPassphraseError):
        vault.signing_key(vault.user.id, passphrase)
        vault.ring.replace({s.id for s in own if not vault.ring.opens(s, passphrase.encode())})
