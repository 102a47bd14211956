"""The trust's themes: read from the returns, proposed, chosen with reasons, weights with dates."""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError
from odbst_desktop.exchange.bodies import Receipt
from odbst_desktop.exchange.checking import DEMONSTRATION
from odbst_desktop.exchange.register import packages
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.monitoring.themes import Theme
from odbst_desktop.monitoring.visits import visits
from odbst_desktop.school.schools import schools
from odbst_desktop.trust.returned import Held, returns_held
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.theme_evidence import Ground, SchoolTerm, VisitAnswers
from odbst_desktop.trust.theme_proposal import FIRST, Proposed
from odbst_desktop.trust.theme_records import ThemeAlertRow, ThemeChoiceRow, ThemeWeightsRow
from odbst_desktop.trust.theme_rules import line_rules, shipped_weights, theme_rules
from odbst_desktop.vault.vault import Vault

_NAME = re.compile(r"\$\{(\w+)\}")
_MOST_WEIGHT = 5


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the evidence, since when they hold, who set them and why."""

    weights: Mapping[str, int]
    since: str
    set_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Alert:
    """Something from outside that bears on a theme in a term, with its source."""

    id: str
    theme: str
    source: str
    noted_at: str


@dataclass(frozen=True, slots=True)
class ChosenTheme:
    """A theme that the ESL chose, with the reason; ``rank`` is its place in the proposal."""

    theme: Theme
    reason: str
    rank: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The themes of a term, chosen from the returns of an earlier one."""

    term: TermOf
    based_on: TermOf
    chosen: tuple[ChosenTheme, ...]
    weights: Mapping[str, int]
    proposal: tuple[tuple[str, int, str], ...]
    decided_at: str
    decided_by: str


def ground_of(session: Session, form: Form, term: TermOf) -> Ground:
    """Read what the themes after a term are proposed from; ``form`` is the return's."""
    questioned = _queried(session)
    now, before, ago = (
        tuple(_school_term(held, form, questioned) for held in _by_name(session, key))
        for key in (term, term.later(-1), term.year_before())
    )
    authority = {school.urn: school.authority for school in schools(session)}
    made = []
    for visit in visits(session):
        opens, closes = term.days(authority.get(visit.urn, "other"))
        if opens <= visit.visited_on <= closes:
            theme = str(visit.answers.get("theme") or "")
            made.append(
                VisitAnswers(visit.urn, visit.form_id, visit.answers, visit.visited_on, theme)
            )
    alerts = Counter(alert.theme for alert in alerts_of(session, term))
    return Ground(term, now, before, ago, tuple(made), alerts)


def weights_in_use(session: Session) -> Weights:
    """Return the newest weights; those that ship until the ESL sets others."""
    row = session.exec(select(ThemeWeightsRow).order_by(col(ThemeWeightsRow.id).desc())).first()
    if row is None:
        shipped, since = shipped_weights()
        return Weights(shipped, since.isoformat(), "", "As shipped")
    return Weights(json.loads(row.weights), row.set_at, row.set_by, row.reason)


def set_weights(vault: Vault, weights: Mapping[str, int], reason: str) -> None:
    """Set other weights from now on; what was chosen before keeps those it was chosen by.

    Raises:
        InputError: a weight is not 0 to 5, or no reason is given; nothing was changed.

    """
    if set(weights) != set(line_rules()) or not all(
        0 <= value <= _MOST_WEIGHT for value in weights.values()
    ):
        raise InputError(f"A weight is a whole number from 0 to {_MOST_WEIGHT}. Mend it, then set.")
    if not reason.strip():
        raise InputError("Say why the weights change: the reason stands beside every proposal.")
    with vault.changing("theme weights set", "theme/weights") as session:
        session.add(
            ThemeWeightsRow(
                weights=json.dumps(dict(weights)), reason=reason.strip(), set_at=vault.now(),
                set_by=vault.user.name,
            )
        )  # fmt: skip


def note_alert(vault: Vault, theme: str, term: TermOf, source: str) -> None:
    """Note something from outside that bears on a theme; raises InputError without its source."""
    if theme not in {rule.id for rule in theme_rules()} or not source.strip():
        raise InputError("Say which theme it bears on, and who said it and when.")
    with vault.changing("theme alert noted", f"theme/{theme}") as session:
        session.add(
            ThemeAlertRow(
                id=str(uuid.uuid4()), theme=theme, year=term.year, term=term.term,
                source=source.strip(), noted_at=vault.now(), noted_by=vault.user.name,
            )
        )  # fmt: skip


