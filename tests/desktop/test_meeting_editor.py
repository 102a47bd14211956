"""The meeting on the screen: what cannot be is answered plainly, and nothing typed is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.fields import DateField, TextField
from odbst_desktop.desktop.form_rows import RepeatRows
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.meeting.amend_panel import AmendPanel
from odbst_desktop.desktop.meeting.editor import MeetingEditor
from odbst_desktop.desktop.meeting.import_panel import ImportPanel
from odbst_desktop.desktop.meeting.sparkline import weeks_in_words
from odbst_desktop.desktop.meeting.weeks_panel import WeeksPanel
from odbst_desktop.desktop.pdf_view import PdfView
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.actions import ActionsTab
from odbst_desktop.desktop.tabs.meetings import MeetingsTab
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.meetings.log import read_meeting
from odbst_desktop.vault.vault import Vault

CONTROL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """The demonstration school's laptop with its meeting open."""

    def __init__(self, bot: QtBot, qapp: QApplication, vault: Vault) -> None:
        self.bot, self.vault = bot, vault
        self.rooms = Rooms(vault, JobRunner(qapp), write_whole)
        bot.addWidget(self.rooms)
        self.rooms.resize(QSize(1366, 768))
        self.rooms.show()
        self.settle()

    def settle(self) -> None:
        for _ in range(5):
            self.rooms.home.desk.jobs.wait()
            QApplication.processEvents()

    @property
    def tab(self) -> MeetingsTab:
        tab = self.rooms.tab("Meetings")
        assert isinstance(tab, MeetingsTab)
        return tab

    def open(self) -> MeetingEditor:
        self.rooms.go_to("Meetings")
        self.settle()
        self.tab.new.click()
        self.settle()
        assert self.tab.editor is not None
        return self.tab.editor

    def saved(self, editor: MeetingEditor) -> Any:
        editor.flush()
        self.settle()
        return read_meeting(self.vault, editor.meeting.id).typed


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, unlocked: Callable[[str], Vault]) -> Desk:
    apply_theme(qapp)
    return Desk(qtbot, qapp, unlocked("oakfield"))


def in_order(answers: Any) -> dict[str, Any]:
    """Return answers with the counts in one order: the grid has its own."""
    rows = [sorted(row.items()) for row in answers.get("concerns", [])]
    return {**answers, "concerns": sorted(rows)}


def count_on_first_line(desk: Desk, editor: MeetingEditor, keys: str) -> None:
    editor.form.lines("concerns")
    view = editor.concerns.grid.view
    view.selectRow(0)
    desk.bot.keyClicks(view, keys)


def test_every_key_is_saved_within_a_second(desk: Desk) -> None:
    editor = desk.open()
    field = editor.form.row("voice").field
    began = time.monotonic()
    for letter in "Pupils asked for a quieter hall":
        desk.bot.keyClick(field.control(), letter)
        desk.bot.wait(40)  # somebody who never pauses
        if time.monotonic() - began > 1.0:
            break
    desk.settle()
    kept = read_meeting(desk.vault, editor.meeting.id).answers.get("voice", "")
    assert kept, "saved though the typing went on"
    assert "Sav" in editor.saved.text()


def test_absurd_and_negative_counts_are_answered(desk: Desk) -> None:
    editor = desk.open()
    count_on_first_line(desk, editor, "-" * 12)
    assert "nothing to take away" in editor.concerns.grid.fault.text()
    before = editor.form.answers()["concerns"]
    count_on_first_line(desk, editor, "501")
    fault = editor.concerns.grid.fault
    assert "501 is more than a week can have" in fault.text()
    assert [row for row in editor.form.answers()["concerns"] if row not in before] == [
        {"category": editor.concerns.grid.table.lines[0].category, "count": 50,
         "place": editor.concerns.grid.table.lines[0].place,
         "time": editor.concerns.grid.table.lines[0].time}
    ]  # fmt: skip


