"""When a return is due, and on whom it waits.

The due date is the trust card's; without one it is counted from the term's end by the rule the
trust uses itself (``resources/exchange_rules.yaml``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from odbst_desktop.exchange.register import newest_card
from odbst_desktop.form_engine.answers import Problem
from odbst_desktop.returns.drafting import Return, term_of_return
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.schools import DEFAULT_AUTHORITY, find_school
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.shipped import shipped_yaml


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day a return is due; ``is_of_card`` says that the trust named it."""

    due: date
    is_of_card: bool

    def words_on(self, today: date) -> str:
        """Return the day with how far off it is."""
        days = (self.due - today).days
        far = (
            "today" if not days
            else f"in {_days(days)}" if days > 0
            else f"✗ {_days(-days)} ago"
        )  # fmt: skip
        whose = "" if self.is_of_card else ", as the trust has named no other day"
        return f"Due {show_date(self.due)} ({far}{whose})"


def deadline_of(session: Session, found: Return) -> Deadline:
    """Return when a return is due."""
    school = find_school(session, read_owner(session).urn)
    authority = school.authority if school else DEFAULT_AUTHORITY
    card = newest_card(session)
    named = _named(card[0].due_dates if card else None, found.year, found.term, authority)
    if named is not None:
        return Deadline(named, is_of_card=True)
    days = shipped_yaml("resources/exchange_rules.yaml")["return_due_days"]
    closes = term_of_return(session, found).closes
    return Deadline(closes + timedelta(days=days), is_of_card=False)


def waits_on(found: Return, problems: Iterable[Problem], awaited: str) -> str:
    """Return on whom a return waits, and for what; ``awaited`` is who has still to sign."""
    if found.state == "half_signed":
        return f"Waits on {awaited or 'the second signer'} to countersign."
    if found.state == "signed":
        return "Waits on the DSL to export it for the trust."
    if found.state == "sent":
        return "Waits on the Executive Safeguarding Lead’s receipt."
    listed = tuple(problems)
    mend = sum(p.severity == "error" for p in listed)
    explain = sum(p.severity == "warning" and p.rule not in found.explanations for p in listed)
    if mend or explain:
        return f"Waits on the DSL: {mend} to mend, {explain} to explain."
    return "Nothing is open: it waits on the DSL to sign."


def _named(untrusted_dates: Any, year: str, term: str, authority: str) -> date | None:
    """Return the card's day; a card of another shape than ours names none."""
    found = untrusted_dates
    for part in (year, term, authority):
        found = found.get(part) if isinstance(found, dict) else None
    try:
        return date.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        return None


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
