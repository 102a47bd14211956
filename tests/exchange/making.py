"""A maker of packages written from the package format alone, and a desk that checks them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from odbst_desktop.exchange.bodies import Body
from odbst_desktop.exchange.checking import Held, RegisteredKey
from odbst_desktop.exchange.errors import PackageError
from odbst_desktop.exchange.keys import KeyId, SealingKey

SUITE = "MLKEM768-X25519,HKDF-SHA256,AES-256-GCM"
URN = 123456


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass
class Person:
    person: str
    role: str
    urn: int | None
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def keyid(self) -> str:
        return hashlib.sha256(self.public).hexdigest()

    def listed(self) -> dict[str, Any]:
        return {"keyid": self.keyid, "person": self.person, "role": self.role}

    def enrolled(self) -> dict[str, Any]:
        return {**self.listed(), "public_key": b64(self.public)}


@dataclass
class TestDesk:
    """The checking side, with a register held in memory."""

    __test__ = False
    sealing_key: SealingKey = field(default_factory=SealingKey.generate)
    own_keyids: frozenset[KeyId] = frozenset()
    is_demonstration: bool = False
    required_signers: Mapping[str, Sequence[Sequence[str]]] = field(
        default_factory=lambda: {"termly-return": [["dsl"], ["headteacher", "governor"]]}
    )
    register: dict[str, RegisteredKey] = field(default_factory=dict)
    received: set[str] = field(default_factory=set)
    held: dict[str, Held] = field(default_factory=dict)
    trusts: bool = True
    unfinished: set[str] = field(default_factory=set)

    def moment_now(self) -> datetime:
        return datetime(2026, 11, 24, 12, tzinfo=UTC)

    def registered_key(self, keyid: KeyId) -> RegisteredKey | None:
        return self.register.get(keyid)

    def knows_a_trust(self) -> bool:
        return self.trusts

    def refuse_answers(self, body: Body) -> None:
        form = getattr(body, "form", None)
        if form is not None and form.id != "termly_return":
            raise PackageError("unknown-form")

    def was_received(self, payload_sha256: str) -> bool:
        return payload_sha256 in self.received

    def newest_held(self, series: str) -> Held | None:
        return self.held.get(series)

    def is_own_unfinished(self, payload_sha256: str) -> bool:
        return payload_sha256 in self.unfinished

    def add(self, person: Person, *, is_revoked: bool = False) -> None:
        self.register[person.keyid] = RegisteredKey(
            person.public, person.person, person.role, person.urn, is_revoked
        )


@dataclass
class Maker:
    """Two people of one school who write to the trust."""

    desk: TestDesk
    dsl: Person
    head: Person
    esl: Person

    def body(self, **changes: Any) -> dict[str, Any]:
        return {
            "academic_year": "2026-27",
            "term": "autumn",
            "form": {"id": "termly_return", "version": "2026.1", "sha256": "0" * 64},
            "answers": {"pupils_on_roll": 210},
            "provenance": {"pupils_on_roll": "typed"},
            "explanations": [],
            "audit": {"sequence": 5, "hash": "1" * 64},
        } | changes

    def payload(self, **changes: Any) -> dict[str, Any]:
        return {
            "format": "odbst/1",
            "kind": "termly-return",
            "id": "7f1d3c3e-4b7a-4c5d-9e2f-0a1b2c3d4e5f",
            "issued_at": "2026-11-24T09:00:00Z",
            "audience": hashlib.sha256(self.desk.sealing_key.public).hexdigest(),
            "issuer": {"type": "school", "urn": URN, "name": "Oakfield"},
            "signers": [self.dsl.listed(), self.head.listed()],
            "revision": 1,
            "supersedes": None,
            "body": self.body(),
            "documents": [],
        } | changes

    def enrolment(self, **changes: Any) -> dict[str, Any]:
        body = {
            "profile": "school",
            "urn": URN,
            "people": [self.dsl.enrolled(), self.head.enrolled()],
            "sealing_key": b64(SealingKey.generate().public),
        }
        return self.payload(kind="enrolment", body=body | changes)

    def card(self, version: int = 1, **changes: Any) -> dict[str, Any]:
        body = {
            "trust": "ODBST",
            "version": version,
            "expires": "2027-08-31",
            "signing_key": b64(self.esl.public),
            "sealing_key": b64(self.desk.sealing_key.public),
            "schools": [],
            "people": [],
            "sealing_keys": [],
            "required_signers": {},
            "calendar": {},
            "due_dates": {},
        }
        return self.payload(
            kind="trust-card",
            audience=None,
            body=body | changes,
            signers=[self.esl.listed()],
            issuer={"type": "trust", "urn": None, "name": "ODBST"},
        )

    def document(self, **changes: Any) -> dict[str, Any]:
        data = b"%PDF-1.4 invented"
        return {
            "name": "return.pdf",
            "media_type": "application/pdf",
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "data": b64(data),
        } | changes

    def envelope(
        self,
        payload: dict[str, Any] | bytes,
        *signers: Person,
        kind: str | None = None,
        version: str = "1",
    ) -> dict[str, Any]:
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        if kind is None:
            kind = "termly-return" if isinstance(payload, bytes) else str(payload["kind"])
        name = f"application/vnd.odbst.{kind}+json;version={version}"
        message = b"DSSEv1 %d %b %d %b" % (len(name), name.encode(), len(data), data)
        return {
            "payloadType": name,
            "payload": b64(data),
            "signatures": [{"keyid": p.keyid, "sig": b64(p.key.sign(message))} for p in signers],
        }

    def opened(self, payload: dict[str, Any] | bytes, *signers: Person, **options: Any) -> bytes:
        signers = signers or (self.dsl, self.head)
        return json.dumps(self.envelope(payload, *signers, **options)).encode()

    def sealed(
        self,
        data: bytes,
        *,
        to: SealingKey | None = None,
        recipient: str | None = None,
        suite: str = SUITE,
    ) -> bytes:
        key = to or self.desk.sealing_key
        header = json.dumps(
            {"recipient": recipient or hashlib.sha256(key.public).hexdigest(), "suite": suite}
        ).encode()
        before = b"ODBSTSEAL1\n" + len(header).to_bytes(4) + header
        hpke = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
        return before + hpke.encrypt(data, key.opener().public_key(), info=before)

    def whole(self, *signers: Person, **changes: Any) -> bytes:
        return self.sealed(self.opened(self.payload(**changes), *signers))


def make_maker() -> Maker:
    """Return two people of a school and the trust's, all three known to the desk."""
    desk = TestDesk()
    made = Maker(
        desk,
        Person("Ruth Ellery", "dsl", URN),
        Person("Peter Marsh", "headteacher", URN),
        Person("Helen Ashby", "esl", None),
    )
    for person in (made.dsl, made.head, made.esl):
        desk.add(person)
    return made
