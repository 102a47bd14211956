"""A year's picture of monitoring on the screen: checked, found, changed, not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from odbst_desktop.analysis.explaining import Explanation
from odbst_desktop.desktop.explain_panel import explain_rows
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.monitoring.explained import explain_check, explain_place
from odbst_desktop.monitoring.pupil_voice import PlaceFeeling
from odbst_desktop.monitoring.report import share_words
from odbst_desktop.monitoring.year_picture import (
    BrokenLine,
    Change,
    Checked,
    YearPicture,
    picture_paper,
)
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.calendar import year_of
from odbst_desktop.school.owner import Owner
from odbst_desktop.school.typed_dates import show_date

CHECKED: tuple[Column[Checked], ...] = (
    Column("Date", lambda c: show_date(c.visit.visited_on), 2, 12),
    Column("Check", lambda c: c.visit.title, 4, 20),
    Column("Answers", lambda c: f"{c.score.words} ({share_words(c.score.share)})", 5, 24),
    Column("“No” or “partly”", lambda c: ", ".join(c.gaps) or "–", 5, 20),
    Column("Actions done", lambda c: c.action_words, 2, 12),
    Column("Reported", lambda c: show_date(c.visit.reported_on) if c.visit.reported_on
           else "○ Not yet", 2),
)  # fmt: skip
CHANGED: tuple[Column[Change], ...] = (
    Column("Check", lambda c: c.form_title, 3, 20),
    Column("Question", lambda c: c.short, 3, 16),
    Column("Change", lambda c: c.words, 3, 24),
    Column("Seen on", lambda c: show_date(c.on), 2),
)
_AFTER_CHANGED = 2
BROKEN: tuple[Column[BrokenLine], ...] = (
    Column("Check", lambda line: line.form_title, 3, 20),
    Column("Question", lambda line: f"≠ {line.short}", 3, 16),
    Column("Why it does not compare with the check before", lambda line: line.why, 6, 30),
)
NOT_SEEN: tuple[Column[tuple[str, str]], ...] = (
    Column("Check", lambda row: row[0], 3),
    Column("What was not seen", lambda row: row[1], 5),
)


def _worry_words(felt: PlaceFeeling) -> str:
    steps = ((0.34, "▲ Many do not feel safe"), (0.1, "◑ Some do not feel safe"))
    return next((said for least, said in steps if felt.worry >= least), "✓ Nearly all feel safe")


@dataclass(frozen=True, slots=True)
class ShownYear:
    """A year's picture with whose it is; ``concerns`` are what meetings counted, by place."""

    picture: YearPicture
    owner: Owner
    school: str
    names: tuple[str, ...]
    concerns: Mapping[str, int]
    days: tuple[date, ...]

    def years(self) -> dict[str, date]:
        """Return the years to choose from, newest first, each with a day of it."""
        return {year_of(day): day for day in sorted(self.days, reverse=True)}


class YearPanel(QWidget):
    """The picture in tables, and the same for the LGB as a paper."""

    year_wanted = Signal(object)

    def __init__(self, tab: Tab, shown: ShownYear) -> None:
        super().__init__()
        self._tab, self._shown = tab, shown
        picture = shown.picture
        self.back, self.paper = button("← Monitoring"), button("As PDF for the LGB", is_main=True)
        self.checked: TableView[Checked] = TableView("What was checked and found", CHECKED)
        self.changed: TableView[Change] = TableView("What changed", CHANGED)
        self.broken: TableView[BrokenLine] = TableView("What does not compare", BROKEN)
        self.not_seen: TableView[tuple[str, str]] = TableView("What was not seen", NOT_SEEN)
        self.places: TableView[PlaceFeeling] = TableView("Places and feelings", self._places())
        explain_rows(self.checked, explain_check)
        explain_rows(self.places, self._explained)
        self.year = QComboBox()
        self.year.setAccessibleName("Academic year")
        for label, day in shown.years().items():
            self.year.addItem(label, day)
        self.year.setCurrentText(picture.year)
        self._lay_out()
        self.checked.show_rows(picture.checked)
        self.changed.show_rows(picture.changes)
        self.broken.show_rows(picture.broken)
        self.not_seen.show_rows(self._unseen())
        self.places.show_rows(picture.places)
        self.year.activated.connect(self._choose)
        self.back.clicked.connect(tab.close_over)
        self.paper.clicked.connect(self._print)

    def _explained(self, felt: PlaceFeeling) -> Explanation:
        concerns = self._shown.concerns
        counted = concerns.get(felt.place, 0) if concerns else None
        return explain_place(felt, self._shown.picture.checked, counted)

    def _unseen(self) -> tuple[tuple[str, str], ...]:
        picture = self._shown.picture
        missing = ((c.title, f"✗ {c.half_term_label}: not made") for c in picture.not_done)
        return (*picture.not_seen, *missing)

    def _lay_out(self) -> None:
        shown, picture = self._shown, self._shown.picture
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        top = QHBoxLayout()
        top.setSpacing(2 * STEP)
        top.addWidget(self.back)
        top.addWidget(words(f"{shown.school}: the year’s picture", "heading"), 1)
        top.addWidget(self.year)
        top.addWidget(self.paper)
        column.addLayout(top)
        column.addWidget(words(picture.lead))
        self.parts = QTabWidget()
        self.parts.setDocumentMode(True)
        for title, table in (
            (f"Checked ({len(picture.checked)})", self.checked),
            (f"Changed ({len(picture.changes)})", self.changed),
            (f"Not seen ({len(self._unseen())})", self.not_seen),
            (f"Places ({len(picture.places)})", self.places),
        ):
            self.parts.addTab(table, title)
        if picture.broken:
            title = f"Not to compare ({len(picture.broken)})"
            self.parts.insertTab(_AFTER_CHANGED, self.broken, title)
        column.addWidget(self.parts, 1)
        column.addWidget(
            words("Scores are not compared between schools. “Not seen” is no failure. A rise is a "
                  "question, not a fault.", "quiet")
        )  # fmt: skip

    def _places(self) -> tuple[Column[PlaceFeeling], ...]:
        concerns = self._shown.concerns
        columns: tuple[Column[PlaceFeeling], ...] = (
            Column("Place", lambda f: f.label, 3, 16),
            Column("Safe", lambda f: str(f.safe), 1),
            Column("Not sure", lambda f: str(f.unsure), 1),
            Column("Not safe", lambda f: str(f.unsafe), 1),
            Column("How it feels", _worry_words, 3, 18),
        )
        if not concerns:
            return columns
        counted: Column[PlaceFeeling] = Column(
            "Concerns recorded there this year", lambda f: str(concerns.get(f.place, 0)), 3
        )
        return (*columns, counted)

    def _choose(self) -> None:
        self.year_wanted.emit(self.year.currentData())

    def _print(self) -> None:
        shown, vault = self._shown, self._tab.desk.vault

        def work() -> Paper:
            return picture_paper(
                shown.picture, shown.school, vault.today(),
                is_demonstration=shown.owner.is_demonstration, known_names=shown.names,
            )  # fmt: skip

        self._tab.run(work, self._tab.show_paper)
