"""A reader of packages written from the package format alone: it knows nothing of the program.

Numbers in comments are the checks of the page's section 7. What a form's rules say is not on the
page, so whether answers hold is asked of a function.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite

MAGIC = b"ODBSTSEAL1\n"
SUITE_NAME = "MLKEM768-X25519,HKDF-SHA256,AES-256-GCM"
SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
KINDS = {
    "trust-card": {"trust", "version", "expires", "signing_key", "sealing_key", "schools", "people",
                   "sealing_keys", "required_signers", "calendar", "due_dates"},
    "focus-pack": {"academic_year", "term", "themes", "forms", "courses", "policies", "message"},
    "enrolment": {"profile", "urn", "people", "sealing_key"},
    "termly-return": {"academic_year", "term", "form", "answers", "provenance", "explanations",
                      "audit"},
    "monitoring-visit": {"visited_on", "form", "answers", "actions", "themes"},
    "receipt": {"of", "verdict", "queries"},
}  # fmt: skip
OPEN = {"trust-card", "focus-pack"}
MEMBERS = {"format", "kind", "id", "issued_at", "audience", "issuer", "signers", "revision",
           "supersedes", "body", "documents"}  # fmt: skip
ROLES = {"esl", "dsl", "headteacher", "governor", "chair", "trustee"}
MEDIA = {"application/pdf", "image/png", "image/jpeg", "text/csv"}


class RefusedError(Exception):
    """A package is refused; its only argument is the code."""


@dataclass(frozen=True)
class Known:
    """A key as a register has it."""

    public_key: bytes
    person: str
    role: str
    urn: int | None
    status: str


@dataclass
class Reader:
    """What the one who reads has: a private sealing key, a register, a clock, what was held."""

    seed: bytes
    exchange_key: bytes
    sealing_keyid: str
    register: Mapping[str, Known]
    now: datetime
    required: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    own_keyids: frozenset[str] = frozenset()
    held: Mapping[tuple[Any, ...], tuple[int, str]] = field(default_factory=dict)
    received: frozenset[str] = frozenset()
    answers_hold: Callable[[str, Mapping[str, Any]], bool] = lambda _kind, _body: True

    def read(self, data: bytes) -> tuple[str, dict[str, Any]]:
        """Return the verdict and the payload; raise ``RefusedError`` with the code."""
        if len(data) > 26_214_400:
            raise RefusedError("too-large")  # 1
        is_sealed = data.startswith(MAGIC)
        if not is_sealed and not data.lstrip(b" \t\r\n").startswith(b"{"):
            raise RefusedError("not-a-package")  # 2
        envelope = strict_json(self._opened(data) if is_sealed else data)  # 3 to 6
        exact(envelope, "payloadType", "payload", "signatures")
        kind, payload_bytes, signatures = _envelope(envelope)
        keys = self._keys([keyid for keyid, _ in signatures])  # 8, 9
        said = envelope["payloadType"].encode()
        message = b"DSSEv1 %d %s %d %s" % (len(said), said, len(payload_bytes), payload_bytes)
        for keyid, signature in signatures:  # 10
            try:
                Ed25519PublicKey.from_public_bytes(keys[keyid].public_key).verify(
                    signature, message
                )
            except InvalidSignature as fault:
                raise RefusedError("bad-signature") from fault
        payload = _payload(payload_bytes, kind)  # 11
        if is_sealed == (kind in OPEN):
            raise RefusedError("malformed")
        return self._judged(payload, keys, hashlib.sha256(payload_bytes).hexdigest())

    def _opened(self, data: bytes) -> bytes:
        try:
            length = int.from_bytes(data[len(MAGIC) : len(MAGIC) + 4], "big")
            start = len(MAGIC) + 4 + length
            if length > 1024 or len(data) < start:
                raise RefusedError("malformed")
            header = strict_json(data[len(MAGIC) + 4 : start])
            exact(header, "recipient", "suite")
        except IndexError as fault:
            raise RefusedError("malformed") from fault
        recipient = header["recipient"]
        if header["suite"] != SUITE_NAME or not re.fullmatch(r"[0-9a-f]{64}", str(recipient)):
            raise RefusedError("malformed")
        if recipient != self.sealing_keyid:
            raise RefusedError("sealed-to-another")  # 4
        key = MLKEM768X25519PrivateKey(
            MLKEM768PrivateKey.from_seed_bytes(self.seed),
            X25519PrivateKey.from_private_bytes(self.exchange_key),
        )
        try:
            return SUITE.decrypt(data[start:], key, info=data[:start])
        except (InvalidTag, ValueError) as fault:
            raise RefusedError("cannot-open") from fault  # 5

    def _keys(self, keyids: Sequence[str]) -> dict[str, Known]:
        if any(keyid not in self.register for keyid in keyids):
            raise RefusedError("unknown-signer")
        keys = {keyid: self.register[keyid] for keyid in keyids}
        if any(key.status == "revoked" for key in keys.values()):
            raise RefusedError("revoked-signer")
        return keys

    def _judged(
        self, payload: dict[str, Any], keys: Mapping[str, Known], digest: str
    ) -> tuple[str, dict[str, Any]]:
        to_sign = self._is_to_sign(payload, keys)  # 12
        _refuse_other_signers(payload, keys)  # 13
        if not to_sign:
            self._refuse_missing(payload, keys)  # 14
        issued = datetime.strptime(payload["issued_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if issued - self.now > timedelta(hours=24):  # 15
            raise RefusedError("issued-in-future")
        _refuse_damaged_documents(payload)  # 16
        body = payload["body"]
        if set(body) != KINDS[payload["kind"]] or not self.answers_hold(payload["kind"], body):
            raise RefusedError("invalid-answers")  # 17
        if digest in self.received:  # 18
            raise RefusedError("already-received")
        if not to_sign and payload["kind"] == "termly-return":  # 19
            held = self.held.get((payload["issuer"]["urn"], body["academic_year"], body["term"]))
            expected = (1, None) if held is None else (held[0] + 1, held[1])
            if (payload["revision"], payload["supersedes"]) != expected:
                raise RefusedError("out-of-sequence")
        return ("pending" if to_sign else "accepted"), payload

    def _is_to_sign(self, payload: dict[str, Any], keys: Mapping[str, Known]) -> bool:
        if payload["audience"] in {None, self.sealing_keyid}:
            return False
        if ({signer["keyid"] for signer in payload["signers"]} - set(keys)) & self.own_keyids:
            return True
        raise RefusedError("for-another")

    def _refuse_missing(self, payload: dict[str, Any], keys: Mapping[str, Known]) -> None:
        roles = {signer["role"] for signer in payload["signers"]}
        needed = self.required.get(payload["kind"], ())
        waiting = {signer["keyid"] for signer in payload["signers"]} - set(keys)
        if waiting or any(roles.isdisjoint(one_of) for one_of in needed):
            raise RefusedError("missing-signature")


def _refuse_other_signers(payload: dict[str, Any], keys: Mapping[str, Known]) -> None:
    listed = {signer["keyid"]: signer for signer in payload["signers"]}
    people = {signer["person"].casefold() for signer in payload["signers"]}
    if not set(keys) <= set(listed) or len(people) < len(payload["signers"]):
        raise RefusedError("signer-mismatch")
    for keyid, key in keys.items():
        claimed = (listed[keyid]["person"], listed[keyid]["role"], payload["issuer"]["urn"])
        if claimed != (key.person, key.role, key.urn):
            raise RefusedError("signer-mismatch")


def _refuse_damaged_documents(payload: dict[str, Any]) -> None:
    for document in payload["documents"]:
        content = base64.b64decode(document["data"])
        said = (document["size"], document["sha256"])
        if said != (len(content), hashlib.sha256(content).hexdigest()):
            raise RefusedError("document-damaged")


def register_of(card: Mapping[str, Any]) -> dict[str, Known]:
    """Return the register of a trust card's body: its people, and the ESL's own key."""
    return {
        person["keyid"]: Known(
            base64.b64decode(person["public_key"]), person["person"], person["role"],
            person["urn"], person["status"],
        )
        for person in card["people"]
    }  # fmt: skip


def card_of(data: bytes) -> tuple[dict[str, Any], Known]:
    """Return the body of an open trust card whose own signature is true, and the ESL's key."""
    envelope = strict_json(data)
    kind, payload_bytes, signatures = _envelope(envelope)
    payload = _payload(payload_bytes, kind)
    key = base64.b64decode(payload["body"]["signing_key"])
    said = envelope["payloadType"].encode()
    message = b"DSSEv1 %d %s %d %s" % (len(said), said, len(payload_bytes), payload_bytes)
    Ed25519PublicKey.from_public_bytes(key).verify(signatures[0][1], message)
    signer = payload["signers"][0]
    return payload["body"], Known(key, signer["person"], signer["role"], None, "active")


