"""Key ids and fingerprints. Source: package format, section 2."""

from __future__ import annotations

import unicodedata
from hashlib import sha256

from odbst_desktop.exchange.errors import WeakKeyError
from odbst_desktop.sealing_keys import KeyId, SealingKey, sealing_keyid, sealing_public_key

__all__ = [
    "KeyId",
    "SealingKey",
    "fingerprint",
    "refuse_weak_signing_key",
    "sealing_keyid",
    "sealing_public_key",
    "signing_keyid",
]

SIGNING_BYTES = 32
_P = 2**255 - 19
# The y coordinates of the eight points of small order (RFC 7748/8032; two of them share y = 0).
_Y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER = frozenset({0, 1, _P - 1, _Y8, _P - _Y8})


def signing_keyid(public: bytes) -> KeyId:
    """Return the key id of 32 raw Ed25519 bytes."""
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