def test_a_line_is_heard_with_its_weeks(desk: Desk) -> None:
    editor = desk.open()
    editor.form.lines("concerns")
    table = editor.concerns.grid.table
    heard = table.data(table.index(0, 4), Qt.ItemDataRole.AccessibleTextRole)
    assert "this week, last meeting" in heard
    assert "(newest)" in heard
    assert weeks_in_words((1, None, 0)) == "1, none held, 0 (newest)"


def test_letters_add_a_category_with_place_and_time(desk: Desk) -> None:
    editor = desk.open()
    count_on_first_line(desk, editor, "forced")
    letters = editor.concerns.grid.letters
    assert letters.text() == "forced"
    desk.bot.keyClicks(letters, " #home #weekend")
    desk.bot.keyClick(letters, Qt.Key.Key_Return)
    assert {"category": "forced_marriage", "count": 1, "place": "home", "time": "weekend"} in (
        editor.form.answers()["concerns"]
    )
    desk.bot.keyClicks(letters, "xyzzy")
    desk.bot.keyClick(letters, Qt.Key.Key_Return)
    assert "No category begins with “xyzzy”" in editor.concerns.grid.fault.text()


def test_signal_becomes_a_trend_with_a_decision_waiting(desk: Desk) -> None:
    editor = desk.open()
    count_on_first_line(desk, editor, "9")
    editor.flush()
    signal = editor.concerns.signals.signals[0]
    assert signal.sentence in editor.concerns.signals.list.item(0).text()
    desk.bot.keyClick(editor.concerns.grid.view, Qt.Key.Key_T, CONTROL)
    answers = editor.form.answers()
    assert answers["trends"][-1]["trend"] == signal.sentence
    assert answers["decisions"][-1]["baseline"] == signal.baseline
    assert answers["decisions"][-1]["measured_by"] == signal.category
    assert "Among the trends" in editor.concerns.signals.list.item(0).text()
    editor.close_it.click()
    desk.settle()
    assert "cannot be closed yet" in desk.tab.message.text(), "a decision without words is open"
    assert editor.form.section_name() == "analysis", "it shows what is open"


def test_baseline_comes_from_the_counts(desk: Desk) -> None:
    editor = desk.open()
    rows = editor.form.lines("decisions")
    assert isinstance(rows, RepeatRows)
    rows.add.click()
    rows.field_of(-1, "measured_by").set_value("neglect")
    rows.edited.emit()
    editor.flush()
    expected = editor.opened.before.recent.baseline("neglect")
    assert expected is not None
    assert rows.field_of(-1, "baseline").value() == expected


def test_reference_completes_and_says_what_was_said(desk: Desk) -> None:
    editor = desk.open()
    known = sorted(editor.opened.before.discussed)
    assert editor.opened.words_for("reference", {}) == tuple(known)
    rows = editor.form.lines("children")
    assert isinstance(rows, RepeatRows)
    rows.set_value([{"reference": known[0]}])
    notes = [label.text() for label in rows.findChildren(type(editor.saved))]
    assert any("Last time," in words and "Repeat concern" in words for words in notes)


def test_name_in_place_of_a_reference_is_refused(desk: Desk) -> None:
    editor = desk.open()
    rows = editor.form.lines("children")
    assert isinstance(rows, RepeatRows)
    rows.set_value([{"reference": "Jack Smith"}])
    rows.edited.emit()
    editor.flush()
    notes = " ".join(label.text() for label in rows.findChildren(type(editor.saved)))
    assert "does not look like a CPOMS reference" in notes
    assert "Never type a child" in notes


def test_pasted_novel_is_answered_and_the_rest_is_saved(desk: Desk) -> None:
    editor = desk.open()
    row = editor.form.row("voice")
    assert isinstance(row.field, TextField)
    desk.bot.keyClicks(row.field.control(), "Quieter hall")
    editor.flush()
    box = row.field.control()
    assert isinstance(box, QPlainTextEdit)
    box.selectAll()
    box.insertPlainText("word " * 20_000)
    other = editor.form.row("key_concerns").field.control()
    desk.bot.keyClicks(other, "Late arrivals")
    kept = desk.saved(editor)
    assert "99,999 characters, and 10,000 is the most" in row.message.text()
    assert (kept["voice"], kept["key_concerns"]) == ("Quieter hall", "Late arrivals")
    assert len(box.toPlainText()) == 100_000, "what was pasted is still there"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("27/10/2026", "half-term holiday"),
        ("25/12/2026", "lies in the future"),
        ("17/11/2026", "has a meeting already"),
        ("28/11/2025", ""),
    ],
)
def test_dates_are_answered(desk: Desk, typed: str, words: str) -> None:
    editor = desk.open()
    row = editor.form.row("held_on")
    assert isinstance(row.field, DateField)
    row.field.line.clear()
    desk.bot.keyClicks(row.field.line, typed)
    editor.flush()
    assert words in row.message.text()


