"""Every tab of every profile on the demonstration trust: named, whole, readable."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from odbst_desktop.app import real_services
from odbst_desktop.desktop.fields import DateField, NumberField, TimeField
from odbst_desktop.desktop.form_rows import RepeatRows
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.pdf_view import PdfView
from odbst_desktop.desktop.pictures import picture_every_tab
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.home import HomeTab
from odbst_desktop.desktop.tabs.meetings import MeetingsTab
from odbst_desktop.desktop.tabs.packages import PackagesTab
from odbst_desktop.desktop.tabs.termly_return import ReturnTab
from odbst_desktop.desktop.tabs.training import TrainingTab
from odbst_desktop.desktop.tabs.training_panels import LeavingPanel
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.meetings.log import MeetingId, read_meeting
from tests.desktop.opening import Open, settle

CONTROLS = (QLineEdit, QComboBox, QPlainTextEdit, QListWidget, QTableView)


def walk(rooms: Rooms) -> list[QWidget]:
    """Go through every tab, open what can be opened, and return every page shown."""
    pages = []
    for tab in rooms.all:
        rooms.go_to(tab.title)
        settle(tab.desk.jobs)
        pages.append(tab.stack.currentWidget())
        opener = getattr(tab, "open", None)
        if isinstance(opener, QPushButton) and opener.isEnabled():
            opener.click()
            settle(tab.desk.jobs)
            pages.append(tab.stack.currentWidget())
    return [page for page in pages if page is not None]


@pytest.mark.parametrize("name", ["oakfield", "governor", "trust"])
def test_every_control_is_named(open_rooms: Open, name: str) -> None:
    rooms = open_rooms(name)
    for page in walk(rooms):
        for kind in CONTROLS:
            for control in page.findChildren(kind):
                if control.focusPolicy() != Qt.FocusPolicy.NoFocus and control.parent():
                    inside = isinstance(control.parent(), QComboBox)
                    assert inside or control.accessibleName(), (type(page), control)
        for button in page.findChildren(QAbstractButton):
            named = button.text() or button.accessibleName() or button.toolTip()
            assert named or not button.isVisible() or button.objectName(), type(page)


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("name", ["oakfield", "governor", "trust"])
def test_no_words_are_cut_off(
    open_rooms: Open, qapp: QApplication, name: str, scale: float
) -> None:
    apply_theme(qapp, text_scale=scale)
    rooms = open_rooms(name)
    for tab in rooms.all:
        rooms.go_to(tab.title)
        settle(tab.desk.jobs)
        for label in tab.findChildren(QLabel):
            if label.isVisible() and label.wordWrap():
                assert label.height() >= label.heightForWidth(label.width()), label.text()
        for button in tab.findChildren(QPushButton):
            if button.isVisible():
                assert button.width() >= button.sizeHint().width(), button.text()
    assert rooms.minimumSizeHint().height() <= 700, "it fits a school laptop"


def test_what_is_due_is_said_first(open_rooms: Open) -> None:
    rooms = open_rooms("oakfield")
    words = " ".join(label.text() for label in rooms.home.findChildren(QLabel))
    for expected in (
        "24 Nov 2026 · autumn term, second half, week 4",
        "Begun",
        "9 of 10 weeks",
        "What staff understand",
    ):
        assert expected in words
    assert isinstance(rooms.home, HomeTab)


def test_typed_answers_survive_a_lock(open_rooms: Open, qtbot: QtBot) -> None:
    rooms = open_rooms("oakfield")
    tab = rooms.tab("Meetings")
    assert isinstance(tab, MeetingsTab)
    rooms.go_to("Meetings")
    settle(tab.desk.jobs)
    tab.open.click()
    settle(tab.desk.jobs)
    editor = tab.editor
    assert editor is not None
    field = editor.form.row("voice").field
    qtbot.keyClicks(field.control(), "A quieter hall")
    rooms.flush()
    tab.desk.jobs.wait()
    meeting: MeetingId = editor.meeting.id
    assert read_meeting(tab.desk.vault, meeting).answers["voice"] == "A quieter hall"


def test_wrong_entry_is_said_and_not_saved(open_rooms: Open, qtbot: QtBot) -> None:
    rooms = open_rooms("oakfield")
    tab = rooms.tab("Meetings")
    assert isinstance(tab, MeetingsTab)
    rooms.go_to("Meetings")
    settle(tab.desk.jobs)
    tab.open.click()
    settle(tab.desk.jobs)
    form = tab.editor.form if tab.editor else None
    assert form is not None
    row = form.row("early_help")
    assert isinstance(row.field, NumberField)
    row.field.line.clear()
    qtbot.keyClicks(row.field.line, "six")
    form.flush()
    assert "“six” is not a whole number" in row.message.text()
    assert "early_help" not in form.answers()


def test_papers_are_shown_from_memory(open_rooms: Open, demonstration: Path) -> None:
    rooms = open_rooms("oakfield")
    tab = rooms.tab("Meetings")
    assert isinstance(tab, MeetingsTab)
    rooms.go_to("Meetings")
    settle(tab.desk.jobs)
    tab.open.click()
    settle(tab.desk.jobs)
    before = {path for path in demonstration.rglob("*") if path.is_file()}
    assert tab.editor is not None
    tab.editor.minutes.click()
    settle(tab.desk.jobs)
    view = tab.stack.currentWidget()
    assert isinstance(view, PdfView)
    assert {p for p in demonstration.rglob("*") if p.is_file()} == before
    view.back.click()
    assert tab.editor is not None


def test_refused_file_is_said_in_the_window(open_rooms: Open, tmp_path: Path) -> None:
    rooms = open_rooms("trust")
    tab = rooms.tab("Packages")
    assert isinstance(tab, PackagesTab)
    rooms.go_to("Packages")
    path = tmp_path / "holiday.jpg"
    path.write_bytes(b"\xff\xd8 not a package")
    tab.file([path])
    settle(tab.desk.jobs)
    assert "not a package" in tab.message.text()
    assert [v.code for v in tab.verdicts.table.rows] == ["not-a-package"]


def test_unknown_term_is_said_in_the_window(open_rooms: Open) -> None:
    rooms = open_rooms("oakfield")
    tab = rooms.tab("Termly return")
    assert isinstance(tab, ReturnTab)
    rooms.go_to("Termly return")
    settle(tab.desk.jobs)
    tab.year.setText("2050-51")
    tab.prepare.click()
    settle(tab.desk.jobs)
    assert "not known here" in tab.message.text()


@pytest.mark.parametrize(
    ("typed", "value"),
    [("24/11", "2026-11-24"), ("tomorrow", "2026-11-25"), ("31/2", None), ("soon", None)],
)
def test_dates_as_people_type_them(qtbot: QtBot, clock: object, typed: str, value: str) -> None:
    field = DateField(clock.day)  # type: ignore[attr-defined]
    qtbot.addWidget(field)
    qtbot.keyClicks(field.line, typed)
    assert field.value() == value
    assert bool(field.fault()) == (value is None)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("15:30", "15:30"), ("9.05", "09:05"), ("1530", "15:30"), ("25:00", None), ("x", None)],
)
def test_times_as_people_type_them(qtbot: QtBot, typed: str, value: str) -> None:
    field = TimeField()
    qtbot.addWidget(field)
    qtbot.keyClicks(field.line, typed)
    assert field.value() == value
    assert bool(field.fault()) == (value is None)


def test_pictures_are_made_of_every_tab(
    qapp: QApplication, demonstration: Path, tmp_path: Path
) -> None:
    apply_theme(qapp)
    names = [p.name for p in picture_every_tab(real_services(), demonstration, tmp_path / "pics")]
    assert len(names) >= 25
    assert {name.split("-")[0] for name in names} == {"oakfield", "governor", "trust"}


def open_meeting(rooms: Rooms) -> FormView:
    """Open the newest meeting."""
    tab = rooms.tab("Meetings")
    assert isinstance(tab, MeetingsTab)
    rooms.go_to("Meetings")
    settle(tab.desk.jobs)
    tab.open.click()
    settle(tab.desk.jobs)
    assert tab.editor is not None
    return tab.editor.form


def test_meeting_outside_the_terms_is_remarked_on(open_rooms: Open, qtbot: QtBot) -> None:
    rooms = open_rooms("oakfield")
    form = open_meeting(rooms)
    row = form.row("held_on")
    assert isinstance(row.field, DateField)
    row.field.line.clear()
    qtbot.keyClicks(row.field.line, "1/9/2026")
    form.flush()
    assert "outside the terms" in row.message.text()


def test_paper_is_saved_as_pdf_and_as_web_page(
    open_rooms: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = open_rooms("oakfield")
    open_meeting(rooms)
    tab = rooms.tab("Meetings")
    assert isinstance(tab, MeetingsTab)
    assert tab.editor is not None
    tab.editor.minutes.click()
    settle(tab.desk.jobs)
    view = tab.stack.currentWidget()
    assert isinstance(view, PdfView)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **_: (str(tmp_path / a[2]), ""))
    view.save.click()
    view.web.click()
    assert (tmp_path / "minutes.pdf").read_bytes().startswith(b"%PDF")
    assert "<table>" in (tmp_path / "minutes.html").read_text(encoding="utf-8")
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / "no" / "x.pdf"), "")
    )
    view.save.click()
    assert "could not be written" in view.message.text()


def test_a_row_is_added_and_removed_by_key(open_rooms: Open, qtbot: QtBot) -> None:
    rooms = open_rooms("oakfield")
    form = open_meeting(rooms)
    form.show_question("children")
    lines = form.lines("children")
    assert isinstance(lines, RepeatRows)
    before = len(lines.value())
    qtbot.keyClick(lines.add, Qt.Key.Key_Space)
    focused = QApplication.focusWidget()
    assert focused is None or lines.isAncestorOf(focused)
    assert len(lines.value()) == before, "an empty line is no answer"
    removers = [b for b in lines.findChildren(QPushButton) if b.text() == "✕"]
    qtbot.keyClick(removers[0], Qt.Key.Key_Space)
    assert len(lines.value()) == before - 1


def test_this_weeks_draft_is_opened_again(open_rooms: Open) -> None:
    rooms = open_rooms("oakfield")
    tab = rooms.tab("Meetings")
    assert isinstance(tab, MeetingsTab)
    rooms.go_to("Meetings")
    settle(tab.desk.jobs)
    before = len(tab.table.table.rows)
    tab.new.click()
    settle(tab.desk.jobs)
    assert tab.editor is not None
    assert not tab.editor.meeting.is_closed
    tab.close_over()
    settle(tab.desk.jobs)
    assert len(tab.table.table.rows) == before


def test_somebody_leaves(open_rooms: Open) -> None:
    rooms = open_rooms("oakfield")
    tab = rooms.tab("Training")
    assert isinstance(tab, TrainingTab)
    rooms.go_to("Training")
    settle(tab.desk.jobs)
    before = [person.name for person in tab.people.table.table.rows]
    tab.leaving.click()
    panel = tab.stack.currentWidget()
    assert isinstance(panel, LeavingPanel)
    panel.day.setText("yesterday")
    panel.keep.click()
    settle(tab.desk.jobs)
    assert [person.name for person in tab.people.table.table.rows] == before[1:]
