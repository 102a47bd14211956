"""Drafts of an older form in the window: what changed is shown, a button moves them on."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.menu_choices import MenuChoicesField
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.tabs.meetings import MeetingsTab
from odbst_desktop.desktop.tabs.monitoring import MonitoringTab
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import form_from
from odbst_desktop.form_library.definitions import keep_definition
from odbst_desktop.meetings.log import (
    plain_meeting_form,
    read_meeting,
    save_meeting,
    start_meeting,
)
from odbst_desktop.meetings.records import MeetingRow
from odbst_desktop.monitoring.checklists import visit_form
from odbst_desktop.monitoring.records import VisitRow
from odbst_desktop.monitoring.visits import VisitId, read_visit, save_visit, start_visit
from odbst_desktop.vault.vault import Vault

RECRUITMENT = "safer_recruitment"
OAKFIELD = 900101


def settle(tab: Tab) -> None:
    for _ in range(6):
        tab.desk.jobs.wait()
        QApplication.processEvents()


def words_in(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def older(form: Form, name: str, label: str) -> Form:
    """Return a form as it was a year ago, with one question more."""
    content: dict[str, Any] = copy.deepcopy(dict(form.raw))
    content["version"] = "2025.1"
    content["survey"].insert(1, {"type": "text", "name": name, "label": label})
    return form_from(content, "older")


@pytest.fixture
def show(qtbot: QtBot, qapp: QApplication) -> Callable[[Vault, str], Tab]:
    apply_theme(qapp)
    kept: list[Rooms] = []

    def show(vault: Vault, title: str) -> Tab:
        rooms = Rooms(vault, JobRunner(qapp), write_whole)
        kept.append(rooms)
        qtbot.addWidget(rooms)
        rooms.resize(QSize(1366, 700))
        rooms.show()
        rooms.go_to(title)
        tab = rooms.tab(title)
        settle(tab)
        return tab

    return show


@pytest.fixture
def older_visit(unlocked: Callable[[str], Vault]) -> tuple[Vault, VisitId]:
    vault = unlocked("governor")
    visit = start_visit(vault, OAKFIELD, RECRUITMENT)
    form = older(visit_form(RECRUITMENT), "motto", "Motto over the door")
    with vault.changing("made older", f"visit/{visit}") as session:
        keep_definition(session, form, at=vault.now())
        session.get_one(VisitRow, visit).form_version = form.version
    answers = {**read_visit(vault, visit).answers, "motto": "Onwards", "met_with": "DSL"}
    save_visit(vault, visit, answers)
    return vault, visit


def test_visit_begun_under_an_older_checklist_is_moved(
    show: Callable[[Vault, str], Tab], older_visit: tuple[Vault, VisitId]
) -> None:
    vault, visit = older_visit
    tab = show(vault, "Monitoring")
    assert isinstance(tab, MonitoringTab)
    tab.open_visit(visit)
    settle(tab)
    editor = tab.editor
    assert editor is not None
    assert editor.band.isVisible()
    assert editor.form.row("motto").field.value() == "Onwards"
    editor.band.what.click()
    assert "✗ Motto over the door: Onwards" in words_in(editor.band)
    editor.band.move_on.click()
    settle(tab)
    assert tab.editor is not None
    assert not tab.editor.band.isVisible()
    assert "These had no place any more: Motto over the door: Onwards." in tab.message.text()
    assert read_visit(vault, visit).answers["met_with"] == "DSL"


def test_meeting_begun_under_an_older_agenda_is_moved(
    show: Callable[[Vault, str], Tab], school: Vault
) -> None:
    meeting = start_meeting(school)
    form = older(plain_meeting_form(), "weather", "The weather")
    with school.changing("made older", f"meeting/{meeting.id}") as session:
        keep_definition(session, form, at=school.now())
        session.get_one(MeetingRow, meeting.id).form_version = form.version
    save_meeting(school, meeting.id, {**meeting.answers, "weather": "Rain"})
    tab = show(school, "Meetings")
    assert isinstance(tab, MeetingsTab)
    tab.open_meeting(meeting.id)
    settle(tab)
    assert tab.editor is not None
    assert tab.editor.band.isVisible()
    tab.editor.band.what.click()
    assert "✗ The weather: Rain" in words_in(tab.editor.band)
    tab.editor.band.move_on.click()
    settle(tab)
    assert "These had no place any more: The weather: Rain." in tab.message.text()
    assert tab.editor is not None
    assert not tab.editor.band.isVisible()
    found = read_meeting(school, meeting.id)
    assert found.form_version == plain_meeting_form().version
    assert found.answers["present"] == meeting.answers["present"]


def test_kinds_of_evidence_are_ticked_with_the_keys(
    show: Callable[[Vault, str], Tab], unlocked: Callable[[str], Vault], qtbot: QtBot
) -> None:
    vault = unlocked("governor")
    visit = start_visit(vault, OAKFIELD, RECRUITMENT)
    tab = show(vault, "Monitoring")
    assert isinstance(tab, MonitoringTab)
    tab.open_visit(visit, 1)
    settle(tab)
    assert tab.editor is not None
    form = tab.editor.form
    form.row("references").field.set_value("yes")
    form.judge()
    field = form.row("references_basis").field
    assert isinstance(field, MenuChoicesField)
    assert field.isVisible()
    field.button.setFocus()
    field.menu.popup(field.button.mapToGlobal(field.button.rect().bottomLeft()))
    for keys in (Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(field.menu, keys)
    assert field.menu.isVisible()
    qtbot.keyClick(field.menu, Qt.Key.Key_Escape)
    assert not field.menu.isVisible()
    assert field.value() == ["seen_document", "seen_system"]
    assert field.button.text() == "Saw a document · Saw it in a system"
    assert "How you know" in field.button.accessibleName()
    form.flush()
    settle(tab)
    assert read_visit(vault, visit).answers["references_basis"] == field.value()
