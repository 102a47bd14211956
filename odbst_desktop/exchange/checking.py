"""Check a package from a stranger, in the order of the package format, section 7.

Checks 8 to 10 read only the envelope: nothing of an unverified payload is interpreted, apart from
the two self-signed kinds, whose keys are read and used for nothing but check 10.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError

from odbst_desktop.exchange.bodies import (
    KINDS,
    Body,
    Enrolment,
    TrustCard,
    read_body,
    series_of,
)
from odbst_desktop.exchange.envelope import Envelope, parse_envelope, strict_base64
from odbst_desktop.exchange.errors import PackageError, StrictJsonError, WeakKeyError
from odbst_desktop.exchange.keys import KeyId, SealingKey, refuse_weak_signing_key, signing_keyid
from odbst_desktop.exchange.payload import OPEN_KINDS, SELF_SIGNED_KINDS, Payload
from odbst_desktop.exchange.sealing import SEAL, open_sealed, parse_sealed
from odbst_desktop.exchange.strict_json import parse_strict_json

logger = logging.getLogger(__name__)

MOST_BYTES = 26_214_400
MOST_PAYLOAD_BYTES = 20 * 1024 * 1024
DEMONSTRATION = "DEMONSTRATION"
"""How the issuer's name begins in everything that a demonstration vault makes."""

_TYPE = re.compile(r"application/vnd\.odbst\.([a-z-]+)\+json;version=1")
_WHITE_SPACE = b" \t\r\n"
_CLOCK_LEEWAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class RegisteredKey:
    """A signing key as the register has it; ``urn`` is None for the trust's own people."""

    public_key: bytes
    person: str
    role: str
    urn: int | None
    is_revoked: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """The newest package of a series: its revision (a trust card's version) and payload hash."""

    revision: int
    payload_sha256: str


class Desk(Protocol):
    """What the vault that checks a package knows."""

    @property
    def sealing_key(self) -> SealingKey:
        """Return the vault's own sealing key."""

    @property
    def own_keyids(self) -> frozenset[KeyId]:
        """Return the signing keys of the vault's users."""

    @property
    def is_demonstration(self) -> bool:
        """Say whether the vault is one of the demonstration."""

    @property
    def required_signers(self) -> Mapping[str, Sequence[Sequence[str]]]:
        """Return for each kind the lists of roles, one of each of which must sign."""

    def moment_now(self) -> datetime:
        """Return this clock's moment."""

    def registered_key(self, keyid: KeyId) -> RegisteredKey | None:
        """Return what the register says of a key."""

    def knows_a_trust(self) -> bool:
        """Say whether a trust card was confirmed, so that no other trust's is a first one."""

    def refuse_answers(self, body: Body) -> None:
        """Raise ``PackageError`` where the form is unknown or its rules are broken."""

    def was_received(self, payload_sha256: str) -> bool:
        """Say whether this very payload was stored before."""

    def newest_held(self, series: str) -> Held | None:
        """Return the newest package held of a series."""

    def is_own_unfinished(self, payload_sha256: str) -> bool:
        """Say whether this vault made a payload, and waits for signatures on it to come back."""


@dataclass(frozen=True, slots=True)
class CheckedPackage:
    """A package that passed; ``pending`` waits for a person to confirm a key or to sign."""

    verdict: Literal["accepted", "pending"]
    payload: Payload
    body: Body
    payload_sha256: str
    series: str
    envelope: Envelope


def to_sign_series(series: str) -> str:
    """Return the series under which a vault keeps what it only signs and does not receive."""
    return f"to sign {series}"


def check_package(untrusted_data: bytes, desk: Desk) -> CheckedPackage:
    """Check a package's bytes; nothing is stored.

    Raises:
        PackageError: the first check that fails gives the code and the sentence.

    """
    checked = check_alone(untrusted_data, desk)
    digest, series = checked.payload_sha256, checked.series
    if desk.was_received(digest):
        raise PackageError("already-received")
    if series.startswith(to_sign_series("")):
        _refuse_signed_over(checked.payload, desk.newest_held(series))
    elif not desk.is_own_unfinished(digest):
        _refuse_out_of_sequence(checked.payload, checked.body, desk.newest_held(series))
    return checked


def check_alone(untrusted_data: bytes, desk: Desk) -> CheckedPackage:
    """Check all that a package shows by itself: checks 1 to 17, not whether it is its turn.

    For a package that may have been received before, and for many that come in no order.

    Raises:
        PackageError: the first check that fails gives the code and the sentence.

    """
    try:
        return _check(untrusted_data, desk)
    except PackageError:
        raise
    except Exception as fault:  # the border: whatever a hostile file finds is a refusal
        # No traceback: it could hold contents.
        logger.error("package check failed: %s", type(fault).__name__)  # noqa: TRY400
        raise PackageError("internal") from fault


