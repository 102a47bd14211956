"""Make the packages that leave a vault."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.exchange import register
from odbst_desktop.exchange.bodies import read_body, series_of
from odbst_desktop.exchange.envelope import Envelope
from odbst_desktop.exchange.keys import signing_keyid
from odbst_desktop.exchange.payload import Kind, Payload, Signer
from odbst_desktop.exchange.recipients import vault_of_signer
from odbst_desktop.exchange.records import read_sealing_key
from odbst_desktop.exchange.sealing import seal
from odbst_desktop.exchange.strict_json import parse_strict_json
from odbst_desktop.exchange.writing import (
    Attachment,
    issuer_of,
    new_envelope,
    package_file_name,
)
from odbst_desktop.monitoring.checklists import action_body, agreed_actions
from odbst_desktop.monitoring.report import visit_report
from odbst_desktop.monitoring.signing import answers_to_sign
from odbst_desktop.monitoring.visits import Visit, VisitId, mark_signed, read_visit, sent_before
from odbst_desktop.office.packs import publish_pack
from odbst_desktop.office.trust_card import card_body
from odbst_desktop.returns.drafting import ReturnId, read_return, return_form_in_use
from odbst_desktop.returns.signing import sealed_return
from odbst_desktop.school.calendar import year_of
from odbst_desktop.school.owner import Owner, Profile, read_owner
from odbst_desktop.school.posts import post_at, urn_of_user
from odbst_desktop.trust.pack_draft import pack_content
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.vault.errors import WrongPassphraseError
from odbst_desktop.vault.vault import User, Vault


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A file ready to be written, under the name to offer."""

    name: str
    data: bytes


Write: TypeAlias = Callable[[Outgoing], None]
"""Writes a file where it is to lie. What makes the file is undone if it cannot be written."""


def not_written(_sent: Outgoing) -> None:
    """Leave the file to the caller."""


def trust_card(vault: Vault, passphrase: str, write: Write = not_written) -> Outgoing:
    """Return the next trust card: schools, people and keys as the register has them.

    Raises:
        StateError: the vault is not the trust's.
        WrongPassphraseError: it is not the passphrase of the one who opened the vault.

    """
    owner = _owner(vault, Profile.TRUST)
    key = vault.signing_key(vault.user.id, passphrase)
    users = vault.users()
    with vault.reading() as session:
        body = card_body(vault, session, owner, users)
    envelope = _new(vault, owner, "trust-card", None, (vault.user,), body).signed_with(key)
    year = year_of(vault.today())
    name = package_file_name(owner.name, year, "", "trust-card", body["version"])
    sent = Outgoing(name, envelope.to_bytes())
    _keep(vault, envelope, body["version"], lambda: write(sent))
    return sent


def enrolment(vault: Vault, passphrases: Sequence[str], urn: int | None = None) -> Outgoing:
    """Return the enrolment of everybody with a key on this vault, sealed to the trust.

    ``passphrases`` are tried for each person: every key that enrols signs. ``urn`` names one of a
    governor's schools; without it, it is the vault's own.

    Raises:
        WrongPassphraseError: a person's passphrase is missing.
        StateError: the trust is not known yet.

    """
    owner, everybody = _vault_owner(vault), vault.users()
    with vault.reading() as session:
        trust, own = register.seal_to_trust(session), read_sealing_key(session)
        if urn not in {None, owner.urn}:
            post = post_at(session, urn or 0)
            owner = replace(owner, urn=post.urn, name=post.school)
        users = tuple(u for u in everybody if urn_of_user(session, u.id) == owner.urn)
    body = {
        "profile": owner.profile.value,
        "urn": owner.urn,
        "people": [
            {**_signer(user).model_dump(), "public_key": _base64(user.public_key)} for user in users
        ],
        "sealing_key": _base64(own.public),
    }
    envelope = _new(vault, owner, "enrolment", trust.keyid, users, body)
    for user in users:
        envelope = envelope.signed_with(_key_of(vault, user, passphrases))
    _keep(vault, envelope)
    year = year_of(vault.today())
    kind = f"{owner.profile.value}-enrolment"
    return Outgoing(
        package_file_name(owner.name, year, "", kind, 1),
        seal(envelope.to_bytes(), trust.public_key),
    )


