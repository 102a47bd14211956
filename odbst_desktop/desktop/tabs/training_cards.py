"""A person's card and a course's card."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal

from odbst_desktop.desktop.matrix_table import cell_words
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.scrolling import ScrollingPanel
from odbst_desktop.desktop.tab import button, one_line, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.school.people import Person, RoleHeld, role_label
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.training.cards import CourseCard, PersonCard
from odbst_desktop.training.catalogue import BASES, Course
from odbst_desktop.training.recording import Record
from odbst_desktop.training.sessions import GroupSession
from odbst_desktop.training.standing import Cell, Status

_Need = tuple[Course, Cell]


class _Card(ScrollingPanel):
    """A page with “Back”, a title and tables one under the other."""

    left = Signal()

    def __init__(self, title: str, lead: str) -> None:
        super().__init__()
        self.back = button("← Back")
        self.column.setSpacing(2 * STEP)
        self.column.addLayout(row_of(self.back, one_line(title)))
        self.column.addWidget(words(lead, "quiet"))
        self.back.clicked.connect(self.left)


class PersonCardView(_Card):
    """Somebody: what they need, what they did with its certificates, and their roles."""

    def __init__(self, card: PersonCard) -> None:
        super().__init__(card.person.name, _who(card.person))
        self.card = card
        self.desk: object = None  # keeps alive what answers to the buttons
        self.details, self.begin = button("Details"), button("Another role")
        self.end, self.remove = button("End this role"), button("Recorded by mistake")
        self.leave, self.come_back = button("Leaves"), button("Comes back")
        self.letter, self.calendar = button("Letter"), button("Calendar file…")
        self.exempt = button("Exempt from this course")
        self.not_exempt = button("End the exemption")
        self.certificate, self.see = button("Attach a certificate…"), button("See the certificate")
        self.correct, self.withdraw = button("Correct"), button("Take back")
        is_gone = card.person.left is not None
        hide_unless(not is_gone, self.leave)
        hide_unless(is_gone, self.come_back)
        self._add_needs()
        self._add_records()
        self._add_roles()

    def _add_needs(self) -> None:
        columns: tuple[Column[_Need], ...] = (
            Column("Needs", lambda n: n[0].label, 4, 34),
            Column("Stands", lambda n: cell_words(n[1]), 3, 24),
            Column("Last done", lambda n: _day(n[1].completed_on), 2, 14),
            Column("Renewed", lambda n: n[0].renewal_words, 2, 20),
            Column("Why", lambda n: n[1].reason or BASES[n[0].basis], 3, 20),
        )
        self.needs: TableView[_Need] = TableView("What is needed", columns)
        self.needs.show_rows(sorted(self.card.needs, key=lambda need: not need[1].is_open))
        self.letter.setEnabled(any(_is_due(cell) for _, cell in self.card.needs))
        self.calendar.setEnabled(self.letter.isEnabled())
        self.column.addLayout(row_of(self.letter, self.calendar, self.exempt, self.not_exempt))
        hide_unless(self.card.exemptions, self.not_exempt)
        self.column.addWidget(self.needs, 4)

    def _add_records(self) -> None:
        columns: tuple[Column[Record], ...] = (
            Column("Done", lambda r: r.label, 4, 34),
            Column("On", lambda r: show_date(r.completed_on), 2, 12),
            Column("Ends", lambda r: _day(r.expires_on) or "by the catalogue", 2, 16),
            Column("Provider", lambda r: r.provider or "–", 2, 14),
            Column("From", lambda r: _ORIGINS.get(r.origin.partition("/")[0], "typed"), 1, 10),
            Column("Certificate", lambda r: "✓ Kept" if r.certificate else "–", 1, 12),
            Column(
                "State", lambda r: "✓" if r.is_current else f"✗ {r.reason or 'Corrected'}", 3, 14
            ),
        )
        self.records: TableView[Record] = TableView("What was done", columns)
        self.records.show_rows(self.card.records)
        self.column.addWidget(words("What was done", "heading"))
        self.column.addLayout(row_of(self.certificate, self.see, self.correct, self.withdraw))
        for acting in (self.certificate, self.see, self.correct, self.withdraw):
            acting.setEnabled(bool(self.card.records))
        self.column.addWidget(self.records, 4)

    def _add_roles(self) -> None:
        columns: tuple[Column[RoleHeld], ...] = (
            Column("Role", lambda h: role_label(h.role), 3, 26),
            Column("From", lambda h: show_date(h.starts), 2, 12),
            Column("Until", lambda h: _day(h.ends) or "held now", 2, 12),
        )
        self.roles: TableView[RoleHeld] = TableView("Roles", columns)
        self.roles.show_rows(self.card.person.roles)
        self.column.addWidget(words("Roles", "heading"))
        self.column.addLayout(
            row_of(self.begin, self.end, self.remove, self.leave, self.come_back, self.details)
        )
        self.column.addWidget(self.roles, 2)

    def record(self) -> Record | None:
        """Return the record that is chosen."""
        return self.records.chosen()

    def need(self) -> _Need | None:
        """Return the course that is chosen."""
        return self.needs.chosen()

    def due(self) -> tuple[_Need, ...]:
        """Return what is to be done or renewed."""
        return tuple(need for need in self.card.needs if _is_due(need[1]))


class CourseCardView(_Card):
    """A course: how it stands, who needs it, and its sessions."""

    def __init__(self, card: CourseCard) -> None:
        known = card.course
        lead = f"{card.summary} Renewed {known.renewal_words}. Asked for by {BASES[known.basis]}: "
        super().__init__(known.label, f"{lead}{known.source}.")
        self.card = card
        self.record, self.plan = button("Record it", is_main=True), button("Plan a session")
        self.open = button("Open the person")
        self.column.addLayout(row_of(self.record, self.plan, self.open))
        columns: tuple[Column[tuple[Person, Cell]], ...] = (
            Column("Person", lambda n: n[0].name, 3, 22),
            Column("Stands", lambda n: cell_words(n[1]), 3, 24),
            Column("Last done", lambda n: _day(n[1].completed_on), 2, 14),
            Column("Why exempt", lambda n: n[1].reason or "–", 3, 16),
        )
        self.needing: TableView[tuple[Person, Cell]] = TableView("Who needs it", columns)
        self.needing.show_rows(card.needing)
        self.open.setEnabled(bool(card.needing))
        self.column.addWidget(self.needing, 3)
        sessions: tuple[Column[GroupSession], ...] = (
            Column("On", lambda s: show_date(s.held_on), 2, 12),
            Column("Hub", lambda s: s.hub or "–", 1),
            Column("Register", lambda s: s.summary, 5, 30),
        )
        self.sessions: TableView[GroupSession] = TableView("Sessions of this course", sessions)
        self.sessions.show_rows(card.sessions)
        self.column.addWidget(words("Sessions", "heading"))
        self.column.addWidget(self.sessions, 1)


_ORIGINS = {"session": "register", "import": "import"}


def _is_due(cell: Cell) -> bool:
    return cell.is_open or cell.status is Status.BOOKED


def _day(day: date | None) -> str:
    return show_date(day) if day else ""


def _who(person: Person) -> str:
    known = person.details
    parts = [
        f"Staff number {known.staff_number}" if known.staff_number else "",
        f"Hub {known.hub}" if known.hub else "",
        f"Team {known.team}" if known.team else "",
        f"{known.dsl_hours:g} hours a week for the DSL role" if known.dsl_hours else "",
        f"Job description seen {show_date(known.job_description_seen)}"
        if known.job_description_seen
        else "",
        f"Appraisal target set {show_date(known.appraisal_target_set)}"
        if known.appraisal_target_set
        else "",
        f"Left on {show_date(person.left)}" if person.left else "",
    ]
    return " · ".join(part for part in parts if part) or "Nothing else is noted yet."
