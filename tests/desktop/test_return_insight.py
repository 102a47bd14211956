"""Beside the return: any figure explained on Ctrl+I, what moved, what the term says."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.termly_return import ReturnEditor, ReturnTab
from odbst_desktop.meetings.log import close_meeting, save_meeting, start_meeting
from odbst_desktop.returns.drafting import read_return
from tests.desktop.opening import Open, settle


def autumn(rooms: Rooms) -> tuple[ReturnTab, ReturnEditor]:
    tab = rooms.tab("Termly return")
    assert isinstance(tab, ReturnTab)
    rooms.go_to("Termly return")
    settle(tab.desk.jobs)
    tab.year.setText("2026-27")
    tab.term.setCurrentIndex(0)
    tab.prepare.click()
    settle(tab.desk.jobs)
    assert tab.editor is not None
    return tab, tab.editor


def has_the_keys(field: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and field.isAncestorOf(focus)


def count_more(tab: ReturnTab) -> None:
    vault = tab.desk.vault
    meeting = start_meeting(vault)
    rows = [{"category": "bullying_general", "count": 5, "place": "playground_main",
             "time": "lunch"}]  # fmt: skip
    save_meeting(vault, meeting.id, {**meeting.answers, "concerns": rows, "key_concerns": "Lunch."})
    close_meeting(vault, meeting.id)


def test_ctrl_i_explains_the_figure_that_has_the_keys_and_escape_gives_them_back(
    open_rooms: Open, qtbot: QtBot
) -> None:
    rooms = open_rooms("oakfield")
    rooms.show()
    rooms.activateWindow()
    tab, editor = autumn(rooms)
    editor.go_to("concerns_bullying")
    field = editor.form.row("concerns_bullying").field
    qtbot.waitUntil(lambda: has_the_keys(field))
    qtbot.keyClick(field.control(), Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    settle(tab.desk.jobs)
    explained = tab.explained.explanation
    assert explained is not None
    assert tab.explained.isVisible()
    assert explained.formula.startswith("Counted from closed meetings of the term.")
    assert any(part.what == "DSL meeting" for part in explained.parts)
    assert explained.shown_to
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not tab.explained.isVisible()
    assert has_the_keys(field)


def test_a_meeting_closed_since_is_said_and_taken_only_when_asked(
    open_rooms: Open, qtbot: QtBot
) -> None:
    rooms = open_rooms("oakfield")
    tab, editor = autumn(rooms)
    before = editor.form.answers()["concerns_bullying"]
    assert editor.insight.sources.stale == 0
    made = editor.found.id
    count_more(tab)
    tab.reopen(made)
    settle(tab.desk.jobs)
    assert tab.editor is not None
    sources = tab.editor.insight.sources
    assert sources.stale > 0
    assert sources.said.text().startswith("▲")
    assert tab.editor.form.answers()["concerns_bullying"] == before
    qtbot.mouseClick(sources.take_all, Qt.MouseButton.LeftButton)
    settle(tab.desk.jobs)
    assert tab.editor is not None
    assert tab.editor.form.answers()["concerns_bullying"] == before + 5
    assert tab.editor.insight.sources.stale == 0
    assert "brought up to date" in tab.message.text()


def test_a_sentence_is_put_into_a_text_by_hand_and_saved(open_rooms: Open, qtbot: QtBot) -> None:
    rooms = open_rooms("oakfield")
    tab, editor = autumn(rooms)
    panel = editor.insight.understanding
    assert panel.list.count() > 2
    sentence = panel.list.currentItem().text().removeprefix("•  ")
    target = str(panel.target.currentData())
    editor.form.row(target).field.set_value("We looked at this.")
    qtbot.mouseClick(panel.put, Qt.MouseButton.LeftButton)
    editor.form.flush()
    settle(tab.desk.jobs)
    kept = read_return(tab.desk.vault, editor.found.id).answers[target]
    assert kept == f"We looked at this.\n{sentence}"
    assert "✓ Put into" in panel.said.text()


def test_a_figure_typed_over_is_asked_about_at_once(open_rooms: Open) -> None:
    rooms = open_rooms("oakfield")
    tab, editor = autumn(rooms)
    field = editor.form.row("concerns_bullying").field
    field.set_value(int(field.value()) + 2)
    field.edited.emit()
    editor.form.flush()
    settle(tab.desk.jobs)
    rooms.show()
    editor.form.sections.setCurrentRow(editor.form.sections.count() - 1)
    assert "changed:concerns_bullying" in editor.checks.lines
    assert "Due " in editor.due.text()
    assert "to explain" in editor.due.text()
