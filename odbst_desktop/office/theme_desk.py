"""What the ESL has on the desk to choose a term's themes: proposal, choice, pack, budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from odbst_desktop.exchange.register import packages
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_library.trust_forms import forms_to_publish
from odbst_desktop.returns.drafting import return_form_in_use
from odbst_desktop.school.calendar import TERMS, year_of
from odbst_desktop.school.owner import Owner, read_owner
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.trust.overload import Ask, Load, asks_of, loads
from odbst_desktop.trust.pack_draft import pack_draft, pack_form
from odbst_desktop.trust.returned import newest_term_returned
from odbst_desktop.trust.silence import Silence, silences
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.theme_evidence import Ground
from odbst_desktop.trust.theme_loop import ThemeLoop, theme_loop
from odbst_desktop.trust.theme_proposal import Proposed, propose
from odbst_desktop.trust.theme_rules import theme_rule, theme_rules
from odbst_desktop.trust.themes import (
    Alert,
    Choice,
    ChosenTheme,
    Weights,
    alerts_of,
    choice_for,
    choices,
    ground_of,
    own_day,
    weights_in_use,
)
from odbst_desktop.trust.three_views import SchoolFact, trust_three_views
from odbst_desktop.vault.vault import Vault

_TERMS_OFFERED = 6
_EARLIER = 3


@dataclass(frozen=True, slots=True)
class ThemeDesk:
    """A term's themes: what they are proposed from, what is chosen, the pack being written.

    ``term`` is the one the themes are for, ``terms`` those whose returns can be looked at.
    """

    owner: Owner
    term: TermOf
    terms: tuple[TermOf, ...]
    ground: Ground
    weights: Weights
    proposed: tuple[Proposed, ...]
    choice: Choice | None
    alerts: tuple[Alert, ...]
    pack_form: Form
    pack_answers: Mapping[str, Any]
    marked: tuple[Form, ...]
    pack_words: str

    @property
    def pack_contents(self) -> str:
        """Return what goes into the pack beside what is typed."""
        themes = ", ".join(c.theme.title for c in self.choice.chosen) if self.choice else "none"
        forms = ", ".join(f"{f.title} ({f.version})" for f in self.marked) or "none"
        return f"Themes: {themes}. Forms marked on the tab Forms: {forms}."


def theme_desk(vault: Vault, based_on: TermOf | None = None) -> ThemeDesk:
    """Read the desk for the themes after a term; the newest with returns at first."""
    today = vault.today()
    with vault.reading() as session:
        newest = newest_term_returned(session)
        latest = TermOf(*newest) if newest else TermOf(year_of(today), TERMS[0])
        base = based_on or latest
        form = return_form_in_use(session)
        ground, weights = ground_of(session, form, base), weights_in_use(session)
        term = _term_for(session, base)
        return ThemeDesk(
            read_owner(session), term,
            tuple(latest.later(-back) for back in range(_TERMS_OFFERED)), ground, weights,
            propose(ground, weights.weights), choice_for(session, term),
            alerts_of(session, base), pack_form(session), pack_draft(session, term),
            forms_to_publish(session), _pack_words(session, term),
        )  # fmt: skip


def budget_of(
    desk: ThemeDesk, reasons: Mapping[str, str]
) -> tuple[tuple[Ask, ...], tuple[Load, ...]]:
    """Return what a term asks of each DSL with the themes as they are chosen on the screen."""
    ranks = {each.rule.id: each.rank for each in desk.proposed}
    chosen = [
        ChosenTheme(rule.theme, reasons[rule.id], ranks.get(rule.id, 0))
        for rule in theme_rules()
        if rule.id in reasons
    ]
    asks = asks_of(
        desk.term, chosen, desk.marked,
        asks_in_return=desk.pack_answers.get("ask_in_return", "yes") == "yes",
    )  # fmt: skip
    return asks, loads(asks, desk.ground.now)


def loops_of(vault: Vault, desk: ThemeDesk, reasons: Mapping[str, str]) -> tuple[ThemeLoop, ...]:
    """Return the loop of every theme that was chosen lately or is chosen now; else the first."""
    with vault.reading() as session:
        lately = {c.theme.id for choice in choices(session)[:3] for c in choice.chosen}
        wanted = lately | set(reasons) or {each.rule.id for each in desk.proposed[:1]}
        rules = [rule for rule in (theme_rule(name) for name in sorted(wanted)) if rule]
        form = return_form_in_use(session)
        return tuple(theme_loop(session, form, rule, desk.term) for rule in rules)


def silence_of(vault: Vault, desk: ThemeDesk) -> tuple[Silence, ...]:
    """Return what fell silent in the returns of the term looked at."""
    with vault.reading() as session:
        form = return_form_in_use(session)
        earlier = [
            ground_of(session, form, desk.ground.term.later(-back)).now
            for back in range(1, _EARLIER + 1)
        ]
    return silences(form, desk.ground.term, desk.ground.now, earlier)


def three_views_of(desk: ThemeDesk) -> tuple[SchoolFact, ...]:
    """Return every fact of the term looked at as three tell it."""
    return trust_three_views(desk.ground)


def _term_for(session: Session, base: TermOf) -> TermOf:
    """Return the term the themes are for: the one an earlier choice named, else the next."""
    made = next((choice for choice in choices(session) if choice.based_on == base), None)
    return made.term if made else base.later(1)


def _pack_words(session: Session, term: TermOf) -> str:
    sent = [
        package for package in packages(session, "focus-pack")
        if package.series == f"sent focus-pack {term.year} {term.term}"
    ]  # fmt: skip
    if not sent:
        return f"○ No pack is made for {term.words} yet."
    newest = max(sent, key=lambda package: package.revision)
    day = show_date(own_day(newest.at))
    return f"✓ Revision {newest.revision} of the pack for {term.words} was signed on {day}."
