"""What the closed meetings of a term add up to: coverage and the figures of the return."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from odbst_desktop.meetings.log import Meeting, meetings
from odbst_desktop.school.calendar import Term, week_of
from odbst_desktop.school.references import categories
from odbst_desktop.shipped import shipped_yaml


@dataclass(frozen=True, slots=True)
class Coverage:
    """Weeks that expected a meeting and are over, and how many of them had one."""

    held: int
    expected: int

    @property
    def words(self) -> str:
        """Return e.g. “11 of 12 weeks”."""
        return f"{self.held} of {self.expected} weeks"


def coverage(session: Session, term: Term, today: date) -> Coverage:
    """Return the coverage so far; the current week is due, not missed."""
    held = {week_of(m.held_on) for m in meetings(session, term.opens, term.closes) if m.is_closed}
    weeks = [week for week in term.meeting_weeks() if week < week_of(today) or week in held]
    return Coverage(sum(week in held for week in weeks), len(weeks))


def term_counts(session: Session, term: Term) -> dict[str, int]:
    """Return each figure that the closed meetings of a term give, by the name of its source."""
    closed = [m for m in meetings(session, term.opens, term.closes) if m.is_closed]
    tallies = _tallies(closed)
    content = shipped_yaml("resources/return_counts.yaml")
    figures = {
        source: sum(tallies[entry["by"]][name] for name in entry["of"])
        for source, entry in content["counts"].items()
    }
    for source, question in content["sums"].items():
        given = [m.answers[question] for m in closed if isinstance(m.answers.get(question), int)]
        # A figure nobody recorded in any week is not known; it is not nought.
        if given:
            figures[source] = sum(given)
    if not closed:
        return {"meetings.held": 0, "meetings.expected": len(term.meeting_weeks())}
    figures["meetings.concerns_total"] = sum(m.concerns_total() for m in closed)
    figures["meetings.expected"] = len(term.meeting_weeks())
    figures["meetings.held"] = len({week_of(m.held_on) for m in closed})
    return figures


def place_counts(session: Session, first: date, last: date) -> dict[str, int]:
    """Return how many concerns closed meetings counted at each place."""
    closed = [m for m in meetings(session, first, last) if m.is_closed]
    return {place: count for place, count in _tallies(closed)["place"].items() if place and count}


def _tallies(closed: list[Meeting]) -> dict[str, Counter[str]]:
    groups = {category.id: category.group for category in categories()}
    tallies: dict[str, Counter[str]] = {
        by: Counter() for by in ("category", "group", "place", "time")
    }
    for row in (row for meeting in closed for row in meeting.answers.get("concerns", [])):
        count = row.get("count") or 0
        category = _name(row, "category")
        tallies["category"][category] += count
        tallies["group"][groups.get(category, "")] += count
        tallies["place"][_name(row, "place")] += count
        tallies["time"][_name(row, "time")] += count
    return tallies


def _name(row: dict[str, Any], column: str) -> str:
    return row.get(column) or ""
