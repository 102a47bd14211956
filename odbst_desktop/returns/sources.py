"""Where the figures of a return come from: what this vault counted this term."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from odbst_desktop.actions.list import count_actions
from odbst_desktop.compliance.counts import term_counts as compliance_counts
from odbst_desktop.form_engine.answers import is_blank, type_fault
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.meetings.counts import term_counts as meeting_counts
from odbst_desktop.monitoring.counts import term_counts as visit_counts
from odbst_desktop.school.calendar import Term
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import DSL_ROLES, Person, people
from odbst_desktop.school.schools import DEFAULT_AUTHORITY, find_school
from odbst_desktop.training.figures import term_counts as training_counts

_ROOMS = {
    "meetings": "closed meetings of the term",
    "training": "training records on the snapshot date",
    "monitoring": "the governor’s visits of the term",
    "actions": "the list of actions",
    "people": "the list of people",
    "school": "this vault and the trust card",
    "previous": "last term’s return",
    "compliance": "the compliance register",
}


_REPORTED = "compliance.last_report_to_lgb"
_TYPED = {
    "typed.cpoms": "CPOMS",
    "typed.bromcom": "Bromcom",
    "typed.local_authority": "what the local authority told the school",
    "typed.filtering": "the filtering and monitoring system",
    "typed.record": "the single central record",
    "typed.school": "the school’s own papers",
    "typed.dsl": "what the DSL writes",
}
"""Which record a figure is typed from that this vault does not count."""


def source_words(source: str) -> str:
    """Return in words where a figure is counted or typed from."""
    if source == _REPORTED:
        return f"{_ROOMS['compliance']} or {_ROOMS['monitoring']}, whichever is later"
    return _TYPED.get(source) or _ROOMS.get(source.partition(".")[0], source)


def is_typed(source: str) -> bool:
    """Say whether a figure is typed from another record, and counted by no room here."""
    return not source or source in _TYPED


def counted_values(
    session: Session, form: Form, term: Term, today: date, previous: Mapping[str, Any]
) -> dict[str, tuple[Any, str]]:
    """Return each question's value with ``counted`` or ``carried``, where the vault has one."""
    known = _figures(session, term, today)
    found: dict[str, tuple[Any, str]] = {}
    for question in form.questions():
        source = str(question.extras.get("source", ""))
        if source.startswith("previous."):
            value, how = previous.get(source.removeprefix("previous.")), "carried"
        else:
            value, how = known.get(source), "counted"
        if not is_blank(value) and not type_fault(question, value):
            found[question.name] = (value, how)
    return found


def _figures(session: Session, term: Term, today: date) -> dict[str, Any]:
    owner = read_owner(session)
    school = find_school(session, owner.urn)
    authority = school.authority if school else DEFAULT_AUTHORITY
    acted = count_actions(session, term.opens, term.closes)
    figures = {
        **meeting_counts(session, term),
        **training_counts(session, term, authority),
        **visit_counts(session, term),
        **compliance_counts(session, term),
        "actions.raised": acted.opened,
        "actions.closed": acted.closed,
        "actions.overdue": acted.overdue,
        "school.urn": str(owner.urn),
        "school.name": owner.name,
        "school.authority": school.authority if school else None,
        "school.phase": school.phase if school else None,
        "school.hub": school.hub if school else None,
        "school.term_opens": term.opens.isoformat(),
        "school.snapshot_date": term.closes.isoformat(),
        "school.prepared_on": today.isoformat(),
        **_people(session, term),
    }
    # Safeguarding is reported to the LGB by the headteacher and by the governor.
    told = [figures.get(_REPORTED), figures.get("monitoring.last_report_to_lgb")]
    return {**figures, _REPORTED: max((day for day in told if day), default=None)}


def _people(session: Session, term: Term) -> dict[str, Any]:
    day = term.closes
    here = people(session, day)

    def first(role: str) -> str | None:
        return next((person.name for person in here if role in person.roles_on(day)), None)

    def holds(person: Person, *roles: str) -> bool:
        return not person.roles_on(day).isdisjoint(roles)

    return {
        "people.headteacher": first("headteacher"),
        "people.dsl_lead": first("dsl"),
        "people.safeguarding_governor": first("safeguarding_governor"),
        "people.dsl_count": sum(holds(person, "dsl", "deputy_dsl") for person in here),
        "people.dsl_senior_count": sum(
            holds(person, "dsl", "deputy_dsl") and holds(person, "senior_leader", "headteacher")
            for person in here
        ),
        "people.dsl_hours": sum(p.details.dsl_hours or 0 for p in here if holds(p, *DSL_ROLES))
        or None,
        "people.flo_in_post": "yes" if first("flo") else "no",
        "people.new_starters": sum(
            "staff" in person.kinds_on(day) and term.opens <= person.joined <= day
            for person in here
        ),
    }
