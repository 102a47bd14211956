"""Search across the meetings: results while typing, the meeting at a press of Enter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.errors import InputError
from odbst_desktop.meetings.search import (
    MOST_HITS,
    Hit,
    Wanted,
    make_index_whole,
    search_meetings,
)
from odbst_desktop.school.people import Person, people
from odbst_desktop.school.references import categories
from odbst_desktop.school.typed_dates import read_typed_date, show_date

_PAUSE_MILLISECONDS = 120
_COLUMNS: tuple[Column[Hit], ...] = (
    Column("Date", lambda h: show_date(h.held_on), 2, 12),
    Column("State", lambda h: "✓ Closed" if h.is_closed else "○ Draft", 2, 10),
    Column("Found", lambda h: h.excerpt, 9),
)


@dataclass(frozen=True, slots=True)
class _Answer:
    wanted: Wanted
    hits: tuple[Hit, ...]


class MeetingSearch(QWidget):
    """A field, what narrows it down, and the meetings found.

    ``chosen`` gives the id of a meeting to open; ``searching`` says whether results are shown.
    """

    chosen = Signal(str)
    searching = Signal(bool)

    def __init__(self, tab: Tab) -> None:
        super().__init__()
        self._tab = tab
        self._today = tab.desk.vault.today()
        self.typed = QLineEdit()
        self.typed.setPlaceholderText(
            "Search: a word, a CPOMS reference, somebody of the team (Ctrl+F)"
        )
        self.typed.setClearButtonEnabled(True)
        self.typed.setAccessibleName("Search the meetings")
        self.narrow = button("Narrow down")
        self.narrow.setCheckable(True)
        self.category, self.person = QComboBox(), QComboBox()
        self.reference, self.first, self.last = QLineEdit(), QLineEdit(), QLineEdit()
        self.told = words("", "quiet")
        self.told.setAccessibleName("Search result")
        self.results: TableView[Hit] = TableView("Meetings found", _COLUMNS)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MILLISECONDS)
        self._lay_out()
        self._connect()
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WindowShortcut)
        find.activated.connect(self._focus)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the index whole and read whom to narrow down to, off the window's thread."""
        super().showEvent(event)
        vault = self._tab.desk.vault

        def load() -> tuple[Person, ...]:
            make_index_whole(vault)
            with vault.reading() as session:
                return people(session)

        self._tab.desk.jobs.start(load, done=self._show_people, failed=self._tab.show_problem)

    def _show_people(self, known: tuple[Person, ...]) -> None:
        chosen = self.person.currentData()
        self.person.clear()
        self.person.addItem("Anybody", "")
        for person in known:
            self.person.addItem(person.name, person.id)
        self.person.setCurrentIndex(max(self.person.findData(chosen), 0))

    def wanted(self) -> Wanted:
        """Return what is looked for; raises InputError if a date cannot be read."""
        return Wanted(
            self.typed.text(), self.category.currentData() or "", self.reference.text(),
            self.person.currentData() or "", self._day(self.first), self._day(self.last),
        )  # fmt: skip

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lead from the field to the results with the Down key."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self.results.table.rows:
                self.results.setFocus()
                return True
            if event.key() == Qt.Key.Key_Escape and self.typed.text():
                self.typed.clear()
                return True
        return super().eventFilter(watched, event)

    def _focus(self) -> None:
        self.typed.setFocus()
        self.typed.selectAll()

    def _lay_out(self) -> None:
        self.category.addItem("Any category", "")
        for category in categories():
            if not category.is_tag:
                self.category.addItem(category.label, category.id)
        self._show_people(())
        self.more = QWidget()
        form = QFormLayout(self.more)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for label, field in (
            ("C&ategory", self.category), ("Re&ference", self.reference), ("Per&son", self.person),
            ("F&rom", self.first), ("&To", self.last),
        ):  # fmt: skip
            buddy = QLabel(label)
            buddy.setBuddy(field)
            field.setAccessibleName(label.replace("&", ""))
            form.addRow(buddy, field)
        for field in (self.first, self.last):
            field.setPlaceholderText("24/11 or 24 Nov 2026")
        self.more.hide()
        across = QHBoxLayout()
        across.setSpacing(2 * STEP)
        across.addWidget(self.typed, 1)
        across.addWidget(self.narrow)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addLayout(across)
        column.addWidget(self.more)
        column.addWidget(self.told)
        column.addWidget(self.results, 1)
        self.told.hide()
        self.results.hide()

    def _connect(self) -> None:
        for line in (self.typed, self.reference, self.first, self.last):
            line.textChanged.connect(self._timer.start)
            line.returnPressed.connect(self._enter)
            line.installEventFilter(self)
        for box in (self.category, self.person):
            box.activated.connect(self._timer.start)
        self.narrow.toggled.connect(self._narrowed)
        self.results.activated.connect(self._open)
        self._timer.timeout.connect(self._look)

    def _narrowed(self, is_shown: bool) -> None:  # noqa: FBT001 - a Qt signal gives it
        self.more.setVisible(is_shown)
        if not is_shown:
            self.category.setCurrentIndex(0)
            self.person.setCurrentIndex(0)
            for line in (self.reference, self.first, self.last):
                line.clear()
            self._timer.start()

    def _day(self, line: QLineEdit) -> date | None:
        typed = line.text().strip()
        return read_typed_date(typed, self._today) if typed else None

    def _look(self) -> None:
        try:
            wanted = self.wanted()
        except InputError as fault:
            # A date that is still being typed.
            self._say(fault.sentence)
            return
        if wanted.is_blank:
            self._show(_Answer(wanted, ()))
            return
        vault = self._tab.desk.vault

        def look() -> _Answer:
            with vault.reading() as session:
                return _Answer(wanted, search_meetings(session, wanted))

        self._tab.run(look, self._show)

    def _show(self, answer: _Answer) -> None:
        try:
            if answer.wanted != self.wanted():
                return  # something else was typed meanwhile; its own answer comes
        except InputError:
            return
        is_blank = answer.wanted.is_blank
        self.results.show_rows(answer.hits)
        self.results.setVisible(bool(answer.hits))
        self.searching.emit(not is_blank)
        if is_blank:
            self.told.hide()
            return
        found = len(answer.hits)
        more = f"The newest {MOST_HITS} meetings; narrow it down for others."
        one = "1 meeting. Enter opens it."
        many = f"{found} meetings. Enter opens the newest, Down leads into the list."
        self._say({0: "No meeting found.", 1: one, MOST_HITS: more}.get(found, many))

    def _say(self, sentence: str) -> None:
        self.told.setText(sentence)
        self.told.show()

    def _enter(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._look()
        elif self.results.table.rows:
            self.results.selectRow(0)
            self._open()

    def _open(self) -> None:
        hit = self.results.chosen()
        if hit is not None:
            self.chosen.emit(hit.meeting)
