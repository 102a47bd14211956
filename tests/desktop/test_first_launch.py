"""First launch through the real window, on a real vault."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
)
from pytestqt.exceptions import TimeoutError as NotInTime
from pytestqt.qtbot import QtBot

from odbst_desktop.app import real_services
from odbst_desktop.desktop.first_pages import (
    NewVaultPage,
    RecoveryPage,
    RestorePage,
    UnlockPage,
    WelcomePage,
)
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tab import PassphraseDialog
from odbst_desktop.desktop.tabs.packages import PackagesTab
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.desktop.window import Window
from odbst_desktop.vault.backups import backups_of
from odbst_desktop.vault.last_vault import remember_vault

PASSPHRASE = "copper lantern drifting orchard"
SECOND = "velvet anchor morning gravel"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Window:
    apply_theme(qapp)
    window = Window(real_services())
    qtbot.addWidget(window)
    window.show()
    return window


def shown(window: Window, qtbot: QtBot, kind: type) -> object:
    qtbot.waitUntil(lambda: isinstance(window.centralWidget(), kind), timeout=15_000)
    return window.centralWidget()


def fill(page: NewVaultPage, folder: Path) -> None:
    page.organisation.setText("Oakfield")
    page.urn.setText("123456")
    page.person.setText("Ruth Ellery")
    page.folder.setText(str(folder))
    page.passphrase.setText(PASSPHRASE)
    page.again.setText(PASSPHRASE)


def make(window: Window, qtbot: QtBot, folder: Path) -> RecoveryPage:
    window.show_new_vault()
    page = shown(window, qtbot, NewVaultPage)
    assert isinstance(page, NewVaultPage)
    fill(page, folder)
    qtbot.keyClick(page.again, Qt.Key.Key_Return)
    recovery = shown(window, qtbot, RecoveryPage)
    assert isinstance(recovery, RecoveryPage)
    return recovery


@pytest.mark.display
def test_from_welcome_to_an_open_vault_locked_and_opened_again(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    welcome = window.centralWidget()
    assert isinstance(welcome, WelcomePage)
    qtbot.keyClick(welcome.new, Qt.Key.Key_Space)
    recovery = make(window, qtbot, tmp_path / "vault")
    recovery.typed.setText("AAAAA")
    qtbot.keyClick(recovery.typed, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "40 letters and digits" in recovery.message.text())
    recovery.typed.setText(recovery.code.text())
    qtbot.keyClick(recovery.typed, Qt.Key.Key_Return)
    opened = shown(window, qtbot, Rooms)
    assert isinstance(opened, Rooms)
    window.activateWindow()
    places = opened.places.list
    qtbot.waitUntil(places.hasFocus)
    qtbot.keyClick(places, Qt.Key.Key_Down)
    assert opened.tabs.currentIndex() == 1, "the arrow keys walk along the places"
    opened.go_to("Vault")
    tab = opened.vault_tab
    qtbot.mouseClick(tab.overview_panel.check, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "sound" in tab.message.text(), timeout=10_000)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    unlock = shown(window, qtbot, UnlockPage)
    assert isinstance(unlock, UnlockPage)
    unlock.passphrase.setText("wrong passphrase altogether")
    qtbot.keyClick(unlock.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "does not open this vault" in unlock.message.text(), timeout=10_000)
    unlock.passphrase.setText(PASSPHRASE)
    qtbot.keyClick(unlock.passphrase, Qt.Key.Key_Return)
    shown(window, qtbot, Rooms)
    window.close()


def test_recovery_sheet_opens_the_vault_with_a_new_passphrase(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    recovery = make(window, qtbot, tmp_path / "vault")
    code = recovery.code.text()
    recovery.later.click()
    shown(window, qtbot, Rooms)
    window.lock()
    unlock = shown(window, qtbot, UnlockPage)
    assert isinstance(unlock, UnlockPage)
    unlock.sheet.click()
    unlock.code.setText(code)
    unlock.new.setText(SECOND)
    qtbot.keyClick(unlock.again, Qt.Key.Key_Return)
    assert "differ" in unlock.message.text()
    unlock.again.setText(SECOND)
    qtbot.keyClick(unlock.again, Qt.Key.Key_Return)
    shown(window, qtbot, Rooms)
    window.close()


def test_what_is_wrong_is_said_and_what_was_typed_stays(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    window.show_new_vault()
    page = shown(window, qtbot, NewVaultPage)
    assert isinstance(page, NewVaultPage)
    fill(page, tmp_path / "vault")
    page.again.setText("other")
    page.make.click()
    assert "differ" in page.message.text()
    fill(page, tmp_path / "vault")
    page.urn.setText("12x")
    page.make.click()
    qtbot.waitUntil(lambda: "six digits" in page.message.text())
    assert page.organisation.text() == "Oakfield"
    assert not (tmp_path / "vault").exists()


def test_every_control_has_a_name(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    def check() -> None:
        page = window.centralWidget()
        assert page is not None
        for kind in (QLineEdit, QComboBox):
            for field in page.findChildren(kind):
                assert field.accessibleName(), page
        for button in page.findChildren(QAbstractButton):
            assert button.text() or button.accessibleName() or not button.isVisible(), page

    check()
    window.show_new_vault()
    check()
    window.show_unlock(tmp_path)
    check()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_no_words_are_cut_off(
    scale: float, window: Window, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    apply_theme(qapp, text_scale=scale)
    recovery = make(window, qtbot, tmp_path / "vault")

    def cut_off() -> list[str]:
        page = window.centralWidget()
        assert page is not None
        labels = [
            label.text()
            for label in page.findChildren(QLabel)
            if label.isVisible() and label.height() < label.heightForWidth(label.width())
        ]
        buttons = [
            button.text()
            for button in page.findChildren(QPushButton)
            if button.isVisible() and button.width() < button.sizeHint().width()
        ]
        return labels + buttons

    def check() -> None:
        with contextlib.suppress(NotInTime):
            qtbot.waitUntil(lambda: not cut_off(), timeout=3_000)
        assert cut_off() == []

    check()
    recovery.later.click()
    rooms = shown(window, qtbot, Rooms)
    assert isinstance(rooms, Rooms)
    for tab in rooms.all:
        rooms.go_to(tab.title)
        qtbot.waitUntil(lambda: rooms.home.desk.jobs.wait(10), timeout=20_000)
        check()
    window.lock()
    check()
    window.show_new_vault()
    check()
    window.close()


def test_window_comes_before_the_storage(tmp_path: Path) -> None:
    """Also when the vault opened last is looked for, and whether another window has it."""
    remember_vault(tmp_path)
    script = (
        "import sys\nfrom odbst_desktop import app\n"
        "folder = app._last_vault()\n"
        f"assert str(folder) == {str(tmp_path)!r}, folder\n"
        "assert not app._first_window_came(folder)\n"
        "print([m for m in ('sqlmodel', 'sqlalchemy', 'sqlcipher3', 'cryptography', 'reportlab',"
        " 'pydantic', 'zxcvbn') if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"


def test_backup_is_looked_into_and_restored_beside_the_vault(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    recovery = make(window, qtbot, tmp_path / "vault")
    recovery.later.click()
    rooms = shown(window, qtbot, Rooms)
    assert isinstance(rooms, Rooms)
    rooms.go_to("Vault")
    tab = rooms.vault_tab
    qtbot.waitUntil(lambda: bool(backups_of(tmp_path / "vault")), timeout=10_000)
    tab.backups.backup.click()
    qtbot.waitUntil(lambda: "Backed up and tried" in tab.message.text(), timeout=10_000)
    qtbot.waitUntil(lambda: bool(tab.history.entries.table.rows))
    assert tab.history.entries.table.rows[0].who == "Ruth Ellery"
    tab.ways_in.old.setText("wrong")
    tab.ways_in.new.setText(SECOND)
    tab.ways_in.again.setText(SECOND)
    tab.ways_in.change.click()
    qtbot.waitUntil(lambda: "does not open" in tab.message.text(), timeout=10_000)
    tab.ways_in.old.setText(PASSPHRASE)
    tab.ways_in.change.click()
    qtbot.waitUntil(lambda: "is changed" in tab.message.text(), timeout=20_000)
    window.lock()
    window.show_restore()
    page = shown(window, qtbot, RestorePage)
    assert isinstance(page, RestorePage)
    page.file.setText(str(backups_of(tmp_path / "vault")[0].path))
    page.passphrase.setText(SECOND)
    page.look.click()
    qtbot.waitUntil(lambda: "does not open" in page.message.text(), timeout=10_000)
    page.passphrase.setText(PASSPHRASE)
    page.look.click()
    qtbot.waitUntil(lambda: "Oakfield:" in page.message.text(), timeout=10_000)
    page.folder.setText(str(tmp_path / "vault"))
    page.restore.click()
    qtbot.waitUntil(lambda: "never replaces" in page.message.text(), timeout=10_000)
    page.folder.setText(str(tmp_path / "restored"))
    page.restore.click()
    unlock = shown(window, qtbot, UnlockPage)
    assert isinstance(unlock, UnlockPage)
    unlock.passphrase.setText(PASSPHRASE)
    qtbot.keyClick(unlock.passphrase, Qt.Key.Key_Return)
    shown(window, qtbot, Rooms)
    window.close()


def test_an_open_dialog_does_not_hold_the_lock_back(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    recovery = make(window, qtbot, tmp_path / "vault")
    recovery.later.click()
    rooms = shown(window, qtbot, Rooms)
    assert isinstance(rooms, Rooms)
    rooms.go_to("Packages")
    packages = rooms.tab("Packages")
    assert isinstance(packages, PackagesTab)
    seen = []

    def lock() -> None:
        seen.append(QApplication.activeModalWidget())
        window.lock()

    QTimer.singleShot(200, lock)
    packages.enrol.click()
    assert isinstance(seen[0], PassphraseDialog)
    shown(window, qtbot, UnlockPage)
    assert QApplication.activeModalWidget() is None
