"""A return on its way between laptops: to the second signer, from there to the trust, and back.

The payload never changes on the way; only signatures are added. What is kept to be signed here is
no return of this vault: it lies among the packages, under a series of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlmodel import Session, select

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.exchange.bodies import TermlyReturn
from odbst_desktop.exchange.checking import DEMONSTRATION, CheckedPackage
from odbst_desktop.exchange.envelope import Envelope, parse_envelope
from odbst_desktop.exchange.keys import signing_keyid
from odbst_desktop.exchange.payload import Payload
from odbst_desktop.exchange.recipients import vault_of_signer
from odbst_desktop.exchange.records import PackageRow
from odbst_desktop.exchange.register import SealTo, packages, seal_to_trust, store_package
from odbst_desktop.exchange.sealing import seal
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.returns.drafting import ReturnId, read_return, return_form_of
from odbst_desktop.returns.records import ReturnRow
from odbst_desktop.returns.set_aside import read_payload, return_body
from odbst_desktop.returns.signing import awaited_signer
from odbst_desktop.school.people import signing_roles
from odbst_desktop.vault.vault import User, Vault


@dataclass(frozen=True, slots=True)
class ToCountersign:
    """A return of some school that came here to be signed, or was signed here.

    ``pdf`` is the paper inside: evidence, shown beside the summary of the answers to ``form``.
    """

    payload_sha256: str
    school: str
    year: str
    term: str
    revision: int
    answers: Mapping[str, Any]
    explanations: tuple[tuple[str, str], ...]
    signed_by: tuple[str, ...]
    signer: str
    received_at: str
    is_signed: bool
    pdf: bytes | None
    form: Form

    @property
    def title(self) -> str:
        """Return e.g. “Oakfield: autumn term 2026-27”."""
        later = f", revision {self.revision}" if self.revision > 1 else ""
        return f"{self.school}: {self.term} term {self.year}{later}"

    @property
    def state_words(self) -> str:
        """Return the state as it is shown."""
        return "✓ Signed here" if self.is_signed else "◔ Waits for your signature"


def sealed_for_signer(vault: Vault, made: ReturnId) -> bytes:
    """Return the half-signed return, sealed to the vault of who signs second.

    Raises:
        StateError: the DSL has not signed, or the second signs on this computer.

    """
    found = read_return(vault, made)
    second = awaited_signer(vault, found)
    if second.vault is None or found.envelope is None:
        raise StateError(
            f"{second.name} has no vault elsewhere on the trust card, so no file can be sealed to "
            "them. Let them sign on this computer, or ask them to enrol and import the newest card."
        )
    with vault.changing("return sealed for its second signer", f"return/{made}") as session:
        row = session.get_one(ReturnRow, made)
        row.exported_at = vault.now()
        session.add(row)
    return seal(found.envelope, second.vault.public_key)


def unfinished_payloads(session: Session) -> frozenset[str]:
    """Return the payloads on which this vault waits for signatures to come back."""
    rows = session.exec(select(ReturnRow).where(ReturnRow.state == "half_signed")).all()
    return frozenset(
        sha256(parse_envelope(row.envelope).payload).hexdigest() for row in rows if row.envelope
    )


def take_signatures(session: Session, checked: CheckedPackage, at: str) -> None:
    """Keep the signatures that came back on a return of this vault: it is countersigned now.

    It counts as exported: who signs second sends the file to the trust.
    """
    for row in session.exec(select(ReturnRow).where(ReturnRow.state == "half_signed")):
        held = parse_envelope(row.envelope or b"")
        if sha256(held.payload).hexdigest() == checked.payload_sha256:
            row.envelope, row.state = checked.envelope.to_bytes(), "sent"
            row.exported_at = row.exported_at or at
            session.add(row)
            store_package(
                session, checked.payload, checked.envelope, digest=checked.payload_sha256,
                series=f"sent termly-return {row.year} {row.term}", revision=row.revision,
                direction="sent", verdict="accepted", at=row.exported_at,
            )  # fmt: skip


def note_answered(session: Session, payload_sha256: str) -> None:
    """Note that the trust answered a return: one signed elsewhere has then reached it."""
    for row in session.exec(select(ReturnRow).where(ReturnRow.state == "half_signed")):
        held = parse_envelope(row.envelope or b"")
        if sha256(held.payload).hexdigest() == payload_sha256:
            row.state = "sent"
            session.add(row)


def keep_to_sign(session: Session, checked: CheckedPackage, at: str) -> None:
    """Keep a return that waits for a signature of somebody here."""
    store_package(
        session, checked.payload, checked.envelope, digest=checked.payload_sha256,
        series=checked.series, revision=checked.payload.revision, direction="received",
        verdict="pending", at=at,
    )  # fmt: skip


def to_countersign(vault: Vault) -> tuple[ToCountersign, ...]:
    """Return what came here to be signed, what waits first, then the newest."""
    users = frozenset(signing_keyid(user.public_key) for user in vault.users())
    with vault.reading() as session:
        held = [p for p in packages(session, "termly-return") if p.series.startswith("to sign ")]
        found = [_waiting(session, p.payload(), p.envelope, p.at, users) for p in held]
    return tuple(sorted(found, key=lambda each: each.is_signed))


def returns_waiting(session: Session) -> int:
    """Return how many returns wait for a signature of somebody here."""
    rows = select(PackageRow).where(PackageRow.kind == "termly-return")
    waits = rows.where(PackageRow.verdict == "pending")
    return sum(row.series.startswith("to sign ") for row in session.exec(waits))


def add_signature(vault: Vault, payload_sha256: str, passphrase: str) -> None:
    """Sign a return that came here, as the person it names.

    Raises:
        InputError: there is no such return here, or it names nobody here.
        StateError: it was signed here already.
        WrongPassphraseError: it is not that person's passphrase.

    """
    envelope = _held(vault, payload_sha256)
    user = _awaited_here(vault, envelope)
    signed = envelope.signed_with(vault.signing_key(user.id, passphrase))
    with vault.changing("return of another vault signed", f"package/{payload_sha256[:16]}") as s:
        row = s.get_one(PackageRow, payload_sha256)
        row.content, row.verdict, row.at = signed.to_bytes(), "accepted", vault.now()
        s.add(row)


def decline(vault: Vault, payload_sha256: str) -> None:
    """Put away a return that is not signed here; its file can be imported again.

    Raises:
        StateError: it was signed.

    """
    with vault.changing("return of another vault put away", f"package/{payload_sha256[:16]}") as s:
        row = _row(s, payload_sha256)
        if row.verdict != "pending":
            raise StateError("A return that was signed here is kept. Nothing was changed.")
        s.delete(row)


def countersigned_for_trust(vault: Vault, payload_sha256: str) -> bytes:
    """Return a return that was signed here, sealed to the trust.

    Raises:
        StateError: a signature is missing, or it was made for another key of the trust.

    """
    envelope = _whole(vault, payload_sha256)
    with vault.reading() as session:
        trust = seal_to_trust(session)
    if read_payload(envelope).audience != trust.keyid:
        raise StateError(
            "The trust has another key since this return was signed. Ask the DSL to import the "
            "newest trust card, sign again and send you the new file."
        )
    return seal(envelope.to_bytes(), trust.public_key)


def countersigned_for_school(vault: Vault, payload_sha256: str) -> bytes:
    """Return a return that was signed here, sealed back to the DSL who signed first.

    Raises:
        StateError: a signature is missing, or the DSL's vault is not on the trust card.

    """
    envelope = _whole(vault, payload_sha256)
    signers = read_payload(envelope).signers
    with vault.reading() as session:
        vaults = [vault_of_signer(session, signer.keyid) for signer in signers]
        back: SealTo | None = next((found for found in vaults if found is not None), None)
    if back is None:
        raise StateError(
            "The school’s vault is not on your trust card, so nothing can be sealed back to it. "
            "The file for the trust is enough; the DSL learns of it by the receipt."
        )
    return seal(envelope.to_bytes(), back.public_key)


def _waiting(
    session: Session, payload: Payload, envelope: Envelope, at: str, users: Set[str]
) -> ToCountersign:
    body: TermlyReturn = return_body(payload)
    signed = {signature.keyid for signature in envelope.signatures}
    pdf = next((d.content for d in payload.documents if d.media_type == "application/pdf"), None)
    return ToCountersign(
        sha256(envelope.payload).hexdigest(), _school(payload), body.academic_year, body.term,
        payload.revision, body.answers, tuple((e.rule, e.text) for e in body.explanations),
        signer_words(envelope),
        next((s.person for s in payload.signers if s.keyid in users), ""), at,
        len(signed) == len(payload.signers), pdf, return_form_of(session, body.form.sha256),
    )  # fmt: skip


def _school(payload: Payload) -> str:
    return payload.issuer.name.removeprefix(DEMONSTRATION).strip()


def signer_words(envelope: Envelope) -> tuple[str, ...]:
    """Return who has signed a return, each with the role."""
    signed, roles = {signature.keyid for signature in envelope.signatures}, signing_roles()
    listed = read_payload(envelope).signers
    return tuple(f"{s.person}, {roles[s.role].lower()}" for s in listed if s.keyid in signed)


def _awaited_here(vault: Vault, envelope: Envelope) -> User:
    signed = {signature.keyid for signature in envelope.signatures}
    waiting = {s.keyid for s in read_payload(envelope).signers} - signed
    for user in vault.users():
        if signing_keyid(user.public_key) in waiting:
            return user
    if not waiting:
        raise StateError("Everybody has signed this return already. Nothing was changed.")
    raise InputError("This return waits for the signature of somebody who is not here.")


def _whole(vault: Vault, payload_sha256: str) -> Envelope:
    envelope = _held(vault, payload_sha256)
    if len(envelope.signatures) < len(read_payload(envelope).signers):
        raise StateError("This return is not signed by everybody yet. Sign it first.")
    return envelope


def _held(vault: Vault, payload_sha256: str) -> Envelope:
    with vault.reading() as session:
        return parse_envelope(_row(session, payload_sha256).content)


def _row(session: Session, payload_sha256: str) -> PackageRow:
    row = session.get(PackageRow, payload_sha256)
    if row is None or not row.series.startswith("to sign "):
        raise InputError("There is no such return to be signed here. Choose one from the list.")
    return row
