"""Add, close, drop and carry actions; say what is open and what is overdue."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import NewType

from sqlmodel import Session, col, select

from odbst_desktop.actions.records import ActionRow
from odbst_desktop.errors import InputError, StateError

ActionId = NewType("ActionId", str)
"""A random UUID of an action."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something somebody is to do.

    ``origin`` is e.g. ``meeting/ID``, ``state`` one of open, done, dropped;
    ``measure`` says how we shall know that it worked, ``outcome`` what came of it.
    """

    id: ActionId
    title: str
    owner: str
    due: date
    origin: str
    measure: str
    state: str
    opened_on: date
    closed_on: date | None
    outcome: str
    times_carried: int

    def is_overdue_on(self, day: date) -> bool:
        """Say whether it should have been done before a day."""
        ended = self.closed_on is not None and self.closed_on <= day
        return self.due < day and not ended

    def days_open_on(self, day: date) -> int:
        """Return the days since it was opened."""
        return (day - self.opened_on).days


@dataclass(frozen=True, slots=True)
class ActionCounts:
    """How many actions of a time were opened and closed, and are overdue at its end."""

    opened: int
    closed: int
    overdue: int


def add_action(
    session: Session,
    title: str,
    owner: str,
    due: date,
    *,
    origin: str,
    opened_on: date,
    measure: str = "",
) -> ActionId:
    """Add an action.

    Raises:
        InputError: it says not what is to be done, or by whom, or is due before it is opened.

    """
    if not title.strip() or not owner.strip():
        raise InputError("An action needs what is to be done and who does it.")
    if due < opened_on:
        raise InputError(f"“{title.strip()[:60]}” is due before it is decided. Mend its date.")
    row = ActionRow(
        id=str(uuid.uuid4()), title=title.strip(), owner=owner.strip(), due=due, origin=origin,
        opened_on=opened_on, measure=measure.strip(),
    )  # fmt: skip
    session.add(row)
    return ActionId(row.id)


def close_action(session: Session, action: ActionId, on: date, outcome: str) -> None:
    """Note that an action is done, and what came of it; raises StateError if it is not open."""
    _end(session, action, on, outcome, "done")


def drop_action(session: Session, action: ActionId, on: date, reason: str) -> None:
    """Drop an action for a reason.

    Raises:
        InputError: there is no reason.
        StateError: it is not open.

    """
    if not reason.strip():
        raise InputError("Say why the action is dropped: the minutes keep it.")
    _end(session, action, on, reason, "dropped")


def carry_action(session: Session, action: ActionId, new_due: date) -> None:
    """Give an open action a later day, and count that it was carried.

    Raises:
        InputError: the day is not later.
        StateError: it is not open.

    """
    row = _open_row(session, action)
    if new_due <= row.due:
        raise InputError("Choose a later day than the one the action had.")
    row.due, row.times_carried = new_due, row.times_carried + 1
    session.add(row)


def actions(session: Session, *, origin: str | None = None) -> tuple[Action, ...]:
    """Return all actions, or those of one meeting, visit or return, soonest due first."""
    query = select(ActionRow).order_by(col(ActionRow.due), col(ActionRow.title))
    if origin is not None:
        query = query.where(ActionRow.origin == origin)
    return tuple(_action(row) for row in session.exec(query).all())


def open_actions(session: Session) -> tuple[Action, ...]:
    """Return what is still to be done, soonest due first."""
    return tuple(action for action in actions(session) if action.state == "open")


def count_actions(session: Session, first: date, last: date) -> ActionCounts:
    """Return the counts of the days from ``first`` to ``last``."""
    known = actions(session)
    return ActionCounts(
        opened=sum(first <= a.opened_on <= last for a in known),
        closed=sum(a.closed_on is not None and first <= a.closed_on <= last for a in known),
        overdue=sum(a.is_overdue_on(last) and a.opened_on <= last for a in known),
    )


def _open_row(session: Session, action: ActionId) -> ActionRow:
    row = session.get_one(ActionRow, action)
    if row.state != "open":
        raise StateError(f"“{row.title[:60]}” is {row.state} already. Nothing was changed.")
    return row


def _end(session: Session, action: ActionId, on: date, words: str, state: str) -> None:
    row = _open_row(session, action)
    row.state, row.closed_on, row.outcome = state, on, words.strip()
    session.add(row)


def _action(row: ActionRow) -> Action:
    return Action(
        ActionId(row.id), row.title, row.owner, row.due, row.origin, row.measure, row.state,
        row.opened_on, row.closed_on, row.outcome, row.times_carried,
    )  # fmt: skip
