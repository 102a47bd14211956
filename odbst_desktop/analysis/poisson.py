"""Exact sums over counts: how likely, what range is plausible, which count is out of the ordinary.

Only ``math``: scipy is the oracle in the tests and is not shipped. Every loop is bounded. Rules and
figures to check against: domain reference, section 8.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

WARNS, SIGNALS = 0.95, 0.998
"""A count beyond the first limit is worth a look; one beyond the second is a signal."""

_HALVINGS = 200
_MOST_TERMS = 200_000
_NOTHING = 1e-18


@dataclass(frozen=True, slots=True)
class Interval:
    """The values a figure is consistent with; ``upper`` may be infinite."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class CountLimits:
    """From which count on chance is a poor explanation, where ``expected`` are usual.

    A low limit of None says that no count would be low enough to tell.
    """

    expected: float
    warn_high: int
    signal_high: int
    warn_low: int | None
    signal_low: int | None


def probability_at_most(count: int, expected: float) -> float:
    """Return P(X ≤ count) of a Poisson count."""
    if count < 0:
        return 0.0
    if expected <= 0:
        return 1.0
    # The shorter tail is summed, from its largest term outwards.
    if count < expected:
        return _tail(count, expected, upwards=False)
    return 1.0 - _tail(count + 1, expected, upwards=True)


def probability_at_least(count: int, expected: float) -> float:
    """Return P(X ≥ count) of a Poisson count."""
    if count <= 0:
        return 1.0
    if expected <= 0:
        return 0.0
    if count > expected:
        return _tail(count, expected, upwards=True)
    return 1.0 - _tail(count - 1, expected, upwards=False)


def poisson_interval(count: int, confidence: float = WARNS) -> Interval:
    """Return the exact interval of a count (Garwood): the means it is consistent with."""
    outside = (1 - confidence) / 2
    most = count + 12 * math.sqrt(count + 1) + 30
    lower = 0.0
    if count:
        lower = halve(lambda mean: probability_at_least(count, mean) < outside, 0.0, most)
    upper = halve(lambda mean: probability_at_most(count, mean) > outside, 0.0, most)
    return Interval(lower, upper)


def count_limits(expected: float) -> CountLimits:
    """Return the exact limits at 95 % and 99.8 %.

    The rule: a count is high where P(X ≥ count) < a/2, and low where P(X ≤ count) < a/2.
    """
    return CountLimits(
        expected,
        _high(expected, WARNS), _high(expected, SIGNALS),
        _low(expected, WARNS), _low(expected, SIGNALS),
    )  # fmt: skip


def halve(is_left: Callable[[float], bool], lower: float, upper: float) -> float:
    """Return the border between the values for which ``is_left`` holds and the rest."""
    for _ in range(_HALVINGS):
        middle = (lower + upper) / 2
        if middle in {lower, upper}:
            break
        lower, upper = (middle, upper) if is_left(middle) else (lower, middle)
    return (lower + upper) / 2


def _tail(start: int, expected: float, *, upwards: bool) -> float:
    term = math.exp(start * math.log(expected) - expected - math.lgamma(start + 1))
    total, count = term, start
    for _ in range(_MOST_TERMS):
        if upwards:
            count += 1
            term *= expected / count
        else:
            term *= count / expected
            count -= 1
        total += term
        if term <= total * _NOTHING or count < 0:
            break
    return min(total, 1.0)


def _high(expected: float, confidence: float) -> int:
    outside = (1 - confidence) / 2
    lower, upper = 0, int(expected + 12 * math.sqrt(expected) + 30)
    while lower < upper:
        middle = (lower + upper) // 2
        if probability_at_least(middle, expected) < outside:
            upper = middle
        else:
            lower = middle + 1
    return lower


def _low(expected: float, confidence: float) -> int | None:
    outside = (1 - confidence) / 2
    lower, upper = -1, int(expected)
    while lower < upper:
        middle = (lower + upper + 1) // 2
        if probability_at_most(middle, expected) < outside:
            lower = middle
        else:
            upper = middle - 1
    return None if lower < 0 else lower
