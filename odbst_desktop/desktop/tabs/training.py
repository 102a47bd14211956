"""The tab of people and their training: the matrix, a course held, somebody new."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button, one_line, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.errors import InputError
from odbst_desktop.office.calendar import own_authority
from odbst_desktop.school.people import Person, PersonId, add_person, end_person, role_label, roles
from odbst_desktop.school.typed_dates import read_typed_date, show_date
from odbst_desktop.training.catalogue import Course, courses
from odbst_desktop.training.matrix import Cell, Matrix, Status, record_training, training_matrix

Row = tuple[Person, tuple[Cell, ...]]


def cell_words(cell: Cell) -> str:
    """Return a cell of the matrix: a shape, the word, and until when."""
    if cell.status is Status.NOT_REQUIRED:
        return "–"
    word = "since" if cell.status is Status.OVERDUE else "to"
    until = f" {word} {show_date(cell.until)}" if cell.until else ""
    return f"{cell.status.sign} {cell.status.value}{until}"


def matrix_columns(matrix: Matrix) -> tuple[Column[Row], ...]:
    """Return the columns: who, in which roles, and one for each course that somebody needs."""

    def cell(place: int) -> Column[Row]:
        label = matrix.courses[place].label
        return Column(label, lambda row: cell_words(row[1][place]), 3, max(28, len(label) + 3))

    def held(row: Row) -> str:
        on = row[0].roles_on(matrix.on)
        return ", ".join(role_label(r.id) for r in roles() if r.id in on)

    return (
        Column("Person", lambda row: row[0].name, 3, 18),
        Column("Roles", held, 3, 30),
        *(cell(place) for place in range(len(matrix.courses))),
    )


class NamedPanel(QWidget):
    """A form over the matrix with “Back” and one main button."""

    def __init__(self, tab: TrainingTab, title: str, main: str) -> None:
        super().__init__()
        self.tab = tab
        self.back, self.keep = button("← Matrix"), button(main, is_main=True)
        self.form = QFormLayout()
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self.form.setVerticalSpacing(2 * STEP)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        column.addLayout(row_of(self.back, one_line(title)))
        column.addLayout(self.form)
        column.addLayout(row_of(self.keep))
        column.addStretch(1)
        self.back.clicked.connect(tab.close_over)


def _ticks(name: str, entries: list[tuple[str, str]]) -> QListWidget:
    made = QListWidget()
    made.setAccessibleName(name)
    for value, text in entries:
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, value)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Unchecked)
        made.addItem(item)
    return made


def ticked(listed: QListWidget) -> list[str]:
    """Return the values that are ticked."""
    items = (listed.item(place) for place in range(listed.count()))
    return [
        item.data(Qt.ItemDataRole.UserRole)
        for item in items
        if item.checkState() == Qt.CheckState.Checked
    ]


class PersonPanel(NamedPanel):
    """Asks for somebody new: name, roles, day of joining."""

    def __init__(self, tab: TrainingTab) -> None:
        super().__init__(tab, "Somebody new", "Add")
        self.name, self.joined = QLineEdit(), QLineEdit("today")
        self.name.setAccessibleName("Name")
        self.joined.setAccessibleName("Joined on")
        self.roles = _ticks("Roles", [(role.id, role.label) for role in roles()])
        self.form.addRow("&Name", self.name)
        self.form.addRow("&Joined on", self.joined)
        self.form.addRow("&Roles", self.roles)
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        vault, name, held = self.tab.desk.vault, self.name.text(), ticked(self.roles)
        typed = self.joined.text()

        def work() -> str:
            day = read_typed_date(typed, vault.today())
            with vault.changing("person added", "person") as session:
                add_person(session, name, held, day)
            return name.strip()

        self.tab.run(work, self.tab.kept, "person")


class LeavingPanel(NamedPanel):
    """Asks for the last day of somebody who leaves; their records stay."""

    def __init__(self, tab: TrainingTab, person: Person) -> None:
        super().__init__(tab, f"{person.name} leaves", "Note the last day")
        self._person = person
        self.day = QLineEdit("today")
        self.day.setAccessibleName("Last day")
        self.form.addRow("&Last day", self.day)
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        vault, person, typed = self.tab.desk.vault, self._person, self.day.text()

        def work() -> str:
            day = read_typed_date(typed, vault.today())
            with vault.changing("person left", f"person/{person.id}") as session:
                end_person(session, person.id, day)
            return f"{person.name} leaves on {show_date(day)}"

        self.tab.run(work, self.tab.kept, "person")


class CoursePanel(NamedPanel):
    """Asks for a course that was held: which, when, who was there."""

    def __init__(self, tab: TrainingTab, matrix: Matrix) -> None:
        super().__init__(tab, "A course was held", "Record")
        self.course = QComboBox()
        self.course.setAccessibleName("Course")
        for known in courses():
            self.course.addItem(known.label, known.id)
        self.day, self.provider = QLineEdit("today"), QLineEdit()
        self.day.setAccessibleName("Held on")
        self.provider.setAccessibleName("Provider")
        self.who = _ticks("Who attended", [(p.id, p.name) for p in matrix.people])
        self._matrix = matrix
        self.form.addRow("&Course", self.course)
        self.form.addRow("&Held on", self.day)
        self.form.addRow("&Provider", self.provider)
        self.form.addRow("&Who attended", self.who)
        self.course.currentIndexChanged.connect(self._tick_needing)
        self.keep.clicked.connect(self._keep)
        self._tick_needing()

    def _tick_needing(self) -> None:
        """Tick those who need the course, which is who usually attends."""
        known: Course = courses()[self.course.currentIndex()]
        for place, person in enumerate(self._matrix.people):
            needs = known.is_required_of(person, self._matrix.on)
            state = Qt.CheckState.Checked if needs else Qt.CheckState.Unchecked
            self.who.item(place).setCheckState(state)

    def _keep(self) -> None:
        vault, course_id = self.tab.desk.vault, self.course.currentData()
        who = [PersonId(value) for value in ticked(self.who)]
        typed, provider = self.day.text(), self.provider.text()
        label = self.course.currentText()

        def work() -> str:
            day = read_typed_date(typed, vault.today())
            with vault.changing("training recorded", f"course/{course_id}") as session:
                count = record_training(
                    session, course_id, who, day, today=vault.today(), provider=provider
                )
                if not count:
                    raise InputError(f"{label} is recorded for them on that day already.")
            return f"{label} for {count}"

        self.tab.run(work, self.tab.kept, "training")


class TrainingTab(Tab):
    """The matrix: person by course, with what is due."""

    kinds = frozenset({"training", "person"})
    title = "Training"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._matrix: Matrix | None = None
        self.summary = words("", "quiet")
        self.person, self.course = button("Add a person"), button("Record a course", is_main=True)
        self.leaving = button("Somebody leaves")
        self.leaving.clicked.connect(self._leave)
        self.table: TableView[Row] = TableView("Training matrix", ())
        self.column.addWidget(words("People and training", "title"))
        self.column.addWidget(self.summary)
        self.column.addLayout(row_of(self.course, self.person, self.leaving))
        self.column.addWidget(self.table, 1)
        self.person.clicked.connect(self._add_person)
        self.course.clicked.connect(self._record)

    def load(self) -> Matrix:
        """Read the matrix of today."""
        with self.desk.vault.reading() as session:
            return training_matrix(session, self.desk.vault.today(), own_authority(session))

    def show_loaded(self, value: Matrix) -> None:
        """Show the matrix, and in words what is due."""
        self._matrix = value
        counts = dict.fromkeys(Status, 0)
        for row in value.cells:
            for cell in row:
                counts[cell.status] += 1
        self.summary.setText(
            " · ".join(
                f"{status.sign} {status.value}: {counts[status]}"
                for status in (Status.OVERDUE, Status.NEVER, Status.DUE_SOON, Status.IN_DATE)
            )
            if value.people
            else "Nobody is in the list yet. Add the DSL, the deputies and the headteacher first."
        )
        self.course.setEnabled(bool(value.people))
        rows = tuple(zip(value.people, value.cells, strict=True))
        self.table.show_rows(rows, matrix_columns(value))

    def kept(self, what: str) -> None:
        """Go back to the matrix and say what was kept."""
        self.close_over()
        self.show_good(f"Recorded: {what}.")

    def _add_person(self) -> None:
        panel = PersonPanel(self)
        self.open_over(panel)
        panel.name.setFocus()

    def _leave(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            panel = LeavingPanel(self, chosen[0])
            self.open_over(panel)
            panel.day.setFocus()

    def _record(self) -> None:
        if self._matrix is not None:
            panel = CoursePanel(self, self._matrix)
            self.open_over(panel)
            panel.course.setFocus()
