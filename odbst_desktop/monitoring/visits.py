"""Begin, answer, close, amend and keep monitoring visits."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, NewType

from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.form_engine.answers import check_types
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.starting import starting_answers
from odbst_desktop.form_library.definitions import KeptForm, keep_definition, kept_forms
from odbst_desktop.monitoring.checklists import (
    PREVIOUS,
    action_key,
    agreed_actions,
    check_title,
    checklist_in_use,
    visit_form,
)
from odbst_desktop.monitoring.judgement import Judgement, judge_answers
from odbst_desktop.monitoring.records import VisitRow
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import people
from odbst_desktop.school.posts import posts
from odbst_desktop.school.schools import schools
from odbst_desktop.vault.vault import Vault

VisitId = NewType("VisitId", str)
"""A random UUID of a visit."""

_STATES = {
    "draft": ("◔", "Begun"),
    "closed": ("◑", "Closed, to be signed"),
    "signed": ("✓", "Signed"),
    "received": ("✓", "Received"),
    "amended": ("–", "Amended since"),
    "put_aside": ("–", "Put aside"),
}
DONE = frozenset({"signed", "received"})
_PAST = frozenset({"amended", "put_aside"})


@dataclass(frozen=True, slots=True)
class Visit:
    """A governor's check of one school.

    ``state`` is draft, closed, signed, received, amended (another took its place) or put_aside.
    ``responses`` are what the school says, by question, ``""`` for the visit as a whole. ``kept``
    is the checklist in the version it was answered under, None if that version was never kept.
    """

    id: VisitId
    urn: int
    form_id: str
    form_version: str
    visited_on: date
    answers: Mapping[str, Any]
    state: str
    governor: str
    signed_at: str
    revision: int
    root: str
    amends: VisitId | None
    amend_reason: str
    explanations: Mapping[str, str]
    responses: Mapping[str, str]
    responded_by: str
    responded_on: date | None
    reported_on: date | None
    kept: KeptForm | None = field(default=None, repr=False)

    @property
    def state_words(self) -> str:
        """Return the state as it is shown, by shape and word."""
        return " ".join(_STATES[self.state])

    @property
    def origin(self) -> str:
        """Return the origin of the actions that this visit and its amendments agreed."""
        return f"visit/{self.root}"

    @property
    def title(self) -> str:
        """Return the title of the checklist, without reading it."""
        return self.kept.title if self.kept else check_title(self.form_id)

    @property
    def form(self) -> Form:
        """Return the checklist in the version that the answers were given under."""
        return self.kept.form if self.kept else visit_form(self.form_id)

    @property
    def is_past(self) -> bool:
        """Say whether it is kept for the record only."""
        return self.state in _PAST


def start_visit(vault: Vault, urn: int, form_id: str, theme: str = "") -> VisitId:
    """Begin a visit to a school today; what earlier visits agreed and is open comes first."""
    day, visit = vault.today(), VisitId(str(uuid.uuid4()))
    with vault.changing("visit started", f"visit/{visit}") as session:
        form = checklist_in_use(session, form_id)
        answers = {**starting_answers(form, today=day), "visited_on": day.isoformat()}
        keep_definition(session, form, at=vault.now())
        before = still_open(visits(session, urn))
        if before:
            answers[PREVIOUS] = before
        if theme:
            answers["theme"] = theme
        # A check that the trust wrote itself need not ask for what ours do.
        asked = {q.name for q in form.questions()} | {r.name for r in form.repeats()}
        begun = {name: value for name, value in answers.items() if name in asked}
        session.add(
            VisitRow(
                id=visit, root=visit, urn=urn, form_id=form_id, form_version=form.version,
                visited_on=day, answers=_json(begun), governor=vault.user.name,
            )
        )  # fmt: skip
    return visit


def still_open(known: Sequence[Visit]) -> list[dict[str, Any]]:
    """Return what visits agreed and no later visit found done, as rows of the next one."""
    waiting: dict[str, dict[str, Any]] = {}
    finished = [v for v in known if v.state in {"closed", "signed", "received"}]
    for visit in sorted(finished, key=lambda v: v.visited_on):
        for row in visit.answers.get(PREVIOUS) or []:
            if row.get("prev_state") == "done":
                waiting.pop(action_key(str(row.get("prev_action", ""))), None)
        for action in agreed_actions(visit.form, visit.answers):
            waiting[action.key] = {
                "prev_action": action.action,
                "prev_owner": action.owner,
                "prev_due": action.due.isoformat(),
            }
    return list(waiting.values())


def save_visit(vault: Vault, visit: VisitId, answers: Mapping[str, Any]) -> None:
    """Keep the answers of a visit that is not closed.

    Raises:
        InputError: an answer is of the wrong type, or an amendment moves the visit's day; nothing
            was changed.
        StateError: the visit is closed.

    """
    with vault.changing("visit saved", f"visit/{visit}") as session:
        row = _in_state(session, visit, "draft")
        wrong = check_types(visit_of(session, row).form, answers)
        if wrong:
            raise InputError(f"“{wrong[0].field}” was not saved. {wrong[0].message}")
        if answers.get("visited_on"):
            day = date.fromisoformat(answers["visited_on"])
            if row.amends and day != row.visited_on:
                raise InputError(
                    "The day of a visit that was closed stays as it was; put it back. Begin "
                    "another visit for another day."
                )
            row.visited_on = day
        row.answers = _json(answers)
        session.add(row)


def judge_visit(vault: Vault, visit: VisitId) -> Judgement:
    """Return what a visit lacks, and what has to be explained before it is signed."""
    found = read_visit(vault, visit)
    names = passed_names(vault)
    return judge_answers(found.form, found.answers, today=vault.today(), known_names=names)


def passed_names(vault: Vault) -> tuple[str, ...]:
    """Return the names that the privacy check passes: adults here, and words of schools' names."""
    with vault.reading() as session:
        adults = [person.name for person in people(session)]
        named = [read_owner(session).name, *(s.name for s in schools(session))]
        named += [post.school for post in posts(session)]
    pairs = [" ".join(pair) for name in named for pair in pairwise(name.split())]
    return (*adults, *(user.name for user in vault.users()), *named, *pairs)


