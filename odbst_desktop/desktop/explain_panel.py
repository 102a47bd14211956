"""Explain any number: a panel that shows what stands behind the figure that has the keys.

A widget with figures is given an ``Explainer``; the tab it stands in answers Ctrl+I.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from odbst_desktop.analysis.explaining import Explanation, Part
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.theme import STEP

R = TypeVar("R")
Asked = Callable[[], Explanation]
"""Works out an explanation; runs off the window's thread."""

NOTHING_HERE = "Put the keys into a figure first (a field, or a row of a table), then press Ctrl+I."
_LINES_SEEN = 14
_PARTS: tuple[Column[Part], ...] = (
    Column("When", lambda p: p.when, 1, 13),
    Column("What", lambda p: p.what, 5, 30),
    Column("How much", lambda p: p.amount, 1),
)


class Explainer(QObject):
    """Says of the widget it is given to which figure is meant; None where there is none."""

    def __init__(self, widget: QWidget, ask: Callable[[], Asked | None]) -> None:
        super().__init__(widget)
        self.ask = ask


def explain_rows(table: TableView[R], explain: Callable[[R], Explanation]) -> None:
    """Explain the chosen row of a table."""

    def ask() -> Asked | None:
        row = table.chosen()
        return None if row is None else lambda: explain(row)

    Explainer(table, ask)


def asked_here(within: QWidget) -> Asked | None:
    """Return what works out the figure that has the keys, looking outwards from it."""
    widget = QApplication.focusWidget()
    while widget is not None and widget is not within.parentWidget():
        for child in widget.children():
            if isinstance(child, Explainer) and (asked := child.ask()) is not None:
                return asked
        widget = widget.parentWidget()
    return None


class ExplainPanel(QFrame):
    """Shows an explanation beneath what is explained; Esc closes it and gives the keys back."""

    def __init__(self) -> None:
        super().__init__()
        self.explanation: Explanation | None = None
        self._back: QWidget | None = None
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName("Explanation of a figure")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._holder = QVBoxLayout()
        whole.addLayout(self._holder)
        self._shown: QWidget | None = None
        shut = QShortcut(QKeySequence("Escape"), self, self.shut)
        shut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.hide()

    def show_explanation(self, explanation: Explanation) -> None:
        """Show an explanation in place of another; the keys go into the panel."""
        if self._shown is None or not self.isVisible():
            self._back = QApplication.focusWidget()
        self.explanation = explanation
        if self._shown is not None:
            self._holder.removeWidget(self._shown)
            self._shown.deleteLater()
        area = scrolled(_page(explanation))
        area.setAccessibleName(" ".join(explanation.lines()))
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        area.setMinimumHeight(_LINES_SEEN * self.fontMetrics().height())
        self._shown = area
        self._holder.addWidget(area)
        self.show()
        area.setFocus()

    def shut(self) -> None:
        """Close the panel and give the keys back."""
        back, self._back = self._back, None
        self.explanation = None
        if self._shown is not None:
            self._holder.removeWidget(self._shown)
            self._shown.deleteLater()
            self._shown = None
        self.hide()
        if back is not None:
            back.setFocus()


def _page(explanation: Explanation) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(6 * STEP, 3 * STEP, 6 * STEP, 3 * STEP)
    column.setSpacing(2 * STEP)
    top = QHBoxLayout()
    top.addWidget(words(f"{explanation.title}: {explanation.figure}", "heading"), 1)
    close = words("Esc closes", "quiet")
    close.setWordWrap(False)
    top.addWidget(close)
    column.addLayout(top)
    column.addWidget(_selectable(explanation.formula))
    if explanation.parts:
        table = TableView("What the figure is made of", _PARTS)
        table.show_rows(explanation.parts)
        rows = min(len(explanation.parts), 8) + 2
        table.setMinimumHeight(rows * int(table.fontMetrics().height() * 1.9))
        column.addWidget(table)
    for heading, lines in (
        ("Rules and editions", explanation.rules),
        ("Who typed or changed it", explanation.history),
        ("Who sees it", explanation.shown_to),
    ):
        if lines:
            column.addWidget(words(heading, "subheading"))
            column.addWidget(_selectable("\n".join(f"• {line}" for line in lines)))
    column.addStretch(1)
    return page


def _selectable(text: str) -> QWidget:
    label = words(text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
