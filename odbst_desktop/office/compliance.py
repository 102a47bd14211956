"""What the rooms know of the register's entries, and the term it is walked in.

The register asks once; what meetings, visits, training and people already say stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from odbst_desktop.compliance.answers import with_open_action
from odbst_desktop.compliance.items import Item, items
from odbst_desktop.compliance.register import Evidence, Standing, standings
from odbst_desktop.compliance.rounds import (
    Round,
    a_year_before,
    round_of,
    year_begins,
    year_ends,
)
from odbst_desktop.compliance.term_check import Gap, Progress, gaps, progress
from odbst_desktop.meetings.counts import coverage
from odbst_desktop.meetings.log import meetings
from odbst_desktop.monitoring.cycle import PlannedCheck, cycle
from odbst_desktop.monitoring.themes import themes_of
from odbst_desktop.monitoring.visits import Visit, visits
from odbst_desktop.office.calendar import current_term, own_authority, own_year
from odbst_desktop.returns.drafting import returns
from odbst_desktop.school.calendar import Term, year_of
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import DSL_ROLES, Person, dsl_team, people
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.training.matrix import training_matrix
from odbst_desktop.training.published import catalogue_in_use

SENIOR_ROLES = frozenset({"senior_leader", "headteacher"})
_LEAST_SENIOR_DSLS = 2
_DONE = frozenset({"received", "signed"})
_SCR = "single_central_record"
_LINKS = {"attendance_link": "attendance", "behaviour_link": "behaviour", "send_link": "SEND"}


@dataclass(frozen=True, slots=True)
class RegisterToday:
    """The register as it stands, with what the vault knows and what is missing this term."""

    on: date
    term: Round
    standings: tuple[Standing, ...]
    evidence: dict[str, Evidence]
    gaps: tuple[Gap, ...]
    progress: Progress


def register_today(session: Session, today: date) -> RegisterToday:
    """Return the register of a day."""
    term, known = current_round(session, today), standings(session, today)
    beside = vault_evidence(session, today)
    missing = gaps(known, term, beside, with_open_action(session))
    return RegisterToday(today, term, known, beside, missing, progress(known, term))


def current_round(session: Session, today: date) -> Round:
    """Return the term in which the list is walked, or the whole year where none is known."""
    term = current_term(session, today)
    if term is None:
        year = own_year(session, today)
        if year is None:
            return Round(f"Year {year_of(today)}", year_begins(today), year_ends(today))
        term = year.terms[0]
    return round_of(term)


def vault_evidence(session: Session, today: date) -> dict[str, Evidence]:
    """Return what this vault knows of the entries that name something in it."""
    known = ((entry.id, evidence_of(session, entry, today)) for entry in items())
    return {name: evidence for name, evidence in known if evidence is not None}


def evidence_of(session: Session, entry: Item, today: date) -> Evidence | None:
    """Return what this vault knows of one entry, None if nothing."""
    if not entry.vault:
        return None
    return _KNOWN[entry.vault](session, today, current_term(session, today))


def progress_today(session: Session, today: date) -> Progress:
    """Return how far this term's walk is."""
    return progress(standings(session, today), current_round(session, today))


def own_cycle(session: Session, today: date) -> tuple[PlannedCheck, ...]:
    """Return the year's checks of the vault's own school, by the trust's themes."""
    year, urn = own_year(session, today), read_owner(session).urn or 0
    if year is None:
        return ()
    return cycle(year, visits(session, urn), themes_of(session, urn, year.label))


def is_senior_dsl(person: Person, on: date) -> bool:
    """Say whether somebody of the DSL team is also a senior leader or the headteacher."""
    held = person.roles_on(on)
    return bool(held & DSL_ROLES and held & SENIOR_ROLES)


def _governor(session: Session, today: date, _term: Term | None) -> Evidence:
    names = _names(p for p in people(session, today) if _holds(p, today, "safeguarding_governor"))
    if not names:
        return Evidence("The list of people has no safeguarding governor.", agrees=False)
    return Evidence(f"Safeguarding governor: {names}.", agrees=True)


def _dsl_team(session: Session, today: date, _term: Term | None) -> Evidence:
    team = dsl_team(session, today)
    senior = [person for person in team if is_senior_dsl(person, today)]
    if len(senior) >= _LEAST_SENIOR_DSLS:
        return Evidence(f"DSLs who are senior: {_names(senior)}.", agrees=True)
    known = f"only {_names(senior)} is senior" if senior else "nobody of them is senior"
    listed = f"The DSL team is {_names(team)}; {known}." if team else "Nobody is the DSL yet."
    return Evidence(listed, agrees=False)


def _job_descriptions(session: Session, today: date, _term: Term | None) -> Evidence | None:
    team = dsl_team(session, today)
    wanting = [
        person for person in team
        if person.details.job_description_seen is None or not person.details.dsl_hours
    ]  # fmt: skip
    if all(person.details.job_description_seen is None for person in team):
        # The list of people holds nothing of the kind: that is no answer.
        return None
    return _noted(wanting, "job description seen and hours a week noted")


