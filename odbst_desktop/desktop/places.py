"""The way between the places of an open vault: a list at the side, one line where it is narrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.desktop.tab import button
from odbst_desktop.desktop.theme import STEP

_LEAST_CHARACTERS = 104
_DIGITS = "1234567890"
ON, BACK = ("Ctrl+Tab", "Ctrl+Shift+Tab")


class _PlaceList(QListWidget):
    """The places under one another, as wide as the longest and no wider."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Places")
        self.setObjectName("place_list")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)

    def showEvent(self, event: QShowEvent) -> None:
        """Lay the titles out once the style is known, which gives them room."""
        self.doItemsLayout()
        self.updateGeometry()
        super().showEvent(event)

    def sizeHint(self) -> QSize:
        """Return the width of the longest title, and all the height there is."""
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self.sizeHintForColumn(0) + bar + 2 * STEP, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return the same width: a title is never cut."""
        return QSize(self.sizeHint().width(), 4 * self.fontMetrics().height())


class Places(QWidget):
    """Names every place; the one in view is marked. ``chosen`` gives the row to show.

    Beside the work it is a list; above it, where the window is narrow or the text large, a line
    with the same titles to choose from. Both always stand at the same place.
    """

    chosen = Signal(int)

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self.setObjectName("places")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.list, self.choice = _PlaceList(), QComboBox()
        self.choice.setAccessibleName("Places")
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.seek, self.help = button("Find  Ctrl+K"), button("Help  F1")
        self.seek.setAccessibleName("Find a place, a record or something to do")
        self.help.setAccessibleName("Help")
        for place, title in enumerate(titles):
            item = QListWidgetItem(title)
            if place < len(_DIGITS):
                item.setToolTip(f"Ctrl+{_DIGITS[place]}")
            self.list.addItem(item)
            self.choice.addItem(title)
        self._side, self._line = QWidget(), QWidget()
        self._lay_out()
        self.list.setCurrentRow(0)
        self.list.currentRowChanged.connect(self._choose)
        self.choice.currentIndexChanged.connect(self._choose)

    @property
    def in_use(self) -> QWidget:
        """Return the list or the line, whichever is seen."""
        return self.choice if self._side.isHidden() else self.list

    def show_place(self, place: int) -> None:
        """Mark a place, without choosing it again."""
        with QSignalBlocker(self.list), QSignalBlocker(self.choice):
            self.list.setCurrentRow(place)
            self.choice.setCurrentIndex(place)

    def lie(self, *, is_above: bool) -> None:
        """Lie above the work as one line, or stand beside it as a list."""
        if self._side.isHidden() is is_above:
            return
        had_keys = self.in_use.hasFocus()
        self._side.setVisible(not is_above)
        self._line.setVisible(is_above)
        (self._foot_above if is_above else self._foot_beside).addWidget(self.seek)
        (self._foot_above if is_above else self._foot_beside).addWidget(self.help)
        self.setFocusProxy(self.in_use)
        if had_keys:
            self.in_use.setFocus()

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        beside, above = QVBoxLayout(self._side), QHBoxLayout(self._line)
        beside.setContentsMargins(2 * STEP, 3 * STEP, 2 * STEP, 3 * STEP)
        above.setContentsMargins(3 * STEP, 2 * STEP, 3 * STEP, 2 * STEP)
        self._foot_beside, self._foot_above = QVBoxLayout(), QHBoxLayout()
        beside.addWidget(self.list, 1)
        beside.addLayout(self._foot_beside)
        label = QLabel("&Place")
        label.setBuddy(self.choice)
        above.addWidget(label)
        above.addWidget(self.choice)
        above.addStretch(1)
        above.addLayout(self._foot_above)
        for made in (self.seek, self.help):
            self._foot_beside.addWidget(made)
        whole.addWidget(self._side)
        whole.addWidget(self._line)
        self._line.hide()
        self.setFocusProxy(self.list)

    def _choose(self, place: int) -> None:
        if place >= 0:
            self.show_place(place)
            self.chosen.emit(place)


class PlacedBody(QWidget):
    """The places and the work: side by side, or above one another where that is narrow."""

    def __init__(self, places: Places, work: QWidget) -> None:
        super().__init__()
        self._places = places
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.setSpacing(0)
        self._across.addWidget(places)
        self._across.addWidget(work, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the work the whole width where a list beside it would press it."""
        is_above = self.width() < _LEAST_CHARACTERS * self.fontMetrics().averageCharWidth()
        way = QBoxLayout.Direction
        self._across.setDirection(way.TopToBottom if is_above else way.LeftToRight)
        self._places.lie(is_above=is_above)
        super().resizeEvent(event)


def walking_keys(owner: QWidget, count: int, go: Callable[[int], None], now: Callable[[], int]) \
        -> tuple[QShortcut, ...]:  # fmt: skip
    """Return the keys between the places: Ctrl and a digit, and on and back in a ring."""
    made = [
        QShortcut(QKeySequence(f"Ctrl+{digit}"), owner, lambda place=place: go(place))
        for place, digit in enumerate(_DIGITS[:count])
    ]
    made += [
        QShortcut(QKeySequence(keys), owner, lambda step=step: go((now() + step) % count))
        for keys, step in ((ON, 1), (BACK, -1))
    ]
    return tuple(made)
