"""What stands in the way of a signature besides the answers: the trust card, the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.exchange.keys import signing_keyid
from odbst_desktop.exchange.register import known_keys, newest_card, packages
from odbst_desktop.school.calendar import academic_year
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.schools import DEFAULT_AUTHORITY, find_school
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault import audit
from odbst_desktop.vault.vault import User, Vault

_LEEWAY = timedelta(hours=24)
"""As check 15 of the package format: a clock may be out by this much."""


@dataclass(frozen=True, slots=True)
class TrustStanding:
    """What the trust card lets a school do; ``words`` say what to ask of whom."""

    may_sign: bool
    words: tuple[str, ...]


def trust_standing(session: Session, user: User, today: date) -> TrustStanding:
    """Return whether a return can be signed as the trust card stands.

    Without a card nobody knows whom to seal to. A card that has run out still names the keys, and
    no check of the format looks at its date: signing goes on, and the newest card is asked for.
    """
    card = newest_card(session)
    if card is None:
        return TrustStanding(
            False,
            (
                "The trust card is missing, so nobody here knows the key to seal a return to. Ask "
                "the Executive Safeguarding Lead for the trust card, import it on the tab "
                "Packages, and confirm its fingerprint by telephone. You can go on drafting; only "
                "signing waits.",
            ),
        )
    found = []
    expires = date.fromisoformat(card[0].expires)
    if expires < today:
        found.append(
            f"The trust card ran out on {show_date(expires)}. Ask the Executive Safeguarding Lead "
            "for the newest and import it on the tab Packages. The return can still be signed: "
            "the keys of this card count until a newer one says otherwise."
        )
    known = {key.keyid: key.status for key in known_keys(session)}
    standing = known.get(signing_keyid(user.public_key))
    if standing == "revoked":
        found.append(
            "The trust has revoked your signing key, so it would refuse your signature. Ask the "
            "Executive Safeguarding Lead why, and enrol again before you sign."
        )
    elif standing != "active":
        found.append(
            "Your signing key is not on the trust card yet, so the trust would refuse your "
            "signature. Make your enrolment on the tab Packages, send it to the Executive "
            "Safeguarding Lead, and import the card that comes back."
        )
    return TrustStanding(True, tuple(found))


def clock_doubt(session: Session, now: datetime, year: str, term: str) -> str:
    """Return in a sentence why this computer's clock may be wrong; empty if nothing says so."""
    said = show_date(now.astimezone().date())
    latest = [audit.latest_moment(session)]
    for kind in ("trust-card", "receipt"):
        came = [package for package in packages(session, kind) if package.direction == "received"]
        latest += [package.payload().issued_at for package in came[:1]]
    after = max((_moment(text) for text in latest if text), default=now)
    if now < after - _LEEWAY:
        return (
            f"This computer says that today is {said}, but this vault knows of something dated "
            f"{show_date(after.astimezone().date())}."
        )
    school = find_school(session, read_owner(session).urn)
    known = academic_year(year, school.authority if school else DEFAULT_AUTHORITY)
    opens = next(part.opens for part in known.terms if part.name == term)
    if now.astimezone().date() < opens:
        return (
            f"This computer says that today is {said}, but the {term} term {year} begins only on "
            f"{show_date(opens)}."
        )
    return ""


def refuse_wrong_clock(
    vault: Vault, year: str, term: str, *, right_day: date | None = None
) -> None:
    """Refuse to sign with a clock that seems to be wrong, unless the day is said to be right.

    Raises:
        InputError: the clock is in doubt, and ``right_day`` is not the day that it shows.

    """
    with vault.reading() as session:
        doubt = clock_doubt(session, vault.clock().astimezone(UTC), year, term)
    if doubt and right_day != vault.today():
        raise InputError(
            f"{doubt} A signature carries the date, so it was not made. Set the computer’s clock "
            "and try again; if the date is right after all, say so beside the signature."
        )


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
