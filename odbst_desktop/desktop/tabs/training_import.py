"""Import a sheet: map its columns, see what would happen row by row, then import or leave it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QWidget
from sqlmodel import Session

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.scrolling import ScrollingPanel
from odbst_desktop.desktop.tab import Tab, button, one_line, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.errors import InputError
from odbst_desktop.spreadsheets.entries import MONTH_FIRST
from odbst_desktop.spreadsheets.mapping import (
    ColumnMapping,
    keep_mapping,
    missing_fields,
    propose_mapping,
    remembered_mapping,
)
from odbst_desktop.spreadsheets.table import Table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.training.catalogue import Course
from odbst_desktop.training.names import keep_meaning
from odbst_desktop.training.published import catalogue_in_use

_FIELDS_ACROSS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sheet calls something and this vault does not know, with what it may mean."""

    kind: str
    words: str
    text: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Taking:
    """When and by whom a sheet is taken, and whether doubtful rows are left out."""

    today: date
    at: str
    by: str
    leaves_out_doubtful: bool


@dataclass(frozen=True, slots=True)
class ImportKind:
    """What differs between importing completions and people."""

    title: str
    target: str
    read: Callable[[bytes, str, str, Sequence[Course]], Table]
    preview: Callable[[Session, Table, ColumnMapping, date], Any]
    take: Callable[[Session, Any, Taking], object]
    asked: Callable[[Session, Any], tuple[Asked, ...]]
    columns: tuple[Column[Any], ...]


@dataclass(frozen=True, slots=True)
class _Looked:
    mapping: ColumnMapping
    preview: Any
    asked: tuple[Asked, ...]
    missing: str


