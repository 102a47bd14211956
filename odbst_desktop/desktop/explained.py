"""Ctrl+I over a table: what is chosen there is explained under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from odbst_desktop.analysis.explanation import Explanation
from odbst_desktop.desktop.explain_panel import KEYS, ExplainPanel
from odbst_desktop.desktop.row_table import TableView
from odbst_desktop.desktop.tab import Tab

_LINES_HIGH = 14


class Explained(QObject):
    """Lets Ctrl+I explain the chosen row; Escape gives the keys back to the table.

    ``explain`` returns the work that explains what is chosen, or None if nothing is.
    """

    def __init__(
        self, tab: Tab, table: TableView[Any],
        explain: Callable[[], Callable[[], Explanation | None] | None],
    ) -> None:  # fmt: skip
        super().__init__(table)
        self._tab, self._table, self._explain = tab, table, explain
        self.panel = ExplainPanel()
        self.panel.setMinimumHeight(_LINES_HIGH * table.fontMetrics().height())
        shortcut = QShortcut(QKeySequence(KEYS), table)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.explain)
        self.panel.closed.connect(table.setFocus)

    def explain(self) -> None:
        """Explain what is chosen."""
        work = self._explain()
        if work is None:
            self._tab.show_problem("Choose a figure in the table first, then press Ctrl+I.")
            return
        self._tab.run(work, self._show)

    def _show(self, explanation: Explanation | None) -> None:
        if explanation is not None:
            self.panel.show_explanation(explanation)
