"""What the pages of signing ask of the tab that a return is open in."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtWidgets import QWidget

from odbst_desktop.desktop.tab import Tab
from odbst_desktop.returns.drafting import ReturnId


class ReturnOpener(Protocol):
    """What signing asks of the tab that a return is open in."""

    def reopen(self, made: ReturnId) -> None:
        """Show a return anew."""

    def open_at(self, made: ReturnId, field: str) -> None:
        """Show a return at one of its questions."""


def open_page(tab: Tab, page: QWidget) -> None:
    """Show a page over what is open; its signal ``left`` leads back there."""
    under = tab.stack.currentWidget()

    def back() -> None:
        if under is not None:
            tab.stack.setCurrentWidget(under)
        tab.stack.removeWidget(page)
        page.deleteLater()

    page.left.connect(back)  # type: ignore[attr-defined] # each page of signing has it
    tab.open_over(page)
