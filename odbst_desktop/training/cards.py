"""A person's card, a course's card, and what must be booked by a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from odbst_desktop.school.people import Person, PersonId, find_person
from odbst_desktop.training.catalogue import Course
from odbst_desktop.training.matrix import Matrix, is_due_by
from odbst_desktop.training.recording import Exemption, Record, exemptions_of, records_of
from odbst_desktop.training.sessions import GroupSession, group_sessions
from odbst_desktop.training.standing import Cell, Status


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Somebody with what they need, what they did, and the sessions they were booked on."""

    person: Person
    needs: tuple[tuple[Course, Cell], ...]
    records: tuple[Record, ...]
    exemptions: tuple[Exemption, ...]
    sessions: tuple[GroupSession, ...]


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course with everybody who needs it, and its sessions."""

    course: Course
    needing: tuple[tuple[Person, Cell], ...]
    sessions: tuple[GroupSession, ...]

    @property
    def trained(self) -> int:
        """Return how many are in date."""
        return sum(cell.counts for _, cell in self.needing)

    @property
    def asked(self) -> int:
        """Return how many need it; those exempt are not among them."""
        return sum(cell.status is not Status.EXEMPT for _, cell in self.needing)

    @property
    def summary(self) -> str:
        """Return in words how far the course has got."""
        words = f"{self.trained} of {self.asked} who need it are in date."
        exempt = len(self.needing) - self.asked
        if exempt:
            words += f" {exempt} exempt."
        if self.course.least and self.trained < self.course.least:
            words += f" At least {self.course.least} should have it."
        return words


@dataclass(frozen=True, slots=True)
class ToBook:
    """A course to be booked by a day, for whom, and who has it overdue or never had it."""

    course: Course
    people: tuple[tuple[Person, Cell], ...]

    @property
    def late(self) -> int:
        """Return for how many it is late already."""
        return sum(not cell.counts for _, cell in self.people)

    @property
    def first_end(self) -> date | None:
        """Return the earliest day on which it ends for one of them."""
        return min((cell.until for _, cell in self.people if cell.until), default=None)


def person_card(session: Session, matrix: Matrix, person: PersonId) -> PersonCard:
    """Return a person's card.

    Raises:
        InputError: nobody has this id.

    """
    known = find_person(session, person)
    return PersonCard(
        known,
        matrix.row_of(person),
        records_of(session, person),
        exemptions_of(session, person),
        tuple(held for held in group_sessions(session) if person in held.register),
    )


def course_card(session: Session, matrix: Matrix, wanted: Course) -> CourseCard:
    """Return a course's card: those furthest from being in date first."""
    order = {
        Status.OVERDUE: 0, Status.NEVER: 1, Status.DUE_SOON: 2, Status.BOOKED: 3,
        Status.IN_DATE: 4, Status.EXEMPT: 5,
    }  # fmt: skip
    needing = sorted(
        matrix.cells_of(wanted.id),
        key=lambda pair: (order[pair[1].status], pair[1].until or date.max, pair[0].name),
    )
    return CourseCard(wanted, tuple(needing), group_sessions(session, wanted.id))


def to_book(matrix: Matrix, by: date) -> tuple[ToBook, ...]:
    """Return what must be booked by a day, such as the end of the half-term; most people first."""
    found = []
    for known in matrix.courses:
        due = tuple(
            (person, cell) for person, cell in matrix.cells_of(known.id) if is_due_by(cell, by)
        )
        if due:
            found.append(ToBook(known, due))
    return tuple(sorted(found, key=lambda entry: (-entry.late, -len(entry.people))))
