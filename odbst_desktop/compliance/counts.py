"""The figures of the termly return that the register gives."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from odbst_desktop.compliance.items import items
from odbst_desktop.compliance.register import Standing, State, standings
from odbst_desktop.school.calendar import Term

_YES_PARTLY_NO = {State.IN_PLACE: "yes", State.PARTLY: "partly", State.MISSING: "no"}
_YES_NO = {State.IN_PLACE: "yes", State.PARTLY: "no", State.MISSING: "no"}


def term_counts(session: Session, term: Term) -> dict[str, Any]:
    """Return each figure as it stands on the term's last day.

    What nobody said, or what has lapsed, is not known: it has no figure and is not nought.
    """
    known = standings(session, term.closes)
    figures: dict[str, Any] = {"compliance.policies_due": sum(i.is_policy for i in items())}
    policies = [now for now in known if now.item.is_policy and now.answer is not None]
    if policies:
        figures["compliance.policies_current"] = sum(now.is_current_policy for now in policies)
    seen = [now.answer.facts.website_on for now in policies if now.answer]
    dates = [day for day in seen if day is not None]
    if dates:
        figures["compliance.website_check_date"] = max(dates).isoformat()
    for now in known:
        if now.item.figure:
            figures[now.item.figure] = _figure(now)
    return {source: value for source, value in figures.items() if value is not None}


def _figure(now: Standing) -> str | None:
    if now.item.figure_kind == "date":
        return now.last_on.isoformat() if now.last_on else None
    words = _YES_PARTLY_NO if now.item.figure_kind == "yes_partly_no" else _YES_NO
    return words.get(now.state)
