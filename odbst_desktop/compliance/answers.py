"""Say how an entry stands: still so, changed, not in place, nothing to show; take it back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlmodel import Session, col, select

from odbst_desktop.actions.list import ActionId, actions, add_action
from odbst_desktop.compliance.drafts import drop_draft
from odbst_desktop.compliance.facts import PolicyFacts, refuse_wrong_facts
from odbst_desktop.compliance.items import Item, item
from odbst_desktop.compliance.records import AnswerRow
from odbst_desktop.compliance.register import Answer, Standing, State, standing
from odbst_desktop.compliance.rounds import holds_until, year_ends
from odbst_desktop.errors import InputError, StateError
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.schools import DEFAULT_AUTHORITY, find_school
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.vault import Vault

_ACTION_DAYS = 14


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an entry. ``last_on`` is the day it was done or seen, else ``on``.

    ``next_on`` is only given where it is not the usual one; ``facts`` belong to a policy.
    """

    state: State
    on: date
    last_on: date | None = None
    evidence: str = ""
    owner: str = ""
    facts: PolicyFacts = field(default_factory=PolicyFacts)
    next_on: date | None = None


def say(vault: Vault, name: str, said: Said) -> Standing:
    """Keep what is said of an entry and return how it stands.

    Raises:
        InputError: it cannot be so, or does not say what it has to; nothing was changed.

    """
    with vault.changing("register answered", f"compliance/{name}") as session:
        keep(session, name, said, by=vault.user.name, at=vault.now(), today=vault.today())
        return standing(session, item(name), vault.today())


def say_still_so(vault: Vault, name: str, on: date) -> Standing:
    """Confirm the last answer on a day and return how the entry stands.

    A policy's page counts as seen on the website that day, if its address is known.

    Raises:
        InputError: nothing was said before, or a duty has to be done again first.

    """
    with vault.changing("register confirmed", f"compliance/{name}") as session:
        now = standing(session, item(name), vault.today())
        said = still_so(now, on)
        keep(session, name, said, by=vault.user.name, at=vault.now(), today=vault.today())
        return standing(session, now.item, vault.today())


def still_so(now: Standing, on: date) -> Said:
    """Return the last answer as it would be said again; raises as ``say_still_so``."""
    last = now.answer
    if last is None:
        raise InputError("Nothing was said of this before. Say how it stands.")
    again = Said(last.state, on, None, last.evidence, last.owner, last.facts)
    if now.item.is_policy:
        seen = on if last.facts.website_address else None
        return replace(again, facts=replace(last.facts, website_on=seen))
    if not now.item.event or last.state in {State.MISSING, State.NIL}:
        return again
    if last.holds_until is None or last.holds_until < on:
        done = f"It was last done on {show_date(last.last_on)}. " if last.last_on else ""
        raise InputError(f"{done}Say when it was done since, or that it is not in place.")
    return replace(again, last_on=last.last_on, next_on=last.holds_until)


def take_back(vault: Vault, name: str) -> Standing:
    """Take the newest answer to an entry back; it stays in the history as taken back.

    Raises:
        StateError: there is none.

    """
    with vault.changing("register answer taken back", f"compliance/{name}") as session:
        row = session.exec(
            select(AnswerRow)
            .where(AnswerRow.item == name, col(AnswerRow.is_taken_back).is_(False))
            .order_by(col(AnswerRow.id).desc())
        ).first()
        if row is None:
            raise StateError("There is no answer to take back. Nothing was changed.")
        row.is_taken_back = True
        session.add(row)
        session.flush()
        return standing(session, item(name), vault.today())