def monitoring_visit(vault: Vault, visit: VisitId, passphrase: str) -> tuple[Outgoing, ...]:
    """Sign a closed visit and return two files: one for the school, one for the trust.

    The governor signs with the key for the school that was visited.

    Raises:
        StateError: the visit is not closed, or the trust or the school is not known.
        InputError: the privacy check or a rule still asks for a sentence.
        WrongPassphraseError: it is not the governor's passphrase.

    """
    owner, found = _owner(vault, Profile.GOVERNOR), read_visit(vault, visit)
    answers = answers_to_sign(vault, visit)
    with vault.reading() as session:
        post = post_at(session, found.urn)
        readers = (
            register.seal_to_trust(session),
            register.seal_to_school(session, found.urn),
        )
        before = sent_before(session, visit)
    signer = next(user for user in vault.users() if user.id == (post.user or vault.users()[0].id))
    key = vault.signing_key(signer.id, passphrase)
    body, papers = _visit_body(found, answers), _visit_papers(found, answers, owner, post.school)
    envelopes = [
        _new(
            vault, replace(owner, name=post.school, urn=post.urn), "monitoring-visit",
            reader.keyid, (signer,), body, papers, revision=found.revision, supersedes=held,
        ).signed_with(key)
        for reader, held in zip(readers, before, strict=True)
    ]  # fmt: skip
    _keep_signed(vault, found, envelopes)
    files = []
    for reader, envelope, to in zip(readers, envelopes, ("trust", "school"), strict=True):
        kind = f"{found.form_id.replace('_', '-')}-for-{to}"
        day = found.visited_on.isoformat()
        name = package_file_name(post.school, day, "", kind, found.revision)
        files.append(Outgoing(name, seal(envelope.to_bytes(), reader.public_key)))
    return (files[1], files[0])


def _keep_signed(vault: Vault, found: Visit, envelopes: Sequence[Envelope]) -> None:
    """Note that a visit was signed, with the packages to the trust and to the school."""
    to_trust, to_school = (sha256(envelope.payload).hexdigest() for envelope in envelopes)
    with vault.changing("visit signed", f"visit/{found.id}") as session:
        mark_signed(
            session, found.id, at=vault.now(), payload_sha256=to_trust, school_sha256=to_school
        )
        for envelope in envelopes:
            _store(vault, session, envelope, found.revision)


def _visit_body(found: Visit, answers: dict[str, Any]) -> dict[str, Any]:
    form = found.form
    return {
        "visited_on": found.visited_on.isoformat(),
        "form": {"id": form.form_id, "version": form.version, "sha256": form.sha256},
        "answers": answers,
        "actions": [action_body(action) for action in agreed_actions(form, answers)],
        "themes": [answers["theme"]] if answers.get("theme") else [],
    }


def _visit_papers(
    found: Visit, answers: dict[str, Any], owner: Owner, school: str
) -> tuple[Attachment, ...]:
    report = visit_report(
        found, school, is_demonstration=owner.is_demonstration, signed=True, known=answers
    )
    return (Attachment("monitoring-visit.pdf", "application/pdf", report.pdf()),)


def termly_return(vault: Vault, made: ReturnId) -> Outgoing:
    """Return the signed return, sealed to the trust; raises as ``sealed_return``."""
    owner, found = _owner(vault, Profile.SCHOOL), read_return(vault, made)
    name = package_file_name(owner.name, found.year, found.term, "termly-return", found.revision)
    return Outgoing(name, sealed_return(vault, made))


def focus_pack(vault: Vault, term: TermOf, passphrase: str, write: Write = not_written) -> Outgoing:
    """Return the focus pack of a term as it is written, signed by the ESL.

    What it publishes comes into use in this vault too. Made again, it is the next revision.

    Raises:
        StateError: the vault is not the trust's.
        InputError: no theme is chosen, or something of the pack is missing or wrong.
        WrongPassphraseError: it is not the ESL's passphrase.

    """
    owner = _owner(vault, Profile.TRUST)
    key = vault.signing_key(vault.user.id, passphrase)
    with vault.reading() as session:
        content = pack_content(session, term, return_form_in_use(session))
        series = f"sent focus-pack {term.year} {term.term}"
        before = register.newest_of_series(session).get(series)
    revision = before.revision + 1 if before else 1
    envelope = _new(
        vault, owner, "focus-pack", None, (vault.user,), dict(content.body),
        revision=revision, supersedes=before.payload_sha256 if before else None,
    ).signed_with(key)  # fmt: skip
    name = package_file_name(owner.name, term.year, term.term, "focus-pack", revision)
    sent = Outgoing(name, envelope.to_bytes())
    with vault.changing("focus-pack made", f"pack/{term.year}-{term.term}") as session:
        publish_pack(session, content, term, vault.user.name, vault.now())
        _store(vault, session, envelope, revision)
        write(sent)
    return sent


