"""Who may countersign a return: on this computer, or on a laptop of their own by file."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from odbst_desktop.exchange.keys import KeyId, signing_keyid
from odbst_desktop.exchange.payload import Signer
from odbst_desktop.exchange.recipients import vault_of_signer
from odbst_desktop.exchange.records import read_sealing_key
from odbst_desktop.exchange.register import SealTo, known_keys
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import signing_roles
from odbst_desktop.vault.vault import User, UserId, Vault

COUNTERSIGNING_ROLES = ("headteacher", "governor")


@dataclass(frozen=True, slots=True)
class Countersigner:
    """Somebody who may sign second; ``user`` on this computer, else ``vault`` to seal to.

    ``id`` tells them apart: the user's id here, the key's id elsewhere.
    """

    id: str
    keyid: KeyId
    name: str
    role: str
    user: UserId | None
    vault: SealTo | None = None

    @property
    def is_here(self) -> bool:
        """Say whether they type their passphrase on this computer."""
        return self.user is not None

    @property
    def words(self) -> str:
        """Return who, as what and where."""
        where = "on this computer" if self.is_here else "on their own laptop, by file"
        return f"{self.name}, {signing_roles()[self.role].lower()} · {where}"


def signer_of(user: User) -> Signer:
    """Return a user as packages list them."""
    return listed(signing_keyid(user.public_key), user.name, user.role)


def listed(keyid: str, person: str, role: str) -> Signer:
    """Return somebody as packages list them."""
    return Signer.model_validate({"keyid": keyid, "person": person, "role": role})


def countersigners(vault: Vault) -> tuple[Countersigner, ...]:
    """Return who may countersign a return: those here first, then those with a vault elsewhere."""
    users = vault.users()
    here = [
        Countersigner(user.id, signing_keyid(user.public_key), user.name, user.role, user.id)
        for user in users if user.role in COUNTERSIGNING_ROLES
    ]  # fmt: skip
    own = {signing_keyid(user.public_key) for user in users}
    with vault.reading() as session:
        return (*here, *_elsewhere(session, own))


def _elsewhere(session: Session, own: set[KeyId]) -> list[Countersigner]:
    urn, own_vault = read_owner(session).urn, read_sealing_key(session).keyid
    found = []
    for key in known_keys(session):
        if (key.status, key.urn) != ("active", urn) or key.role not in COUNTERSIGNING_ROLES:
            continue
        vault = vault_of_signer(session, key.keyid)
        if key.keyid not in own and vault is not None and vault.keyid != own_vault:
            found.append(Countersigner(key.keyid, key.keyid, key.person, key.role, None, vault))
    return found
