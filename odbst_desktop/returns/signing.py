"""Sign a return: first the DSL, then the headteacher or governor; then seal it to the trust."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.exchange.envelope import Envelope, parse_envelope
from odbst_desktop.exchange.keys import KeyId
from odbst_desktop.exchange.register import seal_to_trust, store_package
from odbst_desktop.exchange.sealing import seal
from odbst_desktop.exchange.writing import Attachment, issuer_of, new_envelope
from odbst_desktop.form_engine.answers import cleaned
from odbst_desktop.returns.before_signing import refuse_wrong_clock
from odbst_desktop.returns.countersigners import (
    Countersigner,
    countersigners,
    listed,
    signer_of,
)
from odbst_desktop.returns.drafting import (
    Return,
    ReturnId,
    read_return,
    refuse_unready,
    return_form_in_use,
)
from odbst_desktop.returns.next_steps import add_next_steps
from odbst_desktop.returns.paper import return_paper
from odbst_desktop.returns.records import ReturnRow
from odbst_desktop.returns.revisions import changes_of
from odbst_desktop.returns.set_aside import AMENDED, read_payload
from odbst_desktop.school.owner import read_owner
from odbst_desktop.vault.vault import Vault

_IN_TURN = "The DSL signs first, then the headteacher or governor, once each."


@dataclass(frozen=True, slots=True)
class ToSign:
    """What a signature would cover: the paper as it travels, and both who sign.

    ``paper_sha256`` is what ``sign_return`` compares, so that what was looked at is what is signed.
    """

    pdf: bytes
    dsl: str
    second: Countersigner

    @property
    def paper_sha256(self) -> str:
        """Return the hash of the paper."""
        return sha256(self.pdf).hexdigest()


def preview_return(vault: Vault, made: ReturnId, countersigner: str) -> ToSign:
    """Return the very paper that a signature now would cover; it exists in memory only.

    Raises:
        InputError, StateError: as ``sign_return``, for the return cannot be signed.

    """
    found, second = _about_to_sign(vault, made, countersigner)
    return ToSign(_paper(vault, found, second), vault.user.name, second)


def sign_return(
    vault: Vault, made: ReturnId, passphrase: str, countersigner: str, *,
    seen: str | None = None, right_day: date | None = None,
) -> None:  # fmt: skip
    """Sign as the DSL who opened the vault; a later change takes the signatures away.

    ``countersigner`` is the id of one of ``countersigners``. ``seen`` is the hash of the paper that
    was looked at. ``right_day`` says that the clock is right although it seems to be wrong.

    Raises:
        InputError: something is to be mended or explained, the signers will not do, or the clock
            is in doubt.
        StateError: it is signed already, the trust is not known yet, or the paper is no longer
            the one that was looked at.
        WrongPassphraseError: it is not the DSL's passphrase.

    """
    found, second = _about_to_sign(vault, made, countersigner)
    refuse_wrong_clock(vault, found.year, found.term, right_day=right_day)
    paper = _paper(vault, found, second)
    if seen not in {None, sha256(paper).hexdigest()}:
        raise StateError(
            "The paper changed since you looked at it, so it was not signed. Look at it again, "
            "then sign."
        )
    key = vault.signing_key(vault.user.id, passphrase)
    envelope = _package(vault, found, second, paper).signed_with(key)
    with vault.changing("return signed by the DSL", f"return/{made}") as session:
        row = session.get_one(ReturnRow, made)
        row.state, row.envelope, row.set_aside = "half_signed", envelope.to_bytes(), None
        row.exported_at = ""
        session.add(row)
        add_next_steps(session, found.year, found.term, found.answers, vault.today())


def countersign_return(vault: Vault, made: ReturnId, passphrase: str) -> None:
    """Add the second signature; the countersigner types their own passphrase.

    Raises:
        StateError: the DSL has not signed yet, both have, or the second signs elsewhere.
        WrongPassphraseError: it is not the countersigner's passphrase.

    """
    found = read_return(vault, made)
    second = awaited_signer(vault, found)
    if second.user is None or found.envelope is None:
        raise StateError(
            f"{second.name} signs on their own laptop: write the file for {second.name} and hand "
            "it over. Nothing was changed."
        )
    envelope = parse_envelope(found.envelope)
    signed = envelope.signed_with(vault.signing_key(second.user, passphrase))
    with vault.changing("return countersigned", f"return/{made}") as session:
        row = session.get_one(ReturnRow, made)
        row.state, row.envelope = "signed", signed.to_bytes()
        session.add(row)


def awaited_signer(vault: Vault, found: Return) -> Countersigner:
    """Return who has still to sign a return that the DSL signed.

    Raises:
        StateError: nobody has.

    """
    if found.state != "half_signed" or found.envelope is None:
        raise StateError(_IN_TURN)
    envelope = parse_envelope(found.envelope)
    signed = {signature.keyid for signature in envelope.signatures}
    signer = next(s for s in read_payload(envelope).signers if s.keyid not in signed)
    known = (c for c in countersigners(vault) if c.keyid == signer.keyid)
    # Somebody whose key left the register since still shows by name; nothing is sealed to them.
    gone = Countersigner(signer.keyid, KeyId(signer.keyid), signer.person, signer.role, None)
    return next(known, gone)


def take_back(vault: Vault, made: ReturnId) -> None:
    """Remove the signatures of a return that was not exported, so that it can be mended.

    Raises:
        StateError: it was exported, or is not signed.

    """
    with vault.changing("return signatures removed", f"return/{made}") as session:
        row = session.get_one(ReturnRow, made)
        if row.state not in {"half_signed", "signed"}:
            raise StateError("Only a signed return that was not exported can be taken back.")
        row.state, row.set_aside, row.envelope = "draft", row.envelope, None
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
        row.state, row.exported_at = "sent", row.exported_at or vault.now()
        session.add(row)
        store_package(
            session, read_payload(envelope), envelope, digest=sha256(envelope.payload).hexdigest(),
            series=f"sent termly-return {found.year} {found.term}", revision=found.revision,
            direction="sent", verdict="accepted", at=row.exported_at,
        )  # fmt: skip
    return data


def payload_hash(found: Return) -> str:
    """Return the payload's hash of a signed return, for its receipt."""
    if found.envelope is None:
        return ""
    return sha256(parse_envelope(found.envelope).payload).hexdigest()