def raise_action(vault: Vault, name: str) -> ActionId:
    """Make what is wanting of an entry an action of its owner, due in a fortnight.

    Raises:
        StateError: nothing is wanting, or the action for it is still open.

    """
    today = vault.today()
    with vault.changing("action added", f"compliance/{name}") as session:
        now = standing(session, item(name), today)
        if now.state.is_well:
            raise StateError(f"“{now.item.label}” is in place: there is nothing to do.")
        if name in with_open_action(session):
            raise StateError(f"“{now.item.label}” is in the list of actions already.")
        return add_action(
            session, action_title(now), now.owner, today + timedelta(days=_ACTION_DAYS),
            origin=f"compliance/{name}", opened_on=today, measure="In place in the register",
        )  # fmt: skip


def action_title(now: Standing) -> str:
    """Return what is to be done about an entry."""
    wants = "; ".join(want.rstrip(".") for want in now.wants if want)
    return f"{now.item.label}: {wants}" if wants else f"{now.item.label}: put in place"


def with_open_action(session: Session) -> frozenset[str]:
    """Return the entries that have an open action."""
    origins = (known.origin for known in actions(session) if known.state == "open")
    return frozenset(
        origin.removeprefix("compliance/") for origin in origins if origin.startswith("compliance/")
    )


def keep(session: Session, name: str, said: Said, *, by: str, at: str, today: date) -> None:
    """Keep what is said of an entry within a transaction; raises as ``say``."""
    entry = item(name)
    _refuse_wrong_days(said, today)
    last = standing(session, entry, today).answer
    if last is not None and said.on < last.said_on:
        raise InputError(
            f"It was answered on {show_date(last.said_on)}. Put that day or a later one."
        )
    _refuse_too_little(entry, said)
    if entry.is_policy:
        refuse_wrong_facts(said.facts, last.facts if last else None, today)
    done_on: date | None = said.last_on or said.on
    if said.state is State.MISSING:
        # When it was last done stays known.
        done_on = said.last_on or (last.last_on if last else None)
    session.add(
        AnswerRow(
            item=name, state=said.state.name.lower(), said_on=said.on, last_on=done_on,
            holds_until=_until(session, entry, said, done_on, last), said_by=by, said_at=at,
            evidence=" ".join(said.evidence.split()), owner=said.owner.strip() or entry.owner,
            facts=said.facts.as_json() if entry.is_policy else "{}",
        )
    )  # fmt: skip
    drop_draft(session, name)
    session.flush()


def _until(
    session: Session, entry: Item, said: Said, done_on: date | None, last: Answer | None
) -> date | None:
    if entry.is_policy or done_on is None or said.state is State.MISSING:
        return None
    if said.state is State.NIL:
        return year_ends(said.on)
    if said.next_on is not None:
        return said.next_on
    school = find_school(session, read_owner(session).urn)
    authority = school.authority if school else DEFAULT_AUTHORITY
    was_due = last.holds_until if last and last.state is State.IN_PLACE else None
    return holds_until(entry, done_on, was_due, authority)


def _refuse_wrong_days(said: Said, today: date) -> None:
    if said.on > today:
        raise InputError("The day of the check lies in the future. Put today or an earlier day.")
    if said.last_on is not None and said.last_on > said.on:
        raise InputError("It cannot have been done after the day of the check. Mend the date.")
    if said.next_on is not None and said.next_on < (said.last_on or said.on):
        raise InputError("The next date has to come after the last one. Mend one of the two.")


def _refuse_too_little(entry: Item, said: Said) -> None:
    if said.state not in {State.IN_PLACE, State.PARTLY, State.MISSING, State.NIL}:
        raise InputError("Say whether it is in place, partly in place or not in place.")
    if said.state is State.NIL and not entry.nil:
        raise InputError("There is always something to show here. Say how it stands.")
    if said.state in {State.PARTLY, State.MISSING} and not said.evidence.strip():
        raise InputError("Say in a few words what is wanting.")
    if entry.is_policy or said.state is not State.IN_PLACE:
        return
    if not said.evidence.strip() and not entry.vault:
        raise InputError("Say in a few words what shows it: what was seen, and where it is kept.")
    if entry.event and said.last_on is None:
        raise InputError(f"Say when: {entry.event[0].lower()}{entry.event[1:]}.")
