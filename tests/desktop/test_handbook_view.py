"""F1 opens the handbook at the page for what is in view."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from odbst_desktop.app import real_services
from odbst_desktop.desktop.first_pages import UnlockPage
from odbst_desktop.desktop.handbook_view import HandbookWindow
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.window import Window
from tests.conftest import PASSPHRASE


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = Window(real_services())
    qtbot.addWidget(made)
    made.show()
    return made


def handbook_of(window: Window) -> HandbookWindow:
    found = window.findChild(HandbookWindow)
    assert found is not None
    return found


def test_f1_opens_the_page_of_the_welcome_then_of_the_tab(
    qtbot: QtBot, window: Window, demonstration: Path
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert handbook_of(window).page.name == "begin"
    window.show_unlock(demonstration / "oakfield")
    page = window.centralWidget()
    assert isinstance(page, UnlockPage)
    page.passphrase.setText(PASSPHRASE)
    page.unlock.click()
    qtbot.waitUntil(lambda: isinstance(window.centralWidget(), Rooms), timeout=20_000)
    rooms = window.centralWidget()
    assert isinstance(rooms, Rooms)
    for title, name in (("Termly return", "term"), ("Vault", "vault"), ("Meetings", "week")):
        rooms.go_to(title)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.keyClick(window, Qt.Key.Key_F1)
        assert handbook_of(window).page.name == name
    window.close()
    assert not handbook_of(window).isVisible()


@pytest.fixture
def handbook(qtbot: QtBot, window: Window) -> HandbookWindow:
    jobs = JobRunner(window)
    made = HandbookWindow(window, jobs, real_services().write_file)
    made.open_for("Meetings")
    return made


def test_search_shows_results_and_enter_opens_the_first(
    qtbot: QtBot, handbook: HandbookWindow
) -> None:
    qtbot.keyClicks(handbook.sought, "stolen")
    qtbot.keyClick(handbook.sought, Qt.Key.Key_Return)
    assert handbook.page.name == "lost"
    assert "A lost or stolen laptop" in handbook.text.toPlainText()
    handbook.sought.setText("zzzq")
    assert handbook.contents.item(0).text().startswith("Nothing found")
    handbook.sought.clear()
    assert handbook.contents.count() > 15


def test_a_link_leads_to_its_page_and_nowhere_else(handbook: HandbookWindow) -> None:
    handbook.text.anchorClicked.emit(QUrl("never.md"))
    assert handbook.page.name == "never"
    handbook.text.anchorClicked.emit(QUrl("https://example.org/week.html"))
    assert handbook.page.name in {"never", "week"}


def test_a_page_is_saved_as_pdf(
    qtbot: QtBot, handbook: HandbookWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "page.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    handbook.print_page.click()
    qtbot.waitUntil(target.is_file, timeout=10_000)
    assert target.read_bytes().startswith(b"%PDF")
    qtbot.waitUntil(lambda: "Saved" in handbook.message.text(), timeout=5_000)


def test_about_is_the_last_page(handbook: HandbookWindow) -> None:
    handbook.contents.setCurrentRow(handbook.contents.count() - 1)
    assert handbook.page.name == "about"
    assert "MIT licence" in handbook.text.toPlainText()
