"""Make a vault, open one with a passphrase, come back in with the recovery sheet."""

from __future__ import annotations

import contextlib
import secrets
import uuid
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, MetaData
from sqlmodel import Session

from odbst_desktop.files import read_whole
from odbst_desktop.vault import audit, key_slots
from odbst_desktop.vault.database import open_engine, refuse_damage
from odbst_desktop.vault.errors import (
    DamagedVaultError,
    FolderNotUsableError,
    NotAVaultError,
    OtherVersionError,
    VaultOlderThanExpectedError,
    WrongPassphraseError,
    WrongRecoveryCodeError,
)
from odbst_desktop.vault.key_slots import DEFAULT_COST, HighWaterMark, KdfCost, KeyFile, Slot
from odbst_desktop.vault.marks import default_marks_folder, read_outside_mark
from odbst_desktop.vault.records import UserRow
from odbst_desktop.vault.recovery_code import (
    new_recovery_secret,
    read_recovery_code,
    spell_recovery_code,
)
from odbst_desktop.vault.tries import forget_tries, note_wrong_try, refuse_too_soon
from odbst_desktop.vault.vault import (
    DATABASE,
    KEYS,
    PREVIOUS_KEYS,
    Clock,
    UserId,
    Vault,
    moment_text,
    new_user_row,
    refuse_weak_passphrase,
    utc_now,
    write_key_file,
)


@dataclass(frozen=True, slots=True)
class NewVault:
    """A vault just made, open, and the code for its recovery sheet."""

    vault: Vault
    recovery_code: str


def is_vault(folder: Path) -> bool:
    """Say whether a folder looks like a vault."""
    return (folder / KEYS).is_file() or (folder / PREVIOUS_KEYS).is_file()


