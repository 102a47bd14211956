"""What the Trends tab and its paper show of one category: weeks, decisions, places and times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from odbst_desktop.analysis.hot_spots import Cell, Exposure, HotSpots, Incident, hot_spots
from odbst_desktop.analysis.poisson import CountLimits
from odbst_desktop.analysis.run_chart import RunChart, run_chart
from odbst_desktop.analysis.weeks import SCHOOL_DAYS, Baseline, Week, baseline_of, judge_week
from odbst_desktop.analysis.wording import number_words, say
from odbst_desktop.meetings.decisions import Decision, Effect, decisions_of, effects_of
from odbst_desktop.meetings.log import Meeting, meetings
from odbst_desktop.meetings.trends import CategoryWeeks, known_terms, week_series
from odbst_desktop.reports.blocks import (
    HeatCell,
    HeatMap,
    LevelLine,
    PointState,
    WeekChart,
    WeekMark,
    WeekPoint,
)
from odbst_desktop.school.calendar import week_of
from odbst_desktop.school.references import places, time_bands
from odbst_desktop.school.typed_dates import show_date

EVERYTHING = ""
"""The name of all categories together."""

_UNKNOWN = frozenset({"", "not_recorded", "virtual_unknown"})


@dataclass(frozen=True, slots=True)
class Period:
    """Days whose places and times are looked at together."""

    label: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Trends:
    """Everything read from the closed meetings; ``series`` begins with all categories together."""

    series: tuple[CategoryWeeks, ...]
    closed: tuple[Meeting, ...]
    decisions: tuple[Decision, ...]
    periods: tuple[Period, ...]
    pupils: int


@dataclass(frozen=True, slots=True)
class CategoryTrend:
    """One category, judged; ``latest`` are the sentences of the newest recorded week."""

    weeks: CategoryWeeks
    usual: Baseline
    latest: tuple[str, ...]
    runs: RunChart
    chart: WeekChart
    effects: tuple[Effect, ...]
    period: Period
    hot: HotSpots
    heat: HeatMap

    @property
    def break_sentences(self) -> tuple[str, ...]:
        """Return where the line is broken, and why."""
        return tuple(
            f"The line is broken before the week of {show_date(found.monday)}, because what is "
            f"counted changed: {found.why} Weeks before it are not judged with those after it."
            for found in self.weeks.breaks
        )


def read_trends(session: Session, today: date, *, pupils: int = 0) -> Trends:
    """Read the closed meetings up to today; ``pupils`` is the roll, 0 if it is not known."""
    series = week_series(session, today)
    closed = tuple(meeting for meeting in meetings(session, last=today) if meeting.is_closed)
    if not series:
        return Trends((), closed, (), (), pupils)
    first = series[0].weeks[0].monday
    whole = Period("All these weeks", first, today)
    terms = [
        Period(term.label, term.opens, term.closes)
        for term in reversed(known_terms(session, first, today))
        if any(term.opens <= meeting.held_on <= term.closes for meeting in closed)
    ]
    return Trends(
        (_together(series), *series), closed, decisions_of(closed), (whole, *terms), pupils
    )


def trend_of(trends: Trends, category: str, period: Period) -> CategoryTrend:
    """Judge one category, its places and times in a period."""
    weeks = next(series for series in trends.series if series.category == category)
    decisions = [d for d in trends.decisions if category in {EVERYTHING, d.category}]
    effects = effects_of(decisions, trends.series)
    usual, runs = baseline_of(weeks.judged), run_chart(weeks.judged)
    hot = _hot(trends, category, period)
    return CategoryTrend(
        weeks, usual, latest_findings(weeks), runs,
        _chart(weeks, usual, runs, effects), effects, period, hot, _heat(hot, trends.pupils),
    )  # fmt: skip


def latest_findings(series: CategoryWeeks) -> tuple[str, ...]:
    """Return what is out of the ordinary in the newest recorded week."""
    recorded = [place for place, week in enumerate(series.judged) if week.count is not None]
    if not recorded:
        return ()
    history, week = series.judged[: recorded[-1]], series.judged[recorded[-1]]
    return tuple(finding.sentence for finding in judge_week(series.label, history, week))


def state_words(series: CategoryWeeks) -> str:
    """Return in a word, with a shape before it, how the newest week stands."""
    recorded = [place for place, week in enumerate(series.judged) if week.count is not None]
    history, week = series.judged[: recorded[-1]], series.judged[recorded[-1]]
    found = judge_week(series.label, history, week)
    if found:
        return "◆ Signal" if found[0].is_strong else "▲ Look"
    return "○ Usual" if baseline_of(history).limits else "– Too few"


def _together(series: Sequence[CategoryWeeks]) -> CategoryWeeks:
    columns = zip(*(one.weeks for one in series), strict=True)
    weeks = (
        Week(column[0].monday, None if column[0].count is None
             else sum(week.count or 0 for week in column))
        for column in columns
    )  # fmt: skip
    return CategoryWeeks(EVERYTHING, "All concerns", tuple(weeks), series[0].breaks)


def _state(week: Week, limits: CountLimits | None) -> PointState:
    count = week.count
    if count is None:
        return PointState.UNKNOWN
    if limits is None:
        return PointState.USUAL
    if count >= limits.signal_high:
        return PointState.SIGNAL
    if count >= limits.warn_high:
        return PointState.HIGH
    is_low = limits.warn_low is not None and count <= limits.warn_low
    return PointState.LOW if is_low else PointState.USUAL


def _chart(
    series: CategoryWeeks, usual: Baseline, runs: RunChart, effects: tuple[Effect, ...]
) -> WeekChart:
    since = len(series.weeks) - len(series.judged)
    points = tuple(
        # A week before a break has no limits that it could be held against.
        WeekPoint(
            show_date(week.monday), week.count,
            _state(week, usual.limits if place >= since else None),
        )
        for place, week in enumerate(series.weeks)
    )  # fmt: skip
    lines: list[LevelLine] = []
    if usual.limits is not None:
        limits = usual.limits
        lines = [
            LevelLine("usual", f"usual {number_words(usual.mean)}", usual.mean, since),
            LevelLine("warn", f"95 %: {limits.warn_high}", limits.warn_high, since),
            LevelLine("signal", f"99.8 %: {limits.signal_high}", limits.signal_high, since),
        ]
        if limits.warn_low is not None:
            low = f"95 %: {limits.warn_low}"
            lines.append(LevelLine("warn", low, limits.warn_low, since))
    if runs.median is not None:
        middle = f"median {number_words(runs.median)}"
        lines.append(LevelLine("median", middle, runs.median, since))
    mondays = [week.monday for week in series.weeks]
    marks = tuple(
        WeekMark(mondays.index(week_of(effect.decision.on)), f"D{number}", effect.decision.words)
        for number, effect in enumerate(effects, start=1)
        if week_of(effect.decision.on) in mondays
    )
    breaks = tuple(
        WeekMark(mondays.index(found.monday), "≠", found.why)
        for found in series.breaks
        if found.monday in mondays
    )
    title = f"{series.label}: weekly counts"
    return WeekChart(title, usual.sentence, points, tuple(lines), marks, breaks)


def _hot(trends: Trends, category: str, period: Period) -> HotSpots:
    within = [m for m in trends.closed if period.first <= m.held_on <= period.last]
    incidents = [
        Incident(row.get("place") or "", row.get("time") or "", row.get("count") or 0,
                 row.get("pupils"))
        for meeting in within
        for row in meeting.answers.get("concerns") or []
        if category in {EVERYTHING, row.get("category")}
    ]  # fmt: skip
    bands = [band for band in time_bands() if band.minutes is not None]
    exposure = Exposure(
        {band.id: (band.minutes or 0) * band.present for band in bands},
        {place.id: place.used for place in places() if place.used is not None},
        SCHOOL_DAYS * len({week_of(meeting.held_on) for meeting in within}),
        trends.pupils,
    )
    return hot_spots(incidents, exposure, place_and_time_labels(), _UNKNOWN)


def place_and_time_labels() -> dict[str, str]:
    """Return the words of every place and time."""
    return {p.id: p.label for p in places()} | {band.id: band.label for band in time_bands()}


def _heat(hot: HotSpots, pupils: int) -> HeatMap:
    """Return places by times of those that were counted, shaded by the rate."""
    cells = {(cell.place, cell.time): cell for cell in hot.cells}
    times = [band for band in time_bands() if any(band.id == time for _, time in cells)]
    used = [place for place in places() if any(place.id == name for name, _ in cells)]
    most = max((cell.rate or 0 for cell in hot.cells), default=0) or 1
    rows = tuple(
        (
            place.label,
            tuple(_heat_cell(cells.get((place.id, time.id)), most, pupils) for time in times),
        )
        for place in used
    )
    return HeatMap("Place", tuple(time.label for time in times), rows, say("hot_nothing"))


def _heat_cell(cell: Cell | None, most: float, pupils: int) -> HeatCell | None:
    if cell is None:
        return None
    return HeatCell(str(cell.count), (cell.rate or 0) / most, cell.is_hot, cell_words(cell, pupils))


def cell_words(cell: Cell, pupils: int) -> str:
    """Return a cell in words: count, rate, what pupils' time would give, whether it stands out."""
    if cell.expected is None:
        return f"{cell.count}, out of school hours"
    rate = "" if cell.rate is None else f", {number_words(cell.rate)} for {rate_unit(pupils)}"
    hot = ", stands out" if cell.is_hot else ""
    return f"{cell.count}{rate}, about {number_words(cell.expected)} by pupils’ time{hot}"


def rate_unit(pupils: int) -> str:
    """Return what rates are told for; without a roll there are hours and no pupil-hours."""
    return "1,000 pupil-hours" if pupils else "1,000 hours of that time"
