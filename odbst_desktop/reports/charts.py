"""Draws the charts of a paper from the same descriptions that the window draws."""

from __future__ import annotations

import math
from typing import Any

from reportlab.graphics.shapes import Circle, Drawing, Line, Polygon, PolyLine, Rect, String
from reportlab.lib.colors import Color

from odbst_desktop.reports import style
from odbst_desktop.reports.blocks import (
    FunnelChart,
    HeatCell,
    HeatMap,
    PointState,
    WeekChart,
)

HOT_SIGN = "▲"
"""Stands before the words of a cell that stands out."""

_HEIGHT, _LEFT, _RIGHT, _BELOW, _ABOVE = 190, 24, 96, 30, 22
_DASHES: dict[str, list[int] | None] = {
    "usual": None, "median": [2, 2], "warn": [6, 3], "signal": [1, 2],
}  # fmt: skip
_WORDS_APART = 9
_MOST_LABELS = 9


def week_drawing(chart: WeekChart, width: float) -> Any:
    """Return the chart as a drawing: points by shape, levels by dashes, marks as flags."""
    drawing = Drawing(width, _HEIGHT)
    right, high = width - _RIGHT, _HEIGHT - _ABOVE
    step = (right - _LEFT) / max(len(chart.points), 1)
    top = chart.top * 1.05

    def x(place: float) -> float:
        return _LEFT + (place + 0.5) * step

    def y(value: float) -> float:
        return _BELOW + value / top * (high - _BELOW)

    drawing.add(Line(_LEFT, _BELOW, right, _BELOW, strokeColor=style.LINE))
    for value in _ticks(chart.top):
        drawing.add(Line(_LEFT - 3, y(value), _LEFT, y(value), strokeColor=style.LINE))
        drawing.add(_string(_LEFT - 5, y(value) - 3, str(value), anchor="end"))
    _add_lines(drawing, chart, right, x, y)
    for mark in chart.marks:
        place = x(mark.place)
        drawing.add(Line(place, _BELOW, place, high, strokeColor=style.ACCENT, strokeWidth=0.8))
        drawing.add(_string(place, high + 4, mark.label, anchor="middle", colour=style.ACCENT))
    for mark in chart.breaks:
        place = x(mark.place - 0.5)
        drawing.add(
            Line(place, _BELOW, place, high, strokeColor=style.INK, strokeWidth=0.8,
                 strokeDashArray=[1, 3])
        )  # fmt: skip
        drawing.add(_string(place, high + 4, mark.label, anchor="middle", colour=style.INK))
    for run in chart.unbroken():
        ends = [number for place, value in run for number in (x(place), y(value))]
        if len(run) > 1:
            drawing.add(PolyLine(ends, strokeColor=style.QUIET, strokeWidth=0.9))
    for place, point in enumerate(chart.points):
        drawing.add(_shape(point.state, x(place), y(point.value or 0)))
    every = max(1, -(-len(chart.points) // _MOST_LABELS))
    for place in range(0, len(chart.points), every):
        label = chart.points[place].label
        drawing.add(_string(x(place), _BELOW - 13, label, anchor="middle"))
    return drawing


def funnel_drawing(chart: FunnelChart, width: float) -> Any:
    """Return the schools between the limits; those that stand out carry their name."""
    drawing = Drawing(width, _HEIGHT)
    right, high = width - _LEFT - 14, _HEIGHT - _ABOVE
    least, most = chart.sizes

    def x(size: float) -> float:
        return _LEFT + (size - least) / ((most - least) or 1) * (right - _LEFT)

    def y(rate: float) -> float:
        return _BELOW + min(rate, chart.top) / (chart.top * 1.05) * (high - _BELOW)

    drawing.add(Line(_LEFT, _BELOW, right, _BELOW, strokeColor=style.LINE))
    for value in axis_ticks(0, chart.top):
        drawing.add(Line(_LEFT - 3, y(value), _LEFT, y(value), strokeColor=style.LINE))
        drawing.add(_string(_LEFT - 5, y(value) - 3, f"{value:g}", anchor="end"))
    for size in axis_ticks(least, most):
        drawing.add(_string(x(size), _BELOW - 11, f"{size:,.0f}", anchor="middle"))
    drawing.add(_string((_LEFT + right) / 2, _BELOW - 22, chart.across, anchor="middle"))
    drawing.add(_string(_LEFT, high + 8, chart.up, anchor="start"))
    drawing.add(Line(_LEFT, y(chart.centre), right, y(chart.centre), strokeColor=style.ACCENT))
    for curve in chart.curves:
        ends = [number for size, rate in curve.points for number in (x(size), y(rate))]
        drawing.add(
            PolyLine(ends, strokeColor=style.ACCENT, strokeWidth=0.8,
                     strokeDashArray=_DASHES[curve.kind])
        )  # fmt: skip
        if curve.label:
            drawing.add(
                _string(right + 3, y(curve.points[-1][1]) - 2.5, curve.label, anchor="start")
            )
    for dot in chart.dots:
        drawing.add(_shape(dot.state, x(dot.size), y(dot.rate)))
        if dot.state is not PointState.USUAL:
            at_end = x(dot.size) > (_LEFT + right) / 2
            beside = x(dot.size) + (-6 if at_end else 6)
            drawing.add(
                _string(beside, y(dot.rate) - 2.5, dot.label, anchor="end" if at_end else "start")
            )
    return drawing


def axis_ticks(lowest: float, highest: float, most: int = 5) -> list[float]:
    """Return round values between two, at most so many."""
    span = max(highest - lowest, 1e-9)
    step = 10 ** math.floor(math.log10(span / most))
    step = next((step * by for by in (1, 2, 5, 10) if span / (step * by) <= most), step * 10)
    first = math.ceil(lowest / step)
    return [round(n * step, 9) for n in range(first, math.floor(highest / step) + 1)]


def cell_words(cell: HeatCell | None) -> str:
    """Return what stands in a cell; one that stands out carries a sign as well as a shade."""
    if cell is None:
        return ""
    return f"{HOT_SIGN} {cell.words}" if cell.is_hot else cell.words


def shades(block: HeatMap) -> list[tuple[Any, ...]]:
    """Return the table style that shades the cells; the darkest keeps dark words readable."""
    return [
        ("BACKGROUND", (column + 1, row + 1), (column + 1, row + 1), _shade(cell.shade))
        for row, (_, cells) in enumerate(block.rows)
        for column, cell in enumerate(cells)
        if cell is not None
    ]


def _shade(strength: float) -> Color:
    part = 0.08 + 0.42 * min(max(strength, 0.0), 1.0)
    accent = style.ACCENT
    return Color(*(1 - part * (1 - tone) for tone in (accent.red, accent.green, accent.blue)))


def _ticks(top: float) -> list[int]:
    step = max(1, round(top / 4))
    return list(range(0, int(top) + 1, step))


def _string(x: float, y: float, words: str, *, anchor: str, colour: Any = style.QUIET) -> String:
    return String(
        x, y, words, fontName=style.REGULAR, fontSize=7, fillColor=colour, textAnchor=anchor
    )


def _add_lines(drawing: Any, chart: WeekChart, right: float, x: Any, y: Any) -> None:
    """Add the levels, each with its words at the right, pushed apart where they would touch."""
    lowest = -float(_WORDS_APART)
    for line in sorted(chart.lines, key=lambda line: line.value):
        height = y(line.value)
        drawing.add(
            Line(x(line.since - 0.5), height, right, height, strokeColor=style.ACCENT,
                 strokeWidth=0.8, strokeDashArray=_DASHES.get(line.kind))
        )  # fmt: skip
        lowest = max(height - 2.5, lowest + _WORDS_APART)
        drawing.add(_string(right + 4, lowest, line.label, anchor="start"))


def _shape(state: PointState, x: float, y: float) -> Any:
    size = 3.2
    match state:
        case PointState.SIGNAL | PointState.LOW_SIGNAL:
            corners = [x, y + size + 1, x + size + 1, y, x, y - size - 1, x - size - 1, y]
            filled = style.INK if state is PointState.SIGNAL else None
            return Polygon(corners, fillColor=filled, strokeColor=style.INK)
        case PointState.HIGH:
            corners = [x, y + size, x + size, y - size, x - size, y - size]
            return Polygon(corners, fillColor=style.ACCENT, strokeColor=style.ACCENT)
        case PointState.LOW:
            corners = [x, y - size, x + size, y + size, x - size, y + size]
            return Polygon(corners, fillColor=style.ACCENT, strokeColor=style.ACCENT)
        case PointState.UNKNOWN:
            return Rect(x - 1, _BELOW - 2, 2, 4, fillColor=style.LINE, strokeColor=None)
        case PointState.USUAL:
            return Circle(x, y, 2.3, fillColor=style.QUIET, strokeColor=style.QUIET)
