"""How long the window's thread stands still at a large school, with the real tab in a real window.

Makes the large school of the demonstration (300 people, 40 courses, ten years), opens the tab of
training, filters, scrolls, asks for another day and opens cards. A timer beats every five
milliseconds meanwhile; printed is the longest time between two beats of each step, and how long the
window's own thread worked in it: the rest is waiting for the machine or for the other thread.

    python benchmarks/training_window.py [PICTURE.png]
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from odbst_desktop.demo.large_school import make_large_school
from odbst_desktop.desktop.collecting import set_aside
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.training import TrainingTab
from odbst_desktop.desktop.tabs.training_panes import MatrixPane
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.office.opening import unlock_vault

PASSPHRASE = "copper lantern drifting orchard"  # noqa: S105 - an invented vault
_BEAT_MS = 5
_LEAST_MS = 250
_REST = 20


class Heart:
    """Beats on the window's thread and remembers the longest pause."""

    def __init__(self) -> None:
        self.longest = (0.0, 0.0)
        self._last = (time.perf_counter(), time.thread_time())
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(_BEAT_MS)

    def _beat(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        pause = ((now[0] - self._last[0]) * 1000, (now[1] - self._last[1]) * 1000)
        self.longest = max(self.longest, pause)
        self._last = now

    def during(
        self, work: Callable[[], object], is_done: Callable[[], bool]
    ) -> tuple[float, float]:
        """Do something, wait until it is done and a little longer; return the longest pause."""
        QTest.qWait(50)
        self.longest, self._last = (0.0, 0.0), (time.perf_counter(), time.thread_time())
        until = self._last[0] + _LEAST_MS / 1000
        work()
        rest = 0
        while rest < _REST or time.perf_counter() < until:
            QApplication.processEvents()
            time.sleep(0.001)
            rest = rest + 1 if is_done() else 0
        self._beat()
        return self.longest


def clear(pane: MatrixPane) -> None:
    """Filter nothing any more."""
    pane.name.clear()
    for box in (pane.role, pane.due, pane.course):
        box.setCurrentIndex(0)
    pane.filter()


def steps(tab: TrainingTab) -> tuple[tuple[str, Callable[[], object]], ...]:
    """Return what is done in the tab, one after the other."""
    pane, view, loaded = tab.matrix, tab.matrix.view, tab.loaded
    assert loaded is not None  # noqa: S101

    def scroll() -> None:
        for bar in (view.verticalScrollBar(), view.horizontalScrollBar()):
            for place in range(0, bar.maximum(), max(bar.maximum() // 40, 1)):
                bar.setValue(place)
                QApplication.processEvents()

    def other_day(text: str) -> None:
        pane.as_on.setText(text)
        pane.as_on.editingFinished.emit()

    return (
        ("type part of a name", lambda: QTest.keyClicks(pane.name, "son")),
        ("take it away", lambda: clear(pane)),
        ("filter by role", lambda: pane.role.setCurrentIndex(pane.role.findData("teacher"))),
        ("what is to be done", lambda: pane.due.setCurrentIndex(1)),
        ("due before half-term", lambda: pane.due.setCurrentIndex(3)),
        ("one course", lambda: pane.course.setCurrentIndex(1)),
        ("everything again", lambda: clear(pane)),
        ("one hub", lambda: pane.hub.setCurrentIndex(1)),
        ("every hub", lambda: pane.hub.setCurrentIndex(0)),
        ("scroll down and across", scroll),
        ("as on a day gone by", lambda: other_day("1/3/2024")),
        ("as on today", lambda: other_day("")),
        ("what to book", lambda: tab.panes.setCurrentIndex(1)),
        ("sessions", lambda: tab.panes.setCurrentIndex(2)),
        ("courses", lambda: tab.panes.setCurrentIndex(3)),
        ("people", lambda: tab.panes.setCurrentIndex(4)),
        ("people with leavers", lambda: tab.people.leavers.setChecked(True)),
        ("a person’s card", lambda: tab.open_person(loaded.everybody[0])),
        ("back", tab.close_over),
        ("a course’s card", lambda: tab.open_course(loaded.matrix.courses[0])),
        ("back again", tab.close_over),
    )  # fmt: skip


def main() -> None:
    """Make the school, open the window, print."""
    found = QApplication.instance() or QApplication([])
    assert isinstance(found, QApplication)  # noqa: S101 - the tool's own assumption
    apply_theme(found)
    with TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        list(make_large_school(Path(folder), PASSPHRASE))
        vault = unlock_vault(Path(folder) / "larkfield", PASSPHRASE)
        jobs = JobRunner(found)
        rooms = Rooms(vault, jobs, write_whole)
        set_aside()
        rooms.resize(QSize(1366, 700))
        rooms.show()
        QTest.qWait(2000)
        heart = Heart()
        tab = rooms.tab("Training")
        assert isinstance(tab, TrainingTab)  # noqa: S101
        lines = []

        def measure(name: str, work: Callable[[], object]) -> None:
            begun = time.perf_counter()
            pause, own = heart.during(work, lambda: jobs.is_idle)
            took = (time.perf_counter() - begun) * 1000
            lines.append(
                f"{name:28} {pause:5.0f} ms, {own:5.0f} ms its own; done in {took:6.0f} ms"
            )

        measure("open the tab", lambda: rooms.go_to("Training"))
        for name, work in steps(tab):
            measure(name, work)
        if len(sys.argv) > 1:
            tab.panes.setCurrentIndex(0)
            QTest.qWait(200)
            rooms.grab().save(sys.argv[1])
        sys.stdout.write("longest time the window’s thread stood still\n")
        sys.stdout.write("\n".join(lines) + "\n")
        rooms.close()
        vault.close()


if __name__ == "__main__":
    main()
