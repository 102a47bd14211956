"""Record training, and show who is in date: person by course."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from sqlmodel import Session, select

from odbst_desktop.errors import InputError
from odbst_desktop.school.calendar import Term
from odbst_desktop.school.people import Person, PersonId, people
from odbst_desktop.school.schools import DEFAULT_AUTHORITY
from odbst_desktop.training.catalogue import Course, course, courses, due_soon_days
from odbst_desktop.training.records import TrainingRow

_SIGNS = {"In date": "✓", "Due soon": "◔", "Overdue": "✗", "Not yet": "○", "Not required": "–"}


class Status(Enum):
    """Where somebody stands with a course; the value is the word shown."""

    IN_DATE = "In date"
    DUE_SOON = "Due soon"
    OVERDUE = "Overdue"
    NEVER = "Not yet"
    NOT_REQUIRED = "Not required"

    @property
    def sign(self) -> str:
        """Return a shape, so that colour is never the only sign."""
        return {"In date": "✓", "Due soon": "◔", "Overdue": "✗", "Not yet": "○"}.get(
            self.value, "–"
        )

    @property
    def counts(self) -> bool:
        """Say whether somebody counts as trained."""
        return self in {Status.IN_DATE, Status.DUE_SOON}


@dataclass(frozen=True, slots=True)
class Cell:
    """A person and a course; ``until`` is the last day it holds, where it ends."""

    status: Status
    completed_on: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """People in rows, courses in columns, as they stand on a day."""

    on: date
    people: tuple[Person, ...]
    courses: tuple[Course, ...]
    cells: tuple[tuple[Cell, ...], ...]

    def required(self, course_id: str, kind: str = "") -> tuple[Cell, ...]:
        """Return the cells of those who need a course, of one kind of people or of all."""
        column = [known.id for known in self.courses].index(course_id)
        return tuple(
            row[column]
            for person, row in zip(self.people, self.cells, strict=True)
            if row[column].status is not Status.NOT_REQUIRED
            and (not kind or kind in person.kinds_on(self.on))
        )


def record_training(
    session: Session,
    course_id: str,
    attended: Sequence[PersonId],
    completed_on: date,
    *,
    today: date,
    provider: str = "",
) -> int:
    """Record a course for one or many; return how many records are new.

    Raises:
        InputError: an unknown course, nobody, or a day that is still to come.

    """
    course(course_id)
    if not attended:
        raise InputError("Choose who attended.")
    if completed_on > today:
        raise InputError("The training’s date lies in the future. Record it once it is done.")
    held = session.exec(
        select(TrainingRow).where(
            TrainingRow.course == course_id, TrainingRow.completed_on == completed_on
        )
    ).all()
    new = [person for person in attended if person not in {row.person_id for row in held}]
    for person in new:
        session.add(
            TrainingRow(
                id=str(uuid.uuid4()), person_id=person, course=course_id,
                completed_on=completed_on, provider=provider.strip(),
            )
        )  # fmt: skip
    return len(new)


def training_matrix(session: Session, on: date, authority: str = DEFAULT_AUTHORITY) -> Matrix:
    """Return the matrix of a day."""
    newest: dict[tuple[str, str], date] = {}
    for row in session.exec(select(TrainingRow).where(TrainingRow.completed_on <= on)):
        key = (row.person_id, row.course)
        newest[key] = max(newest.get(key, row.completed_on), row.completed_on)
    here = people(session, on)
    needed = tuple(c for c in courses() if any(c.is_required_of(p, on) for p in here))
    cells = tuple(
        tuple(_cell(c, person, newest.get((person.id, c.id)), on, authority) for c in needed)
        for person in here
    )
    return Matrix(on, here, needed, cells)


def _cell(
    known: Course, person: Person, completed_on: date | None, on: date, authority: str
) -> Cell:
    if not known.is_required_of(person, on):
        return Cell(Status.NOT_REQUIRED, completed_on, None)
    if completed_on is None:
        return Cell(Status.NEVER, None, None)
    until = known.holds_until(completed_on, authority)
    if until is None or until - on > timedelta(days=due_soon_days()):
        return Cell(Status.IN_DATE, completed_on, until)
    return Cell(Status.DUE_SOON if until >= on else Status.OVERDUE, completed_on, until)


def term_counts(session: Session, term: Term, authority: str = DEFAULT_AUTHORITY) -> dict[str, int]:
    """Return the figures of the return that training gives, on the last day of a term."""
    on = term.closes
    matrix = training_matrix(session, on, authority)
    asked = {known.id for known in matrix.courses}
    figures = {
        f"training.{name}": sum(c.status.counts for c in matrix.required(course_id, kind))
        for name, (course_id, kind) in _FIGURES.items()
        if course_id in asked
    }
    staff = [p for p in matrix.people if "staff" in p.kinds_on(on)]
    figures["training.staff_total"] = len(staff)
    figures["training.governors_total"] = sum("governor" in p.kinds_on(on) for p in matrix.people)
    new = [p for p in staff if term.opens <= p.joined <= on]
    if "safeguarding_induction" in asked:
        done = {
            row.person_id
            for row in session.exec(
                select(TrainingRow).where(TrainingRow.course == "safeguarding_induction")
            )
        }
        figures["training.induction_due"] = len(new)
        figures["training.induction_done"] = sum(person.id in done for person in new)
    return figures


_FIGURES = {
    "staff_kcsie_current": ("kcsie_annual_update", "staff"),
    "staff_read_part1": ("kcsie_read_part1", "staff"),
    "dsl_level3_current": ("dsl_level3", "staff"),
    "prevent_current": ("prevent_awareness", "staff"),
    "governors_current": ("lgb_safeguarding", "governor"),
    "safer_recruitment_trained_count": ("safer_recruitment", ""),
}
"""Which course a figure of the return counts, and among whom; empty for everybody."""
