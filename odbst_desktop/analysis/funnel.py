"""Schools beside each other, and which is further from the others than chance would put it.

Each school is judged by the rate of all the others, exactly: events for pupils by Poisson, a share
of a group by the binomial. There is no order of schools, and none may be made of this. Source:
domain reference, section 8.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from odbst_desktop.analysis.comparing import share_at_least, share_at_most
from odbst_desktop.analysis.poisson import (
    SIGNALS,
    WARNS,
    probability_at_least,
    probability_at_most,
)
from odbst_desktop.analysis.wording import settings

LEAST_SCHOOLS = 3
"""With fewer there are no others to speak of (A)."""

_WARN_TAIL, _SIGNAL_TAIL = (1 - WARNS) / 2, (1 - SIGNALS) / 2
_FALSE_DISCOVERIES = 0.1
_LEAST_TO_TRIM = 5


class Standing(Enum):
    """How a school stands to what the others' rate gives; the value is how it is shown."""

    USUAL = "within the usual"
    HIGH = "above the first limit"
    HIGH_SIGNAL = "above the second limit"
    LOW = "below the first limit"
    LOW_SIGNAL = "below the second limit"

    @property
    def is_signal(self) -> bool:
        """Say whether it lies beyond 99.8 %."""
        return self in {Standing.HIGH_SIGNAL, Standing.LOW_SIGNAL}


