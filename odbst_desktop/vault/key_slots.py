"""Ways into a vault: slots that each lead to the vault's key.

Source: design, section 3. A slot's secret (a passphrase, the recovery code, what the system's
keyring keeps) is stretched by Argon2id and unwraps, with AES-256-GCM, a private key of the slot's
own; the vault's key is sealed to its public half. So the vault's key can be replaced without
anybody's passphrase (docs/decisions/0007-rotation.md). Every parameter of a slot is bound by the
associated data of its encryption.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, replace
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from odbst_desktop.sealing_keys import SUITE, SealingKey, sealing_public_key
from odbst_desktop.vault.errors import DamagedVaultError

KEY_BYTES = 32
_KIB = 1024

SlotKind = Literal["passphrase", "recovery", "keyring"]
SLOT_KINDS: tuple[SlotKind, ...] = ("passphrase", "recovery", "keyring")


@dataclass(frozen=True, slots=True)
class KdfCost:
    """What Argon2id costs: memory in KiB, passes over it, lanes."""

    memory_kib: int = 256 * _KIB
    passes: int = 3
    lanes: int = 4

    def is_allowed(self) -> bool:
        """Say whether the cost lies between the floor (64 MiB) and the ceiling (1 GiB)."""
        return (
            64 * _KIB <= self.memory_kib <= 1024 * _KIB
            and 3 <= self.passes <= 10
            and 1 <= self.lanes <= 8
        )


DEFAULT_COST = KdfCost()
FLOOR_COST = KdfCost(memory_kib=64 * _KIB)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A secret encrypted under a passphrase: everything but the passphrase. Bytes as hex."""

    cost: KdfCost
    salt: str
    nonce: str
    ciphertext: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One way in. ``user`` is the id of whose it is, empty for the recovery sheet.

    ``public`` (1216 bytes) and ``sealed`` are hex; both are empty in a slot of the first format,
    whose passphrase wraps the vault's key itself.
    """

    id: str
    kind: SlotKind
    user: str
    confirmed: bool
    wrapped: Wrapped
    public: str = ""
    sealed: str = ""

    @property
    def can_follow(self) -> bool:
        """Say whether the slot can lead to another key of the vault without its passphrase."""
        return bool(self.public)


def wrap_secret(secret: bytes, passphrase: bytes, cost: KdfCost, binding: str) -> Wrapped:
    """Encrypt ``secret`` under a passphrase; ``binding`` says what it is for."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    draft = Wrapped(cost=cost, salt=salt.hex(), nonce=nonce.hex(), ciphertext="")
    key = _stretched(passphrase, draft)
    sealed = AESGCM(key).encrypt(nonce, secret, _associated(draft, binding))
    return replace(draft, ciphertext=sealed.hex())


def unwrap_secret(wrapped: Wrapped, passphrase: bytes, binding: str) -> bytes | None:
    """Return the secret, or None if the passphrase (or anything bound to it) is wrong.

    Raises:
        DamagedVaultError: the cost is outside floor and ceiling; nothing was derived.

    """
    try:
        key = _stretched(passphrase, wrapped)
        return AESGCM(key).decrypt(
            bytes.fromhex(wrapped.nonce),
            bytes.fromhex(wrapped.ciphertext),
            _associated(wrapped, binding),
        )
    except (InvalidTag, ValueError):
        return None


def new_slot(
    vault: str, kind: SlotKind, user: str, vault_key: bytes, passphrase: bytes, cost: KdfCost
) -> Slot:
    """Make a slot that opens with ``passphrase``; a recovery slot awaits confirmation."""
    slot_id, own = str(uuid.uuid4()), SealingKey.generate()
    binding = _binding(vault, slot_id, kind, user, own.public.hex())
    wrapped = wrap_secret(own.private, passphrase, cost, binding)
    slot = Slot(slot_id, kind, user, kind != "recovery", wrapped, own.public.hex())
    return led_to(vault, slot, vault_key)


def led_to(vault: str, slot: Slot, vault_key: bytes) -> Slot:
    """Return the slot leading to ``vault_key``; no passphrase is needed.

    Raises:
        ValueError: the slot is of the first format.

    """
    public = sealing_public_key(bytes.fromhex(slot.public))
    sealed = SUITE.encrypt(vault_key, public, info=_sealing_info(vault, slot))
    return replace(slot, sealed=sealed.hex())


def open_slot(vault: str, slot: Slot, passphrase: bytes) -> bytes | None:
    """Return the vault key if ``passphrase`` opens the slot."""
    binding = _binding(vault, slot.id, slot.kind, slot.user, slot.public)
    secret = unwrap_secret(slot.wrapped, passphrase, binding)
    if secret is None or not slot.can_follow:
        return secret
    try:
        return SUITE.decrypt(
            bytes.fromhex(slot.sealed),
            SealingKey(secret).opener(),
            info=_sealing_info(vault, slot),
        )
    except (InvalidTag, ValueError):
        return None


def derived_key(vault_key: bytes, purpose: str) -> bytes:
    """Return a key of 32 bytes for one purpose."""
    info = f"odbst-vault-v1 {purpose}".encode()
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(vault_key)


def _stretched(passphrase: bytes, wrapped: Wrapped) -> bytes:
    if not wrapped.cost.is_allowed():
        raise DamagedVaultError(
            "A way into this vault is weaker or costlier than this program allows."
        )
    return Argon2id(
        salt=bytes.fromhex(wrapped.salt),
        length=KEY_BYTES,
        iterations=wrapped.cost.passes,
        lanes=wrapped.cost.lanes,
        memory_cost=wrapped.cost.memory_kib,
    ).derive(passphrase)


def _binding(vault: str, slot: str, kind: str, user: str, public: str) -> str:
    first_format = f"slot {vault} {slot} {kind} {user}"
    return f"{first_format} {public}" if public else first_format


def _sealing_info(vault: str, slot: Slot) -> bytes:
    return f"odbst-slot-v2 {vault} {slot.id} {slot.kind} {slot.user}".encode()


def _associated(wrapped: Wrapped, binding: str) -> bytes:
    cost = wrapped.cost
    return (
        f"odbst-wrap-v1 argon2id {cost.memory_kib} {cost.passes} {cost.lanes} "
        f"{wrapped.salt} {binding}"
    ).encode()
