"""The schools a vault knows of."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError
from odbst_desktop.school.records import SchoolRow

AUTHORITIES = {"buckinghamshire": "Buckinghamshire", "milton_keynes": "Milton Keynes",
               "other": "Another authority"}  # fmt: skip
DEFAULT_AUTHORITY = "buckinghamshire"


@dataclass(frozen=True, slots=True)
class School:
    """A school; ``urn`` is its six digits at the DfE."""

    urn: int
    name: str
    authority: str
    phase: str = ""
    hub: str = ""


def write_school(session: Session, school: School) -> None:
    """Add a school, or change what is known of it.

    Raises:
        InputError: the URN has not six digits, or there is no name or known authority.

    """
    if not 100_000 <= school.urn <= 999_999:
        raise InputError(f"{school.urn} is not a URN: it has six digits, such as 110323.")
    if not school.name.strip():
        raise InputError("Type the name of the school.")
    if school.authority not in AUTHORITIES:
        known = ", ".join(AUTHORITIES)
        raise InputError(f"“{school.authority}” is not a known authority. Choose one of: {known}.")
    session.merge(
        SchoolRow(
            urn=school.urn, name=school.name.strip(), authority=school.authority,
            phase=school.phase, hub=school.hub,
        )
    )  # fmt: skip


def schools(session: Session) -> tuple[School, ...]:
    """Return every school by name."""
    rows = session.exec(select(SchoolRow).order_by(col(SchoolRow.name))).all()
    return tuple(School(r.urn, r.name, r.authority, r.phase, r.hub) for r in rows)


def find_school(session: Session, urn: int | None) -> School | None:
    """Return the school with a URN, if it is known."""
    return next((school for school in schools(session) if school.urn == urn), None)
