"""The weeks of a term: held, held late, not held with a reason, missing; and the longest gap.

Source: the trust's plan asks for a meeting each week; the rules are those of the domain reference,
section 1: a week expects one if it has three or more school days, the current week is due.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from sqlmodel import Session, select

from odbst_desktop.errors import InputError
from odbst_desktop.meetings.log import meetings
from odbst_desktop.meetings.records import WeekRow
from odbst_desktop.school.calendar import Term, week_of
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.shipped import shipped_yaml

_WEEK = timedelta(days=7)


class WeekState(StrEnum):
    """How a week that expects a meeting stands; the value is shown."""

    HELD = "✓ Held"
    LATE = "◐ Held late"
    NOT_HELD = "– Not held"
    MISSING = "✗ No meeting"
    DUE = "○ Due"
    NOT_YET = "· Not yet"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a week had no meeting; ``removes`` takes it out of the weeks that expected one."""

    id: str
    label: str
    removes: bool


@dataclass(frozen=True, slots=True)
class Week:
    """A week that expects a meeting, by its Monday."""

    monday: date
    state: WeekState
    held_on: tuple[date, ...] = ()
    reason: str = ""
    note: str = ""

    @property
    def counts(self) -> bool:
        """Say whether the week is over or held, and not taken out by a closure."""
        if self.state in {WeekState.DUE, WeekState.NOT_YET}:
            return False
        return not any(r.id == self.reason and r.removes for r in reasons())

    @property
    def is_held(self) -> bool:
        """Say whether it had a meeting, in time or late."""
        return self.state in {WeekState.HELD, WeekState.LATE}

    @property
    def reason_words(self) -> str:
        """Return why it had none, with the note."""
        label = next((r.label for r in reasons() if r.id == self.reason), "")
        return f"{label}: {self.note}" if self.note else label


@dataclass(frozen=True, slots=True)
class Coverage:
    """Weeks that expected a meeting and are over, and how many of them had one."""

    held: int
    expected: int
    late: int = 0
    longest_gap: int = 0

    @property
    def words(self) -> str:
        """Return e.g. “11 of 12 weeks”."""
        return f"{self.held} of {self.expected} weeks"

    @property
    def gap_words(self) -> str:
        """Return in words what the share does not tell: late weeks and the longest gap."""
        late = f"{self.late} of them held late. " if self.late else ""
        weeks = "1 week" if self.longest_gap == 1 else f"{self.longest_gap} weeks"
        gap = f"The longest gap was {weeks}." if self.longest_gap else "There was no gap."
        return late + gap


@cache
def reasons() -> tuple[Reason, ...]:
    """Return the reasons for a week without a meeting."""
    content = shipped_yaml("resources/meeting_weeks.yaml")["reasons"]
    return tuple(Reason(e["id"], e["label"], bool(e.get("removes"))) for e in content)


def judged_weeks(
    expected: Collection[date],
    held: Mapping[date, tuple[date, ...]],
    noted: Mapping[date, tuple[str, str]],
    today: date,
) -> tuple[Week, ...]:
    """Return how each expected week stands; all keys are Mondays.

    Of two meetings in one week, or of one in a week that expects none, the first was held late for
    the week before, if that had none.
    """
    found: list[Week] = []
    for monday in sorted(expected):
        following = held.get(monday + _WEEK, ())
        spare = following if monday + _WEEK not in expected else following[:-1]
        reason, note = noted.get(monday, ("", ""))
        if own := held.get(monday, ()):
            found.append(Week(monday, WeekState.HELD, own))
        elif spare:
            found.append(Week(monday, WeekState.LATE, spare[:1]))
        elif reason:
            found.append(Week(monday, WeekState.NOT_HELD, (), reason, note))
        elif monday < week_of(today):
            found.append(Week(monday, WeekState.MISSING))
        else:
            is_due = monday == week_of(today)
            found.append(Week(monday, WeekState.DUE if is_due else WeekState.NOT_YET))
    return tuple(found)


def coverage_of(weeks: Collection[Week]) -> Coverage:
    """Return what judged weeks add up to."""
    counting = [week for week in weeks if week.counts]
    longest = run = 0
    for week in counting:
        run = 0 if week.is_held else run + 1
        longest = max(longest, run)
    return Coverage(
        sum(week.is_held for week in counting), len(counting),
        sum(week.state is WeekState.LATE for week in counting), longest,
    )  # fmt: skip


def term_weeks(session: Session, term: Term, today: date) -> tuple[Week, ...]:
    """Return the weeks of a term that expect a meeting, with the closed meetings of each."""
    held: dict[date, tuple[date, ...]] = {}
    # A meeting of the week after the last may be that week's, held late.
    for meeting in reversed(meetings(session, term.opens, term.closes + _WEEK)):
        if meeting.is_closed:
            monday = week_of(meeting.held_on)
            held[monday] = (*held.get(monday, ()), meeting.held_on)
    rows = session.exec(select(WeekRow)).all()
    noted = {row.monday: (row.reason, row.note) for row in rows}
    return judged_weeks(term.meeting_weeks(), held, noted, today)


def note_week(session: Session, monday: date, reason: str, note: str, today: date) -> None:
    """Note why a week had no meeting; a blank reason takes the note away.

    Raises:
        InputError: the week lies ahead, has a meeting, or the reason is not of the list.

    """
    if monday > week_of(today):
        raise InputError("This week lies ahead: note the reason when it has come.")
    if reason and reason not in {known.id for known in reasons()}:
        raise InputError("Choose one of the reasons.")
    if reason == "other" and not note.strip():
        raise InputError("Say what the other reason was.")
    here = [m for m in meetings(session, monday, monday + _WEEK - timedelta(days=1)) if m.is_closed]
    if here:
        raise InputError(f"This week had its meeting on {show_date(here[0].held_on)}.")
    row = session.get(WeekRow, monday)
    if not reason:
        if row is not None:
            session.delete(row)
        return
    session.merge(WeekRow(monday=monday, reason=reason, note=note.strip()))
