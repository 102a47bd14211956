"""Beside the return: any figure explained on Ctrl+I, what moved, what the term says."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.checks import ChecksPanel
from odbst_desktop.desktop.tabs.termly_return import ReturnEditor, ReturnTab
from odbst_desktop.form_engine.answers import Problem
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


def test_a_problem_jumps_to_its_field_and_what_is_explained_is_not_asked_again(
    open_rooms: Open, qtbot: QtBot
) -> None:
    rooms = open_rooms("oakfield")
    tab, editor = autumn(rooms)
    places = editor.form.sections
    checks = next(n for n in range(places.count()) if "Checks" in places.item(n).text())
    places.setCurrentRow(checks)
    settle(tab.desk.jobs)
    jumps = [b for b in editor.checks.findChildren(QPushButton) if b.text() == "Go to it"]
    fields = [str(jump.property("field")) for jump in jumps]
    assert "key_concerns" in fields
    jumps[fields.index("key_concerns")].click()
    assert has_the_keys(editor.form.row("key_concerns").field)
    places.setCurrentRow(checks)
    settle(tab.desk.jobs)
    rule, line = next(iter(editor.checks.lines.items()))
    field = next(p.field for p in editor.form.judge().problems if p.rule == rule)
    before = editor.form.row(field).message.text()
    assert before.startswith("!")
    line.setText("Looked at with the headteacher.")
    line.editingFinished.emit()
    settle(tab.desk.jobs)
    assert editor.form.row(field).message.text() != before
    assert read_return(tab.desk.vault, editor.found.id).explanations[rule].startswith("Looked at")


def test_a_bromcom_sheet_fills_the_draft_from_the_window(open_rooms: Open, tmp_path: Path) -> None:
    rooms = open_rooms("oakfield")
    tab, editor = autumn(rooms)
    sheet = tmp_path / "autumn.csv"
    sheet.write_text(
        "Surname,Possible sessions,Sessions attended,Suspensions\nInvented,100,96,0\n"
        "Invented,100,80,1\nInvented,0,x,0\n"
    )
    editor.sheet.read(sheet)
    settle(tab.desk.jobs)
    settle(tab.desk.jobs)
    assert "2 pupils counted" in tab.message.text()
    assert "1 rows could not be read" in tab.message.text()
    assert tab.editor is not None
    answers = tab.editor.form.answers()
    assert (answers["pupils_on_roll"], answers["attendance_pct"]) == (2, 88.0)
    assert answers["suspensions_count"] == 1


def test_a_pasted_table_in_a_figure_is_said_and_not_saved(open_rooms: Open) -> None:
    rooms = open_rooms("oakfield")
    tab, editor = autumn(rooms)
    row = editor.form.row("cla_count")
    before = read_return(tab.desk.vault, editor.found.id).answers.get("cla_count")
    QApplication.clipboard().setText("Year\tCount\n7\t3\n8\t4\n")
    line = row.field.control()
    assert isinstance(line, QLineEdit)
    line.selectAll()
    line.paste()
    row.field.edited.emit()
    editor.form.flush()
    settle(tab.desk.jobs)
    assert row.message.text().startswith("✗")
    saved = read_return(tab.desk.vault, editor.found.id).answers.get("cla_count")
    assert saved in {None, before}


def test_errors_warnings_and_the_esls_questions_are_told_apart(qtbot: QtBot) -> None:
    went: list[str] = []
    said = {"places_recorded": "The log was new."}
    panel = ChecksPanel(lambda: None, said, is_read_only=False, go=went.append)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_problems(
        (
            Problem("ref_nfa", None, "error", "referral_outcomes_sum", "They do not add up."),
            Problem("place_not_recorded", None, "warning", "places_recorded", "Many places."),
            Problem("cla_count", None, "warning", "changed:cla_count", "Say why."),
            Problem("concerns_total", None, "question", "concerns_none", "Is that right?"),
        )
    )
    told = [label.text() for label in panel.findChildren(QLabel)]
    for heading in ("To mend: 1", "To explain in a sentence: 1 (1 explained)",
                    "What the ESL may ask: 1"):  # fmt: skip
        assert heading in told
    assert set(panel.lines) == {"places_recorded", "changed:cla_count"}
    assert any(text.startswith("✓ ") and "Many places" in text for text in told)
    for jump in panel.findChildren(QPushButton):
        jump.click()
    assert set(went) == {"ref_nfa", "place_not_recorded", "cla_count", "concerns_total"}