def strict_json(data: bytes) -> Any:
    """Read strict JSON as check 6 has it; raise ``RefusedError`` with ``malformed``."""

    def no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) < len(pairs):
            raise ValueError("repeated member")
        return dict(pairs)

    def small(text: str) -> int:
        if len(text) > 17 or not -(2**53) <= int(text) <= 2**53:
            raise ValueError("integer")
        return int(text)

    def finite(text: str) -> float:
        value = float(text)
        if value in {float("inf"), float("-inf")}:
            raise ValueError("overflow")
        return value

    def never(_text: str) -> float:
        raise ValueError("NaN or Infinity")

    try:
        text = data.decode("utf-8")
        if text.startswith("\ufeff"):
            raise ValueError("byte-order mark")
        value = json.loads(
            text, object_pairs_hook=no_repeats, parse_int=small, parse_float=finite,
            parse_constant=never,
        )  # fmt: skip
        _refuse_depth(value, 32)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # lone surrogates do not encode
    except (ValueError, RecursionError) as fault:
        raise RefusedError("malformed") from fault
    return value


def exact(value: Any, *names: str) -> None:
    """Refuse anything but an object with just these members."""
    if not isinstance(value, dict) or set(value) != set(names):
        raise RefusedError("malformed")


def _refuse_depth(value: Any, left: int) -> None:
    if isinstance(value, dict | list):
        if left == 0:
            raise ValueError("nesting")
        for inner in value.values() if isinstance(value, dict) else value:
            _refuse_depth(inner, left - 1)


