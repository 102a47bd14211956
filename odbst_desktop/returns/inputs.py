"""What a counted figure of the return is made of: each meeting, visit, action or record by date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from odbst_desktop.actions.list import actions
from odbst_desktop.meetings.counts import counted_by_meeting
from odbst_desktop.monitoring.visits import DONE, visits
from odbst_desktop.school.calendar import Term
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import DSL_ROLES, people
from odbst_desktop.school.schools import DEFAULT_AUTHORITY, find_school
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.training.figures import counted_people


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a figure is reckoned from: what, how much of it, and when if it has a day."""

    words: str
    amount: str
    on: date | None = None


def inputs_of(session: Session, source: str, term: Term) -> tuple[Input, ...]:
    """Return what a source of the return is counted from, in order of the dates.

    ``source`` is the name the form gives it, e.g. ``meetings.concerns.bullying``. Nothing is
    returned for what is looked up rather than counted (the URN, a date).
    """
    room = _ROOMS.get(source.partition(".")[0])
    found = tuple(room(session, source, term)) if room is not None else ()
    return tuple(sorted(found, key=lambda each: (each.on is None, each.on or term.opens)))


def _of_meetings(session: Session, source: str, term: Term) -> Iterator[Input]:
    for meeting, amount in counted_by_meeting(session, term, source):
        yield Input("DSL meeting", "not recorded" if amount is None else str(amount),
                    meeting.held_on)  # fmt: skip


def _of_visits(session: Session, _source: str, term: Term) -> Iterator[Input]:
    for visit in visits(session, read_owner(session).urn):
        if visit.state in DONE and term.opens <= visit.visited_on <= term.closes:
            yield Input(f"Visit of {visit.governor}: {visit.title}", "1", visit.visited_on)


def _of_actions(session: Session, source: str, term: Term) -> Iterator[Input]:
    for action in actions(session):
        on = action.opened_on if source != "actions.closed" else action.closed_on
        if source == "actions.overdue":
            if not action.is_overdue_on(term.closes):
                continue
            on = action.due
        if on is not None and (source == "actions.overdue" or term.opens <= on <= term.closes):
            yield Input(action.title, "1", on)


def _of_people(session: Session, source: str, term: Term) -> Iterator[Input]:
    if source not in {"people.dsl_count", "people.dsl_senior_count", "people.dsl_hours"}:
        return
    for person in people(session, term.closes):
        roles = person.roles_on(term.closes)
        if roles.isdisjoint(DSL_ROLES):
            continue
        hours = person.details.dsl_hours
        amount = f"{hours or 0:g} hours" if source == "people.dsl_hours" else "1"
        yield Input(person.name, amount)


def _of_training(session: Session, source: str, term: Term) -> Iterator[Input]:
    school = find_school(session, read_owner(session).urn)
    authority = school.authority if school else DEFAULT_AUTHORITY
    for person, is_counted, done_on in counted_people(session, term, authority, source):
        since = f", done {show_date(done_on)}" if done_on is not None else ""
        yield Input(person + since, "1" if is_counted else "0: not in date")


_ROOMS: dict[str, Callable[[Session, str, Term], Iterator[Input]]] = {
    "meetings": _of_meetings,
    "monitoring": _of_visits,
    "actions": _of_actions,
    "people": _of_people,
    "training": _of_training,
}
