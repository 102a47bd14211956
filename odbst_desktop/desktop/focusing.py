"""Where the keys go when what had them is gone: never nowhere."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def takes_keys(widget: QWidget) -> bool:
    """Say whether Tab leads to a widget now."""
    by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(by_tab) and widget.isVisible() and widget.isEnabled()


def in_tab_order(inside: QWidget) -> list[QWidget]:
    """Return what Tab leads to inside a widget, in order."""
    found: list[QWidget] = []
    here = inside.nextInFocusChain()
    while here is not None and here is not inside:
        if inside.isAncestorOf(here) and takes_keys(here):
            found.append(here)
        here = here.nextInFocusChain()
    return found


def keep_keys(inside: QWidget) -> None:
    """Give the first thing inside a widget the keys, if nothing that is seen has them."""
    holder = QApplication.focusWidget()
    if inside.isVisible() and (holder is None or not holder.isVisible()):
        for first in in_tab_order(inside)[:1]:
            first.setFocus()
