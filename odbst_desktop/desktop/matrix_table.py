"""The matrix drawn: names stay in sight at the left, one column for each course."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from odbst_desktop.school.people import Person
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.training.catalogue import Course
from odbst_desktop.training.matrix import Matrix
from odbst_desktop.training.standing import Cell, Status

_NOWHERE = QModelIndex()
_LEAST_ROWS = 6
_COLUMN_CHARACTERS = 29
_ROLES = Qt.ItemDataRole


def cell_words(cell: Cell) -> str:
    """Return a cell of the matrix: a shape, the word, and until or since when."""
    if cell.status is Status.NOT_REQUIRED:
        return "–"
    words = f"{cell.status.sign} {cell.status.value}"
    day = cell.booked_for if cell.status is Status.BOOKED else cell.until
    if day is None or cell.status is Status.EXEMPT:
        return words
    return f"{words} {_BEFORE_DAY[cell.status]} {show_date(day)}"


_BEFORE_DAY = {
    Status.IN_DATE: "to",
    Status.DUE_SOON: "on",
    Status.OVERDUE: "since",
    Status.NEVER: "due",
    Status.BOOKED: "for",
}


def spoken_cell(person: Person, course: Course, cell: Cell) -> str:
    """Return a cell as a sentence, for a screen reader and the tip."""
    said = cell.status.value
    if cell.until:
        words = {Status.OVERDUE: "since", Status.NEVER: "due by"}.get(cell.status, "until")
        said += f" {words} {show_date(cell.until)}"
    if cell.booked_for:
        said += f", booked for {show_date(cell.booked_for)}"
    if cell.completed_on:
        said += f", last done {show_date(cell.completed_on)}"
    if cell.reason:
        said += f": {cell.reason}"
    return f"{person.name}, {course.label}: {said}"


class MatrixTable(QAbstractTableModel):
    """An array model over a matrix; nothing is worked out when it is drawn but the words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.matrix: Matrix | None = None
        self._bold = QFont()
        self._bold.setBold(True)

    def replace(self, matrix: Matrix) -> None:
        """Show another matrix."""
        self.beginResetModel()
        self.matrix = matrix
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """Return the number of people."""
        return 0 if parent.isValid() or self.matrix is None else len(self.matrix.people)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """Return the number of courses."""
        return 0 if parent.isValid() or self.matrix is None else len(self.matrix.courses)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = _ROLES.DisplayRole
    ) -> Any:
        """Return a cell's words, and what is said of it at more length."""
        if not index.isValid() or self.matrix is None:
            return None
        row, column = index.row(), index.column()
        cell = self.matrix.cells[row][column]
        if role == _ROLES.DisplayRole:
            return cell_words(cell)
        if role in {_ROLES.ToolTipRole, _ROLES.AccessibleTextRole}:
            return spoken_cell(self.matrix.people[row], self.matrix.courses[column], cell)
        if role == _ROLES.FontRole and cell.status in {Status.OVERDUE, Status.NEVER}:
            return self._bold
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLES.DisplayRole
    ) -> Any:
        """Return a course's short name above and a person's name at the left."""
        if self.matrix is None:
            return None
        is_course = orientation == Qt.Orientation.Horizontal
        if role == _ROLES.DisplayRole:
            return (
                self.matrix.courses[section].short
                if is_course
                else self.matrix.people[section].name
            )
        if role == _ROLES.ToolTipRole and is_course:
            course = self.matrix.courses[section]
            return f"{course.label}: {course.renewal_words}. {course.source}"
        return None


class MatrixView(QTableView):
    """The matrix; the arrow keys walk the cells, Enter opens the person's card."""

    def __init__(self) -> None:
        super().__init__()
        self.table = MatrixTable(self)
        self.setModel(self.table)
        self.setAccessibleName("Training matrix")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        height = int(self.fontMetrics().height() * 1.9)
        self.setMinimumHeight(_LEAST_ROWS * height)
        sides = self.verticalHeader()
        sides.setDefaultSectionSize(height)
        sides.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        sides.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        sides.setAccessibleName("People")
        top = self.horizontalHeader()
        top.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        top.setHighlightSections(False)
        top.setDefaultSectionSize(_COLUMN_CHARACTERS * self.fontMetrics().averageCharWidth())

    def show_matrix(self, matrix: Matrix) -> None:
        """Show another matrix; the place in it is kept as far as it goes."""
        row, column = self.currentIndex().row(), self.currentIndex().column()
        self.table.replace(matrix)
        if matrix.people and matrix.courses:
            self.setCurrentIndex(
                self.table.index(
                    min(max(row, 0), len(matrix.people) - 1),
                    min(max(column, 0), len(matrix.courses) - 1),
                )
            )

    def person(self) -> Person | None:
        """Return whose row is chosen."""
        index, matrix = self.currentIndex(), self.table.matrix
        return matrix.people[index.row()] if index.isValid() and matrix else None

    def course(self) -> Course | None:
        """Return whose column is chosen."""
        index, matrix = self.currentIndex(), self.table.matrix
        return matrix.courses[index.column()] if index.isValid() and matrix else None
