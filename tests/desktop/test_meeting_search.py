"""Searching in the window: results while typing, the meeting at a press of Enter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.meetings import MeetingsTab
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.vault.vault import Vault


@pytest.fixture
def rooms(qtbot: QtBot, qapp: QApplication, unlocked: Callable[[str], Vault]) -> Rooms:
    apply_theme(qapp)
    rooms = Rooms(unlocked("oakfield"), JobRunner(qapp), write_whole)
    qtbot.addWidget(rooms)
    rooms.resize(QSize(1366, 700))
    rooms.show()
    rooms.go_to("Meetings")
    settle(rooms)
    return rooms


def settle(rooms: Rooms) -> None:
    for _ in range(6):
        rooms.home.desk.jobs.wait()
        QApplication.processEvents()


def meetings_tab(rooms: Rooms) -> MeetingsTab:
    tab = rooms.tab("Meetings")
    assert isinstance(tab, MeetingsTab)
    return tab


def test_typing_shows_meetings_and_enter_opens_the_newest(rooms: Rooms, qtbot: QtBot) -> None:
    tab = meetings_tab(rooms)
    search = tab.search
    qtbot.keyClick(rooms, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(search.typed.hasFocus, timeout=15_000)
    qtbot.keyClicks(search.typed, "lunchtime zones")
    qtbot.waitUntil(lambda: bool(search.results.table.rows), timeout=15_000)
    assert search.results.isVisible()
    assert not tab.table.isVisible()
    (hit,) = search.results.table.rows
    assert "“lunchtime zones”" in hit.excerpt.casefold()
    assert "Enter opens it" in search.told.text()
    qtbot.keyClick(search.typed, Qt.Key.Key_Return)
    settle(rooms)
    assert tab.editor is not None
    assert tab.editor.meeting.id == hit.meeting


def test_an_empty_field_shows_the_log_again(rooms: Rooms, qtbot: QtBot) -> None:
    tab = meetings_tab(rooms)
    search = tab.search
    qtbot.keyClicks(search.typed, "hedgehog")
    qtbot.waitUntil(lambda: search.told.text() == "No meeting found.", timeout=15_000)
    assert not tab.table.isVisible()
    qtbot.keyClick(search.typed, Qt.Key.Key_Escape)
    qtbot.waitUntil(tab.table.isVisible, timeout=15_000)
    assert not search.told.isVisible()


def test_narrowing_down_by_category_and_time_from_the_keyboard(rooms: Rooms, qtbot: QtBot) -> None:
    search = meetings_tab(rooms).search
    search.narrow.click()
    search.category.setCurrentIndex(search.category.findData("bullying_prejudice_race"))
    search.category.activated.emit(search.category.currentIndex())
    qtbot.waitUntil(lambda: bool(search.results.table.rows), timeout=15_000)
    all_hits = len(search.results.table.rows)
    qtbot.keyClicks(search.first, "1/9/2026")
    qtbot.waitUntil(lambda: len(search.results.table.rows) < all_hits, timeout=15_000)
    qtbot.keyClicks(search.last, "33/9")
    qtbot.waitUntil(lambda: "33/9" in search.told.text(), timeout=15_000)
    qtbot.keyClick(search.typed, Qt.Key.Key_Down)
    assert search.results.hasFocus()
