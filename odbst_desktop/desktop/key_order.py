"""The order in which the Tab key walks what is on a page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


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
