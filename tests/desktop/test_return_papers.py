"""The papers for governors in the window: looked at from memory, saved once both have signed."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.pdf_view import PdfView
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.termly_return import ReturnTab
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.returns.drafting import save_return
from odbst_desktop.returns.shown import shown_sets
from odbst_desktop.vault.vault import Vault


def settle(tab: ReturnTab) -> None:
    for _ in range(6):
        tab.desk.jobs.wait()
        QApplication.processEvents()


@pytest.fixture
def tab(qtbot: QtBot, qapp: QApplication, unlocked: Callable[[str], Vault]) -> Iterator[ReturnTab]:
    apply_theme(qapp)
    rooms = Rooms(unlocked("oakfield"), JobRunner(qapp), write_whole)
    qtbot.addWidget(rooms)
    rooms.resize(QSize(1366, 700))
    rooms.show()
    rooms.go_to("Termly return")
    found = rooms.tab("Termly return")
    assert isinstance(found, ReturnTab)
    settle(found)
    yield found
    rooms.close()


def choose(tab: ReturnTab, term: str) -> None:
    place = next(n for n, row in enumerate(tab.table.table.rows) if row.term == term)
    tab.table.selectRow(place)


def test_each_paper_is_looked_at_from_memory(tab: ReturnTab, demonstration: Path) -> None:
    before = {path for path in demonstration.rglob("*") if path.is_file()}
    choose(tab, "summer")
    for place in range(tab.papers.kind.count()):
        tab.papers.kind.setCurrentIndex(place)
        tab.papers.look.click()
        settle(tab)
        view = tab.stack.currentWidget()
        assert isinstance(view, PdfView)
        assert view.save.isHidden(), "it is saved where what governors are shown is kept"
        view.back.click()
    assert {path for path in demonstration.rglob("*") if path.is_file()} == before


def test_the_papers_of_a_signed_return_are_saved_with_their_web_pages(
    tab: ReturnTab, tmp_path: Path
) -> None:
    choose(tab, "summer")
    tab.papers.save_to(tmp_path)
    settle(tab)
    assert "Saved: three papers" in tab.message.text()
    names = sorted(path.name for path in tmp_path.iterdir() if path.suffix in {".pdf", ".html"})
    assert len(names) == 6
    assert names[2:4] == [
        "lgb-safeguarding-report-2025-26-summer-edition-1.html",
        "lgb-safeguarding-report-2025-26-summer-edition-1.pdf",
    ]
    assert "Questions governors may ask" in "".join(
        page.extract_text() for page in PdfReader(tmp_path / names[3]).pages
    )


def test_a_draft_is_looked_at_as_a_draft_and_not_saved(tab: ReturnTab, tmp_path: Path) -> None:
    choose(tab, "autumn")
    with tab.desk.vault.reading() as session:
        before = len(shown_sets(session))
    tab.papers.look.click()
    settle(tab)
    assert isinstance(tab.stack.currentWidget(), PdfView)
    tab.close_over()
    settle(tab)
    choose(tab, "autumn")
    tab.papers.save_to(tmp_path)
    settle(tab)
    assert "once the DSL and the headteacher or governor have signed" in tab.message.text()
    assert not [path for path in tmp_path.iterdir() if path.suffix in {".pdf", ".html"}]
    with tab.desk.vault.reading() as session:
        assert len(shown_sets(session)) == before


def test_the_fields_are_saved_as_a_sheet_that_says_what_it_holds(
    tab: ReturnTab, tmp_path: Path
) -> None:
    choose(tab, "summer")
    target = tmp_path / "fields.csv"
    tab.papers.save_sheet_to(target)
    settle(tab)
    assert "true numbers" in tab.message.text()
    rows = list(csv.reader(target.read_text("utf-8-sig").splitlines()))
    assert rows[0][:5] == ["section", "field", "label", "unit", "this term"]
    assert len(rows) > 120


def test_what_was_changed_in_the_text_is_told(tab: ReturnTab) -> None:
    choose(tab, "autumn")
    chosen = tab.table.chosen()
    assert chosen is not None
    save_return(tab.desk.vault, chosen.id,
                {**chosen.answers, "key_concerns": "Two pupils have new plans."}, {})  # fmt: skip
    tab.papers.look.click()
    settle(tab)
    assert "“Two pupils have new plans.”" in tab.papers.told.text()
