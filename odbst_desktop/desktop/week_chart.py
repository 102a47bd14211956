"""A chart of weeks in the window; imported when one is first shown, since pyqtgraph is slow."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from odbst_desktop.desktop.theme import STEP, Colours
from odbst_desktop.desktop.walked_chart import WalkedChart
from odbst_desktop.reports.blocks import PointState, WeekChart

_LINES_HIGH = 15
_PLAIN_HEIGHT = 17
"""The height of a line at 100 %: shapes grow with the text."""
_SHAPES = {
    PointState.USUAL: ("o", 7), PointState.HIGH: ("t1", 12), PointState.SIGNAL: ("d", 14),
    PointState.LOW: ("t", 12), PointState.UNKNOWN: ("x", 7),
}  # fmt: skip
_DASHES = {
    "usual": Qt.PenStyle.SolidLine, "median": Qt.PenStyle.DotLine,
    "warn": Qt.PenStyle.DashLine, "signal": Qt.PenStyle.DashDotLine,
}  # fmt: skip
KEY = (
    "● within the usual   ▲ above the first limit   ◆ above the second   ▼ below   × no meeting   "
    "≠ what is counted changed   "
    "Arrow keys walk from week to week."
)


class WeekChartView(WalkedChart):
    """Draws a chart of weeks; the arrow keys walk along it and say each week in words."""

    told_as = "Week"

    def __init__(self) -> None:
        self.chart = WeekChart("", "", ())
        super().__init__(KEY)
        self.plot.setMinimumHeight(_LINES_HIGH * self.fontMetrics().height())

    def show_chart(self, chart: WeekChart) -> None:
        """Draw another chart."""
        self.chart = chart
        self.setAccessibleName(f"Chart: {chart.title}")
        self._go_to(len(chart.points) - 1)

    def _count(self) -> int:
        return len(self.chart.points)

    def _nearest(self, at: Any) -> int:
        return min(max(round(float(at.x())), 0), len(self.chart.points) - 1)

    def _said(self) -> tuple[str, str]:
        week, count, remark = self.chart.rows()[self.place]
        return f"Week of {week}: {count}. {remark}.", self.chart.summary

    def _paint(self, colours: Colours) -> None:
        item = self.plot.plotItem
        self._axes(colours)
        self._levels(colours)
        for mark in self.chart.marks:
            pen = pg.mkPen(colours.accent, width=2)
            item.addItem(pg.InfiniteLine(mark.place, angle=90, pen=pen))
            label = pg.TextItem(mark.label, color=colours.accent, anchor=(0, 0))
            label.setFont(self.font())
            label.setPos(mark.place, self._top())
            item.addItem(label)
        for mark in self.chart.breaks:
            self._break(mark.place - 0.5, mark.label, colours)
        self._points(colours)

    def _break(self, at: float, sign: str, colours: Colours) -> None:
        pen = QPen(QColor(colours.text), 0)
        pen.setStyle(Qt.PenStyle.DashDotDotLine)
        self.plot.plotItem.addItem(pg.InfiniteLine(at, angle=90, pen=pen))
        label = pg.TextItem(sign, color=colours.text, anchor=(0.5, 0))
        label.setFont(self.font())
        label.setPos(at, self._top())
        self.plot.plotItem.addItem(label)

    def _top(self) -> float:
        # Room above the highest point for the names of the decisions.
        return self.chart.top * (1.25 if self.chart.marks or self.chart.breaks else 1.1)

    def _room(self) -> float:
        """Return the width of the words at the right, in weeks."""
        metrics, count = self.fontMetrics(), len(self.chart.points)
        widest = max(
            (metrics.horizontalAdvance(line.label) for line in self.chart.lines), default=0
        )
        part: float = min((widest + 6 * STEP) / max(self.plot.width(), 1), 0.6)
        return count * part / (1 - part)

    def _axes(self, colours: Colours) -> None:
        item, points = self.plot.plotItem, self.chart.points
        item.vb.setRange(
            xRange=(-0.6, len(points) - 0.4 + self._room()), yRange=(0, self._top()), padding=0.02
        )
        width = self.fontMetrics().horizontalAdvance("28 Sep 2026 ") * 1.3
        every = max(1, round(len(points) * width / max(self.plot.width(), 1)))
        ticks = [(place, points[place].label) for place in range(0, len(points), every)]
        step = max(1, round(self.chart.top / 5))
        heights = [(value, str(value)) for value in range(0, int(self.chart.top) + 1, step)]
        self._show_ticks({"bottom": ticks, "left": heights}, colours)

    def _levels(self, colours: Colours) -> None:
        """Draw the levels, each with its words, pushed apart where they would touch."""
        item, end = self.plot.plotItem, len(self.chart.points) - 0.4
        height = max(self.plot.height() - 3 * self.fontMetrics().height(), 1)
        apart = self._top() * (self.fontMetrics().height() + 1) / height
        lowest = -apart
        for line in sorted(self.chart.lines, key=lambda line: line.value):
            colour = colours.problem if line.kind == "signal" else colours.quiet
            pen = QPen(QColor(colour), 0)
            pen.setStyle(_DASHES[line.kind])
            item.plot([line.since - 0.6, end], [line.value, line.value], pen=pen)
            lowest = max(line.value, lowest + apart)
            label = pg.TextItem(line.label, color=colour, anchor=(0, 0.5))
            label.setFont(self.font())
            label.setPos(end, lowest)
            item.addItem(label)

    def _points(self, colours: Colours) -> None:
        item = self.plot.plotItem
        pen = pg.mkPen(colours.quiet, width=1)
        for run in self.chart.unbroken():
            item.plot([place for place, _ in run], [value for _, value in run], pen=pen)
        tones = {
            PointState.USUAL: colours.quiet, PointState.HIGH: colours.warning,
            PointState.SIGNAL: colours.problem, PointState.LOW: colours.accent,
            PointState.UNKNOWN: colours.line,
        }  # fmt: skip
        scale = self.fontMetrics().height() / _PLAIN_HEIGHT
        spots = [
            {
                "pos": (place, point.value or 0),
                "symbol": _SHAPES[point.state][0],
                "size": _SHAPES[point.state][1] * scale,
                "brush": tones[point.state],
                "pen": tones[point.state],
            }
            for place, point in enumerate(self.chart.points)
        ]
        item.addItem(pg.ScatterPlotItem(spots=spots))
        at, ring = self.chart.points[self.place].value or 0, pg.mkPen(colours.accent, width=2)
        item.addItem(pg.ScatterPlotItem([self.place], [at], size=18 * scale, pen=ring, brush=None))
