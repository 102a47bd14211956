"""Counting concerns by the keyboard: arrows, plus and minus, a number, or a few letters."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QListWidget,
    QTableView,
    QVBoxLayout,
)

from odbst_desktop.desktop.form_rows import FormSetting, RepeatEditor
from odbst_desktop.desktop.meeting.count_table import COLUMNS, WEEKS, CountTable, GridWords
from odbst_desktop.desktop.meeting.sparkline import SparklineDelegate
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.definition import Repeat
from odbst_desktop.meetings.quick_add import MOST_COUNTED, Known, read_line
from odbst_desktop.meetings.recent import RecentCounts, Spot, counted
from odbst_desktop.meetings.type_ahead import matching

_NEXT_DIGIT_SECONDS = 1.2
_ROWS_SEEN = 9
_OFFERED = 8
_HELP = (
    "Arrow keys choose a line; + and − or a number count; letters find another category "
    "(add #place or #time)."
)


class CountView(QTableView):
    """The grid: one line is chosen, and the keys count on it."""

    counted = Signal(int, int)
    """The row and its new count."""

    letters_typed = Signal(str)
    refused = Signal(str)

    def __init__(self, table: CountTable, *, is_read_only: bool) -> None:
        super().__init__()
        self._table, self._is_read_only = table, is_read_only
        self._typed, self._typed_at = "", 0.0
        self.setModel(table)
        self.setItemDelegateForColumn(WEEKS, SparklineDelegate(self))
        self.setAccessibleName("New concerns by category, place and time")
        self.setAccessibleDescription(_HELP)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        height = int(self.fontMetrics().height() * 1.7)
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalHeader().hide()
        self.setMinimumHeight(_ROWS_SEEN * height)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Count, or start to look for another category."""
        text, row = event.text(), self.currentIndex().row()
        is_plain = not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        if self._is_read_only or not is_plain:
            super().keyPressEvent(event)
        elif text.isalpha():
            self.letters_typed.emit(text)
        elif row >= 0 and text and text in "+=-−0123456789":
            self._count(row, text)
        elif row >= 0 and event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._typed = ""
            self.counted.emit(row, 0)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.selectRow(min(row + 1, self._table.rowCount() - 1))
        else:
            self._typed = ""
            super().keyPressEvent(event)

    def resizeEvent(self, event: Any) -> None:
        """Share the width among the columns again."""
        super().resizeEvent(event)
        width = self.viewport().width()
        for place, share in enumerate((30, 30, 12, 12)):
            least = (len(COLUMNS[place]) + 3) * self.fontMetrics().averageCharWidth()
            self.setColumnWidth(place, max(width * share // 100, least))

    def _count(self, row: int, text: str) -> None:
        now = self._table.counts[self._table.lines[row]]
        if text in "+=":
            self._typed, wanted = "", now + 1
        elif text in "-−":
            self._typed, wanted = "", now - 1
        else:
            is_next = time.monotonic() - self._typed_at < _NEXT_DIGIT_SECONDS
            self._typed = (self._typed if is_next else "") + text
            self._typed_at, wanted = time.monotonic(), int(self._typed)
        if wanted < 0:
            self.refused.emit("There is nothing to take away: this line counts none.")
        elif wanted > MOST_COUNTED:
            self._typed = ""
            self.refused.emit(
                f"{wanted} is more than a week can have: {MOST_COUNTED} is the most. The count "
                f"stays {now}."
            )
        else:
            self.counted.emit(row, wanted)


class CountGrid(RepeatEditor):
    """The concerns of a week, counted on the lines that the school uses."""

    def __init__(
        self, repeat: Repeat, setting: FormSetting, known: Known, recent: RecentCounts
    ) -> None:
        super().__init__()
        self._known, self._today = known, setting.today
        self._names = {question.name for question in repeat.items}
        self.table = CountTable(GridWords.of(known), recent, self)
        self.view = CountView(self.table, is_read_only=setting.is_read_only)
        self.letters = QLineEdit()
        self.letters.setPlaceholderText("Another category: type its first letters, then Enter")
        self.letters.setAccessibleName("Find another category, place and time")
        hide_unless(not setting.is_read_only, self.letters)
        self.offers = QListWidget()
        self.offers.setAccessibleName("What the letters may mean")
        self.offers.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.offers.hide()
        self.total = words("", "quiet")
        self.fault = words("", "problem")
        self.fault.setAccessibleName("What is wrong with the counts")
        self.fault.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addWidget(words(repeat.label, "heading"))
        column.addWidget(words(f"{repeat.hint}. {_HELP}", "quiet"))
        column.addWidget(self.view, 1)
        column.addWidget(self.letters)
        column.addWidget(self.offers)
        column.addWidget(self.total)
        column.addWidget(self.fault)
        self.setFocusProxy(self.view)
        self.view.counted.connect(self._set_count)
        self.view.letters_typed.connect(self._begin_find)
        self.view.refused.connect(self._refuse)
        self.letters.textChanged.connect(self._offer)
        self.letters.returnPressed.connect(self._add_found)
        self.offers.itemClicked.connect(lambda _item: self._add_found())
        self._sum()

    def value(self) -> list[dict[str, Any]]:
        """Return a row for each line that counts something."""
        rows = []
        for spot in self.table.lines:
            if self.table.counts[spot]:
                row = {"category": spot.category, "count": self.table.counts[spot],
                       "place": spot.place, "time": spot.time}  # fmt: skip
                rows.append({name: value for name, value in row.items() if value})
        return rows

    def set_value(self, rows: list[dict[str, Any]] | None) -> None:
        """Show the counts of rows."""
        chosen = self.view.currentIndex().row()
        self.table.set_counts(counted(rows or []))
        if self.table.rowCount():
            self.view.selectRow(min(max(chosen, 0), self.table.rowCount() - 1))
        self._sum()

    def show_faults(self, sentences: Mapping[tuple[int, str], str]) -> None:
        """Say the first fault of a count; the faults of other repeats are not ours."""
        mine = [words for (_, name), words in sentences.items() if name in self._names]
        self._refuse(mine[0] if mine else "")

    def add(self, spot: Spot, count: int) -> None:
        """Count more on a line, which is shown if it was not, and choose it."""
        row = self.table.place_of(spot)
        self.view.selectRow(row)
        self._set_count(row, self.table.counts[spot] + count)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk the offers by the arrow keys while letters are typed; Escape goes back."""
        if self.letters.hasFocus() and event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            row = self.offers.currentRow() + step
            self.offers.setCurrentRow(min(max(row, 0), self.offers.count() - 1))
        elif self.letters.hasFocus() and event.key() == Qt.Key.Key_Escape:
            self.letters.clear()
            self.view.setFocus()
        else:
            super().keyPressEvent(event)

    def _set_count(self, row: int, count: int) -> None:
        self.fault.hide()
        self.table.set_count(row, count)
        self._sum()
        self.edited.emit()

    def _sum(self) -> None:
        now = sum(self.table.counts.values())
        weeks = self.table.recent.weeks
        last = f", {sum(weeks[-1].values())} at the last meeting" if weeks else ""
        self.total.setText(f"{now} this week{last}.")

    def _refuse(self, sentence: str) -> None:
        self.fault.setText(f"✗ {sentence}")
        self.fault.setVisible(bool(sentence))

    def _begin_find(self, text: str) -> None:
        self.letters.setText(self.letters.text() + text)
        self.letters.setFocus()

    def _offer(self, typed: str) -> None:
        plain = " ".join(word for word in typed.split() if not word.startswith("#"))
        found = matching(plain, self.table.offers())[:_OFFERED]
        self.offers.clear()
        for name, label in found:
            self.offers.addItem(label)
            self.offers.item(self.offers.count() - 1).setData(Qt.ItemDataRole.UserRole, name)
        self.offers.setVisible(bool(found))
        if found:
            self.offers.setCurrentRow(0)
            line = self.offers.sizeHintForRow(0)
            self.offers.setFixedHeight(line * len(found) + 2 * STEP)

    def _add_found(self) -> None:
        typed, item = self.letters.text(), self.offers.currentItem()
        if not self.offers.count():
            self._refuse(f"No category begins with “{typed.strip()[:40]}”. Type other letters.")
            return
        spot = Spot(*str(item.data(Qt.ItemDataRole.UserRole)).split("/"))
        tags = " ".join(word for word in typed.split() if word.startswith("#"))
        if tags:
            line = read_line(f"1 {tags}", self._known, self._today)
            if line.faults:
                self._refuse(line.faults[0])
                return
            spot = Spot(spot.category, line.place or spot.place, line.time or spot.time)
        self.letters.clear()
        self.add(spot, 1)
        self.view.setFocus()
