"""The governor's visits in the window: the sample drawn, amended, put aside, the year's picture."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.monitoring import MonitoringTab
from odbst_desktop.desktop.tabs.visit_editor import VisitEditor
from odbst_desktop.desktop.tabs.visits_received import ReceivedVisitsTab
from odbst_desktop.desktop.tabs.year_panel import YearPanel
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.monitoring.explained import explain_check
from odbst_desktop.monitoring.sample import draw_rows
from odbst_desktop.monitoring.visits import read_visit, visits
from odbst_desktop.vault.vault import Vault


def settle(jobs: JobRunner) -> None:
    for _ in range(6):
        jobs.wait()
        QApplication.processEvents()


@pytest.fixture
def open_tab(
    qtbot: QtBot, qapp: QApplication, unlocked: Callable[[str], Vault]
) -> Callable[[str], MonitoringTab]:
    apply_theme(qapp)
    kept: list[Rooms] = []

    def open_(name: str) -> MonitoringTab:
        rooms = Rooms(unlocked(name), JobRunner(qapp), write_whole)
        kept.append(rooms)
        qtbot.addWidget(rooms)
        rooms.resize(QSize(1366, 700))
        rooms.show()
        tab = rooms.tab("Monitoring")
        assert isinstance(tab, MonitoringTab)
        rooms.go_to("Monitoring")
        settle(tab.desk.jobs)
        return tab

    return open_


def editor(tab: MonitoringTab, press: QPushButton) -> VisitEditor:
    press.click()
    settle(tab.desk.jobs)
    assert tab.editor is not None
    return tab.editor


def begin(tab: MonitoringTab, form_id: str) -> VisitEditor:
    tab.other.setCurrentIndex(tab.other.findData(form_id))
    return editor(tab, tab.begin_other)


def test_the_sample_is_drawn_in_the_window(
    open_tab: Callable[[str], MonitoringTab], qtbot: QtBot
) -> None:
    tab = open_tab("governor")
    visit = begin(tab, "single_central_record")
    visit.draw.click()
    assert "Count the rows" in tab.message.text()
    visit.form.sections.setCurrentRow(4)
    field = visit.form.row("entries_total").field
    qtbot.keyClicks(field.control(), "31")
    again = editor(tab, visit.draw)
    answers = again.form.answers()
    rows = [row["row_number"] for row in answers["sampled_rows"]]
    assert rows == list(draw_rows(answers["sample_seed"], 31))
    assert again.form.sections.currentRow() == 4, "it stays where the sample is"


def test_an_amendment_and_its_withdrawal(open_tab: Callable[[str], MonitoringTab]) -> None:
    tab = open_tab("governor")
    tab.visits.selectRow(1)
    signed = editor(tab, tab.open)
    assert signed.afterwards is not None
    signed.afterwards.amend.click()
    settle(tab.desk.jobs)
    assert "Say why" in tab.message.text()
    signed.afterwards.reason.setText("A date was wrong")
    amended = editor(tab, signed.afterwards.amend)
    assert (amended.visit.revision, amended.visit.state) == (2, "draft")
    amended.aside.click()
    settle(tab.desk.jobs)
    assert [v.state for v in tab.visits.table.rows][:2] == ["draft", "signed"]
    tab.with_past.click()
    settle(tab.desk.jobs)
    place = [v.state for v in tab.visits.table.rows].index("put_aside")
    tab.visits.selectRow(place)
    taken_up = editor(tab, tab.open)
    assert taken_up.visit.id == amended.visit.id
    assert read_visit(tab.desk.vault, signed.visit.id).state == "amended"


def test_staff_answers_are_saved_as_they_are_keyed(
    open_tab: Callable[[str], MonitoringTab], qtbot: QtBot
) -> None:
    tab = open_tab("governor")
    tab.visits.selectRow(0)
    draft = editor(tab, tab.open)
    grid = draft.staff
    assert grid is not None
    grid.add.click()
    qtbot.keyClick(grid.view, Qt.Key.Key_N)
    settle(tab.desk.jobs)
    kept = read_visit(tab.desk.vault, draft.visit.id).answers["staff_asked"]
    assert kept[3] == {"asked_role": "teacher", "asked_who_dsl": "no"}
    grid.remove.click()
    settle(tab.desk.jobs)
    assert len(read_visit(tab.desk.vault, draft.visit.id).answers["staff_asked"]) == 3


def test_themes_are_taken_up_and_away(open_tab: Callable[[str], MonitoringTab]) -> None:
    tab = open_tab("governor")

    def planned() -> list[tuple[str, str]]:
        return [(c.half_term, c.slot.form_id) for c in tab.cycle.table.rows]

    def offered() -> list[QPushButton]:
        return [b for b in tab.themes.findChildren(QPushButton) if b.text() == "Take away"]

    # What the trust's pack brought moves its check, and only the trust takes it away again.
    assert ("autumn_1", "recording_and_cases") in planned()
    assert offered() == []
    before = planned()
    tab.themes.term.setCurrentIndex(tab.themes.term.findData("summer"))
    tab.themes.theme.setCurrentIndex(tab.themes.theme.findData("recruitment"))
    tab.themes.take.click()
    settle(tab.desk.jobs)
    (drop,) = offered()
    assert drop.accessibleName() == f"Take away the theme {tab.themes.theme.currentText()}"
    drop.click()
    settle(tab.desk.jobs)
    assert offered() == []
    assert planned() == before


def test_the_years_picture_of_this_year_and_the_last(
    open_tab: Callable[[str], MonitoringTab],
) -> None:
    tab = open_tab("oakfield")
    tab.year.click()
    settle(tab.desk.jobs)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, YearPanel)
    assert [panel.year.itemText(n) for n in range(panel.year.count())] == ["2026-27", "2025-26"]
    assert len(panel.checked.table.rows) == 2
    panel.year.setCurrentText("2025-26")
    panel.year.activated.emit(1)
    settle(tab.desk.jobs)
    before = tab.stack.currentWidget()
    assert isinstance(before, YearPanel)
    assert len(before.checked.table.rows) == 5
    told = explain_check(before.checked.table.rows[0])
    assert told.figure.endswith("%)")
    assert {part.amount for part in told.parts} <= {
        "Yes",
        "Partly",
        "No",
        "Not seen",
        "Not applicable",
        "—",
    }
    before.parts.setCurrentWidget(before.places)
    before.places.setFocus()
    tab.explain()
    settle(tab.desk.jobs)
    assert tab.explained.explanation is not None
    assert tab.explained.explanation.title == before.places.table.rows[0].label
    assert before.places.table.rows[0].place == "playground_main"
    titles = [column.title for column in before.places.table.columns]
    assert titles[-1] == "Concerns recorded there this year"


def test_the_esl_sees_visits_by_school_and_half_term(
    qtbot: QtBot, qapp: QApplication, unlocked: Callable[[str], Vault]
) -> None:
    rooms = Rooms(unlocked("trust"), JobRunner(qapp), write_whole)
    qtbot.addWidget(rooms)
    rooms.show()
    tab = rooms.tab("Visits")
    assert isinstance(tab, ReceivedVisitsTab)
    rooms.go_to("Visits")
    settle(tab.desk.jobs)
    rows = {row.school.name: row for row in tab.table.table.rows}
    oakfield, other = rows["Oakfield CE Primary School"], rows["St Mary’s CE School"]
    assert oakfield.words("autumn_1") == (
        "✓ Single central record check, Recording and case management"
    )
    assert other.words("autumn_1") == "○ None"
    tab.year.setCurrentText("2025-26")
    tab.year.activated.emit(0)
    settle(tab.desk.jobs)
    assert len(tab.listed.table.rows) == 5


def test_the_demonstration_holds_a_year_of_visits(
    unlocked: Callable[[str], Vault], demonstration: Path
) -> None:
    with unlocked("oakfield").reading() as session:
        known = visits(session)
    assert {v.form_id for v in known} == {
        "single_central_record", "staff_understanding", "children_feeling_safe", "online_safety",
        "recording_and_cases",
    }  # fmt: skip
    assert known[0].visited_on == date(2026, 10, 14)
    assert (demonstration / "reports" / "oakfield-monitoring-visit.pdf").exists()