def _check(data: bytes, desk: Desk) -> CheckedPackage:
    if len(data) > MOST_BYTES:
        raise PackageError("too-large")
    is_sealed = data.startswith(SEAL)
    envelope = parse_envelope(_open_form(data, desk, is_sealed=is_sealed))
    kind = _kind(envelope)
    keys = _signing_keys(kind, envelope, desk)
    _refuse_false_signatures(envelope, keys)
    payload = _payload(envelope, kind)
    if is_sealed == (kind in OPEN_KINDS):
        raise PackageError("malformed", "sealed")
    if payload.issuer.name.startswith(DEMONSTRATION) != desk.is_demonstration:
        raise PackageError("unknown-signer", sentence="demonstration")
    signed = {signature.keyid for signature in envelope.signatures}
    digest = sha256(envelope.payload).hexdigest()
    comes_back = desk.is_own_unfinished(digest)
    awaits_own_signature = not comes_back and _refuse_other_audience(payload, signed, desk)
    _refuse_other_signers(payload, signed, keys)
    if not awaits_own_signature:
        _refuse_missing_signatures(payload, signed, desk)
    _refuse_future(payload, desk)
    _refuse_damaged_documents(payload)
    body = _body(payload, desk)
    series = series_of(kind, payload.issuer.urn, body, payload.id)
    if awaits_own_signature:
        series = to_sign_series(series)
    is_known = all(desk.registered_key(keyid) for keyid in signed)
    confirmed = kind not in SELF_SIGNED_KINDS or (kind == "trust-card" and is_known)
    verdict: Literal["accepted", "pending"] = (
        "accepted" if confirmed and not awaits_own_signature else "pending"
    )
    return CheckedPackage(verdict, payload, body, digest, series, envelope)


def _open_form(data: bytes, desk: Desk, *, is_sealed: bool) -> bytes:
    if not is_sealed:
        if not data.lstrip(_WHITE_SPACE).startswith(b"{"):
            raise PackageError("not-a-package")
        return data
    sealed = parse_sealed(data)
    if sealed.recipient != desk.sealing_key.keyid:
        raise PackageError("sealed-to-another")
    return open_sealed(sealed, desk.sealing_key)


def _kind(envelope: Envelope) -> str:
    match = _TYPE.fullmatch(envelope.payload_type)
    if match is None or match[1] not in KINDS:
        raise PackageError("unknown-kind")
    return match[1]


def _signing_keys(kind: str, envelope: Envelope, desk: Desk) -> dict[KeyId, RegisteredKey]:
    """Return the key behind each signature: checks 8 and 9."""
    keyids = [signature.keyid for signature in envelope.signatures]
    registered = {keyid: desk.registered_key(keyid) for keyid in keyids}
    is_first = kind == "enrolment" or (kind == "trust-card" and not desk.knows_a_trust())
    claimed = _claimed_keys(kind, envelope) if is_first else {}
    keys = {keyid: key or claimed.get(keyid) for keyid, key in registered.items()}
    if is_first:
        # An enrolment may rename or re-role a known key: what it claims is what is checked.
        keys = {keyid: claimed.get(keyid) for keyid in keyids}
    known = {keyid: key for keyid, key in keys.items() if key is not None}
    if len(known) < len(keyids):
        raise PackageError("unknown-signer")
    if any(key is not None and key.is_revoked for key in registered.values()):
        raise PackageError("revoked-signer")
    return known


def _claimed_keys(kind: str, envelope: Envelope) -> dict[KeyId, RegisteredKey]:
    """Read the keys that a self-signed payload brings."""
    try:
        untrusted = parse_strict_json(envelope.payload)
        body, urn = untrusted["body"], untrusted["issuer"]["urn"]
        if kind == "enrolment":
            return dict(_claimed_key(p, p["public_key"], urn) for p in body["people"])
        return dict(_claimed_key(s, body["signing_key"], urn) for s in untrusted["signers"])
    except (StrictJsonError, WeakKeyError, ValueError, KeyError, TypeError) as fault:
        raise PackageError("malformed") from fault


