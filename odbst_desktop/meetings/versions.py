"""Meetings and the versions of their agenda: moving a draft on, and where counts stop comparing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlmodel import Session

from odbst_desktop.errors import StateError
from odbst_desktop.form_engine.versions import Moved, break_between, moved_answers
from odbst_desktop.form_library.definitions import form_for, keep_definition
from odbst_desktop.meetings.log import Meeting, MeetingId, meeting_form, plain_meeting_form
from odbst_desktop.meetings.records import MeetingRow
from odbst_desktop.school.calendar import week_of
from odbst_desktop.vault.vault import Vault

_COUNTED = ("count", "category")
"""The questions of the agenda that a week's figure comes from."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first week whose counts mean something else than those before it, and why."""

    monday: date
    why: str


def move_meeting(vault: Vault, meeting: MeetingId) -> Moved:
    """Move a draft to the agenda in use; what has no place there is named in what comes back.

    Raises:
        StateError: it is closed, and stays readable under its own version; nothing was changed.

    """
    with vault.changing("meeting moved to another version", f"meeting/{meeting}") as session:
        row = session.get_one(MeetingRow, meeting)
        if row.state != "draft":
            raise StateError("Only a draft moves to another version. Nothing was changed.")
        old, new = meeting_form(session, row.form_version), meeting_form(session)
        moved = moved_answers(old, new, json.loads(row.answers))
        row.answers = json.dumps(dict(moved.answers), ensure_ascii=False)
        row.form_version = new.version
        keep_definition(session, plain_meeting_form(), at=vault.now())
        session.add(row)
    return moved


def count_breaks(session: Session, closed: Iterable[Meeting]) -> tuple[Break, ...]:
    """Return where the counts of closed meetings stop comparing, oldest first."""
    found = []
    current = plain_meeting_form()
    in_order = sorted(closed, key=lambda meeting: meeting.held_on)
    for before, after in pairwise(in_order):
        if before.form_version == after.form_version:
            continue
        old = form_for(session, current, before.form_version)
        new = form_for(session, current, after.form_version)
        why = next(filter(None, (break_between(old, new, name) for name in _COUNTED)), "")
        if why:
            found.append(Break(week_of(after.held_on), why))
    return tuple(found)
