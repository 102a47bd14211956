"""The sealed form: an envelope encrypted to one vault. Source: package format, section 4."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag

from odbst_desktop.exchange.envelope import exact_members
from odbst_desktop.exchange.errors import PackageError, StrictJsonError
from odbst_desktop.exchange.keys import KeyId, SealingKey, sealing_keyid, sealing_public_key
from odbst_desktop.exchange.strict_json import parse_strict_json
from odbst_desktop.sealing_keys import SUITE

SEAL = b"ODBSTSEAL1\n"
SUITE_NAME = "MLKEM768-X25519,HKDF-SHA256,AES-256-GCM"
_MOST_HEADER_BYTES = 1024
_LENGTH_BYTES = 4
_KEYID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed package taken apart: for whom, everything before the ciphertext, ciphertext."""

    recipient: KeyId
    before: bytes
    ciphertext: bytes


def seal(open_package: bytes, recipient_public: bytes) -> bytes:
    """Encrypt an open package to a vault's sealing key (1216 public bytes)."""
    header = json.dumps(
        {"recipient": sealing_keyid(recipient_public), "suite": SUITE_NAME}
    ).encode()
    before = SEAL + len(header).to_bytes(_LENGTH_BYTES) + header
    public = sealing_public_key(recipient_public)
    return before + SUITE.encrypt(open_package, public, info=before)


def parse_sealed(data: bytes) -> Sealed:
    """Read the header of a sealed package.

    Raises:
        PackageError: ``malformed``.

    """
    try:
        start = len(SEAL) + _LENGTH_BYTES
        length = int.from_bytes(data[len(SEAL) : start])
        if len(data) < start + length or length > _MOST_HEADER_BYTES:
            raise ValueError("length")
        header = parse_strict_json(data[start : start + length])
        exact_members(header, "recipient", "suite")
        recipient = header["recipient"]
        if header["suite"] != SUITE_NAME or not isinstance(recipient, str):
            raise ValueError("suite")
        if not _KEYID.fullmatch(recipient):
            raise ValueError("recipient")
    except (StrictJsonError, ValueError) as fault:
        raise PackageError("malformed") from fault
    return Sealed(KeyId(recipient), data[: start + length], data[start + length :])


def open_sealed(sealed: Sealed, key: SealingKey) -> bytes:
    """Return the open package inside.

    Raises:
        PackageError: ``cannot-open``.

    """
    try:
        return SUITE.decrypt(sealed.ciphertext, key.opener(), info=sealed.before)
    except (InvalidTag, ValueError) as fault:
        raise PackageError("cannot-open") from fault
