"""Ctrl+I explains the figure that has the keys, wherever one stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.explain_panel import NOTHING_HERE
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.matrix_table import MatrixView
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.tabs.compliance import ComplianceTab
from odbst_desktop.desktop.tabs.training import TrainingTab
from odbst_desktop.desktop.tabs.trends import TrendsTab
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.vault.vault import Vault


def settle(tab: Tab) -> None:
    for _ in range(6):
        tab.desk.jobs.wait()
        QApplication.processEvents()


@pytest.fixture
def opened(
    qtbot: QtBot, qapp: QApplication, unlocked: Callable[[str], Vault]
) -> Callable[[str, str], Tab]:
    apply_theme(qapp)
    kept: list[Rooms] = []

    def open_(vault: str, title: str) -> Tab:
        rooms = Rooms(unlocked(vault), JobRunner(qapp), write_whole)
        qtbot.addWidget(rooms)
        kept.append(rooms)
        rooms.resize(QSize(1366, 700))
        rooms.show()
        rooms.activateWindow()
        rooms.go_to(title)
        tab = rooms.tab(title)
        settle(tab)
        return tab

    return open_


def test_a_trend_is_explained_by_its_weeks_and_escape_gives_the_keys_back(
    qtbot: QtBot, opened: Callable[[str, str], Tab]
) -> None:
    tab = opened("oakfield", "Trends")
    assert isinstance(tab, TrendsTab)
    tab.table.setFocus()
    qtbot.keyClick(tab.table, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    settle(tab)
    row, told = tab.table.chosen(), tab.explained.explanation
    assert row is not None
    assert told is not None
    assert told.figure == str(row.series.total)
    known = [int(part.amount) for part in told.parts if part.amount.isdigit()]
    assert sum(known) == row.series.total
    assert tab.explained.isVisible()
    shown = QApplication.focusWidget()
    assert shown is not None
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert not tab.explained.isVisible()
    assert tab.table.hasFocus()


def test_a_course_of_the_matrix_is_explained_by_who_needs_it(
    qtbot: QtBot, opened: Callable[[str, str], Tab]
) -> None:
    training = opened("oakfield", "Training")
    assert isinstance(training, TrainingTab)
    view = training.findChildren(MatrixView)[0]
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    settle(training)
    told, course, matrix = training.explained.explanation, view.course(), view.table.matrix
    assert told is not None
    assert course is not None
    assert matrix is not None
    needed = matrix.required(course.id)
    assert told.figure == f"{sum(cell.counts for cell in needed)} of {len(needed)} in date"
    assert sum(int(part.amount) for part in told.parts) == sum(cell.counts for cell in needed)


def test_an_entry_of_the_register_is_explained_by_what_was_said(
    qtbot: QtBot, opened: Callable[[str, str], Tab]
) -> None:
    tab = opened("oakfield", "Compliance")
    assert isinstance(tab, ComplianceTab)
    tab.shown.setCurrentIndex(1)
    settle(tab)
    place = next(n for n, row in enumerate(tab.table.table.rows) if row.standing.answer is not None)
    tab.table.selectRow(place)
    tab.table.setFocus()
    qtbot.keyClick(tab.table, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    settle(tab)
    told, row = tab.explained.explanation, tab.table.chosen()
    assert told is not None
    assert row is not None
    assert row.standing.answer is not None
    assert told.figure == row.standing.state.shown
    assert any(line.startswith(row.standing.answer.said_by) for line in told.history)


def test_where_no_figure_has_the_keys_it_is_said_what_to_do(
    qtbot: QtBot, opened: Callable[[str, str], Tab]
) -> None:
    tab = opened("oakfield", "Trends")
    assert isinstance(tab, TrendsTab)
    tab.paper.setFocus()
    qtbot.keyClick(tab.paper, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    settle(tab)
    assert NOTHING_HERE in tab.message.text()


def test_a_card_of_the_first_page_is_explained_by_what_it_counts(
    qtbot: QtBot, opened: Callable[[str, str], Tab]
) -> None:
    tab = opened("oakfield", "This week")
    go = next(b for b in tab.findChildren(QPushButton) if b.text() == "Go to Actions")
    go.setFocus()
    qtbot.keyClick(go, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    settle(tab)
    explained = tab.explained.explanation
    assert explained is not None
    assert explained.title == "Actions open"
    assert len(explained.parts) == int(explained.figure)
    assert any(part.amount == "overdue" for part in explained.parts)
