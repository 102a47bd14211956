"""Packages dropped anywhere on an open vault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

PACKAGE_ENDING = ".odbst"


class PackageDrop(QObject):
    """Takes dropped packages and folders to where they are checked; leaves every other file.

    A tab that takes drops of its own kind is asked first by Qt; what it leaves comes here.
    """

    def __init__(self, over: QWidget, take: Callable[[list[Path]], None]) -> None:
        super().__init__(over)
        self._take = take
        over.setAcceptDrops(True)
        over.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what is dropped if all of it may hold packages."""
        if isinstance(event, QDragEnterEvent | QDropEvent):
            dropped = [Path(url.toLocalFile()) for url in event.mimeData().urls()]
            wanted = [each for each in dropped if each.suffix == PACKAGE_ENDING or each.is_dir()]
            if wanted and len(wanted) == len(dropped):
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self._take(wanted)
                return True
        return super().eventFilter(watched, event)
