"""Which meetings a figure of the return was counted from, and how much each gave."""

from __future__ import annotations

from sqlmodel import Session

from odbst_desktop.analysis.explaining import Part
from odbst_desktop.meetings.counts import tallies
from odbst_desktop.meetings.log import Meeting, meetings
from odbst_desktop.meetings.weeks import Week, term_weeks
from odbst_desktop.school.calendar import Term
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.shipped import shipped_yaml


def count_parts(session: Session, term: Term, source: str) -> tuple[Part, ...]:
    """Return the meetings or weeks behind a figure of the meetings, oldest first."""
    if source in {"meetings.held", "meetings.expected"}:
        weeks = term_weeks(session, term, term.closes)
        return tuple(_week_part(week, is_held=source.endswith("held")) for week in weeks)
    closed = [m for m in meetings(session, term.opens, term.closes) if m.is_closed]
    by_day = sorted(closed, key=lambda meeting: (meeting.held_on, meeting.closed_at))
    return tuple(_meeting_part(meeting, source) for meeting in by_day)


def _meeting_part(meeting: Meeting, source: str) -> Part:
    count = _count(meeting, source)
    amount = "not recorded" if count is None else str(count)
    later = f", version {meeting.version}" if meeting.version > 1 else ""
    what = f"Meeting closed by {meeting.closed_by}{later}"
    return Part(show_date(meeting.held_on), what, amount)


def _count(meeting: Meeting, source: str) -> int | None:
    content = shipped_yaml("resources/return_counts.yaml")
    if source == "meetings.concerns_total":
        return meeting.concerns_total()
    if source in content["sums"]:
        given = meeting.answers.get(content["sums"][source])
        return given if isinstance(given, int) else None
    entry = content["counts"].get(source)
    if entry is None:
        return None
    counted = tallies([meeting])[entry["by"]]
    return sum(counted[name] for name in entry["of"])


def _week_part(week: Week, *, is_held: bool) -> Part:
    if is_held:
        days = ", ".join(show_date(day) for day in week.held_on)
        words = f"{week.state.value} {days}".strip()
        return Part(show_date(week.monday), words, str(int(week.is_held)))
    expected = week.counts or not week.reason
    return Part(show_date(week.monday), week.reason_words or "School week", str(int(expected)))
