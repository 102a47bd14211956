"""What is known of a policy: its version, who received it, and where it is published."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import date

from odbst_desktop.compliance.rounds import a_year_later, year_ends
from odbst_desktop.errors import InputError
from odbst_desktop.school.typed_dates import show_date

_ADDRESS = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?", re.IGNORECASE)
_DATES = ("personalised_on", "received_on", "website_on", "next_review")


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """A policy as the school has it; ``nothing_to_personalise`` is said anew each September."""

    version: str = ""
    personalised_on: date | None = None
    nothing_to_personalise: bool = False
    received_on: date | None = None
    website_on: date | None = None
    website_address: str = ""
    next_review: date | None = None

    def is_current_on(self, day: date) -> bool:
        """Say whether the LGB received it and its review is not past; the return counts this."""
        return (
            self.received_on is not None
            and self.received_on <= day
            and self.next_review is not None
            and day <= self.next_review
        )

    def wants_on(self, day: date, said_on: date) -> tuple[str, ...]:
        """Return in words what is wanting on a day of what was said on ``said_on``."""
        found = []
        if not self.version:
            found.append("the trust’s version is not noted")
        if self.received_on is None or self.received_on > day:
            found.append("the LGB has not received it")
        if self.next_review is None:
            found.append("it has no review date")
        elif day > self.next_review:
            found.append(f"its review was due on {show_date(self.next_review)}")
        if self.nothing_to_personalise and day > year_ends(said_on):
            found.append("“nothing to personalise” lapsed in September: say it again")
        elif not self.nothing_to_personalise and self.personalised_on is None:
            found.append("it is not personalised")
        if self.website_on is None:
            found.append("it was not seen on the school website")
        elif day > a_year_later(self.website_on):
            found.append(f"the website was last checked on {show_date(self.website_on)}")
        return tuple(found)

    def as_json(self) -> str:
        """Return the facts as they are kept."""
        kept = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
            if value
        }
        return json.dumps(kept, ensure_ascii=False)


def read_facts(text: str) -> PolicyFacts:
    """Return the facts that ``as_json`` wrote."""
    kept = json.loads(text)
    for name in _DATES:
        if name in kept:
            kept[name] = date.fromisoformat(kept[name])
    return PolicyFacts(**kept)


def refuse_wrong_facts(facts: PolicyFacts, before: PolicyFacts | None, today: date) -> None:
    """Refuse what cannot be of a policy.

    Raises:
        InputError: with the first thing to mend.

    """
    for label, day in (
        ("personalised", facts.personalised_on),
        ("received by the LGB", facts.received_on),
        ("seen on the website", facts.website_on),
    ):
        if day is not None and day > today:
            raise InputError(
                f"The day it was {label} lies in the future: {show_date(day)}. Mend the date."
            )
    if facts.website_address and not _ADDRESS.fullmatch(facts.website_address):
        raise InputError(
            f"“{facts.website_address[:60]}” is not the address of a web page. Copy it from the "
            "browser, such as www.school.org.uk/policies."
        )
    if facts.website_on is not None and not facts.website_address:
        raise InputError("Say at which address of the website the policy was seen.")
    if facts.personalised_on is not None and facts.nothing_to_personalise:
        raise InputError(
            "A day of personalising and “nothing to personalise” do not go together. Keep one."
        )
    _refuse_dates_out_of_order(facts)
    if (
        before is not None
        and before.version
        and facts.version not in {"", before.version}
        and facts.received_on is not None
        and facts.received_on == before.received_on
    ):
        raise InputError(
            "The version is new, but the day on which the LGB received it is the old one’s. Put "
            "the day of the new version, or leave it blank."
        )


def _refuse_dates_out_of_order(facts: PolicyFacts) -> None:
    begun = max((d for d in (facts.personalised_on, facts.received_on) if d), default=None)
    if facts.next_review is not None and begun is not None and facts.next_review <= begun:
        raise InputError(
            "The next review has to come after the policy was personalised and received. Mend "
            "one of the dates."
        )
