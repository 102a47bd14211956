"""Key ids, fingerprints, sealing keys. Source: package format, section 2."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import NewType

from cryptography.hazmat.primitives.asymmetric.mlkem import (
    MLKEM768PrivateKey,
    MLKEM768PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
)

from odbst_desktop.exchange.errors import WeakKeyError

KeyId = NewType("KeyId", str)
"""Lower-case hex SHA-256 of a public key's bytes."""

SIGNING_BYTES = 32
SEALING_BYTES = 1184 + 32
_SEED_BYTES = 64
_MLKEM_BYTES = 1184
_P = 2**255 - 19
# The y coordinates of the eight points of small order (RFC 7748/8032; two of them share y = 0).
_Y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7
_SMALL_ORDER = frozenset({0, 1, _P - 1, _Y8, _P - _Y8})


def signing_keyid(public: bytes) -> KeyId:
    """Return the key id of 32 raw Ed25519 bytes."""
    return KeyId(sha256(public).hexdigest())


def sealing_keyid(public: bytes) -> KeyId:
    """Return the key id of a sealing key's 1216 public bytes."""
    return KeyId(sha256(public).hexdigest())


def refuse_weak_signing_key(public: bytes) -> None:
    """Refuse a signing key that plain Ed25519 libraries may accept and should not.

    Raises:
        WeakKeyError: wrong length, not canonically encoded, or of small order.

    """
    y = int.from_bytes(public, "little") & (1 << 255) - 1
    if len(public) != SIGNING_BYTES or y >= _P or y in _SMALL_ORDER:
        raise WeakKeyError(
            "This signing key is not a sound one and was refused. Ask its owner to make a new key."
        )


def fingerprint(public: bytes, role: str, urn: int | None, person: str) -> str:
    """Return the six groups of five digits that are read over the telephone."""
    name = unicodedata.normalize("NFC", person).encode()
    number = b"" if urn is None else str(urn).encode()
    digest = sha256(
        b"\0".join((b"odbst-fingerprint-v1", public, role.encode(), number, name))
    ).digest()
    groups = (int.from_bytes(digest[5 * i : 5 * i + 5]) % 100_000 for i in range(6))
    return " ".join(f"{group:05d}" for group in groups)


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A vault's private sealing key: an ML-KEM-768 seed (64 bytes), then X25519 (32 bytes)."""

    private: bytes

    @classmethod
    def generate(cls) -> SealingKey:
        """Make a new key."""
        seed = MLKEM768PrivateKey.generate().private_bytes_raw()
        return cls(seed + X25519PrivateKey.generate().private_bytes_raw())

    def opener(self) -> MLKEM768X25519PrivateKey:
        """Return the key as HPKE takes it."""
        return MLKEM768X25519PrivateKey(
            MLKEM768PrivateKey.from_seed_bytes(self.private[:_SEED_BYTES]),
            X25519PrivateKey.from_private_bytes(self.private[_SEED_BYTES:]),
        )

    @property
    def public(self) -> bytes:
        """Return the 1216 public bytes."""
        kem = MLKEM768PrivateKey.from_seed_bytes(self.private[:_SEED_BYTES]).public_key()
        curve = X25519PrivateKey.from_private_bytes(self.private[_SEED_BYTES:]).public_key()
        return kem.public_bytes_raw() + curve.public_bytes_raw()

    @property
    def keyid(self) -> KeyId:
        """Return the key id of the public half."""
        return sealing_keyid(self.public)


def sealing_public_key(public: bytes) -> MLKEM768X25519PublicKey:
    """Return 1216 public bytes as HPKE takes them.

    Raises:
        ValueError: they are not such a key.

    """
    if len(public) != SEALING_BYTES:
        raise ValueError("a sealing key has 1216 bytes")
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_BYTES]),
        X25519PublicKey.from_public_bytes(public[_MLKEM_BYTES:]),
    )
