"""Turns blocks into what the PDF writer lays out on pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import zip_longest
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    Image,
    KeepTogether,
    PageBreak,
    Spacer,
    Table,
)
from reportlab.platypus import Paragraph as Text

from odbst_desktop.reports import blocks, charts, style

_CONTROL = dict.fromkeys(set(range(32)) - {10}) | {9: " ", 13: None, 127: None}
_PLAIN_TABLE = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)]
_RULED = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, style.LINE),
    ("TOPPADDING", (0, 0), (-1, -1), 3.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
    ("LEFTPADDING", (0, 0), (-1, -1), 4),
    ("RIGHTPADDING", (0, 0), (-1, -1), 6),
]
_COMPACT = [("TOPPADDING", (0, 0), (-1, -1), 0.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 2)]
_FIGURES_A_ROW = 4
_NO_PADDING = [
    (side, (0, 0), (-1, -1), 0.5)
    for side in ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
]
_GRID = [
    *_RULED,
    ("BACKGROUND", (0, 0), (-1, 0), style.TINT),
    ("LINEBELOW", (0, 0), (-1, 0), 0.8, style.ACCENT),
]


def text(words: str, chosen: Any) -> Any:
    """Return words as a paragraph: nothing in them is taken for markup, line breaks are kept."""
    return Text(_safe(words), chosen)


def _safe(words: str) -> str:
    return escape(words.translate(_CONTROL)).replace("\n", "<br/>")


class OutlinedHeading(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A heading that enters itself among the bookmarks, and its page into ``pages``, when drawn."""

    def __init__(self, words: str, level: int, place: int, pages: dict[int, int]) -> None:
        super().__init__()
        self._words, self._level, self._place, self._pages = words, level, place, pages
        self._text = text(words, style.HEADINGS[level])

    def getSpaceBefore(self) -> float:  # noqa: N802  (the PDF writer's name)
        """Return the room above, in points."""
        return float(self._text.getSpaceBefore())

    def getSpaceAfter(self) -> float:  # noqa: N802
        """Return the room below, in points."""
        return float(self._text.getSpaceAfter())

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the size that is taken, in points."""
        taken = self._text.wrap(width, height)
        return float(taken[0]), float(taken[1])

    def draw(self) -> None:
        """Draw the words and mark the place."""
        key = f"heading-{self._place}"
        self._pages[self._place] = self.canv.getPageNumber()
        self.canv.bookmarkHorizontal(key, 0, self._text.height)
        self.canv.addOutlineEntry(self._words, key, level=self._level - 1, closed=False)
        self._text.drawOn(self.canv, 0, 0)


def flowables(
    content: Sequence[blocks.Block], width: float, pages: dict[int, int] | None = None
) -> list[Any]:
    """Return the blocks laid ready for pages whose text is ``width`` points wide.

    ``pages`` holds the page of each heading by its place, as far as it is known; drawing fills it.
    """
    pages = {} if pages is None else pages
    laid: list[Any] = []
    deepest = 0
    for place, (block, following) in enumerate(zip_longest(content, content[1:])):
        if isinstance(block, blocks.Heading):
            # a bookmark may lie at most one level below the one before it
            deepest = max(1, min(block.level, deepest + 1, 3))
            laid += _heading(OutlinedHeading(block.text, deepest, place, pages), following, width)
        elif isinstance(block, blocks.NewPage):
            if laid and isinstance(laid[-1], Spacer):
                # Room at the foot of a full page would make an empty page of its own.
                laid.pop()
            laid.append(PageBreak())
        elif isinstance(block, blocks.Contents):
            laid += _contents(content, width, pages)
        else:
            laid += _MAKERS[type(block)](block, width)
    return laid


def _contents(content: Sequence[blocks.Block], width: float, pages: dict[int, int]) -> list[Any]:
    number = 15 * mm
    rows = [
        [
            Text(f'<link href="#heading-{place}">{_safe(block.text)}</link>', style.CELL),
            text(str(pages.get(place, "")), style.CELL),
        ]
        for place, block in enumerate(content)
        if isinstance(block, blocks.Heading) and block.level == 1
    ]
    return [Table(rows, [width - number, number], style=_RULED), Spacer(1, 6)] if rows else []


def _heading(made: OutlinedHeading, following: blocks.Block | None, width: float) -> list[Any]:
    room = 15 * mm + made.wrap(width, 0)[1]
    if isinstance(following, blocks.Grid) and following.rows:
        # the header row and the first row stay with their heading
        first = blocks.Grid(following.columns, following.rows[:1], following.widths)
        room += min(_grid(first, width)[0].wrap(width, 0)[1], 120 * mm)
    return [CondPageBreak(room), made]


def _paragraph(block: blocks.Paragraph, _width: float) -> list[Any]:
    return [text(block.text, style.TONES[block.tone])]


def _bullets(block: blocks.Bullets, width: float) -> list[Any]:
    mark = 7 * mm
    rows = [
        [text(f"{place}." if block.is_numbered else "•", style.TONES[blocks.Tone.BODY]), made]
        for place, made in enumerate(
            (text(item, style.TONES[blocks.Tone.BODY]) for item in block.items), start=1
        )
    ]
    paddings = [("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 0)]
    if not rows:
        return []
    return [Table(rows, [mark, width - mark], style=_PLAIN_TABLE + paddings, splitInRow=1)]


def _facts(block: blocks.Facts, width: float) -> list[Any]:
    longest = max((len(name) for name, _ in block.rows), default=0)
    # Questions need more room than labels.
    label = width * 0.5 if longest > 34 else min(55 * mm, width * 0.34)
    rows = [[text(name, style.LABEL), text(value or "—", style.CELL)] for name, value in block.rows]
    if not rows:
        return []
    return [Table(rows, [label, width - label], style=_RULED, splitInRow=1), Spacer(1, 6)]


def _grid(block: blocks.Grid, width: float) -> list[Any]:
    if not block.rows:
        return [text(block.empty_words, style.TONES[blocks.Tone.QUIET])]
    shares = block.widths or (1.0,) * len(block.columns)
    widths = [width * share / sum(shares) for share in shares]
    head = [text(name, style.CELL_HEAD) for name in block.columns]
    rows = [[text(cell, style.CELL) for cell in row] for row in block.rows]
    made = Table([head, *rows], widths, style=_GRID, repeatRows=1, splitInRow=1)
    return [made, Spacer(1, 8)]


def _bars(block: blocks.Bars, width: float) -> list[Any]:
    if not block.rows:
        return [text(block.empty_words, style.TONES[blocks.Tone.QUIET])]
    label = width * (0.44 if block.is_compact else 0.34)
    number = width * (0.25 if block.is_compact else 0.2)
    longest = max((value for _, value, _ in block.rows if value is not None), default=0)
    space = width - label - number - 12
    rows = []
    for name, value, words in block.rows:
        length = space * value / longest if value and longest > 0 else 0
        bar = Drawing(space, 9)
        if length > 0:
            bar.add(Rect(0, 0, length, 9, fillColor=style.ACCENT, strokeColor=None))
        rows.append([text(name, style.CELL), bar, text(words, style.CELL)])
    look = [*_RULED, *_COMPACT] if block.is_compact else _RULED
    return [Table(rows, [label, width - label - number, number], style=look), Spacer(1, 8)]


def _key_figures(block: blocks.KeyFigures, width: float) -> list[Any]:
    cells = [
        [text(label, style.LABEL), text(figure, style.FIGURE), text(under, style.LABEL)]
        for label, figure, under in block.rows
    ]
    cells += [[""]] * (-len(cells) % _FIGURES_A_ROW)
    rows = [cells[at : at + _FIGURES_A_ROW] for at in range(0, len(cells), _FIGURES_A_ROW)]
    if not rows:
        return []
    return [Table(rows, [width / _FIGURES_A_ROW] * _FIGURES_A_ROW, style=_RULED), Spacer(1, 8)]


def _side_by_side(block: blocks.SideBySide, width: float) -> list[Any]:
    half = width / 2 - 3 * mm
    sides = [
        [text(title, style.HEADINGS[2]), *flowables(content, half)]
        for title, content in zip(block.titles, (block.left, block.right), strict=True)
    ]
    bare = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
        ("RIGHTPADDING", (0, 0), (0, -1), 6 * mm),
    ]
    return [Table([sides], [half + 6 * mm, half], style=bare, splitInRow=1)]


def _week_chart(block: blocks.WeekChart, width: float) -> list[Any]:
    caption = text(block.summary, style.TONES[blocks.Tone.QUIET])
    return [KeepTogether([charts.week_drawing(block, width), Spacer(1, 4), caption])]


def _funnel_chart(block: blocks.FunnelChart, width: float) -> list[Any]:
    title = text(block.title, style.LABEL)
    caption = text(block.summary, style.TONES[blocks.Tone.QUIET])
    drawing = charts.funnel_drawing(block, width)
    return [KeepTogether([title, drawing, Spacer(1, 4)]), caption]


def _heat_map(block: blocks.HeatMap, width: float) -> list[Any]:
    if not block.rows:
        return [text(block.empty_words, style.TONES[blocks.Tone.QUIET])]
    head = [text(name, style.CELL_HEAD) for name in (block.title, *block.columns)]
    rows = [
        [text(name, style.CELL), *(text(charts.cell_words(c), style.CELL) for c in cells)]
        for name, cells in block.rows
    ]
    first = width * 0.24
    widths = [first, *([(width - first) / max(len(block.columns), 1)] * len(block.columns))]
    look = [*_GRID, *charts.shades(block)]
    return [Table([head, *rows], widths, style=look, repeatRows=1), Spacer(1, 8)]


def _signatures(block: blocks.Signatures, width: float) -> list[Any]:
    rows = [
        [
            text(signer.role, style.LABEL),
            text(signer.name, style.STRONG),
            text(signer.words or "Signed:\n\nDate:", style.CELL if signer.words else style.LABEL),
        ]
        for signer in block.signers
    ]
    widths = [width * 0.27, width * 0.28, width * 0.45]
    return [KeepTogether([Spacer(1, 6), Table(rows, widths, style=_RULED)])] if rows else []


def _qr_code(block: blocks.QrCode, _width: float) -> list[Any]:
    side = block.side_mm * mm
    widget = QrCodeWidget(block.content, barWidth=side, barHeight=side, barLevel="M")
    drawing = Drawing(side, side, hAlign="CENTER")
    drawing.add(widget)
    caption = style.TONES[blocks.Tone.QUIET].clone("caption", alignment=1)
    return [KeepTogether([drawing, text(block.caption, caption)])]


def _picture(block: blocks.Picture, width: float) -> list[Any]:
    picture = Image(BytesIO(block.data))
    height = width * picture.imageHeight / picture.imageWidth
    frame = Table(
        [[Image(BytesIO(block.data), width - 2, height * (width - 2) / width)]],
        [width], style=[("BOX", (0, 0), (-1, -1), 0.6, style.LINE), *_NO_PADDING],
    )  # fmt: skip
    caption = text(block.caption, style.TONES[blocks.Tone.QUIET])
    return [KeepTogether([Spacer(1, 4), frame, Spacer(1, 4), caption])]


_MAKERS: dict[type, Callable[[Any, float], list[Any]]] = {
    blocks.Paragraph: _paragraph,
    blocks.Bullets: _bullets,
    blocks.Facts: _facts,
    blocks.Grid: _grid,
    blocks.Bars: _bars,
    blocks.KeyFigures: _key_figures,
    blocks.SideBySide: _side_by_side,
    blocks.WeekChart: _week_chart,
    blocks.HeatMap: _heat_map,
    blocks.FunnelChart: _funnel_chart,
    blocks.Signatures: _signatures,
    blocks.QrCode: _qr_code,
    blocks.Picture: _picture,
}
