"""Start, save and close weekly meetings, and amend them with a reason."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NewType

from sqlmodel import Session, col, select, text

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.form_engine.answers import check_types, evaluate, problem_words
from odbst_desktop.form_engine.definition import Choice, Form, with_choices
from odbst_desktop.form_engine.reading import shipped_form
from odbst_desktop.form_engine.starting import starting_answers
from odbst_desktop.form_library.definitions import form_for, keep_definition
from odbst_desktop.meetings.decided import settle_actions
from odbst_desktop.meetings.records import MeetingRow, MeetingVersionRow
from odbst_desktop.school.people import dsl_team, people
from odbst_desktop.school.references import categories, places, time_bands
from odbst_desktop.vault.vault import Vault

MeetingId = NewType("MeetingId", str)
"""A random UUID of a meeting."""

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A weekly meeting: a draft, or closed by somebody at a moment.

    ``reason`` says why this version was made, the first has none. ``amendment`` holds the answers
    of the next version while it is typed; until it is closed, ``answers`` stand. All are given
    under one version of the agenda.
    """

    id: MeetingId
    held_on: date
    answers: Mapping[str, Any]
    is_closed: bool
    closed_at: str
    closed_by: str
    version: int = 1
    reason: str = ""
    amendment: Mapping[str, Any] | None = None
    amendment_reason: str = ""
    form_version: str = ""

    @property
    def is_locked(self) -> bool:
        """Say whether nothing can be typed."""
        return self.is_closed and self.amendment is None

    @property
    def typed(self) -> Mapping[str, Any]:
        """Return the answers that an editor shows."""
        return self.answers if self.amendment is None else self.amendment

    @property
    def state_words(self) -> str:
        """Return its state with a sign."""
        if not self.is_closed:
            return "○ Draft"
        if self.amendment is not None:
            return "◐ Being amended"
        return "✓ Closed" if self.version == 1 else f"✓ Version {self.version}"

    def concerns_total(self) -> int:
        """Return how many concerns were counted."""
        return sum(row.get("count") or 0 for row in self.answers.get("concerns", []))


def plain_meeting_form() -> Form:
    """Return the agenda in the version in use, without the lists that only a vault knows."""
    return shipped_form("meeting/agenda")


def meeting_form(session: Session, version: str = "", *, on: date | None = None) -> Form:
    """Return the agenda with the lists filled in: the DSL team of a day, or everybody ever.

    ``version`` is the one that answers were given under, blank for the one in use.
    """
    team = people(session) if on is None else dsl_team(session, on)
    form = plain_meeting_form()
    return with_choices(
        form_for(session, form, version) if version else form,
        {
            "dsl_team": tuple(Choice(person.id, person.name) for person in team),
            "categories": tuple(Choice(c.id, c.label) for c in categories() if not c.is_tag),
            "places": tuple(Choice(place.id, place.label) for place in places()),
            "times": tuple(Choice(band.id, band.label) for band in time_bands()),
        },
    )


def start_meeting(vault: Vault, on: date | None = None) -> Meeting:
    """Begin a meeting: date, DSL team, next week's date and the children to discuss again.

    Raises:
        InputError: the school has no DSL yet.

    """
    day = on or vault.today()
    meeting = MeetingId(str(uuid.uuid4()))
    with vault.changing("meeting started", f"meeting/{meeting}") as session:
        team = dsl_team(session, day)
        if not team:
            raise InputError(
                "Nobody is the DSL yet. Add the DSL and the deputies on the tab Training, then "
                "begin the meeting."
            )
        form = plain_meeting_form()
        keep_definition(session, form, at=vault.now())
        answers: dict[str, Any] = {
            **starting_answers(form, today=day),
            "held_on": day.isoformat(),
            "chair": team[0].id,
            "present": [person.id for person in team],
            "next_meeting": (day + _WEEK).isoformat(),
        }
        again = _children_again(session, day)
        if again:
            answers["children"] = again
        session.add(
            MeetingRow(
                id=meeting, held_on=day, answers=json.dumps(answers),
                form_version=form.version,
            )
        )  # fmt: skip
    return Meeting(meeting, day, answers, False, "", "", form_version=form.version)


def save_meeting(vault: Vault, meeting: MeetingId, answers: Mapping[str, Any]) -> None:
    """Keep the answers of a draft or of an amendment.

    Raises:
        InputError: an answer is of the wrong type; nothing was changed.
        StateError: the meeting is closed and is not being amended.

    """
    with vault.changing("meeting saved", f"meeting/{meeting}") as session:
        row = _open_row(session, meeting)
        _refuse_wrong_types(meeting_form(session, row.form_version), answers)
        kept = json.dumps(dict(answers), ensure_ascii=False)
        if row.amendment is not None:
            row.amendment = kept
        else:
            row.answers = kept
            if answers.get("held_on"):
                row.held_on = date.fromisoformat(answers["held_on"])
        session.add(row)


