"""The register of keys and packages that a vault keeps."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.exchange.bodies import Body, Enrolment, TrustCard, read_body
from odbst_desktop.exchange.checking import CheckedPackage, Held, RegisteredKey
from odbst_desktop.exchange.envelope import Envelope, parse_envelope, strict_base64
from odbst_desktop.exchange.keys import (
    KeyId,
    fingerprint,
    sealing_keyid,
    signing_keyid,
)
from odbst_desktop.exchange.payload import Payload
from odbst_desktop.exchange.records import PackageRow, SealingKeyRow, SigningKeyRow
from odbst_desktop.exchange.strict_json import parse_strict_json
from odbst_desktop.shipped import shipped_yaml

Direction = Literal["sent", "received"]

SCHOOL_VAULT = "school"
"""The owner of the vault a school's DSL works in; other vaults are owned by a person."""


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A signing key as this vault has it; ``status`` is pending, active or revoked."""

    keyid: KeyId
    public_key: bytes
    person: str
    role: str
    urn: int | None
    status: str
    since: str

    @property
    def fingerprint(self) -> str:
        """Return what is read over the telephone."""
        return fingerprint(self.public_key, self.role, self.urn, self.person)


@dataclass(frozen=True, slots=True)
class SealTo:
    """A vault that packages may be sealed to; ``urn`` is None for the trust's."""

    keyid: KeyId
    public_key: bytes
    urn: int | None
    owner: str

    @property
    def text(self) -> str:
        """Return the key as the trust card writes it."""
        return base64.b64encode(self.public_key).decode()


@dataclass(frozen=True, slots=True)
class StoredPackage:
    """A package sent or received; ``at`` is when, RFC 3339 UTC."""

    payload_sha256: str
    kind: str
    urn: int | None
    issuer: str
    series: str
    revision: int
    direction: str
    verdict: str
    at: str
    content: bytes = field(repr=False)

    @property
    def envelope(self) -> Envelope:
        """Return the package as it was signed; it is parsed only where it is looked at."""
        return parse_envelope(self.content)

    def payload(self) -> Payload:
        """Return what the package says."""
        return Payload.model_validate(parse_strict_json(self.envelope.payload))

    def body(self) -> Body:
        """Return its body in its shape."""
        return read_body(self.kind, self.payload().body)


def known_keys(session: Session) -> tuple[KnownKey, ...]:
    """Return every signing key by person."""
    rows = session.exec(select(SigningKeyRow).order_by(col(SigningKeyRow.person))).all()
    return tuple(
        KnownKey(
            KeyId(r.keyid), bytes.fromhex(r.public_key), r.person, r.role, r.urn, r.status, r.since
        )
        for r in rows
    )  # fmt: skip


def registered(session: Session) -> dict[KeyId, RegisteredKey]:
    """Return the keys that count: active ones, and revoked ones as such."""
    return {
        key.keyid: RegisteredKey(
            key.public_key, key.person, key.role, key.urn, key.status == "revoked"
        )
        for key in known_keys(session)
        if key.status != "pending"
    }


def sealing_keys(session: Session) -> tuple[SealTo, ...]:
    """Return the vaults that packages may be sealed to."""
    rows = session.exec(select(SealingKeyRow).where(SealingKeyRow.status == "active")).all()
    keys = ((strict_base64(row.public_key), row) for row in rows)
    return tuple(SealTo(sealing_keyid(public), public, r.urn, r.owner) for public, r in keys)


def seal_to_trust(session: Session) -> SealTo:
    """Return the trust's vault; raises StateError while no trust card is confirmed."""
    for key in sealing_keys(session):
        if key.urn is None:
            return key
    raise StateError(
        "The trust is not known here yet. Import the trust card that the Executive Safeguarding "
        "Lead sent you, confirm its fingerprint by telephone, then try again."
    )


def seal_to_school(session: Session, urn: int) -> SealTo:
    """Return a school's vault, else the DSL's; raises StateError if none is on the register."""
    leads = {k.person for k in known_keys(session) if (k.urn, k.role) == (urn, "dsl")}
    known = [key for key in sealing_keys(session) if key.urn == urn]
    for key in sorted(known, key=lambda key: key.owner != SCHOOL_VAULT):
        if key.owner == SCHOOL_VAULT or key.owner in leads:
            return key
    raise StateError(
        f"The school’s vault of {urn} is not on the register yet. It has to enrol with the trust; "
        "then import the newest trust card."
    )


