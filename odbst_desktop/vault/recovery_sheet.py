"""The recovery sheet of an open vault: let it count, replace a lost one."""

from __future__ import annotations

from odbst_desktop.vault.errors import WrongRecoveryCodeError
from odbst_desktop.vault.recovery_code import (
    new_recovery_secret,
    read_recovery_code,
    spell_recovery_code,
)
from odbst_desktop.vault.users import change_key, refuse_left_behind
from odbst_desktop.vault.vault import Vault


def new_recovery_code(vault: Vault, own_passphrase: str) -> str:
    """Return the code for a new sheet; the old sheet counts until this one is typed back.

    Raises:
        WrongPassphraseError: ``own_passphrase`` is not the present user's.
        StateError: as ``change_key``.

    """
    vault.signing_key(vault.user.id, own_passphrase)
    refuse_left_behind(vault, {""})
    begun = {slot.id for slot in vault.ring.of_kind("recovery") if not slot.confirmed}
    secret = new_recovery_secret()
    vault.ring.replace(begun, vault.ring.new_slot("recovery", "", secret))
    return spell_recovery_code(secret)


def confirm_recovery(vault: Vault, code: str) -> None:
    """Let the recovery sheet count, now that its code was typed back.

    Another sheet counts no longer: it may be found, so the vault gets a new key.

    Raises:
        WrongRecoveryCodeError: the code does not open this vault.
        StateError, FileWriteError: as ``change_key``.

    """
    secret = read_recovery_code(code)
    slot = next((s for s in vault.ring.of_kind("recovery") if vault.ring.opens(s, secret)), None)
    if slot is None:
        raise WrongRecoveryCodeError("This code is not the one on this vault's recovery sheet.")
    others = frozenset(s.id for s in vault.ring.of_kind("recovery") if s.id != slot.id)
    vault.ring.confirm(slot.id)
    if others:
        with vault.changing("recovery sheet replaced", f"vault/{vault.vault_id}"):
            pass
        change_key(vault, without=others)
