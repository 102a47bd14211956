"""The weeks of the term: held, late, not held and why; here a reason is noted."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.meetings.weeks import Week, coverage_of, note_week, reasons, term_weeks
from odbst_desktop.office.calendar import current_term
from odbst_desktop.school.typed_dates import show_date

COLUMNS: tuple[Column[Week], ...] = (
    Column("Week of", lambda w: show_date(w.monday), 2),
    Column("State", lambda w: w.state.value, 2, 14),
    Column("Held on", lambda w: ", ".join(map(show_date, w.held_on)) or "—", 3),
    Column("Why not", lambda w: w.reason_words or "—", 5),
)


class WeeksPanel(QWidget):
    """Coverage week by week; the chosen week is given a reason for having had no meeting."""

    def __init__(self, tab: Tab, term: str, weeks: tuple[Week, ...]) -> None:
        super().__init__()
        self._tab, self._term = tab, term
        self.summary = words("", "quiet")
        self.table: TableView[Week] = TableView("Weeks of the term", COLUMNS)
        self.reason = QComboBox()
        self.reason.addItem("(no reason)", "")
        for known in reasons():
            self.reason.addItem(known.label, known.id)
        self.reason.setAccessibleName("Why there was no meeting")
        self.note = QLineEdit()
        self.note.setPlaceholderText("A few words more")
        self.note.setAccessibleName("A few words more")
        label = QLabel("W&hy the chosen week had no meeting")
        label.setBuddy(self.reason)
        self.keep, self.back = button("Note it", is_main=True), button("← All meetings")
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(2 * STEP)
        column.addLayout(row_of(self.back))
        column.addWidget(words(f"{term}: its weeks", "title"))
        column.addWidget(self.summary)
        column.addWidget(self.table, 1)
        column.addWidget(label)
        column.addWidget(self.reason)
        column.addWidget(self.note)
        column.addLayout(row_of(self.keep))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inner))
        self.keep.clicked.connect(self._keep)
        self.back.clicked.connect(tab.close_over)
        self.show_weeks(weeks)

    def show_weeks(self, weeks: tuple[Week, ...]) -> None:
        """Show the weeks with what they add up to."""
        found = coverage_of(weeks)
        removed = sum(bool(week.reason) and not week.counts for week in weeks)
        closed = f" {removed} more had no meeting to expect: the school was closed." * bool(removed)
        self.summary.setText(
            f"A meeting in {found.words} that are over. {found.gap_words}{closed} This week is "
            "due, not missed."
        )
        self.table.show_rows(weeks)

    def _keep(self) -> None:
        chosen = self.table.chosen()
        if chosen is None:
            self._tab.show_problem("Choose a week in the table first.")
            return
        vault, monday = self._tab.desk.vault, chosen.monday
        reason, note, today = self.reason.currentData(), self.note.text(), vault.today()

        def keep() -> tuple[Week, ...]:
            with vault.changing("week noted", f"week/{monday}") as session:
                note_week(session, monday, reason, note, today)
            return self._read(today)

        self._tab.run(keep, self._kept, "meeting")

    def _read(self, today: date) -> tuple[Week, ...]:
        with self._tab.desk.vault.reading() as session:
            term = current_term(session, today)
            return term_weeks(session, term, today) if term else ()

    def _kept(self, weeks: tuple[Week, ...]) -> None:
        self.note.clear()
        self.show_weeks(weeks)
        self._tab.show_good("Noted.")
