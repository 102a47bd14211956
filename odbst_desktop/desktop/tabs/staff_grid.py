"""The same questions to several staff: a line a question, a column a person, a key an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHeaderView, QTableView, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.tab import button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.definition import Form, Question
from odbst_desktop.monitoring.staff_voice import (
    ROLE,
    STAFF,
    by_question,
    staff_questions,
    weakest,
)

_KEYS = {"Y": "yes", "P": "partly", "N": "no", "S": "not_asked"}
_SIGNS = {"yes": "✓ Knew", "partly": "~ Partly", "no": "✗ No", "not_asked": "– Not asked"}
_NOWHERE = QModelIndex()
_QUESTION_CHARACTERS, _PERSON_CHARACTERS = 42, 13
_MOST_STAFF = 20


class StaffTable(QAbstractTableModel):
    """Rows are questions, columns the question, each person, and how many knew it."""

    def __init__(self, form: Form, rows: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self.form, self.questions = form, staff_questions(form)
        self.roles = next(q for r in form.repeats() if r.name == STAFF for q in r.items
                          if q.name == ROLE)  # fmt: skip
        self.people: list[dict[str, Any]] = [dict(row) for row in rows]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """Return the number of questions."""
        return 0 if parent.isValid() else len(self.questions)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """Return the question, the people and the score."""
        return 0 if parent.isValid() else len(self.people) + 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return who stands in a column."""
        if orientation != Qt.Orientation.Horizontal or role not in {
            Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole
        }:  # fmt: skip
            return None
        if section == 0:
            return "Question"
        return self.person(section) if self.is_person(section) else "Knew it"

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return an answer by shape and word; a screen reader hears who and what was asked."""
        if not index.isValid():
            return None
        text = self._text(index.row(), index.column())
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return text
        if role == Qt.ItemDataRole.AccessibleTextRole and self.is_person(index.column()):
            asked = self.questions[index.row()].label
            return f"{self.person(index.column())}: {asked} {text or 'not answered'}"
        return text if role == Qt.ItemDataRole.AccessibleTextRole else None

    def is_person(self, column: int) -> bool:
        """Say whether a column is somebody's."""
        return 1 <= column <= len(self.people)

    def person(self, column: int) -> str:
        """Return e.g. “2 Lunchtime supervisor”."""
        role = self.people[column - 1].get(ROLE, "")
        return f"{column} {self.roles.label_of(str(role))}"

    def add(self, role: str) -> None:
        """Add somebody of a role."""
        self.beginResetModel()
        self.people.append({ROLE: role})
        self.endResetModel()

    def remove(self, column: int) -> None:
        """Take somebody away."""
        self.beginResetModel()
        del self.people[column - 1]
        self.endResetModel()

    def answer(self, row: int, column: int, answer: str) -> None:
        """Note an answer."""
        self.people[column - 1][self.questions[row].name] = answer
        self.dataChanged.emit(self.index(row, column), self.index(row, self.columnCount() - 1))

    def _text(self, row: int, column: int) -> str:
        question: Question = self.questions[row]
        if column == 0:
            return question.label
        if self.is_person(column):
            return _SIGNS.get(str(self.people[column - 1].get(question.name)), "")
        score = by_question(self.form, self.people)[row]
        return f"{score.knew} of {score.asked}" if score.asked else ""


