"""Asks why minutes are amended; both versions are kept."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.meetings.log import Meeting, amend_meeting
from odbst_desktop.school.typed_dates import show_date


class AmendPanel(QWidget):
    """A line for the reason; ``amending`` gives the meeting's id once it is open again."""

    amending = Signal(str)

    def __init__(self, tab: Tab, meeting: Meeting) -> None:
        super().__init__()
        self._tab, self._meeting = tab, meeting
        self.reason = QLineEdit()
        self.reason.setAccessibleName("Why the minutes are amended")
        label = QLabel("&Why are the minutes amended?")
        label.setBuddy(self.reason)
        self.keep = button("Amend", is_main=True)
        self.back = button("Leave them as they are")
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        column.addWidget(words(f"Amend the minutes of {show_date(meeting.held_on)}", "title"))
        column.addWidget(
            words(
                "What was closed is kept and can be printed. The new version says why it was "
                "made. Until it is closed, the old one stands."
            )
        )
        column.addWidget(label)
        column.addWidget(self.reason)
        column.addLayout(row_of(self.keep, self.back))
        column.addStretch(1)
        self.keep.clicked.connect(self._keep)
        self.reason.returnPressed.connect(self._keep)
        self.back.clicked.connect(tab.close_over)

    def _keep(self) -> None:
        vault, meeting, reason = self._tab.desk.vault, self._meeting.id, self.reason.text()
        self._tab.run(lambda: amend_meeting(vault, meeting, reason), self._kept, "meeting")

    def _kept(self, meeting: Meeting) -> None:
        self.amending.emit(meeting.id)
