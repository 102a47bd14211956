"""Under the list of returns: what is not acknowledged yet, and what came here to be signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.sign_off.to_sign import ToSignPage
from odbst_desktop.desktop.tab import Tab, button
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.returns.outstanding import Outstanding
from odbst_desktop.returns.travelling import ToCountersign
from odbst_desktop.school.typed_dates import show_date


class WaitingPanel(QWidget):
    """Two short lists, each shown only when there is something in it."""

    def __init__(self, tab: Tab) -> None:
        super().__init__()
        self._tab, self._today = tab, tab.desk.vault.today()
        columns: tuple[Column[Outstanding], ...] = (
            Column("Sealed and sent", lambda o: o.what, 4, 28),
            Column("On", lambda o: show_date(o.sent_on), 2, 12),
            Column("Age", lambda o: o.age_words(self._today), 1, 12),
            Column("Waits for", lambda o: o.waits_for, 3, 22),
            Column("What to do", lambda o: o.what_to_do, 6, 40),
        )
        self.table: TableView[Outstanding] = TableView("Not acknowledged yet", columns)
        self._heading = words("Not acknowledged yet", "heading")
        self._asked = words("Came here to be signed", "heading")
        self.buttons: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        for widget in (self._heading, self.table, self._asked):
            column.addWidget(widget)
            widget.hide()
        self._column = column

    def show_waiting(
        self, outstanding: Sequence[Outstanding], to_sign: Sequence[ToCountersign], today: date
    ) -> None:
        """Show what waits."""
        self._today = today
        self.table.show_rows(outstanding)
        self._heading.setVisible(bool(outstanding))
        self.table.setVisible(bool(outstanding))
        self._asked.setVisible(bool(to_sign))
        for old in self.buttons:
            self._column.removeWidget(old)
            old.deleteLater()
        self.buttons = [self._button(held) for held in to_sign]
        for each in self.buttons:
            self._column.addWidget(each)

    def _button(self, held: ToCountersign) -> QPushButton:
        made = button(f"{held.title} · {held.state_words}", is_main=not held.is_signed)
        made.clicked.connect(lambda: self._tab.open_over(ToSignPage(self._tab, held)))
        return made
