"""The sections of a form at its side; long names wrap and are never cut off."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QListWidget, QStyledItemDelegate, QStyleOptionViewItem

from odbst_desktop.desktop.theme import STEP


class _Roomy(QStyledItemDelegate):
    """Gives each name a hair more height: Qt rounds it down and then drops the last line."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size of a section's name."""
        return super().sizeHint(option, index) + QSize(0, STEP)


class SectionList(QListWidget):
    """The sections with their progress, chosen with the arrow keys."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Sections")
        self.setWordWrap(True)
        self.setSpacing(STEP // 2)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Roomy(self))
