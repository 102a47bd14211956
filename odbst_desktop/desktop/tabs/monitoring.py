"""The tab of the governor's monitoring cycle; in a school's vault, the visits received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout
from sqlmodel import Session

from odbst_desktop.actions.list import actions
from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import PassphraseDialog, button, row_of
from odbst_desktop.desktop.tabs.school_row import SchoolRow
from odbst_desktop.desktop.tabs.theme_row import ThemeRow
from odbst_desktop.desktop.tabs.visit_editor import OpenedVisit, VisitTab, opened_visit
from odbst_desktop.desktop.tabs.year_panel import ShownYear, YearPanel
from odbst_desktop.errors import InputError
from odbst_desktop.meetings.counts import place_counts
from odbst_desktop.monitoring.checklists import check_title, checklist_ids, published_checks
from odbst_desktop.monitoring.cycle import PlannedCheck, cycle, due_checks, due_words
from odbst_desktop.monitoring.themes import (
    TermTheme,
    drop_theme,
    shipped_themes,
    take_up_theme,
    themes_in,
    themes_of,
)
from odbst_desktop.monitoring.visits import (
    Visit,
    VisitId,
    passed_names,
    start_visit,
    take_up,
    visits,
)
from odbst_desktop.monitoring.year_picture import YearPicture, year_picture
from odbst_desktop.office import outbox
from odbst_desktop.office.calendar import current_term, year_at
from odbst_desktop.office.opening import add_school
from odbst_desktop.office.outbox import Outgoing
from odbst_desktop.office.pack_paper import own_views_paper
from odbst_desktop.office.three_views import own_three_views
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.calendar import AcademicYear
from odbst_desktop.school.owner import Owner, Profile, read_owner
from odbst_desktop.school.posts import Post, posts
from odbst_desktop.school.typed_dates import show_date


def _response_words(visit: Visit) -> str:
    if visit.responded_on:
        return f"✓ {show_date(visit.responded_on)}"
    return "○ Not yet" if visit.state == "received" else "–"


VISIT_COLUMNS: tuple[Column[Visit], ...] = (
    Column("Date", lambda v: show_date(v.visited_on), 2, 12),
    Column("Check", lambda v: v.title, 5, 24),
    Column("Governor", lambda v: v.governor, 3, 12),
    Column("State", lambda v: v.state_words, 3, 18),
    Column("The school’s response", _response_words, 3, 16),
    Column("Reported to LGB", lambda v: show_date(v.reported_on) if v.reported_on else "○ Not yet",
           2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Loaded:
    owner: Owner
    posts: tuple[Post, ...]
    year: AcademicYear | None
    term: str
    plan: tuple[PlannedCheck, ...]
    themes: tuple[TermTheme, ...]
    visits: tuple[Visit, ...]
    published: tuple[tuple[str, str], ...]


class MonitoringTab(VisitTab):
    """The year's plan with the check that is due and why, and all visits of one school."""

    kinds = frozenset({"visit", "package", "school"})
    title = "Monitoring"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._loaded: _Loaded | None = None
        self.urn: int | None = None
        day = desk.vault.today()
        columns: tuple[Column[PlannedCheck], ...] = (
            Column("Half-term", lambda c: c.half_term_label, 2, 20),
            Column("Check", lambda c: f"{'● ' if c.slot.is_first else ''}{c.title}", 3, 26),
            Column("State", lambda c: c.state_on(day), 2, 18),
            Column("Why", lambda c: c.why, 5, 30),
        )
        self.schools, self.themes = SchoolRow(), ThemeRow()
        self.lead, self.due = words("", "quiet"), words("")
        self.cycle: TableView[PlannedCheck] = TableView("Monitoring cycle", columns)
        self.visits: TableView[Visit] = TableView("Visits", VISIT_COLUMNS)
        self.begin, self.open = button("Begin this check", is_main=True), button("Open the visit")
        self.other = QComboBox()
        self.other.setAccessibleName("Another check")
        self.other.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.other.setMinimumContentsLength(16)
        for form_id in checklist_ids():
            self.other.addItem(check_title(form_id), form_id)
        self.begin_other = button("Begin another check")
        self.year, self.views = button("The year’s picture"), button("Three views")
        self.with_past = QCheckBox("Amended and put aside too")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.column.addWidget(words("Governor’s monitoring cycle", "title"))
        self.column.addWidget(self.schools)
        beside = QHBoxLayout()
        beside.addWidget(self.lead, 1)
        beside.addWidget(self.schools.another)
        self.column.addLayout(beside)
        self.column.addWidget(self.due)
        self.column.addWidget(self.cycle, 4)
        self.column.addLayout(row_of(self.begin, self.other, self.begin_other))
        self.column.addWidget(words("Visits", "heading"))
        self.column.addWidget(self.visits, 3)
        self.column.addLayout(row_of(self.open, self.year, self.views, self.with_past))
        self.column.addWidget(self.themes)

    def _connect(self) -> None:
        self.begin.clicked.connect(self._begin)
        self.begin_other.clicked.connect(self._begin_other)
        self.cycle.activated.connect(self._begin)
        self.open.clicked.connect(self._open_chosen)
        self.visits.activated.connect(self._open_chosen)
        self.year.clicked.connect(lambda: self.show_year(self.desk.vault.today()))
        self.views.clicked.connect(self._show_views)
        self.with_past.clicked.connect(self.refresh)
        self.schools.chosen.connect(self._choose_school)
        self.schools.added.connect(self._add_school)
        self.themes.wanted.connect(self._take_theme)
        self.themes.dropped.connect(self._drop_theme)

    def load(self) -> _Loaded:
        """Read the plan and the visits of the school that is chosen."""
        today, with_past = self.desk.vault.today(), self.with_past.isChecked()
        with self.desk.vault.reading() as session:
            owner, held = read_owner(session), posts(session)
            urn = self.urn or owner.urn or 0
            year = year_at(session, urn, today)
            themes = themes_of(session, urn, year.label) if year else ()
            plan = cycle(year, visits(session, urn), themes) if year else ()
            begun = [t.name for t in year.terms if t.opens <= today] if year else []
            listed = visits(session, urn, with_past=with_past)
            term = begun[-1] if begun else "autumn"
            own = published_checks(session)
            return _Loaded(owner, held, year, term, plan, themes, listed, own)

    def show_loaded(self, value: _Loaded) -> None:
        """Show the plan and the visits."""
        self._loaded = value
        today = self.desk.vault.today()
        is_governor = value.owner.profile is Profile.GOVERNOR
        for widget in (
            self.begin,
            self.other,
            self.begin_other,
            self.schools,
            self.schools.another,
        ):
            widget.setVisible(is_governor)
        for form_id, title in value.published:
            if self.other.findData(form_id) < 0:
                self.other.addItem(title, form_id)
        self.views.setVisible(not is_governor)
        self.urn = self.urn or value.owner.urn
        self.schools.show_schools(value.posts, self.urn or 0)
        self.themes.show_themes(value.themes, value.term)
        self.lead.setText(
            "One check each half-term at the least; ● marks it. Governors monitor systems, never "
            "cases: nobody is named."
            if is_governor
            else "The checks of this school’s safeguarding governor. Visits arrive as files: "
            "import them on the tab Packages, then answer them here."
        )
        due = due_checks(value.plan, today)
        self.due.setText(" ".join(due_words(check, today) for check in due[:2]) or _nothing(value))
        self.cycle.show_rows(value.plan)
        if due:
            self.cycle.selectRow(value.plan.index(due[0]))
        self.visits.show_rows(value.visits)
        self.open.setEnabled(bool(value.visits))

    def _show_views(self) -> None:
        vault = self.desk.vault

        def work() -> Paper:
            with vault.reading() as session:
                term = current_term(session, vault.today())
                if term is None:
                    raise InputError("The dates of this term are not known here.")
                found, owner = own_three_views(session, vault, term), read_owner(session)
            return own_views_paper(found, term, owner, vault.today())

        self.run(work, self.show_paper)

    def sign(self, visit: VisitId) -> None:
        """Ask for the passphrase, then for the folder, then sign and write both files."""
        vault = self.desk.vault
        asked = PassphraseDialog(
            self, "Your signature covers every answer and the report.", vault.user.name
        )
        if not asked.exec():
            return
        folder = QFileDialog.getExistingDirectory(self, "Folder for the two files")
        if folder:
            self.export(visit, asked.passphrase.text(), Path(folder))

    def export(self, visit: VisitId, passphrase: str, folder: Path) -> None:
        """Sign a closed visit and write its two files into a folder."""
        vault, write = self.desk.vault, self.desk.write_file

        def work() -> tuple[Outgoing, ...]:
            files = outbox.monitoring_visit(vault, visit, passphrase)
            for file in files:
                write(folder / file.name, file.data)
            return files

        self.run(work, self._exported, "visit", "package")

    def _exported(self, files: tuple[Outgoing, ...]) -> None:
        self.close_over()
        names = " and ".join(file.name for file in files)
        self.show_good(f"Signed. Send one file to the school and one to the trust: {names}.")

    def _begin(self) -> None:
        chosen = self.cycle.chosen()
        if chosen is None or self._loaded is None:
            return
        if chosen.visit is not None:
            self.open_visit(chosen.visit.id)
        elif self._loaded.owner.profile is Profile.GOVERNOR:
            self._start(chosen.slot.form_id)

    def _begin_other(self) -> None:
        self._start(str(self.other.currentData()))

    def _start(self, form_id: str) -> None:
        vault, urn, loaded = self.desk.vault, self.urn or 0, self._loaded
        taken = themes_in(loaded.themes, loaded.term) if loaded else ()
        theme = ", ".join(known.theme.title for known in taken)
        self.section = None

        def work() -> OpenedVisit:
            return opened_visit(vault, start_visit(vault, urn, form_id, theme))

        self.run(work, self.show_opened, "visit")

    def _open_chosen(self) -> None:
        chosen, vault = self.visits.chosen(), self.desk.vault
        if chosen is None:
            return
        if chosen.state != "put_aside":
            self.open_visit(chosen.id)
            return
        visit = chosen.id

        def work() -> OpenedVisit:
            take_up(vault, visit)
            return opened_visit(vault, visit)

        self.run(work, self.show_opened, "visit")

    def _choose_school(self, urn: int) -> None:
        self.urn = urn
        self.refresh()

    def _add_school(self, urn: int, name: str) -> None:
        vault = self.desk.vault
        asked = PassphraseDialog(self, "A new key signs for that school.", vault.user.name)
        if asked.exec():
            passphrase = asked.passphrase.text()
            self.run(lambda: add_school(vault, urn, name, passphrase), self._added, "school", "key")

    def _added(self, _value: object) -> None:
        self.schools.settle()
        self.show_good(
            "The school is added. Make an enrolment for it on the tab Packages, so that the trust "
            "knows your key there."
        )

    def _take_theme(self, term: str, theme_id: str) -> None:
        loaded, vault, urn = self._loaded, self.desk.vault, self.urn or 0
        if loaded is None or loaded.year is None:
            return
        year = loaded.year.label
        theme = next(known for known in shipped_themes() if known.id == theme_id)

        def work() -> None:
            with vault.changing("theme taken up", f"theme/{theme_id}") as session:
                take_up_theme(session, urn, year, term, theme, on=vault.today())

        self.run(work, self._moved, "visit")

    def _drop_theme(self, row: str) -> None:
        vault = self.desk.vault

        def work() -> None:
            with vault.changing("theme taken away", f"theme/{row}") as session:
                drop_theme(session, row)

        self.run(work, self._moved, "visit")

    def _moved(self, _value: object) -> None:
        self.show_good("The plan of the year is laid out anew.")

    def show_year(self, day: date) -> None:
        """Show the picture of the academic year that a day lies in."""
        vault, urn = self.desk.vault, self.urn or 0

        def work() -> ShownYear | None:
            names = passed_names(vault)
            with vault.reading() as session:
                year = year_at(session, urn, day)
                owner = read_owner(session)
                if year is None:
                    return None
                picture = _picture(session, urn, year, owner, vault.today())
                school = next(p.school for p in posts(session) if p.urn == urn)
                concerns = place_counts(session, year.terms[0].opens, year.terms[-1].closes)
                days = (day, vault.today(), *(v.visited_on for v in visits(session, urn)))
                return ShownYear(picture, owner, school, names, concerns, days)

        self.run(work, self._picture_shown)

    def _picture_shown(self, shown: ShownYear | None) -> None:
        if shown is None:
            self.show_problem("The term dates of this year are not known here.")
            return
        self.close_over()
        panel = YearPanel(self, shown)
        panel.year_wanted.connect(self.show_year)
        self.open_over(panel)
        panel.checked.setFocus()


def _picture(
    session: Session, urn: int, year: AcademicYear, owner: Owner, today: date
) -> YearPicture:
    known = visits(session, urn)
    planned = cycle(year, known, themes_of(session, urn, year.label))
    listed = None
    if owner.profile is Profile.SCHOOL:
        listed = {visit.origin: actions(session, origin=visit.origin) for visit in known}
    return year_picture(year, known, planned, today, listed)


def _nothing(value: _Loaded) -> str:
    if value.year is None:
        return "The term dates of this year are not known here."
    return "✓ Nothing is due: every check so far is made."
