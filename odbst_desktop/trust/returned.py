"""Who has returned, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from odbst_desktop.exchange.bodies import Receipt, TermlyReturn
from odbst_desktop.exchange.register import StoredPackage, packages
from odbst_desktop.school.calendar import TERMS, academic_year
from odbst_desktop.school.schools import School, schools
from odbst_desktop.shipped import shipped_yaml


@dataclass(frozen=True, slots=True)
class Held:
    """A return that was accepted, with what it says."""

    package: StoredPackage
    body: TermlyReturn


@dataclass(frozen=True, slots=True)
class SchoolStanding:
    """Where a school stands with a term's return; ``verdict`` is that of the receipt, if any."""

    school: School
    due: date
    held: Held | None
    verdict: str

    def words_on(self, today: date) -> str:
        """Return the state as it is shown."""
        if self.held is None:
            return "Overdue" if today > self.due else "Not yet"
        if self.verdict:
            return "Accepted, receipt written" if self.verdict == "accepted" else "Queried"
        late = date.fromisoformat(self.held.package.at[:10]) > self.due
        return "Returned late" if late else "Returned"


def returns_held(session: Session, year: str, term: str) -> tuple[Held, ...]:
    """Return the newest accepted return of each school for a term."""
    newest: dict[int | None, Held] = {}
    for package in packages(session, "termly-return"):
        body = package.body()
        if (
            package.direction == "received"
            and isinstance(body, TermlyReturn)
            and (body.academic_year, body.term) == (year, term)
        ):
            known = newest.get(package.urn)
            if known is None or known.package.revision < package.revision:
                newest[package.urn] = Held(package, body)
    return tuple(newest.values())


def newest_term_returned(session: Session) -> tuple[str, str] | None:
    """Return the academic year and term of the newest return held, or None."""
    bodies = [p.body() for p in packages(session, "termly-return") if p.direction == "received"]
    terms = {(b.academic_year, TERMS.index(b.term)) for b in bodies if isinstance(b, TermlyReturn)}
    if not terms:
        return None
    year, place = max(terms)
    return year, TERMS[place]


def standings(session: Session, year: str, term: str) -> tuple[SchoolStanding, ...]:
    """Return every school of the register with its standing."""
    held = {each.package.urn: each for each in returns_held(session, year, term)}
    answered = {
        body.of: body.verdict
        # The newest receipt has the last word.
        for body in (p.body() for p in reversed(packages(session, "receipt")))
        if isinstance(body, Receipt)
    }
    found = []
    for school in schools(session):
        its = held.get(school.urn)
        verdict = answered.get(its.package.payload_sha256, "") if its else ""
        found.append(SchoolStanding(school, due_on(year, term, school.authority), its, verdict))
    return tuple(found)


def due_on(year: str, term: str, authority: str) -> date:
    """Return the day a term's return is due."""
    closes = next(t.closes for t in academic_year(year, authority).terms if t.name == term)
    return closes + timedelta(days=shipped_yaml("resources/exchange_rules.yaml")["return_due_days"])
