"""The tab of people and their training: the matrix, what to book, sessions, people, imports."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QTabWidget, QWidget
from sqlmodel import Session

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.tabs.training_card_actions import PersonCardDesk
from odbst_desktop.desktop.tabs.training_cards import CourseCardView
from odbst_desktop.desktop.tabs.training_import import ImportKind, ImportPanel
from odbst_desktop.desktop.tabs.training_import_kinds import COMPLETIONS, PEOPLE, kind_of
from odbst_desktop.desktop.tabs.training_panels import (
    CoursePanel,
    LeavingPanel,
    NamedPanel,
    PersonPanel,
    RegisterPanel,
)
from odbst_desktop.desktop.tabs.training_panes import (
    BookingPane,
    CoursesPane,
    ImportsPane,
    MatrixPane,
    PeoplePane,
    SessionsPane,
    TrainingLoaded,
    count_words,
    ids_of,
    standing_words,
)
from odbst_desktop.files import read_whole
from odbst_desktop.office.calendar import own_authority, own_year
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import Person, people
from odbst_desktop.school.typed_dates import read_typed_date
from odbst_desktop.spreadsheets.table import Limits, Table
from odbst_desktop.training.cards import CourseCard, course_card, to_book
from odbst_desktop.training.catalogue import Course
from odbst_desktop.training.imports import imports, undo_import
from odbst_desktop.training.matrix import Matrix, is_due_by, training_matrix
from odbst_desktop.training.published import catalogue_in_use
from odbst_desktop.training.reminders import calendar_file, letters
from odbst_desktop.training.sessions import (
    cancel_session,
    group_sessions,
    supervision_by_half_term,
)
from odbst_desktop.vault.vault import Vault

SHEETS = "Sheets (*.csv *.tsv *.txt *.xlsx *.xls *.ods);;All files (*)"


class TrainingTab(Tab):
    """People and training, a pane for each question that is asked of them."""

    kinds = frozenset({"training", "person"})
    title = "Training"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setAcceptDrops(True)
        self.loaded: TrainingLoaded | None = None
        self.summary = words("", "quiet")
        self.matrix, self.booking, self.sessions = MatrixPane(), BookingPane(), SessionsPane()
        self.courses, self.people, self.imports = CoursesPane(), PeoplePane(), ImportsPane()
        self.panes = QTabWidget()
        self.panes.setDocumentMode(True)
        self.panes.setAccessibleName("People and training")
        for pane, title in (
            (self.matrix, "Matrix"), (self.booking, "To book"), (self.sessions, "Sessions"),
            (self.courses, "Courses"), (self.people, "People"), (self.imports, "Imports"),
        ):  # fmt: skip
            self.panes.addTab(pane, title)
        self.column.addWidget(words("People and training", "title"))
        self.column.addWidget(self.summary)
        self.column.addWidget(self.panes, 1)
        self._as_on, self._as_recorded = "", False
        self.course, self.person, self.leaving = (
            self.matrix.record, self.people.add, self.people.leaving,
        )  # fmt: skip
        self._connect()

    def _connect(self) -> None:
        self.matrix.record.clicked.connect(self._record)
        self.matrix.as_on.editingFinished.connect(self._other_day)
        self.matrix.as_recorded.toggled.connect(self._other_day)
        self.matrix.card.clicked.connect(self._open_from_matrix)
        self.matrix.course_card.clicked.connect(self._open_course_from_matrix)
        self.matrix.view.activated.connect(self._open_from_matrix)
        self.booking.plan.clicked.connect(self._plan_for_due)
        self.booking.table.activated.connect(self._plan_for_due)
        self.booking.calendar.clicked.connect(self._save_calendar)
        self.booking.letters.clicked.connect(self._choose_letters)
        self.sessions.register.clicked.connect(self._open_register)
        self.sessions.table.activated.connect(self._open_register)
        self.sessions.plan.clicked.connect(self._plan)
        self.sessions.cancel.clicked.connect(self._cancel)
        self.courses.open.clicked.connect(self._open_course)
        self.courses.table.activated.connect(self._open_course)
        self.people.add.clicked.connect(self._add_person)
        self.people.open.clicked.connect(self._open_from_people)
        self.people.table.activated.connect(self._open_from_people)
        self.people.leaving.clicked.connect(self._leave)
        self.people.import_list.clicked.connect(lambda: self._choose_sheet(PEOPLE))
        self.imports.people.clicked.connect(lambda: self._choose_sheet(PEOPLE))
        self.imports.completions.clicked.connect(lambda: self._choose_sheet(COMPLETIONS))
        self.imports.undo.clicked.connect(self._undo)

    def load(self) -> TrainingLoaded:
        """Read the matrix of today and everything around it."""
        return read_training(self.desk.vault, self._as_on, as_recorded_then=self._as_recorded)

    def show_loaded(self, value: TrainingLoaded) -> None:
        """Show the panes, and in words what is due."""
        self.loaded = value
        self.summary.setText(
            value.summary
            if value.matrix.people
            else "Nobody is in the list yet. Add the DSL, the deputies and the headteacher first, "
            "or import a list from Bromcom under “Imports”."
        )
        for pane in (self.matrix, self.booking, self.sessions, self.courses, self.people,
                     self.imports):  # fmt: skip
            pane.show_loaded(value)
        self.matrix.record.setEnabled(bool(value.matrix.people))

    def kept(self, what: str) -> None:
        """Go back to the overview and say what was kept."""
        self.close_over()
        self.show_good(f"Recorded: {what}.")

    def open_panel(self, panel: NamedPanel, focus: QWidget | None = None) -> None:
        """Show a form over the overview."""
        panel.kept.connect(self.kept)
        panel.left.connect(self.close_over)
        self.open_over(panel)
        if focus is not None:
            focus.setFocus()

    def open_person(self, person: Person) -> None:
        """Show a person's card."""
        if self.loaded is not None:
            PersonCardDesk(self, person, self.loaded.matrix).open()

    def open_course(self, course: Course) -> None:
        """Show a course's card."""
        if self.loaded is None:
            return
        vault, matrix = self.desk.vault, self.loaded.matrix

        def work() -> CourseCard:
            with vault.reading() as session:
                return course_card(session, matrix, course)

        self.run(work, self._show_course)

    def open_sheet(self, path: Path, kind: ImportKind | None = None) -> None:
        """Read a sheet and show what importing it would do; without ``kind`` it is found out."""
        vault = self.desk.vault

        def work() -> tuple[ImportKind, bytes, Table]:
            data = read_whole(path, at_most_bytes=Limits().size_bytes)
            with vault.reading() as session:
                courses = catalogue_in_use(session).courses
            found = kind or kind_of(data, path.name, courses)
            return found, data, found.read(data, path.name, "", courses)

        def show(read: tuple[ImportKind, bytes, Table]) -> None:
            found, data, table = read
            panel = ImportPanel(self, found, data, path.name, table)
            panel.kept.connect(self.kept)
            panel.left.connect(self.close_over)
            self.open_over(panel)

        self.run(work, show)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a sheet that is dragged over."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Show what importing the dropped sheet would do."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls()]
        if len(paths) == 1:
            self.open_sheet(paths[0])
        else:
            self.show_problem("Drop one sheet at a time, so that you see what each would do.")

    def _show_course(self, card: CourseCard) -> None:
        view = CourseCardView(card)
        view.left.connect(self.close_over)
        view.record.clicked.connect(lambda: self._instead(card.course, is_planned=False))
        view.plan.clicked.connect(lambda: self._instead(card.course, is_planned=True))
        view.open.clicked.connect(lambda: self._person_instead(view))
        self.open_over(view)

    def _other_day(self) -> None:
        wanted = (self.matrix.as_on.text().strip(), self.matrix.as_recorded.isChecked())
        if wanted != (self._as_on, self._as_recorded):
            self._as_on, self._as_recorded = wanted
            self.clear_message()
            self.refresh()

    def _instead(self, course: Course, *, is_planned: bool) -> None:
        self.close_over()
        self._open_course_panel(course, is_planned=is_planned)

    def _person_instead(self, view: CourseCardView) -> None:
        chosen = view.needing.chosen()
        if chosen is not None:
            self.close_over()
            self.open_person(chosen[0])

    def _open_course_panel(self, course: Course | None, *, is_planned: bool) -> None:
        if self.loaded is not None:
            panel = CoursePanel(
                self, self.loaded.matrix.people, self.loaded.catalogue, is_planned=is_planned,
                wanted=course,
            )  # fmt: skip
            self.open_panel(panel, panel.course)

    def _record(self) -> None:
        self._open_course_panel(None, is_planned=False)

    def _plan(self) -> None:
        self._open_course_panel(None, is_planned=True)

    def _plan_for_due(self) -> None:
        chosen = self.booking.table.chosen()
        if chosen is not None and self.loaded is not None:
            panel = CoursePanel(
                self, self.loaded.matrix.people, self.loaded.catalogue, is_planned=True,
                wanted=chosen.course, chosen=ids_of(chosen),
            )  # fmt: skip
            self.open_panel(panel, panel.day)

    def _open_register(self) -> None:
        chosen = self.sessions.table.chosen()
        if chosen is not None and self.loaded is not None:
            panel = RegisterPanel(self, chosen, self.loaded.everybody)
            self.open_panel(panel, panel.table)

    def _cancel(self) -> None:
        chosen, vault = self.sessions.table.chosen(), self.desk.vault
        if chosen is None:
            return

        def work() -> str:
            with vault.changing("session cancelled", f"session/{chosen.id}") as session:
                cancel_session(session, chosen.id, at=vault.now())
            return f"{chosen.course.label} is cancelled"

        self.run(work, self.kept, "training")

    def _open_from_matrix(self) -> None:
        person = self.matrix.view.person()
        if person is not None:
            self.open_person(person)

    def _open_course_from_matrix(self) -> None:
        course = self.matrix.view.course()
        if course is not None:
            self.open_course(course)

    def _open_course(self) -> None:
        chosen = self.courses.table.chosen()
        if chosen is not None:
            self.open_course(chosen[0])

    def _open_from_people(self) -> None:
        chosen = self.people.table.chosen()
        if chosen is not None:
            self.open_person(chosen)

    def _add_person(self) -> None:
        panel = PersonPanel(self)
        self.open_panel(panel, panel.name)

    def _leave(self) -> None:
        chosen = self.people.table.chosen()
        if chosen is not None:
            panel = LeavingPanel(self, chosen)
            self.open_panel(panel, panel.day)

    def _choose_sheet(self, kind: ImportKind) -> None:
        name, _ = QFileDialog.getOpenFileName(self, kind.title, "", SHEETS)
        if name:
            self.open_sheet(Path(name), kind)

    def _undo(self) -> None:
        chosen, vault = self.imports.table.chosen(), self.desk.vault
        if chosen is None:
            return

        def work() -> str:
            with vault.changing("import undone", f"import/{chosen.id}") as session:
                return undo_import(session, chosen.id, at=vault.now()).words

        self.run(work, self.kept, "training", "person")

    def _save_calendar(self) -> None:
        if self.loaded is None:
            return
        name, _ = QFileDialog.getSaveFileName(self, "Calendar file", "training-due.ics")
        if not name:
            return
        desk, matrix, path = self.desk, self.loaded.matrix, Path(name)

        def work() -> str:
            desk.write_file(path, self.calendar_of(matrix))
            return f"Saved as {path.name}. Open it in any calendar."

        self.run(work, self.show_good)

    def _choose_letters(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder for the letters")
        if folder:
            self.write_letters(Path(folder))

    def write_letters(self, folder: Path) -> None:
        """Write a letter as PDF for everybody who has something to do before half-term ends."""
        if self.loaded is None:
            return
        desk, matrix, by = self.desk, self.loaded.matrix, self.loaded.book_by

        def work() -> str:
            with desk.vault.reading() as session:
                owner = read_owner(session)
            today, sender = desk.vault.today(), desk.vault.user.name
            papers = letters(owner, matrix, by, today=today, sender=sender)
            for paper in papers:
                desk.write_file(folder / f"{paper.name}.pdf", paper.pdf())
            return f"{len(papers)} letters are written in {folder.name}. They are not encrypted."

        self.run(work, self.show_good)

    def calendar_of(self, matrix: Matrix, person: Person | None = None) -> bytes:
        """Return the calendar file of what is due within the half-term, of one person or all."""
        loaded, vault = self.loaded, self.desk.vault
        by = loaded.book_by if loaded else matrix.on
        due = [
            (who, course, cell)
            for course in matrix.courses
            for who, cell in matrix.cells_of(course.id)
            if (person is None or who.id == person.id) and (is_due_by(cell, by) or cell.is_open)
        ]
        with vault.reading() as session:
            organisation = read_owner(session).name
        stamp = datetime.fromisoformat(vault.now().replace("Z", "+00:00")).astimezone(UTC)
        return calendar_file(due, organisation=organisation, stamp=stamp, today=vault.today())


def read_training(
    vault: Vault, as_on: str = "", *, as_recorded_then: bool = False
) -> TrainingLoaded:
    """Read what the tab shows; ``as_on`` is a day as it is typed, blank for today.

    Raises:
        InputError: it is no date.

    """
    today = vault.today()
    on = read_typed_date(as_on, today) if as_on else today
    known_at = f"{on.isoformat()}T23:59:59Z" if as_recorded_then and on < today else ""
    with vault.reading() as session:
        year, catalogue = own_year(session, today), catalogue_in_use(session)
        book_by, half_term = _booking_end(session, today)
        matrix = training_matrix(session, on, own_authority(session), known_at=known_at)
        return TrainingLoaded(
            matrix,
            catalogue,
            people(session),
            group_sessions(session),
            supervision_by_half_term(session, year, today) if year else (),
            imports(session),
            today,
            book_by,
            half_term,
            to_book(matrix, book_by),
            standing_words(matrix),
            count_words(matrix.cells),
        )


def _booking_end(session: Session, today: date) -> tuple[date, str]:
    """Return the end of this half-term, or in a holiday of the next, with its words."""
    year = own_year(session, today)
    halves = [half for term in year.terms for half in term.half_terms] if year else []
    for half in halves:
        if today <= half.closes:
            name, number = half.id.rsplit("_", 1)
            return half.closes, f"{'the first' if number == '1' else 'the second'} half of {name}"
    return date.fromordinal(today.toordinal() + 42), "the next six weeks"
