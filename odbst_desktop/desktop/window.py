"""The window: from welcome to an open vault and back to locked."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow

from odbst_desktop.desktop.first_pages import (
    NewVaultPage,
    RecoveryPage,
    UnlockPage,
    WelcomePage,
)
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.page import Page, words
from odbst_desktop.desktop.services import MadeVault, OpenVault, Services

IDLE_MINUTES = 10
_ACTIVITY = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
}


class VaultPage(Page):
    """What an open vault shows until the rooms have their tabs."""

    lock_wanted = Signal()

    def __init__(self, vault: OpenVault, jobs: JobRunner) -> None:
        super().__init__(vault.organisation, f"Opened by {vault.person}")
        self._vault, self._jobs = vault, jobs
        for label, value in vault.facts():
            self.form.addRow(words(label, "quiet"), words(value))
        self.check = self.add_button("Check the vault")
        self.lock = self.add_button("Lock (Ctrl+L)")
        self.buttons.addStretch(1)
        self.check.clicked.connect(self._check)
        self.lock.clicked.connect(self.lock_wanted)

    def _check(self) -> None:
        self._jobs.start(self._vault.check, done=self._checked, failed=self.show_problem)

    def _checked(self, found: tuple[str, ...]) -> None:
        if found:
            self.show_problem(" ".join(found))
        else:
            self.show_good("The vault is sound: file, history and keys agree.")


class Window(QMainWindow):
    """Shows one page at a time; everything it needs is passed in."""

    def __init__(self, services: Services, folder: Path | None = None) -> None:
        super().__init__()
        self._services = services
        self._jobs = JobRunner(self)
        self._vault: OpenVault | None = None
        self._idle = QTimer(self, interval=IDLE_MINUTES * 60_000, singleShot=True)
        self._idle.timeout.connect(self.lock)
        QShortcut(QKeySequence("Ctrl+L"), self, self.lock)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        self.setWindowTitle("ODBST Desktop")
        self.resize(1000, 720)
        if folder is None:
            self.show_welcome()
        else:
            self.show_unlock(folder)

    def show_welcome(self) -> None:
        """Offer to make a vault or open one."""
        page = WelcomePage()
        page.new_wanted.connect(self.show_new_vault)
        page.folder_chosen.connect(self.show_unlock)
        self._show(page)
        page.new.setFocus()

    def show_new_vault(self) -> None:
        """Ask what a new vault needs."""
        page = NewVaultPage(self._services, self._jobs)
        page.made.connect(self._show_recovery)
        page.left.connect(self.show_welcome)
        self._show(page)
        page.profile.setFocus()

    def show_unlock(self, folder: Path) -> None:
        """Ask for the passphrase of the vault in ``folder``."""
        page = UnlockPage(self._services, self._jobs, folder)
        page.unlocked.connect(self._show_vault)
        page.left.connect(self.show_welcome)
        self._show(page)
        page.passphrase.setFocus()

    def lock(self) -> None:
        """Close the vault and show nothing of it."""
        if self._vault is None:
            return
        vault, self._vault = self._vault, None
        self._jobs.wait()
        self.show_unlock(vault.folder)
        vault.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Start the idle time anew at every key and movement."""
        if event.type() in _ACTIVITY and self._vault is not None:
            self._idle.start()
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the vault with the window."""
        self._jobs.wait()
        if self._vault is not None:
            self._vault.close()
            self._vault = None
        super().closeEvent(event)

    def _show_recovery(self, made: MadeVault) -> None:
        self._vault = made.vault
        page = RecoveryPage(self._services, self._jobs, made)
        page.finished.connect(self._show_vault)
        self._show(page)
        page.typed.setFocus()

    def _show_vault(self, vault: OpenVault) -> None:
        self._vault = vault
        self._idle.start()
        page = VaultPage(vault, self._jobs)
        page.lock_wanted.connect(self.lock)
        self._show(page)
        page.check.setFocus()

    def _show(self, page: Page) -> None:
        # The page before is deleted by Qt, and with it what it showed.
        self.setCentralWidget(page)
