"""The tab of the compliance register: what is missing this term, and the walk through the list."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox

from odbst_desktop.analysis.explaining import Explanation
from odbst_desktop.compliance.answers import raise_action
from odbst_desktop.compliance.explained import explain_standing
from odbst_desktop.compliance.items import area, areas
from odbst_desktop.compliance.paper import Reader, policy_words, register_paper
from odbst_desktop.compliance.register import Standing, State, count_states
from odbst_desktop.compliance.term_check import Gap, to_answer
from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.explain_panel import explain_rows
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.tabs.compliance_check import CheckPage
from odbst_desktop.office.compliance import RegisterToday, register_today
from odbst_desktop.office.inspection import inspection_folder
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.typed_dates import show_date

_MISSING, _EVERYTHING = "missing", "everything"


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the table shows it."""

    standing: Standing
    words: str
    has_action: bool


_COLUMNS: tuple[Column[Row], ...] = (
    Column("State", lambda r: r.standing.state.shown, 3, 18),
    Column("Area", lambda r: area(r.standing.item.area).short, 2, 14),
    Column("Policy or duty", lambda r: r.standing.item.label, 6),
    Column("What is missing, or what shows it", lambda r: r.words, 7),
    Column("Owner", lambda r: r.standing.owner, 2),
    Column("Next", lambda r: show_date(r.standing.next_on) if r.standing.next_on else "—", 2, 12),
    Column("Action", lambda r: "In the list" if r.has_action else "—", 2),
)


class ComplianceTab(Tab):
    """The register: counts, what is missing for the term, and what can be done about it."""

    kinds = frozenset({"compliance", "action", "meeting", "visit", "training", "person", "return"})
    title = "Compliance"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._register: RegisterToday | None = None
        self.lead, self.counts = words("", "quiet"), words("")
        self.walk = button("Go through the list", is_main=True)
        self.open, self.action = button("Open"), button("Make it an action")
        self.paper, self.inspector = button("Register for the LGB"), button("For an inspector")
        self.folder = button("Inspection folder")
        self.shown = QComboBox()
        self.shown.setAccessibleName("Show")
        self.shown.addItem("What is missing this term", _MISSING)
        self.shown.addItem("Everything", _EVERYTHING)
        for known in areas():
            self.shown.addItem(known.label, known.id)
        self.table: TableView[Row] = TableView("Compliance register", _COLUMNS)
        explain_rows(self.table, self._explanation)
        self.column.addWidget(words("Compliance register", "title"))
        self.column.addWidget(self.lead)
        self.column.addWidget(self.counts)
        self.column.addLayout(row_of(self.walk, self.open, self.action))
        self.column.addLayout(row_of(self.paper, self.inspector, self.folder))
        self.column.addLayout(row_of(self.shown))
        self.column.addWidget(self.table, 1)
        self._connect()

    @property
    def page(self) -> CheckPage | None:
        """Return the page of an entry that is open, if any."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, CheckPage) else None

    def _explanation(self, row: Row) -> Explanation:
        with self.desk.vault.reading() as session:
            return explain_standing(session, row.standing)

    def load(self) -> RegisterToday:
        """Read the register as it stands today."""
        with self.desk.vault.reading() as session:
            return register_today(session, self.desk.vault.today())

    def show_loaded(self, value: RegisterToday) -> None:
        """Show the counts and what is missing."""
        self._register = value
        left = len(to_answer(value.standings, value.term))
        self.lead.setText(
            f"{value.term.label}: {value.progress.words}. {policy_words(value.standings)}"
        )
        counts = count_states(value.standings)
        self.counts.setText(" · ".join(f"{state.shown}: {counts[state]}" for state in State))
        self.walk.setText(f"Go through the list ({left} left)" if left else "All answered")
        self.walk.setEnabled(bool(left))
        self._fill()

    def flush(self) -> None:
        """Keep what is half typed."""
        if self.page is not None:
            self.page.flush()

    def finish(self, sentence: str) -> None:
        """Go back to the register and say what was kept and what is left."""
        self.close_over()
        if sentence:
            self.show_good(sentence)

    def _connect(self) -> None:
        self.walk.clicked.connect(self._walk)
        self.open.clicked.connect(self._open_chosen)
        self.table.activated.connect(self._open_chosen)
        self.action.clicked.connect(self._make_action)
        self.shown.currentIndexChanged.connect(self._fill)
        self.paper.clicked.connect(lambda: self._print(Reader.LGB))
        self.inspector.clicked.connect(lambda: self._print(Reader.INSPECTOR))
        self.folder.clicked.connect(self._make_folder)

    def _fill(self) -> None:
        if self._register is None:
            return
        gaps = {gap.standing.item.id: gap for gap in self._register.gaps}
        chosen = self.shown.currentData()
        if chosen == _MISSING:
            rows = [_row(gap.standing, gap) for gap in self._register.gaps]
        else:
            rows = [
                _row(now, gaps.get(now.item.id))
                for now in self._register.standings
                if chosen in {_EVERYTHING, now.item.area}
            ]
        self.table.show_rows(rows)
        self.open.setEnabled(bool(rows))
        self.action.setEnabled(bool(rows))

    def _walk(self) -> None:
        if self._register is not None:
            left = to_answer(self._register.standings, self._register.term)
            self._open(tuple(now.item.id for now in left))

    def _open_chosen(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self._open((chosen.standing.item.id,))

    def _open(self, queue: tuple[str, ...]) -> None:
        page = CheckPage(self, queue)
        page.finished.connect(self.finish)
        self.open_over(page)
        page.start()

    def _make_action(self) -> None:
        chosen, vault = self.table.chosen(), self.desk.vault
        if chosen is None:
            return
        name, label = chosen.standing.item.id, chosen.standing.item.label

        def work() -> str:
            raise_action(vault, name)
            return label

        self.run(work, self._made_action, "action")

    def _made_action(self, label: str) -> None:
        self.show_good(f"In the list of actions, due in a fortnight: {label}.")

    def _print(self, reader: Reader) -> None:
        vault = self.desk.vault

        def work() -> Paper:
            with vault.reading() as session:
                register, owner = register_today(session, vault.today()), read_owner(session)
            return register_paper(
                register.standings, register.evidence, register.gaps, owner, reader
            )

        self.run(work, self.show_paper)

    def _make_folder(self) -> None:
        vault = self.desk.vault
        self.run(lambda: inspection_folder(vault), self.show_paper)


def _row(now: Standing, gap: Gap | None) -> Row:
    said = now.item.nil if now.state is State.NIL else now.evidence
    return Row(now, gap.words if gap else said or "—", gap.has_action if gap else False)
