"""The governor's cycle: which check is next, answered, closed, its report."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.form_engine.reading import shipped_form
from odbst_desktop.monitoring.cycle import cycle
from odbst_desktop.monitoring.report import visit_report
from odbst_desktop.monitoring.visits import (
    VisitId,
    close_visit,
    read_visit,
    save_visit,
    start_visit,
    visit_form,
    visits,
)
from odbst_desktop.school.calendar import academic_year
from odbst_desktop.school.owner import Profile
from odbst_desktop.vault.vault import Vault


@pytest.fixture
def governor(open_vaults: Callable[..., Vault]) -> Vault:
    return open_vaults("governor", Profile.GOVERNOR, 900101, "Grace Tolley")


def answered(**changes: Any) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "visited_on": "2026-11-24",
        "met_with": "Headteacher",
        "strengths": "Kept well.",
        "entries_total": 30,
        "entries_sampled": 6,
        "entries_with_gap": 0,
    }
    for question in shipped_form("monitoring/single_central_record").questions():
        if question.list_name == "found":
            answers[question.name] = "yes"
    return answers | changes


def begun(vault: Vault, **changes: Any) -> VisitId:
    visit = start_visit(vault, 900101, "single_central_record")
    save_visit(vault, visit, answered(**changes))
    return visit


def test_a_no_asks_for_an_action(governor: Vault) -> None:
    visit = begun(governor, leavers="no")
    with pytest.raises(InputError, match="Agree an action"):
        close_visit(governor, visit)
    action = {"action": "Take leavers off", "owner": "Head", "due": "2026-12-01"}
    save_visit(governor, visit, answered(leavers="no", actions=[action]))
    close_visit(governor, visit)
    assert read_visit(governor, visit).state == "closed"
    with pytest.raises(StateError):
        save_visit(governor, visit, answered())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"entries_sampled": 40}, "More entries were traced"),
        ({"entries_with_gap": 9}, "more entries with a gap"),
        ({"visited_on": "2026-11-25"}, "future"),
        ({"strengths": ""}, "Strengths"),
        ({"identity": None}, "identity check"),
    ],
)
def test_what_does_not_agree_keeps_it_open(
    governor: Vault, changes: dict[str, Any], words: str
) -> None:
    visit = begun(governor, **changes)
    with pytest.raises(InputError, match=words):
        close_visit(governor, visit)


def test_cycle_says_which_check_is_due(governor: Vault) -> None:
    with governor.reading() as session:
        planned = cycle(academic_year("2026-27"), visits(session))
    assert [check.state_on(governor.today()) for check in planned][:3] == [
        "Not done",
        "Due now",
        "Later",
    ]
    visit = start_visit(governor, 900101, "children_feeling_safe")
    with governor.reading() as session:
        planned = cycle(academic_year("2026-27"), visits(session))
    assert planned[1].visit is not None
    assert planned[1].visit.id == visit


def test_unknown_checklist_is_refused(governor: Vault) -> None:
    with pytest.raises(InputError, match="checklists"):
        visit_form("../return/termly_return")


def test_report_says_what_is_wanting(governor: Vault) -> None:
    visit = begun(governor, overseas="partly", overseas_evidence="Row 17")
    paper = visit_report(
        read_visit(governor, visit), "Oakfield", is_demonstration=False, signed=False
    ).pdf()
    text = " ".join("".join(p.extract_text() for p in PdfReader(io.BytesIO(paper)).pages).split())
    for words in ("DRAFT", "Single central record check", "abroad", "Row 17", "Kept well."):
        assert words in text


@pytest.mark.parametrize("name", ["single_central_record", "children_feeling_safe"])
def test_checklists_are_long_enough_and_ask_for_evidence(name: str) -> None:
    questions = shipped_form(f"monitoring/{name}").questions()
    asked = [q.name for q in questions if q.list_name == "found"]
    assert 8 <= len(asked) <= 20
    assert {f"{n}_evidence" for n in asked} <= {q.name for q in questions}
