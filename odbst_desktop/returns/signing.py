"""Sign a return: first the DSL, then the headteacher or governor; then seal it to the trust."""

from __future__ import annotations

from hashlib import sha256

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.exchange.envelope import Envelope, parse_envelope
from odbst_desktop.exchange.keys import signing_keyid
from odbst_desktop.exchange.payload import Payload, Signer
from odbst_desktop.exchange.register import seal_to_trust, store_package
from odbst_desktop.exchange.sealing import seal
from odbst_desktop.exchange.strict_json import parse_strict_json
from odbst_desktop.exchange.writing import Attachment, issuer_of, new_envelope
from odbst_desktop.form_engine.answers import cleaned
from odbst_desktop.returns.drafting import (
    Return,
    ReturnId,
    read_return,
    refuse_unready,
    return_form_in_use,
)
from odbst_desktop.returns.paper import return_paper
from odbst_desktop.returns.records import ReturnRow
from odbst_desktop.school.owner import read_owner
from odbst_desktop.vault.vault import User, UserId, Vault

COUNTERSIGNING_ROLES = ("headteacher", "governor")


def countersigners(vault: Vault) -> tuple[User, ...]:
    """Return who may countersign a return on this vault."""
    return tuple(user for user in vault.users() if user.role in COUNTERSIGNING_ROLES)


def sign_return(vault: Vault, made: ReturnId, passphrase: str, countersigner: UserId) -> None:
    """Sign as the DSL who opened the vault; from now on the return cannot be changed.

    Raises:
        InputError: something is to be mended or explained, or the signers will not do.
        StateError: it is signed already, or the trust is not known yet.
        WrongPassphraseError: it is not the DSL's passphrase.

    """
    found = read_return(vault, made)
    if found.state != "draft":
        raise StateError("This return is signed already. Nothing was changed.")
    if vault.user.role != "dsl":
        raise InputError("The DSL signs first. Open the vault as the DSL.")
    second = next((user for user in countersigners(vault) if user.id == countersigner), None)
    if second is None:
        raise InputError(
            "Choose the headteacher or safeguarding governor who countersigns. Each needs a "
            "passphrase of their own on this vault."
        )
    refuse_unready(vault, made)
    key = vault.signing_key(vault.user.id, passphrase)
    envelope = _package(vault, found, (vault.user, second)).signed_with(key)
    with vault.changing("return signed by the DSL", f"return/{made}") as session:
        row = session.get_one(ReturnRow, made)
        row.state, row.envelope = "half_signed", envelope.to_bytes()
        session.add(row)


def countersign_return(vault: Vault, made: ReturnId, passphrase: str) -> None:
    """Add the second signature; the countersigner types their own passphrase.

    Raises:
        StateError: the DSL has not signed yet, or both have.
        WrongPassphraseError: it is not the countersigner's passphrase.

    """
    found = read_return(vault, made)
    if found.state != "half_signed" or found.envelope is None:
        raise StateError("The DSL signs first, then the headteacher or governor, once each.")
    envelope = parse_envelope(found.envelope)
    second = awaited_signer(vault, found)
    signed = envelope.signed_with(vault.signing_key(second.id, passphrase))
    with vault.changing("return countersigned", f"return/{made}") as session:
        row = session.get_one(ReturnRow, made)
        row.state, row.envelope = "signed", signed.to_bytes()
        session.add(row)


def awaited_signer(vault: Vault, found: Return) -> User:
    """Return who has still to sign a return that the DSL signed.

    Raises:
        StateError: nobody has.

    """
    if found.state != "half_signed" or found.envelope is None:
        raise StateError("The DSL signs first, then the headteacher or governor, once each.")
    envelope = parse_envelope(found.envelope)
    waiting = {s.keyid for s in _payload(envelope).signers} - {s.keyid for s in envelope.signatures}
    return next(user for user in vault.users() if signing_keyid(user.public_key) in waiting)


def take_back(vault: Vault, made: ReturnId) -> None:
    """Remove the signatures of a return that was not sent, so that it can be mended.

    Raises:
        StateError: it was sent.

    """
    with vault.changing("return signatures removed", f"return/{made}") as session:
        row = session.get_one(ReturnRow, made)
        if row.state not in {"half_signed", "signed"}:
            raise StateError("Only a signed return that was not sent can be taken back.")
        row.state, row.envelope = "draft", None
        session.add(row)


def sealed_return(vault: Vault, made: ReturnId) -> bytes:
    """Return the file for the trust.

    Raises:
        StateError: a signature is missing, or the trust is not known.

    """
    found = read_return(vault, made)
    if found.state not in {"signed", "sent"} or found.envelope is None:
        raise StateError(
            "The return needs both signatures before it can be exported: first the DSL’s, then "
            "the headteacher’s or governor’s."
        )
    envelope = parse_envelope(found.envelope)
    with vault.changing("return exported", f"return/{made}") as session:
        data = seal(envelope.to_bytes(), seal_to_trust(session).public_key)
        row = session.get_one(ReturnRow, made)
        row.state = "sent"
        session.add(row)
        store_package(
            session, _payload(envelope), envelope, digest=sha256(envelope.payload).hexdigest(),
            series=f"sent termly-return {found.year} {found.term}", revision=found.revision,
            direction="sent", verdict="accepted", at=vault.now(),
        )  # fmt: skip
    return data


def _package(vault: Vault, found: Return, users: tuple[User, ...]) -> Envelope:
    with vault.reading() as session:
        owner, trust = read_owner(session), seal_to_trust(session)
        form = return_form_in_use(session)
    head = vault.audit_head()
    signers = tuple((user.role, user.name) for user in users)
    paper = return_paper(found, form, owner, signers, vault.today()).pdf()
    answers = cleaned(form, found.answers)
    return new_envelope(
        "termly-return",
        issued_at=vault.now(),
        audience=trust.keyid,
        issuer=issuer_of(owner.urn, owner.name, is_demonstration=owner.is_demonstration),
        signers=[
            Signer.model_validate(
                {"keyid": signing_keyid(u.public_key), "person": u.name, "role": u.role}
            )
            for u in users
        ],
        body={
            "academic_year": found.year,
            "term": found.term,
            "form": {"id": form.form_id, "version": form.version, "sha256": form.sha256},
            "answers": answers,
            "provenance": {n: how for n, how in found.provenance.items() if n in answers},
            "explanations": [
                {"rule": rule, "text": text} for rule, text in found.explanations.items()
            ],
            "audit": {"sequence": head.sequence, "hash": head.hash},
        },
        attachments=[Attachment("termly-return.pdf", "application/pdf", paper)],
        revision=found.revision,
        supersedes=found.supersedes,
    )


def _payload(envelope: Envelope) -> Payload:
    return Payload.model_validate(parse_strict_json(envelope.payload))


def payload_hash(found: Return) -> str:
    """Return the payload's hash of a signed return, for its receipt."""
    if found.envelope is None:
        return ""
    return sha256(parse_envelope(found.envelope).payload).hexdigest()
