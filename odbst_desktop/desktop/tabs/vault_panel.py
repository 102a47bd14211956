"""One part of the tab of the vault."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import Tab, row_of
from odbst_desktop.desktop.theme import STEP

_FIELD_CHARACTERS = 56


class Panel(QWidget):
    """A column of headings, fields and buttons; the tab runs its work and shows its messages."""

    def __init__(self, tab: Tab) -> None:
        super().__init__()
        self.tab = tab
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 4 * STEP, 0, 0)
        self.column.setSpacing(3 * STEP)

    def add_heading(self, title: str, lead: str = "") -> None:
        """Begin a part with a heading, and what it is for."""
        self.column.addWidget(words(title, "heading"))
        if lead:
            self.column.addWidget(words(lead, "quiet"))

    def add_fields(self, *fields: tuple[str, QWidget]) -> None:
        """Add fields with their labels as buddies and names."""
        rows = QFormLayout()
        rows.setVerticalSpacing(2 * STEP)
        for label, field in fields:
            field.setAccessibleName(label.replace("&", ""))
            field.setMaximumWidth(_FIELD_CHARACTERS * self.fontMetrics().averageCharWidth())
            rows.addRow(label, field)
        self.column.addLayout(rows)

    def add_row(self, *widgets: QWidget) -> None:
        """Add widgets side by side."""
        self.column.addLayout(row_of(*widgets))
