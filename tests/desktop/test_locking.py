"""Locking: idle, sleep, a call from a second start; what is copied or laid out does not stay."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from odbst_desktop.app import real_services
from odbst_desktop.desktop.clipboard_watch import CLEARED_AFTER_SECONDS, ClipboardWatch
from odbst_desktop.desktop.fault_hook import install_fault_hook
from odbst_desktop.desktop.first_pages import UnlockPage
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.sleep_watch import SleepWatch
from odbst_desktop.desktop.tabs.meetings import MeetingsTab
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.desktop.window import Window
from odbst_desktop.meetings.log import meetings
from odbst_desktop.office.opening import unlock_vault
from odbst_desktop.vault.holder import call_forward, is_held
from odbst_desktop.vault.private_folder import lay_out, private_folder
from odbst_desktop.vault.settings import idle_minutes
from odbst_desktop.vault.vault import Vault

PASSPHRASE = "copper lantern drifting orchard"


@pytest.fixture(autouse=True)
def own_runtime_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "runtime").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "runtime"))


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, school: Vault, clock: object) -> Window:
    """Return the window with the school's vault open."""
    apply_theme(qapp)
    school.close()
    window = Window(real_services(), school.folder)
    qtbot.addWidget(window)
    window.show()
    unlock(window, qtbot)
    return window


def shown(window: Window, qtbot: QtBot, kind: type) -> object:
    qtbot.waitUntil(lambda: isinstance(window.centralWidget(), kind), timeout=20_000)
    return window.centralWidget()


def unlock(window: Window, qtbot: QtBot) -> Rooms:
    page = shown(window, qtbot, UnlockPage)
    assert isinstance(page, UnlockPage)
    page.passphrase.setText(PASSPHRASE)
    qtbot.keyClick(page.passphrase, Qt.Key.Key_Return)
    rooms = shown(window, qtbot, Rooms)
    assert isinstance(rooms, Rooms)
    return rooms


def test_idle_time_is_set_in_the_window_and_locks(window: Window, qtbot: QtBot) -> None:
    rooms = window.centralWidget()
    assert isinstance(rooms, Rooms)
    panel = rooms.vault_tab.overview_panel
    assert window._idle.interval() == 10 * 60_000
    panel.minutes.setCurrentText("3 minutes")
    panel.set_minutes.click()
    qtbot.waitUntil(lambda: "3 minutes" in rooms.vault_tab.message.text(), timeout=10_000)
    assert window._idle.interval() == 3 * 60_000
    folder = rooms.home.desk.vault.folder
    window._idle.setInterval(50)
    window._idle.start()
    shown(window, qtbot, UnlockPage)
    assert not is_held(folder), "the file is closed"
    assert window._idle.isActive() is False
    again = unlock_vault(folder, PASSPHRASE)
    with again.reading() as session:
        assert idle_minutes(session) == 3
    again.close()


def test_locked_vault_drops_its_keys_and_what_it_showed(window: Window, qtbot: QtBot) -> None:
    rooms = window.centralWidget()
    assert isinstance(rooms, Rooms)
    vault, gone = rooms.home.desk.vault, []
    rooms.destroyed.connect(lambda: gone.append(True))
    assert vault.ring.vault_key
    window.lock()
    assert vault.ring.vault_key == b""
    qtbot.waitUntil(lambda: bool(gone))
    assert "Oakfield" not in window.windowTitle()


def test_document_laid_out_for_another_program_is_wiped_on_locking(window: Window) -> None:
    path = lay_out("certificate.pdf", b"%PDF-1.7 MARKERWORD")
    assert path.exists()
    window.lock()
    assert not path.exists()
    assert not private_folder().exists()


@pytest.mark.display
def test_what_is_copied_leaves_the_clipboard(qtbot: QtBot, window: Window) -> None:
    if QApplication.platformName() == "offscreen":
        pytest.skip("nobody owns the clipboard without a display")
    clipboard, watch = QApplication.clipboard(), window._clipboard
    clipboard.setText("CP-1042")
    qtbot.waitUntil(watch.timer.isActive)
    assert watch.timer.interval() == CLEARED_AFTER_SECONDS * 1000 == 60_000
    watch.timer.setInterval(20)
    qtbot.waitUntil(lambda: clipboard.text() == "")
    clipboard.setText("CP-1042")
    window.lock()
    assert clipboard.text() == ""


