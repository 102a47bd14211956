"""The visits of a demonstration governor: what was found, what the school said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from odbst_desktop.form_engine.definition import Form
from odbst_desktop.monitoring.checklists import GAPS, checked_questions, visit_form
from odbst_desktop.monitoring.received import respond
from odbst_desktop.monitoring.sample import with_new_sample
from odbst_desktop.monitoring.staff_voice import staff_questions
from odbst_desktop.monitoring.themes import shipped_themes, take_up_theme, themes_in, themes_of
from odbst_desktop.monitoring.visits import (
    VisitId,
    close_visit,
    read_visit,
    save_visit,
    start_visit,
    visits,
)
from odbst_desktop.office.calendar import year_at
from odbst_desktop.school.calendar import year_of
from odbst_desktop.school.owner import read_owner
from odbst_desktop.vault.vault import Vault

_FORTNIGHT = timedelta(days=14)
_STAFF = ("teacher", "lunchtime", "office", "site", "teaching_assistant", "supply")
_ROWS = ("teacher", "teaching_assistant", "leader", "office", "governor")


def choose_themes(vault: Vault, told: list[dict[str, Any]], first: date, last: date) -> None:
    """Take up the themes of a time."""
    chosen = {theme.id: theme for theme in shipped_themes()}
    for entry in told:
        if first <= entry["day"] < last:
            year = year_of(entry["day"])
            with vault.changing("theme taken up", f"theme/{entry['theme']}") as session:
                urn = read_owner(session).urn or 0
                theme = chosen[entry["theme"]]
                take_up_theme(session, urn, year, entry["term"], theme, on=entry["day"])


def make_visit(vault: Vault, told: Mapping[str, Any], words: Mapping[str, Any]) -> VisitId:
    """Answer and close a check of today."""
    visit = _begun(vault, told["form"])
    form = visit_form(told["form"])
    answers = {**read_visit(vault, visit).answers, **_answers(vault, form, told, words)}
    for row in answers.get("previous", []):
        row["prev_state"] = "done"
    save_visit(vault, visit, answers)
    close_visit(vault, visit)
    return visit


def begin_visit(vault: Vault, told: Mapping[str, Any]) -> None:
    """Leave the check of this half-term begun, with some of the staff asked."""
    visit = _begun(vault, told["form"])
    form = visit_form(told["form"])
    answers = dict(read_visit(vault, visit).answers)
    answers |= {"met_with": "DSL", "notice": "agreed"}
    answers["staff_asked"] = _staff(form, {"record": [1]})[: told["staff"]]
    save_visit(vault, visit, answers)


def answer_visit(vault: Vault, told: Mapping[str, Any]) -> VisitId:
    """Let the school answer the newest visit received."""
    with vault.reading() as session:
        newest = visits(session)[0]
    respond(vault, newest.id, told.get("responses", {}))
    return newest.id


def _begun(vault: Vault, form_id: str) -> VisitId:
    today = vault.today()
    with vault.reading() as session:
        urn = read_owner(session).urn or 0
        taken = themes_of(session, urn, year_of(today))
        year = year_at(session, urn, today)
    term = year.term_on(today) if year else None
    theme = next((t.theme.title for t in themes_in(taken, term.name)), "") if term else ""
    return start_visit(vault, urn, form_id, theme)


def _answers(
    vault: Vault, form: Form, told: Mapping[str, Any], words: Mapping[str, Any]
) -> dict[str, Any]:
    today = vault.today()
    answers: dict[str, Any] = {
        "visited_on": today.isoformat(), "met_with": "Headteacher and DSL", "notice": "agreed",
        "minutes": 65, "strengths": words["strengths"],
    }  # fmt: skip
    for question in checked_questions(form):
        found = told["found"].get(question.name, {"answer": "yes"})
        name, answer = question.name, found["answer"]
        answers[name] = answer
        if answer in {"yes", *GAPS}:
            answers[f"{name}_evidence"] = words["evidence"]
            answers[f"{name}_basis"] = found.get("basis", words["basis"])
        if answer in GAPS:
            answers[f"{name}_action"], answers[f"{name}_owner"] = found["action"], found["owner"]
            answers[f"{name}_due"] = (today + _FORTNIGHT).isoformat()
    return answers | _own_parts(form, told, words)


def _own_parts(form: Form, told: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    if form.question("sample_seed") is not None:
        drawn = with_new_sample({"entries_total": 31}, f"DEMO-{told['day']:%m%d}")
        for place, row in enumerate(drawn["sampled_rows"]):
            row["row_role"] = _ROWS[place % len(_ROWS)]
            row["row_result"] = told["sample"].get(place, "complete")
            if place in told["sample"]:
                row["row_missing"] = words["row_missing"]
        return {**drawn, "sample_note": words["sample_note"]}
    repeats = {repeat.name for repeat in form.repeats()}
    if "staff_asked" in repeats:
        return {"staff_asked": _staff(form, told["staff"])}
    if "groups" in repeats:
        return {**_children(), "pupil_voice": words["pupil_voice"]}
    return {}


def _staff(form: Form, unknown: Mapping[str, list[int]]) -> list[dict[str, Any]]:
    return [
        {"asked_role": role}
        | {
            q.name: "no" if place in unknown.get(q.name.removeprefix("asked_"), []) else "yes"
            for q in staff_questions(form)
        }
        for place, role in enumerate(_STAFF)
    ]


def _children() -> dict[str, Any]:
    felt = {"classroom": (19, 1, 0), "playground_main": (9, 6, 5), "toilets": (14, 5, 1),
            "dining_hall": (18, 2, 0), "school_gate": (17, 3, 0)}  # fmt: skip
    return {
        "dsl_told": True,
        "groups": [
            {"age": "ks1", "children": 6, "group_safe": 6},
            {"age": "lks2", "children": 7, "group_safe": 6},
            {"age": "uks2", "children": 7, "group_safe": 6},
        ],
        "felt": [
            {"felt_place": place, "felt_safe": safe, "felt_unsure": unsure, "felt_unsafe": unsafe}
            for place, (safe, unsure, unsafe) in felt.items()
        ],
    }
