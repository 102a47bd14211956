"""What is copied from an open vault leaves the clipboard after a minute, and when it is locked."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication

CLEARED_AFTER_SECONDS = 60


class ClipboardWatch(QObject):
    """Clears what this program put on the clipboard, and nothing of other programs."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._clipboard = QApplication.clipboard()
        self.timer = QTimer(self, interval=CLEARED_AFTER_SECONDS * 1000, singleShot=True)
        self.timer.timeout.connect(self.clear)
        self._clipboard.dataChanged.connect(self._changed)
        self._is_on = False

    def start(self) -> None:
        """Watch what is copied from now on."""
        self._is_on = True

    def stop(self) -> None:
        """Clear what is ours and watch no more."""
        self.clear()
        self._is_on = False

    def clear(self) -> None:
        """Clear the clipboard where it holds something of this program."""
        self.timer.stop()
        if not self._is_on:
            return
        if self._clipboard.ownsClipboard() and self._clipboard.text():
            self._clipboard.clear()
        if self._clipboard.supportsSelection() and self._clipboard.ownsSelection():
            self._clipboard.clear(QClipboard.Mode.Selection)

    def _changed(self) -> None:
        if self._is_on and self._clipboard.ownsClipboard():
            self.timer.start()
        else:
            self.timer.stop()
