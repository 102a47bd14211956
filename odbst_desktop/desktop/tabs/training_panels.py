"""Small forms over the training tab: somebody new, somebody leaves, a course, a session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)
from sqlmodel import Session

from odbst_desktop.desktop.free_line import FreeLine
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.scrolling import ScrollingPanel
from odbst_desktop.desktop.tab import Tab, button, one_line, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.errors import InputError
from odbst_desktop.school.people import Person, PersonId, add_person, people, roles
from odbst_desktop.school.people_changes import end_person
from odbst_desktop.school.typed_dates import read_typed_date, show_date
from odbst_desktop.training.catalogue import Catalogue, Course
from odbst_desktop.training.recording import record_training
from odbst_desktop.training.sessions import STATES, GroupSession, plan_session, take_register

_SIGNS = {"expected": "○", "attended": "✓", "late": "◔", "apologies": "◇", "absent": "✗"}


class NamedPanel(ScrollingPanel):
    """A form over the tab with “Back” and one main button; ``kept`` says what was kept."""

    kept = Signal(str)
    left = Signal()

    def __init__(self, tab: Tab, title: str, main: str) -> None:
        super().__init__()
        self.tab = tab
        self.back, self.keep = button("← Back"), button(main, is_main=True)
        self.form = QFormLayout()
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self.form.setVerticalSpacing(2 * STEP)
        self.column.addLayout(row_of(self.back, one_line(title)))
        self.column.addLayout(self.form)
        self.column.addLayout(row_of(self.keep))
        self.column.addStretch(1)
        self.back.clicked.connect(self.left)

    def line(self, label: str, text: str = "", hint: str = "") -> QLineEdit:
        """Add a line to type in, with its label as buddy and name."""
        made = QLineEdit(text)
        made.setPlaceholderText(hint)
        self.add(label, made)
        return made

    def free_line(self, label: str, hint: str = "") -> FreeLine:
        """Add a line of free text; what may name a child is said under it as it is typed."""
        made, vault = FreeLine(label, hint), self.tab.desk.vault
        self.add(label, made)
        self.form.addRow("", made.told)

        def names() -> list[str]:
            with vault.reading() as session:
                return [person.name for person in people(session)]

        self.tab.run(names, made.know)
        return made

    def add(self, label: str, widget: QWidget) -> None:
        """Add a widget with its label as buddy and name."""
        widget.setAccessibleName(label.replace("&", ""))
        self.form.addRow(label, widget)

    def change(
        self, what: str, record: str, work: Callable[[Session, date, str], str], *kinds: str
    ) -> None:
        """Do a change on the background thread; ``work`` returns what is said of it."""
        vault = self.tab.desk.vault

        def change() -> str:
            with vault.changing(what, record) as session:
                return work(session, vault.today(), vault.now())

        self.tab.run(change, self.kept.emit, *kinds)


def tick_list(entries: Iterable[tuple[str, str]], ticked: Iterable[str] = ()) -> QListWidget:
    """Return a list to tick: values with their texts."""
    wanted = set(ticked)
    made = QListWidget()
    for value, text in entries:
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, value)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        is_ticked = value in wanted
        item.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
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


def typed_day(text: str, today: date) -> date | None:
    """Return the day that was typed, None if the line is blank; raises InputError."""
    return read_typed_date(text, today) if text.strip() else None


class PersonPanel(NamedPanel):
    """Asks for somebody new: name, roles, day of joining."""

    def __init__(self, tab: Tab) -> None:
        super().__init__(tab, "Somebody new", "Add")
        self.name = self.line("&Name")
        self.joined = self.line("&Joined on", "today")
        self.roles = tick_list((role.id, role.label) for role in roles())
        self.add("&Roles", self.roles)
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        name, held, typed = self.name.text(), ticked(self.roles), self.joined.text()

        def work(session: Session, today: date, at: str) -> str:
            add_person(session, name, held, read_typed_date(typed, today), at=at)
            return name.strip()

        self.change("person added", "person", work, "person")


class LeavingPanel(NamedPanel):
    """Asks for the last day of somebody who leaves; their records stay."""

    def __init__(self, tab: Tab, person: Person) -> None:
        super().__init__(tab, f"{person.name} leaves", "Note the last day")
        self._person = person
        self.day = self.line("&Last day", "today")
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        person, typed = self._person, self.day.text()

        def work(session: Session, today: date, at: str) -> str:
            day = read_typed_date(typed, today)
            end_person(session, person.id, day, at=at)
            return f"{person.name} leaves on {show_date(day)}"

        self.change("person left", f"person/{person.id}", work, "person")


class CoursePanel(NamedPanel):
    """Asks for a course for many at once: held already, or planned."""

    def __init__(
        self,
        tab: Tab,
        here: Sequence[Person],
        catalogue: Catalogue,
        *,
        is_planned: bool,
        wanted: Course | None = None,
        chosen: Iterable[PersonId] | None = None,
    ) -> None:
        title = "Plan a session" if is_planned else "A course was held"
        super().__init__(tab, title, "Plan and book" if is_planned else "Record")
        self._here, self._catalogue, self._is_planned = here, catalogue, is_planned
        self._today = tab.desk.vault.today()
        self.course = QComboBox()
        for known in catalogue.courses:
            self.course.addItem(known.label, known.id)
        if wanted is not None:
            self.course.setCurrentIndex(self.course.findData(wanted.id))
        self.add("&Course", self.course)
        self.day = self.line("&Held on", "" if is_planned else "today", "24/11, friday, tomorrow")
        self.provider = self.line("&Provider")
        self.until = self.line(
            "&Ends on, if the certificates say so", "", "Left blank, the catalogue says how long"
        )
        self.hub = self.line("H&ub")
        self.form.setRowVisible(self.until, not is_planned)
        self.form.setRowVisible(self.hub, is_planned)
        self.who = tick_list(((p.id, p.name) for p in here), chosen or ())
        self.who.setMinimumHeight(8 * int(self.fontMetrics().height() * 1.9))
        self.add("&Who is expected" if is_planned else "&Who attended", self.who)
        if chosen is None:
            self._tick_needing()
        self.course.currentIndexChanged.connect(self._tick_needing)
        self.keep.clicked.connect(self._keep)

    def _tick_needing(self) -> None:
        """Tick those who need the course, which is who usually attends."""
        known = self._catalogue.find(self.course.currentData())
        for place, person in enumerate(self._here):
            needs = known.is_required_of(person, self._today)
            state = Qt.CheckState.Checked if needs else Qt.CheckState.Unchecked
            self.who.item(place).setCheckState(state)

    def _keep(self) -> None:
        course_id, label = self.course.currentData(), self.course.currentText()
        who = [PersonId(value) for value in ticked(self.who)]
        typed, until = self.day.text(), self.until.text()
        provider, hub, is_planned = self.provider.text(), self.hub.text(), self._is_planned

        def work(session: Session, today: date, at: str) -> str:
            if not typed.strip():
                raise InputError("Type the day of the session, such as 14/01.")
            day = read_typed_date(typed, today)
            if is_planned:
                plan_session(session, course_id, day, who, hub=hub, provider=provider, at=at)
                return f"{label} on {show_date(day)}, booked for {len(who)}"
            ends = typed_day(until, today)
            count = record_training(
                session, course_id, who, day, today=today, provider=provider, expires_on=ends, at=at
            )
            if not count:
                raise InputError(f"{label} is recorded for them on that day already.")
            return f"{label} for {count}"

        self.change("training recorded", f"course/{course_id}", work, "training")


class RegisterPanel(NamedPanel):
    """The register of a session: one key marks a person, anybody can be added."""

    def __init__(self, tab: Tab, held: GroupSession, everybody: Sequence[Person]) -> None:
        super().__init__(
            tab, f"{held.course.label}, {show_date(held.held_on)}", "Keep the register"
        )
        self._held = held
        self._names = {person.id: person.name for person in everybody}
        self.states: dict[str, str] = dict(held.register)
        columns: tuple[Column[str], ...] = (
            Column("Person", lambda p: self._names.get(PersonId(p), "–"), 3, 24),
            Column(
                "Register", lambda p: f"{_SIGNS[self.states[p]]} {STATES[self.states[p]]}", 2, 16
            ),
        )
        self.table: TableView[str] = TableView("Register", columns)
        self.all_came = button("All who are expected came")
        self.marks = {state: button(text) for state, text in STATES.items() if state != "expected"}
        self.added = QComboBox()
        self.added.setAccessibleName("Somebody who was not expected")
        for person in everybody:
            if person.id not in self.states and person.is_here_on(held.held_on):
                self.added.addItem(person.name, person.id)
        self.add_late = button("Add to the register")
        lead = "Attendance is required. " if held.course.asks_attendance else ""
        self.column.insertWidget(
            1, words(lead + "Choose a person, then how they came; whoever came gets a record.",
                     "quiet"),
        )  # fmt: skip
        self.column.insertLayout(2, row_of(self.all_came, *self.marks.values()))
        self.column.insertWidget(3, self.table, 1)
        self.column.insertLayout(4, row_of(self.added, self.add_late))
        self.column.setStretch(self.column.count() - 1, 0)
        self.table.setMinimumHeight(8 * int(self.fontMetrics().height() * 1.9))
        self._show()
        self.all_came.clicked.connect(self._all_came)
        for state, marking in self.marks.items():
            marking.clicked.connect(lambda _=False, mark=state: self.mark(mark))
        self.add_late.clicked.connect(self._add_late)
        self.keep.clicked.connect(self._keep)

    def mark(self, state: str) -> None:
        """Mark the chosen person and go on to the next."""
        person = self.table.chosen()
        if person is None:
            return
        self.states[person] = state
        place = self.table.currentIndex().row()
        self._show()
        self.table.selectRow(min(place + 1, len(self.states) - 1))

    def _all_came(self) -> None:
        for person, state in self.states.items():
            if state == "expected":
                self.states[person] = "attended"
        self._show()

    def _add_late(self) -> None:
        person = self.added.currentData()
        if person:
            self.states[person] = "late"
            self.added.removeItem(self.added.currentIndex())
            self._show()

    def _show(self) -> None:
        self.table.show_rows(sorted(self.states, key=lambda p: self._names.get(PersonId(p), "")))

    def _keep(self) -> None:
        held = self._held
        states = {PersonId(person): state for person, state in self.states.items()}

        def work(session: Session, today: date, at: str) -> str:
            count = take_register(session, held.id, states, today=today, at=at)
            return f"the register of {held.course.label}, {count} new training records"

        self.change("register taken", f"session/{held.id}", work, "training")
