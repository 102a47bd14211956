"""Counts a CPOMS or Bromcom file into a meeting: file, days, columns once, preview, count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.desktop.meeting.count_table import GridWords
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.errors import InputError
from odbst_desktop.files import read_whole
from odbst_desktop.meetings.importing import (
    KINDS,
    CountedFile,
    Days,
    count_file,
    days_taken,
    usual_days,
    with_counts,
)
from odbst_desktop.meetings.log import Meeting
from odbst_desktop.meetings.placing import NOT_COUNTED, keep_placing, read_placing
from odbst_desktop.meetings.quick_add import Known
from odbst_desktop.meetings.recent import Spot
from odbst_desktop.school.typed_dates import read_typed_date, show_date
from odbst_desktop.spreadsheets.entries import MONTH_FIRST, read_entries
from odbst_desktop.spreadsheets.mapping import (
    ColumnMapping,
    keep_mapping,
    missing_fields,
    propose_mapping,
    remembered_mapping,
)
from odbst_desktop.spreadsheets.table import Table, read_table
from odbst_desktop.spreadsheets.targets import target

_LISTS = {"category": "Category", "place": "Place", "time": "Time"}
_FILES = "Exports (*.csv *.xlsx *.xls *.ods *.txt)"

Unplaced = tuple[str, str, int]
"""A list, a word of the file, and how many rows have it."""


@dataclass(frozen=True, slots=True)
class _Read:
    table: Table
    mapping: ColumnMapping
    days: Days


class ImportPanel(QWidget):
    """Everything on one page; ``counted`` gives the meeting's new answers.

    The rows of the file are held while this page is open, and go with it.
    """

    counted = Signal(dict)
    left = Signal()

    def __init__(
        self, tab: Tab, meeting: Meeting, answers: Mapping[str, Any], known: Known
    ) -> None:
        super().__init__()
        self._tab, self._meeting, self._answers, self._known = tab, meeting, answers, known
        self._table: Table | None = None
        self._mapping: ColumnMapping | None = None
        self.file: CountedFile | None = None
        self._columns: dict[str, QComboBox] = {}
        self._make_fields()
        self._lay_out()
        self._show_file(None)
        self.kind.currentIndexChanged.connect(self._forget)
        self.choose.clicked.connect(self._choose)
        self.place_it.clicked.connect(self._place)
        self.apply.clicked.connect(self._apply)
        self.back.clicked.connect(self.left)
        for line in (self.first, self.last):
            line.editingFinished.connect(self._count)
        self.month_first.currentIndexChanged.connect(self._count)

    def read(self, path: Path) -> None:
        """Read a file; it stays in memory."""
        kind = self.kind.currentData()
        vault, meeting = self._tab.desk.vault, self._meeting

        def read() -> _Read:
            table = read_table(read_whole(path), path.name)
            with vault.reading() as session:
                mapping = remembered_mapping(session, table, target(kind))
                days = usual_days(session, meeting)
            return _Read(table, mapping or propose_mapping(table, target(kind)), days)

        self._tab.run(read, self._show_read)

    def _make_fields(self) -> None:
        self.kind = QComboBox()
        for name, label in KINDS.items():
            self.kind.addItem(label, name)
        self.kind.setAccessibleName("Kind of file")
        self.choose = button("Choose the file…", is_main=True)
        self.name = words("", "quiet")
        self.first, self.last = QLineEdit(), QLineEdit()
        self.first.setAccessibleName("First day counted")
        self.last.setAccessibleName("Last day counted")
        self.month_first = QComboBox()
        self.month_first.addItem("Day first (24/11)", "")
        self.month_first.addItem("Month first (11/24)", MONTH_FIRST)
        self.month_first.setAccessibleName("How dates are written in the file")
        self.account = words("")
        self.account.setAccessibleName("What became of the rows")
        self.preview: TableView[tuple[Spot, int]] = TableView("Counts of the file", self._heads())
        self.unplaced: TableView[Unplaced] = TableView("Words not known here", _UNPLACED)
        self.placed_as = QComboBox()
        self.placed_as.setAccessibleName("What the chosen word stands for")
        self.place_it = button("It stands for that")
        self.apply = button("Count into the meeting", is_main=True)
        self.back = button("← The meeting")

    def _heads(self) -> tuple[Column[tuple[Spot, int]], ...]:
        labels = GridWords.of(self._known)
        return (
            Column("Category", lambda e: labels.categories.get(e[0].category, "—"), 4),
            Column("Where and when", lambda e: labels.where(e[0]) or "—", 4),
            Column("Count", lambda e: str(e[1]), 1),
        )

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(2 * STEP)
        column.addLayout(row_of(self.back))
        column.addWidget(words("Count from a file", "title"))
        column.addWidget(
            words(
                "The file is read in memory, its rows are counted and forgotten. No name in it "
                "reaches the vault: only the counts do.",
                "quiet",
            )
        )
        column.addLayout(row_of(self.kind, self.choose))
        column.addWidget(self.name)
        self._form = QWidget()
        self._grid = QGridLayout(self._form)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        column.addWidget(self._form)
        column.addWidget(self.account)
        column.addWidget(self.preview, 2)
        self._placing = QWidget()
        placing = QVBoxLayout(self._placing)
        placing.setContentsMargins(0, 0, 0, 0)
        placing.addWidget(words("What could not be placed", "heading"))
        placing.addWidget(self.unplaced)
        placing.addLayout(row_of(self.placed_as, self.place_it))
        column.addWidget(self._placing, 1)
        column.addLayout(row_of(self.apply))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inner))
        self.unplaced.selectionModel().selectionChanged.connect(self._offer_places)

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Choose the export", "", _FILES)
        if chosen:
            self.read(Path(chosen))

    def _forget(self) -> None:
        self._table = self._mapping = None
        self._show_file(None)

    def _show_read(self, read: _Read) -> None:
        self._table, self._mapping = read.table, read.mapping
        self.name.setText(
            f"{read.table.name}: {len(read.table.rows):,} rows; the column names are in row "
            f"{read.table.header_row}."
        )
        if not self.first.text():
            self.first.setText(show_date(read.days.first))
            self.last.setText(show_date(read.days.last))
        self._show_columns(read.table, read.mapping)
        self._count()

    def _show_columns(self, table: Table, mapping: ColumnMapping) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget not in {self.first, self.last, self.month_first}:
                widget.deleteLater()
        self._columns = {}
        for place, known in enumerate(target(mapping.target).fields):
            box = QComboBox()
            box.addItem("(not in this file)", "")
            for column in table.columns:
                box.addItem(column[:60], column)
            box.setCurrentIndex(max(box.findData(mapping.columns.get(known.id, "")), 0))
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setAccessibleName(f"Column of {known.label}")
            box.currentIndexChanged.connect(self._remap)
            self._columns[known.id] = box
            self._add_field(place, known.label + (" *" if known.is_required else ""), box)
        place = len(self._columns)
        self._add_field(place, "First day", self.first)
        self._add_field(place + 1, "Last day", self.last)
        self._add_field(place + 2, "Dates are written", self.month_first)

    def _add_field(self, place: int, label: str, field: QWidget) -> None:
        buddy = QLabel(label)
        buddy.setProperty("kind", "quiet")
        buddy.setBuddy(field)
        self._grid.addWidget(buddy, place // 2, 2 * (place % 2))
        self._grid.addWidget(field, place // 2, 2 * (place % 2) + 1)

    def _remap(self) -> None:
        if self._mapping is not None:
            for name, box in self._columns.items():
                self._mapping = self._mapping.with_column(name, box.currentData())
            self._count()

    def _count(self) -> None:
        """Count the file anew with the columns and days chosen, off the window's thread."""
        table, mapping = self._table, self._mapping
        if table is None or mapping is None:
            return
        mapping = mapping.with_choice("day", self.month_first.currentData())
        vault, meeting, today = self._tab.desk.vault, self._meeting, self._tab.desk.vault.today()
        first, last = self.first.text(), self.last.text()
        kind = target(mapping.target)

        def count() -> CountedFile:
            missing = missing_fields(kind, mapping)
            if missing:
                raise InputError(f"Say which column holds “{missing[0].label}”.")
            days = Days(read_typed_date(first, today), read_typed_date(last, today))
            with vault.reading() as session:
                placing, taken = read_placing(session), days_taken(session, meeting, kind.id)
            return count_file(kind.id, read_entries(table, kind, mapping), days, placing, taken)

        self._show_file(None)
        self._tab.run(count, self._show_file)

    def _show_file(self, file: CountedFile | None) -> None:
        self.file = file
        self.account.setText("\n".join(file.account()) if file else "")
        self.preview.show_rows(file.counts.most_common() if file else ())
        self.preview.setVisible(bool(file and file.counts))
        listed = (
            [(what, word, n) for (what, word), n in file.unplaced.most_common()] if file else []
        )
        self.unplaced.show_rows(listed)
        self._placing.setVisible(bool(listed))
        self.apply.setEnabled(bool(file and (file.counts or file.figures)))
        self._offer_places()

    def _offer_places(self) -> None:
        chosen = self.unplaced.chosen()
        self.placed_as.clear()
        if chosen is None:
            return
        lists = {"category": self._known.categories, "place": self._known.places,
                 "time": self._known.times}  # fmt: skip
        for name, label in lists[chosen[0]]:
            self.placed_as.addItem(label, name)
        self.placed_as.addItem("Leave it out", NOT_COUNTED)

    def _place(self) -> None:
        chosen, placed_as = self.unplaced.chosen(), self.placed_as.currentData()
        if chosen is None or not placed_as:
            return
        vault = self._tab.desk.vault

        def keep() -> None:
            with vault.changing("word placed", f"list/{chosen[0]}") as session:
                keep_placing(session, chosen[0], chosen[1], placed_as)

        self._tab.run(keep, self._placed)

    def _placed(self, _value: object) -> None:
        self._count()

    def _apply(self) -> None:
        table, mapping, file = self._table, self._mapping, self.file
        if table is None or mapping is None or file is None:
            return
        vault, answers = self._tab.desk.vault, dict(self._answers)

        def apply() -> dict[str, Any]:
            changed = with_counts(answers, file)
            with vault.changing("columns remembered", f"import/{file.kind}") as session:
                keep_mapping(session, table, mapping)
            return changed

        self._tab.run(apply, self._applied)

    def _applied(self, answers: dict[str, Any]) -> None:
        self._table = self._mapping = self.file = None
        self.counted.emit(answers)


_UNPLACED: tuple[Column[Unplaced], ...] = (
    Column("List", lambda u: _LISTS[u[0]], 1),
    Column("Word in the file", lambda u: u[1], 4),
    Column("Rows", lambda u: str(u[2]), 1),
)
