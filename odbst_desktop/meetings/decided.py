"""What becomes of a meeting's decisions: actions, each with the measure that shows its effect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from odbst_desktop.actions.list import actions, add_action, amend_action, drop_action
from odbst_desktop.school.people import people

BASELINE_WEEKS = 6
"""A decision's measure starts from the count of so many weeks with a meeting before it."""

_REMOVED = "The amended minutes have this decision no longer."


def settle_actions(
    session: Session, origin: str, held_on: date, answers: Mapping[str, Any], today: date
) -> None:
    """Make an action of each decision; after an amendment change, add or drop them to match.

    Raises:
        InputError: a decision is due before it is made.

    """
    names = {person.id: person.name for person in people(session)}
    known = list(actions(session, origin=origin))
    for decision in answers.get("decisions", []):
        owner = names.get(decision["owner"], decision["owner"])
        due, measure = date.fromisoformat(decision["due"]), measure_words(decision)
        title = decision["decision"].strip()
        before = next((action for action in known if action.title == title), None)
        if before is not None:
            known.remove(before)
            amend_action(session, before.id, owner, due, measure)
            continue
        look_on = decision.get("look_on")
        add_action(
            session, title, owner, due, origin=origin, opened_on=held_on, measure=measure,
            check_on=date.fromisoformat(look_on) if look_on else None,
        )  # fmt: skip
    for action in known:
        if action.state == "open":
            drop_action(session, action.id, today, _REMOVED)


def measure_words(decision: Mapping[str, Any]) -> str:
    """Return how we shall know that a decision worked, with the count it starts from."""
    words = (decision.get("measure") or "").strip()
    baseline = decision.get("baseline")
    if baseline is None:
        return words
    start = f"{baseline} in the {BASELINE_WEEKS} weeks before"
    return f"{words} ({start})" if words else start.capitalize()
