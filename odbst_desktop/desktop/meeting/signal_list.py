"""What is out of the ordinary this week, each as its sentence; one key makes it a trend."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.meetings.trends import Signal as WeekSignal

_QUESTION = "A rise is a question, not a fault: more recording may mean better culture."


class SignalList(QWidget):
    """The signals of the week; Enter, or Ctrl+T from anywhere, takes one into the trends."""

    taken = Signal(object)

    def __init__(self, judged_words: str) -> None:
        super().__init__()
        self._signals: tuple[WeekSignal, ...] = ()
        self._is_taken: tuple[bool, ...] = ()
        self.heading = words("", "heading")
        self.none = words(judged_words, "quiet")
        self.list = QListWidget()
        self.list.setAccessibleName("Signals of this week")
        self.list.setWordWrap(True)
        self.list.setSpacing(STEP // 2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hint = words(
            f"Enter, or Ctrl+T from anywhere, makes a trend of it with a decision waiting. "
            f"{_QUESTION}", "quiet",
        )  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.heading)
        column.addWidget(self.none)
        column.addWidget(self.list)
        column.addWidget(self.hint)
        self.list.itemActivated.connect(lambda _item: self.take())
        self.show_signals((), ())

    @property
    def signals(self) -> tuple[WeekSignal, ...]:
        """Return the signals that are shown."""
        return self._signals

    def show_signals(self, signals: Sequence[WeekSignal], is_taken: Sequence[bool]) -> None:
        """Show signals; those taken already say so."""
        if (tuple(signals), tuple(is_taken)) == (self._signals, self._is_taken) and signals:
            return
        self._signals, self._is_taken = tuple(signals), tuple(is_taken)
        chosen = self.list.currentRow()
        self.list.clear()
        for signal, taken in zip(self._signals, self._is_taken, strict=True):
            sign = "✓ Among the trends: " if taken else "▲ " if signal.is_strong else "△ "
            self.list.addItem(sign + signal.sentence)
        self.heading.setText(f"Signals this week ({len(self._signals)})")
        for widget in (self.list, self.hint):
            widget.setVisible(bool(self._signals))
        self.none.setVisible(not self._signals)
        if self._signals:
            self.list.setCurrentRow(min(max(chosen, 0), len(self._signals) - 1))
            height = self.fontMetrics().lineSpacing() * 2 + 3 * STEP
            self.list.setFixedHeight(height * min(len(self._signals), 3) + 2 * STEP)

    def take(self) -> None:
        """Take the chosen signal if the list has the keys, else the first not taken."""
        open_ones = [s for s, taken in zip(self._signals, self._is_taken, strict=True) if not taken]
        row = self.list.currentRow()
        if self.list.hasFocus() and 0 <= row < len(self._signals) and not self._is_taken[row]:
            self.taken.emit(self._signals[row])
        elif open_ones:
            self.taken.emit(open_ones[0])
