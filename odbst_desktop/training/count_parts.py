"""Which records a figure of the return that training gives was counted from."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from odbst_desktop.analysis.explaining import Part
from odbst_desktop.school.calendar import Term
from odbst_desktop.school.people import Person
from odbst_desktop.school.schools import DEFAULT_AUTHORITY
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.training.figures import FIGURES, TERM_COURSES
from odbst_desktop.training.matrix import Matrix, training_matrix
from odbst_desktop.training.recording import all_records
from odbst_desktop.training.standing import Cell, Status


def count_parts(
    session: Session, term: Term, source: str, authority: str = DEFAULT_AUTHORITY
) -> tuple[Part, ...]:
    """Return the people or records behind a figure of training, as they stand on the last day."""
    name = source.partition(".")[2]
    if name in TERM_COURSES:
        return _records(session, term, TERM_COURSES[name])
    matrix = training_matrix(session, term.closes, authority)
    if name in {"staff_total", "governors_total"}:
        kind = "staff" if name == "staff_total" else "governor"
        here = (p for p in matrix.people if kind in p.kinds_on(term.closes))
        return tuple(Part(show_date(_since(p, matrix)), f"{p.name}, here since", "1") for p in here)
    if name in {"induction_due", "induction_done"}:
        return _inductions(session, matrix, term)
    course, kind = FIGURES[name]
    return tuple(
        _cell_part(person, cell)
        for person, cell in matrix.cells_of(course)
        if cell.status is not Status.EXEMPT and (not kind or kind in person.kinds_on(matrix.on))
    )


def _since(person: Person, matrix: Matrix) -> date:
    return person.here_since(matrix.on) or person.joined


def _cell_part(person: Person, cell: Cell) -> Part:
    when = show_date(cell.completed_on) if cell.completed_on else ""
    until = f", holds until {show_date(cell.until)}" if cell.until and cell.completed_on else ""
    return Part(when, f"{person.name}: {cell.status.value}{until}", str(int(cell.counts)))


def _inductions(session: Session, matrix: Matrix, term: Term) -> tuple[Part, ...]:
    done = {r.person_id: r.completed_on for r in all_records(session, "safeguarding_induction")}
    parts = []
    for person in matrix.people:
        since = person.here_since(matrix.on)
        if "staff" in person.kinds_on(matrix.on) and since is not None and since >= term.opens:
            day = done.get(person.id)
            words = f"inducted {show_date(day)}" if day else "no induction recorded"
            parts.append(Part(show_date(since), f"{person.name}: {words}", str(int(bool(day)))))
    return tuple(parts)


def _records(session: Session, term: Term, course: str) -> tuple[Part, ...]:
    within = (
        r for r in all_records(session, course) if term.opens <= r.completed_on <= term.closes
    )
    found = sorted(within, key=lambda record: record.completed_on)
    return tuple(Part(show_date(r.completed_on), "A record of this session", "1") for r in found)
