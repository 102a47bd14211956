"""The sentences of the analysis, filled with their numbers; both are data in ``resources``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from odbst_desktop.shipped import shipped_yaml

_FILE = "resources/analysis.yaml"
_RAREST = 100_000


@dataclass(frozen=True, slots=True)
class Settings:
    """From when on counts may speak; what each means stands beside it in the file."""

    history_weeks: int
    least_weeks: int
    least_events: int
    most_missing_share: float
    quiet_expected: float
    quiet_observed: int
    run_weeks: int
    dispersion_from: float
    rare_below: float
    close_events: int
    shift_points: int
    trend_points: int
    least_points: int
    compare_weeks: int
    least_after_weeks: int
    least_to_compare: int
    peak_weeks: int
    least_hot: int
    least_pupils: int


@cache
def settings() -> Settings:
    """Return the settings of the analysis."""
    return Settings(**shipped_yaml(_FILE)["settings"])


@cache
def never_left_to_statistics() -> frozenset[str]:
    """Return the categories of which a single one is looked at by people."""
    return frozenset(shipped_yaml(_FILE)["always"])


def say(name: str, **values: object) -> str:
    """Return a sentence with its numbers."""
    words: str = shipped_yaml(_FILE)["sentences"][name]
    return words.format(**values)


def number_words(value: float) -> str:
    """Return a mean or a ratio with as many digits as mean something."""
    if math.isinf(value):
        return "no limit"
    if value >= 100:
        return f"{value:,.0f}"
    digits = 1 if value >= 0.95 else 2
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")


def odds_words(probability: float) -> str:
    """Return a probability as “about one time in 500”."""
    odds = shipped_yaml(_FILE)["odds"]
    if probability * _RAREST < 1:
        return str(odds["rare"]).format(times=f"{_RAREST:,}")
    times = 1 / probability
    if times < 2:
        return str(odds["often"]).format(times=2)
    step = 10 ** max(math.floor(math.log10(times)) - 1, 0)
    return str(odds["plain"]).format(times=f"{round(times / step) * step:,}")
