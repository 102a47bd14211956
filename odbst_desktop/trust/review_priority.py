"""Which school a review looks at first, with every reason and its points; no school is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from odbst_desktop.school.schools import School
from odbst_desktop.trust.reviews import Review, reason_label, reason_points, years_between


class Concerns(Protocol):
    """What the trust's register says of a school besides its name."""

    @property
    def is_tas(self) -> bool:
        """Say whether it is in targeted support."""

    @property
    def leadership_concern(self) -> str:
        """Return the concern about leadership and management, blank for none."""

    @property
    def stakeholder_concern(self) -> str:
        """Return the concern a stakeholder raised, blank for none."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a school for the order of reviews, each in words, blank for nothing."""

    signals: str = ""
    silence: str = ""
    differences: str = ""
    overdue_return: str = ""


@dataclass(frozen=True, slots=True)
class Priority:
    """A school with the reasons for a review and their points."""

    school: School
    reasons: tuple[tuple[str, str], ...]

    @property
    def points(self) -> int:
        """Return the sum of the reasons' points."""
        return sum(reason_points(reason) for reason, _ in self.reasons)

    @property
    def words(self) -> str:
        """Return each reason with its points."""
        parts = [
            f"{reason_label(reason)} ({reason_points(reason)}){f': {said}' if said else ''}"
            for reason, said in self.reasons
        ]
        return "; ".join(parts) or "No reason at present"


def priorities(
    schools: Sequence[School], concerns: Mapping[int, Concerns], known: Mapping[int, Known],
    made: Sequence[Review], today: date,
) -> tuple[Priority, ...]:  # fmt: skip
    """Return the schools with the most pressing reasons first, those alike by name."""
    found = [
        Priority(school, _reasons(school, concerns.get(school.urn), known.get(school.urn, Known()),
                                  made, today))
        for school in schools
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (-each.points, each.school.name)))


def _reasons(
    school: School, concerns: Concerns | None, known: Known, made: Sequence[Review], today: date
) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    if concerns is not None:
        if concerns.leadership_concern:
            found.append(("leadership", concerns.leadership_concern))
        if concerns.stakeholder_concern:
            found.append(("stakeholder", concerns.stakeholder_concern))
        if concerns.is_tas:
            found.append(("tas", ""))
    for reason in ("signals", "silence", "differences", "overdue_return"):
        said = str(getattr(known, reason))
        if said:
            found.append((reason, said))
    since = today.replace(year=today.year - years_between(), day=min(today.day, 28))
    recent = [
        review for review in made
        if review.urn == school.urn and review.form.form_id == "whole_school_review"
        and review.state != "put_aside" and review.planned_for >= since
    ]  # fmt: skip
    if not recent:
        found.append(("long_ago", ""))
    return tuple(found)
