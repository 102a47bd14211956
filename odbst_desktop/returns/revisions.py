"""A later revision of a return: why it was made, and what it changes."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlmodel import Session, select

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.exchange.envelope import parse_envelope
from odbst_desktop.form_engine.answers import cleaned, is_blank
from odbst_desktop.form_engine.definition import Form, Question
from odbst_desktop.form_library.definitions import form_for
from odbst_desktop.reports.form_paper import answer_words
from odbst_desktop.returns.drafting import Return, ReturnId, read_return, return_form_in_use
from odbst_desktop.returns.queries import receipts
from odbst_desktop.returns.records import ReturnRow
from odbst_desktop.returns.set_aside import read_payload, return_body
from odbst_desktop.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose answer differs between two returns, in words."""

    field: str
    label: str
    before: str
    after: str


def amend_return(vault: Vault, made: ReturnId, reason: str) -> ReturnId:
    """Begin the next revision of a return that left this vault; it starts with the same answers.

    Raises:
        InputError: no reason was given.
        StateError: it was not exported yet, or a later revision was begun.

    """
    if not reason.strip():
        raise InputError("Say in a sentence why a new revision is made. Nothing was changed.")
    found = read_return(vault, made)
    new = ReturnId(str(uuid.uuid4()))
    with vault.changing("return amended", f"return/{new}") as session:
        row = session.get_one(ReturnRow, made)
        if row.envelope is None or not _has_left(session, row):
            raise StateError(
                "This return was not exported yet: change it as it is. Nothing was changed."
            )
        later = select(ReturnRow).where(ReturnRow.year == row.year, ReturnRow.term == row.term)
        if any(other.revision > row.revision for other in session.exec(later)):
            raise StateError("A later revision of this return was begun already. Open that one.")
        digest = sha256(parse_envelope(row.envelope).payload).hexdigest()
        session.add(
            ReturnRow(
                id=new, year=row.year, term=row.term, form_version=row.form_version,
                revision=row.revision + 1, supersedes=digest, answers=row.answers,
                provenance=row.provenance, explanations=json.dumps(_kept(found.explanations)),
                prepared_at=vault.now(), reason=reason.strip(),
            )
        )  # fmt: skip
    return new


def discard_revision(vault: Vault, made: ReturnId) -> None:
    """Give up a revision that was not signed; the one before it stands.

    Raises:
        StateError: it is signed, or is the first.

    """
    with vault.changing("return revision given up", f"return/{made}") as session:
        row = session.get_one(ReturnRow, made)
        if row.state != "draft" or row.revision == 1:
            raise StateError("Only a later revision that is not signed can be given up.")
        session.delete(row)


def changes_of(session: Session, found: Return) -> tuple[Change, ...]:
    """Return what a later revision changes against the one before; nothing for the first."""
    before = answers_before(session, found)
    if before is None:
        return ()
    form = form_for(session, return_form_in_use(session), found.form_version)
    return differences(form, before, cleaned(form, found.answers))


def answers_before(session: Session, found: Return) -> Mapping[str, Any] | None:
    """Return what the revision before said, as it was signed; None for the first revision."""
    query = select(ReturnRow).where(ReturnRow.year == found.year, ReturnRow.term == found.term)
    for row in session.exec(query):
        if row.revision == found.revision - 1 and row.envelope is not None:
            return return_body(read_payload(parse_envelope(row.envelope))).answers
    return None


def differences(
    form: Form, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Change, ...]:
    """Return the questions whose answers differ, in the order of the form."""
    found, labels = [], {question.name: question for question in form.every_question()}
    for name in dict.fromkeys((*labels, *before, *after)):
        old, new = before.get(name), after.get(name)
        if old == new or (is_blank(old) and is_blank(new)):
            continue
        question = labels.get(name)
        label = question.label if question is not None else name
        found.append(Change(name, label, shown_answer(old, question), shown_answer(new, question)))
    return tuple(found)


def shown_answer(value: Any, question: Question | None = None) -> str:
    """Return an answer as it is shown beside another; a repeat as its rows."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "; ".join(", ".join(str(part) for part in row.values()) for row in value)
    if is_blank(value):
        return "no answer"
    return str(value) if question is None else answer_words(question, value)


def _has_left(session: Session, row: ReturnRow) -> bool:
    """Say whether the trust has it, be it through the second signer’s own laptop."""
    if row.state == "sent":
        return True
    return sha256(parse_envelope(row.envelope or b"").payload).hexdigest() in receipts(session)


def _kept(explanations: Mapping[str, str]) -> dict[str, str]:
    """Return what was explained, without the answers to queries of the time before."""
    return {rule: words for rule, words in explanations.items() if not rule.startswith("query.")}
