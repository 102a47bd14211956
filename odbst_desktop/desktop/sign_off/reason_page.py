"""Why a new revision is made; what the ESL asked stands above the line."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.returns.drafting import Return

_ANSWERS = "The Executive Safeguarding Lead’s queries are answered."


class ReasonPage(QWidget):
    """A line for the reason; ``reasoned`` gives it."""

    left = Signal()
    reasoned = Signal(str)

    def __init__(self, found: Return, queries: tuple[str, ...]) -> None:
        super().__init__()
        self.reason = QLineEdit(_ANSWERS if queries else "")
        self.reason.setAccessibleName("Why a new revision is made")
        label = QLabel("&Why is a new revision made?")
        label.setBuddy(self.reason)
        self.keep = button(f"Begin revision {found.revision + 1}", is_main=True)
        self.back = button("Leave it as it is")
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        column.addWidget(words(f"New revision: {found.title}", "title"))
        column.addWidget(
            words(
                f"Revision {found.revision} stays as it was signed and stands until the new one is "
                "signed and sent. The new one begins with the same answers, and says why it was "
                "made and what it changes."
            )
        )
        for sentence in queries:
            column.addWidget(words(sentence, "subheading"))
        column.addWidget(label)
        column.addWidget(self.reason)
        column.addLayout(row_of(self.keep, self.back))
        column.addStretch(1)
        self.keep.clicked.connect(self._reasoned)
        self.reason.returnPressed.connect(self._reasoned)
        self.back.clicked.connect(self.left)

    def _reasoned(self) -> None:
        self.reasoned.emit(self.reason.text())
