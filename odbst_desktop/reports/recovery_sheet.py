"""The recovery sheet: one page with the code, its QR picture, and what to do with it."""

from __future__ import annotations

import io
from datetime import date

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from odbst_desktop.shipped import shipped_file

_FONTS = {"Inter": "Inter-Regular", "Inter-SemiBold": "Inter-SemiBold"}
_MARGIN = 22 * mm
_QR_SIDE = 42 * mm
_ADVICE = (
    "This sheet opens the vault when every passphrase is forgotten.",
    "Whoever holds it can read everything in the vault: keep it in the school’s safe,",
    "never beside the laptop and never as a photograph.",
    "It brings back the records, not the signatures: the trust approves a new key afterwards.",
    "To use it: start the program, choose the vault, then “Use the recovery sheet”.",
)


def recovery_sheet(organisation: str, code: str, made_on: date) -> bytes:
    """Return the sheet as a PDF of one A4 page; the same bytes for the same words."""
    for name, file in _FONTS.items():
        path = shipped_file(f"resources/fonts/inter/{file}.ttf")
        pdfmetrics.registerFont(TTFont(name, str(path)))
    pages = io.BytesIO()
    canvas = Canvas(pages, pagesize=A4, invariant=1, lang="en-GB")
    canvas.setTitle(f"Recovery sheet: {organisation}")
    top = A4[1] - _MARGIN
    canvas.setFont("Inter-SemiBold", 20)
    canvas.drawString(_MARGIN, top - 16, "Recovery sheet")
    canvas.setFont("Inter", 11)
    made = f"{made_on.day} {made_on:%b %Y}"
    canvas.drawString(_MARGIN, top - 38, f"ODBST Desktop vault of {organisation}, made {made}")
    groups = code.split("-")
    canvas.setFont("Inter-SemiBold", 17)
    for row, start in enumerate(range(0, len(groups), 4)):
        canvas.drawString(_MARGIN, top - 84 - 28 * row, "   ".join(groups[start : start + 4]))
    qr = QrCodeWidget(code, barWidth=_QR_SIDE, barHeight=_QR_SIDE)
    drawing = Drawing(_QR_SIDE, _QR_SIDE)
    drawing.add(qr)
    renderPDF.draw(drawing, canvas, A4[0] - _MARGIN - _QR_SIDE, top - 70 - _QR_SIDE)
    canvas.setFont("Inter", 10.5)
    for row, line in enumerate(_ADVICE):
        canvas.drawString(_MARGIN, top - 230 - 18 * row, line)
    canvas.showPage()
    canvas.save()
    return pages.getvalue()
