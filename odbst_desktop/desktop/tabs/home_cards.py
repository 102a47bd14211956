"""A card of the first tab, and those that a focus pack puts there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlmodel import Session

from odbst_desktop import __version__
from odbst_desktop.analysis.explaining import Explanation, Part
from odbst_desktop.monitoring.packs import packs_taken
from odbst_desktop.policies import policies_here
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.trust.returned import newest_term_returned
from odbst_desktop.trust.reviews import reviews
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.themes import choices

_MOST_CHARACTERS = 220


class Need(Enum):
    """Under which heading a card stands; the headings come in this order."""

    NOW = "To do now"
    ARRIVED = "Arrived"
    TERM = "This term"

    @classmethod
    def now_if(cls, is_due: object) -> Need:
        """Return the heading of what is to be done now, or some time in the term."""
        return cls.NOW if is_due else cls.TERM

    @classmethod
    def arrived_if(cls, has_come: object) -> Need:
        """Return the heading of what arrived, or of the term if nothing did."""
        return cls.ARRIVED if has_come else cls.TERM


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to know or do; ``tab`` is the title of the tab where it is done.

    ``parts`` are what the figure counts, for Ctrl+I.
    """

    title: str
    figure: str
    sentence: str
    tab: str
    need: Need = Need.TERM
    parts: tuple[Part, ...] = ()


def explain_card(card: Card, today: date) -> Explanation:
    """Explain the figure of a card."""
    return Explanation(
        title=card.title,
        figure=card.figure,
        formula=f"{card.sentence} Counted from what “{card.tab}” holds on {show_date(today)}, anew "
        "whenever something there changes.",
        parts=card.parts,
        shown_to=("You see true numbers. This page never leaves this computer.",),
    )


def under_headings(cards: Iterable[Card]) -> tuple[tuple[Need, tuple[Card, ...]], ...]:
    """Return the cards under their headings, those that have none left out."""
    known = tuple(cards)
    found = ((need, tuple(card for card in known if card.need is need)) for need in Need)
    return tuple((need, held) for need, held in found if held)


def what_now(cards: Iterable[Card]) -> str:
    """Return in one sentence how much is to be done now and how much arrived."""
    held = dict(under_headings(cards))
    due, come = len(held.get(Need.NOW, ())), len(held.get(Need.ARRIVED, ()))
    first = {0: "✓ Nothing is to be done today", 1: "◔ 1 thing to do now"}.get(
        due, f"◔ {due} things to do now"
    )
    return f"{first}; {come} arrived." if come else f"{first}."


def leading_cards(session: Session, today: date) -> tuple[Card, ...]:
    """Return what waits for the ESL among themes, packs and reviews."""
    found: list[Card] = []
    newest = newest_term_returned(session)
    based_on = TermOf(*newest) if newest else None
    chosen = [choice for choice in choices(session) if choice.based_on == based_on]
    if based_on is not None and not chosen:
        found.append(
            Card("Themes", "○ Not chosen", f"The returns of {based_on.words} propose themes for "
                 "the next term; choose one to three with your reasons.", "Themes", Need.NOW)
        )  # fmt: skip
    made = reviews(session)
    late = [r for r in made if r.state == "closed" and r.follow_up_due <= today]
    soon = [r for r in made if r.state in {"planned", "draft"}]
    if late or soon:
        follow = f"{len(late)} to follow up. " if late else ""
        coming = min((r.planned_for for r in soon), default=None)
        following = f"The next is for {show_date(coming)}." if coming else ""
        figure = f"{len(soon)} planned" if soon else f"{len(late)} to follow up"
        said = f"{follow}{following}".strip()
        found.append(Card("Checks and reviews", figure, said, "Reviews", Need.now_if(late)))
    return tuple(found)


def pack_cards(session: Session) -> tuple[Card, ...]:
    """Return the trust's message until it is read, and its update notice until it is followed."""
    packs = packs_taken(session)
    if not packs:
        return ()
    newest, found = packs[0], []
    if newest.read_at is None:
        said = " ".join(newest.message.split())
        short = f"{said[:_MOST_CHARACTERS].rsplit(' ', 1)[0]} …" if len(said) > _MOST_CHARACTERS \
            else said  # fmt: skip
        found.append(Card("Message of the trust", f"● {newest.title}", short, "Packages",
                          Need.ARRIVED))  # fmt: skip
    notice, policies = newest.notice, policies_here()
    is_wanted = policies.update_notice is not False
    if notice is not None and notice.is_newer_than(__version__) and is_wanted:
        # The IT team of this computer knows better than the trust where it keeps things.
        kept_at = policies.update_location or notice.kept_at
        where = f" It is kept at: {kept_at}." if kept_at else ""
        found.append(
            Card(
                "Version of the program", f"▲ {notice.version} is expected",
                f"This is version {__version__}. Ask your IT team for the newer one; the program "
                f"fetches nothing by itself.{where}", "Packages", Need.ARRIVED,
            )
        )  # fmt: skip
    return tuple(found)
