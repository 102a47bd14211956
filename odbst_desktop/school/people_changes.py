"""What changes in the life of somebody here: a role begins or ends, they leave, they return."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, select

from odbst_desktop.errors import InputError
from odbst_desktop.school.people import Details, PersonId, check_roles, find_person, role_label
from odbst_desktop.school.records import PersonRow, RoleRow
from odbst_desktop.school.typed_dates import show_date

_MOST_HOURS = 60


def begin_role(
    session: Session, person: PersonId, role: str, starts: date, *, at: str = ""
) -> None:
    """Note that somebody takes on a role, maybe one held before.

    Raises:
        InputError: the role is held at that time, or is not in the list.

    """
    known = find_person(session, person)
    check_roles(known.name, [role])
    for held in known.roles:
        if held.role == role and (held.ends is None or held.ends >= starts):
            until = f"until {show_date(held.ends)}" if held.ends else "still"
            raise InputError(
                f"{known.name} holds the role “{role_label(role)}” from "
                f"{show_date(held.starts)} {until}. End it first, or choose a later day."
            )
    _add_role(session, person, role, starts, None, at)


def end_role(session: Session, held_id: str, last_day: date, *, at: str = "") -> None:
    """Note the last day of a role.

    Raises:
        InputError: the day lies before the role began.

    """
    row = session.get_one(RoleRow, held_id)
    if last_day < row.starts:
        raise InputError(
            f"The role “{role_label(row.role)}” began on {show_date(row.starts)}. It cannot end "
            "before that."
        )
    _supersede(session, row, last_day, at)
    _note_presence(session, PersonId(row.person_id))


def remove_role(session: Session, held_id: str, *, at: str = "") -> None:
    """Take back a role that was recorded by mistake.

    Raises:
        InputError: it is the only role the person ever had.

    """
    row = session.get_one(RoleRow, held_id)
    known = find_person(session, PersonId(row.person_id))
    if len(known.roles) == 1:
        raise InputError(
            f"This is the only role of {known.name}. Give another first, or end this one."
        )
    row.superseded_at = at or "0"
    session.add(row)
    _note_presence(session, known.id)


def end_person(session: Session, person: PersonId, last_day: date, *, at: str = "") -> None:
    """Note that somebody left, and end the roles still held; records and name are kept.

    Raises:
        InputError: the day lies before the day of joining.

    """
    known = find_person(session, person)
    if last_day < known.joined:
        raise InputError(f"{known.name} cannot leave before the day of joining.")
    rows = session.exec(
        select(RoleRow).where(RoleRow.person_id == person, RoleRow.superseded_at == "")
    ).all()
    for row in rows:
        if row.ends is None or row.ends > last_day:
            _supersede(session, row, last_day, at)
    _note_presence(session, person)


def return_person(
    session: Session, person: PersonId, held: Sequence[str], day: date, *, at: str = ""
) -> None:
    """Note that somebody who left is back, with the roles held from that day.

    Raises:
        InputError: they are here on that day, or no role is chosen.

    """
    known = find_person(session, person)
    check_roles(known.name, held)
    if known.left is None or known.left >= day:
        raise InputError(f"{known.name} is still here on {show_date(day)}. Choose a later day.")
    for role in dict.fromkeys(held):
        _add_role(session, person, role, day, None, at)
    _note_presence(session, person)


def check_details(details: Details, today: date) -> None:
    """Refuse what cannot be known of somebody today.

    Raises:
        InputError: hours that cannot be, or something seen or set in the future.

    """
    _check_hours(details)
    for what, day in (
        ("job description was seen", details.job_description_seen),
        ("appraisal target was set", details.appraisal_target_set),
    ):
        if day is not None and day > today:
            raise InputError(
                f"The day the {what} lies in the future: {show_date(day)}. Mend the date."
            )


def _check_hours(details: Details) -> None:
    if details.dsl_hours is not None and not 0 <= details.dsl_hours <= _MOST_HOURS:
        raise InputError(
            f"Hours a week for the DSL role lie between 0 and {_MOST_HOURS}. Type them as 12.5."
        )


def change_details(session: Session, person: PersonId, name: str, details: Details) -> None:
    """Keep a corrected name and what else is known of somebody.

    Raises:
        InputError: no name, hours that cannot be, or a staff number somebody else has.

    """
    row = session.get_one(PersonRow, person)
    name = " ".join(name.split())
    if not name:
        raise InputError("Type the person’s name.")
    _check_hours(details)
    number = details.staff_number.strip()
    if number:
        other = session.exec(
            select(PersonRow).where(PersonRow.staff_number == number, PersonRow.id != person)
        ).first()
        if other is not None:
            raise InputError(f"Staff number {number} is {other.name}’s. Look it up again.")
    row.name, row.staff_number = name, number
    row.team, row.hub = details.team.strip(), details.hub.strip()
    row.job_description_seen = details.job_description_seen
    row.dsl_hours = details.dsl_hours
    row.appraisal_target_set = details.appraisal_target_set
    session.add(row)


def put_back(
    session: Session,
    person: PersonId,
    name: str,
    details: Details,
    role_ids: Sequence[str],
    *,
    at: str,
) -> None:
    """Make somebody again as they were when just these rows were their roles."""
    now = session.exec(
        select(RoleRow).where(RoleRow.person_id == person, RoleRow.superseded_at == "")
    ).all()
    for row in now:
        if row.id not in role_ids:
            row.superseded_at = at or "0"
            session.add(row)
    kept = {row.id for row in now}
    for held in role_ids:
        if held not in kept:
            old = session.get_one(RoleRow, held)
            _add_role(session, person, old.role, old.starts, old.ends, at)
    change_details(session, person, name, details)
    _note_presence(session, person)


def forget_person(session: Session, person: PersonId, *, is_for_good: bool, at: str) -> None:
    """Take somebody out of the list who should not have been added.

    ``is_for_good`` deletes the rows; otherwise they are kept as taken back, so that what was known
    until ``at`` can be counted again.
    """
    rows = session.exec(select(RoleRow).where(RoleRow.person_id == person)).all()
    own = session.get_one(PersonRow, person)
    for row in rows:
        if is_for_good:
            session.delete(row)
        elif not row.superseded_at:
            row.superseded_at = at or "0"
            session.add(row)
    session.flush()
    if is_for_good:
        session.delete(own)
    else:
        # Its time of being kept begins, and its number is free for somebody else.
        own.left, own.staff_number = date.fromisoformat(at[:10]), ""
        session.add(own)
    session.flush()


def _add_role(
    session: Session, person: PersonId, role: str, starts: date, ends: date | None, at: str
) -> None:
    session.add(
        RoleRow(
            id=str(uuid.uuid4()), person_id=person, role=role, starts=starts, ends=ends,
            recorded_at=at,
        )
    )  # fmt: skip
    session.flush()


def _supersede(session: Session, row: RoleRow, ends: date, at: str) -> None:
    """Put a row that ends in place of one, or none if the role would never have begun."""
    # Without a moment there is nothing to be known before: the old row never counted.
    row.superseded_at = at or "0"
    session.add(row)
    if ends >= row.starts:
        _add_role(session, PersonId(row.person_id), row.role, row.starts, ends, at)
    session.flush()


def _note_presence(session: Session, person: PersonId) -> None:
    """Keep the person's own row in step with the roles."""
    session.flush()
    known = find_person(session, person)
    row = session.get_one(PersonRow, person)
    row.joined, row.left = known.joined, known.left
    session.add(row)
