"""Forms as their writers and their users meet them."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.form_engine.answers import check_types, cleaned, evaluate
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.errors import FormDefinitionError
from odbst_desktop.form_engine.reading import form_from, load_form, shipped_form

TEXT: dict[str, Any] = {
    "form_id": "visit",
    "version": "1",
    "title": "Visit",
    "choices": {
        "seen": [{"name": "yes", "label": "Yes"}, {"name": "no", "label": "No"}],
    },
    "survey": [
        {"type": "begin_group", "name": "first", "label": "First"},
        {"type": "select_one seen", "name": "gate", "label": "Gate shut?", "required": "true()"},
        {"type": "text", "name": "why", "label": "Why?", "relevant": "${gate} = 'no'",
         "required": "true()"},
        {"type": "integer", "name": "asked", "label": "Asked", "constraint": ". >= 1 and . <= 9",
         "constraint_message": "Ask one to nine."},
        {"type": "end_group"},
        {"type": "date", "name": "seen_on", "label": "Seen on", "constraint": ". <= today()"},
        {"type": "select_multiple seen", "name": "both", "label": "Both"},
        {"type": "calculate", "name": "double", "label": "", "calculation": "${asked} * 2"},
        {"type": "begin_repeat", "name": "steps", "label": "Steps"},
        {"type": "text", "name": "step", "label": "Step", "required": "true()"},
        {"type": "end_repeat"},
    ],
    "rules": [
        {"id": "more", "left": "${asked}", "operator": ">", "right": "previous('asked')",
         "severity": "warning", "message": "Fewer than before."},
    ],
}  # fmt: skip


@pytest.fixture
def form() -> Form:
    return form_from(TEXT, "visit")


def rules_broken(form: Form, answers: dict[str, Any], **options: Any) -> set[tuple[str, str]]:
    return {(p.field, p.rule) for p in evaluate(form, answers, **options).problems}


def test_irrelevant_questions_are_neither_asked_nor_sent(form: Form) -> None:
    assert rules_broken(form, {"gate": "yes", "why": "broken"}) == set()
    assert cleaned(form, {"gate": "yes", "why": "broken"}) == {"gate": "yes"}
    assert rules_broken(form, {"gate": "no"}) == {("why", "required")}


def test_constraints_rows_and_calculations(form: Form) -> None:
    answers = {"gate": "yes", "asked": 12, "steps": [{"step": "x"}, {}], "seen_on": "2026-11-25"}
    today = date(2026, 11, 24)
    assert rules_broken(form, answers, today=today) == {
        ("asked", "constraint"),
        ("step", "required"),
        ("seen_on", "constraint"),
    }
    assert evaluate(form, {"asked": 4}).values["double"] == 8
    assert evaluate(form, {}).values["double"] is None


def test_rules_compare_with_last_time_and_skip_what_is_not_known(form: Form) -> None:
    assert ("asked", "more") in rules_broken(
        form, {"gate": "yes", "asked": 3}, previous={"asked": 5}
    )
    assert rules_broken(form, {"gate": "yes", "asked": 3}) == set()
    gap = {"missing": "not_known", "reason": "the register was locked away"}
    assert rules_broken(form, {"gate": "yes", "asked": gap}, previous={"asked": 5}) == set()
    bare = {"missing": "not_known", "reason": " "}
    assert rules_broken(form, {"gate": "yes", "asked": bare}) == {("asked", "reason")}


@pytest.mark.parametrize(
    "answers",
    [
        {"other": 1},
        {"asked": 1.0},
        {"asked": True},
        {"asked": "3"},
        {"gate": "perhaps"},
        {"both": ["yes", "yes"]},
        {"both": "yes"},
        {"seen_on": "24/11/2026"},
        {"seen_on": "2026-02-30"},
        {"steps": {"step": "x"}},
        {"steps": ["x"]},
        {"steps": [{"leap": "x"}]},
        {"why": "x" * 20_000},
        {"asked": {"missing": "lost", "reason": ""}},
    ],
)
def test_wrong_types_are_found(form: Form, answers: dict[str, Any]) -> None:
    assert check_types(form, answers)


@pytest.mark.parametrize(
    ("row", "column", "value", "words"),
    [
        (1, "type", "select_one other", "no list"),
        (1, "name", "why", "used twice"),
        (1, "relevant", "${nobody} = 1", "no question"),
        (2, "relevant", "${gate} = ", "row 3"),
        (2, "relevant", "system('x')", "row 3"),
        (3, "type", "picture", "not a type"),
        (3, "colour", "red", "no column"),
        (4, "type", "end_repeat", "closes a group"),
    ],
)
def test_faulty_definitions_name_the_place(row: int, column: str, value: str, words: str) -> None:
    content = copy.deepcopy(TEXT)
    content["survey"][row][column] = value
    with pytest.raises(FormDefinitionError, match=words):
        form_from(content, "visit")


def test_choices_written_without_quotes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "visit-form"
    path.write_text(
        "form_id: a\nversion: '1'\ntitle: A\nchoices: {yn: [{name: yes, label: Yes}]}\nsurvey: []\n"
    )
    with pytest.raises(FormDefinitionError, match="quotes"):
        load_form(path)
    path.write_bytes(b"\xff\xfe: [")
    with pytest.raises(FormDefinitionError, match="visit-form"):
        load_form(path)


@given(
    st.dictionaries(
        st.sampled_from([*(q.name for q in shipped_form("return/termly_return").questions()), "x"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())
        | st.dictionaries(st.text(), st.text()),
        max_size=8,
    )
)  # fmt: skip
def test_any_answers_are_judged_without_a_fault(answers: dict[str, Any]) -> None:
    form = shipped_form("return/termly_return")
    if not check_types(form, answers):
        evaluate(form, answers)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_stock_rule_holds_exactly_when_the_figures_add_up(a: int, b: int, c: int, d: int) -> None:
    form = shipped_form("return/termly_return")
    answers = {"cp_open_start": a, "cp_started": b, "cp_ended": c, "cp_open_end": d}
    broken = any(p.rule == "cp_stock" for p in evaluate(form, answers).problems)
    assert broken == (a + b - c != d)
