"""The line that takes a count, a child or a decision from wherever one is in the meeting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.meetings.adding import line_words
from odbst_desktop.meetings.quick_add import Known, QuickLine, read_line

_HINT = "Quick line (Ctrl+J): Zones outside @ruth !friday #lunchtime · 2 neglect #home · C1042 why"


class QuickLineEdit(QWidget):
    """A line with what it will add said under it while it is typed; Enter adds it."""

    added = Signal(object)

    def __init__(self, known: Known, today: date, answers: Callable[[], Mapping[str, Any]]) -> None:
        super().__init__()
        self._known, self._today, self._answers = known, today, answers
        self.line = QLineEdit()
        self.line.setPlaceholderText(_HINT)
        self.line.setAccessibleName("Quick line")
        self.line.setAccessibleDescription(
            "A decision with @owner, !date and #place; a number and a category; or a CPOMS "
            "reference and why. Control and K leads here from anywhere."
        )
        self.said = words("", "quiet")
        self.said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        column.addWidget(self.line)
        column.addWidget(self.said)
        self.setFocusProxy(self.line)
        self.line.textChanged.connect(self._say)
        self.line.returnPressed.connect(self._add)

    def _read(self) -> QuickLine:
        return read_line(self.line.text(), self._known, self._today)

    def _say(self, text: str) -> None:
        if not text.strip():
            self.said.hide()
            return
        line = self._read()
        sentence = line_words(line, self._known, self._answers())
        if line.faults:
            sentence = f"✗ {' '.join(line.faults)}"
        self.said.setProperty("kind", "problem" if line.faults else "quiet")
        self.said.style().polish(self.said)
        self.said.setText(sentence)
        self.line.setToolTip(sentence)
        self.said.show()

    def _add(self) -> None:
        line = self._read()
        if line.faults:
            self._say(self.line.text() or " ")
            return
        self.line.clear()
        self.added.emit(line)
