"""Coverage of the term: held, late, not held with a reason, missing, longest gap."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.errors import InputError
from odbst_desktop.meetings.counts import coverage, term_counts
from odbst_desktop.meetings.log import close_meeting, save_meeting, start_meeting
from odbst_desktop.meetings.weeks import (
    WeekState,
    coverage_of,
    judged_weeks,
    note_week,
    reasons,
    term_weeks,
)
from odbst_desktop.school.calendar import academic_year
from odbst_desktop.vault.vault import Vault

AUTUMN = academic_year("2026-27").terms[0]
WEEK = timedelta(days=7)
MONDAYS = AUTUMN.meeting_weeks()
TODAY = date(2026, 11, 24)


def test_second_meeting_of_a_week_was_last_weeks_held_late() -> None:
    first, second, third = MONDAYS[:3]
    held = {second: (second, second + timedelta(days=3))}
    weeks = judged_weeks((first, second, third), held, {}, TODAY)
    assert [week.state for week in weeks] == [WeekState.LATE, WeekState.HELD, WeekState.MISSING]
    found = coverage_of(weeks)
    assert (found.words, found.late, found.longest_gap) == ("2 of 3 weeks", 1, 1)
    assert "1 of them held late" in found.gap_words


def test_closure_takes_a_week_out_and_an_absence_does_not() -> None:
    first, second, third = MONDAYS[:3]
    noted = {first: ("school_closed", "Snow"), second: ("no_dsl_available", "")}
    weeks = judged_weeks((first, second, third), {third: (third,)}, noted, TODAY)
    assert coverage_of(weeks).words == "1 of 2 weeks"
    assert weeks[0].reason_words.endswith("Snow")


def test_this_week_is_due_and_not_missed() -> None:
    weeks = judged_weeks(MONDAYS, {}, {}, TODAY)
    states = {week.monday: week.state for week in weeks}
    assert states[date(2026, 11, 23)] is WeekState.DUE
    assert states[date(2026, 11, 30)] is WeekState.NOT_YET
    assert states[date(2026, 11, 16)] is WeekState.MISSING


@given(
    st.sets(st.sampled_from(MONDAYS)),
    st.dictionaries(st.sampled_from(MONDAYS), st.sampled_from([r.id for r in reasons()])),
    st.sampled_from(MONDAYS),
)
def test_coverage_never_exceeds_the_weeks(held: Any, noted: Any, today: date) -> None:
    meetings = {monday: (monday,) for monday in held}
    weeks = judged_weeks(MONDAYS, meetings, {m: (r, "") for m, r in noted.items()}, today)
    found = coverage_of(weeks)
    assert 0 <= found.held <= found.expected <= len(MONDAYS)
    assert found.longest_gap <= found.expected - found.held
    assert {week.monday for week in weeks if week.state is WeekState.HELD} == held


def test_reason_is_noted_for_a_week_without_a_meeting(school: Vault, clock: Any) -> None:
    monday = date(2026, 11, 9)
    with school.changing("week noted", f"week/{monday}") as session:
        note_week(session, monday, "school_closed", "Boiler", clock.day)
        with pytest.raises(InputError, match="lies ahead"):
            note_week(session, monday + 5 * WEEK, "school_closed", "", clock.day)
        with pytest.raises(InputError, match="other reason"):
            note_week(session, monday - WEEK, "other", " ", clock.day)
        with pytest.raises(InputError, match="one of the reasons"):
            note_week(session, monday - WEEK, "lazy", " ", clock.day)
    with school.reading() as session:
        assert coverage(session, AUTUMN, clock.day).words == "0 of 9 weeks"
        assert term_counts(session, AUTUMN)["meetings.expected"] == len(MONDAYS) - 1
    with school.changing("week noted", f"week/{monday}") as session:
        note_week(session, monday, "", "", clock.day)
    with school.reading() as session:
        assert coverage(session, AUTUMN, clock.day).words == "0 of 10 weeks"


def test_week_with_a_meeting_takes_no_reason(school: Vault, clock: Any) -> None:
    meeting = start_meeting(school)
    save_meeting(school, meeting.id, {**meeting.answers, "key_concerns": "None."})
    close_meeting(school, meeting.id)
    with (
        pytest.raises(InputError, match="24 Nov 2026"),
        school.changing("week noted", "week") as session,
    ):
        note_week(session, date(2026, 11, 23), "emergency", "", clock.day)
    with school.reading() as session:
        weeks = term_weeks(session, AUTUMN, clock.day)
    assert [w.held_on for w in weeks if w.is_held] == [(date(2026, 11, 24),)]
