"""What was counted in the weeks before a meeting, by category, place and time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import Session

from odbst_desktop.meetings.decided import BASELINE_WEEKS
from odbst_desktop.meetings.log import meetings
from odbst_desktop.school.calendar import week_of

WEEKS_SHOWN = 12


class Spot(NamedTuple):
    """What is counted on one line: ids of category, place and time, the last two may be blank."""

    category: str
    place: str
    time: str


@dataclass(frozen=True, slots=True)
class RecentCounts:
    """The counts of the weeks that had a meeting, oldest first.

    A week without a closed meeting is not known and is left out: it is not nought.
    """

    mondays: tuple[date, ...]
    weeks: tuple[Mapping[Spot, int], ...]

    def of_spot(self, spot: Spot) -> tuple[int, ...]:
        """Return a line's count in each week."""
        return tuple(week.get(spot, 0) for week in self.weeks)

    def of_category(self, category: str) -> tuple[int, ...]:
        """Return a category's count in each week, wherever it was."""
        return tuple(
            sum(count for spot, count in week.items() if spot.category == category)
            for week in self.weeks
        )

    def spots(self) -> tuple[Spot, ...]:
        """Return every line that was used, the most used first."""
        total: Counter[Spot] = Counter()
        for week in self.weeks:
            total.update(week)
        return tuple(spot for spot, count in total.most_common() if count)

    def baseline(self, category: str) -> int | None:
        """Return a category's count in the six weeks before, None where fewer are known."""
        counts = self.of_category(category)
        return sum(counts[-BASELINE_WEEKS:]) if len(counts) >= BASELINE_WEEKS else None


def recent_counts(session: Session, before: date, weeks: int = WEEKS_SHOWN) -> RecentCounts:
    """Return the counts of the newest closed meetings of weeks before a day's week."""
    by_week: dict[date, Counter[Spot]] = {}
    for meeting in meetings(session):
        monday = week_of(meeting.held_on)
        if not meeting.is_closed or monday >= week_of(before):
            continue
        if monday not in by_week and len(by_week) == weeks:
            break
        by_week.setdefault(monday, Counter()).update(counted(meeting.answers.get("concerns", [])))
    mondays = tuple(sorted(by_week))
    return RecentCounts(mondays, tuple(by_week[monday] for monday in mondays))


def counted(rows: Sequence[Mapping[str, Any]]) -> Counter[Spot]:
    """Return the counts of a meeting's lines."""
    total: Counter[Spot] = Counter()
    for row in rows:
        total[spot_of(row)] += row.get("count") or 0
    return total


def spot_of(row: Mapping[str, Any]) -> Spot:
    """Return what a line counts."""
    return Spot(row.get("category") or "", row.get("place") or "", row.get("time") or "")
