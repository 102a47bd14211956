"""The tab of trends: each category's weeks, what followed each decision, places and times."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QVBoxLayout, QWidget

from odbst_desktop.analysis.before_after import Outcome
from odbst_desktop.analysis.hot_spots import Cell
from odbst_desktop.analysis.weeks import baseline_of
from odbst_desktop.analysis.wording import number_words, say
from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.explain_panel import explain_rows
from odbst_desktop.desktop.heat_table import HeatView
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.meetings.decisions import Effect
from odbst_desktop.meetings.explained import explain_weeks
from odbst_desktop.meetings.silent import silent_paper, silent_signals
from odbst_desktop.meetings.trend_paper import trend_paper
from odbst_desktop.meetings.trend_report import (
    CategoryTrend,
    Trends,
    place_and_time_labels,
    rate_unit,
    read_trends,
    state_words,
    trend_of,
)
from odbst_desktop.meetings.trends import CategoryWeeks
from odbst_desktop.returns.drafting import returns
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.typed_dates import show_date

if TYPE_CHECKING:
    from odbst_desktop.desktop.week_chart import WeekChartView

_CHARTS = "odbst_desktop.desktop.week_chart"
_WARNS = 0.025
_ROWS_SEEN = 8
_OUTCOMES = {
    Outcome.FELL: "▼ Fell",
    Outcome.ROSE: "▲ Rose",
    Outcome.NO_CLEAR_CHANGE: "● No clear change",
    Outcome.TOO_FEW: "– Too few to say",
}
_EMPTY = (
    "Trends begin with the first closed meeting. Count the week’s concerns by category on the tab "
    "Meetings; after twelve weeks this page says what is out of the ordinary."
)
_NO_DECISION = (
    "No decision is measured by this yet. In a meeting, let a decision name the trend it meets: "
    "here you will see whether the figure fell."
)


@dataclass(frozen=True, slots=True)
class _Row:
    series: CategoryWeeks
    state: str
    usual: str


@dataclass(frozen=True, slots=True)
class _Loaded:
    trends: Trends
    rows: tuple[_Row, ...]
    judged: int


COLUMNS: tuple[Column[_Row], ...] = (
    Column("Category", lambda r: r.series.label, 4, 22),
    Column("Newest", lambda r: r.state, 2, 12),
    Column("Counted", lambda r: str(r.series.total), 1),
    Column("Usual", lambda r: r.usual, 1),
    Column("Last six weeks", lambda r: _newest(r.series), 3),
)
WEEK_COLUMNS: tuple[Column[tuple[str, str, str]], ...] = (
    Column("Week of", lambda r: r[0], 2),
    Column("Count", lambda r: r[1], 1),
    Column("What is to be said of it", lambda r: r[2], 6),
)


class TrendsTab(Tab):
    """What the closed meetings show, one category at a time."""

    kinds = frozenset({"meeting"})
    title = "Trends"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.trends: Trends | None = None
        self.shown: CategoryTrend | None = None
        self.chart: WeekChartView | None = None
        self.paper, self.silent = button("Trends as PDF"), button("Silent signals")
        self.table: TableView[_Row] = TableView("Categories", COLUMNS)
        explain_rows(self.table, lambda row: explain_weeks(row.series))
        self.table.setMinimumHeight(_ROWS_SEEN * int(self.fontMetrics().height() * 1.9))
        self.judged = words("", "quiet")
        self.empty = words(_EMPTY)
        self.column.addWidget(words("Trends", "title"))
        self.column.addWidget(words(say("question")))
        self.column.addWidget(self.empty)
        self.detail = QWidget()
        self.under = QVBoxLayout(self.detail)
        self.under.setContentsMargins(0, 0, 0, 0)
        self.under.setSpacing(3 * STEP)
        self.under.addLayout(row_of(self.paper, self.silent))
        self.under.addWidget(self.table)
        self.under.addWidget(self.judged)
        self._add_weeks()
        self._add_decisions()
        self._add_places()
        self.column.addWidget(self.detail)
        self.column.addStretch(1)
        self.detail.hide()
        self.paper.clicked.connect(self._print)
        self.silent.clicked.connect(self._show_silent)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.period.activated.connect(self._choose)

    def load(self) -> _Loaded:
        """Read the weeks, and import the charts here, where nobody waits for it."""
        import_module(_CHARTS)
        vault = self.desk.vault
        with vault.reading() as session:
            rolls = [made.answers.get("pupils_on_roll") for made in returns(session)]
            pupils = next((roll for roll in rolls if isinstance(roll, int)), 0)
            trends = read_trends(session, vault.today(), pupils=pupils)
        rows = tuple(_row(series) for series in trends.series)
        return _Loaded(trends, rows, sum(row.usual != "—" for row in rows[1:]))

    def show_loaded(self, value: _Loaded) -> None:
        """Show the categories; the chosen one stays chosen."""
        self.trends = value.trends
        self.empty.setVisible(not value.rows)
        self.detail.setVisible(bool(value.rows))
        if not value.rows:
            return
        false = number_words(value.judged * _WARNS)
        self.judged.setText(say("tests", tests=value.judged, false=false))
        chosen = self.period.currentText()
        self.period.clear()
        self.period.addItems([period.label for period in value.trends.periods])
        self.period.setCurrentIndex(max(self.period.findText(chosen), 0))
        self.table.show_rows(value.rows)
        self._choose()

    def _add_weeks(self) -> None:
        self.heading = words("", "heading")
        self.place_of_chart = QVBoxLayout()
        self.sentences = words("")
        self.weeks_button = self._twin_button("Weeks as a table")
        self.weeks: TableView[tuple[str, str, str]] = TableView("Weeks", WEEK_COLUMNS)
        self._add(self.heading)
        self.under.addLayout(self.place_of_chart)
        self._add(self.sentences)
        self.under.addLayout(row_of(self.weeks_button))
        self._add(self.weeks)
        self._twin(self.weeks_button, self.weeks)

    def _add_decisions(self) -> None:
        self._add(words("What followed each decision", "heading"))
        self.effects = QVBoxLayout()
        self.under.addLayout(self.effects)

    def _add_places(self) -> None:
        self._add(words("Places and times", "heading"))
        self.period = QComboBox()
        self.period.setAccessibleName("Weeks of the places and times")
        label = QLabel("&Weeks")
        label.setBuddy(self.period)
        self.under.addLayout(row_of(label, self.period))
        self.hot = words("")
        self.heat = HeatView()
        self.cells_button = self._twin_button("Places and times as a table")
        self.cells: TableView[Cell] = TableView("Places and times", _cell_columns(0))
        self._add(self.hot)
        self._add(self.heat)
        self._add(words(say("exposure"), "quiet"))
        self.under.addLayout(row_of(self.cells_button))
        self._add(self.cells)
        self._twin(self.cells_button, self.cells)

    def _add(self, widget: QWidget) -> None:
        self.under.addWidget(widget)

    def _twin_button(self, text: str) -> QPushButton:
        made = button(text)
        made.setCheckable(True)
        return made

    def _twin(self, switch: QPushButton, table: QWidget) -> None:
        table.hide()
        switch.toggled.connect(table.setVisible)

    def _choose(self, *_: object) -> None:
        row, trends = self.table.chosen(), self.trends
        if row is None or trends is None or not trends.periods:
            return
        period = trends.periods[max(self.period.currentIndex(), 0)]
        category = row.series.category
        if self.shown and (self.shown.weeks, self.shown.period) == (row.series, period):
            return
        self.run(lambda: trend_of(trends, category, period), self._show)

    def _show(self, trend: CategoryTrend) -> None:
        self.shown = trend
        if self.chart is None:
            self.chart = import_module(_CHARTS).WeekChartView()
            self.place_of_chart.addWidget(self.chart)
        self.heading.setText(f"{trend.weeks.label} by week")
        self.chart.show_chart(trend.chart)
        found = trend.latest or (say("no_signal"),)
        told = [*trend.break_sentences, trend.usual.sentence, *found, *trend.runs.sentences]
        self.sentences.setText("\n".join(f"• {sentence}" for sentence in told))
        self.weeks.show_rows(tuple(reversed(trend.chart.rows())))
        self._show_effects(trend.effects)
        self.hot.setText("\n".join(f"• {sentence}" for sentence in trend.hot.sentences))
        self.heat.setVisible(bool(trend.heat.rows))
        self.heat.show_heat(trend.heat, f"Places and times of {trend.weeks.label}")
        pupils = self.trends.pupils if self.trends else 0
        self.cells.show_rows(trend.hot.cells, _cell_columns(pupils))

    def _show_effects(self, effects: tuple[Effect, ...]) -> None:
        while (item := self.effects.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.deleteLater()
        for number, effect in enumerate(effects, start=1):
            decided = show_date(effect.decision.on)
            outcome = _OUTCOMES[effect.counts.outcome]
            line = words(f"D{number}  {decided}: {effect.decision.words} — {outcome}")
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.effects.addWidget(line)
            self.effects.addWidget(words(effect.counts.sentence, "quiet"))
        if not effects:
            self.effects.addWidget(words(_NO_DECISION, "quiet"))

    def _print(self) -> None:
        trends, shown, vault = self.trends, self.shown, self.desk.vault
        if trends is None or shown is None:
            return

        def paper() -> Any:
            with vault.reading() as session:
                owner = read_owner(session)
            return trend_paper(trends, shown, owner, vault.today())

        self.run(paper, self.show_paper)

    def _show_silent(self) -> None:
        vault = self.desk.vault

        def paper() -> Any:
            with vault.reading() as session:
                found, owner = silent_signals(session, vault.today()), read_owner(session)
            return silent_paper(found, owner, vault.today())

        self.run(paper, self.show_paper)


def _row(series: CategoryWeeks) -> _Row:
    usual = baseline_of(series.judged)
    return _Row(
        series, state_words(series), number_words(usual.mean) if usual.limits is not None else "—"
    )


def _newest(series: CategoryWeeks) -> str:
    return "  ".join("×" if w.count is None else str(w.count) for w in series.weeks[-6:])


def _cell_columns(pupils: int) -> tuple[Column[Cell], ...]:
    names = place_and_time_labels()

    def number(value: float | None) -> str:
        return "—" if value is None else number_words(value)

    return (
        Column("Place", lambda c: names.get(c.place, c.place), 3, 16),
        Column("Time", lambda c: names.get(c.time, c.time), 3, 16),
        Column("Counted", lambda c: str(c.count), 1),
        Column(f"For {rate_unit(pupils)}", lambda c: number(c.rate), 2),
        Column("By pupils’ time", lambda c: number(c.expected), 2),
        Column("Stands out", lambda c: "▲ Yes" if c.is_hot else "—", 1),
    )
