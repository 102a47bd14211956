"""People with the roles they hold over time. Adults only; Bromcom stays their record."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NewType

from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError
from odbst_desktop.school.records import PersonRow, RoleRow
from odbst_desktop.shipped import shipped_yaml

PersonId = NewType("PersonId", str)
"""A random UUID of somebody in the list of people."""

_ONE_DAY = timedelta(days=1)
DSL_ROLES = frozenset({"dsl", "deputy_dsl"})


@dataclass(frozen=True, slots=True)
class Role:
    """A role to choose; ``kind`` is staff, supply, governor, trustee, trust or volunteer.

    ``names`` are job titles that other systems give for it.
    """

    id: str
    label: str
    kind: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role somebody holds; ``ends`` is its last day, None while it is held."""

    role: str
    starts: date
    ends: date | None
    id: str = ""

    def is_held_on(self, day: date) -> bool:
        """Say whether the role is held on a day."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Details:
    """What else is known of somebody: ``dsl_hours`` are hours a week for the DSL role."""

    staff_number: str = ""
    team: str = ""
    hub: str = ""
    job_description_seen: date | None = None
    dsl_hours: float | None = None
    appraisal_target_set: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works, governs or helps here; ``left`` is None while a role is held."""

    id: PersonId
    name: str
    joined: date
    left: date | None
    roles: tuple[RoleHeld, ...]
    details: Details = Details()

    def roles_on(self, day: date) -> frozenset[str]:
        """Return the roles held on a day."""
        return frozenset(held.role for held in self.roles if held.is_held_on(day))

    def is_here_on(self, day: date) -> bool:
        """Say whether the person holds any role on a day."""
        return any(held.is_held_on(day) for held in self.roles)

    def here_since(self, day: date) -> date | None:
        """Return when the person came who is here on a day: of the last time, for one who left."""
        return held_since(self.roles, day)

    def kinds_on(self, day: date) -> frozenset[str]:
        """Return the kinds of the roles held on a day."""
        kinds = role_kinds()
        return frozenset(kinds[role] for role in self.roles_on(day))


def held_since(held: Sequence[RoleHeld], day: date) -> date | None:
    """Return since when at least one of some roles has been held up to a day; None if none is.

    A role that begins on the day after another ended goes on without a break.
    """
    if not any(role.is_held_on(day) for role in held):
        return None
    since = day
    for _ in held:
        before = [
            role.starts
            for role in held
            if role.starts < since and (role.ends is None or role.ends >= since - _ONE_DAY)
        ]
        if not before:
            break
        since = min(before)
    return since


@cache
def roles() -> tuple[Role, ...]:
    """Return the roles in the order of the list."""
    content = shipped_yaml("resources/roles.yaml")["roles"]
    return tuple(
        Role(entry["id"], entry["label"], entry["kind"], tuple(entry.get("names", ())))
        for entry in content
    )


@cache
def role_kinds() -> dict[str, str]:
    """Return the kind of each role."""
    return {role.id: role.kind for role in roles()}


def role_label(role: str) -> str:
    """Return the words of a role."""
    return next((known.label for known in roles() if known.id == role), role)


def signing_roles() -> dict[str, str]:
    """Return the roles in which people sign, with their words."""
    return dict(shipped_yaml("resources/roles.yaml")["signing"])


def add_person(
    session: Session,
    name: str,
    held: Sequence[str],
    joined: date,
    *,
    at: str = "",
    is_namesake: bool = False,
) -> PersonId:
    """Add somebody with the roles held from the day of joining.

    ``at`` is the moment this is known from; ``is_namesake`` says that this is another person of
    a name that is here already.

    Raises:
        InputError: no name, no role, an unknown role, or somebody of that name is here already.

    """
    name = " ".join(name.split())
    if not name:
        raise InputError("Type the person’s name.")
    check_roles(name, held)
    is_here = not is_namesake and any(
        person.name.casefold() == name.casefold() for person in people(session, joined)
    )
    if is_here:
        raise InputError(
            f"{name} is in the list already. Give two people of one name a middle initial."
        )
    row = PersonRow(id=str(uuid.uuid4()), name=name, joined=joined)
    session.add(row)
    session.flush()
    for role in dict.fromkeys(held):
        session.add(
            RoleRow(
                id=str(uuid.uuid4()), person_id=row.id, role=role, starts=joined, recorded_at=at
            )
        )
    session.flush()
    return PersonId(row.id)


def check_roles(name: str, held: Sequence[str]) -> None:
    """Refuse no roles at all, or one that is not in the list.

    Raises:
        InputError: with the sentence.

    """
    if not held or not set(held) <= set(role_kinds()):
        raise InputError(f"Choose at least one role for {name}.")


def people(session: Session, on: date | None = None, *, known_at: str = "") -> tuple[Person, ...]:
    """Return everybody by name, or those who are here on a day.

    ``known_at`` is a moment: then only what was recorded by then counts.
    """
    held: dict[str, list[RoleHeld]] = {}
    query = select(RoleRow).order_by(col(RoleRow.starts), col(RoleRow.role))
    if known_at:
        query = query.where(
            col(RoleRow.recorded_at) <= known_at,
            (col(RoleRow.superseded_at) == "") | (col(RoleRow.superseded_at) > known_at),
        )
    else:
        query = query.where(RoleRow.superseded_at == "")
    for row in session.exec(query):
        held.setdefault(row.person_id, []).append(_held(row))
    rows = session.exec(select(PersonRow).order_by(col(PersonRow.name))).all()
    found = (_person(row, tuple(held[row.id])) for row in rows if row.id in held)
    return tuple(person for person in found if on is None or person.is_here_on(on))


def find_person(session: Session, person: PersonId) -> Person:
    """Return one person.

    Raises:
        InputError: nobody has this id.

    """
    row = session.get(PersonRow, person)
    rows = session.exec(
        select(RoleRow)
        .where(RoleRow.person_id == person, RoleRow.superseded_at == "")
        .order_by(col(RoleRow.starts), col(RoleRow.role))
    ).all()
    if row is None or not rows:
        raise InputError("This person is not in the list any more. Choose another.")
    return _person(row, tuple(_held(held) for held in rows))


def _held(row: RoleRow) -> RoleHeld:
    return RoleHeld(row.role, row.starts, row.ends, row.id)


def _person(row: PersonRow, held: tuple[RoleHeld, ...]) -> Person:
    ends = [role.ends for role in held]
    left = None if None in ends else max(end for end in ends if end is not None)
    details = Details(
        row.staff_number, row.team, row.hub,
        row.job_description_seen, row.dsl_hours, row.appraisal_target_set,
    )  # fmt: skip
    joined = min(role.starts for role in held)
    return Person(PersonId(row.id), row.name, joined, left, held, details)


def dsl_team(session: Session, on: date) -> tuple[Person, ...]:
    """Return the DSL and the deputies on a day, the DSL first."""
    team = [person for person in people(session, on) if person.roles_on(on) & DSL_ROLES]
    return tuple(sorted(team, key=lambda person: "dsl" not in person.roles_on(on)))
