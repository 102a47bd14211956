"""The next steps of a return become actions in the school's one list when the DSL signs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from odbst_desktop.actions.list import actions, add_action, amend_action, drop_action

_REMOVED = "The return was signed anew without this step."


def origin_of(year: str, term: str) -> str:
    """Return the origin of the actions of a term's return, whatever its revision."""
    return f"return/{year}/{term}"


def settle_next_steps(
    session: Session, year: str, term: str, answers: Mapping[str, Any], today: date
) -> None:
    """Make an action of each next step; signed anew, they are changed, added or dropped to match.

    Raises:
        InputError: a step is due before today.

    """
    origin = origin_of(year, term)
    left = [action for action in actions(session, origin=origin) if action.state != "dropped"]
    for step in answers.get("next_steps") or []:
        title, due = str(step["step_text"]).strip(), date.fromisoformat(step["step_due"])
        owner, measure = str(step["step_owner"]), str(step.get("step_measure") or "")
        before = next((action for action in left if action.title == title), None)
        if before is None:
            add_action(session, title, owner, due, origin=origin, opened_on=today, measure=measure)
            continue
        left.remove(before)
        if before.state == "open":
            amend_action(session, before.id, owner, due, measure)
    for action in left:
        if action.state == "open":
            drop_action(session, action.id, today, _REMOVED)
