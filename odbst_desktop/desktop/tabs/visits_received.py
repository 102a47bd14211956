"""The ESL's tab of visits: which school was visited in which half-term, and what was found."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import button, row_of
from odbst_desktop.desktop.tabs.visit_editor import VisitTab
from odbst_desktop.monitoring.checklists import findings, gaps, score
from odbst_desktop.monitoring.cycle import HALF_TERMS, half_term_of
from odbst_desktop.monitoring.visits import Visit, visits
from odbst_desktop.office.calendar import year_at
from odbst_desktop.school.calendar import year_of
from odbst_desktop.school.schools import School, schools
from odbst_desktop.school.typed_dates import show_date


@dataclass(frozen=True, slots=True)
class SchoolVisits:
    """A school's visits of a year by half-term."""

    school: School
    by_half: dict[str, tuple[Visit, ...]]

    def words(self, half: str) -> str:
        """Return the visits of a half-term by shape and word."""
        made = self.by_half.get(half, ())
        return f"✓ {', '.join(visit.title for visit in made)}" if made else "○ None"


@dataclass(frozen=True, slots=True)
class _Loaded:
    years: tuple[str, ...]
    schools: tuple[SchoolVisits, ...]
    visits: tuple[tuple[Visit, str], ...]


class ReceivedVisitsTab(VisitTab):
    """Visits that the governors sent, by school and half-term."""

    kinds = frozenset({"visit", "package", "school"})
    title = "Visits"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.year = QComboBox()
        self.year.setAccessibleName("Academic year")
        self.year.addItem(year_of(desk.vault.today()))
        columns: tuple[Column[SchoolVisits], ...] = (
            Column("School", lambda s: s.school.name, 3, 20),
            *(_half_column(half) for half in HALF_TERMS),
        )
        self.table: TableView[SchoolVisits] = TableView("Visits by school", columns)
        listed: tuple[Column[tuple[Visit, str]], ...] = (
            Column("Date", lambda row: show_date(row[0].visited_on), 2, 12),
            Column("School", lambda row: row[1], 3, 16),
            Column("Check", lambda row: row[0].title, 3, 20),
            Column("Governor", lambda row: row[0].governor, 2, 12),
            Column("Answers", lambda row: _answers(row[0]), 4, 20),
            Column("“No” or “partly”", lambda row: _wanting(row[0]), 4),
        )
        self.listed: TableView[tuple[Visit, str]] = TableView("Visits received", listed)
        self.open = button("Open the visit", is_main=True)
        self.column.addWidget(words("Governors’ visits", "title"))
        self.column.addWidget(
            words("What governors checked in each half-term. Schools are not ranked: a check that "
                  "found something is a check that was made.", "quiet")
        )  # fmt: skip
        self.column.addLayout(row_of(self.year))
        self.column.addWidget(self.table, 2)
        self.column.addWidget(words("Visits received", "heading"))
        self.column.addWidget(self.listed, 3)
        self.column.addLayout(row_of(self.open))
        self.year.activated.connect(self._choose)
        self.open.clicked.connect(self._open)
        self.listed.activated.connect(self._open)

    def load(self) -> _Loaded:
        """Read the visits of the year that is chosen."""
        wanted = self.year.currentText()
        with self.desk.vault.reading() as session:
            known, listed = visits(session), schools(session)
            rows = []
            for school in listed:
                mine = [v for v in known
                        if v.urn == school.urn and year_of(v.visited_on) == wanted]  # fmt: skip
                by_half: dict[str, tuple[Visit, ...]] = {}
                for visit in reversed(mine):
                    year = year_at(session, school.urn, visit.visited_on)
                    half = half_term_of(year, visit.visited_on) if year else None
                    by_half[half or ""] = (*by_half.get(half or "", ()), visit)
                rows.append(SchoolVisits(school, by_half))
            names = {school.urn: school.name for school in listed}
            years = {year_of(v.visited_on) for v in known} | {year_of(self.desk.vault.today())}
            shown = tuple(
                (v, names.get(v.urn, str(v.urn))) for v in known if year_of(v.visited_on) == wanted
            )
            return _Loaded(tuple(sorted(years, reverse=True)), tuple(rows), shown)

    def show_loaded(self, value: _Loaded) -> None:
        """Show the visits."""
        chosen = self.year.currentText()
        self.year.clear()
        self.year.addItems(list(value.years))
        self.year.setCurrentText(chosen)
        self.table.show_rows(value.schools)
        self.listed.show_rows(value.visits)
        self.open.setEnabled(bool(value.visits))

    def _choose(self, _place: int) -> None:
        self.refresh()

    def _open(self) -> None:
        chosen = self.listed.chosen()
        if chosen is not None:
            self.open_visit(chosen[0].id)


def _half_column(half: str) -> Column[SchoolVisits]:
    term, part = half.split("_")
    return Column(f"{term.capitalize()} {part}", lambda row: row.words(half), 2, 14)


def _answers(visit: Visit) -> str:
    return score(findings(visit.form, visit.answers)).words


def _wanting(visit: Visit) -> str:
    return ", ".join(finding.short for finding in gaps(visit.form, visit.answers)) or "–"
