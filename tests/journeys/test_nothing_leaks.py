"""Words typed into every field are found in no file; the program opens no network socket."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from odbst_desktop.app import real_services
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.meetings.log import meetings
from odbst_desktop.vault.vault import Vault

MARKER = "zanzibarquokka"
NETWORK = ("tcp", "tcp6", "udp", "udp6", "raw", "raw6")


def settle(jobs: JobRunner) -> None:
    for _ in range(6):
        jobs.wait()
        QApplication.processEvents()


def type_everywhere(tab: Tab) -> int:
    """Type the marker into every line and text of a tab and of what opens over it."""
    typed = 0
    opener = getattr(tab, "open", None)
    if opener is not None and opener.isEnabled():
        opener.click()
        settle(tab.desk.jobs)
    for form in tab.findChildren(FormView):
        for place in range(form.sections.count()):
            form.sections.setCurrentRow(place)
    for line in tab.findChildren(QLineEdit):
        if line.isEnabled() and not line.isReadOnly():
            line.setText(MARKER)
            line.textEdited.emit(MARKER)
            typed += 1
    for text in tab.findChildren(QPlainTextEdit):
        text.setPlainText(f"{MARKER} was typed here")
        typed += 1
    tab.flush()
    settle(tab.desk.jobs)
    return typed


@pytest.mark.parametrize("name", ["oakfield", "governor", "trust"])
def test_no_word_typed_is_found_in_a_file(
    name: str,
    qtbot: QtBot,
    qapp: QApplication,
    unlocked: Callable[[str], Vault],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    apply_theme(qapp)
    private = tmp_path / "temporary"
    private.mkdir()
    for name_of_place in ("TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
                          "XDG_RUNTIME_DIR"):  # fmt: skip
        monkeypatch.setenv(name_of_place, str(private))
    monkeypatch.setattr(tempfile, "tempdir", str(private))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: "")
    vault = unlocked(name)
    rooms = Rooms(vault, JobRunner(qapp), write_whole)
    qtbot.addWidget(rooms)
    rooms.resize(QSize(1366, 700))
    rooms.show()
    jobs = rooms.home.desk.jobs
    settle(jobs)
    typed = 0
    for tab in rooms.all:
        rooms.go_to(tab.title)
        settle(jobs)
        typed += type_everywhere(tab)
    rooms.vault_tab.backups.backup.click()
    settle(jobs)
    rooms.flush()
    jobs.wait()
    if name == "oakfield":
        with vault.reading() as session:
            assert MARKER in str(meetings(session)[0].answers), "what was typed was saved"
    vault.close()
    assert typed > 5
    marks = [MARKER.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "vault.sqlite" for path in files)
    for path in files:
        data = path.read_bytes()
        assert not any(mark in data for mark in marks), path


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_no_network_socket_is_open(
    qtbot: QtBot, qapp: QApplication, demonstration: Path, clock: Any
) -> None:
    apply_theme(qapp)
    services = real_services(clock)
    vault = services.unlock(demonstration / "oakfield", "copper lantern drifting orchard")
    jobs = JobRunner(qapp)
    rooms = services.open_rooms(vault, jobs)
    qtbot.addWidget(rooms)
    rooms.show()
    settle(jobs)
    inodes = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = str(entry.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    for kind in NETWORK:
        table = Path(f"/proc/self/net/{kind}")
        rows = table.read_text().splitlines()[1:] if table.exists() else []
        assert not inodes & {row.split()[9] for row in rows}, kind
    rooms.flush()
    jobs.wait()
    vault.close()


def test_no_part_of_the_program_imports_a_network_library() -> None:
    package = Path(__file__).parents[2] / "odbst_desktop"
    forbidden = ("import socket", "import ssl", "urllib.request", "http.client", "QtNetwork",
                 "requests", "import asyncio")  # fmt: skip
    for path in package.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in forbidden if word in text], path
