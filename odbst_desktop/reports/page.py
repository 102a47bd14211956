"""The furniture of a page: header, footer, DEMONSTRATION band and DRAFT mark."""

from __future__ import annotations

from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from odbst_desktop.reports import style
from odbst_desktop.reports.blocks import ReportHead

DEMONSTRATION_WORDS = "DEMONSTRATION: invented school, invented figures. Not a real paper."
_ELLIPSIS = "…"


class CountedCanvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """A canvas that keeps its pages back until it knows how many there are."""

    head: ReportHead

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: list[dict[str, Any]] = []
        self._marks: list[tuple[int, str, dict[str, Any]]] = []

    def bookmarkPage(self, key: str, **place: Any) -> None:  # noqa: N802
        """Remember a bookmark until its page is written: only then is it known which it is."""
        self._marks.append((self._pageNumber, key, place))

    def showPage(self) -> None:  # noqa: N802  (the PDF writer's name)
        """Keep the page back."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write every page, each with its number among them all."""
        for state in self._kept:
            self.__dict__.update(state)
            for number, key, place in self._marks:
                if number == self._pageNumber:
                    super().bookmarkPage(key, **place)
            _draw_footer(self, self.head, len(self._kept))
            super().showPage()
        super().save()


def canvas_for(head: ReportHead) -> type[CountedCanvas]:
    """Return the kind of canvas that numbers the pages of this report."""
    return type("ReportCanvas", (CountedCanvas,), {"head": head})


def draw_page(canvas: Any, head: ReportHead) -> None:
    """Draw what lies under the text of a page: marks and header."""
    width, height = canvas._pagesize  # noqa: SLF001  (the writer has no public name for it)
    canvas.saveState()
    if head.is_draft:
        _draw_draft_mark(canvas, width, height)
    if head.is_demonstration:
        canvas.setFillColor(style.BAND)
        canvas.rect(0, height - 8 * mm, width, 8 * mm, stroke=0, fill=1)
        canvas.setFillColor(style.INK)
        canvas.setFont(style.BOLD, 8.5)
        canvas.drawCentredString(width / 2, height - 5.2 * mm, DEMONSTRATION_WORDS)
    line = height - 16 * mm
    title = f"DRAFT · {head.title}" if head.is_draft else head.title
    half = (width - 2 * style.MARGIN) / 2 - 3 * mm
    canvas.setFont(style.BOLD, 8.5)
    canvas.setFillColor(style.INK)
    canvas.drawString(style.MARGIN, line, _fitted(head.organisation, style.BOLD, half))
    canvas.setFont(style.REGULAR, 8.5)
    canvas.setFillColor(style.QUIET)
    canvas.drawRightString(width - style.MARGIN, line, _fitted(title, style.REGULAR, half))
    canvas.setStrokeColor(style.ACCENT)
    canvas.setLineWidth(0.8)
    canvas.line(style.MARGIN, line - 2.5 * mm, width - style.MARGIN, line - 2.5 * mm)
    canvas.restoreState()


def _draw_draft_mark(canvas: Any, width: float, height: float) -> None:
    canvas.saveState()
    canvas.translate(width / 2, height / 2)
    canvas.rotate(55)
    canvas.setFillColor(style.MARK)
    canvas.setFont(style.BOLD, 130)
    canvas.drawCentredString(0, -45, "DRAFT")
    canvas.restoreState()


def _draw_footer(canvas: Any, head: ReportHead, pages: int) -> None:
    width = canvas._pagesize[0]  # noqa: SLF001
    line = 11 * mm
    number = f"Page {canvas.getPageNumber()} of {pages}"
    canvas.saveState()
    canvas.setStrokeColor(style.LINE)
    canvas.setLineWidth(0.4)
    canvas.line(style.MARGIN, line + 4 * mm, width - style.MARGIN, line + 4 * mm)
    canvas.setFillColor(style.QUIET)
    canvas.setFont(style.REGULAR, 8)
    room = width - 2 * style.MARGIN - stringWidth(number, style.REGULAR, 8) - 5 * mm
    canvas.drawString(style.MARGIN, line, _fitted(head.footer_words, style.REGULAR, room))
    canvas.drawRightString(width - style.MARGIN, line, number)
    canvas.restoreState()


def _fitted(words: str, font: str, room: float, size: float = 8.5) -> str:
    """Return the words on one line, cut with an ellipsis where the room ends."""
    line = " ".join(words.split())
    if stringWidth(line, font, size) <= room:
        return line
    while line and stringWidth(line + _ELLIPSIS, font, size) > room:
        line = line[:-1]
    return line.rstrip() + _ELLIPSIS
