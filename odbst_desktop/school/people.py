"""People with the roles they hold over time. Adults only; Bromcom stays their record."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NewType

from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError
from odbst_desktop.school.records import PersonRow, RoleRow
from odbst_desktop.shipped import shipped_yaml

PersonId = NewType("PersonId", str)
"""A random UUID of somebody in the list of people."""

DSL_ROLES = frozenset({"dsl", "deputy_dsl"})


@dataclass(frozen=True, slots=True)
class Role:
    """A role to choose; ``kind`` is staff, governor or volunteer."""

    id: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role somebody holds; ``ends`` is its last day, None while it is held."""

    role: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works, governs or helps here."""

    id: PersonId
    name: str
    joined: date
    left: date | None
    roles: tuple[RoleHeld, ...]

    def roles_on(self, day: date) -> frozenset[str]:
        """Return the roles held on a day."""
        return frozenset(
            held.role
            for held in self.roles
            if held.starts <= day and (held.ends is None or day <= held.ends)
        )

    def is_here_on(self, day: date) -> bool:
        """Say whether the person had joined and not left."""
        return self.joined <= day and (self.left is None or day <= self.left)

    def kinds_on(self, day: date) -> frozenset[str]:
        """Return the kinds of the roles held on a day."""
        kinds = {role.id: role.kind for role in roles()}
        return frozenset(kinds[role] for role in self.roles_on(day))


@cache
def roles() -> tuple[Role, ...]:
    """Return the roles in the order of the list."""
    content = shipped_yaml("resources/roles.yaml")["roles"]
    return tuple(Role(entry["id"], entry["label"], entry["kind"]) for entry in content)


def role_label(role: str) -> str:
    """Return the words of a role."""
    return next((known.label for known in roles() if known.id == role), role)


def signing_roles() -> dict[str, str]:
    """Return the roles in which people sign, with their words."""
    return dict(shipped_yaml("resources/roles.yaml")["signing"])


def add_person(session: Session, name: str, held: Sequence[str], joined: date) -> PersonId:
    """Add somebody with the roles held from the day of joining.

    Raises:
        InputError: no name, no role, an unknown role, or somebody of that name is here already.

    """
    name = " ".join(name.split())
    if not name:
        raise InputError("Type the person’s name.")
    known = {role.id for role in roles()}
    if not held or not set(held) <= known:
        raise InputError(f"Choose at least one role for {name}.")
    if any(person.name.casefold() == name.casefold() for person in people(session, joined)):
        raise InputError(
            f"{name} is in the list already. Give two people of one name a middle initial."
        )
    row = PersonRow(id=str(uuid.uuid4()), name=name, joined=joined)
    session.add(row)
    session.flush()
    for role in dict.fromkeys(held):
        session.add(RoleRow(id=str(uuid.uuid4()), person_id=row.id, role=role, starts=joined))
    session.flush()
    return PersonId(row.id)


def end_person(session: Session, person: PersonId, last_day: date) -> None:
    """Note that somebody left, and end the roles still held.

    Raises:
        InputError: the day lies before the day of joining.

    """
    row = session.get_one(PersonRow, person)
    if last_day < row.joined:
        raise InputError(f"{row.name} cannot leave before the day of joining.")
    row.left = last_day
    session.add(row)
    held = session.exec(select(RoleRow).where(RoleRow.person_id == person)).all()
    for role in held:
        if role.ends is None:
            role.ends = last_day
            session.add(role)


def people(session: Session, on: date | None = None) -> tuple[Person, ...]:
    """Return everybody by name, or those who are here on a day."""
    held: dict[str, list[RoleHeld]] = {}
    for row in session.exec(select(RoleRow).order_by(col(RoleRow.starts), col(RoleRow.role))):
        held.setdefault(row.person_id, []).append(RoleHeld(row.role, row.starts, row.ends))
    rows = session.exec(select(PersonRow).order_by(col(PersonRow.name))).all()
    found = (
        Person(PersonId(r.id), r.name, r.joined, r.left, tuple(held.get(r.id, ()))) for r in rows
    )
    return tuple(person for person in found if on is None or person.is_here_on(on))


def dsl_team(session: Session, on: date) -> tuple[Person, ...]:
    """Return the DSL and the deputies on a day, the DSL first."""
    team = [person for person in people(session, on) if person.roles_on(on) & DSL_ROLES]
    return tuple(sorted(team, key=lambda person: "dsl" not in person.roles_on(on)))
