"""What was sealed and is not acknowledged yet, with its age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from odbst_desktop.exchange.bodies import Enrolment
from odbst_desktop.exchange.register import known_keys, packages
from odbst_desktop.returns.standing import standings_of


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A file that left and waits for an answer; ``waits_for`` says for what and from whom."""

    what: str
    sent_on: date
    waits_for: str
    what_to_do: str

    def age_words(self, today: date) -> str:
        """Return how long it has waited."""
        days = (today - self.sent_on).days
        if days <= 0:
            return "since today"
        return "1 day" if days == 1 else f"{days} days"


def outstanding(session: Session) -> tuple[Outstanding, ...]:
    """Return what waits for an answer, the oldest first.

    A return is acknowledged by the ESL's receipt, an enrolment by a trust card with its keys.
    """
    found = [*_returns(session), *_enrolments(session)]
    return tuple(sorted(found, key=lambda each: each.sent_on))


def outstanding_words(session: Session, today: date) -> str:
    """Return in a short line what waits longest; empty if nothing does."""
    waiting = outstanding(session)
    if not waiting:
        return ""
    more = f" ({len(waiting)} in all)" if len(waiting) > 1 else ""
    return f"Not acknowledged yet: {waiting[0].what}, {waiting[0].age_words(today)}{more}."


def _returns(session: Session) -> list[Outstanding]:
    found = []
    for standing in standings_of(session):
        made = standing.found
        if not made.exported_at or standing.state not in {"signed", "exported"}:
            continue
        later = f", revision {made.revision}" if made.revision > 1 else ""
        to_signer = standing.state == "signed"
        found.append(
            Outstanding(
                f"Termly return, {made.title.lower()}{later}",
                date.fromisoformat(made.exported_at[:10]),
                f"{standing.awaited}’s signature" if to_signer else "the ESL’s receipt",
                f"Ask {standing.awaited} whether the file arrived; seal it anew if not."
                if to_signer
                else "Ask the ESL whether the file arrived; export it again if not.",
            )
        )
    return found


def _enrolments(session: Session) -> list[Outstanding]:
    known = {key.keyid for key in known_keys(session) if key.status == "active"}
    newest = next((p for p in packages(session, "enrolment") if p.direction == "sent"), None)
    if newest is None:
        return []
    body = newest.body()
    if not isinstance(body, Enrolment) or all(person.keyid in known for person in body.people):
        return []
    return [
        Outstanding(
            "Enrolment", date.fromisoformat(newest.at[:10]), "a trust card with your keys",
            "Ring the ESL, read the fingerprints out, and import the card that follows.",
        )
    ]  # fmt: skip
