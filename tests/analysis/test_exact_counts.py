"""Intervals, limits and comparisons agree with scipy, statsmodels and the reference's figures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import test_poisson_2indep as poisson_two_samples

from odbst_desktop.analysis.comparing import (
    binomial_probability,
    compare_rates,
    share_interval,
    wilson_interval,
)
from odbst_desktop.analysis.poisson import (
    count_limits,
    poisson_interval,
    probability_at_least,
    probability_at_most,
)

MEANS = st.floats(0.001, 5000)


@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    [
        (0, 0, 3.69), (1, 0.03, 5.57), (2, 0.24, 7.22), (3, 0.62, 8.77), (5, 1.62, 11.67),
        (8, 3.45, 15.76), (10, 4.80, 18.39), (15, 8.40, 24.74), (20, 12.22, 30.89),
    ],
)  # fmt: skip
def test_intervals_are_those_of_the_domain_reference(
    count: int, lower: float, upper: float
) -> None:
    found = poisson_interval(count)
    assert found.lower == pytest.approx(lower, abs=0.01)
    assert found.upper == pytest.approx(upper, abs=0.01)


@pytest.mark.parametrize(
    ("expected", "warn_high", "signal_high", "warn_low", "signal_low"),
    [
        (0.5, 3, 5, None, None), (1, 4, 6, None, None), (2, 6, 9, None, None),
        (3, 8, 11, None, None), (5, 11, 14, 0, None), (8, 15, 19, 2, 0), (10, 18, 22, 3, 1),
        (20, 30, 36, 11, 7),
    ],
)  # fmt: skip
def test_limits_are_those_of_the_domain_reference(
    expected: float, warn_high: int, signal_high: int, warn_low: int | None, signal_low: int | None
) -> None:
    found = count_limits(expected)
    assert (found.warn_high, found.signal_high) == (warn_high, signal_high)
    assert (found.warn_low, found.signal_low) == (warn_low, signal_low)


@given(st.integers(0, 6000), MEANS)
def test_tails_agree_with_scipy(count: int, expected: float) -> None:
    most, least = probability_at_most(count, expected), probability_at_least(count, expected)
    assert most == pytest.approx(float(stats.poisson.cdf(count, expected)), rel=1e-9, abs=1e-290)
    assert least == pytest.approx(
        float(stats.poisson.sf(count - 1, expected)), rel=1e-9, abs=1e-290
    )


@given(st.integers(0, 5000), st.sampled_from([0.8, 0.95, 0.998]))
@settings(max_examples=60)
def test_garwood_agrees_with_scipy(count: int, confidence: float) -> None:
    outside = 1 - confidence
    found = poisson_interval(count, confidence)
    lower = stats.chi2.ppf(outside / 2, 2 * count) / 2 if count else 0
    assert found.lower == pytest.approx(lower, rel=1e-7)
    assert found.upper == pytest.approx(
        stats.chi2.ppf(1 - outside / 2, 2 * count + 2) / 2, rel=1e-7
    )
    assert found.lower <= count <= found.upper


@given(MEANS)
def test_limits_are_the_first_counts_beyond_them(expected: float) -> None:
    found = count_limits(expected)
    for high, outside in ((found.warn_high, 0.025), (found.signal_high, 0.001)):
        assert (
            stats.poisson.sf(high - 1, expected) < outside <= stats.poisson.sf(high - 2, expected)
        )
    for low, outside in ((found.warn_low, 0.025), (found.signal_low, 0.001)):
        following = 0 if low is None else low + 1
        assert stats.poisson.cdf(following, expected) >= outside
        assert low is None or stats.poisson.cdf(low, expected) < outside


@given(st.integers(0, 400), st.integers(0, 400), st.floats(0.02, 0.98))
@settings(max_examples=80)
def test_two_sided_probability_agrees_with_scipy(part: int, rest: int, share: float) -> None:
    whole = part + rest
    if whole:
        oracle = stats.binomtest(part, whole, share).pvalue
        assert binomial_probability(part, whole, share) == pytest.approx(oracle, abs=1e-9)


@given(st.integers(0, 300), st.integers(1, 300))
@settings(max_examples=60)
def test_shares_agree_with_statsmodels(part: int, rest: int) -> None:
    whole = part + rest
    for found, method in (
        (share_interval(part, whole), "beta"),
        (wilson_interval(part, whole), "wilson"),
    ):
        assert found is not None
        lower, upper = proportion_confint(part, whole, method=method)
        assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=1e-8)


@given(st.integers(0, 80), st.integers(0, 80), st.integers(1, 80), st.integers(1, 80))
@settings(max_examples=60)
def test_rates_are_compared_as_statsmodels_does_on_the_total(
    first: int, second: int, first_weeks: int, second_weeks: int
) -> None:
    found = compare_rates(first, first_weeks, second, second_weeks)
    if not first + second:
        assert found is None
        return
    assert found is not None
    with np.errstate(divide="ignore"):
        oracle = poisson_two_samples(second, second_weeks, first, first_weeks, method="exact-cond")
    assert found.probability == pytest.approx(float(oracle.pvalue), abs=1e-9)
    assert found.interval.lower <= found.ratio <= found.interval.upper
    turned = compare_rates(second, second_weeks, first, first_weeks)
    assert turned is not None
    if first and second:
        assert turned.ratio == pytest.approx(1 / found.ratio)
        assert turned.interval.lower == pytest.approx(1 / found.interval.upper, rel=1e-6)


def test_nine_of_ten_is_shown_with_its_range() -> None:
    found = wilson_interval(9, 10)
    assert found is not None
    assert (found.lower, found.upper) == pytest.approx((0.596, 0.982), abs=0.001)
    assert wilson_interval(0, 0) is None


def test_none_before_gives_a_ratio_without_an_upper_limit() -> None:
    found = compare_rates(0, 10, 12, 10)
    assert found is not None
    assert math.isinf(found.ratio)
    assert math.isinf(found.interval.upper)
    assert found.interval.lower > 1