def test_one_dsl_is_recorded_and_said(desk: Desk) -> None:
    editor = desk.open()
    present = editor.form.row("present").field
    present.set_value(present.value()[:1])
    desk.bot.keyClicks(editor.form.row("key_concerns").field.control(), "None")
    editor.flush()
    editor.close_it.click()
    desk.settle()
    assert "not quorate" in desk.tab.message.text()
    assert editor.close_it.text() == "Close all the same"
    editor.close_it.click()
    desk.settle()
    assert read_meeting(desk.vault, editor.meeting.id).is_closed


def test_undo_reaches_across_sections(desk: Desk) -> None:
    editor = desk.open()
    start = editor.form.answers()
    desk.bot.keyClicks(editor.form.row("voice").field.control(), "Quieter hall")
    editor.flush()
    count_on_first_line(desk, editor, "+")
    editor.flush()
    editor.form.sections.setCurrentRow(1)
    desk.bot.keyClick(editor.form.row("starts").field.control(), Qt.Key.Key_Z, CONTROL)
    assert editor.form.section_name() == "concerns_group", "it shows what changed"
    assert editor.form.answers()["voice"] == "Quieter hall"
    editor.undo()
    assert in_order(editor.form.answers()) == in_order(start)
    assert in_order(desk.saved(editor)) == in_order(start)
    editor.redo()
    editor.redo()
    assert editor.form.answers()["voice"] == "Quieter hall"
    editor.redo()
    assert "Nothing is left to redo" in editor.saved.text()


def test_clock_counts_the_section_that_is_shown(desk: Desk) -> None:
    editor = desk.open()
    seconds = [0.0]
    editor.clock._seconds = lambda: seconds[0]
    editor.form.sections.setCurrentRow(1)
    editor.clock.start.click()
    seconds[0] = 300.0
    editor.clock.tick()
    assert editor.clock.said.text() == "! 1:00 over here · 5 of 40 min used"


def test_closed_meeting_is_amended_with_a_reason(desk: Desk) -> None:
    desk.rooms.go_to("Meetings")
    desk.settle()
    desk.tab.table.selectRow(1)
    desk.tab.open.click()
    desk.settle()
    editor = desk.tab.editor
    assert editor is not None
    assert editor.meeting.is_locked
    editor.amend_wanted.emit()
    panel = desk.tab.stack.currentWidget()
    assert isinstance(panel, AmendPanel)
    panel.keep.click()
    desk.settle()
    assert "Say why" in desk.tab.message.text()
    panel.reason.setText("The count of Tuesday was wrong")
    panel.keep.click()
    desk.settle()
    amending = desk.tab.editor
    assert amending is not None
    assert not amending.meeting.is_locked
    amending.close_it.click()
    desk.settle()
    if desk.tab.editor is amending:
        amending.close_it.click()
        desk.settle()
    assert "as version 2" in desk.tab.message.text()


def test_week_without_a_meeting_gets_its_reason(desk: Desk) -> None:
    desk.rooms.go_to("Meetings")
    desk.settle()
    assert "9 of 10 weeks" in desk.tab.coverage.text()
    desk.tab.weeks.click()
    panel = desk.tab.stack.currentWidget()
    assert isinstance(panel, WeeksPanel)
    panel.table.selectRow([w.monday for w in panel.table.table.rows].index(date(2026, 10, 5)))
    panel.reason.setCurrentIndex(panel.reason.findData("school_closed"))
    panel.note.setText("No heating")
    panel.keep.click()
    desk.settle()
    assert "9 of 9 weeks" in panel.summary.text()
    panel.table.selectRow(0)
    panel.keep.click()
    desk.settle()
    assert "This week had its meeting on 8 Sep 2026" in desk.tab.message.text()


