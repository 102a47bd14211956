"""Moving on, through the window: write everything, take it in, purge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from odbst_desktop.app import real_services
from odbst_desktop.desktop.first_pages import UnlockPage, WelcomePage
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.vault_moving import MovingPanel
from odbst_desktop.desktop.window import Window
from odbst_desktop.moving.archive import is_sealed
from odbst_desktop.vault.vault import Vault
from tests.conftest import PASSPHRASE

OWN = "granite teapot whistle meadow"


@pytest.fixture
def panel(qtbot: QtBot, school: Vault) -> Iterator[MovingPanel]:
    school.close()
    window = Window(real_services(), school.folder)
    qtbot.addWidget(window)
    window.show()
    page = window.centralWidget()
    assert isinstance(page, UnlockPage)
    page.passphrase.setText(PASSPHRASE)
    page.unlock.click()
    qtbot.waitUntil(lambda: isinstance(window.centralWidget(), Rooms), timeout=20_000)
    rooms = window.centralWidget()
    assert isinstance(rooms, Rooms)
    rooms.go_to("Vault")
    rooms.vault_tab.parts.setCurrentWidget(rooms.vault_tab.moving)
    yield rooms.vault_tab.moving
    window.close()


def said(panel: MovingPanel) -> str:
    return panel.tab.message.text()


def test_a_school_leaves_through_the_window(
    qtbot: QtBot, panel: MovingPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export, paper = tmp_path / "all.odbst-export", tmp_path / "certificate.pdf"
    window, folder = panel.window(), panel.tab.desk.vault.folder
    assert isinstance(window, Window)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(export), ""))
    panel.passphrase.setText(OWN)
    panel.seal.click()
    assert "differ" in said(panel)
    panel.again.setText(OWN)
    panel.seal.click()
    qtbot.waitUntil(lambda: "Written" in said(panel), timeout=20_000)
    assert is_sealed(export)

    panel.purge.click()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(paper), ""))
    panel.export_opens.setText(OWN)
    panel.purge.click()
    qtbot.waitUntil(lambda: "Type the name as it stands" in said(panel), timeout=20_000)
    assert folder.exists()
    panel.name.setText("Oakfield")
    panel.purge.click()
    qtbot.waitUntil(lambda: isinstance(window.centralWidget(), WelcomePage), timeout=20_000)
    assert not folder.exists()
    assert paper.read_bytes().startswith(b"%PDF")


def test_a_plain_folder_is_written_only_when_it_is_meant(
    qtbot: QtBot, panel: MovingPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "plain"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    assert not panel.plain.isEnabled()
    panel.is_plain_meant.setChecked(True)
    panel.plain.click()
    qtbot.waitUntil(lambda: "not encrypted" in said(panel), timeout=20_000)
    assert (folder / "README.txt").is_file()
    panel.take_folder.click()
    qtbot.waitUntil(lambda: "holds records already" in said(panel), timeout=20_000)
