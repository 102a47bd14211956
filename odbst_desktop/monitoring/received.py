"""Visits that came from a governor: kept once, answered by the school, reported to the LGB."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from odbst_desktop.actions.list import actions, add_action, drop_action
from odbst_desktop.errors import InputError, StateError
from odbst_desktop.monitoring.checklists import (
    AgreedAction,
    action_key,
    agreed_actions,
)
from odbst_desktop.monitoring.records import VisitRow
from odbst_desktop.monitoring.visits import VisitId, visit_of
from odbst_desktop.vault.vault import Vault

RESPONDING_ROLES = frozenset({"dsl", "headteacher"})


def keep_received(
    session: Session, *, urn: int, form: Mapping[str, str], answers: Mapping[str, Any],
    visited_on: date, governor: str, received_on: date, signed_at: str, payload_sha256: str,
    revision: int = 1, supersedes: str | None = None, with_actions: bool = True,
) -> VisitId:  # fmt: skip
    """Keep a visit that came from the governor; its actions join the list, each once.

    An amended visit takes the place of the one before it, which is kept; what the school answered
    goes with it, and an open action that it no longer agrees is dropped with that reason.
    """
    visit = VisitId(str(uuid.uuid4()))
    row = VisitRow(
        id=visit, root=visit, urn=urn, form_id=form["id"], form_version=form["version"],
        visited_on=visited_on, answers=json.dumps(dict(answers), ensure_ascii=False),
        state="received", governor=governor, signed_at=signed_at, payload_sha256=payload_sha256,
        revision=revision, amend_reason=str(answers.get("amended_because", "")),
    )  # fmt: skip
    before = _held(session, supersedes) if supersedes else None
    if before is not None:
        row.root, row.amends = before.root or before.id, before.id
        row.responses, row.responded_by = before.responses, before.responded_by
        row.responded_on, row.reported_on = before.responded_on, before.reported_on
        before.state = "amended"
        session.add(before)
    session.add(row)
    if with_actions:
        agreed = agreed_actions(visit_of(session, row).form, answers)
        _join_list(session, f"visit/{row.root}", agreed, visited_on, received_on)
    return visit


def respond(vault: Vault, visit: VisitId, responses: Mapping[str, str]) -> None:
    """Keep what the school says to a visit: by question, ``""`` for the visit as a whole.

    Raises:
        InputError: somebody other than the DSL or headteacher answers, or to no question of it.
        StateError: the visit did not come from a governor, or was amended since.

    """
    if vault.user.role not in RESPONDING_ROLES:
        raise InputError("The DSL or the headteacher answers a visit. Open the vault as one.")
    with vault.changing("visit answered", f"visit/{visit}") as session:
        row = _received(session, visit)
        asked = {q.name for q in visit_of(session, row).form.questions()} | {""}
        if not set(responses) <= asked:
            raise InputError("The answer belongs to no question of this visit.")
        given = {name: text.strip() for name, text in responses.items() if text.strip()}
        row.responses = json.dumps(given, ensure_ascii=False)
        row.responded_by = vault.user.name if given else ""
        row.responded_on = vault.today() if given else None
        session.add(row)


def note_reported(vault: Vault, visit: VisitId, on: date | None) -> None:
    """Note on which day a visit was reported to the LGB; None takes the day back.

    Raises:
        InputError: the day lies before the visit or ahead.
        StateError: the visit is a draft, or was amended since.

    """
    with vault.changing("visit reported", f"visit/{visit}") as session:
        row = session.get_one(VisitRow, visit)
        if row.state not in {"closed", "signed", "received"}:
            raise StateError("Close the visit before it is reported. Nothing was changed.")
        if on is not None and not row.visited_on <= on <= vault.today():
            raise InputError(
                "The day of the LGB’s meeting lies before the visit or ahead. Mend the day."
            )
        row.reported_on = on
        session.add(row)


def _join_list(
    session: Session, origin: str, agreed: tuple[AgreedAction, ...], visited_on: date,
    received_on: date,
) -> None:  # fmt: skip
    known = {action_key(action.title): action for action in actions(session, origin=origin)}
    wanted = {action.key: action for action in agreed}
    for key, action in wanted.items():
        if key not in known:
            add_action(
                session, action.action, action.owner, max(action.due, received_on),
                origin=origin, opened_on=min(visited_on, received_on),
            )  # fmt: skip
    for key, held in known.items():
        if key not in wanted and held.state == "open":
            drop_action(session, held.id, received_on, "The governor amended the visit without it.")


def _held(session: Session, payload_sha256: str) -> VisitRow | None:
    return session.exec(
        select(VisitRow)
        .where(VisitRow.payload_sha256 == payload_sha256)
        .order_by(col(VisitRow.revision).desc())
    ).first()


def _received(session: Session, visit: VisitId) -> VisitRow:
    row = session.get_one(VisitRow, visit)
    if row.state != "received":
        raise StateError("Only a visit that came from the governor is answered. Nothing changed.")
    return row
