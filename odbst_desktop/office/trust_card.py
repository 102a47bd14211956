"""The trust card: what the next one would say, and how the newest stands."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from odbst_desktop.exchange import register
from odbst_desktop.exchange.bodies import TrustCard
from odbst_desktop.exchange.keys import signing_keyid
from odbst_desktop.exchange.records import read_sealing_key
from odbst_desktop.school.calendar import year_of
from odbst_desktop.school.owner import Owner, read_owner
from odbst_desktop.school.schools import AUTHORITIES, schools
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.trust.due_dates import due_dates_of
from odbst_desktop.vault.vault import User, Vault

SOON_DAYS = 30
_SUMMER_ENDS = (8, 31)
_PARTS = {"schools": "schools", "people": "people and keys", "sealing_keys": "vaults",
          "due_dates": "due dates", "calendar": "term dates",
          "required_signers": "who must sign"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CardState:
    """How the newest trust card stands; ``changes`` are the parts that the next would alter."""

    version: int
    expires: date | None
    days_left: int
    changes: tuple[str, ...]

    @property
    def words(self) -> str:
        """Return what is to be known of the card, and what to do."""
        if self.expires is None:
            return "✗ No trust card was made yet. Add the schools, then make the first card."
        if self.days_left < 0:
            state = f"✗ Card {self.version} expired {-self.days_left} days ago."
        elif self.days_left <= SOON_DAYS:
            state = f"◔ Card {self.version} expires in {self.days_left} days."
        else:
            state = f"✓ Card {self.version} is in use for {self.days_left} more days."
        if self.changes:
            state = f"{state} Changed since: {', '.join(self.changes)}."
        if self.changes or self.days_left <= SOON_DAYS:
            return f"{state} Make the next card and send it to everybody."
        return state


def card_state(vault: Vault) -> CardState:
    """Return how the newest card stands at the trust."""
    users = vault.users()
    with vault.reading() as session:
        held = register.newest_card(session)
        if held is None:
            return CardState(0, None, 0, ())
        card = held[0].model_dump()
        following = card_body(vault, session, read_owner(session), users)
    changes = tuple(words for part, words in _PARTS.items() if card[part] != following[part])
    expires = date.fromisoformat(card["expires"])
    return CardState(card["version"], expires, (expires - vault.today()).days, changes)


def expiry_of(card: TrustCard, today: date) -> str:
    """Return in a sentence that a card has expired or soon does, blank while it is good."""
    days = (date.fromisoformat(card.expires) - today).days
    if days < 0:
        return (
            f"The trust card expired {-days} days ago. Ask the Executive Safeguarding Lead for the "
            "newest; what is made until then may be refused."
        )
    if days <= SOON_DAYS:
        return f"The trust card expires in {days} days. A newer one should reach you before."
    return ""


def card_body(
    vault: Vault, session: Session, owner: Owner, users: tuple[User, ...]
) -> dict[str, Any]:
    """Return what the next card says: schools, people and keys as the register has them."""
    held = register.newest_card(session)
    label = year_of(vault.today())
    own = [user for user in users if user.id != vault.user.id]
    people = [
        {"keyid": k.keyid, "public_key": _base64(k.public_key), "person": k.person,
         "role": k.role, "urn": k.urn, "status": k.status, "since": k.since}
        for k in register.known_keys(session) if k.status != "pending"
    ]  # fmt: skip
    listed = {person["keyid"] for person in people}
    # Whoever else signs for the trust: so that a new lead's first card is believed.
    people += [
        {"keyid": signing_keyid(u.public_key), "public_key": _base64(u.public_key),
         "person": u.name, "role": u.role, "urn": None, "status": "active",
         "since": f"{label[:4]}-09-01"}
        for u in own if signing_keyid(u.public_key) not in listed
    ]  # fmt: skip
    return {
        "trust": owner.name,
        "version": held[0].version + 1 if held else 1,
        "expires": date(int(label[:4]) + 1, *_SUMMER_ENDS).isoformat(),
        "signing_key": _base64(vault.user.public_key),
        "sealing_key": _base64(read_sealing_key(session).public),
        "schools": [
            {"urn": s.urn, "name": s.name, "authority": s.authority, "phase": s.phase,
             "hub": s.hub}
            for s in schools(session)
        ],
        "people": people,
        "sealing_keys": [
            {"keyid": s.keyid, "public_key": _base64(s.public_key), "urn": s.urn,
             "owner": s.owner}
            for s in register.sealing_keys(session) if s.urn is not None
        ],
        "required_signers": shipped_yaml("resources/exchange_rules.yaml")["required_signers"],
        "calendar": _calendar(label),
        "due_dates": due_dates_of(session, label),
    }  # fmt: skip


def _calendar(label: str) -> dict[str, Any]:
    """Return a year's half-terms by authority, each with its first and last school day."""
    known = shipped_yaml("resources/calendar.yaml")
    return {
        label: {
            authority: {
                half: [day.isoformat() for day in days]
                for half, days in known[authority][label]["half_terms"].items()
            }
            for authority in AUTHORITIES
            if label in known.get(authority, {})
        }
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
