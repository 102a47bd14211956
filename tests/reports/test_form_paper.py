"""One definition, two papers: blank to write on, filled to read."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from odbst_desktop.form_engine.reading import form_from, shipped_forms
from odbst_desktop.reports.blank_form import blank_paper
from odbst_desktop.reports.blocks import ReportHead
from odbst_desktop.reports.document import Paper
from odbst_desktop.reports.form_paper import form_blocks

DAY = date(2026, 11, 24)
FORM: dict[str, Any] = {
    "form_id": "walk", "version": "1", "title": "Walk",
    "choices": {"yn": [{"name": "yes", "label": "Yes"}, {"name": "no", "label": "No"}]},
    "survey": [
        {"type": "begin_group", "name": "g", "label": "At the gate"},
        {"type": "select_one yn", "name": "shut", "label": "Was it shut?", "required": "yes"},
        {"type": "text", "name": "why", "label": "Why not?", "relevant": "${shut} = 'no'"},
        {"type": "rank yn", "name": "order", "label": "In what order?"},
        {"type": "range", "name": "calm", "label": "How calm?", "parameters": "start=1 end=5"},
        {"type": "file", "name": "plan", "label": "The plan"},
        {"type": "calculate", "name": "twice", "label": "", "calculation": "2"},
        {"type": "note", "name": "said", "label": "You wrote ${why}"},
        {"type": "end_group"},
        {"type": "begin_repeat", "name": "rooms", "label": "Rooms of ${why}"},
        {"type": "text", "name": "room", "label": "Room"},
        {"type": "select_one yn", "name": "lit", "label": "Lit?"},
        {"type": "end_repeat"},
    ],
}  # fmt: skip


def text_of(paper: Paper) -> str:
    pages = PdfReader(io.BytesIO(paper.pdf())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_blank_paper_numbers_questions_and_gives_boxes_and_lines() -> None:
    text = text_of(blank_paper(form_from(FORM, "walk"), "Oakfield", DAY))
    for words in ("1. Was it shut? *", "□ Yes", "2. Why not?", "Depends on the answer to 1.",
                  "____", "You wrote ……", "6. Room", "Lit?: Yes · No", "At the gate"):  # fmt: skip
        assert words in text, words
    assert "twice" not in text


def test_filled_paper_shows_answers_in_words() -> None:
    answers = {
        "shut": "no", "why": "Windy", "order": ["no", "yes"], "calm": 3,
        "plan": "ab-1/plan of site.pdf", "rooms": [{"room": "Hall", "lit": "yes"}],
    }  # fmt: skip
    head = ReportHead("Walk", "Oakfield", DAY)
    text = text_of(Paper("walk", head, form_blocks(form_from(FORM, "walk"), answers)))
    for words in ("No", "Windy", "1. No, 2. Yes", "Enclosed: plan of site.pdf", "Hall",
                  "Rooms of Windy"):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize("form", shipped_forms(), ids=lambda form: form.form_id)
def test_every_form_of_the_program_prints_blank(form: Any) -> None:
    text = text_of(blank_paper(form, "Oakfield", DAY))
    asked = [q for q in form.every_question() if q.is_asked]
    assert f"{len(asked)}. " in text