def _claimed_key(
    untrusted_person: Any, untrusted_key: Any, untrusted_urn: Any
) -> tuple[KeyId, RegisteredKey]:
    public = strict_base64(untrusted_key)
    refuse_weak_signing_key(public)
    person, role = str(untrusted_person["person"]), str(untrusted_person["role"])
    return signing_keyid(public), RegisteredKey(public, person, role, untrusted_urn)


def _refuse_false_signatures(envelope: Envelope, keys: Mapping[KeyId, RegisteredKey]) -> None:
    message = envelope.signed_bytes()
    for signature in envelope.signatures:
        public = keys[signature.keyid].public_key
        try:
            refuse_weak_signing_key(public)
            Ed25519PublicKey.from_public_bytes(public).verify(signature.value, message)
        except (InvalidSignature, WeakKeyError, ValueError) as fault:
            raise PackageError("bad-signature") from fault


def _payload(envelope: Envelope, kind: str) -> Payload:
    if len(envelope.payload) > MOST_PAYLOAD_BYTES:
        raise PackageError("malformed", "payload")
    try:
        payload = Payload.model_validate(parse_strict_json(envelope.payload))
    except ValidationError as fault:
        place = ".".join(str(part) for part in fault.errors()[0]["loc"])
        raise PackageError("malformed", place[:80]) from fault
    except StrictJsonError as fault:
        raise PackageError("malformed") from fault
    if payload.kind != kind:
        raise PackageError("malformed", "kind")
    return payload


def _refuse_other_audience(payload: Payload, signed: set[KeyId], desk: Desk) -> bool:
    """Check 12; say whether the package is here to be signed, not to be received."""
    if payload.audience is None or payload.audience == desk.sealing_key.keyid:
        return False
    waiting = {KeyId(signer.keyid) for signer in payload.signers} - signed
    if waiting & desk.own_keyids:
        return True
    raise PackageError("for-another")


def _refuse_other_signers(
    payload: Payload, signed: set[KeyId], keys: Mapping[KeyId, RegisteredKey]
) -> None:
    listed = {KeyId(signer.keyid): signer for signer in payload.signers}
    if payload.has_a_person_twice() or not signed <= set(listed):
        raise PackageError("signer-mismatch")
    for keyid in signed:
        key, signer = keys[keyid], listed[keyid]
        registered = (key.person, key.role, key.urn)
        if registered != (signer.person, signer.role, payload.issuer.urn):
            raise PackageError("signer-mismatch")


def _refuse_missing_signatures(payload: Payload, signed: set[KeyId], desk: Desk) -> None:
    if not {KeyId(signer.keyid) for signer in payload.signers} <= signed:
        raise PackageError("missing-signature")
    roles = {signer.role for signer in payload.signers}
    for one_of in desk.required_signers.get(payload.kind, ()):
        if roles.isdisjoint(one_of):
            raise PackageError("missing-signature", " or ".join(one_of))


def _refuse_future(payload: Payload, desk: Desk) -> None:
    issued = datetime.strptime(payload.issued_at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if issued - desk.moment_now() > _CLOCK_LEEWAY:
        raise PackageError("issued-in-future")


def _refuse_damaged_documents(payload: Payload) -> None:
    for document in payload.documents:
        content = document.content
        if len(content) != document.size or sha256(content).hexdigest() != document.sha256:
            raise PackageError("document-damaged", document.name)


def _body(payload: Payload, desk: Desk) -> Body:
    body = read_body(payload.kind, payload.body)
    listed = {signer.keyid for signer in payload.signers}
    if isinstance(body, Enrolment):
        people = {(p.keyid, p.person, p.role) for p in body.people}
        if people != {(s.keyid, s.person, s.role) for s in payload.signers}:
            raise PackageError("missing-signature")
        if body.urn != payload.issuer.urn:
            raise PackageError("invalid-answers", "urn")
    if isinstance(body, TrustCard) and listed != {signing_keyid(strict_base64(body.signing_key))}:
        raise PackageError("invalid-answers", "signing_key")
    desk.refuse_answers(body)
    return body


def _refuse_signed_over(payload: Payload, held: Held | None) -> None:
    """Check 19 where a package is only signed: the revisions between were signed elsewhere."""
    if held is not None and payload.revision <= held.revision:
        raise PackageError("out-of-sequence")


def _refuse_out_of_sequence(payload: Payload, body: Body, held: Held | None) -> None:
    if isinstance(body, TrustCard):
        if held is not None and body.version <= held.revision:
            raise PackageError("out-of-sequence")
        return
    expected = (1, None) if held is None else (held.revision + 1, held.payload_sha256)
    if (payload.revision, payload.supersedes) != expected:
        raise PackageError("out-of-sequence")
