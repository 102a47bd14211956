"""The figures of the return that the term's visits give."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from odbst_desktop.monitoring.cycle import planned_slots
from odbst_desktop.monitoring.sample import sampled
from odbst_desktop.monitoring.themes import themes_in, themes_of
from odbst_desktop.monitoring.visits import DONE, visits
from odbst_desktop.school.calendar import Term
from odbst_desktop.school.owner import read_owner

_RECORD = "single_central_record"


def term_counts(session: Session, term: Term) -> dict[str, Any]:
    """Return the figures that the visits signed or received in a term give."""
    urn = read_owner(session).urn
    known = [v for v in visits(session, urn) if term.opens <= v.visited_on <= term.closes]
    done = [v for v in known if v.state in DONE]
    halves = {half.id for half in term.half_terms}
    themes = themes_of(session, urn, term.year) if urn else ()
    taken = themes_in(themes, term.name)
    made = {visit.form_id for visit in done}
    figures: dict[str, Any] = {
        "monitoring.visits_done": len(done),
        # What half-terms ask for; the other checks are made when there is time.
        "monitoring.visits_planned": sum(
            slot.half_term in halves and slot.is_first for slot in planned_slots(themes)
        ),
    }
    if taken:
        figures["monitoring.themes_checked"] = sum(
            not made.isdisjoint(theme.theme.checks) for theme in taken
        )
    reported = [v.reported_on for v in visits(session, urn) if v.reported_on is not None]
    told = [day for day in reported if day <= term.closes]
    if told:
        figures["monitoring.last_report_to_lgb"] = max(told).isoformat()
    checks = [v for v in done if v.form_id == _RECORD]
    if checks:
        traced = sampled(checks[0].answers)
        figures["monitoring.scr_checked_on"] = checks[0].visited_on.isoformat()
        figures["monitoring.scr_sampled"] = traced.rows
        figures["monitoring.scr_gaps"] = traced.with_gap
    return figures
