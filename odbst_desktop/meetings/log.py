"""Start, save and close weekly meetings."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NewType

from sqlmodel import Session, col, select

from odbst_desktop.actions.list import add_action
from odbst_desktop.errors import InputError, StateError
from odbst_desktop.form_engine.answers import check_types, evaluate, problem_words
from odbst_desktop.form_engine.definition import Choice, Form, with_choices
from odbst_desktop.form_engine.reading import shipped_form
from odbst_desktop.meetings.records import MeetingRow
from odbst_desktop.school.people import dsl_team, people
from odbst_desktop.school.references import categories, places, time_bands
from odbst_desktop.vault.vault import Vault

MeetingId = NewType("MeetingId", str)
"""A random UUID of a meeting."""

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A weekly meeting: a draft, or closed by somebody at a moment."""

    id: MeetingId
    held_on: date
    answers: Mapping[str, Any]
    is_closed: bool
    closed_at: str
    closed_by: str

    def concerns_total(self) -> int:
        """Return how many concerns were counted."""
        return sum(row.get("count") or 0 for row in self.answers.get("concerns", []))


def meeting_form(session: Session, *, on: date | None = None) -> Form:
    """Return the agenda with the lists filled in: the DSL team of a day, or everybody ever."""
    team = people(session) if on is None else dsl_team(session, on)
    return with_choices(
        shipped_form("meeting/agenda"),
        {
            "dsl_team": tuple(Choice(person.id, person.name) for person in team),
            "categories": tuple(Choice(c.id, c.label) for c in categories() if not c.is_tag),
            "places": tuple(Choice(place.id, place.label) for place in places()),
            "times": tuple(Choice(band.id, band.label) for band in time_bands()),
        },
    )


def start_meeting(vault: Vault, on: date | None = None) -> Meeting:
    """Begin a meeting: today's date, the DSL team and next week's date are filled in.

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
        answers: dict[str, Any] = {
            "held_on": day.isoformat(),
            "chair": team[0].id,
            "present": [person.id for person in team],
            "next_meeting": (day + _WEEK).isoformat(),
        }
        session.add(
            MeetingRow(
                id=meeting, held_on=day, answers=json.dumps(answers),
                form_version=shipped_form("meeting/agenda").version,
            )
        )  # fmt: skip
    return Meeting(meeting, day, answers, False, "", "")


def save_meeting(vault: Vault, meeting: MeetingId, answers: Mapping[str, Any]) -> None:
    """Keep the answers of a draft.

    Raises:
        InputError: an answer is of the wrong type; nothing was changed.
        StateError: the meeting is closed.

    """
    with vault.changing("meeting saved", f"meeting/{meeting}") as session:
        row = _draft(session, meeting)
        _refuse_wrong_types(meeting_form(session), answers)
        row.answers = json.dumps(dict(answers), ensure_ascii=False)
        if answers.get("held_on"):
            row.held_on = date.fromisoformat(answers["held_on"])
        session.add(row)


def close_meeting(vault: Vault, meeting: MeetingId) -> Meeting:
    """Close a meeting: it is locked, and each decision becomes an action.

    Raises:
        InputError: something is missing or does not agree; nothing was changed.
        StateError: it is closed already.

    """
    with vault.changing("meeting closed", f"meeting/{meeting}") as session:
        row = _draft(session, meeting)
        answers = json.loads(row.answers)
        form = meeting_form(session)
        errors = evaluate(form, answers, today=vault.today()).errors()
        if errors:
            raise InputError(
                f"The meeting cannot be closed yet. {problem_words(form, errors[0])}"
                + (f" There are {len(errors) - 1} more to mend." if len(errors) > 1 else "")
            )
        names = {person.id: person.name for person in people(session)}
        for decision in answers.get("decisions", []):
            add_action(
                session,
                decision["decision"],
                names.get(decision["owner"], decision["owner"]),
                date.fromisoformat(decision["due"]),
                origin=f"meeting/{meeting}",
                opened_on=row.held_on,
                measure=decision.get("measure") or "",
            )
        row.state, row.closed_at, row.closed_by = "closed", vault.now(), vault.user.name
        session.add(row)
    return read_meeting(vault, meeting)


def read_meeting(vault: Vault, meeting: MeetingId) -> Meeting:
    """Return one meeting."""
    with vault.reading() as session:
        return _meeting(session.get_one(MeetingRow, meeting))


def meetings(
    session: Session, first: date | None = None, last: date | None = None
) -> tuple[Meeting, ...]:
    """Return the meetings of a time, newest first."""
    rows = session.exec(select(MeetingRow).order_by(col(MeetingRow.held_on).desc())).all()
    return tuple(
        _meeting(row)
        for row in rows
        if (first is None or first <= row.held_on) and (last is None or row.held_on <= last)
    )


def _draft(session: Session, meeting: MeetingId) -> MeetingRow:
    row = session.get_one(MeetingRow, meeting)
    if row.state != "draft":
        raise StateError("This meeting is closed and cannot be changed. Nothing was changed.")
    return row


def _refuse_wrong_types(form: Form, answers: Mapping[str, Any]) -> None:
    wrong = check_types(form, answers)
    if wrong:
        raise InputError(f"“{wrong[0].field}” was not saved. {wrong[0].message}")


def _meeting(row: MeetingRow) -> Meeting:
    return Meeting(
        MeetingId(row.id), row.held_on, json.loads(row.answers), row.state == "closed",
        row.closed_at or "", row.closed_by or "",
    )  # fmt: skip
