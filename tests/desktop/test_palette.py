"""Ctrl+K: anything by a word of it."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

import odbst_desktop.desktop
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.actions import ActionsTab
from odbst_desktop.desktop.tabs.meetings import MeetingsTab
from odbst_desktop.desktop.tabs.returned import ReturnedTab
from odbst_desktop.desktop.tabs.termly_return import ReturnTab
from odbst_desktop.desktop.tabs.training import TrainingTab
from odbst_desktop.handbook.pages import page
from tests.desktop.opening import Open, settle


def find(qtbot: QtBot, rooms: Rooms, typed: str) -> str:
    """Type into the palette, press Enter, and return what was found first."""
    rooms.activateWindow()
    qtbot.keyClick(rooms, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    settle(rooms.home.desk.jobs)
    over = rooms.palette_over
    assert over.isVisible()
    assert over.typed.hasFocus()
    qtbot.keyClicks(over.typed, typed)
    first = over.list.item(0).text() if over.list.count() else ""
    qtbot.keyClick(over.typed, Qt.Key.Key_Return)
    settle(rooms.home.desk.jobs)
    return first


def test_a_school_finds_places_records_and_buttons_by_typing(
    open_rooms: Open, qtbot: QtBot
) -> None:
    rooms = open_rooms("oakfield")
    assert find(qtbot, rooms, "training") == "Training  ·  Place"
    assert rooms.known_as == "Training"
    assert not rooms.palette_over.isVisible()

    assert find(qtbot, rooms, "17 nov 2026 meeting").endswith("Meeting")
    log = rooms.tab("Meetings")
    assert isinstance(log, MeetingsTab)
    assert log.editor is not None
    assert log.editor.meeting.held_on.isoformat() == "2026-11-17"

    training = rooms.tab("Training")
    assert isinstance(training, TrainingTab)
    assert training.loaded is not None
    name = training.loaded.matrix.people[0].name
    assert find(qtbot, rooms, f"{name} person") == f"{name}  ·  Person"
    assert rooms.known_as == "Training"
    assert training.stack.count() == 2, "the card stands over the list"

    done = rooms.tab("Actions")
    assert isinstance(done, ActionsTab)
    owner = done.desk.vault.user.name
    action = find(qtbot, rooms, f"({owner}) action")
    assert action.endswith("Action")
    assert rooms.known_as == "Actions"
    assert action.startswith(done.words.text())
    assert done.words.text()

    assert find(qtbot, rooms, "revision return").endswith("Return")
    returns = rooms.tab("Termly return")
    assert isinstance(returns, ReturnTab)
    assert returns.editor is not None

    assert find(qtbot, rooms, "new meeting button") == "New meeting  ·  Button in Meetings"
    focused = rooms.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "New meeting"
    assert log.editor is None, "what stood over the list is put away, nothing is pressed"


def test_the_trust_finds_a_schools_return(open_rooms: Open, qtbot: QtBot) -> None:
    rooms = open_rooms("trust")
    assert find(qtbot, rooms, "ashcombe return").startswith("Ashcombe")
    returned = rooms.tab("Returns")
    assert isinstance(returned, ReturnedTab)
    assert returned.stack.count() == 2


def test_escape_gives_the_keys_back_and_nothing_found_is_said(
    open_rooms: Open, qtbot: QtBot
) -> None:
    rooms = open_rooms("governor")
    rooms.activateWindow()
    rooms.setFocus()
    before = rooms.focusWidget()
    rooms.seek()
    settle(rooms.home.desk.jobs)
    over = rooms.palette_over
    over.typed.setText("zzz no such thing")
    assert "Nothing has these words" in over.told.text()
    qtbot.keyClick(over.typed, Qt.Key.Key_Return)
    assert over.isVisible(), "Enter on nothing does nothing"
    qtbot.keyClick(over.typed, Qt.Key.Key_Escape)
    assert not over.isVisible()
    assert rooms.focusWidget() is before


def test_the_page_of_keys_names_every_key_of_the_program() -> None:
    said = page("keys").text.replace("PgDn", "PgDown").replace("Enter", "Return")
    folder = Path(next(iter(odbst_desktop.desktop.__path__)))
    used = {
        keys
        for file in folder.rglob("*.py")
        for keys in re.findall(r'"((?:Ctrl|Shift|Alt)\+[A-Za-z0-9/+]+)"', file.read_text("utf-8"))
    }
    assert len(used) > 8
    assert [keys for keys in sorted(used - {"Ctrl+Shift+Z"}) if keys not in said] == []