def close_visit(vault: Vault, visit: VisitId) -> None:
    """Close a visit, so that it can be signed.

    Raises:
        InputError: something is missing, a “no” or “partly” has no action, or the same check was
            made on that day already; nothing changed.
        StateError: it is closed already.

    """
    errors = judge_visit(vault, visit).error_words()
    with vault.changing("visit closed", f"visit/{visit}") as session:
        row = _in_state(session, visit, "draft")
        if errors:
            more = f" There are {len(errors) - 1} more to mend." if len(errors) > 1 else ""
            raise InputError(f"The visit cannot be closed yet. {errors[0]}{more}")
        for other in visits(session, row.urn):
            if (
                other.root != row.root and other.state != "draft"
                and (other.form_id, other.visited_on) == (row.form_id, row.visited_on)
            ):  # fmt: skip
                raise InputError(
                    "This check was made on the same day already. Amend that visit, or mend the "
                    "day of this one."
                )
        row.state, row.closed_at = "closed", vault.now()
        session.add(row)


def explain(vault: Vault, visit: VisitId, explanations: Mapping[str, str]) -> None:
    """Keep what the governor says to the questions before signing; raises StateError if signed."""
    with vault.changing("visit explained", f"visit/{visit}") as session:
        row = session.get_one(VisitRow, visit)
        if row.state not in {"draft", "closed"}:
            raise StateError("This visit is signed; amend it to say more. Nothing was changed.")
        row.explanations = _json({r: w.strip() for r, w in explanations.items() if w.strip()})
        session.add(row)


