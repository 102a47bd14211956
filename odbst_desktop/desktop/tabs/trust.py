"""The ESL's tab: the register of schools, who has returned, and all returns as one table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import PassphraseDialog, Tab, button, row_of
from odbst_desktop.errors import InputError
from odbst_desktop.office import outbox
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.school.calendar import TERMS, year_of
from odbst_desktop.school.schools import AUTHORITIES, School, write_school
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.trust.collation import Figure, collated_csv, collated_rows, trust_figures
from odbst_desktop.trust.returned import (
    SchoolStanding,
    newest_term_returned,
    returns_held,
    standings,
)

FIGURE_COLUMNS: tuple[Column[Figure], ...] = (
    Column("Section", lambda f: f.section, 4),
    Column("Figure", lambda f: f.label, 6),
    Column("Trust total", lambda f: f"{f.total:,.0f}", 2),
    Column("Lowest", lambda f: f"{f.lowest:,.0f}", 1),
    Column("Highest", lambda f: f"{f.highest:,.0f}", 1),
    Column("Given by", lambda f: f"{f.given_by} schools", 2),
    Column("Not known", lambda f: f"{f.not_known_by} schools" if f.not_known_by else "–", 2),
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    standings: tuple[SchoolStanding, ...]
    figures: tuple[Figure, ...]
    year: str
    term: str


class TrustTab(Tab):
    """Who has returned for a term, and what the returns add up to."""

    kinds = frozenset({"package", "school", "return"})
    title = "Returns"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        today = desk.vault.today()
        standing_columns: tuple[Column[SchoolStanding], ...] = (
            Column("School", lambda s: s.school.name, 4),
            Column("URN", lambda s: str(s.school.urn), 1),
            Column("Authority", lambda s: AUTHORITIES[s.school.authority], 2),
            Column("Due", lambda s: show_date(s.due), 2),
            Column("State", lambda s: s.words_on(today), 3),
            Column("Signed by", _signers, 5),
        )
        self.year, self.term = QLineEdit(year_of(today)), QComboBox()
        self.year.setAccessibleName("Academic year")
        self.year.setMaximumWidth(12 * self.fontMetrics().averageCharWidth())
        self.term.setAccessibleName("Term")
        for name in TERMS:
            self.term.addItem(f"{name.capitalize()} term", name)
        self.summary = words("", "quiet")
        self.schools: TableView[SchoolStanding] = TableView("Schools", standing_columns)
        self.figures: TableView[Figure] = TableView("Figures of the trust", FIGURE_COLUMNS)
        self.show_term, self.collate = button("Show"), button("Save the table as CSV…")
        self.accept = button("Accept, write the receipt…")
        self.urn, self.name, self.authority = QLineEdit(), QLineEdit(), QComboBox()
        self.add = button("Add the school")
        self._lay_out()
        self.show_term.clicked.connect(self.refresh)
        self.collate.clicked.connect(self._collate)
        self.accept.clicked.connect(self._accept)
        self.add.clicked.connect(self._add)

    def _lay_out(self) -> None:
        self.urn.setPlaceholderText("URN")
        self.urn.setAccessibleName("URN of the new school")
        self.urn.setMaximumWidth(12 * self.fontMetrics().averageCharWidth())
        self.name.setPlaceholderText("Name of the school")
        self.name.setAccessibleName("Name of the new school")
        self.authority.setAccessibleName("Authority of the new school")
        for value, label in AUTHORITIES.items():
            self.authority.addItem(label, value)
        self.column.addWidget(words("Returns of the trust", "title"))
        self.column.addLayout(row_of(self.year, self.term, self.show_term, self.collate))
        self.column.addWidget(self.summary)
        self.column.addWidget(self.schools, 2)
        adding = row_of(self.urn, self.name, self.authority, self.add)
        adding.setStretchFactor(self.name, 2)
        adding.addWidget(self.accept)
        self.column.addLayout(adding)
        self.column.addWidget(words("Figures of the trust", "heading"))
        self.column.addWidget(self.figures, 3)

    def load(self) -> _Loaded:
        """Read who has returned and the figures; the newest term with returns at first."""
        year, term = self.year.text().strip(), self.term.currentData()
        with self.desk.vault.reading() as session:
            if not self.property("shown") and not returns_held(session, year, term):
                year, term = newest_term_returned(session) or (year, term)
            return _Loaded(
                standings(session, year, term),
                trust_figures(session, return_form(), year, term),
                year, term,
            )  # fmt: skip

    def show_loaded(self, value: _Loaded) -> None:
        """Show who has returned and the figures."""
        self.setProperty("shown", True)
        self.year.setText(value.year)
        self.term.setCurrentIndex(self.term.findData(value.term))
        returned = sum(s.held is not None for s in value.standings)
        self.summary.setText(
            f"{returned} of {len(value.standings)} schools returned. Nothing is imputed for those "
            "that did not. A higher count may mean better recording: it is a question, not a fault."
        )
        self.schools.show_rows(value.standings)
        self.figures.show_rows(value.figures)
        self.collate.setEnabled(bool(returned))
        self.accept.setEnabled(bool(returned))

    def collate_to(self, path: Path) -> None:
        """Write the table of all returns as CSV."""
        vault, write = self.desk.vault, self.desk.write_file
        year, term = self.year.text().strip(), self.term.currentData()

        def work() -> str:
            with vault.reading() as session:
                rows = collated_rows(session, return_form(), year, term)
            write(path, collated_csv(rows))
            return f"Written: {path.name}, {len(rows):,} rows."

        self.run(work, self.show_good)

    def write_receipt(self, payload_sha256: str, passphrase: str, folder: Path) -> None:
        """Accept a return and write its receipt into a folder."""
        vault, write = self.desk.vault, self.desk.write_file

        def work() -> str:
            sent = outbox.receipt(vault, payload_sha256, passphrase)
            write(folder / sent.name, sent.data)
            return f"Accepted. Send the school its receipt: {sent.name}."

        self.run(work, self.show_good, "package")

    def _collate(self) -> None:
        offered = f"returns-{self.year.text()}-{self.term.currentData()}.csv"
        name, _ = QFileDialog.getSaveFileName(self, "Save the table", offered)
        if name:
            self.collate_to(Path(name))

    def _accept(self) -> None:
        chosen = self.schools.chosen()
        if chosen is None or chosen.held is None:
            self.show_problem("Choose a school that has returned.")
            return
        what = f"The receipt says that the return of {chosen.school.name} is accepted."
        asked = PassphraseDialog(self, what, self.desk.vault.user.name)
        if asked.exec():
            folder = QFileDialog.getExistingDirectory(self, "Folder for the receipt")
            if folder:
                digest = chosen.held.package.payload_sha256
                self.write_receipt(digest, asked.passphrase.text(), Path(folder))

    def _add(self) -> None:
        vault, typed = self.desk.vault, self.urn.text().strip()
        name, authority = self.name.text(), self.authority.currentData()

        def work() -> str:
            if not (typed.isascii() and typed.isdigit()):
                raise InputError("A URN is six digits, such as 110323. Type it without letters.")
            with vault.changing("school added", f"school/{typed}") as session:
                write_school(session, School(int(typed), name, authority))
            return f"{name.strip()} is on the register. Make a new trust card for everybody."

        self.run(work, self._added, "school")

    def _added(self, sentence: str) -> None:
        self.urn.clear()
        self.name.clear()
        self.show_good(sentence)


def _signers(standing: SchoolStanding) -> str:
    if standing.held is None:
        return "—"
    return ", ".join(s.person for s in standing.held.package.payload().signers)
