"""Begin, answer, close and keep monitoring visits."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NewType

from sqlmodel import Session, col, select

from odbst_desktop.actions.list import add_action
from odbst_desktop.errors import InputError, StateError
from odbst_desktop.form_engine.answers import check_types, evaluate, problem_words
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import shipped_form
from odbst_desktop.monitoring.records import VisitRow
from odbst_desktop.school.calendar import Term
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.vault.vault import Vault

VisitId = NewType("VisitId", str)
"""A random UUID of a visit."""

_STATES = {"draft": "Begun", "closed": "Closed, to be signed", "signed": "Signed",
           "received": "Received"}  # fmt: skip
_GAPS = frozenset({"no", "partly"})


@dataclass(frozen=True, slots=True)
class Visit:
    """A governor's check of one school; ``state`` is draft, closed, signed or received."""

    id: VisitId
    urn: int
    form_id: str
    form_version: str
    visited_on: date
    answers: Mapping[str, Any]
    state: str
    governor: str
    signed_at: str

    @property
    def state_words(self) -> str:
        """Return the state as it is shown."""
        return _STATES[self.state]


def visit_form(form_id: str) -> Form:
    """Return a checklist; raises InputError if the cycle has none of that name."""
    known = {entry["form"] for entry in shipped_yaml("forms/monitoring/cycle.yaml")["checks"]}
    if form_id not in known:
        raise InputError(f"“{form_id}” is not one of the checklists of the cycle.")
    return shipped_form(f"monitoring/{form_id}")


def start_visit(vault: Vault, urn: int, form_id: str) -> VisitId:
    """Begin a visit to a school today."""
    form, day, visit = visit_form(form_id), vault.today(), VisitId(str(uuid.uuid4()))
    with vault.changing("visit started", f"visit/{visit}") as session:
        session.add(
            VisitRow(
                id=visit, urn=urn, form_id=form_id, form_version=form.version, visited_on=day,
                answers=json.dumps({"visited_on": day.isoformat()}), governor=vault.user.name,
            )
        )  # fmt: skip
    return visit


def save_visit(vault: Vault, visit: VisitId, answers: Mapping[str, Any]) -> None:
    """Keep the answers of a visit that is not closed.

    Raises:
        InputError: an answer is of the wrong type; nothing was changed.
        StateError: the visit is closed.

    """
    with vault.changing("visit saved", f"visit/{visit}") as session:
        row = _in_state(session, visit, "draft")
        wrong = check_types(visit_form(row.form_id), answers)
        if wrong:
            raise InputError(f"“{wrong[0].field}” was not saved. {wrong[0].message}")
        row.answers = json.dumps(dict(answers), ensure_ascii=False)
        if answers.get("visited_on"):
            row.visited_on = date.fromisoformat(answers["visited_on"])
        session.add(row)


def close_visit(vault: Vault, visit: VisitId) -> None:
    """Close a visit, so that it can be signed.

    Raises:
        InputError: something is missing, or a “no” or “partly” has no action; nothing changed.
        StateError: it is closed already.

    """
    with vault.changing("visit closed", f"visit/{visit}") as session:
        row = _in_state(session, visit, "draft")
        answers = json.loads(row.answers)
        form = visit_form(row.form_id)
        errors = evaluate(form, answers, today=vault.today()).errors()
        if errors:
            raise InputError(
                f"The visit cannot be closed yet. {problem_words(form, errors[0])}"
                + (f" There are {len(errors) - 1} more to mend." if len(errors) > 1 else "")
            )
        if gaps(row.form_id, answers) and not answers.get("actions"):
            raise InputError(
                "The visit cannot be closed yet: at least one question is answered “no” or "
                "“partly”. Agree an action for it."
            )
        row.state, row.closed_at = "closed", vault.now()
        session.add(row)


def mark_signed(session: Session, visit: VisitId, *, at: str, payload_sha256: str) -> None:
    """Note that a closed visit was signed and packed; raises StateError in any other state."""
    row = _in_state(session, visit, "closed")
    row.state, row.signed_at, row.payload_sha256 = "signed", at, payload_sha256
    session.add(row)


def keep_received(
    session: Session, *, urn: int, form: Mapping[str, str], answers: Mapping[str, Any],
    visited_on: date, governor: str, received_on: date, payload_sha256: str,
) -> VisitId:  # fmt: skip
    """Keep a visit that came from the governor; its actions join the school's list."""
    visit = VisitId(str(uuid.uuid4()))
    session.add(
        VisitRow(
            id=visit, urn=urn, form_id=form["id"], form_version=form["version"],
            visited_on=visited_on, answers=json.dumps(dict(answers), ensure_ascii=False),
            state="received", governor=governor, payload_sha256=payload_sha256,
        )
    )  # fmt: skip
    for action in answers.get("actions", []):
        due = max(date.fromisoformat(action["due"]), received_on)
        add_action(
            session, action["action"], action["owner"], due,
            origin=f"visit/{visit}", opened_on=min(visited_on, received_on),
        )  # fmt: skip
    return visit


def gaps(form_id: str, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the labels of the questions answered “no” or “partly”."""
    questions = visit_form(form_id).questions()
    return tuple(
        q.label for q in questions if q.list_name == "found" and answers.get(q.name) in _GAPS
    )


def visits(session: Session, urn: int | None = None) -> tuple[Visit, ...]:
    """Return the visits to all schools or one, newest first."""
    rows = session.exec(select(VisitRow).order_by(col(VisitRow.visited_on).desc())).all()
    return tuple(_visit(row) for row in rows if urn is None or row.urn == urn)


def read_visit(vault: Vault, visit: VisitId) -> Visit:
    """Return one visit."""
    with vault.reading() as session:
        return _visit(session.get_one(VisitRow, visit))


def term_counts(session: Session, term: Term) -> dict[str, Any]:
    """Return the figures of the return that visits received in a term give."""
    known = [v for v in visits(session) if term.opens <= v.visited_on <= term.closes]
    done = [v for v in known if v.state in {"received", "signed"}]
    halves = {half.id for half in term.half_terms}
    checks_planned = shipped_yaml("forms/monitoring/cycle.yaml")["checks"]
    figures: dict[str, Any] = {
        "monitoring.visits_done": len(done),
        "monitoring.visits_planned": sum(c["half_term"] in halves for c in checks_planned),
    }
    checks = [v for v in done if v.form_id == "single_central_record"]
    if checks:
        figures["monitoring.scr_checked_on"] = checks[0].visited_on.isoformat()
        figures["monitoring.scr_sampled"] = checks[0].answers["entries_sampled"]
        figures["monitoring.scr_gaps"] = checks[0].answers["entries_with_gap"]
    return figures


def _in_state(session: Session, visit: VisitId, state: str) -> VisitRow:
    row = session.get_one(VisitRow, visit)
    if row.state != state:
        raise StateError(f"This visit is in the state “{_STATES[row.state]}”. Nothing was changed.")
    return row


def _visit(row: VisitRow) -> Visit:
    return Visit(
        VisitId(row.id), row.urn, row.form_id, row.form_version, row.visited_on,
        json.loads(row.answers), row.state, row.governor, row.signed_at or "",
    )  # fmt: skip
