"""Sessions held for many at once: planned, registered, with apologies and late comers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NewType

from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.school.calendar import AcademicYear
from odbst_desktop.school.people import Person, PersonId, people
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.training.catalogue import Catalogue, Course
from odbst_desktop.training.published import catalogue_in_use
from odbst_desktop.training.recording import LONG_AGO, all_records, record_training
from odbst_desktop.training.records import AttendanceRow, SessionRow, TrainingRow

SessionId = NewType("SessionId", str)
"""A random UUID of a session."""

STATES = {
    "expected": "Expected",
    "attended": "Attended",
    "late": "Came late",
    "apologies": "Apologies",
    "absent": "Absent",
}
_THERE = frozenset({"attended", "late"})


@dataclass(frozen=True, slots=True)
class GroupSession:
    """A session with its register: the state of each person in it."""

    id: SessionId
    course: Course
    held_on: date
    hub: str
    provider: str
    note: str
    register: Mapping[str, str]

    def count(self, *states: str) -> int:
        """Return how many are in one of some states."""
        return sum(state in states for state in self.register.values())

    @property
    def attended(self) -> frozenset[str]:
        """Return who was there, late comers included."""
        return frozenset(person for person, state in self.register.items() if state in _THERE)

    @property
    def summary(self) -> str:
        """Return in words who came."""
        words = [f"{self.count(*_THERE)} attended"]
        for state, word in (
            ("apologies", "apologies"),
            ("absent", "absent"),
            ("expected", "booked"),
        ):
            if self.count(state):
                words.append(f"{self.count(state)} {word}")
        return ", ".join(words)


@dataclass(frozen=True, slots=True)
class SupervisionRow:
    """Supervision in one half-term and hub: how often, who came, and which DSLs did not."""

    half_term: str
    hub: str
    sessions: int
    came: tuple[str, ...]
    missed: tuple[str, ...]


def plan_session(
    session: Session,
    course_id: str,
    held_on: date,
    expected: Sequence[PersonId],
    *,
    hub: str = "",
    provider: str = "",
    note: str = "",
    at: str = "",
) -> SessionId:
    """Plan a session and book people on it.

    Raises:
        InputError: an unknown course or nobody.

    """
    known = catalogue_in_use(session).find(course_id)
    if not expected:
        raise InputError("Choose who is expected; late comers can be added on the day.")
    row = SessionRow(
        id=str(uuid.uuid4()), course=known.id, held_on=held_on, hub=hub.strip(),
        provider=provider.strip(), note=note.strip(), recorded_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for person in dict.fromkeys(expected):
        session.add(
            AttendanceRow(session_id=row.id, person_id=person, state="expected", recorded_at=at)
        )
    session.flush()
    return SessionId(row.id)


def take_register(
    session: Session, held: SessionId, states: Mapping[PersonId, str], *, today: date, at: str
) -> int:
    """Keep who came; whoever was there gets a training record. Return how many are new.

    Somebody who was not expected is added. Marked otherwise later, the record is taken back.

    Raises:
        InputError: a state that does not exist, or a session still to come.
        StateError: the session was cancelled.

    """
    row = session.get_one(SessionRow, held)
    if row.cancelled_at:
        raise StateError("This session was cancelled. Plan another one.")
    if not set(states.values()) <= set(STATES):
        raise InputError("Mark each person as attended, late, apologies, absent or expected.")
    there = [person for person, state in states.items() if state in _THERE]
    if there and row.held_on > today:
        raise InputError(
            f"The session is on {show_date(row.held_on)}. Take the register on the day; apologies "
            "can be noted before."
        )
    for person, state in states.items():
        session.merge(AttendanceRow(session_id=held, person_id=person, state=state, recorded_at=at))
    _take_back(session, held, [p for p, state in states.items() if state not in _THERE], at)
    session.flush()
    if not there:
        return 0
    return record_training(
        session, row.course, there, row.held_on, today=today, provider=row.provider, at=at,
        origin=f"session/{held}",
    )  # fmt: skip


def cancel_session(session: Session, held: SessionId, *, at: str) -> None:
    """Cancel a session nobody attended.

    Raises:
        StateError: somebody was there, so it was held.

    """
    row = session.get_one(SessionRow, held)
    if find_session(session, held).attended:
        raise StateError("Somebody attended this session, so it was held. It stays in the list.")
    row.cancelled_at = at or LONG_AGO
    session.add(row)
    session.flush()


def find_session(session: Session, held: SessionId) -> GroupSession:
    """Return one session with its register."""
    row = session.get_one(SessionRow, held)
    marks = session.exec(select(AttendanceRow).where(AttendanceRow.session_id == held))
    register = {mark.person_id: mark.state for mark in marks}
    return _session(row, register, catalogue_in_use(session))


def group_sessions(session: Session, course_id: str = "") -> tuple[GroupSession, ...]:
    """Return the sessions of all courses or one, newest first; cancelled ones are left out."""
    query = select(SessionRow).where(SessionRow.cancelled_at == "")
    if course_id:
        query = query.where(SessionRow.course == course_id)
    rows = session.exec(query.order_by(col(SessionRow.held_on).desc(), col(SessionRow.id))).all()
    registers: dict[str, dict[str, str]] = {}
    for mark in session.exec(select(AttendanceRow)):
        registers.setdefault(mark.session_id, {})[mark.person_id] = mark.state
    catalogue = catalogue_in_use(session)
    return tuple(_session(row, registers.get(row.id, {}), catalogue) for row in rows)


def who_missed(held: GroupSession, here: Sequence[Person]) -> tuple[Person, ...]:
    """Return who must attend a session's course on its day and was not there."""
    return tuple(
        person
        for person in here
        if held.course.is_required_of(person, held.held_on) and person.id not in held.attended
    )


