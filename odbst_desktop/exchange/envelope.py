"""The open form: a DSSE envelope. Source: package format, section 3."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from odbst_desktop.exchange.errors import PackageError, StrictJsonError
from odbst_desktop.exchange.keys import KeyId, signing_keyid
from odbst_desktop.exchange.strict_json import parse_strict_json

_KEYID = re.compile(r"[0-9a-f]{64}")
_MOST_SIGNATURES = 8


@dataclass(frozen=True, slots=True)
class Signature:
    """Whose key signed, and the signature's 64 bytes (unchecked)."""

    keyid: KeyId
    value: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload's bytes, their type, and the signatures over both."""

    payload_type: str
    payload: bytes
    signatures: tuple[Signature, ...] = ()

    def signed_bytes(self) -> bytes:
        """Return DSSE's pre-authentication encoding."""
        kind = self.payload_type.encode()
        return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(self.payload), self.payload)

    def signed_with(self, key: Ed25519PrivateKey) -> Envelope:
        """Return the envelope with one signature more."""
        keyid = signing_keyid(key.public_key().public_bytes_raw())
        signature = Signature(keyid, key.sign(self.signed_bytes()))
        return replace(self, signatures=(*self.signatures, signature))

    def to_bytes(self) -> bytes:
        """Return the envelope as it is written."""
        return json.dumps(
            {
                "payloadType": self.payload_type,
                "payload": base64.b64encode(self.payload).decode(),
                "signatures": [
                    {"keyid": s.keyid, "sig": base64.b64encode(s.value).decode()}
                    for s in self.signatures
                ],
            }
        ).encode()


def parse_envelope(data: bytes) -> Envelope:
    """Read an envelope without believing it.

    Raises:
        PackageError: ``malformed``.

    """
    try:
        members = parse_strict_json(data)
        exact_members(members, "payloadType", "payload", "signatures")
        listed = members["signatures"]
        if not isinstance(listed, list) or not 1 <= len(listed) <= _MOST_SIGNATURES:
            raise ValueError("signatures")
        signatures = tuple(_signature(entry) for entry in listed)
        if len({s.keyid for s in signatures}) != len(signatures):
            raise ValueError("signatures")
        if not isinstance(members["payloadType"], str):
            raise ValueError("payloadType")  # noqa: TRY004 - as above
        return Envelope(members["payloadType"], strict_base64(members["payload"]), signatures)
    except (StrictJsonError, ValueError) as fault:
        raise PackageError("malformed") from fault


def exact_members(value: Any, *names: str) -> None:
    """Refuse anything but an object with just these members.

    Raises:
        ValueError: it is not.

    """
    if not isinstance(value, dict) or set(value) != set(names):
        raise ValueError("members")


def strict_base64(text: Any) -> bytes:
    """Decode standard base64 that has only one spelling.

    Raises:
        ValueError: not text, or decoding and encoding again gives another text.

    """
    if not isinstance(text, str):
        raise ValueError("base64")  # noqa: TRY004 - one fault for every malformed member
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError as fault:
        raise ValueError("base64") from fault
    if binascii.b2a_base64(data, newline=False).decode() != text:
        raise ValueError("base64")
    return data


def _signature(entry: Any) -> Signature:
    exact_members(entry, "keyid", "sig")
    if not isinstance(entry["keyid"], str) or not _KEYID.fullmatch(entry["keyid"]):
        raise ValueError("keyid")
    return Signature(KeyId(entry["keyid"]), strict_base64(entry["sig"]))
