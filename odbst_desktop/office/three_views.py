"""A school's own three views of the term: the governor's visits, its return, its log."""

from __future__ import annotations

from sqlmodel import Session

from odbst_desktop.monitoring.checklists import checklist_ids
from odbst_desktop.monitoring.three_views import GovernorSaid, ThreeViews, facts, three_views
from odbst_desktop.monitoring.visits import DONE, visits
from odbst_desktop.returns.drafting import previous_answers, return_form_in_use, returns
from odbst_desktop.returns.sources import counted_values
from odbst_desktop.school.calendar import Term
from odbst_desktop.school.owner import read_owner
from odbst_desktop.vault.vault import Vault


def own_three_views(session: Session, vault: Vault, term: Term) -> tuple[ThreeViews, ...]:
    """Return every fact of a term as the governor, the return and the log tell it."""
    urn = read_owner(session).urn
    made = [
        v for v in visits(session, urn)
        if v.state in DONE and term.opens <= v.visited_on <= term.closes
        and v.form_id in checklist_ids()
    ]  # fmt: skip
    held = [r for r in returns(session) if (r.year, r.term) == (term.year, term.name)]
    returned = held[0].answers if held else {}
    previous = previous_answers(session, term.year, term.name)
    counted = counted_values(session, return_form_in_use(session), term, vault.today(), previous)
    logged = {name: value for name, (value, how) in counted.items() if how == "counted"}
    found = []
    for fact in facts():
        said = [
            GovernorSaid(str(v.answers[fact.question]), v.visited_on)
            for v in made
            if v.form_id == fact.form_id
            and v.answers.get(fact.question) in {"yes", "partly", "no", "not_seen"}
        ]
        found.append(three_views(fact, said[0] if said else None, returned, logged))
    return tuple(found)
