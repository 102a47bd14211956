"""A funnel plot in the window; imported when one is first shown, since pyqtgraph is slow."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPen

from odbst_desktop.desktop.theme import Colours
from odbst_desktop.desktop.walked_chart import WalkedChart
from odbst_desktop.reports.blocks import FunnelChart, PointState
from odbst_desktop.reports.charts import axis_ticks

_LINES_HIGH = 17
_PLAIN_HEIGHT = 17
_SHAPES = {
    PointState.USUAL: ("o", 9), PointState.HIGH: ("t1", 13), PointState.SIGNAL: ("d", 15),
    PointState.LOW: ("t", 13), PointState.LOW_SIGNAL: ("d", 15),
}  # fmt: skip
_DASHES = {"warn": Qt.PenStyle.DashLine, "signal": Qt.PenStyle.DashDotLine}
KEY = (
    "● within the usual   ▲ above the first limit   ▼ below it   ◆ beyond the second, and named.   "
    "Arrow keys walk from school to school by name; Enter opens its return."
)


class FunnelView(WalkedChart):
    """Draws schools between the limits of chance; the arrow keys say each in words."""

    told_as = "School"
    opened = Signal(str)
    """A school's name, to open its return."""

    def __init__(self) -> None:
        self.chart = FunnelChart("", "", "", "", (), (), 0)
        super().__init__("")
        self.plot.setFixedHeight(_LINES_HIGH * self.fontMetrics().height())

    def show_chart(self, chart: FunnelChart) -> None:
        """Draw another chart."""
        self.chart = chart
        self.setAccessibleName(f"Chart: {chart.title}")
        self.key.setText(f"Across: {chart.across.lower()}. Up: {chart.up}.   {KEY}")
        self._go_to(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk along the schools; Enter opens one."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.chart.dots:
            self.opened.emit(self.chart.dots[self.place].label)
            return
        super().keyPressEvent(event)

    def _count(self) -> int:
        return len(self.chart.dots)

    def _nearest(self, at: Any) -> int:
        least, most = self.chart.sizes
        across, up = (most - least) or 1.0, self.chart.top
        distances = [
            abs(dot.size - at.x()) / across + abs(dot.rate - at.y()) / up for dot in self.chart.dots
        ]
        return distances.index(min(distances))

    def _said(self) -> tuple[str, str]:
        school, among, counted, expected, remark = self.chart.rows()[self.place]
        sentence = (
            f"{school}: {counted} among {among}; the others’ figures would give about {expected}. "
            f"{remark}."
        )
        return sentence, self.chart.summary

    def _paint(self, colours: Colours) -> None:
        item = self.plot.plotItem
        self._axes(colours)
        item.addItem(pg.InfiniteLine(self.chart.centre, angle=0, pen=pg.mkPen(colours.quiet)))
        for curve in self.chart.curves:
            colour = colours.problem if curve.kind == "signal" else colours.quiet
            pen = QPen(QColor(colour), 0)
            pen.setStyle(_DASHES[curve.kind])
            item.plot([s for s, _ in curve.points], [rate for _, rate in curve.points], pen=pen)
            if curve.label:
                self._label(curve.label, *curve.points[-1], colour, (0, 0.5))
        self._dots(colours)

    def _axes(self, colours: Colours) -> None:
        item, (least, most) = self.plot.plotItem, self.chart.sizes
        room = (most - least) * 0.09
        item.vb.setRange(
            xRange=(least, most + room), yRange=(0, self.chart.top * 1.08), padding=0.02
        )
        ticks = {
            "bottom": [(v, f"{v:,.0f}") for v in axis_ticks(least, most)],
            "left": [(v, f"{v:g}") for v in axis_ticks(0, self.chart.top)],
        }
        self._show_ticks(ticks, colours)

    def _dots(self, colours: Colours) -> None:
        tones = {
            PointState.USUAL: colours.quiet, PointState.HIGH: colours.warning,
            PointState.SIGNAL: colours.problem, PointState.LOW: colours.accent,
            PointState.LOW_SIGNAL: colours.accent,
        }  # fmt: skip
        scale = self.fontMetrics().height() / _PLAIN_HEIGHT
        spots = [
            {
                "pos": (dot.size, dot.rate), "symbol": _SHAPES[dot.state][0],
                "size": _SHAPES[dot.state][1] * scale, "brush": tones[dot.state],
                "pen": tones[dot.state],
            }
            for dot in self.chart.dots
        ]  # fmt: skip
        self.plot.plotItem.addItem(pg.ScatterPlotItem(spots=spots))
        middle = sum(self.chart.sizes) / 2
        for dot in self.chart.dots:
            if dot.state is not PointState.USUAL:
                at_end = dot.size > middle
                self._label(f" {dot.label} ", dot.size, dot.rate, colours.text, (at_end, 0.5))
        at = self.chart.dots[self.place]
        ring = pg.mkPen(colours.accent, width=2)
        self.plot.plotItem.addItem(
            pg.ScatterPlotItem([at.size], [at.rate], size=20 * scale, pen=ring, brush=None)
        )

    def _label(
        self, text: str, across: float, up: float, colour: str, anchor: tuple[float, float]
    ) -> None:
        label = pg.TextItem(text, color=colour, anchor=anchor)
        label.setFont(self.font())
        label.setPos(across, up)
        self.plot.plotItem.addItem(label)