def _base64(text: Any) -> bytes:
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (AttributeError, ValueError) as fault:
        raise RefusedError("malformed") from fault
    if base64.b64encode(data).decode() != text:
        raise RefusedError("malformed")
    return data


def _envelope(envelope: dict[str, Any]) -> tuple[str, bytes, list[tuple[str, bytes]]]:
    listed = envelope["signatures"]
    if not isinstance(listed, list) or not 1 <= len(listed) <= 8:
        raise RefusedError("malformed")
    signatures = []
    for entry in listed:
        exact(entry, "keyid", "sig")
        if not isinstance(entry["keyid"], str) or not re.fullmatch(r"[0-9a-f]{64}", entry["keyid"]):
            raise RefusedError("malformed")
        signatures.append((entry["keyid"], _base64(entry["sig"])))
    if len({keyid for keyid, _ in signatures}) < len(signatures):
        raise RefusedError("malformed")
    payload = _base64(envelope["payload"])
    if not isinstance(envelope["payloadType"], str):
        raise RefusedError("malformed")
    said = re.fullmatch(
        r"application/vnd\.odbst\.([a-z-]+)\+json;version=1", envelope["payloadType"]
    )
    if said is None or said[1] not in KINDS:
        raise RefusedError("unknown-kind")  # 7
    return said[1], payload, signatures


def _payload(data: bytes, kind: str) -> dict[str, Any]:
    if len(data) > 20 * 1024 * 1024:
        raise RefusedError("malformed")
    payload: dict[str, Any] = strict_json(data)
    exact(payload, *MEMBERS)
    issuer, revision = payload["issuer"], payload["revision"]
    exact(issuer, "type", "urn", "name")
    sound = (
        payload["format"] == "odbst/1" and payload["kind"] == kind,
        type(revision) is int and revision >= 1,
        (payload["supersedes"] is None) == (revision == 1),
        (payload["audience"] is None) == (kind in OPEN),
        (issuer["type"], issuer["urn"] is None) in {("trust", True), ("school", False)},
        isinstance(payload["signers"], list) and payload["signers"],
        isinstance(payload["documents"], list) and len(payload["documents"]) <= 20,
        isinstance(payload["body"], dict),
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(payload["issued_at"])),
    )
    if not all(sound):
        raise RefusedError("malformed")
    for signer in payload["signers"]:
        exact(signer, "keyid", "person", "role")
        if signer["role"] not in ROLES:
            raise RefusedError("malformed")
    for document in payload["documents"]:
        exact(document, "name", "media_type", "size", "sha256", "data")
        _base64(document["data"])
        named = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,79}", str(document["name"]))
        if named is None or document["media_type"] not in MEDIA:
            raise RefusedError("malformed")
    return payload
