"""What is out of the ordinary has a plain path: a school that joins late, merges, mistypes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from odbst_desktop.errors import InputError
from odbst_desktop.form_engine.answers import evaluate
from odbst_desktop.meetings.weeks import note_week
from odbst_desktop.returns.comparing_sources import differences, take_counted
from odbst_desktop.returns.drafting import judge, open_return, read_return, return_form, save_return
from odbst_desktop.school.calendar import week_of
from odbst_desktop.vault.vault import Vault
from tests.returns.consistent import TODAY
from tests.returns.test_returns import hold_meeting


def test_a_school_that_joined_in_mid_term_takes_the_weeks_before_out_and_need_not_explain(
    school: Vault, clock: Any
) -> None:
    clock.day = date(2026, 11, 25)
    hold_meeting(school, 4)
    made = open_return(school, "2026-27", "autumn")
    expected = read_return(school, made).answers["weekly_meetings_expected"]
    assert "meetings_coverage" in {w.rule for w in judge(school, made).warnings()}
    weeks = [date(2026, 9, 7 + 7 * n) for n in range(3)] + [date(2026, 10, 5), date(2026, 10, 12)]
    with school.changing("weeks noted", "weeks") as session:
        for day in weeks:
            note_week(session, week_of(day), "not_joined", "", school.today())
    moved = {d.field: d.counted for d in differences(school, made) if d.is_stale}
    assert moved["weekly_meetings_expected"] == expected - len(weeks)
    take_counted(school, made, tuple(moved))
    assert read_return(school, made).answers["weekly_meetings_expected"] == expected - len(weeks)


def test_merged_schools_explain_the_break_in_their_stocks_and_nothing_is_blocked() -> None:
    before = {"pupils_on_roll": 210, "cin_open_end": 3, "cp_open_end": 1, "ehcp_count": 4,
              "concerns_total": 30}  # fmt: skip
    merged = {"pupils_on_roll": 430, "cin_open_start": 8, "cin_opened": 1, "cin_closed": 2,
              "cin_open_end": 7, "cp_open_start": 4, "cp_started": 0, "cp_ended": 1,
              "cp_open_end": 3, "ehcp_count": 12, "concerns_total": 75}  # fmt: skip
    state = evaluate(return_form(), merged, previous=before, today=TODAY)
    asked = {p.rule: p.severity for p in state.problems if p.rule not in {"required"}}
    assert asked["cin_continues"] == asked["cp_continues"] == asked["ehcp_change_up"] == "warning"
    assert asked["concern_change_up"] == "warning"
    assert asked["roll_change_up"] == "question"
    assert "error" not in {s for rule, s in asked.items() if rule.startswith(("cin", "cp", "roll"))}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("concerns_total", "7\t3\n8\t4"),
        ("concerns_total", 3.5),
        ("concerns_total", True),
        ("attendance_pct", "ninety"),
        ("authority", "mars"),
        ("snapshot_date", "2026-02-30"),
        ("key_concerns", 7),
        ("next_steps", "one step"),
    ],
)
def test_an_answer_of_the_wrong_type_is_refused_whole_and_changes_nothing(
    school: Vault, name: str, value: Any
) -> None:
    made = open_return(school, "2026-27", "autumn")
    before = read_return(school, made)
    with pytest.raises(InputError, match=f"“{name}” was not saved"):
        save_return(school, made, {**before.answers, name: value}, {})
    assert read_return(school, made) == before


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"suspensions_count": 0, "suspended_pupils": 1}, "suspended_pupils_within_suspensions"),
        ({"cin_open_start": 2, "cin_opened": 0, "cin_closed": 3, "cin_open_end": 0}, "cin_stock"),
        ({"concerns_total": -1}, "constraint"),
        ({"fm_blocked_test_date": "2030-01-01", "prepared_on": "2026-12-18"}, "not_ahead"),
        ({"attendance_pct": 101}, "constraint"),
    ],
)
def test_impossible_combinations_are_named(change: dict[str, Any], rule: str) -> None:
    state = evaluate(return_form(), change, today=TODAY)
    assert any(rule in error.rule for error in state.errors())
