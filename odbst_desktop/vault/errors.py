"""What can go wrong with a vault, each in the words that the user is shown."""

from __future__ import annotations

from odbst_desktop.errors import OdbstError


class VaultError(OdbstError):
    """A vault cannot be made, opened or trusted."""

    code = "vault"


class WrongPassphraseError(VaultError):
    """No slot opens with this passphrase."""

    code = "wrong-passphrase"

    def __init__(self) -> None:
        super().__init__(
            "That passphrase does not open this vault. Check Caps Lock and try again, "
            "or use the recovery sheet."
        )


class TooManyTriesError(VaultError):
    """Wrong passphrases came too fast."""

    code = "too-many-tries"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"There were several wrong passphrases. Wait {seconds} seconds, then try again, or use "
            "the recovery sheet."
        )


class WrongRecoveryCodeError(VaultError):
    """The recovery code is mistyped or belongs to another vault."""

    code = "wrong-recovery-code"


class NotAVaultError(VaultError):
    """The folder holds no vault."""

    code = "not-a-vault"


class DamagedVaultError(VaultError):
    """The database or its key file is damaged."""

    code = "damaged"


class VaultInUseError(VaultError):
    """Another window has the vault open."""

    code = "in-use"

    def __init__(self, where: str = "in another window or on another computer") -> None:
        super().__init__(
            f"This vault is open {where}. Close it there, then try again. Nothing was changed."
        )


class OlderCopyError(VaultError):
    """The database is an older copy than the one last used here: it can be read, not changed."""

    code = "older-copy"

    def __init__(self, what_to_do: str = "say on the tab Vault that this copy counts") -> None:
        super().__init__(
            "This vault is an older copy than the one last used here, so nothing can be changed in "
            f"it. Look for the newer copy; if there is none, {what_to_do}."
        )


class LastWayInError(VaultError):
    """Without this way in, nobody could open the vault."""

    code = "last-way-in"


class NoKeyringError(VaultError):
    """The system offers no keyring that could be used."""

    code = "no-keyring"


class OtherVersionError(VaultError):
    """The vault was made by a newer or an older program."""

    code = "other-version"


class FolderNotUsableError(VaultError):
    """A vault cannot be made in this folder."""

    code = "folder"


class WeakPassphraseError(VaultError):
    """The passphrase chosen is too easy to guess."""

    code = "weak-passphrase"