def _dsl_targets(session: Session, today: date, _term: Term | None) -> Evidence | None:
    team, since = dsl_team(session, today), a_year_before(today)
    wanting = []
    for person in team:
        was_set = person.details.appraisal_target_set
        if was_set is None or was_set < since:
            wanting.append(person)
    if all(person.details.appraisal_target_set is None for person in team):
        return None
    return _noted(wanting, "appraisal target set within a year")


def _noted(wanting: Sequence[Person], said: str) -> Evidence:
    if not wanting:
        return Evidence(f"For each of the DSL team, {said}.", agrees=True)
    return Evidence(f"Not for {_names(wanting)}: {said}.", agrees=False)


def _flo(session: Session, today: date, _term: Term | None) -> Evidence | None:
    names = _names(p for p in people(session, today) if _holds(p, today, "flo"))
    # The plan asks for a named person; only some schools call it a family liaison officer.
    return Evidence(f"Family liaison officer: {names}.", agrees=True) if names else None


def _scr(session: Session, _today: date, _term: Term | None) -> Evidence:
    checks = _scr_visits(session)
    if not checks:
        return Evidence("The governor’s check of the record was not received yet.")
    newest = checks[0]
    return Evidence(f"{newest.governor} checked the record on {show_date(newest.visited_on)}.")


def _inventry(session: Session, _today: date, _term: Term | None) -> Evidence | None:
    for visit in _scr_visits(session):
        found = visit.answers.get("inventry_agrees")
        if found in {"yes", "partly", "no"}:
            day = show_date(visit.visited_on)
            return Evidence(f"The governor on {day}: {found}.", agrees=found == "yes")
    return None


def _recording(session: Session, _today: date, term: Term | None) -> Evidence | None:
    if term is None:
        return None
    closed = [m for m in meetings(session, term.opens, term.closes) if m.is_closed]
    if not closed:
        return Evidence("No meeting of this term is closed yet.")
    return Evidence(f"Concerns were counted from CPOMS in {len(closed)} meetings this term.")


def _links(session: Session, _today: date, term: Term | None) -> Evidence | None:
    if term is None:
        return None
    closed = [m for m in meetings(session, term.opens, term.closes) if m.is_closed]
    wanting = [
        label for name, label in _LINKS.items() if not any(m.answers.get(name) for m in closed)
    ]
    if wanting:
        listed = " and ".join(wanting)
        return Evidence(f"No closed meeting of this term speaks of {listed} yet.", agrees=False)
    return Evidence("Closed meetings of this term speak of all three.", agrees=True)


def _meetings(session: Session, today: date, term: Term | None) -> Evidence | None:
    if term is None:
        return None
    so_far = coverage(session, term, today)
    missed = so_far.expected - so_far.held
    ended = f"; {missed} missed" if missed else ""
    return Evidence(f"A meeting in {so_far.words} of this term{ended}.", agrees=not missed)


def _monitoring(session: Session, today: date, _term: Term | None) -> Evidence | None:
    planned = own_cycle(session, today)
    ended = [check for check in planned if check.closes < today]
    done = sum(check.visit is not None and check.visit.state in _DONE for check in ended)
    if not ended:
        return None
    words = f"Checks received for the half-terms ended this year: {done} of {len(ended)}."
    return Evidence(words, agrees=done == len(ended))


def _returns(session: Session, _today: date, _term: Term | None) -> Evidence:
    sent = [made for made in returns(session) if made.state == "sent"]
    if not sent:
        return Evidence("No termly return was exported for the trust yet.")
    shared = sent[0].answers.get("shared_with_lgb_on")
    lgb = f", shared with the LGB on {show_date(date.fromisoformat(shared))}" if (
        isinstance(shared, str)
    ) else ""  # fmt: skip
    return Evidence(f"Last exported: {sent[0].title}{lgb}.")


def _trained(course: str) -> Callable[[Session, date, Term | None], Evidence | None]:
    def known(session: Session, today: date, _term: Term | None) -> Evidence | None:
        asked = [each for each in catalogue_in_use(session).courses if each.id == course]
        matrix = training_matrix(session, today, own_authority(session), asked=asked)
        if not matrix.courses:
            return None
        cells = matrix.required(course)
        # No counts: a count of three people points at them, and this goes to governors.
        if all(cell.counts for cell in cells):
            return Evidence("Everybody who needs the training is in date.", agrees=True)
        return Evidence("Not everybody who needs the training is in date.", agrees=False)

    return known


def _scr_visits(session: Session) -> tuple[Visit, ...]:
    return tuple(v for v in visits(session) if v.form_id == _SCR and v.state in _DONE)


def _holds(person: Person, on: date, role: str) -> bool:
    return role in person.roles_on(on)


def _names(listed: Iterable[Person]) -> str:
    return ", ".join(person.name for person in listed)


_KNOWN: dict[str, Callable[[Session, date, Term | None], Evidence | None]] = {
    "governor": _governor,
    "dsl_team": _dsl_team,
    "flo": _flo,
    "job_descriptions": _job_descriptions,
    "dsl_targets": _dsl_targets,
    "scr": _scr,
    "inventry": _inventry,
    "recording": _recording,
    "links": _links,
    "meetings": _meetings,
    "monitoring": _monitoring,
    "returns": _returns,
    "strategic_training": _trained("dsl_termly_strategic"),
    "safer_recruitment": _trained("safer_recruitment"),
}