def add_pending(session: Session, checked: CheckedPackage, at: str, *, owner: str) -> None:
    """Keep the keys of an enrolment or first trust card until their fingerprints are confirmed.

    ``owner`` is under which name the vault goes on the register.
    """
    body, digest, urn = checked.body, checked.payload_sha256, checked.payload.issuer.urn
    if isinstance(body, Enrolment):
        for person in body.people:
            public = strict_base64(person.public_key)
            _write_key(session, public, person.person, person.role, urn, "pending", at, digest)
        public = strict_base64(body.sealing_key)
    elif isinstance(body, TrustCard):
        signer = checked.payload.signers[0]
        public = strict_base64(body.signing_key)
        _write_key(session, public, signer.person, signer.role, None, "pending", at, digest)
        public = strict_base64(body.sealing_key)
    else:
        return
    row = _sealing_row(session, public, urn, owner, "pending", digest)
    known = session.get(SealingKeyRow, row.keyid)
    # Nobody proves to hold a sealing key: an enrolment that names one in use leaves it as it is.
    if known is None or known.status != "active":
        session.merge(row)


def approve_key(session: Session, keyid: str, typed_fingerprint: str) -> str:
    """Make a pending key count, once its fingerprint was heard and typed.

    Returns the hash of the package that brought it.

    Raises:
        InputError: no such pending key, or the fingerprint differs; nothing was changed.

    """
    row = session.get(SigningKeyRow, keyid)
    if row is None or row.status != "pending":
        raise InputError("No key of that id waits to be confirmed. Look at the list of keys again.")
    known = fingerprint(bytes.fromhex(row.public_key), row.role, row.urn, row.person)
    if "".join(typed_fingerprint.split()) != "".join(known.split()):
        raise InputError(
            "The fingerprint is not the one of this key, so it was not confirmed. Ask the person "
            "to read it to you again; if it still differs, do not use the key."
        )
    row.status = "active"
    session.add(row)
    session.flush()
    others = session.exec(select(SigningKeyRow).where(SigningKeyRow.package == row.package)).all()
    if all(other.status == "active" for other in others):
        for sealing in session.exec(
            select(SealingKeyRow).where(SealingKeyRow.package == row.package)
        ):
            sealing.status = "active"
            session.add(sealing)
        package = session.get(PackageRow, row.package)
        if package is not None:
            package.verdict = "accepted"
            session.add(package)
    return row.package or ""


def older_keys(session: Session, keyid: str) -> tuple[KnownKey, ...]:
    """Return the other keys that count of the same person in the same role and school."""
    keys = {key.keyid: key for key in known_keys(session)}
    new = keys[KeyId(keyid)]
    return tuple(
        key for key in keys.values()
        if key.keyid != keyid and key.status == "active"
        and (key.person, key.role, key.urn) == (new.person, new.role, new.urn)
    )  # fmt: skip


def refuse_key(session: Session, keyid: str) -> None:
    """Take away everything that waits with a pending key: nobody vouches for its enrolment.

    Raises:
        InputError: no such key waits; nothing was changed.

    """
    row = session.get(SigningKeyRow, keyid)
    if row is None or row.status != "pending":
        raise InputError("No key of that id waits to be confirmed, so none was taken away.")
    for table in (SigningKeyRow, SealingKeyRow):
        waiting = select(table).where(table.package == row.package, table.status == "pending")
        for each in session.exec(waiting):
            session.delete(each)
    package = session.get(PackageRow, row.package)
    if package is not None:
        package.verdict = "rejected"
        session.add(package)


def revoke_key(session: Session, keyid: str, at: str) -> None:
    """Revoke a key: nothing newly received counts under it, whatever its date.

    Raises:
        InputError: there is no such key.

    """
    row = session.get(SigningKeyRow, keyid)
    if row is None:
        raise InputError("There is no key of that id on the register.")
    row.status, row.since = "revoked", at
    session.add(row)
    session.flush()
    together = select(SigningKeyRow).where(SigningKeyRow.package == row.package)
    if row.package and all(key.status == "revoked" for key in session.exec(together)):
        # Nobody signs in that vault any more (a lost laptop): nothing is sealed to it.
        vaults = select(SealingKeyRow).where(SealingKeyRow.package == row.package)
        for sealing in session.exec(vaults):
            sealing.status = "revoked"
            session.add(sealing)


