"""A page that opens over a tab's list: a heading with the way back, and a column under it."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.tab import Tab, button, one_line, row_of
from odbst_desktop.desktop.theme import STEP


class Panel(QWidget):
    """A page over the list; “Back” leads to it again."""

    def __init__(self, tab: Tab, title: str) -> None:
        super().__init__()
        self.tab = tab
        self.back = button(f"← {tab.title}")
        ground = QWidget()
        self.column = QVBoxLayout(ground)
        self.column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        self.column.setSpacing(3 * STEP)
        self.column.addLayout(row_of(self.back, one_line(title)))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(ground))
        self.back.clicked.connect(tab.close_over)

    def begin(self) -> None:
        """Put the cursor where the user begins."""
        self.back.setFocus()


def form_of(*fields: tuple[str, QWidget]) -> QFormLayout:
    """Return fields with their labels over them, each label its name for a screen reader."""
    form = QFormLayout()
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
    form.setVerticalSpacing(2 * STEP)
    for label, field in fields:
        field.setAccessibleName(label.replace("&", ""))
        form.addRow(label, field)
    return form
