"""Where a figure comes from, what moved under a draft, and why a counted one was changed."""

from __future__ import annotations

from typing import Any

import pytest

from odbst_desktop.actions.list import actions
from odbst_desktop.errors import InputError
from odbst_desktop.returns.bromcom import PUPILS, count_pupils, take_figures
from odbst_desktop.returns.drafting import (
    count_again,
    judge,
    open_return,
    read_return,
    save_return,
    what_moved,
)
from odbst_desktop.returns.explained import explain_answer
from odbst_desktop.returns.next_steps import origin_of, settle_next_steps
from odbst_desktop.spreadsheets.mapping import propose_mapping
from odbst_desktop.spreadsheets.table import read_table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.vault.vault import Vault
from tests.returns.test_returns import hold_meeting

HEAD = b"Surname,Possible sessions,Sessions attended,Authorised,Unauthorised,SEN,PP,EAL,In care,"
SHEET = (
    HEAD
    + b"""Suspensions,Days suspended
Invented,100,100,0,0,N,N,N,N,0,0
Invented,100,90,6,4,K,Y,N,N,2,3.5
Invented,100,50,30,20,E,Y,Y,N,0,0
Invented,100,96,4,0,,N,Y,Y,0,0
"""
)


def counted(text: bytes) -> Any:
    table = read_table(text, "autumn.csv")
    return count_pupils(table, propose_mapping(table, target(PUPILS)), "autumn.csv")


def test_a_figure_is_explained_by_the_meetings_it_was_counted_from(school: Vault) -> None:
    hold_meeting(school, 4)
    hold_meeting(school, 3)
    made = open_return(school, "2026-27", "autumn")
    told = explain_answer(school, made, "concerns_abuse")
    assert told.figure == "7 concerns"
    assert sorted(part.amount for part in told.parts) == ["3", "4"]
    assert all("Ruth Ellery" in part.what or "closed by" in part.what for part in told.parts)
    assert any(rule.startswith("categories_sum") for rule in told.rules)
    assert any("Termly safeguarding return" in rule for rule in told.rules)
    assert any("return begun" in line for line in told.history)
    assert "1–4" in told.shown_to[0]


@pytest.mark.parametrize(
    "name",
    ["weekly_meetings_held", "staff_kcsie_current", "governor_visits_done", "actions_raised",
     "policies_due", "dsl_hours_per_week", "induction_due", "supervision_attended", "urn",
     "cin_opened", "key_concerns", "step_text", "single_record_in_use", "website_check_date"],
)  # fmt: skip
def test_every_kind_of_answer_has_an_explanation(school: Vault, name: str) -> None:
    made = open_return(school, "2026-27", "autumn")
    told = explain_answer(school, made, name)
    assert told.formula
    assert told.shown_to


def test_sums_of_parts_are_the_figure(school: Vault) -> None:
    hold_meeting(school, 4)
    made = open_return(school, "2026-27", "autumn")
    answers = read_return(school, made).answers
    for name in ("concerns_total", "place_home", "weekly_meetings_held", "staff_total",
                 "staff_kcsie_current", "policies_due", "actions_raised"):  # fmt: skip
        parts = explain_answer(school, made, name).parts
        assert sum(int(part.amount) for part in parts) == answers[name], name


def test_a_counted_figure_changed_by_hand_asks_why_once_and_the_reason_is_kept(
    school: Vault,
) -> None:
    hold_meeting(school, 4)
    made = open_return(school, "2026-27", "autumn")
    answers = read_return(school, made).answers
    save_return(school, made, {**answers, "concerns_abuse": 5}, {})
    asked = [w for w in judge(school, made).warnings() if w.rule.startswith("changed.")]
    assert [w.rule for w in asked] == ["changed.concerns_abuse"]
    assert "4 was counted from closed meetings of the term, and 5 is given" in asked[0].message
    save_return(
        school, made, {**answers, "concerns_abuse": 5}, {asked[0].rule: "One was told late."}
    )
    told = explain_answer(school, made, "concerns_abuse")
    assert "Why it was changed: One was told late." in told.history
    save_return(school, made, answers, {})
    assert not [w for w in judge(school, made).warnings() if w.rule.startswith("changed.")]


