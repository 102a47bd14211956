"""The schools a governor governs beyond the vault's first: each with a signing key of its own.

The trust's register knows one school a key. So a governor of two schools has a key for each, under
one passphrase and in one vault, and what is signed for one school can never pass for the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError
from odbst_desktop.school.owner import Profile, read_owner
from odbst_desktop.school.records import PostRow


@dataclass(frozen=True, slots=True)
class Post:
    """A school with the user whose key signs for it; no user for the vault's first school."""

    urn: int
    school: str
    user: str | None


def posts(session: Session) -> tuple[Post, ...]:
    """Return the schools of the vault, its own first; none for the trust."""
    owner = read_owner(session)
    if owner.urn is None:
        return ()
    rows = session.exec(select(PostRow).order_by(col(PostRow.school))).all()
    return (Post(owner.urn, owner.name, None), *(Post(r.urn, r.school, r.user_id) for r in rows))


def post_at(session: Session, urn: int) -> Post:
    """Return the post at a school; raises InputError if this vault has none there."""
    found = next((post for post in posts(session) if post.urn == urn), None)
    if found is None:
        raise InputError(f"This vault has no post at the school {urn}. Add the school first.")
    return found


def urn_of_user(session: Session, user: str) -> int | None:
    """Return the school that a user's key signs for; None for the trust."""
    row = session.get(PostRow, user)
    return row.urn if row is not None else read_owner(session).urn


def check_new_post(session: Session, urn: int, school: str) -> None:
    """Refuse a school that cannot be added.

    Raises:
        InputError: the vault is not a governor's, there is no name or URN, or it is here already.

    """
    if read_owner(session).profile is not Profile.GOVERNOR:
        raise InputError("Only a governor's vault holds several schools.")
    if not school.strip():
        raise InputError("Type the name of the school.")
    if not 100_000 <= urn <= 999_999:
        raise InputError(f"{urn} is not a URN: it has six digits, such as 110323.")
    if any(post.urn == urn for post in posts(session)):
        raise InputError(f"The school {urn} is in this vault already.")


def write_post(session: Session, urn: int, school: str, user: str) -> None:
    """Keep a school with the user whose key signs for it; raises as ``check_new_post``."""
    check_new_post(session, urn, school)
    session.add(PostRow(user_id=user, urn=urn, school=school.strip()))
