"""The way between the places: the list, the line where it is narrow, and the keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.theme import apply_theme
from tests.desktop.opening import Open, settle

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def press(qtbot: QtBot, rooms: Rooms, key: Qt.Key, *, back: bool = False) -> str:
    qtbot.keyClick(rooms, key, CONTROL | SHIFT if back else CONTROL)
    settle(rooms.home.desk.jobs)
    return rooms.known_as


def test_ctrl_with_a_digit_or_tab_leads_to_every_place(open_rooms: Open, qtbot: QtBot) -> None:
    rooms = open_rooms("trust")
    rooms.activateWindow()
    titles = [tab.title for tab in rooms.all]
    assert press(qtbot, rooms, Qt.Key.Key_2) == titles[1]
    assert press(qtbot, rooms, Qt.Key.Key_0) == titles[9]
    assert [press(qtbot, rooms, Qt.Key.Key_Tab) for _ in titles] == titles[10:] + titles[:10]
    assert press(qtbot, rooms, Qt.Key.Key_Backtab, back=True) == titles[8]
    assert rooms.places.list.currentItem().text() == titles[8]


@pytest.mark.parametrize("name", ["trust", "oakfield", "governor"])
@pytest.mark.parametrize(("scale", "width"), [(1.0, 1366), (2.0, 1920), (2.0, 1366), (1.0, 640)])
def test_every_place_is_reached_at_any_size(
    name: str, scale: float, width: int, open_rooms: Open, qapp: QApplication
) -> None:
    rooms = open_rooms(name)
    apply_theme(qapp, text_scale=scale)
    rooms.resize(width, 700)
    settle(rooms.home.desk.jobs)
    places = rooms.places
    assert places.in_use.isVisible()
    for made in (places.seek, places.help):
        at = made.mapTo(rooms, made.rect().bottomRight())
        assert rooms.rect().contains(at), "nothing is cut at the window’s edge"
        assert made.width() >= made.sizeHint().width()
    if places.in_use is places.list:
        assert places.list.viewport().width() >= places.list.sizeHintForColumn(0)
    assert [places.choice.itemText(row) for row in range(places.choice.count())] == [
        tab.title for tab in rooms.all
    ]
    places.choice.setCurrentIndex(len(rooms.all) - 1)
    assert rooms.known_as == "Vault"


def test_a_screen_reader_hears_the_places_and_which_is_in_view(open_rooms: Open) -> None:
    rooms = open_rooms("oakfield")
    rooms.go_to("Training")
    listed = QAccessible.queryAccessibleInterface(rooms.places.list)
    assert listed.role() == QAccessible.Role.List
    assert listed.text(QAccessible.Text.Name) == "Places"
    said = {
        listed.child(row).text(QAccessible.Text.Name): listed.child(row).state().selected
        for row in range(listed.childCount())
    }
    assert [title for title, chosen in said.items() if chosen] == ["Training"]
    assert list(said) == [tab.title for tab in rooms.all]
