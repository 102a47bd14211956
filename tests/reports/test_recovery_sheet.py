"""The recovery sheet as a reader sees it."""

from __future__ import annotations

import io
from datetime import date

from pypdf import PdfReader

from odbst_desktop.reports.recovery_sheet import recovery_sheet

CODE = "-".join(["AB12C"] * 8)


def test_sheet_is_one_page_with_the_code_and_its_vault() -> None:
    pdf = PdfReader(io.BytesIO(recovery_sheet("Oakfield", CODE, date(2026, 11, 24))))
    text = pdf.pages[0].extract_text()
    assert len(pdf.pages) == 1
    assert text.count("AB12C") == 8
    assert "Oakfield" in text
    assert "24 Nov 2026" in text
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Recovery sheet"


def test_same_sheet_gives_the_same_bytes() -> None:
    made = [recovery_sheet("Oakfield", CODE, date(2026, 11, 24)) for _ in range(2)]
    assert made[0] == made[1]