def _about_to_sign(
    vault: Vault, made: ReturnId, countersigner: str
) -> tuple[Return, Countersigner]:
    found = read_return(vault, made)
    if found.state != "draft":
        raise StateError("This return is signed already. Nothing was changed.")
    if vault.user.role != "dsl":
        raise InputError("The DSL signs first. Open the vault as the DSL.")
    second = next((each for each in countersigners(vault) if each.id == countersigner), None)
    if second is None:
        raise InputError(
            "Choose the headteacher or safeguarding governor who countersigns: somebody with a "
            "passphrase of their own on this vault, or with a vault of their own on the trust card."
        )
    if second.name.casefold() == vault.user.name.casefold():
        raise InputError(
            f"{second.name} cannot sign twice. Choose another person as the second signer."
        )
    with vault.reading() as session:
        seal_to_trust(session)
    refuse_unready(vault, made)
    return found, second


def _paper(vault: Vault, found: Return, second: Countersigner) -> bytes:
    with vault.reading() as session:
        owner, changes = read_owner(session), changes_of(session, found)
        form = return_form_in_use(session, found.year, found.term)
    signers = ((vault.user.role, vault.user.name), (second.role, second.name))
    paper = return_paper(found, form, owner, signers, vault.today(), changes)
    return paper.pdf()


def _package(vault: Vault, found: Return, second: Countersigner, paper: bytes) -> Envelope:
    with vault.reading() as session:
        owner, trust = read_owner(session), seal_to_trust(session)
        form = return_form_in_use(session, found.year, found.term)
    head = vault.audit_head()
    answers = cleaned(form, found.answers)
    said = {**({AMENDED: found.reason} if found.reason else {}), **found.explanations}
    return new_envelope(
        "termly-return",
        issued_at=vault.now(),
        audience=trust.keyid,
        issuer=issuer_of(owner.urn, owner.name, is_demonstration=owner.is_demonstration),
        signers=[signer_of(vault.user), listed(second.keyid, second.name, second.role)],
        body={
            "academic_year": found.year,
            "term": found.term,
            "form": {"id": form.form_id, "version": form.version, "sha256": form.sha256},
            "answers": answers,
            "provenance": {n: how for n, how in found.provenance.items() if n in answers},
            "explanations": [{"rule": rule, "text": text} for rule, text in said.items()],
            "audit": {"sequence": head.sequence, "hash": head.hash},
        },
        attachments=[Attachment("termly-return.pdf", "application/pdf", paper)],
        revision=found.revision,
        supersedes=found.supersedes,
    )