def close_meeting(vault: Vault, meeting: MeetingId) -> Meeting:
    """Close a meeting or its amendment: it is locked, and each decision is an action.

    The version before an amendment is kept as it was.

    Raises:
        InputError: something is missing or does not agree; nothing was changed.
        StateError: it is closed already.

    """
    with vault.changing("meeting closed", f"meeting/{meeting}") as session:
        row = _open_row(session, meeting)
        answers = json.loads(row.answers if row.amendment is None else row.amendment)
        refuse_unfinished(session, answers, vault.today(), row.form_version)
        if row.amendment is not None:
            _keep_version(session, row)
        row.held_on = date.fromisoformat(answers["held_on"])
        settle_actions(session, f"meeting/{meeting}", row.held_on, answers, vault.today())
        row.state, row.closed_at, row.closed_by = "closed", vault.now(), vault.user.name
        session.add(row)
    return read_meeting(vault, meeting)


def refuse_unfinished(
    session: Session, answers: Mapping[str, Any], today: date, version: str
) -> None:
    """Refuse answers that cannot be closed; raises InputError with the first fault."""
    form = meeting_form(session, version)
    errors = evaluate(form, answers, today=today).errors()
    if errors:
        raise InputError(
            f"The meeting cannot be closed yet. {problem_words(form, errors[0])}"
            + (f" There are {len(errors) - 1} more to mend." if len(errors) > 1 else "")
        )


def amend_meeting(vault: Vault, meeting: MeetingId, reason: str) -> Meeting:
    """Open a closed meeting for a next version; what was closed stands until that is closed.

    Raises:
        InputError: no reason is given.
        StateError: it is not closed, or is being amended already.

    """
    if not reason.strip():
        raise InputError(
            "Say why the minutes are amended: both versions are kept, with the reason."
        )
    with vault.changing("meeting amended", f"meeting/{meeting}") as session:
        row = session.get_one(MeetingRow, meeting)
        if row.state != "closed" or row.amendment is not None:
            raise StateError("Only closed minutes are amended. Nothing was changed.")
        row.amendment, row.amendment_reason = row.answers, reason.strip()
        session.add(row)
    return read_meeting(vault, meeting)


def drop_amendment(vault: Vault, meeting: MeetingId) -> Meeting:
    """Leave a closed meeting as it was; raises StateError if it is not being amended."""
    with vault.changing("amendment dropped", f"meeting/{meeting}") as session:
        row = session.get_one(MeetingRow, meeting)
        if row.amendment is None:
            raise StateError("These minutes are not being amended. Nothing was changed.")
        row.amendment, row.amendment_reason = None, ""
        session.add(row)
    return read_meeting(vault, meeting)


def earlier_versions(session: Session, meeting: MeetingId) -> tuple[Meeting, ...]:
    """Return a meeting as it was closed before each amendment, oldest first."""
    query = (
        select(MeetingVersionRow)
        .where(MeetingVersionRow.meeting_id == meeting)
        .order_by(col(MeetingVersionRow.version))
    )
    return tuple(
        Meeting(
            meeting, row.held_on, json.loads(row.answers), True, row.closed_at or "",
            row.closed_by or "", row.version, row.reason, form_version=row.form_version,
        )
        for row in session.exec(query).all()
    )  # fmt: skip


def read_meeting(vault: Vault, meeting: MeetingId) -> Meeting:
    """Return one meeting."""
    with vault.reading() as session:
        return _meeting(session.get_one(MeetingRow, meeting))


def meetings(
    session: Session, first: date | None = None, last: date | None = None
) -> tuple[Meeting, ...]:
    """Return the meetings of a time, newest first."""
    query = select(MeetingRow).order_by(col(MeetingRow.held_on).desc(), text("rowid DESC"))
    if first is not None:
        query = query.where(MeetingRow.held_on >= first)
    if last is not None:
        query = query.where(MeetingRow.held_on <= last)
    return tuple(_meeting(row) for row in session.exec(query).all())


def _children_again(session: Session, day: date) -> list[dict[str, Any]]:
    """Return the children whom the meeting before said to discuss again, without what was said."""
    before = meetings(session, last=day)
    rows = before[0].answers.get("children", []) if before else []
    return [
        {name: row[name] for name in ("reference", "reason") if row.get(name)}
        for row in rows
        if row.get("again") and row.get("reference")
    ]


def _keep_version(session: Session, row: MeetingRow) -> None:
    session.add(
        MeetingVersionRow(
            meeting_id=row.id, version=row.version, held_on=row.held_on,
            form_version=row.form_version, answers=row.answers, closed_at=row.closed_at,
            closed_by=row.closed_by, reason=row.reason,
        )
    )  # fmt: skip
    row.answers, row.reason = row.amendment or row.answers, row.amendment_reason
    row.amendment, row.amendment_reason, row.version = None, "", row.version + 1


def _open_row(session: Session, meeting: MeetingId) -> MeetingRow:
    row = session.get_one(MeetingRow, meeting)
    if row.state != "draft" and row.amendment is None:
        raise StateError("This meeting is closed and cannot be changed. Nothing was changed.")
    return row


def _refuse_wrong_types(form: Form, answers: Mapping[str, Any]) -> None:
    wrong = check_types(form, answers)
    if wrong:
        raise InputError(f"“{wrong[0].field}” was not saved. {wrong[0].message}")


def _meeting(row: MeetingRow) -> Meeting:
    return Meeting(
        MeetingId(row.id), row.held_on, json.loads(row.answers), row.state == "closed",
        row.closed_at or "", row.closed_by or "", row.version, row.reason,
        None if row.amendment is None else json.loads(row.amendment), row.amendment_reason,
        row.form_version,
    )  # fmt: skip
