"""A chart of weeks in the window; imported when one is first shown, since pyqtgraph is slow."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.theme import LIGHT, STEP, Colours, colours_now
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


class WeekChartView(QWidget):
    """Draws a chart of weeks; the arrow keys walk along it and say each week in words."""

    def __init__(self) -> None:
        super().__init__()
        self.chart = WeekChart("", "", ())
        self.place = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.plot = pg.PlotWidget()
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.setAntialiasing(True)
        self.plot.setMinimumHeight(_LINES_HIGH * self.fontMetrics().height())
        self.plot.scene().sigMouseClicked.connect(self._clicked)
        self.told = words("", "quiet")
        self.told.setAccessibleName("Week")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        column.addWidget(self.plot, 1)
        column.addWidget(self.told)
        column.addWidget(words(KEY, "quiet"))

    def show_chart(self, chart: WeekChart) -> None:
        """Draw another chart."""
        self.chart = chart
        self.place = len(chart.points) - 1
        self.setAccessibleName(f"Chart: {chart.title}")
        self._draw()
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk along the weeks."""
        newest = len(self.chart.points) - 1
        targets = {
            Qt.Key.Key_Left: self.place - 1, Qt.Key.Key_Right: self.place + 1,
            Qt.Key.Key_Home: 0, Qt.Key.Key_End: newest,
        }  # fmt: skip
        target = targets.get(Qt.Key(event.key()))
        if target is None or newest < 0:
            super().keyPressEvent(event)
            return
        self._go_to(min(max(target, 0), newest))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys work here."""
        super().focusInEvent(event)
        self._frame()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keys work elsewhere."""
        super().focusOutEvent(event)
        self._frame()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the words at the right their room again."""
        super().resizeEvent(event)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Take the other scheme's colours."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self._draw()

    def _clicked(self, event: Any) -> None:
        at = self.plot.plotItem.vb.mapSceneToView(event.scenePos())
        if self.chart.points:
            self._go_to(min(max(round(at.x()), 0), len(self.chart.points) - 1))

    def _go_to(self, place: int) -> None:
        self.place = place
        self._draw()
        self._tell()

    def _tell(self) -> None:
        rows = self.chart.rows()
        if not rows:
            self.told.setText("")
            return
        week, count, remark = rows[self.place]
        sentence = f"Week of {week}: {count}. {remark}."
        self.told.setText(sentence)
        self.setAccessibleDescription(f"{sentence} {self.chart.summary}")

    def _frame(self) -> None:
        colours = self._colours()
        edge = colours.accent if self.hasFocus() else colours.line
        width = 2 if self.hasFocus() else 1
        self.plot.setStyleSheet(f"border: {width}px solid {edge}; border-radius: 4px;")

    def _colours(self) -> Colours:
        app = QApplication.instance()
        return colours_now(app) if isinstance(app, QApplication) else LIGHT

    def _draw(self) -> None:
        colours, item = self._colours(), self.plot.plotItem
        self._frame()
        self.plot.setBackground(colours.surface)
        item.clear()
        if not self.chart.points:
            return
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
        for name, shown in (("bottom", ticks), ("left", heights)):
            axis = item.getAxis(name)
            axis.setPen(pg.mkPen(colours.line))
            axis.setTextPen(pg.mkPen(colours.quiet))
            axis.setTicks([shown])
            axis.setStyle(tickFont=self.font(), tickLength=-4)
        item.getAxis("bottom").setHeight(int(self.fontMetrics().height() * 1.8))

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
