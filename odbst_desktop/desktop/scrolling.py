"""Scroll areas that take no focus of their own, and the order in which Tab walks what is in one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from odbst_desktop.desktop.theme import STEP


def scrolled(widget: QWidget) -> QScrollArea:
    """Return the widget in a scroll area without a frame."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    return area


class ScrollingPanel(QScrollArea):
    """A page over a tab: a column that scrolls where the window is small or the text large."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        ground = QWidget()
        self.column = QVBoxLayout(ground)
        self.column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        self.column.setSpacing(3 * STEP)
        self.setWidget(ground)


def keys_in(widget: QWidget) -> list[QWidget]:
    """Return everything in a widget that Tab stops at, in the order it was made."""
    return [
        child
        for child in widget.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus
        and child.focusProxy() is None
        and child.window() is widget.window()  # a list that drops down is a window of its own
    ]


def first_to_type_in(widget: QWidget) -> QWidget | None:
    """Return the first thing that can take the keys now."""
    return next((child for child in keys_in(widget) if child.isEnabled()), None)


def set_keys_after(before: QWidget, widget: QWidget) -> None:
    """Let Tab lead from one widget into another, and through it in order."""
    for child in keys_in(widget):
        QWidget.setTabOrder(before, child)
        before = child
