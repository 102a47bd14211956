"""When a week's count may speak, when it has to be silent, and what it says."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations, groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.analysis.run_chart import chance_of_runs, run_chart
from odbst_desktop.analysis.weeks import Finding, Kind, Week, baseline_of, judge_week
from odbst_desktop.analysis.wording import number_words, odds_words

FIRST = date(2026, 1, 5)


def weeks_of(counts: Iterable[int | None]) -> tuple[Week, ...]:
    return tuple(Week(FIRST + timedelta(weeks=n), count) for n, count in enumerate(counts))


STEADY = [2, 3, 2, 1, 3, 2, 4, 2, 1, 3, 2, 3, 2, 2, 3, 1]
COUNTS = st.lists(st.none() | st.integers(0, 60), max_size=60)


def judged(history: list[int | None], count: int | None) -> tuple[Finding, ...]:
    *past, week = weeks_of([*history, count])
    return judge_week("Neglect", past, week)


def test_a_count_beyond_the_limit_is_told_with_its_numbers() -> None:
    (found,) = judged([*STEADY], 7)
    assert (found.kind, found.is_strong) == (Kind.ABOVE, False)
    assert found.sentence == (
        "Neglect: 7 this week, where about 2.2 a week is usual (16 weeks). 7 or more is out of the "
        "ordinary, 9 or more a signal; chance alone gives 7 or more about one time in 120."
    )
    (strong,) = judged([*STEADY], 9)
    assert strong.is_strong


@pytest.mark.parametrize("count", [0, 2, 5])
def test_a_usual_week_is_silent(count: int) -> None:
    assert judged([*STEADY], count) == ()


@pytest.mark.parametrize(
    ("history", "words"),
    [
        ([3] * 11, "Too early for limits: 11 weeks are recorded, and it takes 12."),
        ([0] * 16 + [1] * 4, "Too few for limits: 4 in 20 weeks."),
        ([3] * 12 + [None] * 4, "No limits: 4 of the last 16 weeks have no closed meeting"),
    ],
)
def test_too_little_history_is_silent_and_says_why(history: list[int | None], words: str) -> None:
    assert judged(history, 60) == ()
    assert words in baseline_of(weeks_of(history)).sentence


def test_two_are_no_signal_where_less_than_one_is_expected() -> None:
    history = [0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
    kinds = {finding.kind for finding in judged([*history], 2)}
    assert Kind.ABOVE not in kinds
    assert Kind.ABOVE in {finding.kind for finding in judged([*history], 3)}


def test_a_low_week_asks_whether_recording_is_consistent() -> None:
    (found,) = judged([9, 8, 10, 8, 7, 9, 8, 9, 10, 8, 9, 7], 2)
    assert found.kind is Kind.BELOW
    assert found.sentence.endswith("Is recording consistent?")
    assert "about 8.5 a week is usual" in found.sentence


def test_eight_weeks_on_one_side_are_told() -> None:
    (found,) = judged([*STEADY, *[4] * 7], 4)
    assert found.kind is Kind.RUN_ABOVE
    assert "for 8 weeks running: 32 in all, where about 18 would be usual" in found.sentence
    assert judged([*STEADY, *[4] * 6], 4) == ()


def test_weeks_of_nought_are_no_run_where_nought_is_common() -> None:
    rare = [1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]
    assert judged([*rare, *[0] * 7], 0) == ()


def test_a_rare_category_is_judged_by_the_time_between() -> None:
    rare = [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0]
    (found,) = judged([*rare, 1, 1], 1)
    assert found.kind is Kind.CLOSER
    assert found.sentence.startswith(
        "Neglect: 3 in 15 school days, where one in about 28 is usual."
    )
    often = [1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0]
    (silent,) = judged([*often, *[0] * 9], 0)
    assert silent.kind is Kind.SILENT
    assert silent.sentence.endswith("Is recording consistent?")


def test_weeks_that_vary_more_than_chance_widen_the_limits_and_say_so() -> None:
    clustered = [0, 0, 9, 0, 0, 8, 0, 0, 9, 0, 1, 9, 0, 0, 10, 0]
    usual = baseline_of(weeks_of(clustered))
    assert usual.is_widened
    assert usual.limits is not None
    assert usual.limits.warn_high > 7
    assert "vary more than chance alone" in usual.sentence
    (found,) = judged([*clustered], 30)
    assert "the limits are widened" in found.sentence


@given(COUNTS, st.none() | st.integers(0, 500))
def test_any_history_is_judged_and_only_with_enough_of_it(
    counts: list[int | None], count: int | None
) -> None:
    found = judged(counts, count)
    kinds = [finding.kind for finding in found]
    assert len(kinds) == len(set(kinds))
    assert not {Kind.ABOVE, Kind.BELOW} <= set(kinds)
    if sum(known is not None for known in counts) < 12:
        assert found == ()


def test_false_signals_of_chance_alone_stay_rare() -> None:
    chance = random.Random(5)
    weeks = 400
    warned = signalled = 0
    for _ in range(weeks):
        history = [sum(chance.random() < 0.03 for _ in range(100)) for _ in range(30)]
        found = [f for f in judged([*history], history.pop()) if f.kind is Kind.ABOVE]
        warned += bool(found)
        signalled += any(f.is_strong for f in found)
    assert warned / weeks < 0.05
    assert signalled / weeks < 0.01


def test_shift_and_trend_of_the_run_chart_are_told() -> None:
    low, high = [2, 3, 2, 3, 2, 3, 2], [6, 7, 6, 7, 6, 7, 6]
    found = run_chart(weeks_of([*low, *high]))
    assert found.median == 4.5
    assert any("7 weeks in a row lie above the median" in words for words in found.sentences)
    rising = run_chart(weeks_of([3, 2, 3, 2, 3, 2, 3, 2, 3, 4, 5, 6, 7]))
    assert any("6 weeks in a row rise" in words for words in rising.sentences)
    assert run_chart(weeks_of([1] * 9)).median is None
    assert "judged" in run_chart(weeks_of([0] * 9 + [1] * 3)).sentences[0]


@pytest.mark.parametrize(("above", "below"), [(3, 4), (5, 5), (1, 6)])
def test_chance_of_runs_is_that_of_every_order_counted(above: int, below: int) -> None:
    orders = list(combinations(range(above + below), above))
    for runs in range(1, above + below + 1):
        counted = sum(
            sum(1 for _ in groupby(place in chosen for place in range(above + below))) == runs
            for chosen in orders
        )
        assert chance_of_runs([runs], above, below) == pytest.approx(counted / len(orders))


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.002, "about one time in 500"),
        (1 / 37, "about one time in 37"),
        (1 / 137, "about one time in 140"),
        (0.1, "about one time in 10"),
        (1e-7, "less than one time in 100,000"),
        (0.7, "more than one time in 2"),
    ],
)
def test_odds_are_told_in_words(probability: float, words: str) -> None:
    assert odds_words(probability) == words


def test_numbers_have_as_many_digits_as_mean_something() -> None:
    assert [number_words(v) for v in (0, 0.5, 0.231, 2, 2.31, 1234.5)] == [
        "0", "0.5", "0.23", "2", "2.3", "1,234",
    ]  # fmt: skip
    assert number_words(float("inf")) == "no limit"


def test_a_week_without_a_meeting_is_not_nought() -> None:
    usual = baseline_of([*weeks_of([*STEADY, None, None])])
    assert usual.weeks == len(STEADY)
    assert judge_week("x", weeks_of(STEADY), Week(weeks_of(STEADY)[0].monday, None)) == ()
