"""Ctrl+K: go to any place, button or record by typing a word of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.desktop.findable import Findable, matching
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.theme import STEP

_MOST = 60
_CHARACTERS, _LINES = 84, 22


class Palette(QFrame):
    """A field and what it finds, over the work; Escape or a click beside it puts it away."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setProperty("kind", "card")
        self.typed, self.list, self.told = QLineEdit(), QListWidget(), words("", "quiet")
        self.typed.setPlaceholderText("A place, somebody, a meeting, an action, a button …")
        self.typed.setAccessibleName("Find a place, a record or something to do")
        self.list.setAccessibleName("Found")
        self.list.setSpacing(STEP // 2)
        self.told.setAccessibleName("Found")
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * STEP, 4 * STEP, 4 * STEP, 3 * STEP)
        column.setSpacing(2 * STEP)
        for part in (self.typed, self.list, self.told):
            column.addWidget(part)
        self._known: tuple[Findable, ...] = ()
        self._found: list[Findable] = []
        self._before: QWidget | None = None
        self.hide()
        self.typed.textChanged.connect(self._show_found)
        self.typed.returnPressed.connect(self.go)
        self.list.itemActivated.connect(self.go)
        self.list.itemClicked.connect(self.go)
        self.typed.installEventFilter(self)
        self.list.installEventFilter(self)
        over.installEventFilter(self)
        shut = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.shut)
        shut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_went)

    def open(self, known: Iterable[Findable]) -> None:
        """Come forward with what is known at once; records may be added when they are read."""
        self._known = tuple(known)
        self._before = QApplication.focusWidget()
        self.typed.clear()
        self._show_found()
        self._lie()
        self.show()
        self.raise_()
        self.typed.setFocus()

    def add(self, known: Iterable[Findable]) -> None:
        """Let more be found."""
        self._known = (*self._known, *known)
        self._show_found()

    def shut(self) -> None:
        """Go away, and give the keys back."""
        before, self._before = self._before, None
        self.hide()
        if before is not None:
            before.setFocus()

    def go(self, _item: QListWidgetItem | None = None) -> None:
        """Go to what is chosen."""
        row = max(self.list.currentRow(), 0)
        if row >= len(self._found):
            return
        way: Callable[[], None] = self._found[row].go
        self._before = None
        self.hide()
        way()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lead from the field to the list and back with the arrows; lie anew where that is due."""
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self._lie()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self.typed and event.key() == Qt.Key.Key_Down and self._found:
                self.list.setCurrentRow(min(1, len(self._found) - 1))
                self.list.setFocus()
                return True
            at_top = self.list.currentRow() <= 0
            if watched is self.list and event.key() == Qt.Key.Key_Up and at_top:
                self.typed.setFocus()
                return True
        return super().eventFilter(watched, event)

    def _show_found(self) -> None:
        self._found = matching(self._known, self.typed.text(), _MOST)
        self.list.clear()
        self.list.addItems([each.words for each in self._found])
        self.list.setCurrentRow(0)
        told = f"{len(self._found)} found" if self._found else "Nothing has these words in it."
        self.told.setText(f"{told} · Enter goes there · Esc puts this away")

    def _lie(self) -> None:
        over = self.parentWidget()
        if over is None:
            return
        metrics = self.fontMetrics()
        wide = min(_CHARACTERS * metrics.averageCharWidth(), over.width() - 8 * STEP)
        high = min(_LINES * metrics.height(), over.height() - 16 * STEP)
        self.setGeometry((over.width() - wide) // 2, 10 * STEP, wide, high)

    def _focus_went(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self.isVisible() and new is not None and not self.isAncestorOf(new):
            self._before = None
            self.hide()
