"""The schools of a governor: choose one, or add another that is governed too."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import button, row_of
from odbst_desktop.school.posts import Post


class SchoolRow(QWidget):
    """Which school is shown; each school's visits, plan and packages stay apart."""

    chosen = Signal(int)
    added = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self.school = QComboBox()
        self.school.setAccessibleName("School")
        self.school.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.label = QLabel("School")
        self.label.setBuddy(self.school)
        self.another = button("I govern another school…")
        self.urn, self.name, self.add = QLineEdit(), QLineEdit(), button("Add this school…")
        for field, title in ((self.urn, "URN"), (self.name, "Name of the school")):
            field.setPlaceholderText(title)
            field.setAccessibleName(title)
        self.urn.setMaximumWidth(14 * self.fontMetrics().averageCharWidth())
        self.fields = QWidget()
        inner = row_of(self.urn, self.name, self.add)
        self.fields.setLayout(inner)
        inner.setContentsMargins(0, 0, 0, 0)
        self.hint = words(
            "A key of its own signs for that school: make an enrolment for it next, on the tab "
            "Packages, so that the trust knows it.", "quiet",
        )  # fmt: skip
        self.fields.hide()
        self.hint.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row_of(self.label, self.school))
        column.addWidget(self.fields)
        column.addWidget(self.hint)
        self.school.activated.connect(self._choose)
        self.another.clicked.connect(self._open)
        self.add.clicked.connect(self._add)

    def show_schools(self, posts: tuple[Post, ...], chosen: int) -> None:
        """Show the schools; one alone needs no choice."""
        self.school.clear()
        for post in posts:
            self.school.addItem(post.school, post.urn)
        self.school.setCurrentIndex(max(self.school.findData(chosen), 0))
        self.school.setVisible(len(posts) > 1)
        self.label.setVisible(len(posts) > 1)

    def settle(self) -> None:
        """Put the fields for another school away."""
        for field in (self.urn, self.name):
            field.clear()
        self.fields.hide()
        self.hint.hide()

    def _open(self) -> None:
        self.fields.show()
        self.hint.show()
        self.urn.setFocus()

    def _choose(self) -> None:
        self.chosen.emit(int(self.school.currentData()))

    def _add(self) -> None:
        typed = self.urn.text().strip()
        self.added.emit(int(typed) if typed.isdecimal() else 0, self.name.text())