def supervision_by_half_term(
    session: Session, year: AcademicYear, today: date
) -> tuple[SupervisionRow, ...]:
    """Return supervision in each half-term begun and each hub, newest half-term first.

    Who came counts from the records, so that a day recorded without a register counts as well.
    """
    everybody = people(session)
    supervisions = [known for known in catalogue_in_use(session).courses if known.is_supervision]
    held = [known for known in group_sessions(session) if known.course.is_supervision]
    done = [record for known in supervisions for record in all_records(session, known.id)]
    rows: list[SupervisionRow] = []
    for half in (half for term in year.terms for half in term.half_terms):
        if half.opens > today:
            continue
        on = min(half.closes, today)
        needing = [
            person
            for person in everybody
            if any(known.is_required_of(person, on) for known in supervisions)
        ]
        came = {r.person_id: r.completed_on for r in done
                if half.opens <= r.completed_on <= half.closes}  # fmt: skip
        within = [known for known in held if half.opens <= known.held_on <= half.closes]
        for hub in sorted({p.details.hub for p in needing} | {known.hub for known in within}):
            of_hub = [person for person in needing if person.details.hub == hub]
            days = {known.held_on for known in within if known.hub == hub}
            days |= {came[person.id] for person in of_hub if person.id in came}
            rows.append(
                SupervisionRow(
                    half.id, hub, len(days),
                    tuple(p.name for p in of_hub if p.id in came),
                    tuple(p.name for p in of_hub if p.id not in came),
                )
            )  # fmt: skip
    return tuple(reversed(rows))


def _take_back(session: Session, held: SessionId, absent: Sequence[PersonId], at: str) -> None:
    rows = session.exec(
        select(TrainingRow).where(
            TrainingRow.origin == f"session/{held}", TrainingRow.superseded_at == ""
        )
    )
    for row in rows:
        if row.person_id in absent:
            row.superseded_at, row.reason = at or LONG_AGO, "The register was corrected"
            session.add(row)


def _session(row: SessionRow, register: Mapping[str, str], catalogue: Catalogue) -> GroupSession:
    return GroupSession(
        SessionId(row.id), catalogue.find(row.course), row.held_on, row.hub, row.provider, row.note,
        register,
    )  # fmt: skip
