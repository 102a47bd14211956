"""The figures of the return that training gives, on any day, as known then or now."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from odbst_desktop.school.calendar import Term
from odbst_desktop.school.schools import DEFAULT_AUTHORITY
from odbst_desktop.training.matrix import Matrix, training_matrix
from odbst_desktop.training.recording import all_records
from odbst_desktop.training.sessions import group_sessions
from odbst_desktop.training.standing import Status

_FIGURES = {
    "staff_kcsie_current": ("kcsie_annual_update", "staff"),
    "staff_read_part1": ("kcsie_read_part1", "staff"),
    "dsl_level3_current": ("dsl_level3", "staff"),
    "prevent_current": ("prevent_awareness", "staff"),
    "governors_current": ("lgb_safeguarding", "governor"),
    "safer_recruitment_trained_count": ("safer_recruitment", ""),
}
"""Which course a figure of the return counts, and among whom; empty for everybody."""


def term_counts(
    session: Session, term: Term, authority: str = DEFAULT_AUTHORITY, *, known_at: str = ""
) -> dict[str, int | str]:
    """Return the figures of the return that training gives, on the last day of a term.

    With ``known_at``, a moment, they are what they were then: a later record, correction or
    change of role does not alter them.
    """
    on = term.closes
    matrix = training_matrix(session, on, authority, known_at=known_at)
    asked = {known.id for known in matrix.courses}
    figures: dict[str, int | str] = {
        f"training.{name}": sum(c.counts for c in matrix.required(course_id, kind))
        for name, (course_id, kind) in _FIGURES.items()
        if course_id in asked
    }
    figures["training.staff_total"] = sum("staff" in p.kinds_on(on) for p in matrix.people)
    figures["training.governors_total"] = sum("governor" in p.kinds_on(on) for p in matrix.people)
    figures |= _inductions(session, matrix, term, known_at)
    figures |= _attendance(session, term, known_at)
    return figures


def counted_people(
    session: Session, term: Term, authority: str, source: str
) -> tuple[tuple[str, bool, date | None], ...]:
    """Return who stands behind a figure: the name, whether they count, when they did the course.

    Empty for a figure that is not told by people.
    """
    on, name = term.closes, source.removeprefix("training.")
    matrix = training_matrix(session, on, authority)
    kinds = {"staff_total": "staff", "governors_total": "governor"}
    if name in kinds:
        return tuple((p.name, True, None) for p in matrix.people if kinds[name] in p.kinds_on(on))
    course_id, kind = _FIGURES.get(name, ("", ""))
    return tuple(
        (person.name, cell.counts, cell.completed_on)
        for person, cell in matrix.cells_of(course_id)
        if cell.status is not Status.EXEMPT and (not kind or kind in person.kinds_on(on))
    )


def _inductions(
    session: Session, matrix: Matrix, term: Term, known_at: str
) -> dict[str, int | str]:
    on = term.closes
    if "safeguarding_induction" not in {known.id for known in matrix.courses}:
        return {}
    new = [
        person.id
        for person in matrix.people
        if "staff" in person.kinds_on(on)
        and (since := person.here_since(on)) is not None
        and since >= term.opens
    ]
    done = {
        record.person_id
        for record in all_records(session, "safeguarding_induction", known_at=known_at)
    }
    return {
        "training.induction_due": len(new),
        "training.induction_done": sum(person in done for person in new),
    }


def _attendance(session: Session, term: Term, known_at: str) -> dict[str, int | str]:
    """Return who came to the term's sessions; nothing where the vault holds none."""

    def within(course_id: str) -> set[tuple[str, object]]:
        return {
            (record.person_id, record.completed_on)
            for record in all_records(session, course_id, known_at=known_at)
            if term.opens <= record.completed_on <= term.closes
        }

    figures: dict[str, int | str] = {}
    if strategic := within("dsl_termly_strategic"):
        figures["training.dsl_strategic_attended"] = len({person for person, _ in strategic})
    if supervised := within("dsl_supervision"):
        figures["training.supervision_attended"] = len({day for _, day in supervised})
    planned = any(
        term.opens <= held.held_on <= term.closes
        for held in group_sessions(session, "la_termly_briefing")
    )
    if within("la_termly_briefing"):
        figures["training.la_briefing_attended"] = "yes"
    elif planned:
        figures["training.la_briefing_attended"] = "no"
    return figures
