"""The lines of the count grid as a model: what is counted, the weeks before, this week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from odbst_desktop.desktop.meeting.sparkline import SPARKLINE_ROLE, weeks_in_words
from odbst_desktop.meetings.quick_add import Known
from odbst_desktop.meetings.recent import RecentCounts, Spot
from odbst_desktop.meetings.type_ahead import Labelled

COLUMNS = ("Category", "Where and when", "This week", "Last meeting", "Weeks before")
THIS_WEEK, WEEKS = 2, 4
_MOST_SHOWN = 18
"""So many of the lines used before are shown; the rest are a few letters away."""

_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class GridWords:
    """The words of every list that a line may name."""

    categories: Mapping[str, str]
    places: Mapping[str, str]
    times: Mapping[str, str]

    @staticmethod
    def of(known: Known) -> GridWords:
        """Return the words of the lists."""
        return GridWords(dict(known.categories), dict(known.places), dict(known.times))

    def where(self, spot: Spot) -> str:
        """Return place and time in words."""
        parts = (self.places.get(spot.place, ""), self.times.get(spot.time, ""))
        return ", ".join(part for part in parts if part)

    def whole(self, spot: Spot) -> Labelled:
        """Return a line's id and all its words."""
        where = self.where(spot)
        label = self.categories.get(spot.category, spot.category)
        return "/".join(spot), f"{label}, {where}" if where else label


class CountTable(QAbstractTableModel):
    """The lines that the school uses, with this week's counts."""

    def __init__(self, words: GridWords, recent: RecentCounts, parent: QObject) -> None:
        super().__init__(parent)
        self.words, self.recent = words, recent
        self._order = {name: place for place, name in enumerate(words.categories)}
        self._used = recent.spots()[:_MOST_SHOWN]
        self.counts: Counter[Spot] = Counter()
        self.lines: list[Spot] = self._sorted(self._used)
        self._signalled: frozenset[str] = frozenset()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return a cell's text, its weeks, or all that a screen reader says of the line."""
        if not index.isValid():
            return None
        spot = self.lines[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(spot)
        if role == SPARKLINE_ROLE:
            return self.recent.of_spot(spot) if index.column() == WEEKS else None
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() >= THIS_WEEK:
            return Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.spoken(spot)
        return self._text(spot, index.column()) if role == Qt.ItemDataRole.DisplayRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return COLUMNS[section]
        return None

    def spoken(self, spot: Spot) -> str:
        """Return a line in words: what, this week, last week, the weeks before, a signal."""
        weeks = self.recent.of_spot(spot)
        last = f"last meeting {weeks[-1]}" if weeks else "no meeting before"
        signal = "; out of the ordinary, see the signals" if self._is_signalled(spot) else ""
        return (
            f"{self.words.whole(spot)[1]}: {self.counts[spot]} this week, {last}; weeks before: "
            f"{weeks_in_words(weeks)}{signal}"
        )

    def set_counts(self, counts: Mapping[Spot, int]) -> None:
        """Show other counts; a line once shown stays."""
        self.beginResetModel()
        self.counts = Counter({spot: count for spot, count in counts.items() if count})
        self.lines = self._sorted({*self.lines, *self.counts})
        self.endResetModel()

    def set_count(self, row: int, count: int) -> None:
        """Set the count of a line."""
        self.counts[self.lines[row]] = count
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    def place_of(self, spot: Spot) -> int:
        """Return the row of a line, which is added if it was not shown."""
        if spot not in self.lines:
            self.beginResetModel()
            self.lines = self._sorted({*self.lines, spot})
            self.endResetModel()
        return self.lines.index(spot)

    def show_signals(self, categories: Collection[str]) -> None:
        """Mark the lines of categories that are out of the ordinary."""
        if frozenset(categories) != self._signalled:
            self._signalled = frozenset(categories)
            last = self.index(max(len(self.lines) - 1, 0), len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def offers(self) -> tuple[Labelled, ...]:
        """Return what may be added by its first letters: lines used before, then categories."""
        used = [self.words.whole(spot) for spot in self.recent.spots()]
        plain = [self.words.whole(Spot(name, "", "")) for name in self.words.categories]
        return (*used, *plain)

    def _sorted(self, spots: Collection[Spot]) -> list[Spot]:
        def key(spot: Spot) -> tuple[int, str]:
            return self._order.get(spot.category, len(self._order)), self.words.where(spot)

        return sorted(spots, key=key)

    def _text(self, spot: Spot, column: int) -> str:
        if column == 0:
            sign = "▲ " if self._is_signalled(spot) else ""
            return sign + self.words.categories.get(spot.category, spot.category)
        if column == 1:
            return self.words.where(spot) or "—"
        if column == WEEKS:
            return ""
        weeks = self.recent.of_spot(spot)
        if column == THIS_WEEK:
            return str(self.counts[spot]) if self.counts[spot] else "·"
        return str(weeks[-1]) if weeks else "—"

    def _is_signalled(self, spot: Spot) -> bool:
        return spot.category in self._signalled and self.counts[spot] > 0
