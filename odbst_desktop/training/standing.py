"""Where somebody stands with a course, worked out from what was completed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from odbst_desktop.training.catalogue import (
    Course,
    due_soon_days,
    early_renewal_days,
    months_later,
)


class Status(Enum):
    """Where somebody stands with a course; the value is the word shown."""

    IN_DATE = "In date"
    DUE_SOON = "Due soon"
    OVERDUE = "Overdue"
    NEVER = "Not yet"
    BOOKED = "Booked"
    EXEMPT = "Exempt"
    NOT_REQUIRED = "Not required"

    @property
    def sign(self) -> str:
        """Return a shape, so that colour is never the only sign."""
        return _SIGNS[self]


_SIGNS = {
    Status.IN_DATE: "✓", Status.DUE_SOON: "◔", Status.OVERDUE: "✗", Status.NEVER: "○",
    Status.BOOKED: "▷", Status.EXEMPT: "◇", Status.NOT_REQUIRED: "–",
}  # fmt: skip


class Done(NamedTuple):
    """A course completed; ``expires_on`` is what a certificate states, if it does."""

    completed_on: date
    expires_on: date | None = None
    edition: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A person and a course on a day.

    ``until`` is the last day it holds, or for somebody who has not done it the day it was to be
    done by. ``counts`` says whether the person is trained, booked again or not.
    """

    status: Status
    completed_on: date | None = None
    until: date | None = None
    counts: bool = False
    booked_for: date | None = None
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Say whether something is to be done: overdue, due soon or not done, and not booked."""
        return self.status in {Status.OVERDUE, Status.DUE_SOON, Status.NEVER}


NOT_REQUIRED = Cell(Status.NOT_REQUIRED)


def held_until(course: Course, done: Sequence[Done], authority: str) -> date:
    """Return the last day on which a course counts; ``date.max`` if it never ends.

    ``done`` is in order of completion and not empty. A course renewed by months and taken again
    within ``early_renewal_days`` of its end keeps its anniversary; what a certificate states wins.
    """
    until = anchor = date.min
    periods = 0
    early = timedelta(days=early_renewal_days())
    for one in done:
        if one.expires_on is not None:
            ends, anchor, periods = one.expires_on, one.expires_on, 0
        elif course.renews == "months":
            is_early = until != date.min and until - early <= one.completed_on <= until
            if is_early:
                periods += 1
            else:
                anchor, periods = one.completed_on, 1
            ends = months_later(anchor, course.months * periods)
        else:
            ends = course.holds_until(one.completed_on, authority, edition=one.edition) or date.max
        until = max(until, ends)
    return until


def cell_on(
    course: Course,
    done: Sequence[Done],
    on: date,
    authority: str,
    *,
    required_since: date,
    booked_for: date | None = None,
    exempt_because: str = "",
) -> Cell:
    """Return where somebody who needs a course stands on a day."""
    if exempt_because:
        return Cell(Status.EXEMPT, reason=exempt_because)
    if not done:
        due = required_since + timedelta(days=course.grace_days)
        status = Status.BOOKED if booked_for else Status.NEVER
        return Cell(status, until=due, booked_for=booked_for)
    completed_on = done[-1].completed_on
    last = held_until(course, done, authority)
    if last == date.max:
        return Cell(Status.IN_DATE, completed_on, None, True)
    holds = last >= on
    if holds and last - on > timedelta(days=due_soon_days()):
        return Cell(Status.IN_DATE, completed_on, last, True)
    if booked_for:
        return Cell(Status.BOOKED, completed_on, last, holds, booked_for)
    return Cell(Status.DUE_SOON if holds else Status.OVERDUE, completed_on, last, holds)
