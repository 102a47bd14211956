"""What the trust knows of its schools beyond their names: when they joined or left, and concerns.

A school that left or closed keeps its returns; it is asked for none that begin after that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from odbst_desktop.errors import InputError
from odbst_desktop.school.calendar import Term
from odbst_desktop.school.schools import School, schools
from odbst_desktop.trust.records import SchoolFactsRow


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """A school with what the trust keeps of it; concerns are words, blank for none."""

    school: School
    joined: date | None = None
    left: date | None = None
    is_tas: bool = False
    leadership_concern: str = ""
    stakeholder_concern: str = ""

    def is_asked_in(self, term: Term) -> bool:
        """Say whether the school was in the trust on the last day of a term."""
        return not (
            (self.joined is not None and self.joined > term.closes)
            or (self.left is not None and self.left <= term.closes)
        )

    @property
    def concern_words(self) -> str:
        """Return why the school may want a closer look, blank for no reason."""
        found = ["TAS school"] if self.is_tas else []
        if self.leadership_concern:
            found.append(f"Leadership and management: {self.leadership_concern}")
        if self.stakeholder_concern:
            found.append(f"A stakeholder: {self.stakeholder_concern}")
        return ". ".join(found)


def school_facts(session: Session) -> tuple[SchoolFacts, ...]:
    """Return every school of the register by name, those that left included."""
    rows = {row.urn: row for row in session.exec(select(SchoolFactsRow))}
    return tuple(
        SchoolFacts(
            school, row.joined, row.left, row.is_tas, row.leadership_concern,
            row.stakeholder_concern,
        )
        if (row := rows.get(school.urn)) is not None
        else SchoolFacts(school)
        for school in schools(session)
    )  # fmt: skip


def write_school_facts(session: Session, facts: SchoolFacts) -> None:
    """Keep what the trust knows of a school.

    Raises:
        InputError: it would have left before it joined.

    """
    if facts.joined and facts.left and facts.left < facts.joined:
        raise InputError(
            f"{facts.school.name} cannot have left before it joined. Check both dates; nothing "
            "was changed."
        )
    session.merge(
        SchoolFactsRow(
            urn=facts.school.urn, joined=facts.joined, left=facts.left, is_tas=facts.is_tas,
            leadership_concern=facts.leadership_concern.strip(),
            stakeholder_concern=facts.stakeholder_concern.strip(),
        )
    )  # fmt: skip
