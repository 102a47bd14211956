"""What follows the closing of a visit: the day it was reported, and its amendment."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.fields import DateField
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.monitoring.visits import Visit


class AfterwardsPanel(QWidget):
    """The day of the report to the LGB, and a way to amend what was closed or signed here."""

    reported = Signal(object)
    amend_wanted = Signal(str)

    def __init__(self, desk: Desk, visit: Visit) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(2 * STEP)
        column.addWidget(words("Afterwards", "heading"))
        if visit.amend_reason:
            column.addWidget(
                words(f"Version {visit.revision}. Amended because: {visit.amend_reason}")
            )
        self.day = DateField(desk.vault.today())
        self.day.set_name("Reported to the LGB on")
        self.day.set_value(visit.reported_on.isoformat() if visit.reported_on else None)
        self.keep_day = button("Keep the day")
        self.reason = QLineEdit()
        self.reason.setAccessibleName("Why the visit is amended")
        self.reason.setPlaceholderText("Why the visit is amended: both versions are kept")
        self.amend = button("Amend the visit")
        column.addWidget(words("Reported to the LGB on"))
        column.addLayout(row_of(self.day, self.keep_day))
        self.may_amend = visit.state in {"closed", "signed"}
        if self.may_amend:
            column.addWidget(words("Something is wrong in it?"))
            column.addLayout(self._amending())
        column.addStretch(1)
        self.keep_day.clicked.connect(self._keep)
        self.amend.clicked.connect(lambda: self.amend_wanted.emit(self.reason.text()))
        self.reason.returnPressed.connect(self.amend.click)

    def _amending(self) -> QHBoxLayout:
        across = QHBoxLayout()
        across.addWidget(self.reason, 1)
        across.addWidget(self.amend)
        return across

    def _keep(self) -> None:
        self.reported.emit(self.day.value())
