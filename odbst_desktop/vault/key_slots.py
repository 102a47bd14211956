"""The key file: slots that each wrap the vault's key, under one authentication code.

Source: design, section 3. Every parameter of a slot is bound by the associated data of its
encryption, and the whole file by a code keyed from the vault key, so that a slot can be neither
added, removed nor weakened.
"""

from __future__ import annotations

import hmac
import json
import secrets
import uuid
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from odbst_desktop.vault.errors import DamagedVaultError

KEY_BYTES = 32
_FORMAT = "odbst-keys/1"
_KIB = 1024

SlotKind = Literal["passphrase", "recovery"]


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
    """One way in. ``user`` is the id of whose passphrase it is, empty for the recovery sheet."""

    id: str
    kind: SlotKind
    user: str
    confirmed: bool
    wrapped: Wrapped


@dataclass(frozen=True, slots=True)
class HighWaterMark:
    """The newest entry of the audit chain known to have been written."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The content of ``keys.json``."""

    vault: str
    slots: tuple[Slot, ...]
    mark: HighWaterMark
    code: str = ""


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
    slot_id = str(uuid.uuid4())
    wrapped = wrap_secret(vault_key, passphrase, cost, _binding(vault, slot_id, kind, user))
    return Slot(slot_id, kind, user, confirmed=kind == "passphrase", wrapped=wrapped)


def open_slot(vault: str, slot: Slot, passphrase: bytes) -> bytes | None:
    """Return the vault key if ``passphrase`` opens the slot."""
    return unwrap_secret(slot.wrapped, passphrase, _binding(vault, slot.id, slot.kind, slot.user))


def seal_key_file(keys: KeyFile, vault_key: bytes) -> bytes:
    """Return the bytes of ``keys.json`` with a fresh authentication code."""
    content = _content(keys)
    content["code"] = _authentication_code(content, vault_key)
    return json.dumps(content, indent=1, sort_keys=True).encode()


def is_authentic(keys: KeyFile, vault_key: bytes) -> bool:
    """Say whether the file is as it was written by a holder of the vault key."""
    return hmac.compare_digest(keys.code, _authentication_code(_content(keys), vault_key))


def parse_key_file(data: bytes) -> KeyFile:
    """Read ``keys.json``.

    Raises:
        DamagedVaultError: it is not a key file, or a cost is outside floor and ceiling.

    """
    try:
        content = json.loads(data)
        if content.pop("format") != _FORMAT:
            raise ValueError
        slots = tuple(_slot(entry) for entry in content["slots"])
        mark = HighWaterMark(int(content["mark"]["sequence"]), str(content["mark"]["hash"]))
        keys = KeyFile(str(content["vault"]), slots, mark, str(content["code"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise DamagedVaultError("The key file of this vault (keys.json) is damaged.") from fault
    if not all(slot.wrapped.cost.is_allowed() for slot in slots):
        raise DamagedVaultError(
            "The key file of this vault (keys.json) has been altered: a way in is weaker or "
            "costlier than this program allows."
        )
    return keys


def _slot(entry: dict[str, Any]) -> Slot:
    wrapped = dict(entry["wrapped"])
    cost = KdfCost(**{name: int(value) for name, value in wrapped.pop("cost").items()})
    kind: SlotKind = entry["kind"]
    if kind not in ("passphrase", "recovery"):
        raise ValueError
    return Slot(
        str(entry["id"]),
        kind,
        str(entry["user"]),
        bool(entry["confirmed"]),
        Wrapped(cost=cost, **{name: str(value) for name, value in wrapped.items()}),
    )


def _content(keys: KeyFile) -> dict[str, Any]:
    content = asdict(keys)
    del content["code"]
    return {"format": _FORMAT, **content}


def _authentication_code(content: dict[str, Any], vault_key: bytes) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(derived_key(vault_key, "keys.json"), canonical, sha256).hexdigest()


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


def _binding(vault: str, slot: str, kind: str, user: str) -> str:
    return f"slot {vault} {slot} {kind} {user}"


def _associated(wrapped: Wrapped, binding: str) -> bytes:
    cost = wrapped.cost
    return (
        f"odbst-wrap-v1 argon2id {cost.memory_kib} {cost.passes} {cost.lanes} "
        f"{wrapped.salt} {binding}"
    ).encode()