def test_later_changes_in_the_records_are_shown_and_taken_in_one_step(school: Vault) -> None:
    hold_meeting(school, 4)
    made = open_return(school, "2026-27", "autumn")
    assert what_moved(school, made) == ()
    hold_meeting(school, 3)
    moved = {figure.field: figure.words for figure in what_moved(school, made)}
    assert moved["concerns_total"] == ("All concerns recorded: 4 → 7 (closed meetings of the term)")
    assert count_again(school, made) == len(moved)
    assert what_moved(school, made) == ()


def test_a_bromcom_sheet_gives_counts_and_no_name(school: Vault) -> None:
    made = open_return(school, "2026-27", "autumn")
    figures = counted(SHEET)
    assert take_figures(school, made, figures) == len(figures.figures)
    found = read_return(school, made)
    expected = {
        "pupils_on_roll": 4, "attendance_pct": 84.0, "authorised_absence_pct": 10.0,
        "unauthorised_absence_pct": 6.0, "send_attendance_pct": 70.0, "pp_attendance_pct": 70.0,
        "persistent_absence_count": 2, "severe_absence_count": 1, "send_support": 1,
        "ehcp_count": 1, "fsm6_or_pp_eligible": 2, "eal_count": 2, "cla_count": 1,
        "suspensions_count": 2, "suspended_pupils": 1, "suspension_days": 3.5,
    }  # fmt: skip
    assert {name: found.answers[name] for name in expected} == expected
    assert {found.provenance[name] for name in expected} == {"counted"}
    assert "Invented" not in str(found)
    told = explain_answer(school, made, "pupils_on_roll")
    assert ("autumn.csv, 4 rows", "4 pupils") in {(part.what, part.amount) for part in told.parts}
    assert count_again(school, made) == 0
    assert what_moved(school, made) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"Name,Form\nInvented,4B\n", "no column for"),
        (b"Possible sessions,Sessions attended\n10,20\n", "No row of this sheet"),
    ],
)
def test_a_sheet_that_will_not_do_changes_nothing(text: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        counted(text)


def test_rows_that_cannot_be_counted_are_said() -> None:
    figures = counted(b"Possible sessions,Sessions attended\n10,9\n10,20\nten,2\n")
    assert figures.rows == 1
    assert "2 rows could not be read" in figures.account()


def test_next_steps_become_actions_and_follow_what_is_signed_anew(school: Vault) -> None:
    today = school.today()
    step = {"step_text": "Zones at lunch", "step_owner": "DSL", "step_due": "2027-01-20",
            "step_measure": "Fewer than two a week"}  # fmt: skip
    origin = origin_of("2026-27", "autumn")

    def settle(*steps: dict[str, str]) -> list[tuple[str, str, str]]:
        with school.changing("return signed by the DSL", "return/x") as session:
            settle_next_steps(session, "2026-27", "autumn", {"next_steps": list(steps)}, today)
        with school.reading() as session:
            return [(a.title, a.owner, a.state) for a in actions(session, origin=origin)]

    assert settle(step) == [("Zones at lunch", "DSL", "open")]
    assert settle({**step, "step_owner": "Deputy"}) == [("Zones at lunch", "Deputy", "open")]
    assert settle() == [("Zones at lunch", "Deputy", "dropped")]
    with pytest.raises(InputError, match="due before it is decided"):
        settle({**step, "step_due": "2020-01-01"})


def test_a_vault_with_no_meetings_gives_a_draft_whose_concerns_are_blank_and_not_nought(
    school: Vault,
) -> None:
    found = read_return(school, open_return(school, "2026-27", "autumn"))
    assert "concerns_total" not in found.answers
    assert found.answers["weekly_meetings_held"] == 0
    missing = {e.field for e in judge(school, found.id).errors() if e.rule == "required"}
    assert "concerns_total" in missing