class _AnswerView(QTableView):
    """A table that takes one key an answer and moves on to the next question."""

    answered = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Y, P, N and S; everything else moves as in any table."""
        answer = _KEYS.get(event.text().upper())
        if answer is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        self.answered.emit(answer)


class StaffGrid(QWidget):
    """Ask one person after another: choose the role, then a key a question."""

    edited = Signal()

    def __init__(
        self, form: Form, rows: Sequence[Mapping[str, Any]], *, is_read_only: bool
    ) -> None:
        super().__init__()
        self._is_read_only = is_read_only
        self.table = StaffTable(form, rows)
        self.view = self._answer_view()
        self.role = QComboBox()
        self.role.setAccessibleName("Role of the member of staff")
        for choice in self.table.roles.choices:
            self.role.addItem(choice.label, choice.name)
        self.add = button("Ask this role", is_main=True)
        self.remove = button("Take this person out")
        self.asking, self.score = words("", "heading"), words("", "quiet")
        for widget in (self.role, self.add, self.remove):
            hide_unless(not is_read_only, widget)
        self._arrange()
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.view.answered.connect(self._answer)
        self.view.doubleClicked.connect(self._next_answer)
        self.view.selectionModel().currentChanged.connect(self._ask)
        self._lay_out(1)

    def _answer_view(self) -> _AnswerView:
        view = _AnswerView()
        view.setModel(self.table)
        view.setAccessibleName("Answers of staff")
        view.setAccessibleDescription("Y knew it, P partly, N did not know, S not asked")
        view.setWordWrap(True)
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header = view.horizontalHeader()
        header.setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        )
        header.setMinimumHeight(int(2.8 * self.fontMetrics().height()))
        view.setMinimumHeight(12 * self.fontMetrics().height())
        return view

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.addWidget(words("Staff asked", "heading"))
        column.addWidget(
            words("Five or more, of different roles, each alone and in the same words; no names. "
                  "Keys: Y knew it, P partly, N did not know, S not asked.", "quiet")
        )  # fmt: skip
        column.addLayout(row_of(self.role, self.add, self.remove))
        column.addWidget(self.asking)
        column.addWidget(self.view, 1)
        column.addWidget(self.score)

    def value(self) -> list[dict[str, Any]]:
        """Return the people with their answers."""
        return [dict(person) for person in self.table.people]

    def title(self) -> str:
        """Return the title of the section with how many were asked."""
        return f"Staff asked ({len(self.table.people)})"

    def _add(self) -> None:
        if len(self.table.people) >= _MOST_STAFF:
            self.score.setText(f"! No more than {_MOST_STAFF} members of staff in one visit.")
            return
        self.table.add(str(self.role.currentData()))
        self._lay_out(len(self.table.people))
        self.view.setFocus()
        self.edited.emit()

    def _remove(self) -> None:
        column = self.view.currentIndex().column()
        if self.table.is_person(column):
            self.table.remove(column)
            self._lay_out(max(column - 1, 1))
            self.edited.emit()

    def _answer(self, answer: str) -> None:
        index = self.view.currentIndex()
        if self._is_read_only or not self.table.is_person(index.column()):
            return
        self.table.answer(index.row(), index.column(), answer)
        following = self.table.index(
            min(index.row() + 1, self.table.rowCount() - 1), index.column()
        )
        self.view.setCurrentIndex(following)
        self._say()
        self.edited.emit()

    def _ask(self, index: QModelIndex) -> None:
        """Say who is asked what, so that it is read while the columns are scrolled."""
        if self.table.is_person(index.column()):
            asked = self.table.questions[index.row()].label
            self.asking.setText(f"{self.table.person(index.column())}: {asked}")
        else:
            self.asking.setText("")

    def _next_answer(self, index: QModelIndex) -> None:
        """Go round the answers, for those who use a mouse."""
        if self._is_read_only or not self.table.is_person(index.column()):
            return
        known = list(_SIGNS)
        held = self.table.people[index.column() - 1].get(self.table.questions[index.row()].name)
        place = known.index(str(held)) + 1 if held in known else 0
        self.table.answer(index.row(), index.column(), known[place % len(known)])
        self._say()
        self.edited.emit()

    def _lay_out(self, column: int) -> None:
        width = self.fontMetrics().averageCharWidth()
        self.view.setColumnWidth(0, _QUESTION_CHARACTERS * width)
        for place in range(1, self.table.columnCount()):
            self.view.setColumnWidth(place, _PERSON_CHARACTERS * width)
        self.view.resizeRowsToContents()
        if self.table.is_person(column):
            self.view.setCurrentIndex(self.table.index(0, column))
        self._say()

    def _say(self) -> None:
        least = weakest(by_question(self.table.form, self.table.people))
        self.score.setText(
            "Least known: " + "; ".join(f"{known.words} ({known.counts})" for known in least)
            if least
            else ""
        )
