"""The training tab: cards, sessions, imports and the matrix, as a user works with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.document_view import DocumentView
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.pdf_view import PdfView
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.training import TrainingTab
from odbst_desktop.desktop.tabs.training_cards import CourseCardView, PersonCardView
from odbst_desktop.desktop.tabs.training_import import ImportPanel
from odbst_desktop.desktop.tabs.training_import_kinds import COMPLETIONS, PEOPLE
from odbst_desktop.desktop.tabs.training_panels import CoursePanel, LeavingPanel, RegisterPanel
from odbst_desktop.desktop.tabs.training_person import (
    CorrectPanel,
    DetailsPanel,
    ExemptPanel,
    ReturnPanel,
)
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.training.previews import Fate
from odbst_desktop.vault.vault import Vault


@pytest.fixture
def tab(
    qtbot: QtBot, qapp: QApplication, unlocked: Callable[[str], Vault]
) -> Iterator[TrainingTab]:
    apply_theme(qapp)
    rooms = Rooms(unlocked("oakfield"), JobRunner(qapp), write_whole)
    qtbot.addWidget(rooms)
    rooms.resize(QSize(1366, 700))
    rooms.show()
    rooms.go_to("Training")
    found = rooms.tab("Training")
    assert isinstance(found, TrainingTab)
    settle(found)
    yield found
    rooms.close()


def settle(tab: TrainingTab) -> None:
    for _ in range(6):
        tab.desk.jobs.wait()
        QApplication.processEvents()


def press(tab: TrainingTab, button: QPushButton) -> object:
    button.click()
    settle(tab)
    return tab.stack.currentWidget()


def open_person(tab: TrainingTab, name: str) -> PersonCardView:
    rows = tab.people.table.table.rows
    tab.people.table.selectRow([p.name for p in rows].index(name))
    card = press(tab, tab.people.open)
    assert isinstance(card, PersonCardView)
    return card


def said(tab: TrainingTab) -> str:
    return tab.message.text()


def test_the_matrix_is_filtered_by_role_name_and_what_is_open(tab: TrainingTab) -> None:
    pane = tab.matrix
    assert pane.view.table.rowCount() == 12
    pane.role.setCurrentIndex(pane.role.findData("deputy_dsl"))
    assert pane.view.table.rowCount() == 2
    pane.due.setCurrentIndex(pane.due.findData("open"))
    assert 0 < pane.view.table.rowCount() <= 2
    pane.role.setCurrentIndex(0)
    pane.due.setCurrentIndex(0)
    pane.hub.setCurrentIndex(pane.hub.findData("North"))
    assert pane.view.table.rowCount() == 3
    pane.hub.setCurrentIndex(0)
    pane.name.setText("Cole")
    pane.filter()
    assert "1 of 12 people" in pane.shown.text()


def test_a_cell_is_spoken_as_a_sentence(tab: TrainingTab) -> None:
    view = tab.matrix.view
    index = view.table.index(0, 0)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Alice Penn, KCSIE annual training: In date until 30 Sep 2027")
    shown = {
        view.table.index(row, column).data().partition(" ")[0]
        for row in range(view.table.rowCount())
        for column in range(view.table.columnCount())
    }
    assert {"✓", "✗", "○", "▷", "◇", "–"} <= shown


def test_the_matrix_is_shown_as_on_a_day_gone_by(tab: TrainingTab) -> None:
    pane = tab.matrix
    pane.as_on.setText("1/3/2026")
    pane.as_on.editingFinished.emit()
    settle(tab)
    assert "as on 1 Mar 2026" in pane.shown.text()
    pane.as_on.setText("32/13/2026")
    pane.as_on.editingFinished.emit()
    settle(tab)
    assert "not a date" in said(tab)


def test_a_planned_session_becomes_a_register_and_records(tab: TrainingTab) -> None:
    plan = press(tab, tab.booking.plan)
    assert isinstance(plan, CoursePanel)
    label = plan.course.currentText()
    plan.day.setText("yesterday")
    press(tab, plan.keep)
    assert "booked for" in said(tab)
    assert tab.sessions.table.table.rows[0].held_on > date(2026, 11, 1)
    place = [s.course.label for s in tab.sessions.table.table.rows].index(label)
    tab.sessions.table.selectRow(place)
    register = press(tab, tab.sessions.register)
    assert isinstance(register, RegisterPanel)
    before = len(register.states)
    register.all_came.click()
    register.add_late.click()
    register.table.selectRow(0)
    register.marks["apologies"].click()
    press(tab, register.keep)
    assert f"{before} new training records" in said(tab)


def test_a_persons_card_leads_to_every_change_and_back(tab: TrainingTab) -> None:
    card = open_person(tab, "Imani Cole")
    details = press(tab, card.details)
    assert isinstance(details, DetailsPanel)
    details.hub.setText("North")
    details.number.setText("E42")
    card = press(tab, details.keep)  # type: ignore[assignment]
    assert isinstance(card, PersonCardView)
    assert "Staff number E42 · Hub North" in " ".join(x.text() for x in card.findChildren(QLabel))
    exempting = press(tab, card.exempt)
    assert isinstance(exempting, ExemptPanel)
    press(tab, exempting.keep)
    assert "reason" in said(tab)
    exempting.reason.setText("Cares for Jack Smith with Imani Cole")
    assert "“Jack Smith” may be a name" in exempting.reason.told.text()
    assert not exempting.reason.told.isHidden()
    exempting.reason.setText("Long-term sick leave; Imani Cole asked")
    assert exempting.reason.told.isHidden()
    exempting.reason.setText("Long-term sick leave")
    card = press(tab, exempting.keep)  # type: ignore[assignment]
    assert "Long-term sick leave" in [cell.reason for _, cell in card.needs.table.rows]
    correcting = press(tab, card.correct)
    assert isinstance(correcting, CorrectPanel)
    correcting.day.setText("3/9/2026")
    correcting.reason.setText("Date misread")
    card = press(tab, correcting.keep)  # type: ignore[assignment]
    assert [r.is_current for r in card.records.table.rows].count(False) == 1
    assert "Date misread" in [r.reason for r in card.records.table.rows]


def test_who_leaves_is_hidden_shown_on_request_and_may_come_back(tab: TrainingTab) -> None:
    leaving = press(tab, open_person(tab, "Imani Cole").leave)
    assert isinstance(leaving, LeavingPanel)
    leaving.day.setText("20/11/2026")
    card = press(tab, leaving.keep)
    assert isinstance(card, PersonCardView)
    press(tab, card.back)
    assert "Imani Cole" not in [p.name for p in tab.people.table.table.rows]
    tab.people.leavers.setChecked(True)
    returning = press(tab, open_person(tab, "Imani Cole").come_back)
    assert isinstance(returning, ReturnPanel)
    card = press(tab, returning.keep)
    assert isinstance(card, PersonCardView)
    press(tab, card.back)
    tab.people.leavers.setChecked(False)
    assert "Imani Cole" in [p.name for p in tab.people.table.table.rows]


def test_a_letter_is_shown_and_a_certificate_kept_and_seen(
    tab: TrainingTab, tmp_path: Path
) -> None:
    card = open_person(tab, "Alice Penn")
    letter = press(tab, card.letter)
    assert isinstance(letter, PdfView)
    press(tab, letter.back)
    held = BytesIO()
    Image.new("RGB", (40, 30)).save(held, "PNG")
    (tmp_path / "kcsie.png").write_bytes(held.getvalue())
    (tmp_path / "kcsie.pdf").write_bytes(held.getvalue())
    card.desk.attach(tmp_path / "kcsie.pdf")  # type: ignore[attr-defined]
    settle(tab)
    assert "named as a PDF" in said(tab)
    card.desk.attach(tmp_path / "kcsie.png")  # type: ignore[attr-defined]
    settle(tab)
    card = tab.stack.currentWidget()  # type: ignore[assignment]
    place = [bool(r.certificate) for r in card.records.table.rows].index(True)
    card.records.selectRow(place)
    shown = press(tab, card.see)
    assert isinstance(shown, DocumentView)
    assert press(tab, shown.back) is card


def test_letters_and_a_calendar_are_written_for_everybody(tab: TrainingTab, tmp_path: Path) -> None:
    tab.write_letters(tmp_path)
    settle(tab)
    assert "letters are written" in said(tab)
    assert (tmp_path / "training-tom-hurst.pdf").read_bytes().startswith(b"%PDF")
    assert tab.loaded is not None
    assert b"BEGIN:VEVENT" in tab.calendar_of(tab.loaded.matrix)


def test_a_course_card_opens_the_person(tab: TrainingTab) -> None:
    tab.courses.table.selectRow(0)
    card = press(tab, tab.courses.open)
    assert isinstance(card, CourseCardView)
    assert isinstance(press(tab, card.open), PersonCardView)


def test_completions_are_imported_after_a_preview_and_undone(
    tab: TrainingTab, tmp_path: Path
) -> None:
    sheet = tmp_path / "smartlog.csv"
    sheet.write_text(
        "Employee,Course title,Completed,Expiry date\n"
        "Imani Cole,Prevent duty,02/11/2026,\n"
        "Imani Cole,Juggling,02/11/2026,\n"
        "Nobody Known,Prevent duty,02/11/2026,\n"
        "Tom Hurst,Prevent duty,29/02/2026,\n"
    )
    tab.open_sheet(sheet)
    settle(tab)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, ImportPanel)
    assert panel.kind is COMPLETIONS
    fates = [line.fate for line in panel.lines.table.rows]
    assert fates == [Fate.NEW, Fate.NO_COURSE, Fate.NO_PERSON, Fate.FAULTY]
    assert panel.keep.text() == "Import 1 rows"
    press(tab, panel.keep)
    assert "Nothing was imported" in said(tab)
    panel.means.setCurrentIndex(panel.means.findData("fgm_awareness"))
    press(tab, panel.take_so)
    assert panel.keep.text() == "Import 2 rows"
    panel.leave_out.setChecked(True)
    press(tab, panel.keep)
    assert "2 rows of smartlog.csv" in said(tab)
    assert [made.new for made in tab.imports.table.table.rows] == [2]
    press(tab, tab.imports.undo)
    assert "undone, 2 records" in said(tab)


def test_a_list_of_people_is_undone_in_the_window(tab: TrainingTab, tmp_path: Path) -> None:
    sheet = tmp_path / "bromcom.csv"
    sheet.write_text("Name,Job title,Start date,Hub\nZoe Hart,Cook,01/09/2026,East\n")
    tab.open_sheet(sheet, PEOPLE)
    settle(tab)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, ImportPanel)
    press(tab, panel.keep)
    assert "Zoe Hart" in {person.name for person in tab.people.table.table.rows}
    press(tab, tab.imports.undo)
    assert "undone, 1 person" in said(tab)
    assert "Zoe Hart" not in {person.name for person in tab.people.table.table.rows}


def test_the_mapping_a_user_chose_is_there_the_next_time(tab: TrainingTab, tmp_path: Path) -> None:
    for name in ("first.csv", "second.csv"):
        day = "03/11/2026" if name == "first.csv" else "04/11/2026"
        (tmp_path / name).write_text(f"Who,What,When\nImani Cole,Prevent,{day}\n")
    tab.open_sheet(tmp_path / "first.csv", COMPLETIONS)
    settle(tab)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, ImportPanel)
    assert "Choose the column for" in panel.summary.text()
    for field, column in (("name", "Who"), ("course", "What"), ("completed_on", "When")):
        panel.boxes[field].setCurrentIndex(panel.boxes[field].findData(column))
        settle(tab)
    press(tab, panel.keep)
    tab.open_sheet(tmp_path / "second.csv", COMPLETIONS)
    settle(tab)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, ImportPanel)
    assert panel.boxes["name"].currentData() == "Who"
    assert panel.keep.text() == "Import 1 rows"


def test_a_list_of_people_asks_whom_a_name_means(tab: TrainingTab, tmp_path: Path) -> None:
    sheet = tmp_path / "bromcom.csv"
    sheet.write_text(
        "Legal Surname,Legal Forename,Job Title,Start Date\n"
        "Cole,Imani,School governor of sorts,01/01/2020\n"
        "Orr,Di,Class teacher,01/09/2026\n"
        "Hurst,Tom,Cook,01/01/2019\n"
    )
    tab.open_sheet(sheet)  # as when it is dropped
    settle(tab)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, ImportPanel)
    assert panel.kind is PEOPLE
    questions = [panel.what.itemText(n) for n in range(panel.what.count())]
    assert len(questions) == 2
    assert questions[0].startswith("Job title")
    assert "only the name agrees" in questions[1]
    panel.what.setCurrentIndex(1)
    panel.means.setCurrentIndex(panel.means.findData("new"))
    press(tab, panel.take_so)
    panel.leave_out.setChecked(True)
    press(tab, panel.keep)
    names = [person.name for person in tab.people.table.table.rows]
    assert names.count("Tom Hurst") == 2
    assert names.count("Di Orr") == 1
    assert names.count("Imani Cole") == 1


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04nothing", b"\x00\x01\x02\x03"])
def test_a_sheet_that_is_none_is_said_and_opens_nothing(
    tab: TrainingTab, tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "x.xlsx").write_bytes(data)
    under = tab.stack.currentWidget()
    tab.open_sheet(tmp_path / "x.xlsx", COMPLETIONS)
    settle(tab)
    assert "x.xlsx" in said(tab)
    assert tab.stack.currentWidget() is under


def test_every_control_of_cards_and_forms_is_named(tab: TrainingTab, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Employee,Course,Completed\nImani Cole,Prevent,02/11/2026\n")

    def sheet() -> None:
        tab.open_sheet(tmp_path / "x.csv", COMPLETIONS)

    openings: list[Callable[[], object]] = [
        tab.matrix.card.click, tab.matrix.course_card.click, tab.matrix.record.click,
        tab.sessions.plan.click, tab.sessions.register.click, tab.people.add.click, sheet,
    ]  # fmt: skip
    for opening in openings:
        opening()
        settle(tab)
        page = tab.stack.currentWidget()
        assert page is not None
        for kind in (QLineEdit, QComboBox, QTableView):
            for control in page.findChildren(kind):
                inside = isinstance(control.parent(), QComboBox)
                assert inside or control.accessibleName(), (type(page), control)
        tab.close_over()
        settle(tab)
