"""A paper as its readers get it: the PDF's text and marks, and its accessible twin."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from odbst_desktop.reports.document import (
    Bars,
    Block,
    Bullets,
    Contents,
    Facts,
    Grid,
    Heading,
    NewPage,
    Paragraph,
    ReportHead,
    Signature,
    Signatures,
    render_pdf,
)
from odbst_desktop.reports.web_page import render_html

HEAD = ReportHead("Minutes", "Oakfield", date(2026, 11, 24), is_demonstration=True, is_draft=True)
BLOCKS: tuple[Block, ...] = (
    Heading("Concerns"),
    Paragraph("Seven <b>this</b> week & two\nopen."),
    Bullets(("first", "second")),
    Facts((("Chair", "Ruth Ellery"),)),
    Grid(("Category", "Count"), tuple((f"Row {n}", str(n)) for n in range(120))),
    Bars((("Playground", 4, "4 concerns"), ("Not known", None, "not known"))),
    Heading("Signed", 2),
    Signatures((Signature("DSL", "Ruth Ellery", "24 Nov 2026"),)),
)


def test_paper_has_marks_numbers_language_and_bookmarks() -> None:
    pdf = PdfReader(io.BytesIO(render_pdf(HEAD, BLOCKS)))
    texts = [page.extract_text() for page in pdf.pages]
    assert len(texts) > 2
    for number, text in enumerate(texts, start=1):
        assert "DEMONSTRATION" in text
        assert "DRAFT" in text
        assert f"Page {number} of {len(texts)}" in text
    assert "<b>this</b>" in texts[0]
    assert sum("Category" in text for text in texts) > 1, "the header is repeated"
    assert str(pdf.root_object["/Lang"]) == "en-GB"
    assert "Concerns" in str(pdf.outline[0])


def test_same_content_gives_the_same_bytes() -> None:
    assert render_pdf(HEAD, BLOCKS) == render_pdf(HEAD, BLOCKS)


@pytest.mark.parametrize("words", ["Category", "Row 119", "DEMONSTRATION", "4 concerns"])
def test_web_page_says_the_same(words: str) -> None:
    page = render_html(HEAD, BLOCKS)
    assert words in page
    assert "<b>this" not in page


def test_contents_name_the_page_of_each_heading() -> None:
    parts: tuple[Block, ...] = (
        Contents(), NewPage(), Heading("First"), Paragraph("words\n" * 70), Heading("Second"),
    )  # fmt: skip
    pdf = PdfReader(io.BytesIO(render_pdf(HEAD, parts)))
    first = " ".join(pdf.pages[0].extract_text().split())
    assert "First 2" in first
    assert "Second 3" in first
    marks = [mark for mark in pdf.outline if not isinstance(mark, list)]
    assert [pdf.get_destination_page_number(mark) for mark in marks] == [1, 2]
    links: Any = pdf.pages[0]["/Annots"]
    reached = [link.get_object()["/Dest"][0].idnum for link in links]
    assert reached == [page.indirect_reference.idnum for page in list[Any](pdf.pages)[1:3]]
    page = render_html(HEAD, parts)
    assert '<a href="#heading-2">First</a>' in page
    assert '<h2 id="heading-2">First</h2>' in page


def test_a_full_page_before_a_new_one_leaves_no_empty_page() -> None:
    rows = tuple((str(n),) for n in range(33))
    for count in range(20, 34):
        parts = (Grid(("Row",), rows[:count]), NewPage(), Heading("Next"))
        pages = PdfReader(io.BytesIO(render_pdf(HEAD, parts))).pages
        assert all(
            any(word in page.extract_text() for word in ("Row", "Next")) for page in pages
        ), count
