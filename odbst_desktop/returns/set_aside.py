"""A change after a signature: the signatures go, and come back if the change is undone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from odbst_desktop.errors import StateError
from odbst_desktop.exchange.bodies import TermlyReturn, read_body
from odbst_desktop.exchange.envelope import Envelope, parse_envelope
from odbst_desktop.exchange.payload import Payload
from odbst_desktop.exchange.strict_json import parse_strict_json
from odbst_desktop.form_engine.answers import is_blank
from odbst_desktop.returns.records import ReturnRow
from odbst_desktop.vault.vault import Vault

AMENDED = "amended"
"""The name under which the reason of a revision travels among the explanations."""


def row_to_change(
    session: Session,
    made: str,
    answers: Mapping[str, Any] | None = None,
    explanations: Mapping[str, str] | None = None,
) -> ReturnRow:
    """Return the row of a return that is about to change; signatures on it are set aside.

    With ``answers`` and ``explanations`` that say what it says already, nothing is set aside.

    Raises:
        StateError: it was exported.

    """
    row = session.get_one(ReturnRow, made)
    if row.state == "sent":
        raise StateError(
            "This return was exported and cannot be changed. Make a new revision of it and say "
            "why. Nothing was changed."
        )
    if row.state != "draft" and not _says_the_same(row, answers, explanations):
        row.set_aside, row.envelope, row.state = row.envelope, None, "draft"
        session.add(row)
    return row


def put_back(vault: Vault, made: str) -> None:
    """Undo a change after a signature: what was signed stands again, with its signatures.

    Raises:
        StateError: nothing was set aside.

    """
    with vault.changing("return signatures put back", f"return/{made}") as session:
        row = session.get_one(ReturnRow, made)
        if row.state != "draft" or row.set_aside is None:
            raise StateError("There are no signatures to put back. Nothing was changed.")
        envelope = parse_envelope(row.set_aside)
        payload = read_payload(envelope)
        body = return_body(payload)
        said = {entry.rule: entry.text for entry in body.explanations if entry.rule != AMENDED}
        row.answers = json.dumps(body.answers, ensure_ascii=False)
        row.provenance = json.dumps(body.provenance, ensure_ascii=False)
        row.explanations = json.dumps(said, ensure_ascii=False)
        row.envelope, row.set_aside = row.set_aside, None
        is_whole = len(envelope.signatures) == len(payload.signers)
        row.state = "signed" if is_whole else "half_signed"
        session.add(row)


def read_payload(envelope: Envelope) -> Payload:
    """Return what an envelope of this vault's own says."""
    return Payload.model_validate(parse_strict_json(envelope.payload))


def return_body(payload: Payload) -> TermlyReturn:
    """Return the body of a return; raises StateError for another kind."""
    body = read_body(payload.kind, payload.body)
    if not isinstance(body, TermlyReturn):
        raise StateError("This file is not a termly return.")
    return body


def _says_the_same(
    row: ReturnRow,
    answers: Mapping[str, Any] | None,
    explanations: Mapping[str, str] | None,
) -> bool:
    if answers is None or explanations is None:
        return False
    given = {name: value for name, value in answers.items() if not is_blank(value)}
    said = {rule: words.strip() for rule, words in explanations.items() if words.strip()}
    return (given, said) == (json.loads(row.answers), json.loads(row.explanations))
