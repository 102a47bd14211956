"""The tab Records: what is due, a hold, a disposal, a search with its export, the assessment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.pdf_view import PdfView
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.records import DisposalPanel, RecordsTab
from odbst_desktop.desktop.tabs.records_holds import HoldsPanel
from odbst_desktop.desktop.tabs.records_periods import (
    CertificatesPanel,
    NoticePanel,
    PeriodsPanel,
)
from odbst_desktop.desktop.tabs.records_search import SearchPanel
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.retention.disposal import disposals
from odbst_desktop.school.people import people
from odbst_desktop.vault.vault import Vault

Open = Callable[[str], RecordsTab]


def settle(tab: RecordsTab) -> None:
    for _ in range(6):
        tab.desk.jobs.wait()
        QApplication.processEvents()


@pytest.fixture
def open_tab(qtbot: QtBot, qapp: QApplication, unlocked: Callable[[str], Vault]) -> Open:
    apply_theme(qapp)
    kept: list[Rooms] = []  # else a tab's window would go with the end of the call

    def open_(name: str) -> RecordsTab:
        rooms = Rooms(unlocked(name), JobRunner(qapp), write_whole)
        kept.append(rooms)
        qtbot.addWidget(rooms)
        rooms.resize(QSize(1366, 700))
        rooms.show()
        tab = rooms.tab("Records")
        assert isinstance(tab, RecordsTab)
        rooms.go_to("Records")
        settle(tab)
        return tab

    return open_


def rows(tab: RecordsTab) -> list[str]:
    table = tab.table.table
    columns = range(table.columnCount())
    return [
        " | ".join(str(table.data(table.index(row, column))) for column in columns)
        for row in range(table.rowCount())
    ]


def row_of(tab: RecordsTab, words: str) -> int:
    return next(place for place, text in enumerate(rows(tab)) if words in text)


def shown(tab: RecordsTab) -> str:
    page = tab.stack.currentWidget()
    assert page is not None
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def names(vault: Vault) -> set[str]:
    with vault.reading() as session:
        return {person.name for person in people(session)}


def test_a_disposal_from_the_list_to_its_certificate(
    open_tab: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = open_tab("oakfield")
    assert "are due for disposal" in tab.summary.text()
    assert not tab.dispose.isEnabled()

    tab.table.selectRow(row_of(tab, "■ Held back"))
    tab.table.setFocus()
    qtbot.keyClick(tab.table, Qt.Key.Key_Space)
    assert "This record stays. Held: The records of Frank Osman" in tab.message.text()
    assert not tab.dispose.isEnabled(), "what is held cannot be chosen"

    tab.table.selectRow(row_of(tab, "☐ Free to go"))
    assert "leaving + 6 years" in tab.why.text().lower()
    qtbot.keyClick(tab.table, Qt.Key.Key_Space)
    assert "☑ Chosen" in rows(tab)[row_of(tab, "Chosen")]
    assert tab.dispose.text() == "Dispose of 1 record…"
    assert "Marion Dell" in names(tab.desk.vault)

    tab.dispose.click()
    panel = tab.stack.currentWidget()
    assert isinstance(panel, DisposalPanel)
    assert "There is no way back" in shown(tab)
    assert not panel.go.isEnabled(), "nothing goes before somebody says that they looked"
    panel.looked.setChecked(True)
    panel.go.click()
    settle(tab)
    assert "Marion Dell" not in names(tab.desk.vault)
    assert "1 record disposed of" in tab.message.text()

    view = tab.stack.currentWidget()
    assert isinstance(view, PdfView)
    target = tmp_path / "certificate.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(target), ""))
    view.save.click()
    assert target.read_bytes().startswith(b"%PDF")
    view.back.click()
    settle(tab)
    assert not any("Free to go" in row for row in rows(tab))
    assert not tab.tidy.isVisible()
    assert tab.desk.vault.check() == ()

    tab.certificates.click()
    settle(tab)
    kept = tab.stack.currentWidget()
    assert isinstance(kept, CertificatesPanel)
    kept.show_chosen.click()
    settle(tab)
    assert isinstance(tab.stack.currentWidget(), PdfView)


def test_going_back_disposes_of_nothing(open_tab: Open) -> None:
    tab = open_tab("oakfield")
    tab.all.click()
    tab.dispose.click()
    panel = tab.stack.currentWidget()
    assert isinstance(panel, DisposalPanel)
    panel.looked.setChecked(True)
    panel.back.click()
    settle(tab)
    assert "Marion Dell" in names(tab.desk.vault)
    with tab.desk.vault.reading() as session:
        assert disposals(session) == ()


def test_a_record_is_held_from_the_list_and_freed_again(open_tab: Open) -> None:
    tab = open_tab("oakfield")
    tab.table.selectRow(row_of(tab, "☐ Free to go"))
    tab.hold.click()
    settle(tab)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, HoldsPanel)
    assert panel.scope.currentText().startswith("This record: Person who left")
    panel.reason.setText("asked for by Anna Petrova")
    panel.place.click()
    settle(tab)
    assert "may name somebody" in tab.message.text()
    assert panel.reason.text(), "what was typed is kept"
    panel.reason.setText("independent inquiry")
    panel.place.click()
    settle(tab)
    panel.back.click()
    settle(tab)
    assert not any("Free to go" in row for row in rows(tab))

    tab.holds.click()
    settle(tab)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, HoldsPanel)
    table = panel.table.table
    place = next(n for n, hold in enumerate(table.rows) if hold.reason == "independent inquiry")
    panel.table.selectRow(place)
    panel.lift.click()
    settle(tab)
    panel.back.click()
    settle(tab)
    assert any("Free to go" in row for row in rows(tab))


@pytest.mark.parametrize(
    ("scope", "field", "typed", "words"),
    [
        ("since", "since", "1/9/2019", "Everything since 1 Sep 2019"),
        ("person", "person", "Marion Dell", "The records of Marion Dell"),
        ("kind", "", "", "All: "),
    ],
)
def test_every_sort_of_hold_can_be_placed(
    open_tab: Open, scope: str, field: str, typed: str, words: str
) -> None:
    tab = open_tab("oakfield")
    tab.holds.click()
    settle(tab)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, HoldsPanel)
    panel.scope.setCurrentIndex(panel.scope.findData(scope))
    if field == "since":
        panel.since.setText(typed)
    elif field == "person":
        panel.person.setCurrentText(typed)
    panel.reason.setText("inquiry")
    panel.place.click()
    settle(tab)
    assert any(hold.words.startswith(words) for hold in panel.table.table.rows)


def test_a_period_is_changed_where_it_is_shown(open_tab: Open) -> None:
    tab = open_tab("trust")
    tab.periods.click()
    settle(tab)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, PeriodsPanel)
    panel.table.selectRow(3)
    assert panel.years.text() == "6"
    panel.years.setText("seven")
    panel.change.click()
    settle(tab)
    assert "not a number of years" in tab.message.text()
    panel.years.setText("7")
    panel.source.setText("The trust’s schedule")
    panel.change.click()
    settle(tab)
    assert panel.table.table.rows[3].rule == "end of the academic year + 7 years"
    panel.reset.click()
    settle(tab)
    assert panel.table.table.rows[3].years == 6


def test_a_search_is_shown_and_exported_for_the_officer(
    open_tab: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = open_tab("oakfield")
    tab.search.click()
    settle(tab)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, SearchPanel)
    assert not panel.export.isEnabled()
    panel.reference.setText("Anna")
    panel.look.click()
    settle(tab)
    assert "does not look like a CPOMS reference" in tab.message.text()
    panel.reference.setText("C1014")
    panel.look.click()
    settle(tab)
    assert panel.summary.text() == "1 passage found."
    assert "CPOMS reference: C1014" in panel.says.text()
    folder = tmp_path / "officer"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(folder))
    panel.export.click()
    settle(tab)
    assert "not for sending" in tab.message.text()
    assert sorted(path.suffix for path in folder.iterdir()) == [".csv", ".pdf"]
    panel.export.click()
    settle(tab)
    assert len(list(folder.iterdir())) == 4, "none is ever replaced"
    panel.scope.setCurrentIndex(1)
    panel.person.setCurrentText("Nadia Rahman")
    panel.look.click()
    settle(tab)
    assert "passages found" in panel.summary.text()


@pytest.mark.parametrize("name", ["oakfield", "governor", "trust"])
def test_the_assessment_is_read_in_the_window(open_tab: Open, name: str) -> None:
    tab = open_tab(name)
    tab.notice.click()
    settle(tab)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, NoticePanel)
    text = panel.text.toPlainText()
    assert "What this program does with data" in text
    assert "Somebody who holds the unlocked laptop sees what its user sees." in text
    assert "|" not in text, "tables are drawn as tables"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_no_words_are_cut_off_over_the_list(
    open_tab: Open, qapp: QApplication, scale: float
) -> None:
    tab = open_tab("oakfield")
    apply_theme(qapp, text_scale=scale)
    tab.all.click()
    for opener in (tab.dispose, tab.holds, tab.periods, tab.search, tab.certificates, tab.notice):
        opener.click()
        settle(tab)
        page = tab.stack.currentWidget()
        assert page is not None
        for label in page.findChildren(QLabel):
            if label.isVisible() and label.wordWrap():
                assert label.height() >= label.heightForWidth(label.width()), label.text()
        tab.close_over()
        settle(tab)
        tab.all.click()
        tab.all.click()
