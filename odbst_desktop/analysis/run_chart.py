"""A run chart: the median of the weeks, and what chance would not make of them.

A shift is six points or more on one side of the median (points on it are passed over), a trend
five or more that rise or fall (equal neighbours are passed over). Source: domain reference,
section 8. The number of runs is judged by its exact distribution (Wald and Wolfowitz).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import comb
from statistics import median

from odbst_desktop.analysis.poisson import WARNS
from odbst_desktop.analysis.weeks import Week
from odbst_desktop.analysis.wording import number_words, odds_words, say, settings
from odbst_desktop.school.typed_dates import show_date

_WARNS = (1 - WARNS) / 2


@dataclass(frozen=True, slots=True)
class RunChart:
    """The median, None where there are too few weeks, and a sentence for each thing seen."""

    median: float | None
    sentences: tuple[str, ...]


def run_chart(weeks: Sequence[Week]) -> RunChart:
    """Return the median of the recorded weeks and what lies on one side of it for too long."""
    rules = settings()
    points = [(week, week.count) for week in weeks if week.count is not None]
    if len(points) < rules.least_points:
        few = say("median_too_few", least=rules.least_points, points=len(points))
        return RunChart(None, (few,))
    middle = float(median(count for _, count in points))
    sentences = [say("median", median=number_words(middle), points=len(points))]
    if not middle:
        # Of a rare category nothing lies below the median; it is judged by the time between.
        return RunChart(middle, (say("median_nought", points=len(points)),))
    sides = [(week, count > middle) for week, count in points if count != middle]
    for is_above, members in groupby(sides, key=lambda point: point[1]):
        run = list(members)
        if len(run) >= rules.shift_points:
            side = "above" if is_above else "below"
            sentences.append(
                say("shift", points=len(run), side=side, until=show_date(run[-1][0].monday))
            )
    sentences += _trends(points)
    sentences += _runs([is_above for _, is_above in sides])
    return RunChart(middle, tuple(sentences))


def _trends(points: Sequence[tuple[Week, int]]) -> list[str]:
    moved: list[tuple[Week, int]] = []
    for week, count in points:
        if not moved or count != moved[-1][1]:
            moved.append((week, count))
    steps = [(after[0], after[1] > before[1]) for before, after in pairwise(moved)]
    found = []
    for is_rise, members in groupby(steps, key=lambda step: step[1]):
        run = list(members)
        # Five points make four steps.
        if len(run) + 1 >= settings().trend_points:
            direction = "rise" if is_rise else "fall"
            until = show_date(run[-1][0].monday)
            found.append(say("trend", points=len(run) + 1, direction=direction, until=until))
    return found


def _runs(sides: Sequence[bool]) -> list[str]:
    above = sum(sides)
    below = len(sides) - above
    if not above or not below:
        return []
    runs = sum(1 for _ in groupby(sides))
    most = len(sides)
    few = chance_of_runs(range(2, runs + 1), above, below)
    many = chance_of_runs(range(runs, most + 1), above, below)
    if few < _WARNS:
        return [say("few_runs", runs=runs, odds=odds_words(few))]
    if many < _WARNS:
        return [say("many_runs", runs=runs, odds=odds_words(many))]
    return []


def chance_of_runs(runs: Iterable[int], above: int, below: int) -> float:
    """Return the probability that so many points above and below fall into such numbers of runs."""
    ways = 0
    for number in runs:
        half, is_odd = divmod(number, 2)
        if is_odd:
            ways += comb(above - 1, half) * comb(below - 1, half - 1) if half else 0
            ways += comb(above - 1, half - 1) * comb(below - 1, half) if half else 0
        else:
            ways += 2 * comb(above - 1, half - 1) * comb(below - 1, half - 1)
    return ways / comb(above + below, above)
