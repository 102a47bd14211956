"""Term dates against what was counted by hand, and dates as people type them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.errors import InputError
from odbst_desktop.school.calendar import academic_year, week_of, year_of
from odbst_desktop.school.typed_dates import read_typed_date, show_date

TODAY = date(2026, 11, 24)
days = st.dates(date(2025, 9, 1), date(2027, 8, 31))


@pytest.mark.parametrize(
    ("year", "counted"),
    [("2025-26", [35, 35, 29, 25, 28, 38]), ("2026-27", [36, 35, 29, 24, 33, 33])],
)
def test_buckinghamshire_years_have_190_days_and_39_meeting_weeks(
    year: str, counted: list[int]
) -> None:
    terms = academic_year(year).terms
    halves = [half for term in terms for half in term.half_terms]
    assert [len(half.school_days) for half in halves] == counted
    assert sum(counted) == 190
    assert sum(len(term.meeting_weeks()) for term in terms) == 39


def test_today_lies_in_the_fourth_week_of_autumn_two() -> None:
    year = academic_year(year_of(TODAY))
    term, half_term = year.term_on(TODAY), year.half_term_on(TODAY)
    assert term is not None
    assert half_term is not None
    assert (term.label, half_term.id) == ("Autumn term 2026-27", "autumn_2")
    assert (week_of(TODAY) - week_of(half_term.opens)) // timedelta(weeks=1) == 3


def test_holidays_are_in_no_half_term_and_unknown_years_are_said() -> None:
    year = academic_year("2026-27")
    assert year.half_term_on(date(2026, 10, 27)) is None
    assert year.term_on(date(2026, 12, 25)) is None
    assert academic_year("2026-27", "milton_keynes").is_assumed
    with pytest.raises(InputError, match="2031-32 are not known here"):
        academic_year("2031-32")


@given(day=days)
def test_a_school_day_is_a_weekday_of_exactly_one_half_term(day: date) -> None:
    year = academic_year(year_of(day))
    holding = [h for t in year.terms for h in t.half_terms if day in h.school_days]
    assert len(holding) <= 1
    if holding:
        assert day.weekday() < 5
        assert year.half_term_on(day) == holding[0]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("24/11", date(2026, 11, 24)), ("3/1", date(2027, 1, 3)), ("24.11.26", date(2026, 11, 24)),
        ("1st December", date(2026, 12, 1)), (" 4  Sept 2026 ", date(2026, 9, 4)),
        ("tomorrow", date(2026, 11, 25)), ("Friday", date(2026, 11, 27)),
        ("tuesday", date(2026, 12, 1)), ("2026-12-18", date(2026, 12, 18)),
        ("29/2", date(2028, 2, 29)),
    ],
)  # fmt: skip
def test_dates_are_read_as_the_british_type_them(typed: str, meant: date) -> None:
    today = date(2027, 11, 24) if typed == "29/2" else TODAY
    assert read_typed_date(typed, today) == meant


@pytest.mark.parametrize("typed", ["", "11/24", "31/4", "soon", "30 Feb", "1 Mob", "2026-13-01"])
def test_what_is_no_date_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(InputError, match="is not a date"):
        read_typed_date(typed, TODAY)


@given(day=st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_a_date_shown_reads_back(day: date) -> None:
    assert read_typed_date(show_date(day), TODAY) == day


@given(typed=st.text(max_size=20))
def test_any_text_is_a_date_or_an_input_error(typed: str) -> None:
    try:
        read_typed_date(typed, TODAY)
    except InputError as refused:
        assert "Type it as" in refused.sentence  # noqa: PT017 - either outcome is right
