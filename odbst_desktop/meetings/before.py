"""What a meeting starts from: open actions, what decisions expected to see, children to discuss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from odbst_desktop.actions.list import Action, actions, open_actions
from odbst_desktop.meetings.decided import BASELINE_WEEKS
from odbst_desktop.meetings.log import Meeting, MeetingId, meetings
from odbst_desktop.meetings.recent import RecentCounts, recent_counts
from odbst_desktop.school.calendar import AcademicYear, week_of, year_of
from odbst_desktop.school.references import categories
from odbst_desktop.school.typed_dates import show_date

_WEEK = timedelta(days=7)
_MOST_SAID = 3


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a decision expected to see, and what was counted since; figures may be unknown."""

    decided_on: date
    decision: str
    measure: str
    look_on: date | None
    baseline: int | None
    since: tuple[int, ...]

    @property
    def words(self) -> str:
        """Return what was expected, with the count before and since."""
        parts = [self.measure] if self.measure else []
        if self.baseline is not None:
            weeks = len(self.since)
            named = "1 week" if weeks == 1 else f"{weeks} weeks"
            since = f"{sum(self.since)} in the {named} since" if weeks else "no week counted since"
            parts.append(f"{self.baseline} in the {BASELINE_WEEKS} weeks before, {since}")
        return "; ".join(parts) or "Nothing was said of how we shall know."


@dataclass(frozen=True, slots=True)
class Discussed:
    """What was said of a CPOMS reference at a meeting."""

    on: date
    reason: str
    next_step: str

    @property
    def words(self) -> str:
        """Return the day with what was said."""
        said = " → ".join(words for words in (self.reason, self.next_step) if words)
        return f"{show_date(self.on)}: {said or 'nothing noted'}"


@dataclass(frozen=True, slots=True)
class Preparation:
    """Everything that a meeting starts from."""

    brought: tuple[Action, ...]
    to_check: tuple[Action, ...]
    expectations: tuple[Expectation, ...]
    discussed: Mapping[str, tuple[Discussed, ...]]
    recent: RecentCounts


def preparation(session: Session, meeting: Meeting, today: date) -> Preparation:
    """Return what a meeting starts from; overdue actions come first."""
    mine = {action.id for action in actions(session, origin=f"meeting/{meeting.id}")}
    brought = [
        a for a in open_actions(session) if a.id not in mine and a.opened_on <= meeting.held_on
    ]
    brought.sort(key=lambda a: (not a.is_pressing_on(today), a.due, a.title))
    to_check = tuple(a for a in actions(session) if a.state == "done" and a.is_to_check_on(today))
    recent = recent_counts(session, meeting.held_on)
    return Preparation(
        tuple(brought), to_check, _expectations(session, meeting, recent),
        discussed_before(session, meeting), recent,
    )  # fmt: skip


def discussed_before(session: Session, meeting: Meeting) -> dict[str, tuple[Discussed, ...]]:
    """Return what was said of each CPOMS reference before, newest first."""
    said: dict[str, tuple[Discussed, ...]] = {}
    for known in meetings(session, last=meeting.held_on):
        if known.id == meeting.id:
            continue
        for row in known.answers.get("children", []):
            reference = row.get("reference")
            if reference and len(said.get(reference, ())) < _MOST_SAID:
                words = Discussed(known.held_on, row.get("reason", ""), row.get("next_step", ""))
                said[reference] = (*said.get(reference, ()), words)
    return said


def date_remark(
    day: date, year: AcademicYear | None, others: Mapping[MeetingId, date], team: int
) -> str:
    """Remark on a date: outside the terms, in a holiday, a week with two, a team of one."""
    same = [held for held in others.values() if week_of(held) == week_of(day)]
    if same:
        return (
            f"This week has a meeting already, on {show_date(same[0])}. If this one is last "
            "week’s, it counts as held late; if it is the same, go on with that one."
        )
    if year is not None and year_of(day) == year.label:
        half = year.half_term_on(day)
        if year.term_on(day) is None:
            return "This day lies outside the terms: the meeting counts for no week."
        if half is None:
            return "This day lies in the half-term holiday: the meeting counts for no week."
        if day not in half.school_days:
            return "This is no school day. Check the date; the meeting counts for its week."
    if team < 2:
        return (
            "Only one person is of the DSL team, and two make a meeting quorate. Add a deputy on "
            "the tab Training."
        )
    return ""


def _expectations(
    session: Session, meeting: Meeting, recent: RecentCounts
) -> tuple[Expectation, ...]:
    """Return what the decisions of last time, and those to be looked at now, expected to see."""
    before = [
        m for m in meetings(session, last=meeting.held_on) if m.is_closed and m.id != meeting.id
    ]
    found = []
    for place, known in enumerate(before):
        for decision in known.answers.get("decisions", []):
            typed = decision.get("look_on")
            look_on = date.fromisoformat(typed) if typed else None
            is_to_look = look_on is not None and known.held_on < look_on <= meeting.held_on
            is_news = is_to_look and look_on is not None and meeting.held_on - look_on < _WEEK
            if place == 0 or is_news:
                counts = recent.of_category(decision.get("measured_by") or "")
                since = tuple(
                    count
                    for monday, count in zip(recent.mondays, counts, strict=True)
                    if monday > known.held_on
                )
                found.append(
                    Expectation(
                        known.held_on, decision["decision"], decision.get("measure") or "",
                        look_on, decision.get("baseline"), since,
                    )
                )  # fmt: skip
    return tuple(found)


def category_label(category: str) -> str:
    """Return the words of a category."""
    return next((known.label for known in categories() if known.id == category), category)
