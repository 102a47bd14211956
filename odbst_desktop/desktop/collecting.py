"""Collect cyclic garbage on the window's thread only.

Python collects on whatever thread happens to allocate. A widget that is freed on a worker's thread
ends the process, so while there are workers the automatic collection is off, and the window's own
thread does it, a generation at a time as it is due.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MILLISECONDS = 2_000


def set_aside() -> None:
    """Leave what is there already out of later collections.

    Called once everything is imported and before a vault is shown: modules and classes never
    become garbage, and looking through them each time would stop the window for over 100 ms.
    """
    gc.freeze()


def collect_all() -> None:
    """Collect whatever is garbage, of what was set aside as well: a vault was locked."""
    gc.unfreeze()
    gc.collect()


class Collector(QObject):
    """Collects on the thread it is made on; made once with each runner of jobs."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_EVERY_MILLISECONDS)
        self._timer.timeout.connect(self.collect_due)
        self._timer.start()

    def collect_due(self) -> None:
        """Collect the generations that Python itself would have collected by now."""
        for generation in range(3):
            if gc.get_count()[generation] <= gc.get_threshold()[generation]:
                break
            gc.collect(generation)