def test_clipboard_is_left_alone_while_no_vault_is_open(qtbot: QtBot, qapp: QApplication) -> None:
    watch = ClipboardWatch(qapp)
    QApplication.clipboard().setText("a shopping list")
    watch.clear()
    assert QApplication.clipboard().text() == "a shopping list"
    QApplication.clipboard().clear()


@pytest.mark.parametrize(("gap", "slept"), [(2.0, False), (29.0, False), (31.0, True)])
def test_gap_in_the_clock_means_sleep(
    qtbot: QtBot, qapp: QApplication, gap: float, slept: bool
) -> None:
    now = [1000.0]
    watch, told = SleepWatch(qapp, lambda: now[0]), []
    watch.slept.connect(lambda: told.append(True))
    watch.start()
    now[0] += gap
    watch.look()
    assert bool(told) is slept
    watch.look()
    assert len(told) == int(slept), "one sleep is told once"
    watch.stop()


def test_window_locks_when_the_computer_slept(window: Window, qtbot: QtBot) -> None:
    window._sleep.slept.emit()
    shown(window, qtbot, UnlockPage)


@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("dbus-send")), reason="needs D-Bus"
)
def test_system_that_is_about_to_sleep_is_heard(tmp_path: Path) -> None:
    script = tmp_path / "listen.py"
    script.write_text(
        textwrap.dedent("""
        import os, subprocess
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication
        from odbst_desktop.desktop.sleep_watch import SleepWatch
        application = QApplication([])
        watch = SleepWatch(application)
        watch.slept.connect(lambda: (print("slept", flush=True), application.quit()))
        watch.start()
        QTimer.singleShot(300, lambda: subprocess.Popen([
            "dbus-send", "--bus=" + os.environ["DBUS_SYSTEM_BUS_ADDRESS"], "--type=signal",
            "/org/freedesktop/login1", "org.freedesktop.login1.Manager.PrepareForSleep",
            "boolean:true",
        ]))
        QTimer.singleShot(20_000, application.quit)
        application.exec()
        """),
        encoding="utf-8",
    )
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c",
         'DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS exec "$0" "$1"',
         sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stdout == "slept\n", done.stderr


def test_second_start_brings_the_first_window_forward(window: Window, qtbot: QtBot) -> None:
    rooms = window.centralWidget()
    assert isinstance(rooms, Rooms)
    folder = rooms.home.desk.vault.folder
    window.showMinimized()
    second = subprocess.Popen(
        [sys.executable, "-m", "odbst_desktop", "open", str(folder)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    ends = time.monotonic() + 20
    while second.poll() is None and time.monotonic() < ends:
        qtbot.wait(50)
    assert second.returncode == 0
    assert second.stdout is not None
    assert "brought forward" in second.stdout.read()
    assert not window.isMinimized()


def test_second_window_says_at_once_who_has_the_vault(
    window: Window, qtbot: QtBot, qapp: QApplication
) -> None:
    rooms = window.centralWidget()
    assert isinstance(rooms, Rooms)
    second = Window(real_services(), rooms.home.desk.vault.folder)
    qtbot.addWidget(second)
    page = second.centralWidget()
    assert isinstance(page, UnlockPage)
    qtbot.waitUntil(lambda: "another window of this computer" in page.message.text())
    assert not call_forward(rooms.home.desk.vault.folder.parent, 0.1)


def test_fault_of_the_program_is_named_without_contents(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    said: list[str] = []
    before = sys.excepthook
    try:
        install_fault_hook(said.append)
        try:
            int("MARKERWORD of a child")
        except ValueError as fault:
            sys.excepthook(type(fault), fault, fault.__traceback__)
    finally:
        sys.excepthook = before
    everything = said[0] + caplog.text + capsys.readouterr().err
    assert "ValueError at test_locking.py" in everything
    assert "MARKERWORD" not in everything


def test_lock_keeps_what_was_typed_last(window: Window, qtbot: QtBot) -> None:
    rooms = window.centralWidget()
    assert isinstance(rooms, Rooms)
    folder = rooms.home.desk.vault.folder
    rooms.go_to("Meetings")
    tab = rooms.tab("Meetings")
    assert isinstance(tab, MeetingsTab)
    tab.new.click()
    qtbot.waitUntil(lambda: tab.editor is not None, timeout=10_000)
    assert tab.editor is not None
    qtbot.keyClicks(tab.editor.form.row("voice").field.control(), "a moment ago")
    window.lock()
    again = unlock_vault(folder, PASSPHRASE)
    with again.reading() as session:
        assert meetings(session)[0].answers["voice"] == "a moment ago"
    again.close()
