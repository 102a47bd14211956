"""Whose vault it is: a school's, a governor's or the trust's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.school.records import OwnerRow

_LOWEST_URN, _HIGHEST_URN = 100_000, 999_999


class Profile(StrEnum):
    """What a vault is used for."""

    SCHOOL = "school"
    GOVERNOR = "governor"
    TRUST = "trust"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose vault it is; ``urn`` is the school's six digits, None for a trust."""

    profile: Profile
    name: str
    urn: int | None
    is_demonstration: bool = False


def check_owner(owner: Owner) -> None:
    """Refuse an owner that cannot be.

    Raises:
        InputError: no name, a URN that is not six digits, a school without a URN or a trust
            with one.

    """
    if not owner.name.strip():
        raise InputError("Type the name of the school or trust.")
    if owner.profile is Profile.TRUST:
        if owner.urn is not None:
            raise InputError("A trust's vault takes no URN: leave it out.")
        return
    if owner.urn is None:
        raise InputError("Type the school's URN, the six digits the DfE knows it by.")
    if not _LOWEST_URN <= owner.urn <= _HIGHEST_URN:
        raise InputError(f"{owner.urn} is not a URN: it has six digits, such as 110323.")


def write_owner(session: Session, owner: Owner) -> None:
    """Store whose vault it is.

    Raises:
        InputError: as ``check_owner``.

    """
    check_owner(owner)
    session.merge(
        OwnerRow(
            id=1,
            profile=owner.profile.value,
            name=owner.name.strip(),
            urn=owner.urn,
            is_demonstration=owner.is_demonstration,
        )
    )


def read_owner(session: Session) -> Owner:
    """Return whose vault it is."""
    row = session.get_one(OwnerRow, 1)
    return Owner(Profile(row.profile), row.name, row.urn, row.is_demonstration)
