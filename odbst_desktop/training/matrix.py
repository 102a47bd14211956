"""Person by course: who is in date on a day, as known then or now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import select as plain_select
from sqlmodel import Session, col, select

from odbst_desktop.school.people import Person, PersonId, people
from odbst_desktop.school.schools import DEFAULT_AUTHORITY
from odbst_desktop.training.catalogue import Course
from odbst_desktop.training.published import catalogue_in_use
from odbst_desktop.training.recording import was_known
from odbst_desktop.training.records import (
    AttendanceRow,
    ExemptionRow,
    SessionRow,
    TrainingRow,
)
from odbst_desktop.training.standing import NOT_REQUIRED, Cell, Done, Status, cell_on

__all__ = ["Cell", "Matrix", "Picked", "Status", "training_matrix"]

_Key: TypeAlias = tuple[str, str]
_COLUMNS: tuple[Any, ...] = (
    TrainingRow.person_id, TrainingRow.course, TrainingRow.completed_on, TrainingRow.expires_on,
    TrainingRow.edition,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picked:
    """Which people and courses of a matrix to show; blank means all.

    ``due_by`` keeps people and courses with something open that ends by then.
    """

    role: str = ""
    hub: str = ""
    course: str = ""
    words: str = ""
    due_by: date | None = None
    only_open: bool = False

    @property
    def is_choosy(self) -> bool:
        """Say whether only what is to be done is wanted."""
        return self.only_open or self.due_by is not None

    def takes(self, cell: Cell) -> bool:
        """Say whether a cell is a reason to show its person and its course."""
        if self.due_by is not None:
            return is_due_by(cell, self.due_by)
        if self.only_open:
            return cell.is_open
        return cell.status is not Status.NOT_REQUIRED


@dataclass(frozen=True, slots=True)
class Matrix:
    """People in rows, courses in columns, as they stand on a day."""

    on: date
    people: tuple[Person, ...]
    courses: tuple[Course, ...]
    cells: tuple[tuple[Cell, ...], ...]

    def required(self, course_id: str, kind: str = "") -> tuple[Cell, ...]:
        """Return the cells of those who need a course, of one kind of people or of all.

        Somebody exempt is not among them.
        """
        column = [known.id for known in self.courses].index(course_id)
        return tuple(
            row[column]
            for person, row in zip(self.people, self.cells, strict=True)
            if row[column].status not in {Status.NOT_REQUIRED, Status.EXEMPT}
            and (not kind or kind in person.kinds_on(self.on))
        )

    def cells_of(self, course_id: str) -> tuple[tuple[Person, Cell], ...]:
        """Return everybody who needs a course with where they stand, those exempt included."""
        places = [known.id for known in self.courses]
        if course_id not in places:
            return ()
        column = places.index(course_id)
        return tuple(
            (person, row[column])
            for person, row in zip(self.people, self.cells, strict=True)
            if row[column].status is not Status.NOT_REQUIRED
        )

    def row_of(self, person: PersonId) -> tuple[tuple[Course, Cell], ...]:
        """Return what a person needs with where they stand."""
        for known, row in zip(self.people, self.cells, strict=True):
            if known.id == person:
                return tuple(
                    (course, cell)
                    for course, cell in zip(self.courses, row, strict=True)
                    if cell.status is not Status.NOT_REQUIRED
                )
        return ()

    def picked(self, wanted: Picked) -> Matrix:
        """Return the part of the matrix that is wanted; nothing is computed anew."""
        rows = [
            (person, row)
            for person, row in zip(self.people, self.cells, strict=True)
            if self._is_wanted(person, row, wanted)
        ]
        columns = [
            place
            for place, known in enumerate(self.courses)
            if (not wanted.course or known.id == wanted.course)
            and any(wanted.takes(row[place]) for _, row in rows)
        ]
        return Matrix(
            self.on,
            tuple(person for person, _ in rows),
            tuple(self.courses[place] for place in columns),
            tuple(tuple(row[place] for place in columns) for _, row in rows),
        )

    def _is_wanted(self, person: Person, row: tuple[Cell, ...], wanted: Picked) -> bool:
        if wanted.words and wanted.words.casefold() not in person.name.casefold():
            return False
        if wanted.hub and person.details.hub != wanted.hub:
            return False
        if wanted.role and wanted.role not in person.roles_on(self.on):
            return False
        if not wanted.course and not wanted.is_choosy:
            return True
        return any(
            wanted.takes(cell)
            for known, cell in zip(self.courses, row, strict=True)
            if not wanted.course or known.id == wanted.course
        )


def is_due_by(cell: Cell, day: date) -> bool:
    """Say whether something is open, or ends, by a day and is not booked."""
    if cell.status in {Status.OVERDUE, Status.NEVER}:
        return True
    return (
        cell.status in {Status.DUE_SOON, Status.IN_DATE}
        and cell.until is not None
        and cell.until <= day
    )


def training_matrix(
    session: Session,
    on: date,
    authority: str = DEFAULT_AUTHORITY,
    *,
    known_at: str = "",
    asked: Sequence[Course] | None = None,
) -> Matrix:
    """Return the matrix of a day; with ``known_at`` from what was recorded by that moment.

    ``asked`` are the courses to look at, without it those of the catalogue in use.
    """
    in_use = catalogue_in_use(session, known_at=known_at).courses
    every = in_use if asked is None else asked
    here = people(session, on, known_at=known_at)
    done = _done(session, on, known_at, {known.id: known for known in (*in_use, *every)}, every)
    exempt = _exempt(session, on, known_at)
    booked = _booked(session, on)
    needed = tuple(c for c in every if any(c.is_required_of(p, on) for p in here))
    cells = tuple(
        tuple(_cell(c, person, on, authority, done, exempt, booked) for c in needed)
        for person in here
    )
    return Matrix(on, here, needed, cells)


def _cell(
    known: Course,
    person: Person,
    on: date,
    authority: str,
    done: Mapping[_Key, list[Done]],
    exempt: Mapping[_Key, str],
    booked: Mapping[_Key, date],
) -> Cell:
    since = known.required_since(person, on)
    if since is None:
        return NOT_REQUIRED
    key = (person.id, known.id)
    return cell_on(
        known, done.get(key, ()), on, authority,
        required_since=since, booked_for=booked.get(key), exempt_because=exempt.get(key, ""),
    )  # fmt: skip


def _done(
    session: Session,
    on: date,
    known_at: str,
    known: Mapping[str, Course],
    asked: Sequence[Course],
) -> dict[_Key, list[Done]]:
    """Return what each person completed, in order; one pass over the plain columns."""
    wanted = {course.id for course in asked}
    stands_in = {
        name: meant
        for name, course in known.items()
        if (meant := tuple(each for each in (name, *course.counts_as) if each in wanted))
    }
    query = plain_select(*_COLUMNS).where(col(TrainingRow.completed_on) <= on)
    if known_at:
        query = query.where(
            col(TrainingRow.recorded_at) <= known_at,
            (col(TrainingRow.superseded_at) == "") | (col(TrainingRow.superseded_at) > known_at),
        )
    else:
        query = query.where(col(TrainingRow.superseded_at) == "")
    if len(stands_in) < len(known):
        query = query.where(col(TrainingRow.course).in_(stands_in))
    found: dict[_Key, list[Done]] = {}
    rows = session.connection().execute(query.order_by(col(TrainingRow.completed_on)))
    for person, course_id, completed_on, expires_on, edition in rows:
        for counted in stands_in.get(course_id, ()):
            # The end and edition of one course say nothing of another it stands in for.
            one = (
                Done(completed_on, expires_on, edition)
                if counted == course_id
                else Done(completed_on)
            )
            held = found.get((person, counted))
            if held is None:
                found[person, counted] = [one]
            else:
                held.append(one)
    return found


def _exempt(session: Session, on: date, known_at: str) -> dict[_Key, str]:
    rows = session.exec(
        select(ExemptionRow).where(
            ExemptionRow.starts <= on,
            (col(ExemptionRow.ends).is_(None)) | (col(ExemptionRow.ends) >= on),
        )
    )
    return {
        (row.person_id, row.course): row.reason
        for row in rows
        if was_known(row.recorded_at, row.superseded_at, known_at)
    }


def _booked(session: Session, on: date) -> dict[_Key, date]:
    rows = session.exec(
        select(AttendanceRow, SessionRow)
        .join(SessionRow, col(SessionRow.id) == col(AttendanceRow.session_id))
        .where(
            AttendanceRow.state == "expected",
            SessionRow.cancelled_at == "",
            SessionRow.held_on >= on,
        )
        .order_by(col(SessionRow.held_on).desc())
    )
    return {(mark.person_id, held.course): held.held_on for mark, held in rows}
