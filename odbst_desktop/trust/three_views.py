"""Three views of each school's facts at the trust.

The log itself stays at the school: the return says whether its figure is as the log counted it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from odbst_desktop.monitoring.three_views import Fact, GovernorSaid, ThreeViews, facts, three_views
from odbst_desktop.trust.theme_evidence import Ground, SchoolTerm

_LOG = {
    "counted": "as the log counted it",
    "changed": "changed by hand from what the log counted",
    "typed": "typed; the log did not count it",
    "carried": "carried from the return before",
}
_SAID = frozenset({"yes", "partly", "no", "not_seen"})


@dataclass(frozen=True, slots=True)
class SchoolFact:
    """A fact at one school."""

    school: str
    views: ThreeViews


def trust_three_views(ground: Ground, *, differing_only: bool = False) -> tuple[SchoolFact, ...]:
    """Return every school's facts of a term, by school and in the order of the list."""
    found = [
        SchoolFact(school.name, _views(fact, school, ground))
        for school in ground.now
        for fact in facts()
    ]
    return tuple(each for each in found if each.views.differences or not differing_only)


def _views(fact: Fact, school: SchoolTerm, ground: Ground) -> ThreeViews:
    said = [
        GovernorSaid(str(visit.answers[fact.question]), visit.visited_on)
        for visit in ground.visits
        if (visit.urn, visit.form_id) == (school.urn, fact.form_id)
        and visit.answers.get(fact.question) in _SAID
    ]
    how = school.provenance.get(fact.field, "")
    made = three_views(
        fact, said[0] if said else None, school.answers, None, _LOG.get(how, "—"),
        log_counted=how == "counted",
    )  # fmt: skip
    if how != "changed":
        return made
    differs = "The return’s figure was changed from what the log counted."
    return replace(made, differences=(*made.differences, differs))
