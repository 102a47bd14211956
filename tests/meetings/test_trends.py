"""What the closed meetings say of a week that is being typed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from odbst_desktop.analysis.weeks import Kind
from odbst_desktop.meetings.log import close_meeting, save_meeting, start_meeting
from odbst_desktop.meetings.trends import past_before, signals_for, week_series
from odbst_desktop.vault.vault import Vault

FIRST = date(2026, 4, 14)
STEADY = [2, 3, 2, 1, 3, 2, 4, 2, 1, 3, 2, 3]


def hold(vault: Vault, clock: Any, day: date, **counts: int) -> None:
    clock.day = day
    meeting = start_meeting(vault)
    concerns = [
        {"category": category, "count": count} for category, count in counts.items() if count
    ]
    answers = {**meeting.answers, "concerns": concerns, "key_concerns": "None new."}
    save_meeting(vault, meeting.id, answers)
    close_meeting(vault, meeting.id)


@pytest.fixture
def past(school: Vault, clock: Any) -> Vault:
    """Return a school with a term of meetings, but for the fifth week."""
    weeks = [n for n in range(14) if n not in {4, 6}]  # the half-term holiday is the seventh
    for number, count in zip(weeks, STEADY, strict=True):
        hold(school, clock, FIRST + timedelta(weeks=number), neglect=count, cce=int(number == 2))
    clock.day = date(2026, 7, 21)
    return school


def typed(**counts: int) -> dict[str, Any]:
    return {"concerns": [{"category": name, "count": count} for name, count in counts.items()]}


def test_a_signal_is_ready_to_become_a_trend(past: Vault) -> None:
    with past.reading() as session:
        (signal,) = signals_for(session, typed(neglect=9), date(2026, 7, 21))
    assert (signal.category, signal.kind, signal.direction) == ("neglect", Kind.ABOVE, "up")
    assert signal.is_strong
    assert signal.sentence.startswith("Neglect: 9 this week, where about 2.3 a week is usual")
    assert signal.baseline == 9 + 2 + 1 + 3 + 2 + 3
    assert signal.baseline_words == "20 in the 6 weeks to this one"


def test_lines_of_one_category_are_added_up(past: Vault) -> None:
    answers = {
        "concerns": [
            {"category": "neglect", "count": 5, "place": "classroom"},
            {"category": "neglect", "count": 4, "place": "home"},
            {"category": "neglect"},
            {"count": 3},
        ]
    }
    with past.reading() as session:
        assert signals_for(session, answers, date(2026, 7, 21))[0].is_strong
        assert signals_for(session, {}, date(2026, 7, 21)) == ()


def test_a_serious_single_one_is_never_left_to_statistics(school: Vault) -> None:
    with school.reading() as session:
        (signal,) = signals_for(session, typed(suicidal_thoughts=1), date(2026, 11, 24))
    assert signal.kind is Kind.ALWAYS
    assert signal.is_strong
    assert "never left to statistics" in signal.sentence


def test_a_missed_week_is_unknown_and_a_holiday_is_no_week(past: Vault) -> None:
    with past.reading() as session:
        before = past_before(session, date(2026, 7, 21))
    neglect = before.weeks_of("neglect")
    assert [week.count for week in neglect] == [2, 3, 2, 1, None, 3, 2, 4, 2, 1, 3, 2, 3]
    assert before.last_week() == {"neglect": 3}
    assert before.recent("neglect", 3) == (3, 2, 3)
    assert before.recent("cce", 3) == (0, 0, 0)
    assert before.categories_judged() == 1


def test_the_running_week_is_due_and_not_missed(past: Vault, clock: Any) -> None:
    clock.day = date(2026, 7, 14)
    with past.reading() as session:
        series = week_series(session, clock.day)
        assert [(s.category, s.total) for s in series] == [("neglect", sum(STEADY)), ("cce", 1)]
        assert series[0].weeks[-1].monday == date(2026, 7, 13)
        later = week_series(session, date(2026, 7, 21))
        assert later[0].weeks[-1].monday == date(2026, 7, 13)
        assert week_series(session, date(2026, 7, 21), weeks=2)[0].total == 5
    hold(past, clock, date(2026, 7, 21), neglect=1)
    with past.reading() as session:
        assert week_series(session, date(2026, 7, 21))[0].weeks[-1].count == 1


def test_a_later_meeting_does_not_judge_an_earlier_week(past: Vault) -> None:
    with past.reading() as session:
        assert past_before(session, date(2026, 4, 28)).recent("neglect") == (2, 3)
        assert signals_for(session, typed(neglect=60), date(2026, 4, 28)) == ()


def test_a_vault_without_meetings_is_silent(school: Vault) -> None:
    with school.reading() as session:
        assert week_series(session, date(2026, 11, 24)) == ()
        assert past_before(session, date(2026, 11, 24)).last_week() == {}
