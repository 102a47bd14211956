"""A table of places and times, shaded; what stands out carries a sign as well."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView

from odbst_desktop.desktop.theme import LIGHT, Colours, colours_now
from odbst_desktop.reports.blocks import HeatCell, HeatMap

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_FAINTEST, _DARKEST = 0.08, 0.5
_SIGN = "▲"


class HeatTable(QAbstractTableModel):
    """Shows a heat map's cells; each says itself in words to a screen reader."""

    def __init__(self) -> None:
        super().__init__()
        self.heat = HeatMap("", (), ())

    def show_heat(self, heat: HeatMap) -> None:
        """Show another heat map."""
        self.beginResetModel()
        self.heat = heat
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of places."""
        return 0 if parent.isValid() else len(self.heat.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of times."""
        return 0 if parent.isValid() else len(self.heat.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the count, its shade, and for a screen reader the whole of it."""
        if not index.isValid():
            return None
        place, cells = self.heat.rows[index.row()]
        cell = cells[index.column()]
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            what = "none" if cell is None else cell.description
            return f"{place}, {self.heat.columns[index.column()]}: {what}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        return None if cell is None else _look(cell, role)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a time above, a place at the side."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self.heat.columns[section]
        return self.heat.rows[section][0]


class HeatView(QTableView):
    """The heat map in the window; the arrow keys walk through it."""

    def __init__(self) -> None:
        super().__init__()
        self.table = HeatTable()
        self.setModel(self.table)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().setMinimumSectionSize(int(self.fontMetrics().height() * 1.9))
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionsClickable(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def show_heat(self, heat: HeatMap, name: str) -> None:
        """Show another heat map under a name for screen readers."""
        self.setAccessibleName(name)
        self.table.show_heat(heat)
        rows = sum(self.rowHeight(row) for row in range(len(heat.rows)))
        above = self.horizontalHeader().sizeHint().height()
        # Room for the bar that scrolls sideways: at large text there are more times than width.
        self.setFixedHeight(above + rows + self.horizontalScrollBar().sizeHint().height() + 4)
        if heat.rows:
            self.setCurrentIndex(self.table.index(0, 0))


def _look(cell: HeatCell, role: int) -> Any:
    if role == Qt.ItemDataRole.DisplayRole:
        return f"{_SIGN} {cell.words}" if cell.is_hot else cell.words
    return _shade(cell) if role == Qt.ItemDataRole.BackgroundRole else None


def _shade(cell: HeatCell) -> QColor:
    app = QApplication.instance()
    colours: Colours = colours_now(app) if isinstance(app, QApplication) else LIGHT
    part = _FAINTEST + (_DARKEST - _FAINTEST) * min(max(cell.shade, 0.0), 1.0)
    ground, ink = QColor(colours.surface), QColor(colours.accent)
    mixed = (
        round(a + part * (b - a))
        for a, b in zip(ground.getRgb()[:3], ink.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(*mixed)
