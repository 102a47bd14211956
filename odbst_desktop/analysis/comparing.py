"""Compare two counts exactly, and give small shares their honest range.

Two rates are compared by conditioning on the total: of all events, how many fell into the second
time, against its share of the exposure. Source: domain reference, section 8.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from odbst_desktop.analysis.poisson import WARNS, Interval, halve

_MOST_TERMS = 200_000
_NOTHING = 1e-18
_AS_LIKELY = 1 + 1e-7
"""Outcomes this little more likely than the one seen count as equally likely."""


@dataclass(frozen=True, slots=True)
class RateRatio:
    """How many times the first rate the second is; ``ratio`` is infinite where the first is 0.

    ``probability`` is the exact two-sided one of a difference as large if nothing had changed.
    """

    ratio: float
    interval: Interval
    probability: float


def compare_rates(
    first: int, first_exposure: float, second: int, second_exposure: float
) -> RateRatio | None:
    """Return the second rate over the first; None where nothing at all happened."""
    total = first + second
    if not total:
        return None
    share = second_exposure / (first_exposure + second_exposure)
    among = share_interval(second, total)
    exposure = first_exposure / second_exposure
    ratio = math.inf if not first else second / first * exposure
    interval = Interval(_odds(among.lower) * exposure, _odds(among.upper) * exposure)
    return RateRatio(ratio, interval, binomial_probability(second, total, share))


def binomial_probability(part: int, whole: int, share: float) -> float:
    """Return the exact two-sided probability of a part as unlikely as this or more so."""
    seen = _term(part, whole, share) * _AS_LIKELY
    if abs(part - whole * share) < 1e-12:
        return 1.0
    if part < whole * share:
        # On the other side terms fall from the mode on: find the first that is as unlikely.
        edge = _edge(part, whole, share, seen)
        other = share_at_least(edge, whole, share) if edge <= whole else 0.0
        return min(1.0, share_at_most(part, whole, share) + other)
    mirrored = whole - part
    edge = _edge(mirrored, whole, 1 - share, seen)
    other = share_at_least(edge, whole, 1 - share) if edge <= whole else 0.0
    return min(1.0, share_at_most(mirrored, whole, 1 - share) + other)


def share_interval(part: int, whole: int, confidence: float = WARNS) -> Interval:
    """Return the exact interval of a share (Clopper and Pearson)."""
    outside = (1 - confidence) / 2
    lower = 0.0
    if part:
        lower = halve(lambda share: share_at_least(part, whole, share) < outside, 0.0, 1.0)
    upper = 1.0
    if part < whole:
        upper = halve(lambda share: share_at_most(part, whole, share) > outside, 0.0, 1.0)
    return Interval(lower, upper)


def wilson_interval(part: int, whole: int, confidence: float = WARNS) -> Interval | None:
    """Return Wilson's interval of a percentage of few; None of none."""
    if not whole:
        return None
    z = NormalDist().inv_cdf(1 - (1 - confidence) / 2)
    share, square = part / whole, z * z / whole
    middle = (share + square / 2) / (1 + square)
    half = z * math.sqrt(share * (1 - share) / whole + square / (4 * whole)) / (1 + square)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def _odds(share: float) -> float:
    return math.inf if share >= 1 else share / (1 - share)


def _term(part: int, whole: int, share: float) -> float:
    if not 0 < share < 1:
        return float(part == round(whole * share))
    ways = math.lgamma(whole + 1) - math.lgamma(part + 1) - math.lgamma(whole - part + 1)
    return math.exp(ways + part * math.log(share) + (whole - part) * math.log1p(-share))


def share_at_most(part: int, whole: int, share: float) -> float:
    """Return P(X ≤ part) of a binomial count."""
    if part >= whole:
        return 1.0
    if part > whole * share:
        return 1.0 - share_at_least(part + 1, whole, share)
    term = total = _term(part, whole, share)
    for count in range(part, max(part - _MOST_TERMS, 0), -1):
        term *= count * (1 - share) / ((whole - count + 1) * share) if share else 0.0
        total += term
        if term <= total * _NOTHING:
            break
    return min(total, 1.0)


def share_at_least(part: int, whole: int, share: float) -> float:
    """Return P(X ≥ part) of a binomial count."""
    if part <= 0:
        return 1.0
    if part <= whole * share:
        return 1.0 - share_at_most(part - 1, whole, share)
    return share_at_most(whole - part, whole, 1 - share)


def _edge(part: int, whole: int, share: float, seen: float) -> int:
    """Return the least count above the mean that is no more likely than ``seen``."""
    lower, upper = max(part + 1, math.ceil(whole * share)), whole + 1
    while lower < upper:
        middle = (lower + upper) // 2
        if _term(middle, whole, share) <= seen:
            upper = middle
        else:
            lower = middle + 1
    return lower