def test_file_is_counted_into_the_meeting_and_undone(desk: Desk, tmp_path: Path) -> None:
    editor = desk.open()
    start = editor.form.answers()
    editor.form.lines("concerns")
    editor.concerns.bring_in.click()
    panel = desk.tab.stack.currentWidget()
    assert isinstance(panel, ImportPanel)
    path = tmp_path / "cpoms.csv"
    head = "Student,Date,Time,Main Category,Location\n"
    path.write_text(head + "A B,18/11/2026,12:35,Forced marriage,Home\n" * 3
                    + "A B,19/11/2026,12:35,Worry box,Home\n")  # fmt: skip
    panel.read(path)
    desk.settle()
    assert "4 rows read; 3 counted" in panel.account.text()
    assert panel.unplaced.table.rows == (("category", "Worry box", 1),)
    panel.placed_as.setCurrentIndex(panel.placed_as.findData("welfare_general"))
    panel.place_it.click()
    desk.settle()
    assert "4 rows read; 4 counted" in panel.account.text()
    panel.apply.click()
    desk.settle()
    assert desk.tab.editor is editor
    row = {"category": "forced_marriage", "count": 3, "place": "home", "time": "lunch"}
    assert row in editor.form.answers()["concerns"]
    assert row in desk.saved(editor)["concerns"]
    editor.undo()
    assert in_order(editor.form.answers()) == in_order(start)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    editor.concerns.bring_in.click()
    panel = desk.tab.stack.currentWidget()
    assert isinstance(panel, ImportPanel)
    panel.read(broken)
    desk.settle()
    assert "damaged" in desk.tab.message.text()


def test_papers_open_from_the_meeting(desk: Desk) -> None:
    editor = desk.open()
    for work in (editor._agenda, editor._share):
        work()
        desk.settle()
        view = desk.tab.stack.currentWidget()
        assert isinstance(view, PdfView)
        view.back.click()
    assert desk.tab.editor is editor


def test_actions_are_filtered_and_changed_together(desk: Desk) -> None:
    tab = desk.rooms.tab("Actions")
    assert isinstance(tab, ActionsTab)
    desk.rooms.go_to("Actions")
    desk.settle()
    everything = len(tab.panel.table.table.rows)
    assert everything >= 3
    assert "Pressing" in tab.panel.table.table.rows[0].state_words_on(desk.vault.today())
    desk.bot.keyClicks(tab.words, "inventry")
    assert len(tab.panel.table.table.rows) == 1
    tab.words.clear()
    tab.panel.table.selectAll()
    tab.panel.typed.setText("nad")
    next(a for a in tab.panel.more.menu().actions() if "person" in a.text()).trigger()
    desk.settle()
    assert f"{everything} actions are given to somebody else" in tab.message.text()
    assert {action.owner for action in tab.panel.table.table.rows} == {"Nadia Rahman"}
    tab.panel.table.selectAll()
    tab.panel.buttons["dropped"].click()
    desk.settle()
    assert "Say why the action is dropped" in tab.message.text()
    assert len(tab.panel.table.table.rows) == everything, "one refusal changes nothing"
    tab.new.setText("Ring the front door @ruth")
    tab.add.click()
    desk.settle()
    assert "until when" in tab.message.text()
    tab.new.setText("Ring the front door @ruth !friday")
    tab.add.click()
    desk.settle()
    assert "Ring the front door" in [a.title for a in tab.panel.table.table.rows]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_meeting_fits_a_school_laptop(desk: Desk, qapp: QApplication, scale: float) -> None:
    apply_theme(qapp, text_scale=scale)
    editor = desk.open()
    for place in range(editor.form.sections.count()):
        editor.form.sections.setCurrentRow(place)
        desk.settle()
    assert desk.rooms.minimumSizeHint().width() <= 1366
    assert desk.rooms.minimumSizeHint().height() <= 700
    apply_theme(qapp)
