"""Over the tab of records: how long each kind is kept, past disposals, the assessment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QLineEdit, QTextBrowser

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.panel import Panel, form_of
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.errors import InputError
from odbst_desktop.retention.disposal import Disposal
from odbst_desktop.retention.periods import Period, periods, reset_period, set_period
from odbst_desktop.school.typed_dates import show_date

_LEAD = (
    "Your trust’s retention schedule overrides every figure here. Change it and say where the "
    "figure comes from; a longer or shorter period counts for what is held already."
)
PERIOD_COLUMNS: tuple[Column[Period], ...] = (
    Column("Kind of record", lambda period: period.kind.plural, 5, 44),
    Column("Kept until", lambda period: period.rule, 4, 40),
    Column("Where the figure comes from", lambda period: period.source, 6, 44),
    Column("Changed", lambda period: period.changed or "As shipped", 3, 26),
)
DISPOSAL_COLUMNS: tuple[Column[Disposal], ...] = (
    Column("When", lambda made: show_date(date.fromisoformat(made.disposed_at[:10])), 2, 14),
    Column("By", lambda made: made.disposed_by, 3, 20),
    Column("What", lambda made: ", ".join(count.words for count in made.counts), 5, 36),
    Column("State", lambda made: "✓ Tidied" if made.tidied_at else "◔ To be tidied", 2),
)


class PeriodsPanel(Panel):
    """How long each kind is kept here, and where the figure comes from."""

    def __init__(self, tab: Tab, known: Sequence[Period]) -> None:
        super().__init__(tab, "Retention periods")
        self.table: TableView[Period] = TableView("Retention periods", PERIOD_COLUMNS)
        self.years, self.source = QLineEdit(), QLineEdit()
        self.source.setPlaceholderText("The trust’s retention schedule, March 2026")
        self.change = button("Change the chosen kind", is_main=True)
        self.reset = button("Keep it as shipped")
        self.column.addWidget(words(_LEAD, "quiet"))
        self.column.addWidget(self.table, 1)
        self.column.addLayout(
            form_of(("&Years", self.years), ("&Where the figure comes from", self.source))
        )
        self.column.addLayout(row_of(self.change, self.reset))
        self.change.clicked.connect(self._set)
        self.reset.clicked.connect(self._reset)
        self.table.selectionModel().currentChanged.connect(self._offer)
        self.table.show_rows(known)

    def begin(self) -> None:
        """Put the cursor where the user begins."""
        self.table.setFocus()

    def _offer(self, *_: object) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.years.setText(str(chosen.years))
            self.source.setText(chosen.source if chosen.is_own else "")

    def _set(self) -> None:
        vault, chosen = self.tab.desk.vault, self.table.chosen()
        typed, source = self.years.text().strip(), self.source.text()
        if chosen is None:
            return

        def work() -> None:
            if not (typed.isascii() and typed.isdigit()):
                raise InputError(f"“{typed}” is not a number of years. Type one, such as 7.")
            set_period(vault, chosen.kind.id, int(typed), source)

        self._change(work, f"{chosen.kind.plural}: the period is changed.")

    def _reset(self) -> None:
        vault, chosen = self.tab.desk.vault, self.table.chosen()
        if chosen is not None:
            said = f"{chosen.kind.plural}: kept as shipped."
            self._change(lambda: reset_period(vault, chosen.kind.id), said)

    def _change(self, change: Callable[[], None], said: str) -> None:
        vault = self.tab.desk.vault

        def work() -> tuple[Period, ...]:
            change()
            with vault.reading() as session:
                return periods(session)

        def done(known: tuple[Period, ...]) -> None:
            self.table.show_rows(known)
            self.tab.show_good(said)

        self.tab.run(work, done, "retention")


class CertificatesPanel(Panel):
    """The disposals that were made, each with its certificate."""

    def __init__(
        self, tab: Tab, made: Sequence[Disposal], show: Callable[[Disposal], None]
    ) -> None:
        super().__init__(tab, "Certificates of disposal")
        self._show = show
        self.table: TableView[Disposal] = TableView("Disposals", DISPOSAL_COLUMNS)
        self.show_chosen = button("Show the certificate", is_main=True)
        self.show_chosen.setEnabled(bool(made))
        lead = "Counts of what went, by kind and rule. They name no record and nobody."
        self.column.addWidget(words(lead if made else "Nothing was disposed of yet.", "quiet"))
        self.column.addWidget(self.table, 1)
        self.column.addLayout(row_of(self.show_chosen))
        self.table.show_rows(made)
        self.show_chosen.clicked.connect(self._open)
        self.table.doubleClicked.connect(self._open)

    def begin(self) -> None:
        """Put the cursor where the user begins."""
        self.table.setFocus()

    def _open(self, *_: object) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self._show(chosen)


class NoticePanel(Panel):
    """The summary of the data protection impact assessment; nothing in it is fetched."""

    def __init__(self, tab: Tab, text: str) -> None:
        super().__init__(tab, "What this program does with data")
        self.text = QTextBrowser()
        self.text.setAccessibleName("What this program does with data")
        self.text.setOpenLinks(False)
        self.text.setMarkdown(text)
        self.column.addWidget(self.text, 1)

    def begin(self) -> None:
        """Put the cursor into the text, so that the keys scroll it."""
        self.text.setFocus()
