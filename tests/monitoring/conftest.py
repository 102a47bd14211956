"""Builders of visits that can be closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from odbst_desktop.form_engine.definition import Form
from odbst_desktop.monitoring.checklists import checked_questions, visit_form
from odbst_desktop.monitoring.sample import with_new_sample
from odbst_desktop.monitoring.staff_voice import staff_questions
from odbst_desktop.monitoring.visits import VisitId, close_visit, save_visit, start_visit
from odbst_desktop.school.owner import Profile
from odbst_desktop.vault.vault import Vault

Answers = dict[str, Any]


def answers_of(form_id: str, **changes: Any) -> Answers:
    """Return answers with which a check can be closed: every question answered “yes”."""
    form = visit_form(form_id)
    answers: Answers = {
        "visited_on": "2026-11-24",
        "met_with": "Headteacher and DSL",
        "strengths": "Kept well.",
        **{question.name: "yes" for question in checked_questions(form)},
        **_own_parts(form),
    }
    return {name: value for name, value in (answers | changes).items() if value is not None}


def gap(name: str, answer: str = "no", action: str = "Put it right") -> Answers:
    """Return a question answered “no” or “partly” with its action."""
    return {
        name: answer,
        f"{name}_action": action,
        f"{name}_owner": "Headteacher",
        f"{name}_due": "2026-12-08",
    }


def _own_parts(form: Form) -> Answers:
    if form.form_id == "single_central_record":
        drawn = with_new_sample({"entries_total": 30}, "7K2M-9QXA")
        for row in drawn["sampled_rows"]:
            row |= {"row_role": "teacher", "row_result": "complete"}
        return drawn
    if form.form_id == "staff_understanding":
        names = [question.name for question in staff_questions(form)]
        roles = ("teacher", "lunchtime", "office", "site", "teaching_assistant")
        return {
            "staff_asked": [{"asked_role": role, **dict.fromkeys(names, "yes")} for role in roles]
        }
    if form.form_id == "children_feeling_safe":
        return {
            "dsl_told": True,
            "groups": [
                {"age": "ks1", "children": 6, "group_safe": 6},
                {"age": "uks2", "children": 8, "group_safe": 7},
            ],
            "felt": [
                {"felt_place": "playground_main", "felt_safe": 8, "felt_unsure": 4,
                 "felt_unsafe": 2},
                {"felt_place": "classroom", "felt_safe": 14},
            ],
        }  # fmt: skip
    return {}


@pytest.fixture
def full_answers() -> Callable[..., Answers]:
    """Return the builder of full answers."""
    return answers_of


@pytest.fixture
def a_gap() -> Callable[..., Answers]:
    """Return the builder of a “no” or “partly”."""
    return gap


@pytest.fixture
def governor(open_vaults: Callable[..., Vault]) -> Vault:
    return open_vaults("governor", Profile.GOVERNOR, 900101, "Grace Tolley")


@pytest.fixture
def begin(governor: Vault) -> Callable[..., VisitId]:
    """Begin a visit and save full answers with changes."""

    def begun(form_id: str, **changes: Any) -> VisitId:
        visit = start_visit(governor, 900101, form_id)
        save_visit(governor, visit, answers_of(form_id, **changes))
        return visit

    return begun


@pytest.fixture
def closed(governor: Vault, begin: Callable[..., VisitId]) -> Callable[..., VisitId]:
    """Begin, answer and close a visit."""

    def close(form_id: str, **changes: Any) -> VisitId:
        visit = begin(form_id, **changes)
        close_visit(governor, visit)
        return visit

    return close
