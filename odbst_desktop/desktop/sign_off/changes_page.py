"""What a later revision changes against the one before, question by question."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import button, one_line, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.returns.drafting import Return
from odbst_desktop.returns.revisions import Change

COLUMNS: tuple[Column[Change], ...] = (
    Column("Question", lambda c: c.label, 4, 24),
    Column("Before", lambda c: c.before, 3, 14),
    Column("Now", lambda c: c.after, 3, 14),
)


class ChangesPage(QWidget):
    """A table of changes; Enter on one asks to go to its question."""

    left = Signal()
    wanted = Signal(str)

    def __init__(self, found: Return, changes: Sequence[Change]) -> None:
        super().__init__()
        self.back, self.go = button("← Back"), button("Go to the question", is_main=True)
        self.table: TableView[Change] = TableView("What this revision changes", COLUMNS)
        self.table.show_rows(changes)
        self.go.setEnabled(bool(changes))
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        title = f"What revision {found.revision} changes"
        column.addLayout(row_of(self.back, one_line(title), self.go))
        column.addWidget(words(f"Why it is made: {found.reason}", "quiet"))
        said = "1 answer differs." if len(changes) == 1 else f"{len(changes)} answers differ."
        nothing = "No answer differs from the revision before."
        column.addWidget(words(said if changes else nothing))
        column.addWidget(self.table, 1)
        self.back.clicked.connect(self.left)
        self.go.clicked.connect(self._go)
        self.table.activated.connect(self._go)

    def _go(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.wanted.emit(chosen.field)
