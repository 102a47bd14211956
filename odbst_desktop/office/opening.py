"""Make and open vaults with everything that belongs in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import SQLModel

import odbst_desktop.actions.records
import odbst_desktop.compliance.records
import odbst_desktop.form_library.records
import odbst_desktop.meetings.records
import odbst_desktop.meetings.search_index
import odbst_desktop.monitoring.records
import odbst_desktop.retention.records
import odbst_desktop.returns.records
import odbst_desktop.returns.shown_records
import odbst_desktop.spreadsheets.records
import odbst_desktop.training.records
import odbst_desktop.trust.records
import odbst_desktop.trust.review_records
import odbst_desktop.trust.theme_records  # noqa: F401 - each adds its tables to the metadata
from odbst_desktop.errors import InputError
from odbst_desktop.exchange.keys import KeyId, SealingKey, fingerprint, signing_keyid
from odbst_desktop.exchange.records import read_sealing_key, write_sealing_key
from odbst_desktop.school.owner import Owner, Profile, check_owner, read_owner, write_owner
from odbst_desktop.school.posts import check_new_post, urn_of_user, write_post
from odbst_desktop.vault.backups import unpacked
from odbst_desktop.vault.key_slots import DEFAULT_COST, KdfCost
from odbst_desktop.vault.migrating import Schema
from odbst_desktop.vault.opening import (
    NewVault,
    create_vault,
    discard_new_vault,
    open_vault,
    open_with_secret,
    recover_vault,
)
from odbst_desktop.vault.quick_unlock import kept_secret
from odbst_desktop.vault.users import add_user
from odbst_desktop.vault.vault import Clock, Vault, utc_now

SCHEMA = Schema(4, SQLModel.metadata, Path(__file__).parent / "migrations")
"""Raised with each change of a table; each room's records are imported above."""

FIRST_ROLES = {Profile.SCHOOL: "dsl", Profile.GOVERNOR: "governor", Profile.TRUST: "esl"}
"""The role in which a vault's first user signs."""

HEADTEACHER = "headteacher"
"""The other role of a school's first user: a headteacher who countersigns on an own laptop."""


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A user's signing key, and what to read over the telephone."""

    person: str
    role: str
    keyid: KeyId
    fingerprint: str
    urn: int | None = None


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """All the keys of a vault."""

    signing: tuple[OwnKey, ...]
    sealing_keyid: KeyId


def make_vault(
    folder: Path,
    *,
    owner: Owner,
    person: str,
    passphrase: str,
    cost: KdfCost = DEFAULT_COST,
    clock: Clock = utc_now,
    marks: Path | None = None,
    role: str = "",
) -> NewVault:
    """Make a vault with its owner, first user and sealing key.

    ``role`` is the first user's, if it is not the profile's usual one.

    Raises:
        InputError: the owner cannot be, or nobody has this role there; nothing was made.
        VaultError: as ``create_vault``.

    """
    check_owner(owner)
    usual = FIRST_ROLES[owner.profile]
    if role not in {"", usual} and (owner.profile, role) != (Profile.SCHOOL, HEADTEACHER):
        raise InputError(
            f"A {owner.profile.value}’s vault is begun by the {usual}. Nothing was made."
        )
    made = create_vault(
        folder,
        schema=SCHEMA,
        name=person,
        role=role or usual,
        passphrase=passphrase,
        cost=cost,
        clock=clock,
        marks=marks,
    )
    try:
        with made.vault.changing("owner named", f"vault/{made.vault.vault_id}") as session:
            write_owner(session, owner)
            write_sealing_key(session, SealingKey.generate())
    except BaseException:
        # A vault without an owner would open for nobody.
        discard_new_vault(made.vault)
        raise
    return made


def unlock_vault(
    folder: Path, passphrase: str, *, clock: Clock = utc_now, marks: Path | None = None
) -> Vault:
    """Open a vault with a passphrase; raises as ``open_vault``."""
    return open_vault(folder, schema=SCHEMA, passphrase=passphrase, clock=clock, marks=marks)


def unlock_quickly(folder: Path, *, clock: Clock = utc_now, marks: Path | None = None) -> Vault:
    """Open a vault with what this computer's keyring keeps.

    Raises:
        NoKeyringError: it keeps nothing for this vault; and as ``open_vault``.

    """
    return open_with_secret(folder, kept_secret(folder), schema=SCHEMA, clock=clock, marks=marks)


def recover_with_sheet(
    folder: Path, code: str, new_passphrase: str, *, clock: Clock = utc_now
) -> Vault:
    """Open a vault with its recovery code; raises as ``recover_vault``."""
    return recover_vault(
        folder,
        schema=SCHEMA,
        code=code,
        new_passphrase=new_passphrase,
        clock=clock,
    )


def describe_backup(file: Path, passphrase: str, *, clock: Clock = utc_now) -> str:
    """Return in a sentence what a backup holds.

    Raises:
        FileReadError: it is no backup.
        VaultError: it does not open with this passphrase.

    """
    with unpacked(file) as folder, TemporaryDirectory() as no_marks:
        vault = unlock_vault(folder, passphrase, clock=clock, marks=Path(no_marks))
        try:
            owner, entries = vault_owner(vault), vault.audit_entries()
        finally:
            vault.close()
    newest = entries[-1].at.replace("T", " at ").removesuffix("Z")
    return f"{owner.name}: {len(entries)} changes, the last on {newest} UTC."


def add_school(vault: Vault, urn: int, school: str, passphrase: str) -> None:
    """Add a school that the governor of this vault governs too, with a signing key for it.

    Raises:
        InputError: the vault is not a governor's, or the school cannot be added.
        WrongPassphraseError: it is not the passphrase of the one who opened the vault.

    """
    with vault.reading() as session:
        check_new_post(session, urn, school)
    vault.signing_key(vault.user.id, passphrase)
    user = add_user(vault, vault.user.name, vault.user.role, passphrase)
    with vault.changing("school added", f"school/{urn}") as session:
        write_post(session, urn, school, user.id)


def vault_owner(vault: Vault) -> Owner:
    """Return whose vault it is."""
    with vault.reading() as session:
        return read_owner(session)


def own_keys(vault: Vault) -> OwnKeys:
    """Return the vault's keys with their fingerprints."""
    users = vault.users()
    with vault.reading() as session:
        sealing = read_sealing_key(session)
        urns = {user.id: urn_of_user(session, user.id) for user in users}
    signing = tuple(
        OwnKey(
            user.name,
            user.role,
            signing_keyid(user.public_key),
            fingerprint(user.public_key, user.role, urns[user.id], user.name),
            urns[user.id],
        )
        for user in users
    )
    return OwnKeys(signing, sealing.keyid)
