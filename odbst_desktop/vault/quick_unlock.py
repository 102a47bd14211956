"""Quick unlock: a way in whose secret the operating system's keyring keeps.

It is never the only way in: people were locked out when a desktop changed its keyring. Whoever
can use the account on this computer can open the vault with it, which the window says; signing
asks for the passphrase all the same.
"""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path
from typing import Any

from odbst_desktop.policies import policies_here
from odbst_desktop.vault.errors import NoKeyringError
from odbst_desktop.vault.key_file import key_files
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.vault import Vault

SERVICE = "ODBST Desktop"
_SECRET_BYTES = 32
_NONE_HERE = (
    "This computer offers no keyring that the program can use, so quick unlock cannot be switched "
    "on. Your passphrase opens the vault as before."
)
_NOT_ALLOWED = (
    "Quick unlock is switched off by your IT team on this computer. Your passphrase opens the "
    "vault."
)


def is_offered(folder: Path) -> bool:
    """Say whether a vault has quick unlock for this account on this computer."""
    if policies_here().quick_unlock is False:
        return False
    vault, users = _users_with_it(folder)
    # Without such a slot the keyring's library is not even loaded.
    return bool(users) and any(_secret(vault, user) for user in users)


def why_not_here() -> str:
    """Return why this computer may not or cannot keep a secret, or nothing if it can."""
    if policies_here().quick_unlock is False:
        return _NOT_ALLOWED
    import keyring.core  # noqa: PLC0415 - slow to import, and seldom needed
    from keyring.backends import fail, null  # noqa: PLC0415

    backend = keyring.core.get_keyring()
    if isinstance(backend, fail.Keyring | null.Keyring) or backend.priority <= 0:
        return _NONE_HERE
    # “chainer” is a row of backends; without a real one it keeps nothing.
    return "" if getattr(backend, "backends", [backend]) else _NONE_HERE


def switch_on(vault: Vault, own_passphrase: str) -> None:
    """Let the present user open the vault with what this computer's keyring keeps.

    Raises:
        WrongPassphraseError: ``own_passphrase`` is not the present user's.
        NoKeyringError: the system has none, or it did not keep the secret.

    """
    vault.signing_key(vault.user.id, own_passphrase)
    words = why_not_here()
    if words:
        raise NoKeyringError(words)
    secret = secrets.token_hex(_SECRET_BYTES)
    _keyring_call("set_password", _entry(vault.vault_id, vault.user.id), secret)
    if _secret(vault.vault_id, vault.user.id) != secret:
        raise NoKeyringError(
            "The keyring of this computer did not keep the secret. Quick unlock stays off; your "
            "passphrase opens the vault as before."
        )
    before = {slot.id for slot in vault.ring.of_kind("keyring", vault.user.id)}
    # The secret has 256 bits: stretching it further protects nothing.
    slot = vault.ring.new_slot("keyring", vault.user.id, secret.encode(), FLOOR_COST)
    vault.ring.replace(before, slot)
    with vault.changing("quick unlock switched on", f"user/{vault.user.id}"):
        pass


def switch_off(vault: Vault) -> None:
    """Shut the present user's quick unlock and forget its secret."""
    own = {slot.id for slot in vault.ring.of_kind("keyring", vault.user.id)}
    if own:
        vault.ring.replace(own)
        with vault.changing("quick unlock switched off", f"user/{vault.user.id}"):
            pass
    with contextlib.suppress(NoKeyringError):
        _keyring_call("delete_password", _entry(vault.vault_id, vault.user.id))


def is_on(vault: Vault) -> bool:
    """Say whether the present user has quick unlock."""
    return bool(vault.ring.of_kind("keyring", vault.user.id))


def kept_secret(folder: Path) -> bytes:
    """Return what the keyring keeps for a vault.

    Raises:
        NoKeyringError: it keeps nothing, does not answer, or the IT team does not allow it.

    """
    if policies_here().quick_unlock is False:
        raise NoKeyringError(_NOT_ALLOWED)
    vault, users = _users_with_it(folder)
    for user in users:
        secret = _secret(vault, user)
        if secret:
            return secret.encode()
    raise NoKeyringError(
        "The keyring of this computer did not give the secret of this vault. Use your passphrase."
    )


def _users_with_it(folder: Path) -> tuple[str, tuple[str, ...]]:
    keys = key_files(folder)[0]
    return keys.vault, tuple(slot.user for slot in keys.slots if slot.kind == "keyring")


def _entry(vault: str, user: str) -> str:
    return f"{vault} {user}"


def _secret(vault: str, user: str) -> str | None:
    try:
        kept = _keyring_call("get_password", _entry(vault, user))
    except NoKeyringError:
        return None
    return None if kept is None else str(kept)


def _keyring_call(name: str, entry: str, *more: str) -> Any:
    import keyring  # noqa: PLC0415 - slow to import, and seldom needed

    try:
        return getattr(keyring, name)(SERVICE, entry, *more)
    except Exception as fault:  # a backend raises whatever its system does
        raise NoKeyringError(
            "The keyring of this computer did not answer. Use your passphrase."
        ) from fault