@dataclass(frozen=True, slots=True)
class Given:
    """What a school gave: a count, and the pupils or people it is counted among."""

    urn: int
    count: int
    among: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A school against the others: what they would give it, and how likely its count is then.

    ``probability`` is two-sided. ``stands`` says whether it still stands out once the number of
    comparisons is allowed for.
    """

    urn: int
    count: int
    among: int
    expected: float
    standing: Standing
    probability: float
    is_quiet: bool = False
    stands: bool = False


@dataclass(frozen=True, slots=True)
class Funnel:
    """Every school of one figure: the rate of all, the spread beyond chance, the schools."""

    schools: tuple[Judged, ...]
    rate: float
    dispersion: float
    is_share: bool

    @property
    def is_widened(self) -> bool:
        """Say whether the schools vary more than chance alone, so that limits are widened."""
        return self.dispersion > settings().dispersion_from

    def limits(self, among: float) -> tuple[float, float, float, float]:
        """Return the counts at the limits for a size: 99.8 % low, 95 % low, 95 %, 99.8 % high.

        They are where the chance of as much is that of the limit, between whole numbers: for
        drawing. What is judged is judged exactly.
        """
        expected = self.rate * among
        wide = math.sqrt(self.dispersion) if self.is_widened else 1.0
        tails = (_SIGNAL_TAIL, _WARN_TAIL)
        low = [expected - wide * (expected - self._count_at(tail, among, -1)) for tail in tails]
        high = [expected + wide * (self._count_at(tail, among, 1) - expected) for tail in tails]
        return max(low[0], 0.0), max(low[1], 0.0), high[1], high[0]

    def _count_at(self, tail: float, among: float, side: int) -> float:
        whole = max(round(among), 1)
        expected = self.rate * among
        chance = _tail_low if side < 0 else _tail_high
        count = math.floor(expected) if side < 0 else math.ceil(expected)
        before, now = 1.0, chance(count, expected, whole, self.is_share)
        while now >= tail:
            count += side
            if count < 0 or (self.is_share and count > whole):
                return max(min(count, whole), 0)
            before, now = now, chance(count, expected, whole, self.is_share)
        return count - side * (1 - (before - tail) / (before - now))


def judge_schools(given: Sequence[Given], *, is_share: bool) -> Funnel | None:
    """Return each school judged by the others; None where too few schools gave the figure."""
    usable = [each for each in given if each.among > 0]
    among = sum(each.among for each in usable)
    total = sum(each.count for each in usable)
    if len(usable) < LEAST_SCHOOLS:
        return None
    spread = _dispersion(usable, total / among, is_share=is_share)
    wide = spread if spread > settings().dispersion_from else 1.0
    schools = []
    for each in usable:
        rest = (total - each.count) / (among - each.among)
        schools.append(_judged(each, rest, wide, is_share=is_share))
    return Funnel(tuple(schools), total / among, spread, is_share)


def allowing_for_number(funnels: Mapping[str, Funnel]) -> dict[str, Funnel]:
    """Mark what still stands out once all comparisons are taken together.

    Benjamini and Hochberg's procedure: of what is marked, one in ten is by chance.
    """
    tests = sorted(
        (judged.probability, name, judged.urn)
        for name, funnel in funnels.items()
        for judged in funnel.schools
        if not judged.is_quiet
    )
    last = max(
        (
            place
            for place, (probability, _, _) in enumerate(tests, start=1)
            if probability <= _FALSE_DISCOVERIES * place / len(tests)
        ),
        default=0,
    )
    standing = {(name, urn) for _, name, urn in tests[:last]}
    return {
        name: replace(
            funnel,
            schools=tuple(
                replace(judged, stands=(name, judged.urn) in standing) for judged in funnel.schools
            ),
        )
        for name, funnel in funnels.items()
    }


def comparisons(funnels: Mapping[str, Funnel]) -> int:
    """Return how many comparisons were made."""
    return sum(not judged.is_quiet for funnel in funnels.values() for judged in funnel.schools)


def _judged(each: Given, rest: float, wide: float, *, is_share: bool) -> Judged:
    expected = rest * each.among
    rules = settings()
    # Of a share that nearly everybody has, those without it are the few.
    quiet = any(
        mean < rules.quiet_expected and count < rules.quiet_observed
        for mean, count in (
            [(expected, each.count), (each.among - expected, each.among - each.count)]
            if is_share else [(expected, each.count)]
        )
    )  # fmt: skip
    # Where schools vary more than chance, both sides are scaled down: as if fewer were counted.
    count, among = each.count / wide, round(each.among / wide)
    mean = rest * among if is_share else expected / wide
    high = _tail_high(math.floor(count), mean, among, is_share)
    low = _tail_low(min(math.ceil(count), among) if is_share else math.ceil(count), mean, among,
                    is_share)  # fmt: skip
    standing = Standing.USUAL
    if not quiet:
        if high < _WARN_TAIL:
            standing = Standing.HIGH_SIGNAL if high < _SIGNAL_TAIL else Standing.HIGH
        elif low < _WARN_TAIL:
            standing = Standing.LOW_SIGNAL if low < _SIGNAL_TAIL else Standing.LOW
    return Judged(
        each.urn, each.count, each.among, expected, standing, min(1.0, 2 * min(high, low)), quiet
    )


def _tail_high(count: int, expected: float, among: int, is_share: bool) -> float:  # noqa: FBT001
    if not is_share:
        return probability_at_least(count, expected)
    return share_at_least(count, among, min(expected / among, 1.0)) if among else 1.0


def _tail_low(count: int, expected: float, among: int, is_share: bool) -> float:  # noqa: FBT001
    if not is_share:
        return probability_at_most(count, expected)
    return share_at_most(count, among, min(expected / among, 1.0)) if among else 1.0


def _dispersion(given: Sequence[Given], rate: float, *, is_share: bool) -> float:
    """Return Pearson's chi-square over its degrees of freedom; 1 where too few are expected.

    The outermost tenth on each side counts no more than the next (Spiegelhalter 2005), so that a
    school which does stand out does not widen the limits until it stands out no more.
    """
    residuals = []
    for each in given:
        expected = rate * each.among
        variance = expected * (1 - rate) if is_share else expected
        if variance > 0:
            residuals.append((each.count - expected) / math.sqrt(variance))
    # With less than one expected at a school the sum says little.
    if len(residuals) < len(given) or rate * sum(e.among for e in given) < len(given):
        return 1.0
    outermost = math.ceil(len(residuals) / 10) if len(residuals) >= _LEAST_TO_TRIM else 0
    residuals.sort()
    lowest, highest = residuals[outermost], residuals[-outermost - 1]
    trimmed = [min(max(residual, lowest), highest) for residual in residuals]
    return sum(residual**2 for residual in trimmed) / (len(trimmed) - 1)
