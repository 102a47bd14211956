"""The ESL's tab of figures: a term's figures, schools beside each other, any field anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit

from odbst_desktop.analysis.explaining import Explanation
from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.explain_panel import explain_rows
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.panel import Panel
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.term_choice import TermChoice
from odbst_desktop.errors import StateError
from odbst_desktop.reports.document import Paper
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.school.owner import Owner, read_owner
from odbst_desktop.trust.comparisons import Compared, compare_schools
from odbst_desktop.trust.drivers import Driver
from odbst_desktop.trust.explaining import explain_figure
from odbst_desktop.trust.explorer import FieldRow
from odbst_desktop.trust.field_story import FieldStory, field_paper, field_story
from odbst_desktop.trust.figures import Figure, figures
from odbst_desktop.trust.relations import figure_words
from odbst_desktop.trust.table import TermKey, TrustTable, term_words, trust_table

if TYPE_CHECKING:
    from odbst_desktop.desktop.funnel_chart import FunnelView

_CHARTS = "odbst_desktop.desktop.funnel_chart"
_EMPTY = (
    "Figures begin with the first return. Check and file the schools’ packages on the tab Packages."
)
_ROWS_SEEN = 7


@dataclass(frozen=True, slots=True)
class _Loaded:
    table: TrustTable
    owner: Owner
    key: TermKey
    figures: tuple[Figure, ...]
    compared: Compared


class FiguresTab(Tab):
    """Every figure of a term over the trust; Enter opens one."""

    kinds = frozenset({"package", "school"})
    title = "Figures"
    return_wanted = Signal(int, tuple, str)
    """A school's URN, a term and a field, to open its return there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.term, self.shown, self.sought = TermChoice(), QComboBox(), QLineEdit()
        self.shown.setAccessibleName("Which figures are shown")
        self.shown.addItems(["Every figure", "Where a school stands out", "Changed beyond chance"])
        self.sought.setAccessibleName("Words in the figure")
        self.sought.setPlaceholderText("Words to look for")
        self.open = button("Open the figure", is_main=True)
        self.summary, self.tests = words("", "heading"), words("", "quiet")
        self.empty = words(_EMPTY)
        self.table: TableView[Figure] = TableView("Figures of the trust", self._columns(None))
        self.loaded: _Loaded | None = None
        explain_rows(self.table, self._explanation)
        self.why = button("Explain this figure (Ctrl+I)")
        self.column.addWidget(words("Figures of the trust", "title"))
        top = row_of(self.term, self.shown)
        top.insertWidget(2, self.sought, 1)
        self.column.addLayout(top)
        self.column.addWidget(self.summary)
        self.column.addWidget(words(figure_words("question"), "quiet"))
        self.column.addWidget(self.empty)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.tests)
        self.column.addLayout(row_of(self.open, self.why))
        self.term.activated.connect(self._choose)
        self.shown.activated.connect(self._show_figures)
        self.sought.textChanged.connect(self._show_figures)
        self.why.clicked.connect(self._explain_chosen)
        self.open.clicked.connect(self._open)
        self.table.activated.connect(self._open)

    def load(self) -> _Loaded | None:
        """Read all returns and work the term out; import the charts where nobody waits for it."""
        import_module(_CHARTS)
        with self.desk.vault.reading() as session:
            table, owner = trust_table(session, return_form()), read_owner(session)
        wanted = self.term.term
        if not table.terms:
            return None
        key = wanted if wanted is not None and wanted in table.terms else table.terms[0]
        return _Loaded(table, owner, key, figures(table, key), compare_schools(table, key))

    def show_loaded(self, value: _Loaded | None) -> None:
        """Show the figures of the term."""
        self.loaded = value
        self.empty.setVisible(value is None)
        for part in (
            self.term,
            self.shown,
            self.sought,
            self.table,
            self.tests,
            self.open,
            self.why,
        ):
            part.setVisible(value is not None)
        if value is None:
            self.summary.setText("")
            return
        self.term.show_terms(value.table.terms, value.key)
        returned, asked = len(value.table.held[value.key]), len(value.table.asked(value.key))
        missing = figure_words("missing") if returned < asked else ""
        self.summary.setText(f"{returned} of {asked} schools returned. {missing}".strip())
        self.tests.setText(value.compared.sentence)
        self._show_figures()

    def open_figure(self, field: str, key: TermKey) -> None:
        """Open one figure of a term."""
        loaded = self.loaded
        if loaded is None:
            return
        compared = loaded.compared

        def work() -> FieldStory | None:
            known = compared if key == compared.key else compare_schools(loaded.table, key)
            return field_story(loaded.table, known, field)

        self.run(work, self._opened)

    def print_figure(self, story: FieldStory) -> None:
        """Show a figure as a paper."""
        loaded, today = self.loaded, self.desk.vault.today()
        if loaded is not None:
            self.run(lambda: field_paper(story, loaded.owner, today), self._show)

    def _show(self, paper: Paper) -> None:
        self.show_paper(paper)

    def _opened(self, story: FieldStory | None) -> None:
        if story is None:
            self.show_problem("Nobody gave this figure in that term.")
            return
        panel = FigurePanel(self, story)
        self.open_over(panel)
        panel.begin()

    def _open(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None and self.loaded is not None:
            self.open_figure(chosen.field, self.loaded.key)

    def _explain_chosen(self) -> None:
        self.table.setFocus()
        self.explain()

    def _explanation(self, chosen: Figure) -> Explanation:
        loaded = self.loaded
        if loaded is None:
            raise StateError("There are no figures yet.")
        return explain_figure(loaded.table, loaded.compared, chosen)

    def _choose(self, _place: int) -> None:
        self.refresh()

    def _show_figures(self, *_: object) -> None:
        if self.loaded is None:
            return
        compared, sought = self.loaded.compared, self.sought.text().casefold()
        place = self.shown.currentIndex()
        rows = [
            f for f in self.loaded.figures
            if sought in f"{f.section} {f.label}".casefold()
            and (place != 1 or compared.standing_out(f.field))
            and (place != 2 or (f.change is not None and f.change.is_marked))
        ]  # fmt: skip
        self.table.show_rows(rows, self._columns(compared))
        self.open.setEnabled(bool(rows))

    def _columns(self, compared: Compared | None) -> tuple[Column[Figure], ...]:
        return (
            Column("Section", lambda f: f.section, 3, 18),
            Column("Figure", lambda f: f.label, 5, 32),
            Column("Trust", lambda f: f.total_words, 1, 9),
            Column("Given by", lambda f: f.given_words, 3, 18),
            Column("Rate (95 %)", _rate_words, 4, 24),
            Column("On the same term last year", lambda f: f.change_words, 4, 24),
            Column(
                "Schools that stand out", lambda f: compared.words(f.field) if compared else "", 4
            ),
        )


class FigurePanel(Panel):
    """One figure: how it is made, the schools beside each other, what changed, every term."""

    def __init__(self, tab: FiguresTab, story: FieldStory) -> None:
        super().__init__(tab, story.title)
        self.story, self._figures = story, tab
        self.paper = button("As PDF")
        self.chart: FunnelView | None = None
        self.open = button("Open the school’s return at this field", is_main=True)
        self.column.addLayout(row_of(self.paper))
        self.column.addWidget(words("\n".join(f"• {each}" for each in story.sentences)))
        self.column.addWidget(words(f"How it is made. {story.formula}", "quiet"))
        if story.chart is not None:
            self.column.addWidget(words("Schools beside each other", "heading"))
            self._add_chart()
        self.column.addWidget(words("Every school in every term", "heading"))
        self.history: TableView[FieldRow] = TableView("Every school in every term", _history(story))
        self.history.setMinimumHeight(_ROWS_SEEN * int(self.fontMetrics().height() * 1.9))
        self.history.show_rows(story.history.rows)
        self.column.addWidget(self.history, 1)
        for each in story.history.breaks:
            self.column.addWidget(words(f"Definition changed, {each}", "warning"))
        self.column.addLayout(row_of(self.open))
        if story.drivers:
            self.column.addWidget(words(story.drivers_heading, "heading"))
            for drivers in story.drivers:
                self._add_drivers(drivers)
        self.paper.clicked.connect(lambda: tab.print_figure(story))
        self.open.clicked.connect(self._open_return)
        self.history.activated.connect(self._open_return)

    def begin(self) -> None:
        """Begin at the chart, else at the table."""
        (self.chart or self.history).setFocus()

    def _add_chart(self) -> None:
        if self.story.chart is None:
            return
        self.chart = import_module(_CHARTS).FunnelView()
        self.chart.show_chart(self.story.chart)
        self.chart.opened.connect(self._open_school)
        self.column.addWidget(self.chart)
        twin: TableView[tuple[str, ...]] = TableView(
            "Schools beside each other, as a table",
            tuple(
                _cell_column(place, title) for place, title in enumerate(self.story.chart.columns)
            ),
        )
        twin.show_rows(self.story.chart.rows())
        twin.hide()
        switch = button("Schools as a table")
        switch.setCheckable(True)
        switch.toggled.connect(twin.setVisible)
        self.column.addLayout(row_of(switch))
        self.column.addWidget(twin)

    def _add_drivers(self, drivers: tuple[Driver, ...]) -> None:
        shown: TableView[Driver] = TableView(
            self.story.drivers_heading,
            (
                Column("Part", lambda d: d.label, 5, 32),
                Column("Last year", lambda d: f"{d.before:,.0f}", 1),
                Column("Now", lambda d: f"{d.after:,.0f}", 1),
                Column("Change", lambda d: d.words, 1),
            ),
        )
        shown.show_rows(drivers)
        lines = min(len(drivers), _ROWS_SEEN) + 1
        shown.setMinimumHeight(int(lines * self.fontMetrics().height() * 2))
        self.column.addWidget(shown)

    def _open_return(self) -> None:
        row = self.history.chosen()
        if row is not None:
            self._want(row.urn)

    def _open_school(self, name: str) -> None:
        urns = [row.urn for row in self.story.history.rows if row.school == name]
        if urns:
            self._want(urns[0])

    def _want(self, urn: int) -> None:
        self._figures.return_wanted.emit(urn, self.story.key, self.story.field)


def _rate_words(figure: Figure) -> str:
    if figure.rate is None:
        return "—"
    if figure.meaning.measure == "share":
        return f"{figure.rate.words} %"
    return f"{figure.rate.words} for {figure.rate.per:,}"


def _history(story: FieldStory) -> tuple[Column[FieldRow], ...]:
    return (
        Column("School", lambda r: r.school, 4, 26),
        *(_term_column(n, term_words(key)) for n, key in enumerate(story.history.terms)),
    )


def _term_column(place: int, title: str) -> Column[FieldRow]:
    return Column(title, lambda row: row.cells[place], 2, 14)


def _cell_column(place: int, title: str) -> Column[tuple[str, ...]]:
    return Column(title, lambda row: row[place], (4, 1, 1, 3, 4)[place], (26, 0, 0, 0, 0)[place])
