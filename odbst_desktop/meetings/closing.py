"""What is to be said before a meeting is closed: no quorum, unfinished lines, late actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from odbst_desktop.actions.list import open_actions
from odbst_desktop.form_engine.answers import check_types, evaluate, problem_words
from odbst_desktop.meetings.log import Meeting, meeting_form


def close_remarks(session: Session, meeting: Meeting, today: date) -> tuple[str, ...]:
    """Return what may be closed all the same, but is to be known; an error is not among them."""
    answers = meeting.typed
    form = meeting_form(session, meeting.form_version)
    said = []
    if not check_types(form, answers):
        warnings = evaluate(form, answers, today=today).warnings()
        said += [problem_words(form, problem) for problem in warnings]
    said += _unfinished(answers)
    held = meeting.held_on
    late = [
        action
        for action in open_actions(session)
        if action.is_overdue_on(held) and action.opened_on < held
    ]
    if late:
        count = "1 overdue action is" if len(late) == 1 else f"{len(late)} overdue actions are"
        said.append(f"{count} neither done, carried nor dropped; the next agenda has them first.")
    return tuple(said)


def _unfinished(answers: Mapping[str, Any]) -> list[str]:
    said = []
    if not answers.get("concerns"):
        said.append("No concern is counted. If there was none, that is right.")
    open_ends = [
        row["reference"]
        for row in answers.get("children", [])
        if row.get("reference") and not row.get("next_step") and not row.get("again")
    ]
    if open_ends:
        names = ", ".join(open_ends[:5]) + (" and more" if len(open_ends) > 5 else "")
        said.append(f"No next step is noted for {names}.")
    plain = [row for row in answers.get("decisions", []) if not row.get("measure")]
    if plain:
        count = "1 decision says" if len(plain) == 1 else f"{len(plain)} decisions say"
        said.append(f"{count} not how we shall know that it worked.")
    return said
