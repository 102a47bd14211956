"""The next steps of a signed return become actions in the school's one list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from odbst_desktop.actions.list import actions, add_action


def add_next_steps(
    session: Session, year: str, term: str, answers: Mapping[str, Any], today: date
) -> int:
    """Add each next step that is not in the list yet; return how many were added.

    Signing again after a change adds what is new and leaves what was added before.
    """
    origin = f"return/{year}/{term}"
    known = {action.title.casefold() for action in actions(session, origin=origin)}
    added = 0
    for row in answers.get("next_steps") or ():
        title, owner = str(row.get("step_text") or "").strip(), str(row.get("step_owner") or "")
        if not title or not owner.strip() or title.casefold() in known:
            continue
        due = date.fromisoformat(row["step_due"]) if row.get("step_due") else today
        add_action(
            session, title, owner, max(due, today), origin=origin, opened_on=today,
            measure=str(row.get("step_measure") or ""),
        )  # fmt: skip
        known.add(title.casefold())
        added += 1
    return added