def receipt(
    vault: Vault, payload_sha256: str, passphrase: str,
    queries: Sequence[tuple[str, str]] = (), write: Write = not_written,
) -> Outgoing:  # fmt: skip
    """Answer a return that was received: accepted, or queried with questions to fields.

    Raises:
        InputError: there is no such package.
        StateError: the school's vault is not on the register.
        WrongPassphraseError: it is not the ESL's passphrase.

    """
    owner = _owner(vault, Profile.TRUST)
    with vault.reading() as session:
        held = register.find_package(session, payload_sha256)
        if held is None or held.urn is None:
            raise InputError("There is no such return here. Choose one from the list.")
        first = held.payload().signers[0].keyid
        school = vault_of_signer(session, first) or register.seal_to_school(session, held.urn)
        before = register.newest_of_series(session).get(f"sent receipt {payload_sha256}")
    key = vault.signing_key(vault.user.id, passphrase)
    body = {
        "of": payload_sha256,
        "verdict": "queried" if queries else "accepted",
        "queries": [{"field": field, "text": words} for field, words in queries],
    }
    revision = before.revision + 1 if before else 1
    envelope = _new(
        vault, owner, "receipt", school.keyid, (vault.user,), body,
        revision=revision, supersedes=before.payload_sha256 if before else None,
    ).signed_with(key)  # fmt: skip
    name = package_file_name(held.issuer, vault.today().isoformat(), "", "receipt", revision)
    sent = Outgoing(name, seal(envelope.to_bytes(), school.public_key))
    _keep(vault, envelope, revision, lambda: write(sent))
    return sent


def _new(
    vault: Vault, owner: Owner, kind: Kind, audience: str | None, users: Sequence[User],
    body: dict[str, Any], attachments: Sequence[Attachment] = (), *,
    revision: int = 1,
    supersedes: str | None = None,
) -> Envelope:  # fmt: skip
    return new_envelope(
        kind,
        issued_at=vault.now(),
        audience=audience,
        issuer=issuer_of(owner.urn, owner.name, is_demonstration=owner.is_demonstration),
        signers=[_signer(user) for user in users],
        body=body,
        attachments=attachments,
        revision=revision,
        supersedes=supersedes,
    )


def _keep(
    vault: Vault, envelope: Envelope, revision: int = 1, write: Callable[[], None] = lambda: None
) -> None:
    kind = envelope.payload_type.split(".")[2].partition("+")[0]
    with vault.changing(
        f"{kind} made", f"package/{sha256(envelope.payload).hexdigest()[:16]}"
    ) as s:
        _store(vault, s, envelope, revision)
        write()


def _store(vault: Vault, session: Session, envelope: Envelope, revision: int) -> None:
    payload = Payload.model_validate(parse_strict_json(envelope.payload))
    body = read_body(payload.kind, payload.body)
    series = series_of(payload.kind, payload.issuer.urn, body, payload.id)
    register.store_package(
        session, payload, envelope, digest=sha256(envelope.payload).hexdigest(),
        series=series if payload.kind == "trust-card" else f"sent {series}", revision=revision,
        direction="sent", verdict="accepted", at=vault.now(),
    )  # fmt: skip


def _key_of(vault: Vault, user: User, passphrases: Sequence[str]) -> Ed25519PrivateKey:
    for passphrase in passphrases[:-1]:
        try:
            return vault.signing_key(user.id, passphrase)
        except WrongPassphraseError:
            continue
    return vault.signing_key(user.id, passphrases[-1])


def _vault_owner(vault: Vault) -> Owner:
    with vault.reading() as session:
        return read_owner(session)


def _owner(vault: Vault, profile: Profile) -> Owner:
    owner = _vault_owner(vault)
    if owner.profile is not profile:
        raise StateError(
            f"This vault is a {owner.profile.value}’s; only a {profile.value}’s makes such a file."
        )
    return owner


def _signer(user: User) -> Signer:
    return Signer.model_validate(
        {"keyid": signing_keyid(user.public_key), "person": user.name, "role": user.role}
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
