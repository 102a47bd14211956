"""An open vault's tabs, and waiting until their work is done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.rooms import Rooms

Open = Callable[[str], Rooms]


def settle(jobs: JobRunner) -> None:
    for _ in range(6):
        jobs.wait()
        QApplication.processEvents()
