"""The concerns of a week: the grid to count on, the signals beside it, the way to an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from odbst_desktop.desktop.form_rows import FormSetting, RepeatEditor
from odbst_desktop.desktop.meeting.count_grid import CountGrid
from odbst_desktop.desktop.meeting.signal_list import SignalList
from odbst_desktop.desktop.page import hide_unless
from odbst_desktop.desktop.tab import button, row_of
from odbst_desktop.form_engine.definition import Repeat
from odbst_desktop.meetings.quick_add import Known
from odbst_desktop.meetings.recent import RecentCounts
from odbst_desktop.meetings.trends import Signal as WeekSignal


class ConcernsEditor(RepeatEditor):
    """The count grid with its signals; it stands where a form would have plain rows."""

    import_wanted = Signal()

    def __init__(
        self, repeat: Repeat, setting: FormSetting, known: Known, recent: RecentCounts,
        judged_words: str,
    ) -> None:  # fmt: skip
        super().__init__()
        self.grid = CountGrid(repeat, setting, known, recent)
        self.signals = SignalList(judged_words)
        self.bring_in = button("Count from a CPOMS or Bromcom file…")
        hide_unless(not setting.is_read_only, self.bring_in)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid)
        column.addLayout(row_of(self.bring_in))
        column.addWidget(self.signals)
        self.setFocusProxy(self.grid)
        self.grid.edited.connect(self.edited)
        self.bring_in.clicked.connect(self.import_wanted)

    def value(self) -> list[dict[str, Any]]:
        """Return the lines that count something."""
        return self.grid.value()

    def set_value(self, rows: list[dict[str, Any]] | None) -> None:
        """Show the counts of rows."""
        self.grid.set_value(rows)

    def show_faults(self, sentences: Mapping[tuple[int, str], str]) -> None:
        """Say the first fault of a count."""
        self.grid.show_faults(sentences)

    def show_signals(self, signals: Sequence[WeekSignal], is_taken: Sequence[bool]) -> None:
        """Show what is out of the ordinary, and mark its lines."""
        self.signals.show_signals(signals, is_taken)
        self.grid.table.show_signals({signal.category for signal in signals})
