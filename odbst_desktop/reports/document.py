"""Prints a paper: a head and blocks become the bytes of a PDF, the same bytes every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from odbst_desktop.reports import page, style
from odbst_desktop.reports.blocks import (
    Bars,
    Block,
    Bullets,
    Contents,
    Facts,
    FunnelChart,
    Grid,
    Heading,
    HeatMap,
    KeyFigures,
    NewPage,
    Paragraph,
    Picture,
    QrCode,
    ReportHead,
    SideBySide,
    Signature,
    Signatures,
    Tone,
    WeekChart,
)
from odbst_desktop.reports.flow import flowables, text
from odbst_desktop.reports.web_page import render_html
from odbst_desktop.school.typed_dates import show_date

__all__ = [
    "Bars",
    "Block",
    "Bullets",
    "Contents",
    "Facts",
    "FunnelChart",
    "Grid",
    "Heading",
    "HeatMap",
    "KeyFigures",
    "NewPage",
    "Paper",
    "Paragraph",
    "Picture",
    "QrCode",
    "ReportHead",
    "SideBySide",
    "Signature",
    "Signatures",
    "Tone",
    "WeekChart",
    "render_pdf",
]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper before it is printed; ``name`` is offered as its file name, without an ending."""

    name: str
    head: ReportHead
    blocks: tuple[Block, ...]

    def pdf(self) -> bytes:
        """Return the paper as a PDF, the same bytes every time."""
        return render_pdf(self.head, self.blocks)

    def html(self) -> bytes:
        """Return the paper as a web page that a screen reader can walk through."""
        return render_html(self.head, self.blocks).encode()


def render_pdf(head: ReportHead, blocks: Sequence[Block]) -> bytes:
    """Return the paper as a PDF on A4: language, title and bookmarks set.

    The same head and blocks give the same bytes. The file has no structure tags,
    so it is not PDF/UA: ``web_page.render_html`` is its accessible twin.
    """
    style.register_fonts()
    pages: dict[int, int] = {}
    if any(isinstance(block, Contents) for block in blocks):
        # Printed once to learn on which page each heading stands.
        _print(head, blocks, pages)
    return _print(head, blocks, pages)


def _print(head: ReportHead, blocks: Sequence[Block], pages: dict[int, int]) -> bytes:
    size = landscape(A4) if head.is_landscape else A4
    width, height = size[0] - 2 * style.MARGIN, size[1] - style.HEADER - style.FOOTER
    target = BytesIO()
    document = BaseDocTemplate(
        target,
        pagesize=size,
        title=head.title,
        author=head.organisation,
        subject=head.subtitle,
        creator="ODBST Desktop",
        lang="en-GB",
        displayDocTitle=True,
        invariant=1,
    )
    frame = Frame(style.MARGIN, style.FOOTER, width, height, 0, 0, 0, 0, id="text", showBoundary=0)
    template = PageTemplate("page", [frame], onPage=lambda canvas, _: page.draw_page(canvas, head))
    document.addPageTemplates([template])
    document.build(
        [*_opening(head), *flowables(tuple(blocks), width, pages)],
        canvasmaker=page.canvas_for(head),
    )
    return target.getvalue()


def _opening(head: ReportHead) -> list[Any]:
    under = " · ".join(words for words in (head.subtitle, show_date(head.date)) if words)
    return [text(head.title, style.TITLE), text(under, style.SUBTITLE)]
