"""Who has returned, and when: every school of the register, term by term."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.exchange.bodies import TermlyReturn
from odbst_desktop.exchange.package_list import series_received
from odbst_desktop.exchange.register import (
    StoredPackage,
    find_package,
    packages,
)
from odbst_desktop.school.calendar import TERMS, academic_year, year_of
from odbst_desktop.school.schools import School
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.trust.due_dates import due_date, term_of
from odbst_desktop.trust.queries import Answered, answered
from odbst_desktop.trust.school_facts import SchoolFacts, school_facts


class State(Enum):
    """Where a school stands with a term's return; the value is how it is shown."""

    ACCEPTED = "✓ Accepted"
    QUERIED = "? Queried"
    RETURNED = "● Returned, to be looked at"
    OVERDUE = "✗ Overdue"
    NOT_YET = "○ Not yet"
    NOT_ASKED = "– Not asked"


@dataclass(frozen=True, slots=True)
class Held:
    """A return that passed every check, with what it says.

    ``first_received_on`` is the day of its first revision: that one says whether a school was late.
    """

    package: StoredPackage
    body: TermlyReturn
    first_received_on: date


@dataclass(frozen=True, slots=True)
class SchoolStanding:
    """Where a school stands with a term's return, and what was said to it.

    ``due`` is None for a term whose dates are not known here.
    """

    school: School
    due: date | None
    state: State
    held: Held | None
    answer: Answered | None
    is_late: bool

    def words_on(self, today: date) -> str:
        """Return the state with its dates, as it is shown."""
        parts = [self.state.value]
        if self.state is State.OVERDUE and self.due is not None:
            days = (today - self.due).days
            parts.append(f"by {days} day{'' if days == 1 else 's'}")
        if self.state is State.QUERIED and self.answer is not None:
            count = len(self.answer.queries)
            asked = show_date(date.fromisoformat(self.answer.at[:10]))
            parts.append(f"on {asked}: {count} question{'' if count == 1 else 's'}")
        said = " ".join(parts)
        if self.held is not None and self.held.package.revision > 1:
            said += f" · revision {self.held.package.revision}"
        return f"{said} · late" if self.is_late else said


def returns_held(
    session: Session, year: str | None = None, term: str | None = None
) -> tuple[Held, ...]:
    """Return the newest return of each school, for a term or for all."""
    revisions: dict[str, list[StoredPackage]] = {}
    for package in packages(session, "termly-return"):
        # The series names school, year and term: other terms are not even parsed.
        if package.direction == "received" and (
            year is None or package.series.endswith(f" {year} {term}")
        ):
            revisions.setdefault(package.series, []).append(package)
    found = []
    for series in revisions.values():
        newest = max(series, key=lambda package: package.revision)
        first = min(date.fromisoformat(package.at[:10]) for package in series)
        body = newest.body()
        if isinstance(body, TermlyReturn):
            found.append(Held(newest, body, first))
    return tuple(found)


def revision_before(session: Session, held: Held) -> Held | None:
    """Return the revision that a return took the place of, None for the first."""
    package = find_package(session, held.package.payload().supersedes or "")
    body = package.body() if package else None
    if package is None or not isinstance(body, TermlyReturn):
        return None
    return Held(package, body, held.first_received_on)


def terms_returned(session: Session) -> tuple[tuple[str, str], ...]:
    """Return the years and terms of which a return is held, the newest first."""
    found = {
        (year, term)
        for series in series_received(session, "termly-return")
        for year, term in (series.split()[-2:],)
    }
    return tuple(sorted(found, key=lambda pair: (pair[0], TERMS.index(pair[1])), reverse=True))


def newest_term_returned(session: Session) -> tuple[str, str] | None:
    """Return the academic year and term of the newest return held, or None."""
    return next(iter(terms_returned(session)), None)


def standings(session: Session, year: str, term: str, today: date) -> tuple[SchoolStanding, ...]:
    """Return every school of the register with its standing in a term."""
    held = {each.package.urn: each for each in returns_held(session, year, term)}
    said = answered(session)
    return tuple(
        _standing(session, facts, year, term, held.get(facts.school.urn), said, today)
        for facts in school_facts(session)
    )


def completeness(
    session: Session, terms: Iterable[tuple[str, str]], today: date
) -> tuple[tuple[School, tuple[SchoolStanding, ...]], ...]:
    """Return each school with its standing in each of some terms."""
    found: dict[int, tuple[School, list[SchoolStanding]]] = {}
    for year, term in terms:
        for each in standings(session, year, term, today):
            found.setdefault(each.school.urn, (each.school, []))[1].append(each)
    return tuple((school, tuple(row)) for school, row in found.values())


def terms_up_to(today: date, count: int) -> tuple[tuple[str, str], ...]:
    """Return the newest terms that have begun, the newest first, as far as dates are known."""
    found: list[tuple[str, str]] = []
    first = int(year_of(today)[:4])
    for start in range(first, first - count, -1):
        label = f"{start}-{(start + 1) % 100:02d}"
        try:
            terms = academic_year(label).terms
        except InputError:
            break
        found += [(label, t.name) for t in reversed(terms) if t.opens <= today]
    return tuple(found[:count])


def counted_words(found: Iterable[SchoolStanding]) -> str:
    """Return how many schools returned, and how many of those asked did not."""
    listed = [each for each in found if each.state is not State.NOT_ASKED]
    returned = sum(each.held is not None for each in listed)
    counts = {state: sum(each.state is state for each in listed) for state in State}
    parts = [f"{returned} of {len(listed)} schools returned"]
    for state, word in (
        (State.ACCEPTED, "accepted"), (State.RETURNED, "to be looked at"),
        (State.QUERIED, "queried"), (State.OVERDUE, "overdue"), (State.NOT_YET, "not due yet"),
    ):  # fmt: skip
        if counts[state]:
            parts.append(f"{counts[state]} {word}")
    late = sum(each.is_late and each.held is not None for each in listed)
    return " · ".join([*parts, f"{late} came late"] if late else parts)


def _standing(
    session: Session, facts: SchoolFacts, year: str, term: str, held: Held | None,
    said: Mapping[str, Answered], today: date,
) -> SchoolStanding:  # fmt: skip
    school = facts.school
    due = _due(session, year, term, school.authority)
    answer = said.get(held.package.payload_sha256) if held else None
    if held is not None:
        states = {"accepted": State.ACCEPTED, "queried": State.QUERIED}
        state = states[answer.verdict] if answer else State.RETURNED
        is_late = due is not None and held.first_received_on > due
    else:
        is_late = False
        if due is not None and not facts.is_asked_in(term_of(year, term, school.authority)):
            state = State.NOT_ASKED
        else:
            state = State.OVERDUE if due is not None and today > due else State.NOT_YET
    return SchoolStanding(school, due, state, held, answer, is_late)


def _due(session: Session, year: str, term: str, authority: str) -> date | None:
    try:
        return due_date(session, year, term, authority)
    except InputError:
        return None
