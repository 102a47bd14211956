"""Two people drafting on two laptops: a draft travels sealed, is compared, and taken by field.

A draft is no package: it uses the outer forms of the package format (a signed envelope, sealed to
one vault) under a type of its own, so that whoever receives it by mistake answers unknown-kind.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError
from sqlmodel import Session

from odbst_desktop.errors import InputError, OdbstError, StateError
from odbst_desktop.exchange.bodies import TermName, Text, YearText
from odbst_desktop.exchange.checking import MOST_BYTES
from odbst_desktop.exchange.envelope import Envelope, parse_envelope
from odbst_desktop.exchange.errors import PackageError, StrictJsonError
from odbst_desktop.exchange.payload import Moment, Name, Strict, Urn
from odbst_desktop.exchange.recipients import vaults_of_school
from odbst_desktop.exchange.records import read_sealing_key
from odbst_desktop.exchange.register import SCHOOL_VAULT, SealTo, known_keys
from odbst_desktop.exchange.sealing import open_sealed, parse_sealed, seal
from odbst_desktop.exchange.strict_json import parse_strict_json
from odbst_desktop.form_engine.answers import check_types, is_blank
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_library.definitions import form_for
from odbst_desktop.returns.drafting import (
    Return,
    ReturnId,
    read_return,
    return_form_in_use,
    returns,
)
from odbst_desktop.returns.records import ReturnRow
from odbst_desktop.returns.revisions import shown_answer
from odbst_desktop.returns.set_aside import row_to_change
from odbst_desktop.school.owner import read_owner
from odbst_desktop.vault.vault import Vault

DRAFT_TYPE = "application/vnd.odbst.return-draft+json;version=1"
"""The payload type of a draft's envelope."""

_DRAFTING_ROLES = frozenset({"dsl", "headteacher"})
_NOT_A_DRAFT = (
    "This file is not a draft of a termly return. On the other laptop, open the return and choose "
    "“Send the draft to another laptop”. Nothing was changed."
)


