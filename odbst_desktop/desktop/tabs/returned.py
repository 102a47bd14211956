"""The ESL's tab of returns: who has returned for a term, who is late, whom to remind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button, one_line, row_of
from odbst_desktop.desktop.tabs.return_read import ReturnPanel
from odbst_desktop.desktop.term_choice import TermChoice
from odbst_desktop.errors import InputError
from odbst_desktop.reports.document import Paper
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.schools import School
from odbst_desktop.school.typed_dates import read_typed_date, show_date
from odbst_desktop.trust.collation import collated_csv
from odbst_desktop.trust.due_dates import set_due_date
from odbst_desktop.trust.reading import ReturnReading, read_received
from odbst_desktop.trust.reminder import addressees, reminder_letter, to_remind
from odbst_desktop.trust.returned import (
    SchoolStanding,
    completeness,
    counted_words,
    newest_term_returned,
    standings,
    terms_returned,
    terms_up_to,
)
from odbst_desktop.trust.table import TermKey, rows_of_term, term_words, trust_table

_TERMS_ACROSS = 4
_LEAD = (
    "Schools stand in the order of their names. Open a return to read it, to ask about a field or "
    "to accept it."
)
Row = tuple[School, tuple[SchoolStanding, ...]]


@dataclass(frozen=True, slots=True)
class _Loaded:
    terms: tuple[TermKey, ...]
    chosen: TermKey
    standings: tuple[SchoolStanding, ...]
    several: tuple[Row, ...]
    across: tuple[TermKey, ...]


class ReturnedTab(Tab):
    """Who has returned, by school and term."""

    kinds = frozenset({"package", "school", "query"})
    title = "Returns"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        today = desk.vault.today()
        columns: tuple[Column[SchoolStanding], ...] = (
            Column("School", lambda s: s.school.name, 4, 26),
            Column("State", lambda s: s.words_on(today), 5, 36),
            Column("Due", lambda s: show_date(s.due) if s.due else "—", 2, 12),
            Column("Received", _received, 2, 12),
            Column("Signed by", _signers, 5),
        )
        self.term = TermChoice()
        self._key: TermKey = ("", "")
        self.summary = words("", "heading")
        self.schools: TableView[SchoolStanding] = TableView("Schools", columns)
        self.open = button("Open the return", is_main=True)
        self.remind = button("Reminder to this school")
        self.remind_all = button("Reminders to all who are late or asked")
        self.collate = button("Save the table as CSV…")
        self.due, self.set_due = QLineEdit(), button("Set the due date")
        self.due.setAccessibleName(
            "Day on which this term’s returns are due; blank for the last day"
        )
        self.due.setPlaceholderText("18/12, blank for the last day of term")
        self.several: TableView[Row] = TableView("Schools by term", (_school_column(),))
        self._lay_out()
        self.term.activated.connect(self._choose)
        self.open.clicked.connect(self._open)
        self.schools.activated.connect(self._open)
        self.remind.clicked.connect(self._remind_one)
        self.remind_all.clicked.connect(self._remind_all)
        self.collate.clicked.connect(self._collate)
        self.set_due.clicked.connect(self._set_due)

    def _lay_out(self) -> None:
        self.column.addWidget(words("Returns of the trust", "title"))
        self.column.addLayout(row_of(self.term, self.collate))
        self.column.addWidget(self.summary)
        self.column.addWidget(words(_LEAD, "quiet"))
        self.column.addWidget(self.schools, 3)
        self.column.addLayout(row_of(self.open, self.remind, self.remind_all))
        due = row_of(one_line("Due date"), self.set_due)
        due.insertWidget(1, self.due, 1)
        self.column.addLayout(due)
        self.column.addWidget(words("Term by term", "heading"))
        self.column.addWidget(self.several, 2)

    def load(self) -> _Loaded:
        """Read who has returned; the newest term with returns at first."""
        vault, wanted = self.desk.vault, self.term.term
        with vault.reading() as session:
            begun = terms_up_to(vault.today(), _TERMS_ACROSS)
            held = terms_returned(session)
            across = tuple(key for key in begun if key in held or key == begun[0])
            terms = tuple(dict.fromkeys((*begun, *held)))
            chosen = wanted or newest_term_returned(session) or begun[0]
            return _Loaded(
                terms, chosen, standings(session, chosen[0], chosen[1], vault.today()),
                completeness(session, across, vault.today()), across,
            )  # fmt: skip

    def show_loaded(self, value: _Loaded) -> None:
        """Show who has returned."""
        self.term.show_terms(value.terms, value.chosen)
        self._key = value.chosen
        if value.standings:
            self.summary.setText(f"{counted_words(value.standings)}.")
        else:
            self.summary.setText(
                "No school is on the register yet. Add the first on the tab Register."
            )
        self.schools.show_rows(value.standings)
        today = self.desk.vault.today()
        self.several.show_rows(
            value.several,
            (
                _school_column(),
                *(_term_column(n, key, today) for n, key in enumerate(value.across)),
            ),
        )
        returned = any(each.held for each in value.standings)
        self.collate.setEnabled(returned)
        self.open.setEnabled(returned)
        for made in (self.remind, self.remind_all, self.set_due):
            made.setEnabled(bool(value.standings))

    def collate_to(self, path: Path) -> None:
        """Write the table of a term's returns as CSV."""
        vault, write, key = self.desk.vault, self.desk.write_file, self._key

        def work() -> str:
            with vault.reading() as session:
                rows = rows_of_term(trust_table(session, return_form()), key)
            write(path, collated_csv(rows))
            return f"Written: {path.name}, {len(rows):,} rows. It holds true numbers: keep it safe."

        self.run(work, self.show_good)

    def open_return(self, urn: int, key: TermKey, field: str = "") -> None:
        """Open a school's return, at a field if one is named."""
        vault = self.desk.vault

        def read() -> tuple[ReturnReading, str]:
            with vault.reading() as session:
                found = read_received(session, return_form(), urn, key, vault.today())
            if found is None:
                raise InputError(
                    "This school has not returned for that term, so there is nothing to open."
                )
            return found, field

        self.run(read, self._opened)

    def _opened(self, found: tuple[ReturnReading, str]) -> None:
        panel = ReturnPanel(self, *found)
        self.open_over(panel)
        panel.begin()

    def _open(self) -> None:
        chosen = self.schools.chosen()
        if chosen is None:
            self.show_problem("Choose a school first.")
            return
        self.open_return(chosen.school.urn, self._key)

    def _choose(self, _place: int) -> None:
        self.clear_message()
        self.refresh()

    def _remind_one(self) -> None:
        chosen = self.schools.chosen()
        self._remind((chosen,) if chosen else ())

    def _remind_all(self) -> None:
        self._remind(to_remind(self.schools.table.rows))

    def _remind(self, found: tuple[SchoolStanding, ...]) -> None:
        vault, key = self.desk.vault, self._key

        def paper() -> Paper:
            with vault.reading() as session:
                owner, names = read_owner(session), addressees(session)
            return reminder_letter(found, key, owner, vault.user.name, names, vault.today())

        self.run(paper, self.show_paper)

    def _set_due(self) -> None:
        vault, key, typed = self.desk.vault, self._key, self.due.text().strip()

        def work() -> str:
            day = read_typed_date(typed, vault.today()) if typed else None
            with vault.changing("due date set", f"due/{key[0]}-{key[1]}") as session:
                set_due_date(session, key[0], key[1], day)
            until = show_date(day) if day else "the last school day of each authority"
            return f"Due: {until}. The next trust card tells the schools."

        self.run(work, self._due_set, "package")

    def _due_set(self, sentence: str) -> None:
        self.due.clear()
        self.show_good(sentence)

    def _collate(self) -> None:
        year, term = self._key
        name, _ = QFileDialog.getSaveFileName(self, "Save the table", f"returns-{year}-{term}.csv")
        if name:
            self.collate_to(Path(name))


def _school_column() -> Column[Row]:
    return Column("School", lambda row: row[0].name, 3, 26)


def _term_column(place: int, key: TermKey, today: object) -> Column[Row]:
    del today
    return Column(term_words(key), lambda row: row[1][place].state.value, 2, 18)


def _received(standing: SchoolStanding) -> str:
    return "—" if standing.held is None else show_date(standing.held.first_received_on)


def _signers(standing: SchoolStanding) -> str:
    if standing.held is None:
        return "—"
    return ", ".join(s.person for s in standing.held.package.payload().signers)
