"""A funnel plot in the window; imported when one is first shown, since pyqtgraph is slow."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.theme import LIGHT, STEP, Colours, colours_now
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


class FunnelView(QWidget):
    """Draws schools between the limits of chance; the arrow keys say each in words."""

    opened = Signal(str)
    """A school's name, to open its return."""

    def __init__(self) -> None:
        super().__init__()
        self.chart = FunnelChart("", "", "", "", (), (), 0)
        self.place = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.plot = pg.PlotWidget()
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.setAntialiasing(True)
        self.plot.setFixedHeight(_LINES_HIGH * self.fontMetrics().height())
        self.plot.scene().sigMouseClicked.connect(self._clicked)
        self.told = words("", "quiet")
        self.told.setAccessibleName("School")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        column.addWidget(self.plot, 1)
        column.addWidget(self.told)
        self.key = words("", "quiet")
        column.addWidget(self.key)

    def show_chart(self, chart: FunnelChart) -> None:
        """Draw another chart."""
        self.chart, self.place = chart, 0
        self.setAccessibleName(f"Chart: {chart.title}")
        self.key.setText(f"Across: {chart.across.lower()}. Up: {chart.up}.   {KEY}")
        self._draw()
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk along the schools; Enter opens one."""
        last = len(self.chart.dots) - 1
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and last >= 0:
            self.opened.emit(self.chart.dots[self.place].label)
            return
        targets = {
            Qt.Key.Key_Left: self.place - 1, Qt.Key.Key_Right: self.place + 1,
            Qt.Key.Key_Home: 0, Qt.Key.Key_End: last,
        }  # fmt: skip
        target = targets.get(Qt.Key(event.key()))
        if target is None or last < 0:
            super().keyPressEvent(event)
            return
        self._go_to(min(max(target, 0), last))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys work here."""
        super().focusInEvent(event)
        self._frame()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keys work elsewhere."""
        super().focusOutEvent(event)
        self._frame()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the names their room again."""
        super().resizeEvent(event)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Take the other scheme's colours."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self._draw()

    def _clicked(self, event: object) -> None:
        place = self.plot.plotItem.vb.mapSceneToView(event.scenePos())  # type: ignore[attr-defined]
        least, most = self.chart.sizes
        across, up = (most - least) or 1.0, self.chart.top
        distances = [
            abs(dot.size - place.x()) / across + abs(dot.rate - place.y()) / up
            for dot in self.chart.dots
        ]
        if distances:
            self._go_to(distances.index(min(distances)))

    def _go_to(self, place: int) -> None:
        self.place = place
        self._draw()
        self._tell()

    def _tell(self) -> None:
        rows = self.chart.rows()
        if not rows:
            self.told.setText("")
            return
        school, among, counted, expected, remark = rows[self.place]
        sentence = (
            f"{school}: {counted} among {among}; the others’ figures would give about {expected}. "
            f"{remark}."
        )
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
        if not self.chart.dots:
            return
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
        for name, shown in ticks.items():
            axis = item.getAxis(name)
            axis.setPen(pg.mkPen(colours.line))
            axis.setTextPen(pg.mkPen(colours.quiet))
            axis.setTicks([shown])
            axis.setStyle(tickFont=self.font(), tickLength=-4)
        item.getAxis("bottom").setHeight(int(self.fontMetrics().height() * 1.8))

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
