"""A paper as its readers get it: the PDF's text and marks, and its accessible twin."""

from __future__ import annotations

import io
from datetime import date

import pytest
from pypdf import PdfReader

from odbst_desktop.reports.document import (
    Bars,
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
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
