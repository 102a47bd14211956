"""Who has a passphrase on a vault: add, change, replace a lost one, remove.

Each user's signing key is wrapped under that user's own passphrase, never under the vault's key,
else two signatures may be one person's. What somebody signed stays when they are removed.
"""

from __future__ import annotations

import contextlib
import json
import uuid
from dataclasses import asdict

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from odbst_desktop.errors import StateError
from odbst_desktop.vault import key_slots
from odbst_desktop.vault.errors import (
    LastWayInError,
    WeakPassphraseError,
    WrongPassphraseError,
)
from odbst_desktop.vault.key_slots import KdfCost
from odbst_desktop.vault.records import UserRow
from odbst_desktop.vault.strength import passphrase_strength
from odbst_desktop.vault.vault import User, UserId, Vault, signing_binding


def add_user(vault: Vault, name: str, role: str, passphrase: str) -> User:
    """Give somebody a passphrase of their own and a signing key under it.

    Raises:
        WeakPassphraseError: the passphrase is too easy to guess.

    """
    refuse_weak_passphrase(passphrase, name)
    user = str(uuid.uuid4())
    slot = vault.ring.new_slot("passphrase", user, passphrase.encode())
    row = new_user_row(user, name, role, passphrase, vault.ring.cost, vault.now())
    with vault.changing("user added", f"user/{user}") as session:
        session.add(row)
    vault.ring.add(slot)
    return next(known for known in vault.users() if known.id == user)


def change_passphrase(vault: Vault, old: str, new: str, *, may_be_known: bool = False) -> None:
    """Give the present user a new passphrase; slot and signing key follow.

    Somebody who signs for several schools has a user and a key for each: those of their name that
    the old passphrase opens follow too. If the old one ``may_be_known`` to somebody, the vault
    gets a new key as well, so that no older copy of the key file leads to it.

    Raises:
        WrongPassphraseError: ``old`` is not the user's passphrase.
        WeakPassphraseError: ``new`` is too easy to guess.
        StateError, FileWriteError: as ``change_key``.

    """
    refuse_weak_passphrase(new, vault.user.name)
    seeds = _own_seeds(vault, old)
    if may_be_known:
        refuse_left_behind(vault, set(seeds))
    before = {slot.id for user in seeds for slot in vault.ring.of_kind("passphrase", user)}
    # A crash between the steps leaves two passphrases that open the vault, never none.
    vault.ring.add(*(vault.ring.new_slot("passphrase", user, new.encode()) for user in seeds))
    with vault.changing("passphrase changed", f"user/{vault.user.id}") as session:
        for user, seed in seeds.items():
            row = session.get_one(UserRow, user)
            row.wrapped_key = _wrapped_signing_key(seed, row.id, new, vault.ring.cost)
            session.add(row)
    vault.ring.replace(before)
    if may_be_known:
        change_key(vault)


def give_new_passphrase(vault: Vault, user: UserId, new: str, own_passphrase: str) -> None:
    """Give another user a new passphrase instead of a lost one.

    Their signing key was wrapped under the lost one, so they get a new key, which the trust must
    approve anew. The vault gets a new key too, since a lost passphrase may be found.

    Raises:
        WrongPassphraseError: ``own_passphrase`` is not the present user's.
        WeakPassphraseError: ``new`` is too easy to guess.
        StateError, FileWriteError: as ``change_key``.

    """
    person = _other(vault, user, "To change your own passphrase, type the old one and a new one.")
    refuse_weak_passphrase(new, person.name)
    vault.signing_key(vault.user.id, own_passphrase)
    lost = {slot.id for slot in vault.ring.slots if slot.user == user}
    refuse_left_behind(vault, {user})
    give_new_keys(vault, user, new)
    change_key(vault, without=frozenset(lost))


def remove_user(vault: Vault, user: UserId, own_passphrase: str) -> None:
    """Take somebody's passphrase away; the vault gets a new key. What they signed stays.

    Raises:
        WrongPassphraseError: ``own_passphrase`` is not the present user's.
        LastWayInError: it is the present user.
        StateError, FileWriteError: as ``change_key``.

    """
    if user == vault.user.id:
        raise LastWayInError(
            "You cannot remove yourself, so that the vault never loses its last way in. Let "
            "somebody else who has a passphrase here do it."
        )
    _other(vault, user, "")
    vault.signing_key(vault.user.id, own_passphrase)
    refuse_left_behind(vault, {user})
    with vault.changing("user removed", f"user/{user}") as session:
        row = session.get_one(UserRow, user)
        row.removed_at, row.wrapped_key = vault.now(), ""
        session.add(row)
    finish_removals(vault)


def finish_removals(vault: Vault) -> None:
    """Shut the ways in of users who were removed, if any is left; a crash may leave one."""
    here = {str(user.id) for user in vault.users()}
    left = {slot.id for slot in vault.ring.slots if slot.user and slot.user not in here}
    if left:
        change_key(vault, without=frozenset(left))


def change_key(vault: Vault, *, without: frozenset[str] = frozenset()) -> None:
    """Give the vault a new key and note it; raises as ``Vault.change_key``."""
    refuse_left_behind(vault, {slot.user for slot in vault.ring.slots if slot.id in without})
    vault.change_key(without=without)
    with vault.changing("vault key changed", f"vault/{vault.vault_id}"):
        pass


def refuse_left_behind(vault: Vault, leaving: set[str] | set[UserId]) -> None:
    """Refuse a new key while somebody who stays could not follow it.

    Raises:
        StateError: a way in is of the first format, and its passphrase is needed once.

    """
    stay = [slot for slot in vault.ring.slots if not slot.can_follow and slot.user not in leaving]
    names = {user.id: user.name for user in vault.users()}
    if stay:
        who = ", ".join(
            names.get(UserId(slot.user), "the recovery sheet (make a new one)") for slot in stay
        )
        raise StateError(
            f"The vault’s key cannot be changed yet: {who} must first open the vault once with "
            "this version of the program. Nothing was changed."
        )


def give_new_keys(vault: Vault, user: UserId, passphrase: str) -> None:
    """Give a user a way in and a new signing key under a passphrase."""
    vault.ring.add(vault.ring.new_slot("passphrase", user, passphrase.encode()))
    with vault.changing("signing key made anew", f"user/{user}") as session:
        row = session.get_one(UserRow, user)
        fresh = new_user_row(row.id, row.name, row.role, passphrase, vault.ring.cost, row.added_at)
        row.public_key, row.wrapped_key = fresh.public_key, fresh.wrapped_key
        session.add(row)


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


def _own_seeds(vault: Vault, passphrase: str) -> dict[UserId, bytes]:
    """Return the private keys of the present user under a passphrase, by user."""
    own = vault.user
    seeds = {own.id: vault.signing_key(own.id, passphrase).private_bytes_raw()}
    for other in vault.users():
        if other.name == own.name and other.id != own.id:
            with contextlib.suppress(WrongPassphraseError):
                seeds[other.id] = vault.signing_key(other.id, passphrase).private_bytes_raw()
    return seeds


def _other(vault: Vault, user: UserId, sentence: str) -> User:
    if user == vault.user.id:
        raise StateError(sentence)
    found = next((known for known in vault.users() if known.id == user), None)
    if found is None:
        raise StateError("This person has no passphrase on this vault any more.")
    return found


def _wrapped_signing_key(seed: bytes, user: str, passphrase: str, cost: KdfCost) -> str:
    wrapped = key_slots.wrap_secret(seed, passphrase.encode(), cost, signing_binding(user))
    return json.dumps(asdict(wrapped))
