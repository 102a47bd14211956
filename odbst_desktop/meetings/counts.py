"""What the closed meetings of a term add up to: coverage and the figures of the return."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from sqlmodel import Session

from odbst_desktop.meetings.log import Meeting, meetings
from odbst_desktop.meetings.weeks import Coverage, coverage_of, term_weeks
from odbst_desktop.school.calendar import Term
from odbst_desktop.school.references import categories
from odbst_desktop.shipped import shipped_yaml


def coverage(session: Session, term: Term, today: date) -> Coverage:
    """Return the coverage so far; the current week is due, not missed."""
    return coverage_of(term_weeks(session, term, today))


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
        return {"meetings.held": 0, "meetings.expected": _expected(session, term)}
    figures["meetings.concerns_total"] = sum(m.concerns_total() for m in closed)
    figures["meetings.expected"] = _expected(session, term)
    figures["meetings.held"] = coverage(session, term, term.closes).held
    return figures


def counted_by_meeting(
    session: Session, term: Term, source: str
) -> tuple[tuple[Meeting, int | None], ...]:
    """Return what each closed meeting of a term gave to a figure; None where it recorded none.

    A meeting that gave nought to a figure told by categories, places or times is left out.
    """
    closed = [m for m in meetings(session, term.opens, term.closes) if m.is_closed]
    content = shipped_yaml("resources/return_counts.yaml")
    if source in content["sums"]:
        question = content["sums"][source]
        return tuple((m, _whole(m.answers.get(question))) for m in closed)
    if source == "meetings.held":
        return tuple((m, 1) for m in closed)
    if source == "meetings.concerns_total":
        return tuple((m, m.concerns_total()) for m in closed)
    entry = content["counts"].get(source)
    if entry is None:
        return ()
    given = ((m, _tallies([m])[entry["by"]]) for m in closed)
    amounts = ((m, sum(tally[name] for name in entry["of"])) for m, tally in given)
    return tuple((m, amount) for m, amount in amounts if amount)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _expected(session: Session, term: Term) -> int:
    """Return the weeks of the whole term that expect a meeting; a closure takes one out."""
    weeks = term_weeks(session, term, term.closes)
    return sum(week.counts or not week.reason for week in weeks)


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
