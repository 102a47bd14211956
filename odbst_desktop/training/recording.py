"""Record what was completed; correct, take back, exempt. Nothing recorded is ever altered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NewType

from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.school.people import PersonId
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.training.catalogue import Catalogue
from odbst_desktop.training.published import catalogue_in_use
from odbst_desktop.training.records import ExemptionRow, TrainingRow

RecordId = NewType("RecordId", str)
"""A random UUID of a training record."""

ExemptionId = NewType("ExemptionId", str)
"""A random UUID of an exemption."""

LONG_AGO = "0"
"""Stands for a moment before all others."""


@dataclass(frozen=True, slots=True)
class Record:
    """A course somebody completed, with its words.

    ``is_current`` is False for what was corrected or taken back.
    """

    id: RecordId
    person_id: PersonId
    course: str
    label: str
    completed_on: date
    expires_on: date | None
    provider: str
    edition: str
    origin: str
    certificate: str
    recorded_at: str
    reason: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Exemption:
    """Somebody need not take a course; ``ends`` is the last day, None for no end."""

    id: ExemptionId
    person_id: PersonId
    course: str
    reason: str
    starts: date
    ends: date | None


def record_training(
    session: Session,
    course_id: str,
    attended: Sequence[PersonId],
    completed_on: date,
    *,
    today: date,
    provider: str = "",
    expires_on: date | None = None,
    at: str = "",
    origin: str = "",
) -> int:
    """Record a course for one or many; return how many records are new.

    Raises:
        InputError: an unknown course, nobody, a day that is still to come, or an end before it.

    """
    known = catalogue_in_use(session).find(course_id)
    if not attended:
        raise InputError("Choose who attended.")
    check_days(completed_on, expires_on, today)
    held = session.exec(
        select(TrainingRow).where(
            TrainingRow.course == course_id,
            TrainingRow.completed_on == completed_on,
            TrainingRow.superseded_at == "",
        )
    ).all()
    new = [
        person
        for person in dict.fromkeys(attended)
        if person not in {row.person_id for row in held}
    ]
    edition = known.edition_on(completed_on)
    for person in new:
        session.add(
            TrainingRow(
                id=str(uuid.uuid4()), person_id=person, course=course_id,
                completed_on=completed_on, provider=provider.strip(), expires_on=expires_on,
                edition=edition, recorded_at=at, origin=origin,
            )
        )  # fmt: skip
    session.flush()
    return len(new)


def check_days(completed_on: date, expires_on: date | None, today: date) -> None:
    """Refuse a completion still to come, or one that ended before it began.

    Raises:
        InputError: with the sentence.

    """
    if completed_on > today:
        raise InputError("The training’s date lies in the future. Record it once it is done.")
    if expires_on is not None and expires_on < completed_on:
        raise InputError(
            f"The end ({show_date(expires_on)}) lies before the day of completion "
            f"({show_date(completed_on)}). Look at the certificate again."
        )


def correct_record(
    session: Session,
    record: RecordId,
    *,
    completed_on: date,
    expires_on: date | None,
    provider: str,
    reason: str,
    today: date,
    at: str,
) -> RecordId:
    """Put a corrected record in place of one; both are kept, with the reason.

    Raises:
        InputError: no reason, or days that cannot be.
        StateError: it was corrected or taken back already.

    """
    row = _current(session, record)
    check_days(completed_on, expires_on, today)
    _refuse_no_reason(reason)
    return replace_record(
        session, row, completed_on=completed_on, expires_on=expires_on, provider=provider,
        reason=reason, at=at, origin=row.origin,
    )  # fmt: skip


def replace_record(
    session: Session,
    row: TrainingRow,
    *,
    completed_on: date,
    expires_on: date | None,
    provider: str,
    reason: str,
    at: str,
    origin: str,
) -> RecordId:
    """Supersede a row by another that says something else."""
    known = catalogue_in_use(session).find(row.course)
    new = TrainingRow(
        id=str(uuid.uuid4()), person_id=row.person_id, course=row.course,
        completed_on=completed_on, provider=provider.strip(), expires_on=expires_on,
        edition=known.edition_on(completed_on),
        recorded_at=at, replaces=row.id, reason=reason.strip(), origin=origin,
        certificate=row.certificate,
    )  # fmt: skip
    row.superseded_at = at or LONG_AGO
    session.add(row)
    session.add(new)
    session.flush()
    return RecordId(new.id)


def withdraw_record(session: Session, record: RecordId, reason: str, *, at: str) -> None:
    """Take back a record that should not be; it is kept as taken back, with the reason.

    Raises:
        InputError: no reason.
        StateError: it was corrected or taken back already.

    """
    _refuse_no_reason(reason)
    row = _current(session, record)
    row.superseded_at, row.reason = at or LONG_AGO, reason.strip()
    session.add(row)
    session.flush()


def records_of(session: Session, person: PersonId) -> tuple[Record, ...]:
    """Return everything recorded of a person, newest first, with what was corrected since."""
    rows = session.exec(
        select(TrainingRow)
        .where(TrainingRow.person_id == person)
        .order_by(col(TrainingRow.completed_on).desc(), col(TrainingRow.recorded_at).desc())
    )
    catalogue = catalogue_in_use(session)
    return tuple(_record(row, catalogue) for row in rows)


def all_records(session: Session, course_id: str, *, known_at: str = "") -> tuple[Record, ...]:
    """Return every record of a course that counts, or that counted at a moment."""
    rows = session.exec(select(TrainingRow).where(TrainingRow.course == course_id))
    catalogue = catalogue_in_use(session)
    return tuple(
        _record(row, catalogue)
        for row in rows
        if was_known(row.recorded_at, row.superseded_at, known_at)
    )


def was_known(recorded_at: str, superseded_at: str, known_at: str) -> bool:
    """Say whether something counted at a moment; a blank one stands for now."""
    if not known_at:
        return not superseded_at
    return recorded_at <= known_at and (not superseded_at or superseded_at > known_at)


def exempt(
    session: Session,
    person: PersonId,
    course_id: str,
    reason: str,
    starts: date,
    ends: date | None = None,
    *,
    at: str = "",
) -> ExemptionId:
    """Note that somebody need not take a course for a time, and why.

    Raises:
        InputError: no reason, or an end before the beginning.

    """
    known = catalogue_in_use(session).find(course_id)
    _refuse_no_reason(reason)
    if ends is not None and ends < starts:
        raise InputError("The exemption would end before it begins. Look at the days again.")
    row = ExemptionRow(
        id=str(uuid.uuid4()), person_id=person, course=known.id, reason=reason.strip(),
        starts=starts, ends=ends, recorded_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return ExemptionId(row.id)


def end_exemption(session: Session, exemption: ExemptionId, *, at: str) -> None:
    """Take an exemption back; before ``at`` it is still known to have been."""
    row = session.get_one(ExemptionRow, exemption)
    row.superseded_at = at or LONG_AGO
    session.add(row)
    session.flush()


def exemptions_of(session: Session, person: PersonId) -> tuple[Exemption, ...]:
    """Return the exemptions of a person that stand."""
    rows = session.exec(
        select(ExemptionRow)
        .where(ExemptionRow.person_id == person, ExemptionRow.superseded_at == "")
        .order_by(col(ExemptionRow.starts))
    )
    return tuple(
        Exemption(
            ExemptionId(row.id), PersonId(row.person_id), row.course, row.reason, row.starts,
            row.ends,
        )
        for row in rows
    )  # fmt: skip


def _refuse_no_reason(reason: str) -> None:
    if not reason.strip():
        raise InputError("Give the reason in a few words; it is kept with the record.")


def _current(session: Session, record: RecordId) -> TrainingRow:
    row = session.get_one(TrainingRow, record)
    if row.superseded_at:
        raise StateError("This record was corrected or taken back already. Nothing was changed.")
    return row


def _record(row: TrainingRow, catalogue: Catalogue) -> Record:
    return Record(
        RecordId(row.id), PersonId(row.person_id), row.course,
        catalogue.find(row.course).label, row.completed_on, row.expires_on,
        row.provider, row.edition, row.origin, row.certificate, row.recorded_at, row.reason,
        not row.superseded_at,
    )  # fmt: skip