def amend_visit(vault: Vault, visit: VisitId, reason: str) -> VisitId:
    """Open a closed or signed visit again as a new version; the old one is kept as it is.

    Raises:
        InputError: there is no reason.
        StateError: it is neither closed nor signed here.

    """
    if not reason.strip():
        raise InputError("Say why the visit is amended: both versions are kept with the reason.")
    made = VisitId(str(uuid.uuid4()))
    with vault.changing("visit amended", f"visit/{visit}") as session:
        row = session.get_one(VisitRow, visit)
        if row.state not in {"closed", "signed"}:
            raise StateError("Only a visit that is closed or signed here can be amended.")
        was_sent = row.state == "signed"
        session.add(
            VisitRow(
                id=made, root=row.root or row.id, urn=row.urn, form_id=row.form_id,
                form_version=row.form_version, visited_on=row.visited_on, answers=row.answers,
                governor=row.governor, revision=row.revision + was_sent, amends=row.id,
                amend_reason=reason.strip(), explanations=row.explanations,
                reported_on=row.reported_on,
                # What the readers hold, which the next version follows.
                payload_sha256=row.payload_sha256, school_sha256=row.school_sha256,
            )
        )  # fmt: skip
        row.state = "amended"
        session.add(row)
    return made


def put_aside(vault: Vault, visit: VisitId) -> None:
    """Put a draft aside; what it would have amended counts again. ``take_up`` undoes it."""
    with vault.changing("visit put aside", f"visit/{visit}") as session:
        row = _in_state(session, visit, "draft")
        row.state = "put_aside"
        session.add(row)
        if row.amends:
            before = session.get_one(VisitRow, row.amends)
            before.state = "signed" if before.signed_at else "closed"
            session.add(before)


def take_up(vault: Vault, visit: VisitId) -> None:
    """Take up again a draft that was put aside."""
    with vault.changing("visit taken up again", f"visit/{visit}") as session:
        row = _in_state(session, visit, "put_aside")
        if row.amends:
            before = session.get_one(VisitRow, row.amends)
            if before.state == "amended":
                raise StateError("Another amendment was begun since. Nothing was changed.")
            before.state = "amended"
            session.add(before)
        row.state = "draft"
        session.add(row)


def mark_signed(
    session: Session, visit: VisitId, *, at: str, payload_sha256: str, school_sha256: str
) -> None:
    """Note that a closed visit was signed and packed; raises StateError in any other state."""
    row = _in_state(session, visit, "closed")
    row.state, row.signed_at = "signed", at
    row.payload_sha256, row.school_sha256 = payload_sha256, school_sha256
    session.add(row)


def sent_before(session: Session, visit: VisitId) -> tuple[str | None, str | None]:
    """Return the hashes of the payloads that a visit's next version follows: trust, school."""
    row = session.get_one(VisitRow, visit)
    return (row.payload_sha256, row.school_sha256) if row.revision > 1 else (None, None)


def visits(
    session: Session, urn: int | None = None, *, with_past: bool = False
) -> tuple[Visit, ...]:
    """Return the visits to all schools or one, newest first; amended ones only if asked for."""
    rows = session.exec(
        select(VisitRow).order_by(col(VisitRow.visited_on).desc(), col(VisitRow.revision).desc())
    ).all()
    wanted = [row for row in rows if urn is None or row.urn == urn]
    kept = kept_forms(session, (row.form_id for row in wanted))
    found = (_visit(row, kept) for row in wanted)
    return tuple(visit for visit in found if with_past or not visit.is_past)


def read_visit(vault: Vault, visit: VisitId) -> Visit:
    """Return one visit."""
    with vault.reading() as session:
        return visit_of(session, session.get_one(VisitRow, visit))


def visit_of(session: Session, row: VisitRow) -> Visit:
    """Return a row as the value that is handed out."""
    return _visit(row, kept_forms(session, (row.form_id,)))


def _visit(row: VisitRow, kept: Mapping[tuple[str, str], KeptForm]) -> Visit:
    return Visit(
        VisitId(row.id), row.urn, row.form_id, row.form_version, row.visited_on,
        json.loads(row.answers), row.state, row.governor, row.signed_at or "", row.revision,
        row.root or row.id, VisitId(row.amends) if row.amends else None, row.amend_reason,
        json.loads(row.explanations), json.loads(row.responses), row.responded_by,
        row.responded_on, row.reported_on, kept.get((row.form_id, row.form_version)),
    )  # fmt: skip


def _in_state(session: Session, visit: VisitId, state: str) -> VisitRow:
    row = session.get_one(VisitRow, visit)
    if row.state != state:
        words = _STATES[row.state][1]
        raise StateError(f"This visit is in the state “{words}”. Nothing was changed.")
    return row


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False)
