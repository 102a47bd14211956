"""The tab of records: what is due for disposal, and the ways to holds, periods and searches."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.panel import Panel
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.tabs.records_holds import HoldsPanel
from odbst_desktop.desktop.tabs.records_periods import (
    CertificatesPanel,
    NoticePanel,
    PeriodsPanel,
)
from odbst_desktop.desktop.tabs.records_search import SearchPanel
from odbst_desktop.reports.document import Paper
from odbst_desktop.retention.certificate import certificate
from odbst_desktop.retention.disposal import Disposal, disposals, dispose, tidy
from odbst_desktop.retention.holds import Hold, holds
from odbst_desktop.retention.kinds import kind_of
from odbst_desktop.retention.periods import periods
from odbst_desktop.retention.review import DueRecord, Review, review
from odbst_desktop.school.people import people
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.shipped import shipped_file

CHANGED = ("meeting", "action", "visit", "return", "package", "training", "person", "retention")
"""The kinds of record that a disposal may remove from."""

_LEAD = (
    "Records whose period is over. Choose those that may go; nothing is disposed of until you have "
    "seen the list once more."
)
_NO_WAY_BACK = (
    "There is no way back. Backups made before still hold these records, until the last of them is "
    "replaced after twelve months. The history keeps for each its kind, its number and the rule."
)
_LOOKED = "I have looked at each line, and our retention schedule lets it go"


@dataclass(frozen=True, slots=True)
class _Loaded:
    review: Review
    is_untidy: bool


class DisposalPanel(Panel):
    """Shows once more what is to go, and asks: one of the few things that do."""

    def __init__(self, tab: RecordsTab, chosen: tuple[DueRecord, ...]) -> None:
        super().__init__(tab, f"Dispose of {_records(len(chosen))}")
        self._names = [due.name for due in chosen]
        self._disposed = tab.disposed
        counts = Counter(due.record.kind.id for due in chosen)
        self.looked = QCheckBox(_LOOKED)
        self.go = button(f"Dispose of {_records(len(chosen))} for good")
        self.go.setEnabled(False)
        table: TableView[DueRecord] = TableView(
            "What is to go",
            (
                Column("What", lambda due: due.words, 4, 34),
                Column("Rule", lambda due: due.rule, 4, 38),
                Column("Date", lambda due: show_date(due.day), 2, 14),
                Column("Fell due", lambda due: show_date(due.fell_due), 2),
            ),
        )
        table.show_rows(chosen)
        counted = ", ".join(kind_of(kind).counted(count) for kind, count in counts.items())
        self.column.addWidget(words(f"{counted}.", "heading"))
        self.column.addWidget(table, 1)
        self.column.addWidget(words(_NO_WAY_BACK, "warning"))
        self.column.addWidget(self.looked)
        self.column.addLayout(row_of(self.go))
        self.looked.toggled.connect(self.go.setEnabled)
        self.go.clicked.connect(self._dispose)

    def _dispose(self) -> None:
        desk, names = self.tab.desk, self._names
        self.go.setEnabled(False)

        def work() -> Disposal:
            try:
                return dispose(desk.vault, names)
            finally:
                # They are gone even where there was no room to tidy up after them.
                desk.news.changed.emit(frozenset(CHANGED))

        self.tab.run(work, self._disposed)


class RecordsTab(Tab):
    """What is due for disposal today, each with its reason; one by one or all."""

    kinds = frozenset(CHANGED)
    title = "Records"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._chosen: set[str] = set()
        self.summary = words("", "heading")
        self.dispose = button("Dispose of what is chosen…", is_main=True)
        self.choose, self.all = button("Choose or leave (Space)"), button("Choose all")
        self.hold = button("Hold this record…")
        self.tidy = button("Tidy up")
        self.search = button("Find what is held about somebody…")
        self.holds, self.periods = button("Legal holds"), button("Retention periods")
        self.certificates = button("Certificates of disposal")
        self.notice = button("What this program does with data")
        self.why = words("", "quiet")
        self.table: TableView[DueRecord] = TableView("Due for disposal", self._columns())
        self._lay_out()
        space = QShortcut(QKeySequence(Qt.Key.Key_Space), self.table)
        space.setContext(Qt.ShortcutContext.WidgetShortcut)
        space.activated.connect(self._choose_one)
        self.table.doubleClicked.connect(self._choose_one)
        self.table.clicked.connect(self._clicked)
        self.table.selectionModel().currentChanged.connect(self._show_why)

    def _lay_out(self) -> None:
        self.column.addWidget(words("Records", "title"))
        self.column.addLayout(row_of(self.search, self.holds, self.periods))
        self.column.addLayout(row_of(self.certificates, self.notice))
        self.column.addWidget(self.summary)
        self.column.addWidget(words(_LEAD, "quiet"))
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.why)
        self.column.addLayout(row_of(self.choose, self.all, self.hold))
        self.column.addLayout(row_of(self.dispose, self.tidy))
        for made, work in (
            (self.dispose, self._dispose), (self.choose, self._choose_one),
            (self.all, self._choose_all), (self.hold, self._hold), (self.tidy, self._tidy),
            (self.search, self._search), (self.holds, self._show_holds),
            (self.periods, self._show_periods), (self.certificates, self._show_certificates),
            (self.notice, self._show_notice),
        ):  # fmt: skip
            made.clicked.connect(work)

    def _columns(self) -> tuple[Column[DueRecord], ...]:
        def state(due: DueRecord) -> str:
            if not due.is_free:
                return "■ Held back"
            return "☑ Chosen" if due.name in self._chosen else "☐ Free to go"

        return (
            Column("Choose", state, 2, 15),
            Column("What", lambda due: due.words, 5, 34),
            Column("Rule", lambda due: due.rule, 4, 38),
            Column("Date", lambda due: show_date(due.day), 2, 14),
            Column("Fell due", lambda due: show_date(due.fell_due), 2),
        )

    def load(self) -> _Loaded:
        """Read what is due today."""
        vault = self.desk.vault
        with vault.reading() as session:
            is_untidy = any(not made.tidied_at for made in disposals(session))
            return _Loaded(review(session, vault.today()), is_untidy)

    def show_loaded(self, value: _Loaded) -> None:
        """Show what is due; what was chosen and is still free stays chosen."""
        free = {due.name for due in value.review.free()}
        self._chosen &= free
        self.summary.setText(_summary(value.review))
        self.tidy.setVisible(value.is_untidy)
        self.all.setEnabled(bool(free))
        for made in (self.choose, self.hold):
            made.setEnabled(bool(value.review.due))
        self._show_rows(value.review.due)

    def disposed(self, made: Disposal) -> None:
        """Show the certificate of what went."""
        self._chosen.clear()
        self.close_over()
        self.show_certificate(made)
        self.show_good(f"{_records(made.records)} disposed of. The certificate is kept.")

    def show_certificate(self, made: Disposal) -> None:
        """Show the certificate of a disposal."""
        vault = self.desk.vault

        def work() -> Paper:
            with vault.reading() as session:
                return certificate(session, made)

        self.run(work, self.show_paper)

    def _show_rows(self, rows: tuple[DueRecord, ...]) -> None:
        self.table.show_rows(rows)
        self._show_why()
        count, free = len(self._chosen), sum(due.is_free for due in rows)
        self.all.setText("Choose none" if count and count == free else "Choose all")
        self.dispose.setEnabled(count > 0)
        self.dispose.setText(
            f"Dispose of {_records(count)}…" if count else "Dispose of what is chosen…"
        )

    def _show_why(self, *_: object) -> None:
        due = self.table.chosen()
        self.why.setText("" if due is None else " ".join((due.why, f"{due.source}.", *due.blocks)))

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == 0:
            self._choose_one()

    def _choose_one(self, *_: object) -> None:
        due = self.table.chosen()
        if due is None:
            return
        if not due.is_free:
            self.show_problem(f"This record stays. {' '.join(due.blocks)}.")
            return
        self.clear_message()
        self._chosen ^= {due.name}
        self._show_rows(self.table.table.rows)

    def _choose_all(self) -> None:
        free = {due.name for due in self.table.table.rows if due.is_free}
        self._chosen = set() if self._chosen == free else free
        self._show_rows(self.table.table.rows)

    def _dispose(self) -> None:
        chosen = tuple(due for due in self.table.table.rows if due.name in self._chosen)
        panel = DisposalPanel(self, chosen)
        self.open_over(panel)
        panel.looked.setFocus()

    def _tidy(self) -> None:
        vault = self.desk.vault
        self.run(lambda: tidy(vault), self._tidied, "retention")

    def _tidied(self, _value: object) -> None:
        self.show_good("Tidied: no page of the vault holds what was disposed of.")

    def _hold(self) -> None:
        due = self.table.chosen()
        if due is not None:
            self._open_holds(due)

    def _show_holds(self) -> None:
        self._open_holds(None)

    def _open_holds(self, due: DueRecord | None) -> None:
        vault = self.desk.vault

        def read() -> tuple[tuple[Hold, ...], list[str]]:
            with vault.reading() as session:
                return holds(session), [person.name for person in people(session)]

        self.run(read, lambda facts: self._open(HoldsPanel(self, facts[0], facts[1], due)))

    def _search(self) -> None:
        vault = self.desk.vault

        def read() -> list[str]:
            with vault.reading() as session:
                return [person.name for person in people(session)]

        self.run(read, lambda names: self._open(SearchPanel(self, names)))

    def _show_periods(self) -> None:
        vault = self.desk.vault

        def read() -> object:
            with vault.reading() as session:
                return periods(session)

        self.run(read, lambda known: self._open(PeriodsPanel(self, known)))

    def _show_certificates(self) -> None:
        vault = self.desk.vault

        def read() -> object:
            with vault.reading() as session:
                return disposals(session)

        self.run(
            read, lambda made: self._open(CertificatesPanel(self, made, self.show_certificate))
        )

    def _show_notice(self) -> None:
        read = shipped_file("resources/dpia.md").read_text
        self.run(lambda: read(encoding="utf-8"), lambda text: self._open(NoticePanel(self, text)))

    def _open(self, panel: Panel) -> None:
        self.open_over(panel)
        panel.begin()


def _records(count: int) -> str:
    return f"{count} record{'' if count == 1 else 's'}"


def _summary(found: Review) -> str:
    if found.due:
        held = len(found.due) - len(found.free())
        said = f"{_records(len(found.due))} of {found.held_total} "
        said += "is due" if len(found.due) == 1 else "are due"
        return f"{said} for disposal; {held} held back." if held else f"{said} for disposal."
    following = f" The next falls due on {show_date(found.next_due)}." if found.next_due else ""
    return f"Nothing is due for disposal.{following}"