class ImportPanel(ScrollingPanel):
    """A sheet between being read and being imported; leaving it changes nothing."""

    kept = Signal(str)
    left = Signal()

    def __init__(self, tab: Tab, kind: ImportKind, data: bytes, name: str, table: Table) -> None:
        super().__init__()
        self.tab, self.kind, self.table = tab, kind, table
        self._data, self._name = data, name
        self._mapping: ColumnMapping | None = None
        self.preview: Any = None
        self._asked: tuple[Asked, ...] = ()
        self.back = button("← Back")
        self.keep = button("Import", is_main=True)
        self.leave_out = QCheckBox("Leave out the rows that are faulty or not clear")
        self.only_doubtful = QCheckBox("Show only these")
        self.summary = words("Looking at the sheet…", "quiet")
        self.lines: TableView[Any] = TableView("Rows of the sheet", kind.columns)
        self.lines.setMinimumHeight(8 * int(self.fontMetrics().height() * 1.9))
        self.boxes: dict[str, QComboBox] = {}
        self.month_first: dict[str, QCheckBox] = {}
        self._build()
        self.back.clicked.connect(self.left)
        self.keep.clicked.connect(self._keep)
        self.take_so.clicked.connect(self._answer)
        self.what.currentIndexChanged.connect(self._show_answers)
        self.only_doubtful.toggled.connect(self._show_lines)
        self.lines.selectionModel().currentRowChanged.connect(self._show_why)
        self.look()

    def _build(self) -> None:
        column = self.column
        column.setSpacing(2 * STEP)
        column.addLayout(row_of(self.back, one_line(f"{self.kind.title}: {self._name}")))
        self.sheet = QComboBox()
        self.sheet.setAccessibleName("Sheet")
        self.sheet.addItems(list(self.table.sheets))
        self.sheet.setCurrentText(self.table.sheet)
        self.sheet.setVisible(len(self.table.sheets) > 1)
        self.sheet.currentTextChanged.connect(self._other_sheet)
        column.addWidget(self.sheet)
        column.addWidget(self._fields())
        column.addWidget(self.summary)
        self.what, self.means = QComboBox(), QComboBox()
        self.what.setAccessibleName("What is not known")
        self.means.setAccessibleName("What it means")
        self.take_so = button("It means this")
        self.questions = QWidget()
        asking = row_of(self.what, QLabel("means"), self.means, self.take_so)
        asking.setContentsMargins(0, 0, 0, 0)
        self.questions.setLayout(asking)
        self.questions.hide()
        column.addWidget(self.questions)
        column.addWidget(self.lines, 1)
        self.why = words("", "quiet")
        column.addWidget(self.why)
        column.addLayout(row_of(self.keep, self.leave_out, self.only_doubtful))

    def _fields(self) -> QWidget:
        """Return a choice of column for each field, three abreast."""
        held = QWidget()
        grid = QGridLayout(held)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4 * STEP)
        for number, known in enumerate(target(self.kind.target).fields):
            box = self.boxes[known.id] = QComboBox()
            box.addItem("– no column –", "")
            for name in self.table.columns:
                box.addItem(name, name)
            box.setMinimumContentsLength(14)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            label = QLabel(f"{known.label}{' (needed)' if known.is_required else ''}")
            label.setBuddy(box)
            box.setAccessibleName(f"Column for {known.label}")
            row, place = divmod(number, _FIELDS_ACROSS)
            grid.addWidget(label, 3 * row, place)
            grid.addWidget(box, 3 * row + 1, place)
            box.currentIndexChanged.connect(self._mapped)
            if known.type == "date":
                tick = self.month_first[known.id] = QCheckBox("Month first (US)")
                tick.setAccessibleName(f"{known.label}: the month comes first")
                tick.toggled.connect(self._mapped)
                grid.addWidget(tick, 3 * row + 2, place)
        return held

    def look(self, mapping: ColumnMapping | None = None) -> None:
        """Work out what would happen, with the mapping chosen, remembered or proposed."""
        vault, table, kind = self.tab.desk.vault, self.table, self.kind
        wanted = target(kind.target)

        def work() -> _Looked:
            with vault.reading() as session:
                found = (
                    mapping
                    or remembered_mapping(session, table, wanted)
                    or propose_mapping(table, wanted)
                )
                missing = missing_fields(wanted, found)
                if missing:
                    labels = ", ".join(f"“{known.label}”" for known in missing)
                    return _Looked(found, None, (), f"Choose the column for {labels}.")
                preview = kind.preview(session, table, found, vault.today())
                return _Looked(found, preview, kind.asked(session, preview), "")

        self.tab.run(work, self._looked)

    def _looked(self, found: _Looked) -> None:
        self._mapping, self.preview, self._asked = found.mapping, found.preview, found.asked
        self._show_mapping(found.mapping)
        if found.preview is None:
            self.summary.setText(found.missing)
            self.keep.setEnabled(False)
            self.questions.hide()
            self.lines.show_rows(())
            return
        preview = found.preview
        doubtful = len(preview.not_taken)
        self.summary.setText(preview.summary + self._month_words())
        self.keep.setText(f"Import {len(preview.taken):,} rows")
        self.keep.setEnabled(bool(preview.taken))
        self.leave_out.setText(f"Leave out the {doubtful:,} rows that are faulty or not clear")
        self.leave_out.setVisible(bool(doubtful))
        self.only_doubtful.setVisible(bool(doubtful))
        self.what.clear()
        for asked in found.asked:
            self.what.addItem(asked.text)
        self.questions.setVisible(bool(found.asked))
        self._show_lines()

    def _month_words(self) -> str:
        fields = getattr(self.preview, "month_first_fields", ())
        wanted = target(self.kind.target)
        labels = [
            wanted.field(name).label for name in fields if not self.month_first[name].isChecked()
        ]
        if not labels:
            return ""
        return (
            f" “{'”, “'.join(labels)}” has dates with the month first, as in the United States: "
            "tick “Month first” if the whole column is so."
        )

    def _show_mapping(self, mapping: ColumnMapping) -> None:
        for name, box in self.boxes.items():
            box.blockSignals(True)
            box.setCurrentIndex(max(box.findData(mapping.columns.get(name, "")), 0))
            box.blockSignals(False)
        for name, tick in self.month_first.items():
            tick.blockSignals(True)
            tick.setChecked(mapping.choices.get(name) == MONTH_FIRST)
            tick.blockSignals(False)

    def _show_lines(self) -> None:
        if self.preview is None:
            return
        is_part = self.only_doubtful.isChecked()
        self.lines.show_rows(self.preview.not_taken if is_part else self.preview.lines)

    def _show_why(self) -> None:
        chosen = self.lines.chosen()
        self.why.setText(f"Row {chosen.row}: {chosen.why}" if chosen and chosen.why else "")

    def _mapped(self) -> None:
        columns = {name: box.currentData() for name, box in self.boxes.items() if box.currentData()}
        choices = {name: MONTH_FIRST for name, tick in self.month_first.items() if tick.isChecked()}
        self.look(ColumnMapping(self.kind.target, columns, choices))

    def _show_answers(self, place: int) -> None:
        self.means.clear()
        if 0 <= place < len(self._asked):
            for value, text in self._asked[place].answers:
                self.means.addItem(text, value)

    def _answer(self) -> None:
        place, value = self.what.currentIndex(), self.means.currentData()
        if not 0 <= place < len(self._asked) or not value:
            return
        asked, vault, mapping = self._asked[place], self.tab.desk.vault, self._mapping

        def work() -> ColumnMapping | None:
            with vault.changing("import choice kept", f"import/{asked.kind}") as session:
                keep_meaning(session, asked.kind, asked.words, value)
            return mapping

        self.tab.run(work, self.look)

    def _other_sheet(self, sheet: str) -> None:
        data, name, vault = self._data, self._name, self.tab.desk.vault

        def work() -> Table:
            with vault.reading() as session:
                courses = catalogue_in_use(session).courses
            return self.kind.read(data, name, sheet, courses)

        self.tab.run(work, self._other_table)

    def _other_table(self, table: Table) -> None:
        self.table = table
        for box in self.boxes.values():
            box.blockSignals(True)
            box.clear()
            box.addItem("– no column –", "")
            for column in table.columns:
                box.addItem(column, column)
            box.blockSignals(False)
        self.look()

    def _keep(self) -> None:
        vault, kind, preview, table = self.tab.desk.vault, self.kind, self.preview, self.table
        mapping, is_partial = self._mapping, self.leave_out.isChecked()
        if preview is None or mapping is None:
            return
        if preview.not_taken and not is_partial:
            self.tab.show_problem(
                f"{len(preview.not_taken):,} rows are faulty or not clear. Settle them, or tick "
                "“Leave out”. Nothing was imported."
            )
            return

        def work() -> str:
            with vault.changing("sheet imported", f"import/{kind.target}") as session:
                taking = Taking(vault.today(), vault.now(), vault.user.name, is_partial)
                # What was shown may have changed since; it is judged once more.
                fresh = kind.preview(session, table, mapping, taking.today)
                if fresh.summary != preview.summary:
                    raise InputError(
                        "The records changed while you looked at this sheet. Look at it again; "
                        "nothing was imported."
                    )
                kind.take(session, fresh, taking)
                keep_mapping(session, table, mapping)
            return f"{len(preview.taken):,} rows of {table.name}"

        self.tab.run(work, self.kept.emit, "training", "person")