def apply_card(session: Session, card: TrustCard, esl_person: str) -> None:
    """Let a confirmed trust card's register stand in place of the one before it."""
    for row in session.exec(select(SigningKeyRow)):
        session.delete(row)
    for sealing in session.exec(select(SealingKeyRow)):
        session.delete(sealing)
    session.flush()
    public = strict_base64(card.signing_key)
    _write_key(session, public, esl_person, "esl", None, "active", "", None)
    for person in card.people:
        key = strict_base64(person.public_key)
        _write_key(
            session, key, person.person, person.role, person.urn, person.status, person.since, None
        )
    trust = strict_base64(card.sealing_key)
    session.merge(_sealing_row(session, trust, None, "trust", "active", None))
    for known in card.sealing_keys:
        public = strict_base64(known.public_key)
        session.merge(_sealing_row(session, public, known.urn, known.owner, "active", None))
        session.flush()


def store_package(
    session: Session, payload: Payload, envelope: Envelope, *, digest: str, series: str,
    revision: int, direction: Direction, verdict: str, at: str,
) -> None:  # fmt: skip
    """Keep a package."""
    session.merge(
        PackageRow(
            payload_sha256=digest, kind=payload.kind, urn=payload.issuer.urn,
            issuer=payload.issuer.name, series=series, revision=revision, direction=direction,
            verdict=verdict, at=at, content=envelope.to_bytes(),
        )
    )  # fmt: skip


def packages(session: Session, kind: str | None = None) -> tuple[StoredPackage, ...]:
    """Return the packages of a kind, or all, newest first."""
    query = select(PackageRow).order_by(col(PackageRow.at).desc(), col(PackageRow.revision).desc())
    rows = session.exec(query if kind is None else query.where(PackageRow.kind == kind)).all()
    return tuple(map(_stored, rows))


def find_package(session: Session, payload_sha256: str) -> StoredPackage | None:
    """Return the package of a payload's hash, None if it is not here."""
    row = session.get(PackageRow, payload_sha256)
    return None if row is None else _stored(row)


def newest_of_series(session: Session) -> dict[str, Held]:
    """Return the newest accepted package of each series."""
    rows = session.exec(
        select(PackageRow.series, PackageRow.revision, PackageRow.payload_sha256)
        .where(PackageRow.verdict == "accepted")
        .order_by(col(PackageRow.revision))
    ).all()
    return {series: Held(revision, digest) for series, revision, digest in rows}


def newest_card(session: Session) -> tuple[TrustCard, str] | None:
    """Return the confirmed trust card with who signed it, or None."""
    cards = [p for p in packages(session, "trust-card") if p.verdict == "accepted"]
    bodies = [(p.body(), p.payload().signers[0].person) for p in cards]
    found = [(body, person) for body, person in bodies if isinstance(body, TrustCard)]
    return max(found, key=lambda pair: pair[0].version, default=None)


def required_signers(session: Session) -> Mapping[str, Sequence[Sequence[str]]]:
    """Return who must sign: as the trust card says, or as the program ships."""
    card = newest_card(session)
    default: dict[str, Any] = shipped_yaml("resources/exchange_rules.yaml")["required_signers"]
    return {**default, **(card[0].required_signers if card else {})}


def _stored(row: PackageRow) -> StoredPackage:
    return StoredPackage(
        row.payload_sha256, row.kind, row.urn, row.issuer, row.series, row.revision,
        row.direction, row.verdict, row.at, row.content,
    )  # fmt: skip


def _write_key(
    session: Session, public: bytes, person: str, role: str, urn: int | None, status: str,
    since: str, package: str | None,
) -> None:  # fmt: skip
    row = SigningKeyRow(
        keyid=signing_keyid(public), public_key=public.hex(), person=person, role=role, urn=urn,
        status=status, since=since, package=package,
    )  # fmt: skip
    session.merge(row)
    session.flush()


def _sealing_row(
    session: Session, public: bytes, urn: int | None, owner: str, status: str, package: str | None
) -> SealingKeyRow:
    """Return the row of a vault; a governor's vault has one for each school it is enrolled for."""
    keyid: str = sealing_keyid(public)
    known = session.get(SealingKeyRow, keyid)
    return SealingKeyRow(
        keyid=keyid if known is None or known.urn == urn else f"{keyid}/{urn}",
        public_key=base64.b64encode(public).decode(), urn=urn,
        owner=owner, status=status, package=package,
    )  # fmt: skip
