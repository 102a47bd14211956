"""The window without a display, unless the tests are given one."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.vault.vault import Vault
from tests.desktop.opening import Open, settle


@pytest.fixture
def open_rooms(qtbot: QtBot, qapp: QApplication, unlocked: Callable[[str], Vault]) -> Open:
    apply_theme(qapp)

    def open_(name: str) -> Rooms:
        rooms = Rooms(unlocked(name), JobRunner(qapp), write_whole)
        qtbot.addWidget(rooms)
        rooms.resize(QSize(1366, 700))
        rooms.show()
        settle(rooms.home.desk.jobs)
        return rooms

    return open_
