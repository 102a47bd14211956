"""The panes of the training tab: the matrix, what to book, sessions, courses, people, imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from odbst_desktop.desktop.explain_panel import Asked, Explainer
from odbst_desktop.desktop.matrix_table import MatrixView
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.school.people import Person, PersonId, role_label, roles
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.training.cards import ToBook
from odbst_desktop.training.catalogue import BASES, Catalogue, Course, due_soon_days
from odbst_desktop.training.explained import explain_course
from odbst_desktop.training.imports import Import
from odbst_desktop.training.matrix import Matrix, Picked
from odbst_desktop.training.sessions import GroupSession, SupervisionRow
from odbst_desktop.training.standing import Cell, Status

_KEY_PAUSE_MS = 120


@dataclass(frozen=True, slots=True)
class TrainingLoaded:
    """What the tab shows, worked out off the window's thread; ``book_by`` ends the half-term.

    ``standing`` says of each course how many are in date.
    """

    matrix: Matrix
    catalogue: Catalogue
    everybody: tuple[Person, ...]
    sessions: tuple[GroupSession, ...]
    supervision: tuple[SupervisionRow, ...]
    imports: tuple[Import, ...]
    today: date
    book_by: date
    half_term: str
    due: tuple[ToBook, ...]
    standing: Mapping[str, str]
    summary: str


class Pane(QWidget):
    """A page of the tab with a row of buttons over what it shows."""

    def __init__(self, *buttons: QWidget) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 2 * STEP, 0, 0)
        self.column.setSpacing(2 * STEP)
        self.column.addLayout(row_of(*buttons))


class MatrixPane(Pane):
    """Person by course, filtered by role, hub, course and when it is due."""

    def __init__(self) -> None:
        self.record = button("Record a course", is_main=True)
        self.card, self.course_card = button("Open the person"), button("Open the course")
        super().__init__(self.record, self.card, self.course_card)
        self.view = MatrixView()
        Explainer(self.view, self._explanation)
        self.role, self.hub, self.course, self.due = (QComboBox() for _ in range(4))
        self.name = QLineEdit()
        self.name.setPlaceholderText("Part of a name")
        self.as_on = QLineEdit()
        self.as_on.setPlaceholderText("As on: today")
        self.as_recorded = QCheckBox("As recorded by then")
        self.as_recorded.setToolTip("Without what was recorded or corrected since that day")
        named = ((self.name, "Name"), (self.role, "Role"), (self.hub, "Hub"),
                 (self.course, "Course"), (self.due, "Due"), (self.as_on, "As on"))  # fmt: skip
        for widget, what in named:
            widget.setAccessibleName(what)
        self._fill()
        across = QHBoxLayout()
        across.setSpacing(2 * STEP)
        for widget, _ in named[:-1]:
            across.addWidget(widget, 1)
        self.column.addLayout(across)
        self.shown = words("", "quiet")
        as_on = row_of(self.as_on, self.as_recorded)
        as_on.insertWidget(2, self.shown, 1)
        self.column.addLayout(as_on)
        self.column.addWidget(self.view, 1)
        self._loaded: TrainingLoaded | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self.filter)
        for box in (self.role, self.hub, self.course, self.due):
            box.currentIndexChanged.connect(self.filter)
        self.name.textEdited.connect(lambda: self._pause.start(_KEY_PAUSE_MS))

    def _explanation(self) -> Asked | None:
        course, matrix = self.view.course(), self.view.table.matrix
        if course is None or matrix is None:
            return None
        return lambda: explain_course(matrix, course)

    def _fill(self) -> None:
        for box, every in ((self.role, "Every role"), (self.hub, "Every hub"),
                           (self.course, "Every course")):  # fmt: skip
            box.addItem(every, "")
        for role in roles():
            self.role.addItem(role.label, role.id)
        for text, value in (
            ("Whatever stands", ""),
            ("To be done", "open"),
            (f"Due within {due_soon_days()} days", "soon"),
            ("Due before half-term ends", "half"),
        ):
            self.due.addItem(text, value)
        for box in (self.role, self.hub, self.course, self.due):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(6)

    def show_loaded(self, loaded: TrainingLoaded) -> None:
        """Show another matrix under the same filters."""
        self._loaded = loaded
        hubs = sorted({p.details.hub for p in loaded.matrix.people if p.details.hub})
        _refill(self.hub, [(hub, hub) for hub in hubs])
        _refill(self.course, [(known.short, known.id) for known in loaded.catalogue.courses])
        self.hub.setVisible(self.hub.count() > 1)
        self.filter()

    def filter(self) -> None:
        """Show the part that is wanted."""
        if self._loaded is None:
            return
        whole = self._loaded.matrix
        part = whole.picked(self.wanted(self._loaded))
        self.view.show_matrix(part)
        self.shown.setText(
            f"{len(part.people)} of {len(whole.people)} people, {len(part.courses)} of "
            f"{len(whole.courses)} courses, as on {show_date(whole.on)}"
        )

    def wanted(self, loaded: TrainingLoaded) -> Picked:
        """Return what the filters say."""
        due = self.due.currentData()
        by = {"half": loaded.book_by}.get(due)
        if due == "soon":
            by = date.fromordinal(loaded.matrix.on.toordinal() + due_soon_days())
        return Picked(
            self.role.currentData(), self.hub.currentData(), self.course.currentData(),
            self.name.text().strip(), by, due == "open",
        )  # fmt: skip


def _refill(box: QComboBox, entries: Sequence[tuple[str, str]]) -> None:
    """Put other entries below the first, and keep what was chosen where it is still there."""
    wanted = box.currentData()
    box.blockSignals(True)
    while box.count() > 1:
        box.removeItem(1)
    for text, value in entries:
        box.addItem(text, value)
    box.setCurrentIndex(max(box.findData(wanted), 0))
    box.blockSignals(False)


class BookingPane(Pane):
    """What must be booked before the half-term ends."""

    def __init__(self) -> None:
        self.plan = button("Plan a session for these people", is_main=True)
        self.calendar = button("Calendar file of what is due…")
        self.letters = button("Letters to everybody…")
        super().__init__(self.plan, self.calendar, self.letters)
        self.lead = words("", "quiet")
        columns: tuple[Column[ToBook], ...] = (
            Column("Course", lambda b: b.course.label, 4, 30),
            Column("People", lambda b: str(len(b.people)), 1),
            Column("Late already", lambda b: f"✗ {b.late}" if b.late else "–", 1),
            Column("First due", lambda b: show_date(b.first_end) if b.first_end else "–", 2, 12),
            Column("Who", lambda b: ", ".join(p.name for p, _ in b.people), 5, 40),
        )
        self.table: TableView[ToBook] = TableView("What to book", columns)
        self.column.addWidget(self.lead)
        self.column.addWidget(self.table, 1)

    def show_loaded(self, loaded: TrainingLoaded) -> None:
        """Show what is to be booked."""
        due = loaded.due
        self.table.show_rows(due)
        for acting in (self.plan, self.calendar, self.letters):
            acting.setEnabled(bool(due))
        self.lead.setText(
            f"To be booked before {loaded.half_term} ends on {show_date(loaded.book_by)}: "
            f"{len(due)} courses. What is booked already is not in the list."
            if due
            else f"Nothing is left to book before {show_date(loaded.book_by)}."
        )


class SessionsPane(Pane):
    """Sessions with their registers, and supervision by half-term and hub."""

    def __init__(self) -> None:
        self.register = button("Open the register", is_main=True)
        self.plan, self.cancel = button("Plan a session"), button("Cancel this session")
        super().__init__(self.register, self.plan, self.cancel)
        self._here: Sequence[Person] = ()
        columns: tuple[Column[GroupSession], ...] = (
            Column("Course", lambda s: s.course.label, 4, 30),
            Column("On", lambda s: show_date(s.held_on), 2, 12),
            Column("Hub", lambda s: s.hub or "–", 1),
            Column("Register", lambda s: s.summary, 4, 30),
            Column("Attendance", self._attendance, 3, 26),
        )
        self.table: TableView[GroupSession] = TableView("Sessions", columns)
        rows: tuple[Column[SupervisionRow], ...] = (
            Column("Half-term", lambda r: r.half_term.replace("_", " ").capitalize(), 2, 12),
            Column("Hub", lambda r: r.hub or "–", 1),
            Column("Sessions", lambda r: str(r.sessions), 1),
            Column("Came", lambda r: ", ".join(r.came) or "–", 4, 24),
            Column("Did not", lambda r: ", ".join(r.missed) or "–", 4, 24),
        )
        self.supervision: TableView[SupervisionRow] = TableView("Supervision", rows)
        self.lead = words(
            "A session is planned once for many, and its register gives a record to each who came. "
            "Plan the first one here.", "quiet",
        )  # fmt: skip
        self.column.addWidget(self.lead)
        self.column.addWidget(self.table, 3)
        self.column.addWidget(words("Supervision by half-term and hub", "heading"))
        self.column.addWidget(self.supervision, 2)

    def show_loaded(self, loaded: TrainingLoaded) -> None:
        """Show the sessions."""
        self._here = loaded.matrix.people
        self.table.show_rows(loaded.sessions)
        self.supervision.show_rows(loaded.supervision)
        self.lead.setVisible(not loaded.sessions)
        self.register.setEnabled(bool(loaded.sessions))
        self.cancel.setEnabled(bool(loaded.sessions))

    def _attendance(self, held: GroupSession) -> str:
        if not held.course.asks_attendance:
            return "Not required"
        if not held.attended:
            return "Required"
        missed = [
            person
            for person in self._here
            if held.course.is_required_of(person, held.held_on) and person.id not in held.attended
        ]
        return f"✗ Required; {len(missed)} missed it" if missed else "✓ Required; all came"


class CoursesPane(Pane):
    """The catalogue: who, how often, on what ground, and how far it has got."""

    def __init__(self) -> None:
        self.open = button("Open the course", is_main=True)
        super().__init__(self.open)
        columns: tuple[Column[tuple[Course, str]], ...] = (
            Column("Course", lambda r: r[0].label, 4, 34),
            Column("In date", lambda r: r[1], 2, 14),
            Column("Renewed", lambda r: r[0].renewal_words, 2, 18),
            Column("Asked for by", lambda r: BASES[r[0].basis], 2, 14),
            Column("Source", lambda r: r[0].source, 5, 40),
        )
        self.table: TableView[tuple[Course, str]] = TableView("Courses", columns)
        self.column.addWidget(self.table, 1)

    def show_loaded(self, loaded: TrainingLoaded) -> None:
        """Show every course with how many are in date."""
        self.table.show_rows(
            [(c, loaded.standing.get(c.id, "Nobody needs it")) for c in loaded.catalogue.courses]
        )


class PeoplePane(Pane):
    """Everybody with roles; leavers when they are asked for."""

    def __init__(self) -> None:
        self.add = button("Add a person", is_main=True)
        self.open = button("Open the person")
        self.leaving = button("Somebody leaves")
        self.import_list = button("Import a list…")
        self.leavers = QCheckBox("Show leavers")
        super().__init__(self.add, self.open, self.leaving, self.import_list)
        self._loaded: TrainingLoaded | None = None
        columns: tuple[Column[Person], ...] = (
            Column("Person", lambda p: p.name, 3, 18),
            Column("Roles", self._roles, 4, 34),
            Column("Here", self._here, 3, 24),
            Column("Hub", lambda p: p.details.hub or "–", 1, 8),
            Column("Team", lambda p: p.details.team or "–", 2, 12),
        )
        self.table: TableView[Person] = TableView("People", columns)
        self.column.addWidget(self.leavers)
        self.column.addWidget(self.table, 1)
        self.leavers.toggled.connect(self._show)

    def show_loaded(self, loaded: TrainingLoaded) -> None:
        """Show the people."""
        self._loaded = loaded
        gone = sum(not p.is_here_on(loaded.today) for p in loaded.everybody)
        self.leavers.setText(f"Show leavers and newcomers to be ({gone})")
        self._show()

    def _show(self) -> None:
        if self._loaded is None:
            return
        today, is_all = self._loaded.today, self.leavers.isChecked()
        self.table.show_rows([p for p in self._loaded.everybody if is_all or p.is_here_on(today)])

    def _roles(self, person: Person) -> str:
        today = self._loaded.today if self._loaded else date.max
        return held_words(person, today) or "–"

    def _here(self, person: Person) -> str:
        today = self._loaded.today if self._loaded else date.max
        since = person.here_since(today)
        if since:
            return f"since {show_date(since)}"
        if person.joined > today:
            return f"comes on {show_date(person.joined)}"
        return f"left on {show_date(person.left)}" if person.left else "–"


class ImportsPane(Pane):
    """Sheets that were imported; each can be undone as a whole."""

    def __init__(self) -> None:
        self.completions = button("Import training records…", is_main=True)
        self.people, self.undo = button("Import a list of people…"), button("Undo this import")
        super().__init__(self.completions, self.people, self.undo)
        columns: tuple[Column[Import], ...] = (
            Column("Sheet", lambda i: i.name, 4, 24),
            Column("What", lambda i: _KINDS[i.kind], 2, 16),
            Column("When", lambda i: i.imported_at.replace("T", " ")[:16], 2, 16),
            Column("By", lambda i: i.imported_by, 2, 14),
            Column("Rows", lambda i: f"{i.new:,} new, {i.changed:,} changed", 3, 22),
            Column("State", lambda i: "– Undone" if i.undone_at else "✓ Stands", 2, 12),
        )
        self.table: TableView[Import] = TableView("Imports", columns)
        self.column.addWidget(
            words(
                "From SmartLog, Bromcom, Inventry or any sheet, as CSV, Excel or ODS; you may drop "
                "it here. You see what would happen before anything is written.", "quiet",
            )
        )  # fmt: skip
        self.column.addWidget(self.table, 1)

    def show_loaded(self, loaded: TrainingLoaded) -> None:
        """Show the imports."""
        self.table.show_rows(loaded.imports)
        self.undo.setEnabled(bool(loaded.imports))


_KINDS = {"completions": "Training records", "people": "People"}


def held_words(person: Person, on: date) -> str:
    """Return the roles held on a day, in the order of the list."""
    held = person.roles_on(on)
    return ", ".join(role_label(role.id) for role in roles() if role.id in held)


def standing_words(matrix: Matrix) -> dict[str, str]:
    """Return of each course that somebody needs how many are in date, with a sign."""
    found = {}
    for known in matrix.courses:
        cells = matrix.required(known.id)
        count = sum(cell.counts for cell in cells)
        found[known.id] = f"{'✓' if count == len(cells) else '✗'} {count} of {len(cells)}"
    return found


def count_words(cells: Sequence[Sequence[Cell]]) -> str:
    """Return in words how many cells stand how, what is to be done first."""
    counts = dict.fromkeys(Status, 0)
    for row in cells:
        for cell in row:
            counts[cell.status] += 1
    shown = (Status.OVERDUE, Status.NEVER, Status.DUE_SOON, Status.BOOKED, Status.IN_DATE,
             Status.EXEMPT)  # fmt: skip
    return " · ".join(f"{status.sign} {status.value}: {counts[status]}" for status in shown)


def ids_of(due: ToBook) -> list[PersonId]:
    """Return whom a course is to be booked for."""
    return [person.id for person, _ in due.people]
