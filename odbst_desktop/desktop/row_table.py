"""One table model for every list: immutable rows, columns as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from odbst_desktop.desktop.table_copy import copy_on_keys

R = TypeVar("R")
Index: TypeAlias = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_LEAST_ROWS = 4


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """A column: its header, how a row shows itself in it, and its share of the width.

    ``least`` is the fewest characters it is given; then the table scrolls sideways.
    """

    title: str
    text: Callable[[R], str]
    share: int = 1
    least: int = 0


class RowTable(QAbstractTableModel, Generic[R]):
    """Show a tuple of frozen rows; a change replaces the whole tuple."""

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: tuple[R, ...] = ()

    def replace(self, rows: Sequence[R], columns: Sequence[Column[R]] | None = None) -> None:
        """Show ``rows`` instead of what is shown now, in other columns if they are given."""
        self.beginResetModel()
        self.rows = tuple(rows)
        if columns is not None:
            self.columns = tuple(columns)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of rows; a cell has none under it."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns; a cell has none under it."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the cell's text; a screen reader hears the column with it."""
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        text = column.text(self.rows[index.row()])
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}: {text}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the column's title; rows have no header."""
        shown = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}
        if role in shown and orientation == Qt.Orientation.Horizontal:
            return self.columns[section].title
        return None


class TableView(QTableView, Generic[R]):
    """A table whose rows are chosen whole; Enter or a double click opens one."""

    def __init__(self, name: str, columns: Sequence[Column[R]]) -> None:
        super().__init__()
        self.table: RowTable[R] = RowTable(columns, self)
        self.setModel(self.table)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMinimumHeight(_LEAST_ROWS * int(self.fontMetrics().height() * 1.9))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(int(self.fontMetrics().height() * 1.9))
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def show_rows(self, rows: Sequence[R], columns: Sequence[Column[R]] | None = None) -> None:
        """Show other rows; the place of the chosen one is kept."""
        chosen = self.currentIndex().row()
        self.table.replace(rows, columns)
        if rows:
            self.selectRow(min(max(chosen, 0), len(rows) - 1))
        self._share()

    def chosen(self) -> R | None:
        """Return the row that is chosen, if any."""
        index = self.currentIndex()
        return self.table.rows[index.row()] if index.isValid() else None

    def all_chosen(self) -> tuple[R, ...]:
        """Return every row that is chosen, in the order shown."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self.table.rows[place] for place in places)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy as a table: Ctrl+C the chosen rows, Ctrl+Shift+C all."""
        if not copy_on_keys(self, event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: Any) -> None:
        """Share the width among the columns again."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        whole = sum(column.share for column in self.table.columns) or 1
        width = self.viewport().width()
        character = self.fontMetrics().averageCharWidth()
        for place, column in enumerate(self.table.columns[:-1]):
            least = max(column.least, len(column.title) + 3) * character
            self.setColumnWidth(place, max(width * column.share // whole, least))
