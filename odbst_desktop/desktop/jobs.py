"""Run work off the window's thread; results come back on it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

from odbst_desktop.desktop.collecting import Collector
from odbst_desktop.errors import OdbstError

logger = logging.getLogger(__name__)


class Job(QObject):
    """One running call. Exactly one of the two end signals is emitted."""

    succeeded = Signal(object)
    failed = Signal(str)


class _Runner(QRunnable):
    def __init__(self, job: Job, work: Callable[[], object]) -> None:
        super().__init__()
        self._job, self._work = job, work

    def run(self) -> None:
        try:
            value = self._work()
        except OdbstError as fault:
            self._job.failed.emit(fault.sentence)
        except Exception as fault:  # noqa: BLE001 - the one place a worker may catch everything
            # No traceback: it could hold contents.
            logger.error("job failed: %s", type(fault).__name__)  # noqa: TRY400
            self._job.failed.emit(
                "Something went wrong inside the program. Nothing was lost; try again, and if it "
                f"happens again tell whoever looks after it ({type(fault).__name__})."
            )
        else:
            self._job.succeeded.emit(value)


class JobRunner(QObject):
    """Starts jobs on one thread: the encrypted file has one writer."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._collector = Collector(self)

    def start(
        self,
        work: Callable[[], object],
        *,
        done: Callable[[Any], None],
        failed: Callable[[str], None],
    ) -> None:
        """Queue ``work``; ``done`` with its value or ``failed`` with a sentence runs here later.

        Pass bound methods of the asking widget: Qt drops the call once that widget is gone.
        """
        job = Job(self)
        job.succeeded.connect(done, Qt.ConnectionType.QueuedConnection)
        job.failed.connect(failed, Qt.ConnectionType.QueuedConnection)
        for end in (job.succeeded, job.failed):
            end.connect(job.deleteLater)
        self._pool.start(_Runner(job, work))

    @property
    def is_idle(self) -> bool:
        """Say whether no job runs or waits."""
        return self._pool.activeThreadCount() == 0

    def wait(self, milliseconds: int = 10_000) -> bool:
        """Wait for the queue to empty; return False when the time is over."""
        is_done = self._pool.waitForDone(milliseconds)
        self._collector.collect_due()
        return is_done
