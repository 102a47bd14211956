"""Keys to encrypt to: HPKE with ML-KEM-768 and X25519 together.

A vault has one for packages sent to it, and each way into a vault has one for the vault's key.
Source: package format, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import NewType

from cryptography.hazmat.primitives.asymmetric.mlkem import (
    MLKEM768PrivateKey,
    MLKEM768PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

KeyId = NewType("KeyId", str)
"""Lower-case hex SHA-256 of a public key's bytes."""

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
SEALING_BYTES = 1184 + 32
_SEED_BYTES = 64
_MLKEM_BYTES = 1184


@dataclass(frozen=True)  # no slots: what follows from the private bytes is derived once
class SealingKey:
    """A vault's private sealing key: an ML-KEM-768 seed (64 bytes), then X25519 (32 bytes)."""

    private: bytes

    @classmethod
    def generate(cls) -> SealingKey:
        """Make a new key."""
        seed = MLKEM768PrivateKey.generate().private_bytes_raw()
        return cls(seed + X25519PrivateKey.generate().private_bytes_raw())

    @cached_property
    def _opener(self) -> MLKEM768X25519PrivateKey:
        return MLKEM768X25519PrivateKey(
            MLKEM768PrivateKey.from_seed_bytes(self.private[:_SEED_BYTES]),
            X25519PrivateKey.from_private_bytes(self.private[_SEED_BYTES:]),
        )

    def opener(self) -> MLKEM768X25519PrivateKey:
        """Return the key as HPKE takes it."""
        return self._opener

    @cached_property
    def public(self) -> bytes:
        """Return the 1216 public bytes."""
        kem = MLKEM768PrivateKey.from_seed_bytes(self.private[:_SEED_BYTES]).public_key()
        curve = X25519PrivateKey.from_private_bytes(self.private[_SEED_BYTES:]).public_key()
        return kem.public_bytes_raw() + curve.public_bytes_raw()

    @cached_property
    def keyid(self) -> KeyId:
        """Return the key id of the public half."""
        return sealing_keyid(self.public)


def sealing_keyid(public: bytes) -> KeyId:
    """Return the key id of a sealing key's 1216 public bytes."""
    return KeyId(sha256(public).hexdigest())


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
