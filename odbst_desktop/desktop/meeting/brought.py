"""What a meeting begins with: actions brought forward, effects to look at, what was expected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from odbst_desktop.desktop.action_panel import ActionsPanel
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.meetings.before import Expectation, Preparation
from odbst_desktop.school.typed_dates import show_date

_EXPECTED: tuple[Column[Expectation], ...] = (
    Column("Decision", lambda e: e.decision, 4),
    Column("Taken", lambda e: show_date(e.decided_on), 2),
    Column("Expected, and counted since", lambda e: e.words, 6),
)


class BroughtPanel(QWidget):
    """The first section of a meeting; actions are closed, carried or dropped here."""

    def __init__(self, tab: Tab, before: Preparation, themes: Sequence[str] = ()) -> None:
        super().__init__()
        self.panel = ActionsPanel(
            tab, (*before.brought, *before.to_check), "Actions brought forward"
        )
        self.expected: TableView[Expectation] = TableView(
            "What the decisions of last time expected to see", _EXPECTED
        )
        self.expected.show_rows(before.expectations)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 2 * STEP, 6 * STEP, 2 * STEP)
        for theme in themes:
            column.addWidget(words(theme))
        column.addWidget(self.panel, 3)
        if before.expectations:
            column.addWidget(words("What the decisions of last time expected to see", "heading"))
            column.addWidget(self.expected, 1)
        else:
            self.expected.setParent(None)
