"""What moved since a return was filled in: each figure with the difference, taken one by one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.returns.comparing_sources import Difference

_FRESH = "✓ Every counted figure is as the records give it now."
_COLUMNS: tuple[Column[Difference], ...] = (
    Column("Figure", lambda d: d.label, 5),
    Column("In the return", lambda d: "—" if d.held is None else str(d.held), 1),
    Column("Counted now", lambda d: str(d.counted), 1),
    Column("", lambda d: "▲ The records moved" if d.is_stale else "✎ Typed over", 2),
)


class SourcesPanel(QWidget):
    """The figures whose records say something else by now.

    ``take`` is given the names of the fields to bring up to date.
    """

    def __init__(self, take: Callable[[tuple[str, ...]], None], *, is_read_only: bool) -> None:
        super().__init__()
        self._take, self._is_read_only = take, is_read_only
        self.said = words("")
        self.said.setAccessibleName("How fresh the figures are")
        self.table: TableView[Difference] = TableView("Figures that differ", _COLUMNS)
        self.take_one, self.take_all = button("Take this figure"), button("Take all that moved")
        column = QVBoxLayout(self)
        column.setSpacing(2 * STEP)
        column.addWidget(self.said)
        column.addWidget(self.table, 1)
        column.addLayout(row_of(self.take_one, self.take_all))
        self.take_one.clicked.connect(self._one)
        self.take_all.clicked.connect(self._all)
        self.show_differences(())

    def show_differences(self, found: tuple[Difference, ...]) -> None:
        """Show where the return and its records differ."""
        self.found = found
        stale = sum(difference.is_stale for difference in found)
        figures = f"{stale} figure{'' if stale == 1 else 's'}"
        self.said.setText(
            f"▲ {figures} moved since this return was filled in: a meeting was closed or a record "
            "added. Nothing changes here until you take it."
            if stale
            else _FRESH
        )
        self.table.show_rows(found)
        self.table.setVisible(bool(found))
        may = not self._is_read_only
        self.take_one.setVisible(may and bool(found))
        self.take_all.setVisible(may and stale > 0)

    @property
    def stale(self) -> int:
        """Return how many figures moved."""
        return sum(difference.is_stale for difference in self.found)

    def _one(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self._take((chosen.field,))

    def _all(self) -> None:
        self._take(tuple(d.field for d in self.found if d.is_stale))
