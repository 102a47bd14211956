"""The tab of the governor's monitoring cycle; in a school's vault, the visits received."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.form_rows import FormSetting
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import PassphraseDialog, Tab, button, one_line, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.monitoring.cycle import PlannedCheck, cycle
from odbst_desktop.monitoring.report import visit_report
from odbst_desktop.monitoring.visits import (
    Visit,
    VisitId,
    close_visit,
    read_visit,
    save_visit,
    start_visit,
    visit_form,
    visits,
)
from odbst_desktop.office import outbox
from odbst_desktop.office.calendar import own_year
from odbst_desktop.office.outbox import Outgoing
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import Owner, Profile, read_owner
from odbst_desktop.school.people import people
from odbst_desktop.school.typed_dates import show_date

VISIT_COLUMNS: tuple[Column[Visit], ...] = (
    Column("Date", lambda v: show_date(v.visited_on), 2),
    Column("Check", lambda v: visit_form(v.form_id).title, 5),
    Column("Governor", lambda v: v.governor, 3),
    Column("State", lambda v: v.state_words, 3),
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    owner: Owner
    cycle: tuple[PlannedCheck, ...]
    visits: tuple[Visit, ...]


class VisitEditor(QWidget):
    """One visit: saved a moment after each key until it is closed."""

    def __init__(self, tab: MonitoringTab, visit: Visit, names: tuple[str, ...]) -> None:
        super().__init__()
        self.tab, self.visit = tab, visit
        is_open = visit.state == "draft"
        setting = FormSetting(tab.desk.vault.today(), known_names=names, is_read_only=not is_open)
        checklist = visit_form(visit.form_id)
        self.form = FormView(checklist, visit.answers, setting)
        self.saved = words("", "quiet")
        self.saved.setAccessibleName("Saved")
        self.back, self.report = button("← All visits"), button("Report as PDF")
        self.close_it = button("Close the visit", is_main=True)
        self.sign = button("Sign and export…", is_main=True)
        hide_unless(is_open, self.close_it)
        hide_unless(visit.state == "closed", self.sign)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        top = row_of(self.back, one_line(f"{checklist.title} · {visit.state_words}"))
        for widget in (self.saved, self.report, self.close_it, self.sign):
            top.addWidget(widget)
        column.addLayout(top)
        column.addWidget(self.form, 1)
        if is_open:
            self.form.settled.connect(self._save)
        self.back.clicked.connect(tab.close_over)
        self.report.clicked.connect(self._report)
        self.close_it.clicked.connect(self._close)
        self.sign.clicked.connect(self._sign)

    def _save(self, answers: dict[str, Any]) -> None:
        self.saved.setText("Saving…")
        vault, visit = self.tab.desk.vault, self.visit.id
        self.tab.run(lambda: save_visit(vault, visit, answers), self._saved, "visit")

    def _saved(self, _value: object) -> None:
        moment = self.tab.desk.vault.clock().astimezone()
        self.saved.setText(f"✓ Saved at {moment:%H:%M:%S}")

    def _report(self) -> None:
        self.form.flush()
        vault, visit = self.tab.desk.vault, self.visit.id

        def work() -> Paper:
            found = read_visit(vault, visit)
            with vault.reading() as session:
                owner = read_owner(session)
            return visit_report(
                found, owner.name, is_demonstration=owner.is_demonstration,
                signed=found.state in {"signed", "received"},
            )  # fmt: skip

        self.tab.run(work, self.tab.show_paper)

    def _close(self) -> None:
        self.form.flush()
        vault, visit = self.tab.desk.vault, self.visit.id
        self.tab.run(lambda: close_visit(vault, visit), self._closed, "visit")

    def _closed(self, _value: object) -> None:
        self.close_it.hide()
        self.sign.show()
        self.form.setEnabled(False)
        self.tab.show_good("The visit is closed. Sign it to send it to the school and the trust.")

    def _sign(self) -> None:
        self.tab.sign(self.visit.id)


class MonitoringTab(Tab):
    """The year's cycle with the check that is due, and all visits."""

    kinds = frozenset({"visit", "package"})
    title = "Monitoring"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._loaded: _Loaded | None = None
        day = desk.vault.today()
        columns: tuple[Column[PlannedCheck], ...] = (
            Column("Half-term", lambda c: c.half_term_label, 2),
            Column("Check", lambda c: c.form.title, 3),
            Column("State", lambda c: c.state_on(day), 2),
            Column("Why", lambda c: c.why, 5),
        )
        self.lead = words("", "quiet")
        self.cycle: TableView[PlannedCheck] = TableView("Monitoring cycle", columns)
        self.visits: TableView[Visit] = TableView("Visits", VISIT_COLUMNS)
        self.begin, self.open = button("Begin this check", is_main=True), button("Open the visit")
        self.column.addWidget(words("Governor’s monitoring cycle", "title"))
        self.column.addWidget(self.lead)
        self.column.addWidget(self.cycle, 3)
        self.column.addLayout(row_of(self.begin))
        self.column.addWidget(words("Visits", "heading"))
        self.column.addWidget(self.visits, 2)
        self.column.addLayout(row_of(self.open))
        self.begin.clicked.connect(self._begin)
        self.open.clicked.connect(self._open_chosen)
        self.visits.activated.connect(self._open_chosen)

    @property
    def editor(self) -> VisitEditor | None:
        """Return the visit that is open, if any."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, VisitEditor) else None

    def load(self) -> _Loaded:
        """Read the cycle and the visits."""
        with self.desk.vault.reading() as session:
            known, year = visits(session), own_year(session, self.desk.vault.today())
            return _Loaded(read_owner(session), cycle(year, known) if year else (), known)

    def show_loaded(self, value: _Loaded) -> None:
        """Show the cycle and the visits."""
        self._loaded = value
        is_governor = value.owner.profile is Profile.GOVERNOR
        self.begin.setVisible(is_governor)
        self.lead.setText(
            f"One check of {value.owner.name} each half-term. Governors monitor systems, never "
            "cases: nobody is named."
            if is_governor
            else "The checks of this school’s safeguarding governor. Visits arrive as files: "
            "import them on the tab Packages."
        )
        self.cycle.show_rows(value.cycle)
        due = [n for n, c in enumerate(value.cycle) if c.closes >= self.desk.vault.today()]
        if due:
            self.cycle.selectRow(due[0])
        self.visits.show_rows(value.visits)
        self.open.setEnabled(bool(value.visits))

    def flush(self) -> None:
        """Keep what was typed last."""
        if self.editor is not None:
            self.editor.form.flush()

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
        chosen, vault = self.cycle.chosen(), self.desk.vault
        if chosen is None or self._loaded is None:
            return
        urn = self._loaded.owner.urn or 0
        if chosen.visit is not None:
            self._open(chosen.visit.id)
            return
        self.run(
            lambda: self._opened(start_visit(vault, urn, chosen.form.form_id)), self._show, "visit"
        )

    def _open_chosen(self) -> None:
        chosen = self.visits.chosen()
        if chosen is not None:
            self._open(chosen.id)

    def _open(self, visit: VisitId) -> None:
        self.run(lambda: self._opened(visit), self._show)

    def _opened(self, visit: VisitId) -> tuple[Visit, tuple[str, ...]]:
        found = read_visit(self.desk.vault, visit)
        with self.desk.vault.reading() as session:
            return found, tuple(person.name for person in people(session))

    def _show(self, opened: tuple[Visit, tuple[str, ...]]) -> None:
        editor = VisitEditor(self, *opened)
        self.open_over(editor)
        editor.form.sections.setFocus()
