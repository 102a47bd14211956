"""The look of a paper: the typeface, one accent colour and the sizes."""

from __future__ import annotations

from functools import cache
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.fonts import addMapping
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from odbst_desktop.errors import FileReadError
from odbst_desktop.reports.blocks import Tone
from odbst_desktop.shipped import shipped_file

REGULAR, BOLD, ITALIC = "Inter", "Inter-SemiBold", "Inter-Italic"
INK, QUIET, LINE = HexColor("#1d2529"), HexColor("#56646b"), HexColor("#c9d2d6")
ACCENT, TINT = HexColor("#14566b"), HexColor("#eef4f6")
BAND, MARK = HexColor("#fff1d6"), HexColor("#eceff0")
MARGIN = 18 * mm
HEADER = 26 * mm
FOOTER = 18 * mm


@cache
def register_fonts() -> None:
    """Tell the PDF writer of the bundled typeface, once.

    Raises FileReadError when the program's own fonts are missing or damaged.
    """
    for name in (REGULAR, BOLD, ITALIC):
        file = f"{name}-Regular.ttf" if name == REGULAR else f"{name}.ttf"
        path = shipped_file(f"resources/fonts/inter/{file}")
        try:
            pdfmetrics.registerFont(TTFont(name, str(path)))
        except Exception as fault:
            raise FileReadError(
                f"The program's typeface {path.name} cannot be read, so no paper can be printed. "
                "Your records are safe. Install the program again."
            ) from fault
    for is_bold, is_italic, name in ((0, 0, REGULAR), (1, 0, BOLD), (0, 1, ITALIC), (1, 1, BOLD)):
        addMapping(REGULAR, is_bold, is_italic, name)


def _style(name: str, size: float, leading: float, **rest: Any) -> ParagraphStyle:
    chosen = {"fontName": REGULAR, "textColor": INK, **rest}
    return ParagraphStyle(name, fontSize=size, leading=leading, **chosen)


TITLE = _style("title", 20, 25, fontName=BOLD, textColor=ACCENT, spaceAfter=2)
SUBTITLE = _style("subtitle", 11, 15, textColor=QUIET, spaceAfter=10)
HEADINGS = {
    1: _style("heading-1", 13.5, 18, fontName=BOLD, textColor=ACCENT, spaceBefore=12, spaceAfter=4),
    2: _style("heading-2", 11, 15, fontName=BOLD, spaceBefore=8, spaceAfter=3),
    3: _style("heading-3", 9.5, 13, fontName=BOLD, textColor=QUIET, spaceBefore=6, spaceAfter=2),
}
TONES = {
    Tone.BODY: _style("body", 9.5, 14, spaceAfter=6),
    Tone.LEAD: _style("lead", 11.5, 17, spaceAfter=8),
    Tone.QUIET: _style("quiet", 8.5, 12, textColor=QUIET, spaceAfter=6),
    Tone.NOTICE: _style(
        "notice",
        9.5,
        14,
        backColor=TINT,
        borderColor=ACCENT,
        borderWidth=0.6,
        borderPadding=(6, 8, 7, 8),
        leftIndent=8,
        rightIndent=8,
        spaceBefore=8,
        spaceAfter=14,
    ),
    Tone.CODE: _style("code", 19, 30, fontName=BOLD, alignment=1, spaceBefore=6, spaceAfter=8),
}
CELL = _style("cell", 8.8, 12)
CELL_HEAD = _style("cell-head", 8.5, 11.5, fontName=BOLD, textColor=ACCENT)
LABEL = _style("label", 8.8, 12, textColor=QUIET)
STRONG = _style("strong", 8.8, 12, fontName=BOLD)
FIGURE = _style("figure", 17, 22, fontName=BOLD, textColor=ACCENT)