def alerts_of(session: Session, term: TermOf) -> tuple[Alert, ...]:
    """Return what was noted from outside in a term."""
    rows = session.exec(
        select(ThemeAlertRow)
        .where(ThemeAlertRow.year == term.year, ThemeAlertRow.term == term.term)
        .order_by(col(ThemeAlertRow.noted_at))
    )
    return tuple(Alert(r.id, r.theme, r.source, r.noted_at) for r in rows)


def choose_themes(
    vault: Vault, term: TermOf, based_on: TermOf, reasons: Mapping[str, str],
    proposal: Sequence[Proposed], weights: Mapping[str, int],
) -> None:  # fmt: skip
    """Keep the ESL's themes of a term with the reasons, beside the proposal and its weights.

    Raises:
        InputError: none or more than three are chosen, or one without a reason.

    """
    if not 1 <= len(reasons) <= FIRST:
        raise InputError(f"Choose one to {FIRST} themes: more would overload the schools.")
    known = {each.rule.id: each for each in proposal}
    wanting = [known[i].title for i, why in reasons.items() if i in known and not why.strip()]
    if wanting or not set(reasons) <= set(known):
        named = f" “{wanting[0]}”" if wanting else " each theme"
        raise InputError(f"Say why{named} is chosen: schools are told the reason.")
    chosen = [
        {"id": i, "title": known[i].title, "checks": list(known[i].rule.theme.checks),
         "reason": why.strip(), "rank": known[i].rank}
        for i, why in reasons.items()
    ]  # fmt: skip
    listed = [(each.rule.id, each.score, each.arithmetic) for each in proposal]
    with vault.changing("themes chosen", f"theme/{term.year}-{term.term}") as session:
        session.add(
            ThemeChoiceRow(
                year=term.year, term=term.term, based_year=based_on.year,
                based_term=based_on.term, chosen=json.dumps(chosen, ensure_ascii=False),
                proposal=json.dumps(listed, ensure_ascii=False), weights=json.dumps(dict(weights)),
                decided_at=vault.now(), decided_by=vault.user.name,
            )
        )  # fmt: skip


def choice_for(session: Session, term: TermOf) -> Choice | None:
    """Return the ESL's newest choice for a term."""
    return next((choice for choice in choices(session) if choice.term == term), None)


def choices(session: Session) -> tuple[Choice, ...]:
    """Return every choice, the newest first; of one term the newest holds."""
    rows = session.exec(select(ThemeChoiceRow).order_by(col(ThemeChoiceRow.id).desc()))
    return tuple(_choice(row) for row in rows)


def _choice(row: ThemeChoiceRow) -> Choice:
    chosen = tuple(
        ChosenTheme(
            Theme(e["id"], e["title"], tuple(e["checks"]), e["reason"]), e["reason"], e["rank"]
        )
        for e in json.loads(row.chosen)
    )
    return Choice(
        TermOf(row.year, row.term), TermOf(row.based_year, row.based_term), chosen,
        json.loads(row.weights), tuple((i, s, a) for i, s, a in json.loads(row.proposal)),
        row.decided_at, row.decided_by,
    )  # fmt: skip


def _by_name(session: Session, term: TermOf) -> list[Held]:
    return sorted(returns_held(session, *term), key=lambda held: held.package.issuer)


def _school_term(held: Held, form: Form, queried: Mapping[str, frozenset[str]]) -> SchoolTerm:
    rules = {rule.id: rule for rule in form.rules}
    asked: set[str] = set(queried.get(held.package.payload_sha256, frozenset()))
    for explained in held.body.explanations:
        rule = rules.get(explained.rule)
        if rule is not None:
            asked |= set(_NAME.findall(f"{rule.left} {rule.right}"))
    name = held.package.issuer.removeprefix(DEMONSTRATION).strip()
    return SchoolTerm(
        held.package.urn or 0, name, held.body.answers, frozenset(asked), held.body.provenance
    )


def _queried(session: Session) -> Mapping[str, frozenset[str]]:
    """Return the fields that receipts asked about, by the return they answer."""
    found: dict[str, frozenset[str]] = {}
    for package in reversed(packages(session, "receipt")):
        body = package.body()
        if isinstance(body, Receipt):
            found[body.of] = frozenset(query.field for query in body.queries)
    return found


def own_day(moment: str) -> date:
    """Return the day of a moment."""
    return date.fromisoformat(moment[:10])
