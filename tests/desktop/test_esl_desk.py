"""The ESL's desk in the window: returns read and asked, figures, reports, register, folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.pdf_view import PdfView
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.tabs.figures import FigurePanel, FiguresTab
from odbst_desktop.desktop.tabs.packages import PackagesTab
from odbst_desktop.desktop.tabs.register import RegisterTab, SchoolPanel
from odbst_desktop.desktop.tabs.return_read import ReturnPanel
from odbst_desktop.desktop.tabs.returned import ReturnedTab
from odbst_desktop.desktop.tabs.trust_reports import TrustReportsTab, WordsPanel
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.office.answering import send_queries
from odbst_desktop.vault.vault import Vault
from tests.desktop.opening import Open, settle

PASSPHRASE = "copper lantern drifting orchard"
AnyTab = TypeVar("AnyTab", bound=Tab)


@pytest.fixture
def open_rooms(
    qtbot: QtBot, qapp: QApplication, unlocked: Callable[[str], Vault]
) -> Iterator[Open]:
    apply_theme(qapp)
    kept: list[Rooms] = []  # Qt frees a window that nobody holds

    def open_(name: str) -> Rooms:
        rooms = Rooms(unlocked(name), JobRunner(qapp), write_whole)
        qtbot.addWidget(rooms)
        rooms.resize(QSize(1366, 800))
        rooms.show()
        kept.append(rooms)
        settle(rooms.home.desk.jobs)
        return rooms

    yield open_
    kept.clear()


def shown(rooms: Rooms, kind: type[AnyTab]) -> AnyTab:
    tab = next(tab for tab in rooms.all if isinstance(tab, kind))
    rooms.go_to(tab.title)
    settle(tab.desk.jobs)
    return tab


def test_question_is_written_beside_its_field_and_sent(open_rooms: Open, tmp_path: Path) -> None:
    tab = shown(open_rooms("trust"), ReturnedTab)
    assert "8 of 9 schools returned" in tab.summary.text()
    names = [row.school.name for row in tab.schools.table.rows]
    assert names == sorted(names)
    tab.schools.selectRow(names.index("Copse Lane School"))
    tab.open.click()
    settle(tab.desk.jobs)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, ReturnPanel)
    assert not panel.send.isEnabled()
    panel.choose("persistent_absence_count")
    panel.question.setText("Is this each pupil once?")
    panel.keep_question()
    settle(tab.desk.jobs)
    assert "1 question to send" in tab.message.text()
    panel.explain_chosen()
    settle(tab.desk.jobs)
    assert tab.explained.explanation is not None
    assert any("signed it as dsl" in line for line in tab.explained.explanation.history)
    panel.write_receipt(send_queries, PASSPHRASE, tmp_path)
    settle(tab.desk.jobs)
    assert list(tmp_path.glob("*receipt*"))
    state = next(s for s in tab.schools.table.rows if s.school.name == "Copse Lane School")
    assert "? Queried" in state.words_on(tab.desk.vault.today())
    tab.remind_all.click()
    settle(tab.desk.jobs)
    assert isinstance(tab.stack.currentWidget(), PdfView)


def test_figure_opens_with_its_chart_and_leads_to_the_return(
    open_rooms: Open, qtbot: QtBot
) -> None:
    rooms = open_rooms("trust")
    tab = shown(rooms, FiguresTab)
    assert tab.loaded is not None
    assert "comparisons" in tab.tests.text()
    tab.sought.setText("online safety")
    assert {row.field for row in tab.table.table.rows} >= {"concerns_online"}
    assert "Nothing is imputed" in tab.summary.text()
    tab.why.click()
    settle(tab.desk.jobs)
    assert tab.explained.explanation is not None
    assert "schools that gave it" in tab.explained.explanation.formula
    tab.open_figure("concerns_online", tab.loaded.key)
    settle(tab.desk.jobs)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, FigurePanel)
    chart = panel.chart
    assert chart is not None
    first = chart.told.text()
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.told.text() != first
    assert "Brookside CE Primary School" in chart.told.text()
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    settle(tab.desk.jobs)
    returned = shown(rooms, ReturnedTab)
    opened = returned.stack.currentWidget()
    assert isinstance(opened, ReturnPanel)
    chosen = opened.table.chosen()
    assert chosen is not None
    assert chosen.name == "concerns_online"


def test_words_are_saved_as_they_are_typed_and_stand_in_the_paper(open_rooms: Open) -> None:
    tab = shown(open_rooms("trust"), TrustReportsTab)
    tab.term_words.click()
    settle(tab.desk.jobs)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, WordsPanel)
    field = panel.form.row("in_short").field
    field.set_value("A steady term.")
    field.edited.emit()
    panel.form.flush()
    settle(tab.desk.jobs)
    assert "Saved at" in panel.saved.text()
    tab.close_over()
    settle(tab.desk.jobs)
    assert "(1 of 8)" in tab.term_words.text()
    tab.papers["tbm"].click()
    settle(tab.desk.jobs)
    assert isinstance(tab.stack.currentWidget(), PdfView)


def test_school_is_kept_and_its_fault_is_said(open_rooms: Open) -> None:
    tab = shown(open_rooms("trust"), RegisterTab)
    tab.add.click()
    panel = tab.stack.currentWidget()
    assert isinstance(panel, SchoolPanel)
    panel.urn.setText("12")
    panel.name.setText("Holt School")
    panel.keep.click()
    settle(tab.desk.jobs)
    assert "six digits" in tab.message.text()
    panel.urn.setText("900120")
    panel.left.setText("31/3/2026")
    panel.keep.click()
    settle(tab.desk.jobs)
    row = next(r for r in tab.schools.table.rows if r.facts.school.urn == 900120)
    assert row.place_words == "– Left on 31 Mar 2026"
    assert "○ Not enrolled" in row.key_words


def test_lost_laptop_is_revoked_and_the_card_asks_to_be_made_anew(open_rooms: Open) -> None:
    rooms = open_rooms("trust")
    tab = shown(rooms, RegisterTab)
    keys = tab.key_panel.keys
    place = [key.person for key in keys.table.rows].index("Farah Siddiq")
    keys.selectRow(place)
    tab.reason.setCurrentIndex(tab.reason.findData("lost"))
    tab.revoke.click()
    settle(tab.desk.jobs)
    assert "is revoked" in tab.message.text()
    assert "people and keys" in tab.card_words.text()
    entry = tab.desk.vault.audit_entries()[-1]
    assert entry.what == "key revoked: the laptop is lost"


def test_folder_is_checked_with_progress_and_reported(
    open_rooms: Open, demonstration: Path, tmp_path: Path
) -> None:
    tab = shown(open_rooms("trust"), PackagesTab)
    files = sorted((demonstration / "outbox").glob("*"))
    tab.file([demonstration / "outbox"])
    for _ in range(len(files)):
        settle(tab.desk.jobs)
        if tab.outcome.isVisible():
            break
    assert f"{len(files)} files checked" in tab.outcome.text()
    assert "received before" in tab.outcome.text()
    assert len(tab.verdicts.table.rows) == len(files)
    tab.report.click()
    settle(tab.desk.jobs)
    assert isinstance(tab.stack.currentWidget(), PdfView)
    (tmp_path / "empty").mkdir()
    tab.close_over()
    tab.file([tmp_path / "empty"])
    settle(tab.desk.jobs)
    assert "no package in there" in tab.message.text()


def test_batch_can_be_stopped_between_files(open_rooms: Open, demonstration: Path) -> None:
    tab = shown(open_rooms("trust"), PackagesTab)
    tab.file([demonstration / "outbox"])
    tab.desk.jobs.wait()
    QApplication.processEvents()
    tab.stop.click()
    for _ in range(4):
        settle(tab.desk.jobs)
    assert "not looked at" in tab.outcome.text()
    assert tab.choose.isEnabled()