def create_vault(
    folder: Path,
    *,
    metadata: MetaData,
    schema_version: int,
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
    try:
        engine = open_engine(folder / DATABASE, vault_key)
        _fill_new_database(
            engine,
            metadata,
            schema_version,
            new_user_row(user, name, role, passphrase, cost, moment_text(clock())),
        )
        slots = (
            key_slots.new_slot(vault_id, "passphrase", user, vault_key, passphrase.encode(), cost),
            key_slots.new_slot(vault_id, "recovery", "", vault_key, secret, cost),
        )
        keys = KeyFile(vault_id, slots, HighWaterMark(0, audit.START))
        # The key file comes last: before it stands, the folder is no vault.
        write_key_file(folder, keys, vault_key)
    except BaseException:
        _remove_started(folder)
        raise
    vault = Vault(
        folder, engine, keys, vault_key, UserId(user), clock, marks or default_marks_folder()
    )
    with vault.changing("vault created", f"vault/{vault_id}"):
        pass
    return NewVault(vault, spell_recovery_code(secret))


def open_vault(
    folder: Path,
    *,
    schema_version: int,
    passphrase: str,
    clock: Clock = utc_now,
    marks: Path | None = None,
) -> Vault:
    """Open a vault with the passphrase of any of its users.

    Raises:
        NotAVaultError, WrongPassphraseError, TooManyTriesError, VaultInUseError, DamagedVaultError,
        VaultOlderThanExpectedError, OtherVersionError: each says what to do.

    """
    known, tries = _key_files(folder), marks or default_marks_folder()
    refuse_too_soon(tries, known[0].vault, clock())
    for keys in known:
        for slot in keys.slots:
            if slot.kind == "passphrase":
                vault_key = key_slots.open_slot(keys.vault, slot, passphrase.encode())
                if vault_key is not None and key_slots.is_authentic(keys, vault_key):
                    forget_tries(tries, keys.vault)
                    return _opened(folder, keys, vault_key, slot, schema_version, clock, marks)
    note_wrong_try(tries, known[0].vault, clock())
    raise WrongPassphraseError


def recover_vault(
    folder: Path,
    *,
    schema_version: int,
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
    for keys in _key_files(folder):
        for slot in keys.slots:
            if slot.kind == "recovery":
                vault_key = key_slots.open_slot(keys.vault, slot, secret)
                if vault_key is not None and key_slots.is_authentic(keys, vault_key):
                    first = next(s for s in keys.slots if s.kind == "passphrase")
                    vault = _opened(folder, keys, vault_key, first, schema_version, clock, marks)
                    _replace_first_user_keys(vault, keys, vault_key, first, new_passphrase)
                    vault.close()
                    return open_vault(
                        folder,
                        schema_version=schema_version,
                        passphrase=new_passphrase,
                        clock=clock,
                        marks=marks,
                    )
    raise WrongRecoveryCodeError(
        "This recovery code is of another vault. Look for the sheet that was printed with this one."
    )


def confirm_recovery(vault: Vault, code: str) -> None:
    """Let the recovery sheet count, now that its code was typed back.

    Raises:
        WrongRecoveryCodeError: the code does not open this vault.

    """
    secret = read_recovery_code(code)
    for keys in _key_files(vault.folder):
        for slot in keys.slots:
            if slot.kind == "recovery" and key_slots.open_slot(keys.vault, slot, secret):
                vault.mark_recovery_confirmed()
                return
    raise WrongRecoveryCodeError("This code is not the one on this vault's recovery sheet.")


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


def _fill_new_database(
    engine: Engine, metadata: MetaData, schema_version: int, user: UserRow
) -> None:
    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {schema_version}")
    with Session(engine) as session:
        session.add(user)
        session.commit()


def _remove_started(folder: Path) -> None:
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-journal", KEYS):
        with contextlib.suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def _key_files(folder: Path) -> tuple[KeyFile, ...]:
    """Return the key file and the copy before it, whichever can be read, newest first."""
    if not is_vault(folder):
        raise NotAVaultError(
            f"There is no vault in “{folder}”. Choose the folder that holds vault.sqlite and "
            "keys.json."
        )
    if not (folder / DATABASE).is_file():
        raise DamagedVaultError(
            f"The vault in “{folder}” has lost its database (vault.sqlite). Nothing was changed; "
            "put the file back or go back to a copy."
        )
    readable, fault = [], None
    for name in (KEYS, PREVIOUS_KEYS):
        if (folder / name).is_file():
            try:
                readable.append(key_slots.parse_key_file(read_whole(folder / name)))
            except DamagedVaultError as damaged:
                fault = damaged
    if not readable:
        raise fault or DamagedVaultError("The key file of this vault is damaged.")
    return tuple(readable)


def _opened(
    folder: Path,
    keys: KeyFile,
    vault_key: bytes,
    slot: Slot,
    schema_version: int,
    clock: Clock,
    marks: Path | None,
) -> Vault:
    path = folder / DATABASE
    marks = marks or default_marks_folder()
    refuse_damage(path, vault_key)
    engine = open_engine(path, vault_key)
    try:
        _refuse_other_version(engine, schema_version)
        with Session(engine) as session:
            if not audit.chain_is_whole(session):
                raise DamagedVaultError(
                    "The vault's audit chain is broken: its history was altered outside this "
                    "program. Nothing was changed; go back to a copy, or ask your IT team."
                )
            outside = read_outside_mark(marks, keys.vault)
            for mark in (keys.mark, outside):
                if mark is not None and not audit.reaches_mark(session, mark):
                    raise VaultOlderThanExpectedError
        return Vault(folder, engine, keys, vault_key, UserId(slot.user), clock, marks)
    except BaseException:
        engine.dispose()
        raise


def _refuse_other_version(engine: Engine, schema_version: int) -> None:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if found > schema_version:
        raise OtherVersionError(
            "This vault was made by a newer version of the program. Nothing was changed; "
            "install the newer version to open it."
        )
    if found < schema_version:
        raise OtherVersionError(
            "This vault was made by an older version of the program that this one cannot yet "
            "bring up to date. Nothing was changed."
        )


def _replace_first_user_keys(
    vault: Vault, keys: KeyFile, vault_key: bytes, first: Slot, new_passphrase: str
) -> None:
    cost = first.wrapped.cost
    with vault.changing("recovered with the sheet", f"user/{first.user}") as session:
        row = session.get_one(UserRow, first.user)
        fresh = new_user_row(row.id, row.name, row.role, new_passphrase, cost, row.added_at)
        row.public_key, row.wrapped_key = fresh.public_key, fresh.wrapped_key
        session.add(row)
    slot = key_slots.new_slot(
        keys.vault, "passphrase", first.user, vault_key, new_passphrase.encode(), cost
    )
    others = tuple(s for s in keys.slots if s.id != first.id)
    vault.replace_slots((slot, *others))
