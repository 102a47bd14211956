"""A chart that the arrow keys walk along, each place said in words. Imports pyqtgraph: slow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.theme import LIGHT, STEP, Colours, colours_now


class WalkedChart(QWidget):
    """What every chart of the window does: keys, focus, colours, the words under it.

    ``told_as`` names the sentence under the chart to a screen reader.
    """

    told_as = ""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.place = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.plot = pg.PlotWidget()
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.setAntialiasing(True)
        self.plot.scene().sigMouseClicked.connect(self._clicked)
        self.told, self.key = words("", "quiet"), words(key, "quiet")
        self.told.setAccessibleName(self.told_as)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        column.addWidget(self.plot, 1)
        column.addWidget(self.told)
        column.addWidget(self.key)

    def _count(self) -> int:
        """Return how many places there are to walk along."""
        raise NotImplementedError

    def _nearest(self, at: Any) -> int:
        """Return the place nearest to a point of the chart; there is one at least."""
        raise NotImplementedError

    def _said(self) -> tuple[str, str]:
        """Return the place in a sentence, and the whole chart in another."""
        raise NotImplementedError

    def _paint(self, colours: Colours) -> None:
        """Draw the chart; there is one place at least."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk along the chart."""
        last = self._count() - 1
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
        """Give the words inside the chart their room again."""
        super().resizeEvent(event)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Take the other scheme's colours."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self._draw()

    def _clicked(self, event: Any) -> None:
        at = self.plot.plotItem.vb.mapSceneToView(event.scenePos())
        if self._count():
            self._go_to(self._nearest(at))

    def _go_to(self, place: int) -> None:
        self.place = place
        self._draw()
        self._tell()

    def _tell(self) -> None:
        if not self._count():
            self.told.setText("")
            return
        sentence, summary = self._said()
        self.told.setText(sentence)
        self.setAccessibleDescription(f"{sentence} {summary}")

    def _draw(self) -> None:
        colours, item = self._colours(), self.plot.plotItem
        self._frame()
        self.plot.setBackground(colours.surface)
        item.clear()
        if self._count():
            self._paint(colours)

    def _frame(self) -> None:
        colours = self._colours()
        edge = colours.accent if self.hasFocus() else colours.line
        width = 2 if self.hasFocus() else 1
        self.plot.setStyleSheet(f"border: {width}px solid {edge}; border-radius: 4px;")

    def _colours(self) -> Colours:
        app = QApplication.instance()
        return colours_now(app) if isinstance(app, QApplication) else LIGHT

    def _show_ticks(
        self, ticks: Mapping[str, Sequence[tuple[float, str]]], colours: Colours
    ) -> None:
        """Put words beside the axes ``bottom`` and ``left``."""
        item = self.plot.plotItem
        for name, shown in ticks.items():
            axis = item.getAxis(name)
            axis.setPen(pg.mkPen(colours.line))
            axis.setTextPen(pg.mkPen(colours.quiet))
            axis.setTicks([shown])
            axis.setStyle(tickFont=self.font(), tickLength=-4)
        item.getAxis("bottom").setHeight(int(self.fontMetrics().height() * 1.8))
