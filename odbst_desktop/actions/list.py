"""Add, close, drop, carry and reassign actions; say what is open, overdue and to be looked at."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NewType

from sqlmodel import Session, col, select

from odbst_desktop.actions.records import ActionRow
from odbst_desktop.errors import InputError, StateError

ActionId = NewType("ActionId", str)
"""A random UUID of an action."""

PRESSING_AFTER = timedelta(days=14)
PRESSING_TIMES = 3
"""An action overdue for longer, or carried as often, is pressing and said first (our reading)."""

_ORIGINS = {"meeting": "Meeting", "visit": "Visit", "return": "Return", "review": "Review",
            "compliance": "Register"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Action:
    """Something somebody is to do.

    ``origin`` is e.g. ``meeting/ID``, ``state`` one of open, done, dropped;
    ``measure`` says how we shall know that it worked, ``outcome`` what came of it, ``evidence``
    where that is seen, ``check_on`` when its effect is looked at and ``effect`` what was found.
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
    evidence: str = ""
    check_on: date | None = None
    checked_on: date | None = None
    effect: str = ""

    @property
    def origin_words(self) -> str:
        """Return in a word where it comes from."""
        return _ORIGINS.get(self.origin.partition("/")[0], "Other")

    def is_pressing_on(self, day: date) -> bool:
        """Say whether it was put off so long or so often that it has to be spoken of."""
        is_late = self.is_overdue_on(day) and day - self.due > PRESSING_AFTER
        return self.state == "open" and (is_late or self.times_carried >= PRESSING_TIMES)

    def is_to_check_on(self, day: date) -> bool:
        """Say whether its effect is to be looked at by a day and was not yet."""
        is_planned = self.check_on is not None and self.check_on <= day
        return is_planned and self.checked_on is None and self.state != "dropped"

    def state_words_on(self, day: date) -> str:
        """Return its state with a sign."""
        if self.state == "done":
            return "◇ Look at effect" if self.is_to_check_on(day) else "✓ Done"
        if self.state == "dropped":
            return "– Dropped"
        if self.is_pressing_on(day):
            return "‼ Pressing"
        return "✗ Overdue" if self.is_overdue_on(day) else "○ Open"

    def carried_words_on(self, day: date) -> str:
        """Return e.g. “carried 3 times, 41 days”."""
        times = "once" if self.times_carried == 1 else f"{self.times_carried} times"
        days = self.days_open_on(day)
        since = f"{days} day" + ("" if days == 1 else "s")
        return f"carried {times}, {since}" if self.times_carried else since

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
    check_on: date | None = None,
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
        opened_on=opened_on, measure=measure.strip(), check_on=check_on,
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


def reassign_action(session: Session, action: ActionId, owner: str) -> None:
    """Give an open action to somebody else.

    Raises:
        InputError: nobody is named.
        StateError: it is not open.

    """
    if not owner.strip():
        raise InputError("Say who takes the action over.")
    row = _open_row(session, action)
    row.owner = owner.strip()
    session.add(row)


def note_evidence(session: Session, action: ActionId, words: str) -> None:
    """Note where it is seen that an action was done; raises InputError if nothing is said."""
    if not words.strip():
        raise InputError(
            "Say where the evidence is, e.g. a file in the office or a CPOMS reference."
        )
    row = session.get_one(ActionRow, action)
    row.evidence = words.strip()
    session.add(row)


def plan_check(session: Session, action: ActionId, day: date) -> None:
    """Set the day on which an action's effect is looked at.

    Raises:
        InputError: the day lies before the action was opened.
        StateError: it was dropped.

    """
    row = session.get_one(ActionRow, action)
    if row.state == "dropped":
        raise StateError(f"“{row.title[:60]}” was dropped: it has no effect to look at.")
    if day < row.opened_on:
        raise InputError("Choose a day after the one on which the action was agreed.")
    row.check_on, row.checked_on, row.effect = day, None, ""
    session.add(row)


def note_effect(session: Session, action: ActionId, on: date, words: str) -> None:
    """Note what was found when an action's effect was looked at; raises InputError if nothing."""
    if not words.strip():
        raise InputError("Say what you found: did the figure fall, rise or stay?")
    row = session.get_one(ActionRow, action)
    row.checked_on, row.effect = on, words.strip()
    session.add(row)


def amend_action(session: Session, action: ActionId, owner: str, due: date, measure: str) -> None:
    """Change an open action as amended minutes have it; one that ended stays as it is."""
    row = session.get_one(ActionRow, action)
    if row.state == "open":
        row.owner, row.measure = owner.strip(), measure.strip()
        # What was carried to a later day since stays carried.
        row.due = max(row.due, due) if row.times_carried else due
        session.add(row)


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
        row.opened_on, row.closed_on, row.outcome, row.times_carried, row.evidence, row.check_on,
        row.checked_on, row.effect,
    )  # fmt: skip
