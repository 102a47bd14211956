"""Visits and the versions of their checklist: kept readable, moved, and never compared falsely."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import form_from
from odbst_desktop.form_library.definitions import keep_definition
from odbst_desktop.form_library.records import TrustFormRow
from odbst_desktop.monitoring.checklists import published_checks, visit_form
from odbst_desktop.monitoring.records import VisitRow
from odbst_desktop.monitoring.report import visit_report
from odbst_desktop.monitoring.versions import move_visit
from odbst_desktop.monitoring.visits import (
    Visit,
    VisitId,
    close_visit,
    judge_visit,
    read_visit,
    save_visit,
    start_visit,
    visits,
)
from odbst_desktop.monitoring.year_picture import picture_paper, year_picture
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.calendar import academic_year
from odbst_desktop.vault.vault import Vault

RECRUITMENT = "safer_recruitment"
Answers = dict[str, Any]


def an_older_form(**words: str) -> Form:
    """Return last year's checklist: one question more, and other words where they are given."""
    content: dict[str, Any] = copy.deepcopy(dict(visit_form(RECRUITMENT).raw))
    content["version"] = "2025.1"
    place = next(n for n, row in enumerate(content["survey"]) if row["type"] == "begin_group")
    motto = {"type": "text", "name": "motto", "label": "Motto over the door"}
    content["survey"].insert(place + 1, motto)
    for row in content["survey"]:
        if row.get("name") in words:
            row["label"] = words[row["name"]]
    return form_from(content, "older")


def make_older(vault: Vault, visit: VisitId, form: Form, **more: Any) -> None:
    """Set a visit back to an older version, as if it had been begun under it."""
    with vault.changing("made older", f"visit/{visit}") as session:
        keep_definition(session, form, at=vault.now())
        session.get_one(VisitRow, visit).form_version = form.version
    if more:
        save_visit(vault, visit, {**read_visit(vault, visit).answers, **more})


def words_of(paper: Paper) -> str:
    pages = PdfReader(io.BytesIO(paper.pdf())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def begun(governor: Vault, full_answers: Callable[..., Answers]) -> VisitId:
    """Return a draft begun under last year's checklist."""
    visit = start_visit(governor, 900002, RECRUITMENT)
    save_visit(governor, visit, full_answers(RECRUITMENT))
    make_older(governor, visit, an_older_form(), motto="Onwards")
    return visit


def test_visit_stays_readable_under_the_words_it_was_answered_under(
    governor: Vault, begun: VisitId
) -> None:
    close_visit(governor, begun)
    found = read_visit(governor, begun)
    assert found.form.version == "2025.1"
    paper = visit_report(found, "Oakfield", is_demonstration=False, signed=False)
    assert "Motto over the door" in words_of(paper)
    assert "motto" in judge_visit(governor, begun).form.raw["survey"][1]["name"]
    with governor.reading() as session:
        assert [v.form.version for v in visits(session) if v.id == begun] == ["2025.1"]


def test_draft_is_moved_and_says_what_has_no_place(governor: Vault, begun: VisitId) -> None:
    moved = move_visit(governor, begun)
    assert [(i.label, value) for i, value in moved.lost] == [("Motto over the door", "Onwards")]
    found = read_visit(governor, begun)
    assert found.form.version == visit_form(RECRUITMENT).version
    assert "motto" not in found.answers
    assert found.answers["references"] == "yes"


def test_closed_visit_is_not_moved(governor: Vault, begun: VisitId) -> None:
    close_visit(governor, begun)
    with pytest.raises(StateError, match="Only a draft"):
        move_visit(governor, begun)
    assert read_visit(governor, begun).answers["motto"] == "Onwards"


def test_change_is_told_only_where_the_question_is_the_same(
    governor: Vault, full_answers: Callable[..., Answers], a_gap: Callable[..., Answers],
    clock: Any,
) -> None:  # fmt: skip
    older = an_older_form(references="Were the references nice?")
    first = start_visit(governor, 900002, RECRUITMENT)
    make_older(governor, first, older)
    answers = full_answers(RECRUITMENT, **a_gap("references"), **a_gap("advert"))
    save_visit(governor, first, {**answers, "visited_on": "2026-10-05"})
    close_visit(governor, first)
    second = start_visit(governor, 900002, RECRUITMENT)
    kept = read_visit(governor, second).answers
    rows = [{**row, "prev_state": "done"} for row in kept.get("previous", [])]
    save_visit(governor, second, {**full_answers(RECRUITMENT), "previous": rows})
    close_visit(governor, second)
    with governor.reading() as session:
        known: tuple[Visit, ...] = visits(session, 900002)
    picture = year_picture(
        academic_year("2026-27", "buckinghamshire"), known, (), date(2026, 11, 24)
    )
    assert [change.short for change in picture.changes] == ["Advert and job description"]
    assert [line.short for line in picture.broken] == ["References"]
    text = words_of(picture_paper(picture, "Oakfield", date(2026, 11, 24), is_demonstration=False))
    assert "≠ References" in text
    assert "Its words changed" in text


def test_how_it_is_known_is_said_beside_the_evidence(
    governor: Vault, full_answers: Callable[..., Answers]
) -> None:
    visit = start_visit(governor, 900002, RECRUITMENT)
    answers = full_answers(
        RECRUITMENT, references_basis=["sampled", "told_only"], references_evidence="Two files"
    )
    save_visit(governor, visit, answers)
    close_visit(governor, visit)
    found = read_visit(governor, visit)
    text = words_of(visit_report(found, "Oakfield", is_demonstration=False, signed=False))
    assert "Sampled records; Was told only. Two files" in text
    assert "What the answers rest on: sampled records 1, was told only 1." in text


def test_kind_of_evidence_that_the_list_has_not_is_refused(
    governor: Vault, full_answers: Callable[..., Answers]
) -> None:
    visit = start_visit(governor, 900002, RECRUITMENT)
    with pytest.raises(InputError, match="was not saved"):
        save_visit(governor, visit, full_answers(RECRUITMENT, references_basis=["guessed"]))


def publish(vault: Vault, form: Form) -> None:
    """Let a form of the trust come into use here, as a focus pack does."""
    with vault.changing("published", "forms") as session:
        digest = keep_definition(session, form, at=vault.now())
        row = TrustFormRow(
            id=form.form_id, sha256=digest, source="Focus pack", state="published",
            imported_at=vault.now(), imported_by="Trust",
        )  # fmt: skip
        session.add(row)


def test_visit_begins_under_the_trusts_newer_version(governor: Vault) -> None:
    content: dict[str, Any] = copy.deepcopy(dict(visit_form(RECRUITMENT).raw))
    content["version"], content["title"] = "2027.1", "How people are appointed"
    publish(governor, form_from(content, "trust"))
    found = read_visit(governor, start_visit(governor, 900002, RECRUITMENT))
    assert (found.form.version, found.title) == ("2027.1", "How people are appointed")


def test_check_of_the_trusts_own_is_offered_and_begun(governor: Vault) -> None:
    content: dict[str, Any] = copy.deepcopy(dict(visit_form(RECRUITMENT).raw))
    content["form_id"], content["title"] = "walk_at_dusk", "A walk at dusk"
    publish(governor, form_from(content, "trust"))
    with governor.reading() as session:
        assert published_checks(session) == (("walk_at_dusk", "A walk at dusk"),)
    found = read_visit(governor, start_visit(governor, 900002, "walk_at_dusk"))
    assert found.title == "A walk at dusk"
    assert found.form.question("references") is not None
