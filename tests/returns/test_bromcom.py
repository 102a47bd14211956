"""Roll, attendance and suspension figures from a sheet of pupils: only counts stay."""

from __future__ import annotations

from typing import Any

import pytest

from odbst_desktop.errors import InputError
from odbst_desktop.returns.bromcom import PUPILS, count_pupils, take_figures
from odbst_desktop.returns.comparing_sources import differences
from odbst_desktop.returns.drafting import judge, open_return, read_return, save_return
from odbst_desktop.returns.explaining import explain_answer
from odbst_desktop.spreadsheets.mapping import propose_mapping
from odbst_desktop.spreadsheets.table import read_table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.vault.vault import Vault

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
    assert [(part.what, part.amount) for part in told.parts] == [
        ("“autumn.csv”, 4 pupils", "4 pupils")
    ]
    assert differences(school, made) == ()
    save_return(school, made, {**found.answers, "pupils_on_roll": 5}, {})
    asked = {warning.rule for warning in judge(school, made).warnings()}
    assert "changed:pupils_on_roll" in asked


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


def test_a_vault_with_no_meetings_gives_a_draft_whose_concerns_are_blank_and_not_nought(
    school: Vault,
) -> None:
    found = read_return(school, open_return(school, "2026-27", "autumn"))
    assert "concerns_total" not in found.answers
    assert found.answers["weekly_meetings_held"] == 0
    missing = {e.field for e in judge(school, found.id).errors() if e.rule == "required"}
    assert "concerns_total" in missing
