"""A week's meeting typed with the keyboard alone, on the demonstration school; keys are counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from odbst_desktop.actions.list import actions
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.meeting.editor import MeetingEditor
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.meetings import MeetingsTab
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.meetings.log import meetings, read_meeting
from odbst_desktop.vault.vault import Vault

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
MOST_KEYS = 700


class Keyboard:
    """Presses keys on whatever has the focus, and counts them."""

    def __init__(self, bot: QtBot, jobs: JobRunner) -> None:
        self.bot, self.jobs, self.pressed = bot, jobs, 0

    def focus(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None, "something has the keys"
        return widget

    def press(self, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
        self.pressed += 1
        self.bot.keyClick(self.focus(), key, modifier)
        self.settle()

    def type(self, words: str) -> None:
        for letter in words:
            self.pressed += 1
            self.bot.keyClick(self.focus(), letter)

    def settle(self) -> None:
        for _ in range(3):
            self.jobs.wait()
            QApplication.processEvents()

    def tab_to(self, name: str) -> None:
        """Press Tab until a control of a name has the keys."""
        for _ in range(40):
            if self.focus().accessibleName().startswith(name):
                return
            self.press(Key.Key_Tab)
        at = self.focus()
        raise AssertionError(f"Tab does not lead to {name!r}: {at!r} {at.accessibleName()!r}")


@pytest.fixture
def rooms(qtbot: QtBot, qapp: QApplication, unlocked: Callable[[str], Vault]) -> Rooms:
    apply_theme(qapp)
    made = Rooms(unlocked("oakfield"), JobRunner(qapp), write_whole)
    qtbot.addWidget(made)
    made.resize(QSize(1366, 768))
    made.show()
    made.activateWindow()
    made.go_to("Meetings")
    qtbot.waitUntil(lambda: bool(meetings_tab(made).table.table.rows))
    return made


def meetings_tab(rooms: Rooms) -> MeetingsTab:
    tab = rooms.tab("Meetings")
    assert isinstance(tab, MeetingsTab)
    return tab


def open_editor(rooms: Rooms, keyboard: Keyboard) -> MeetingEditor:
    tab = meetings_tab(rooms)
    tab.new.setFocus()
    keyboard.press(Key.Key_Space)
    keyboard.bot.waitUntil(lambda: tab.editor is not None)
    assert tab.editor is not None
    return tab.editor


@pytest.mark.display
def test_a_meeting_by_keyboard_alone(
    rooms: Rooms, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    tab = meetings_tab(rooms)
    vault, keyboard = tab.desk.vault, Keyboard(qtbot, tab.desk.jobs)
    editor = open_editor(rooms, keyboard)
    meeting = editor.meeting.id
    before = sum(row["count"] for row in editor.form.answers()["concerns"])

    # An action that is overdue is done with a word.
    keyboard.press(Key.Key_Tab)
    keyboard.tab_to("Outcome")
    keyboard.type("Added to row 17")
    while keyboard.focus() is not editor.brought.panel.buttons["done"]:
        keyboard.press(Key.Key_Tab)
    keyboard.press(Key.Key_Space)
    with vault.reading() as session:
        assert [a.outcome for a in actions(session) if a.state == "done"].count(
            "Added to row 17"
        ) == 1

    # The counts: three more of the first line, a typed number on the third, a new category.
    keyboard.press(Key.Key_PageDown, CONTROL)
    keyboard.press(Key.Key_PageDown, CONTROL)
    grid = editor.concerns.grid
    keyboard.tab_to("New concerns by category")
    keyboard.press(Key.Key_Down)
    keyboard.type("+++++")
    keyboard.press(Key.Key_Down)
    keyboard.press(Key.Key_Down)
    keyboard.type("12")
    keyboard.press(Key.Key_Minus)
    keyboard.type("self har")
    keyboard.press(Key.Key_Return)
    assert keyboard.focus() is grid.view
    answers = editor.form.answers()
    assert {row["category"] for row in answers["concerns"]} >= {"self_harm"}
    assert any(row["count"] == 11 for row in answers["concerns"])
    assert sum(row["count"] for row in answers["concerns"]) > before

    # A signal becomes a trend with a decision waiting by one key.
    keyboard.press(Key.Key_T, CONTROL)
    assert len(editor.form.answers()["trends"]) == 1
    keyboard.type("Two adults at the far corner of the playground")
    keyboard.tab_to("Decisions and actions, row 1: How we")
    keyboard.type("Half as many by half-term")

    # A decision, a child and a count from the quick line, wherever one is.
    for line in (
        "Ring the attendance officer @nadia !friday",
        "C1042 third concern this half-term @ruth",
        "2 online conduct #home",
    ):
        keyboard.press(Key.Key_J, CONTROL)
        keyboard.type(line)
        keyboard.press(Key.Key_Return)
    answers = editor.form.answers()
    assert answers["decisions"][1]["due"] == "2026-11-27"
    assert answers["children"][-1]["reference"] == "C1042"

    # Undo reaches across sections, and redo brings it back.
    keyboard.press(Key.Key_Z, CONTROL)
    keyboard.press(Key.Key_Z, CONTROL)
    assert len(editor.form.answers()["children"]) == len(answers["children"]) - 1
    keyboard.press(Key.Key_Z, CONTROL | SHIFT)
    keyboard.press(Key.Key_Z, CONTROL | SHIFT)
    assert editor.form.answers() == answers

    # The key concerns, then it is closed.
    while editor.form.section_name() != "analysis":
        keyboard.press(Key.Key_PageDown, CONTROL)
    keyboard.tab_to("Key concerns")
    keyboard.type("Physical incidents at lunchtime rose again, in the far corner.")
    editor.flush()
    keyboard.settle()
    assert "Saved at" in editor.saved.text()
    assert read_meeting(vault, meeting).answers == editor.form.answers()
    while keyboard.focus() is not editor.close_it:
        keyboard.press(Key.Key_Tab, SHIFT)
    keyboard.press(Key.Key_Space)
    if tab.editor is not None:
        assert "Before it is closed" in tab.message.text()
        keyboard.press(Key.Key_Space)
    qtbot.waitUntil(lambda: "2 decisions are now actions" in tab.message.text())
    with vault.reading() as session:
        closed = meetings(session)[0]
        owners = {a.title: a.owner for a in actions(session, origin=f"meeting/{meeting}")}
    assert closed.is_closed
    assert owners["Ring the attendance officer"] == "Nadia Rahman"
    with capsys.disabled():
        print(f"\na realistic meeting by keyboard alone: {keyboard.pressed} keystrokes")  # noqa: T201
    assert keyboard.pressed < MOST_KEYS
