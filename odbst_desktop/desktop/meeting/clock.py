"""The agenda's clock in the window: it runs once it is started, a second at a time."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from odbst_desktop.desktop.theme import STEP
from odbst_desktop.meetings.agenda_clock import AgendaClock

_TICK_MILLISECONDS = 1000


class ClockLine(QWidget):
    """Says how long is left here and of the meeting; ``section`` tells where one is."""

    def __init__(
        self,
        clock: AgendaClock,
        section: Callable[[], str],
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__()
        self.clock, self._section, self._seconds = clock, section, seconds
        self._counted = 0.0
        self.start = QPushButton("Start cloc&k")
        self.start.setCheckable(True)
        self.start.setAccessibleDescription("Times each section of the agenda")
        self.said = QLabel(f"{clock.minutes} min planned")
        self.said.setProperty("kind", "quiet")
        self.said.setAccessibleName("Agenda clock")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(2 * STEP)
        across.addWidget(self.start)
        across.addWidget(self.said)
        self._timer = QTimer(self, interval=_TICK_MILLISECONDS)
        self._timer.timeout.connect(self.tick)
        self.start.toggled.connect(self._switch)

    def tick(self) -> None:
        """Count the whole seconds since the last time on the section that is shown."""
        whole = int(self._seconds() - self._counted)
        self._counted += whole
        section = self._section()
        self.clock = self.clock.passed(section, whole)
        is_over = self.clock.is_over(section)
        self.said.setProperty("kind", "warning" if is_over else "quiet")
        self.said.style().polish(self.said)
        self.said.setText(("! " if is_over else "") + self.clock.words(section))
        self.said.setAccessibleDescription(self.said.text())

    def _switch(self, is_on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.start.setText("Pause cloc&k" if is_on else "Go on with cloc&k")
        self._counted = self._seconds()
        if is_on:
            self._timer.start()
        else:
            self._timer.stop()