class _Draft(Strict):
    """What a draft's payload holds."""

    urn: Urn
    academic_year: YearText
    term: TermName
    form_version: Name
    revision: int
    made_at: Moment
    answers: dict[str, Any]
    provenance: dict[str, Literal["counted", "typed", "carried", "changed"]]
    explanations: dict[str, Text]


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that two drafts answer differently; ``field`` or an explanation's rule."""

    field: str
    label: str
    mine: str
    theirs: str
    is_explanation: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What a draft says: answers, how each came about, explanations by rule."""

    answers: Mapping[str, Any]
    provenance: Mapping[str, str]
    explanations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OtherDraft:
    """A draft from another laptop beside the one here: who signed it, when, what differs."""

    made: ReturnId
    title: str
    person: str
    made_at: str
    theirs: Said
    mine: Said
    differences: tuple[Difference, ...]


def other_vaults(vault: Vault) -> tuple[SealTo, ...]:
    """Return the other vaults on the trust card in which people of this school draft returns."""
    with vault.reading() as session:
        own, urn = read_sealing_key(session).keyid, read_owner(session).urn
        known = vaults_of_school(session, urn) if urn is not None else ()
        staff = {
            key.person for key in known_keys(session)
            if (key.urn, key.status) == (urn, "active") and key.role in _DRAFTING_ROLES
        }  # fmt: skip
    owners = {SCHOOL_VAULT, *staff}
    return tuple(each for each in known if each.keyid != own and each.owner in owners)


def is_draft(vault: Vault, untrusted_data: bytes) -> bool:
    """Say whether a file is a draft sealed to this vault, so that its reader can be told so."""
    with vault.reading() as session:
        try:
            _opened(session, untrusted_data)
        except OdbstError:
            return False
    return True


def draft_for(vault: Vault, made: ReturnId, passphrase: str, to: SealTo) -> bytes:
    """Return a draft, signed by who sends it and sealed to another vault of the school.

    Raises:
        StateError: it is signed already.
        WrongPassphraseError: it is not the passphrase of who opened the vault.

    """
    found = read_return(vault, made)
    if found.state != "draft":
        raise StateError("Only a draft is shared with another laptop; this return is signed.")
    with vault.reading() as session:
        urn = read_owner(session).urn
    said = {
        "urn": urn, "academic_year": found.year, "term": found.term,
        "form_version": found.form_version, "revision": found.revision, "made_at": vault.now(),
        "answers": dict(found.answers), "provenance": dict(found.provenance),
        "explanations": dict(found.explanations),
    }  # fmt: skip
    key = vault.signing_key(vault.user.id, passphrase)
    payload = json.dumps(said, ensure_ascii=False).encode()
    return seal(Envelope(DRAFT_TYPE, payload).signed_with(key).to_bytes(), to.public_key)


def compare_draft(vault: Vault, untrusted_data: bytes) -> OtherDraft:
    """Open a draft from another laptop and set it beside the one here; nothing is changed.

    Raises:
        PackageError: it is sealed to somebody else, damaged, or signed by a key not known here.
        InputError: it is no draft, or of another school, term, revision or version of the form.
        StateError: there is no draft of that term here to compare it with.

    """
    with vault.reading() as session:
        draft, person = _opened(session, untrusted_data)
        mine = _held(session, draft)
        form = form_for(session, return_form_in_use(session), mine.form_version)
    wrong = check_types(form, draft.answers)
    if wrong:
        raise InputError(f"The draft’s answer “{wrong[0].field}” is damaged. Ask for it anew.")
    differing = (
        *_answer_differences(form, mine.answers, draft.answers),
        *_explanation_differences(form, mine.explanations, draft.explanations),
    )
    theirs = Said(draft.answers, draft.provenance, draft.explanations)
    here = Said(mine.answers, mine.provenance, mine.explanations)
    return OtherDraft(mine.id, mine.title, person, draft.made_at, theirs, here, differing)


def take_fields(vault: Vault, other: OtherDraft, fields: Iterable[str]) -> int:
    """Take the other laptop's answers and explanations for these fields; return how many.

    A figure keeps how it came about on the other laptop; all else here stays.

    Raises:
        InputError: no field was chosen.
        StateError: the return was exported meanwhile.

    """
    return _write(vault, other, other.theirs, set(fields))


def keep_mine(vault: Vault, other: OtherDraft, fields: Iterable[str]) -> int:
    """Undo ``take_fields``: what stood here when the drafts were compared stands again."""
    return _write(vault, other, other.mine, set(fields))


def _write(vault: Vault, other: OtherDraft, source: Said, fields: set[str]) -> int:
    chosen = [each for each in other.differences if each.field in fields]
    if not chosen:
        raise InputError("Choose at least one field. Nothing was changed.")
    with vault.changing("fields of another draft taken", f"return/{other.made}") as session:
        row: ReturnRow = row_to_change(session, other.made)
        answers, provenance = json.loads(row.answers), json.loads(row.provenance)
        explanations = json.loads(row.explanations)
        for each in chosen:
            if each.is_explanation:
                _set(explanations, each.field, source.explanations.get(each.field))
            else:
                _set(answers, each.field, source.answers.get(each.field))
                how = source.provenance.get(each.field, "typed")
                _set(provenance, each.field, how if each.field in answers else None)
        row.answers = json.dumps(answers, ensure_ascii=False)
        row.provenance = json.dumps(provenance, ensure_ascii=False)
        row.explanations = json.dumps(explanations, ensure_ascii=False)
        session.add(row)
    return len(chosen)


def _held(session: Session, draft: _Draft) -> Return:
    """Return the draft here that another can be compared with."""
    if draft.urn != read_owner(session).urn:
        raise InputError("This draft is of another school. Nothing was changed.")
    term = (draft.academic_year, draft.term)
    held = next((each for each in returns(session) if (each.year, each.term) == term), None)
    if held is None or held.state == "sent":
        raise StateError(
            f"There is no draft of the {draft.term} term {draft.academic_year} here. Prepare the "
            "return first, then compare."
        )
    if (draft.form_version, draft.revision) != (held.form_version, held.revision):
        raise InputError(
            "The two drafts are of different revisions or versions of the form. Bring both "
            "laptops to the same one, then send the draft again. Nothing was changed."
        )
    return held


def _answer_differences(
    form: Form, mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> Iterator[Difference]:
    questions = {question.name: question for question in form.every_question()}
    for name in dict.fromkeys((*questions, *mine, *theirs)):
        here, there = mine.get(name), theirs.get(name)
        if here != there and not (is_blank(here) and is_blank(there)):
            question = questions.get(name)
            label = question.label if question is not None else name
            shown = shown_answer(here, question), shown_answer(there, question)
            yield Difference(name, label, *shown)


def _explanation_differences(
    form: Form, mine: Mapping[str, str], theirs: Mapping[str, str]
) -> Iterator[Difference]:
    asked = {rule.id: rule.message for rule in form.rules}
    for rule in dict.fromkeys((*mine, *theirs)):
        here, there = mine.get(rule, ""), theirs.get(rule, "")
        if here != there:
            label = f"Explanation: {asked.get(rule, rule)}"
            yield Difference(rule, label, here or "–", there or "–", is_explanation=True)


def _set(kept: dict[str, Any], name: str, value: Any) -> None:
    if is_blank(value):
        kept.pop(name, None)
    else:
        kept[name] = value


def _opened(session: Session, data: bytes) -> tuple[_Draft, str]:
    if len(data) > MOST_BYTES:
        raise PackageError("too-large")
    sealed = parse_sealed(data) if data.startswith(b"ODBSTSEAL1\n") else None
    if sealed is None:
        raise InputError(_NOT_A_DRAFT)
    own = read_sealing_key(session)
    if sealed.recipient != own.keyid:
        raise PackageError("sealed-to-another")
    envelope = parse_envelope(open_sealed(sealed, own))
    if envelope.payload_type != DRAFT_TYPE or len(envelope.signatures) != 1:
        raise InputError(_NOT_A_DRAFT)
    signature = envelope.signatures[0]
    signer = next((k for k in known_keys(session) if k.keyid == signature.keyid), None)
    if signer is None or signer.status == "pending":
        raise PackageError("unknown-signer")
    if signer.status == "revoked":
        raise PackageError("revoked-signer")
    if signer.urn != read_owner(session).urn:
        raise PackageError("signer-mismatch")
    try:
        key = Ed25519PublicKey.from_public_bytes(signer.public_key)
        key.verify(signature.value, envelope.signed_bytes())
    except InvalidSignature as fault:
        raise PackageError("bad-signature") from fault
    try:
        return _Draft.model_validate(parse_strict_json(envelope.payload)), signer.person
    except (ValidationError, StrictJsonError) as fault:
        raise PackageError("malformed") from fault
