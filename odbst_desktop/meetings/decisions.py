"""The decisions of closed meetings that were to change what is counted, and whether it changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from odbst_desktop.analysis.before_after import BeforeAfter, before_and_after
from odbst_desktop.meetings.log import Meeting
from odbst_desktop.meetings.trends import CategoryWeeks


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that is measured by the count of a category."""

    on: date
    words: str
    measure: str
    category: str


@dataclass(frozen=True, slots=True)
class Effect:
    """A decision with what the counts before and after it allow to be said."""

    decision: Decision
    label: str
    counts: BeforeAfter


def decisions_of(closed: Iterable[Meeting]) -> tuple[Decision, ...]:
    """Return the decisions that name what they are measured by, oldest first.

    A decision says so itself, or meets a trend of its meeting that names a category.
    """
    found = [decision for meeting in closed for decision in _of_meeting(meeting)]
    return tuple(sorted(found, key=lambda decision: decision.on))


def effects_of(
    decisions: Iterable[Decision], series: Iterable[CategoryWeeks]
) -> tuple[Effect, ...]:
    """Return each decision on a category that is counted with its before and after."""
    known = {weeks.category: weeks for weeks in series}
    return tuple(
        Effect(
            decision,
            known[decision.category].label,
            before_and_after(
                known[decision.category].label, known[decision.category].judged, decision.on
            ),
        )
        for decision in decisions
        if decision.category in known
    )


def _of_meeting(meeting: Meeting) -> Iterator[Decision]:
    trends: list[Mapping[str, Any]] = meeting.answers.get("trends") or []
    by_words = {
        str(trend.get("trend")).strip().casefold(): trend.get("trend_category") for trend in trends
    }
    for row in meeting.answers.get("decisions") or []:
        meets = str(row.get("meets") or "").strip().casefold()
        category = row.get("measured_by") or (by_words.get(meets) if meets else None)
        if category and row.get("decision"):
            yield Decision(
                meeting.held_on, row["decision"], row.get("measure") or "", str(category)
            )
