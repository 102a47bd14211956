"""A governor's visit: begun with earlier actions, answered, closed, amended, reported."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.form_library.guidance import guidance_words
from odbst_desktop.monitoring.checklists import (
    check_title,
    checked_questions,
    checklist_ids,
    visit_form,
)
from odbst_desktop.monitoring.report import visit_report
from odbst_desktop.monitoring.signing import answers_to_sign
from odbst_desktop.monitoring.visits import (
    VisitId,
    amend_visit,
    close_visit,
    explain,
    put_aside,
    read_visit,
    save_visit,
    start_visit,
    take_up,
    visits,
)
from odbst_desktop.vault.vault import Vault

RECORD = "single_central_record"
Begin = Callable[..., VisitId]
Answers = dict[str, Any]


def text_of(pdf: bytes) -> str:
    return " ".join("".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_no_asks_for_an_action(
    governor: Vault, begin: Begin, full_answers: Callable[..., Answers], a_gap: Callable[..., Any]
) -> None:
    visit = begin(RECORD, leavers="no")
    with pytest.raises(InputError, match="Agree an action for “Leavers”"):
        close_visit(governor, visit)
    save_visit(governor, visit, full_answers(RECORD, **a_gap("leavers")))
    close_visit(governor, visit)
    assert read_visit(governor, visit).state == "closed"
    with pytest.raises(StateError):
        save_visit(governor, visit, full_answers(RECORD))


@pytest.mark.parametrize(
    ("form", "changes", "words"),
    [
        (RECORD, {"visited_on": "2026-11-25"}, "future"),
        (RECORD, {"strengths": None}, "Strengths"),
        (RECORD, {"identity": None}, "“Identity” is not answered"),
        (RECORD, {"sampled_rows": []}, "Draw the sample"),
        (RECORD, {"entries_total": 12}, "beyond the entries"),
        ("staff_understanding", {"staff_asked": []}, "at least 5 members of staff"),
        ("children_feeling_safe", {"dsl_told": None}, "Tell the DSL before"),
        ("children_feeling_safe", {"groups": []}, "Enter the groups"),
        (
            "children_feeling_safe",
            {"groups": [{"age": "ks1", "children": 3, "group_safe": 3}]},
            "at least four children",
        ),
        (
            "children_feeling_safe",
            {"felt": [{"felt_place": "hall", "felt_safe": 60}]},
            "More children spoke of “Hall”",
        ),
    ],
)
def test_what_is_missing_or_does_not_agree_keeps_it_open(
    governor: Vault, begin: Begin, form: str, changes: Answers, words: str
) -> None:
    visit = begin(form, **changes)
    with pytest.raises(InputError, match=words):
        close_visit(governor, visit)
    assert read_visit(governor, visit).state == "draft"


@pytest.mark.parametrize("form", checklist_ids())
def test_every_checklist_can_be_closed_and_reported(
    governor: Vault, closed: Begin, form: str
) -> None:
    visit = closed(form)
    paper = visit_report(
        read_visit(governor, visit), "Oakfield", is_demonstration=False, signed=False
    )
    text = text_of(paper.pdf())
    for question in checked_questions(visit_form(form)):
        assert question.label in text
    assert "DRAFT" in text


@pytest.mark.parametrize("form", checklist_ids())
def test_every_checklist_is_written_out_in_full(form: str) -> None:
    checklist = visit_form(form)
    questions = checked_questions(checklist)
    names = {question.name for question in checklist.questions()}
    assert 8 <= len(questions) <= 20
    assert check_title(form) == checklist.title
    for question in questions:
        ends = ("_basis", "_evidence", "_action", "_owner", "_due")
        assert {f"{question.name}{end}" for end in ends} <= names
        basis = checklist.question(f"{question.name}_basis")
        assert basis is not None
        assert {"seen_document", "sampled", "told_only"} <= {c.name for c in basis.choices}
        assert guidance_words(question), question.name
        assert question.label.endswith("?")
    assert [choice.name for choice in questions[0].choices] == [
        "yes", "partly", "no", "not_seen", "not_applicable",
    ]  # fmt: skip


def test_unknown_checklist_is_refused() -> None:
    with pytest.raises(InputError, match="checklists"):
        visit_form("../return/termly_return")


def test_what_earlier_visits_agreed_comes_first_until_it_is_done(
    governor: Vault, clock: Any, closed: Begin, full_answers: Callable[..., Answers],
    a_gap: Callable[..., Any],
) -> None:  # fmt: skip
    closed(RECORD, **a_gap("leavers", action="Take leavers off"))
    clock.day = date(2027, 1, 12)
    visit = start_visit(governor, 900101, "online_safety")
    first = read_visit(governor, visit).answers["previous"]
    assert [(r["prev_action"], r["prev_owner"]) for r in first] == [
        ("Take leavers off", "Headteacher")
    ]
    answers = full_answers("online_safety", visited_on="2027-01-12", previous=first)
    save_visit(governor, visit, answers)
    with pytest.raises(InputError, match="what became of each action"):
        close_visit(governor, visit)
    answers["previous"] = [{**first[0], "prev_state": "done"}]
    save_visit(governor, visit, answers)
    close_visit(governor, visit)
    clock.day = date(2027, 1, 19)
    third = start_visit(governor, 900101, "curriculum")
    assert "previous" not in read_visit(governor, third).answers
    other_school = start_visit(governor, 900102, "curriculum")
    assert "previous" not in read_visit(governor, other_school).answers


def test_an_amendment_keeps_both_versions_and_the_reason(
    governor: Vault, closed: Begin, full_answers: Callable[..., Answers]
) -> None:
    visit = closed(RECORD)
    with pytest.raises(InputError, match="Say why"):
        amend_visit(governor, visit, " ")
    amended = amend_visit(governor, visit, "One row was read wrongly")
    with pytest.raises(InputError, match="stays as it was"):
        save_visit(governor, amended, full_answers(RECORD, visited_on="2026-11-23"))
    save_visit(governor, amended, full_answers(RECORD, strengths="Kept well but for one row."))
    close_visit(governor, amended)
    with governor.reading() as session:
        assert [v.id for v in visits(session)] == [amended]
        both = visits(session, with_past=True)
    assert {v.answers["strengths"] for v in both} == {"Kept well.", "Kept well but for one row."}
    assert answers_to_sign(governor, amended)["amended_because"] == "One row was read wrongly"
    with pytest.raises(StateError):
        amend_visit(governor, visit, "Again")


def test_a_draft_put_aside_comes_back(governor: Vault, closed: Begin) -> None:
    visit = closed(RECORD)
    amended = amend_visit(governor, visit, "A mistake")
    put_aside(governor, amended)
    assert read_visit(governor, visit).state == "closed"
    take_up(governor, amended)
    assert read_visit(governor, visit).state == "amended"
    assert read_visit(governor, amended).state == "draft"


def test_one_check_a_day_at_a_school(governor: Vault, closed: Begin, begin: Begin) -> None:
    closed("curriculum")
    second = begin("curriculum")
    with pytest.raises(InputError, match="same day already"):
        close_visit(governor, second)


def test_what_the_privacy_check_finds_goes_or_is_explained(governor: Vault, closed: Begin) -> None:
    visit = closed("curriculum", strengths="Jack Smith showed his book.", met_with="C1042")
    for rule, words in (("reference.met_with", "C1042"), ("privacy.strengths", "Jack Smith")):
        with pytest.raises(InputError, match=words):
            answers_to_sign(governor, visit)
        said = dict(read_visit(governor, visit).explanations)
        explain(governor, visit, {**said, rule: "An author, whose book it is."})
    signed = answers_to_sign(governor, visit)
    assert [row["explained_words"] for row in signed["explained"]] == [
        "An author, whose book it is."
    ] * 2


def test_the_governors_own_name_is_no_finding(governor: Vault, closed: Begin) -> None:
    visit = closed("curriculum", strengths="Grace Tolley saw three lessons.")
    assert "explained" not in answers_to_sign(governor, visit)


def test_fewer_than_ten_children_ask_for_a_sentence(governor: Vault, closed: Begin) -> None:
    visit = closed(
        "children_feeling_safe", groups=[{"age": "ks1", "children": 6, "group_safe": 6}], felt=None
    )
    with pytest.raises(InputError, match="Fewer than 10"):
        answers_to_sign(governor, visit)
