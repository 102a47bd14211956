"""Hot spots are held against pupils' time; a decision is told as far as counts allow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from odbst_desktop.analysis.before_after import Outcome, before_and_after
from odbst_desktop.analysis.hot_spots import Exposure, Incident, hot_spots
from odbst_desktop.analysis.weeks import Week

FIRST = date(2026, 1, 5)


def weeks_of(counts: Iterable[int | None]) -> tuple[Week, ...]:
    return tuple(Week(FIRST + timedelta(weeks=n), count) for n, count in enumerate(counts))


LABELS = {"yard": "Playground", "lunch": "Lunchtime", "break": "Morning break"}
TIME = Exposure({"lunch": 60, "break": 20, "lesson": 300}, {"yard": frozenset({"lunch", "break"})},
                school_days=60, pupils=200)  # fmt: skip


def test_a_place_and_time_beyond_chance_is_told_with_its_odds() -> None:
    many = hot_spots(
        [Incident("yard", "break", 14, 6), Incident("yard", "lunch", 8, 5)], TIME, LABELS
    )
    hot = many.cells[0]
    assert hot.is_hot
    assert hot.expected == pytest.approx(22 / 4)
    assert hot.probability == pytest.approx(float(stats.poisson.sf(13, 22 / 4)))
    assert hot.rate == pytest.approx(14 / (20 / 60 * 60 * 200) * 1000)
    assert many.sentences[0] == (
        "14 of 22 in “Playground” were at “Morning break”. By the time pupils have there we would "
        "expect about 5.5; chance alone gives 14 or more about one time in 590."
    )


def test_lunchtime_is_longer_than_break_and_so_is_no_hot_spot_by_its_count() -> None:
    found = hot_spots(
        [Incident("yard", "break", 6, 5), Incident("yard", "lunch", 18, 9)], TIME, LABELS
    )
    assert not any(cell.is_hot for cell in found.cells)
    assert "No place and time stands out" in found.sentences[0]


def test_four_are_never_a_hot_spot() -> None:
    found = hot_spots([Incident("yard", "break", 4, 4)], TIME, LABELS)
    assert not found.cells[0].is_hot


def test_two_children_make_no_hot_spot_and_are_told() -> None:
    found = hot_spots([Incident("yard", "break", 14, 2)], TIME, LABELS)
    assert not found.cells[0].is_hot
    assert "Only 2 different children" in found.sentences[0]


def test_where_nobody_said_how_many_children_it_asks() -> None:
    found = hot_spots([Incident("yard", "break", 14)], TIME, LABELS)
    assert found.cells[0].is_hot
    assert "Ask how many different children" in found.sentences[-1]


def test_too_much_not_recorded_gives_a_notice_instead() -> None:
    found = hot_spots(
        [Incident("yard", "break", 14, 9), Incident("", "lunch", 4), Incident("yard", "", 1)],
        TIME, LABELS,
    )  # fmt: skip
    assert found.is_silent
    assert not any(cell.is_hot for cell in found.cells)
    assert found.sentences == (
        "No statement on hot spots: 5 of 19 concerns have no place or time (26 %). Record both for "
        "a few weeks, then look again.",
    )
    assert hot_spots([], TIME, LABELS).sentences[0].startswith("No concern")


@given(
    st.lists(
        st.builds(
            Incident,
            st.sampled_from(["yard", "hall", "home", ""]),
            st.sampled_from(["lunch", "break", "lesson", "night", ""]),
            st.integers(0, 30),
            st.none() | st.integers(0, 9),
        ),
        max_size=30,
    )
)
def test_every_recorded_incident_is_in_one_cell(incidents: list[Incident]) -> None:
    found = hot_spots(incidents, TIME, LABELS)
    assert sum(cell.count for cell in found.cells) + found.not_recorded == found.total
    assert all(cell.count >= 5 for cell in found.cells if cell.is_hot)


def decided(before: list[int | None], after: list[int | None]) -> tuple[Outcome, str]:
    day = FIRST + timedelta(weeks=len(before) - 1, days=1)
    found = before_and_after("Lunchtime", weeks_of([*before, *after]), day)
    return found.outcome, found.sentence


def test_a_fall_is_told_with_its_interval_and_proves_nothing() -> None:
    outcome, words = decided([4, 5, 3, 6, 4, 5], [1, 2, 1, 0, 2, 1])
    assert outcome is Outcome.FELL
    assert words.startswith(
        "Lunchtime: 27 in the 6 weeks before, 7 in the 6 weeks after (0.26 times the weekly rate; "
        "95 % interval 0.1 to 0.61). That is consistent with a fall."
    )
    assert "cannot prove" in words


def test_a_rise_is_a_question() -> None:
    outcome, words = decided([1, 2, 1, 0, 2, 1], [4, 5, 3, 6, 4, 5])
    assert outcome is Outcome.ROSE
    assert "A rise is a question, not a fault." in words


def test_a_small_difference_is_no_clear_change() -> None:
    assert decided([3, 2, 3, 2], [2, 2, 2, 3])[0] is Outcome.NO_CLEAR_CHANGE


@pytest.mark.parametrize(
    ("before", "after"),
    [([1, 2, 1], [1, 0, 1, 1]), ([9, 9, 9, 9], [0, 0, 0]), ([9, 9], []), ([0, 0], [0, 0, 0, 0])],
)
def test_too_few_are_called_so(before: list[int | None], after: list[int | None]) -> None:
    outcome, words = decided(before, after)
    assert outcome is Outcome.TOO_FEW
    assert "Too few to say" in words


def test_a_decision_after_a_peak_warns_that_peaks_fall_by_themselves() -> None:
    calm: list[int | None] = [2, 3, 2, 1, 3, 2, 4, 2, 1, 3, 2, 3, 2, 2]
    assert "peaks tend to fall" in decided([*calm, 12], [2, 2, 1, 2, 2])[1]
    assert "peaks tend to fall" not in decided([*calm, 3], [2, 2, 1, 2, 2])[1]


def test_weeks_without_a_meeting_are_left_out_of_both_sides() -> None:
    outcome, words = decided([4, None, 5, 6, 5], [1, None, None, 1, 1, 0])
    assert outcome is Outcome.FELL
    assert "20 in the 4 weeks before, 3 in the 4 weeks after" in words
