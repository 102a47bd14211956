"""The Trends tab: the playground at lunchtime is seen, decided on, and falls."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.pdf_view import PdfView
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.trends import TrendsTab
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.meetings.trend_paper import trend_paper
from odbst_desktop.meetings.trend_report import read_trends, trend_of
from odbst_desktop.office.opening import vault_owner
from odbst_desktop.vault.vault import Vault

STORY = "coc_physical"


def settle(tab: TrendsTab) -> None:
    for _ in range(6):
        tab.desk.jobs.wait()
        QApplication.processEvents()


@pytest.fixture
def trends(
    qtbot: QtBot, qapp: QApplication, unlocked: Callable[[str], Vault]
) -> Callable[[Vault | None], TrendsTab]:
    apply_theme(qapp)
    kept: list[Rooms] = []

    def open_(vault: Vault | None = None) -> TrendsTab:
        rooms = Rooms(vault or unlocked("oakfield"), JobRunner(qapp), write_whole)
        qtbot.addWidget(rooms)
        kept.append(rooms)
        rooms.resize(QSize(1366, 700))
        rooms.show()
        rooms.go_to("Trends")
        tab = rooms.tab("Trends")
        assert isinstance(tab, TrendsTab)
        settle(tab)
        return tab

    return open_


def choose(tab: TrendsTab, category: str) -> None:
    rows = tab.table.table.rows
    place = next(n for n, row in enumerate(rows) if row.series.category == category)
    tab.table.selectRow(place)
    settle(tab)


def shown_words(tab: TrendsTab) -> str:
    labels = (label for label in tab.findChildren(QLabel) if label.isVisible())
    return "\n".join(label.text() for label in labels)


def test_the_story_of_the_playground_at_lunchtime_is_told(trends: Callable[..., TrendsTab]) -> None:
    tab = trends()
    choose(tab, STORY)
    told = shown_words(tab)
    assert "A rise is a question, not a fault" in told
    assert "Lunchtime zones on the playground, with a trained adult in each — ▼ Fell" in told
    assert "That is consistent with a fall. One before and after cannot prove" in told
    tab.period.setCurrentText("Spring term 2025-26")
    tab.period.activated.emit(tab.period.currentIndex())
    settle(tab)
    assert "in “Playground” were at “Lunchtime”" in tab.hot.text()
    tab.period.setCurrentText("Autumn term 2026-27")
    tab.period.activated.emit(tab.period.currentIndex())
    settle(tab)
    assert "“Lunchtime”" not in tab.hot.text()


def test_arrow_keys_walk_the_chart_and_say_each_week(
    trends: Callable[..., TrendsTab], qtbot: QtBot
) -> None:
    tab = trends()
    chart = tab.chart
    assert chart is not None
    assert chart.focusPolicy() & Qt.FocusPolicy.TabFocus
    interface = QAccessible.queryAccessibleInterface(chart)
    assert interface.text(QAccessible.Text.Name) == "Chart: All concerns: weekly counts"
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    first, count, remark = chart.chart.rows()[0]
    assert chart.told.text() == f"Week of {first}: {count}. {remark}."
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.chart.rows()[1][0] in interface.text(QAccessible.Text.Description)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.place == 0
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert chart.place == len(chart.chart.points) - 1


def test_each_chart_has_its_table(trends: Callable[..., TrendsTab]) -> None:
    tab = trends()
    choose(tab, STORY)
    assert tab.shown is not None
    assert not tab.weeks.isVisible()
    tab.weeks_button.click()
    tab.cells_button.click()
    assert tab.weeks.isVisible()
    assert tab.cells.isVisible()
    assert len(tab.weeks.table.rows) == len(tab.shown.chart.points)
    assert any("D1: Lunchtime zones" in row[2] for row in tab.weeks.table.rows)
    heat = tab.heat.table
    texts = [
        heat.data(heat.index(row, column), Qt.ItemDataRole.AccessibleTextRole)
        for row in range(heat.rowCount())
        for column in range(heat.columnCount())
    ]
    assert any("Playground, Lunchtime" in text and "stands out" in text for text in texts)


def test_a_school_without_meetings_is_told_what_the_page_is_for(
    trends: Callable[..., TrendsTab], school: Vault
) -> None:
    tab = trends(school)
    assert "Trends begin with the first closed meeting" in shown_words(tab)
    assert not tab.detail.isVisible()


def test_the_paper_says_the_same_in_print_and_as_a_web_page(
    trends: Callable[..., TrendsTab],
) -> None:
    tab = trends()
    choose(tab, STORY)
    tab.paper.click()
    settle(tab)
    assert isinstance(tab.stack.currentWidget(), PdfView)
    vault = tab.desk.vault
    with vault.reading() as session:
        read = read_trends(session, vault.today(), pupils=212)
    paper = trend_paper(
        read, trend_of(read, STORY, read.periods[0]), vault_owner(vault), vault.today()
    )
    assert paper.pdf() == paper.pdf()
    pages = PdfReader(BytesIO(paper.pdf())).pages
    printed = " ".join(" ".join(page.extract_text() for page in pages).split())
    web = paper.html().decode()
    for words in ("A rise is a question", "95 % interval", "Lunchtime", "Physical, child on child"):
        assert words in printed
        assert words in web
    assert "▲ Stands out" in printed
    assert "No closed meeting" in web


def test_starting_and_unlocking_import_no_charts(demonstration: Path) -> None:
    script = f"""
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from PySide6.QtWidgets import QApplication
app = QApplication([])
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.files import write_whole
from odbst_desktop.office.opening import unlock_vault
folder = Path({str(demonstration)!r})
vault = unlock_vault(folder / "oakfield", (folder / "passphrase.txt").read_text().strip(),
                     clock=lambda: datetime(2026, 11, 24, 15, 30, tzinfo=UTC))
jobs = JobRunner(app)
rooms = Rooms(vault, jobs, write_whole)
rooms.show()
for _ in range(6):
    jobs.wait(); app.processEvents()
print([name for name in ("pyqtgraph", "numpy", "scipy") if name in sys.modules])
rooms.go_to("Trends")
for _ in range(6):
    jobs.wait(); app.processEvents()
print("pyqtgraph" in sys.modules)
vault.close()
"""
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    assert run.stdout.split("\n")[:2] == ["[]", "True"]
