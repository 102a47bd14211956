"""The weeks before a figure as a small line, and in words for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

_FIGURES = Qt.ItemDataRole.UserRole + 1
"""The role under which a model gives a cell's weeks, oldest first, None where none is known."""

SPARKLINE_ROLE = int(_FIGURES)


def weeks_in_words(figures: Sequence[int | None]) -> str:
    """Return the weeks for a screen reader: “1, 0, none held, 3 (newest)”."""
    if not figures:
        return "no weeks before"
    spoken = ["none held" if figure is None else str(figure) for figure in figures]
    return ", ".join(spoken) + " (newest)"


def paint_sparkline(
    painter: QPainter, room: QRectF, figures: Sequence[int | None], colour: QColor
) -> None:
    """Paint weeks as a line over a ground line, the newest as a dot; a gap where none is known."""
    known = [figure for figure in figures if figure is not None]
    if not known or room.width() < 4:
        return
    highest = max(*known, 1)
    step = room.width() / max(len(figures) - 1, 1)

    def point(place: int, figure: int) -> QPointF:
        return QPointF(room.left() + place * step, room.bottom() - room.height() * figure / highest)

    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    faint = QColor(colour)
    faint.setAlphaF(0.25)
    painter.setPen(QPen(faint, 1))
    painter.drawLine(room.bottomLeft(), room.bottomRight())
    painter.setPen(QPen(colour, 1.6))
    for place, (before, after) in enumerate(pairwise(figures)):
        if before is not None and after is not None:
            painter.drawLine(point(place, before), point(place + 1, after))
    newest = figures[-1]
    if newest is not None:
        painter.setBrush(colour)
        painter.drawEllipse(point(len(figures) - 1, newest), 2.4, 2.4)
    painter.restore()


class SparklineDelegate(QStyledItemDelegate):
    """Draws the weeks that a model gives under ``SPARKLINE_ROLE``."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the ground of the cell, then the line."""
        super().paint(painter, option, index)
        figures = index.data(SPARKLINE_ROLE)
        if figures:
            rect, palette = option.rect, option.palette
            inner = QRectF(rect).adjusted(8, rect.height() * 0.22, -8, -rect.height() * 0.22)
            paint_sparkline(painter, inner, figures, palette.highlight().color())

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Ask for room enough to see twelve weeks."""
        hint = super().sizeHint(option, index)
        return QSize(max(hint.width(), hint.height() * 4), hint.height())
