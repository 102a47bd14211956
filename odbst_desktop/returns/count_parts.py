"""Which records of this vault a figure of the return was counted from, whatever room holds them."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from odbst_desktop.actions.list import Action, actions
from odbst_desktop.analysis.explaining import Part
from odbst_desktop.compliance.register import standings
from odbst_desktop.meetings.count_parts import count_parts as meeting_parts
from odbst_desktop.monitoring.visits import DONE, visits
from odbst_desktop.school.calendar import Term
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import DSL_ROLES, people
from odbst_desktop.school.schools import DEFAULT_AUTHORITY, find_school
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.training.count_parts import count_parts as training_parts


def count_parts(session: Session, term: Term, source: str) -> tuple[Part, ...]:
    """Return what a figure is made of, oldest first; nothing where the vault counts nothing."""
    parts_of = _ROOMS.get(source.partition(".")[0])
    return parts_of(session, term, source) if parts_of is not None else ()


def _training(session: Session, term: Term, source: str) -> tuple[Part, ...]:
    school = find_school(session, read_owner(session).urn)
    authority = school.authority if school else DEFAULT_AUTHORITY
    return training_parts(session, term, source, authority)


def _visits(session: Session, term: Term, _source: str) -> tuple[Part, ...]:
    urn = read_owner(session).urn
    known = [v for v in visits(session, urn) if term.opens <= v.visited_on <= term.closes]
    return tuple(
        Part(show_date(v.visited_on), f"{v.title}, {v.state_words}", str(int(v.state in DONE)))
        for v in sorted(known, key=lambda visit: visit.visited_on)
    )


def _actions(session: Session, term: Term, source: str) -> tuple[Part, ...]:
    name = source.partition(".")[2]

    def day_of(action: Action) -> str:
        if name == "closed":
            is_in = action.closed_on and term.opens <= action.closed_on <= term.closes
            return show_date(action.closed_on) if action.closed_on and is_in else ""
        if name == "overdue":
            is_late = action.is_overdue_on(term.closes) and action.opened_on <= term.closes
            return show_date(action.due) if is_late else ""
        is_in = term.opens <= action.opened_on <= term.closes
        return show_date(action.opened_on) if is_in else ""

    known = sorted(actions(session), key=lambda action: action.opened_on)
    return tuple(
        Part(day, f"{action.origin_words}: {action.title}", "1")
        for action in known
        if (day := day_of(action))
    )


def _register(session: Session, term: Term, source: str) -> tuple[Part, ...]:
    known = standings(session, term.closes)
    if source in {"compliance.policies_due", "compliance.policies_current"}:
        due = source.endswith("due")
        return tuple(
            Part(
                show_date(now.last_on) if now.last_on else "",
                f"{now.item.label}: {now.state.value}",
                str(int(due or now.is_current_policy)),
            )
            for now in known
            if now.item.is_policy
        )
    if source == "compliance.website_check_date":
        seen = [(now.item.label, now.answer.facts.website_on) for now in known
                if now.item.is_policy and now.answer]  # fmt: skip
        return tuple(Part(show_date(day), title, "seen") for title, day in seen if day)
    return tuple(
        Part(
            show_date(now.last_on) if now.last_on else "",
            now.item.label,
            now.state.value,
        )
        for now in known
        if now.item.figure == source
    )


def _people(session: Session, term: Term, _source: str) -> tuple[Part, ...]:
    day = term.closes
    return tuple(
        Part(show_date(person.joined), f"{person.name}: {', '.join(sorted(roles))}",
             f"{person.details.dsl_hours or 0} h" if not roles.isdisjoint(DSL_ROLES) else "")
        for person in people(session, day)
        if (roles := frozenset(role.replace("_", " ") for role in person.roles_on(day)))
    )  # fmt: skip


_ROOMS: dict[str, Callable[[Session, Term, str], tuple[Part, ...]]] = {
    "meetings": meeting_parts,
    "training": _training,
    "monitoring": _visits,
    "actions": _actions,
    "compliance": _register,
    "people": _people,
}
