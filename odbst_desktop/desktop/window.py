"""The window: from welcome to an open vault and back to locked."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from odbst_desktop.desktop.clipboard_watch import ClipboardWatch
from odbst_desktop.desktop.collecting import collect_all
from odbst_desktop.desktop.first_pages import (
    NewVaultPage,
    RecoveryPage,
    RestorePage,
    UnlockPage,
    WelcomePage,
)
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.page import Page
from odbst_desktop.desktop.services import (
    MadeVault,
    OpenHandbook,
    OpenRooms,
    OpenVault,
    Services,
)
from odbst_desktop.desktop.sleep_watch import SleepWatch

_CALLS_EVERY_MILLISECONDS = 300
BACKUP_ENDING = ".odbst-backup"
_ACTIVITY = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
}


class Window(QMainWindow):
    """Shows one page at a time; everything it needs is passed in."""

    def __init__(
        self, services: Services, folder: Path | None = None, file: Path | None = None
    ) -> None:
        super().__init__()
        self._file = file
        self._services = services
        self._jobs = JobRunner(self)
        self._vault: OpenVault | None = None
        self._rooms: OpenRooms | None = None
        self._handbook: OpenHandbook | None = None
        self._idle = QTimer(self, singleShot=True)
        self._idle.timeout.connect(self.lock)
        self._sleep, self._clipboard = SleepWatch(self), ClipboardWatch(self)
        self._sleep.slept.connect(self.lock)
        self._calls = QTimer(self, interval=_CALLS_EVERY_MILLISECONDS)
        self._calls.timeout.connect(self._take_call)
        QShortcut(QKeySequence("Ctrl+L"), self, self.lock)
        QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), self, self.show_handbook)
        QShortcut(QKeySequence("Ctrl+/"), self, self.show_keys)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        self.setWindowTitle("ODBST Desktop")
        self.resize(1180, 700)
        if file is not None and file.suffix == BACKUP_ENDING:
            self.show_restore(file)
        elif folder is None:
            self.show_welcome()
        else:
            self.show_unlock(folder)

    def show_welcome(self) -> None:
        """Offer to make a vault or open one."""
        page = WelcomePage()
        page.new_wanted.connect(self.show_new_vault)
        page.folder_chosen.connect(self.show_unlock)
        page.restore_wanted.connect(self.show_restore)
        self._show(page)
        page.new.setFocus()

    def show_new_vault(self) -> None:
        """Ask what a new vault needs."""
        page = NewVaultPage(self._services, self._jobs)
        page.made.connect(self._show_recovery)
        page.left.connect(self.show_welcome)
        self._show(page)
        page.profile.setFocus()

    def show_restore(self, file: Path | None = None) -> None:
        """Ask for a backup and where to lay it out."""
        page = RestorePage(self._services, self._jobs)
        page.file.setText(str(file or ""))
        page.restored.connect(self.show_unlock)
        page.left.connect(self.show_welcome)
        self._show(page)
        page.file.setFocus()

    def show_unlock(self, folder: Path) -> None:
        """Ask for the passphrase of the vault in ``folder``."""
        self.setWindowTitle("ODBST Desktop")
        page = UnlockPage(self._services, self._jobs, folder)
        page.unlocked.connect(self._show_vault)
        page.left.connect(self.show_welcome)
        self._show(page)
        page.passphrase.setFocus()

    def show_handbook(self) -> None:
        """Open the handbook at the page for what is in view."""
        page = self.centralWidget()
        self._the_handbook().open_for(page.known_as if isinstance(page, Page | OpenRooms) else "")

    def show_keys(self) -> None:
        """Open the handbook at the page of all keys."""
        self._the_handbook().open_keys()

    def _the_handbook(self) -> OpenHandbook:
        # Imported late: the window is up before the pages are read.
        from odbst_desktop.desktop.handbook_view import HandbookWindow  # noqa: PLC0415

        if self._handbook is None:
            self._handbook = HandbookWindow(self, self._jobs, self._services.write_file)
        return self._handbook

    def lock(self) -> None:
        """Close the vault and show nothing of it."""
        if self._vault is None:
            return
        # An open dialog must not hold the lock back.
        while (dialog := QApplication.activeModalWidget()) is not None and dialog.close():
            pass
        self._flush()
        vault, self._vault = self._vault, None
        self.show_unlock(vault.folder)
        vault.close()
        # What was shown is freed now, not some time later.
        QTimer.singleShot(0, self, collect_all)

    def say(self, sentence: str) -> None:
        """Show a sentence that belongs to no page."""
        self.statusBar().showMessage(f"✗ {sentence}")

    def say_good(self, sentence: str) -> None:
        """Show that something is done, where there is no page of its own."""
        self.statusBar().showMessage(f"✓ {sentence}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Start the idle time anew at every key and movement."""
        if event.type() in _ACTIVITY and self._vault is not None:
            self._idle.start()
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what was typed last, and close the vault with the window."""
        self._flush()
        if self._vault is not None:
            self._vault.close()
            self._vault = None
        if self._handbook is not None:
            self._handbook.close()
        super().closeEvent(event)

    def _show_recovery(self, made: MadeVault) -> None:
        self._vault = made.vault
        self._lock_after(made.vault.idle_minutes)
        page = RecoveryPage(self._services, self._jobs, made)
        page.finished.connect(self._show_vault)
        self._show(page)
        page.typed.setFocus()

    def _show_vault(self, vault: OpenVault) -> None:
        self._vault = vault
        self._services.remember_vault(vault.folder)
        self._lock_after(vault.idle_minutes)
        self._sleep.start()
        self._calls.start()
        self._clipboard.start()
        self._rooms = self._services.open_rooms(vault, self._jobs)
        self._rooms.lock_wanted.connect(self.lock)
        self._rooms.help_wanted.connect(self.show_handbook)
        self._rooms.keys_wanted.connect(self.show_keys)
        self._rooms.purged.connect(self._leave_purged)
        self._rooms.idle_minutes_set.connect(self._lock_after)
        self.setWindowTitle(f"{vault.organisation} · ODBST Desktop")
        self._show(self._rooms)
        self._rooms.setFocus()
        file, self._file = self._file, None
        if file is not None:
            self._rooms.take_in(file)

    def _leave_purged(self) -> None:
        # Nothing is flushed: there is no vault left to keep it in.
        self._vault = self._rooms = None
        self._flush()
        self.show_welcome()
        self.say_good("The vault is purged. The certificate is where you chose.")

    def _lock_after(self, minutes: int) -> None:
        self._idle.setInterval(minutes * 60_000)
        self._idle.start()

    def _take_call(self) -> None:
        if self._vault is not None and self._services.take_call(self._vault.folder):
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
            self.show()
            self.raise_()
            self.activateWindow()

    def _flush(self) -> None:
        for timer in (self._idle, self._calls, self._sleep, self._clipboard):
            timer.stop()
        self._services.wipe_opened()
        rooms, self._rooms = self._rooms, None
        if rooms is not None:
            rooms.flush()
        self._jobs.wait()

    def _show(self, page: QWidget) -> None:
        # The page before is deleted by Qt, and with it what it showed.
        self.setCentralWidget(page)
