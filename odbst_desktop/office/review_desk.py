"""What the ESL has on the desk to plan reviews: every school with its reasons, and what is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from odbst_desktop.office.theme_desk import ThemeDesk, silence_of, theme_desk
from odbst_desktop.school.owner import Owner, read_owner
from odbst_desktop.school.schools import School, schools
from odbst_desktop.trust.review_priority import Concerns, Known, Priority, priorities
from odbst_desktop.trust.reviews import Review, reviews
from odbst_desktop.trust.school_facts import school_facts
from odbst_desktop.trust.theme_evidence import signalling
from odbst_desktop.trust.theme_rules import theme_rules
from odbst_desktop.trust.three_views import trust_three_views
from odbst_desktop.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class ReviewDesk:
    """The schools in the order of their reasons, the reviews, and the theme of the term."""

    owner: Owner
    schools: tuple[School, ...]
    priorities: tuple[Priority, ...]
    reviews: tuple[Review, ...]
    theme: str


def review_desk(vault: Vault) -> ReviewDesk:
    """Read the desk as it stands today."""
    themes = theme_desk(vault)
    silent: dict[str, list[str]] = {}
    for silence in silence_of(vault, themes):
        silent.setdefault(silence.school, []).append(silence.label)
    with vault.reading() as session:
        listed, made = schools(session), reviews(session)
        known = {
            school.urn: _known(school, themes, tuple(silent.get(school.name, ())))
            for school in listed
        }
        order = priorities(listed, _concerns(session), known, made, vault.today())
        choice = themes.choice
        theme = ", ".join(each.theme.title for each in choice.chosen) if choice else ""
        return ReviewDesk(read_owner(session), listed, order, made, theme)


def _concerns(session: Session) -> Mapping[int, Concerns]:
    """Return what the register says of each school: TAS, leadership, stakeholders."""
    return {facts.school.urn: facts for facts in school_facts(session)}


def _known(school: School, themes: ThemeDesk, silent: tuple[str, ...]) -> Known:
    ground = themes.ground
    signals = [
        rule.theme.title for rule in theme_rules() if school.name in signalling(rule, ground)
    ]
    differing = [
        fact.views.fact.label
        for fact in trust_three_views(ground, differing_only=True)
        if fact.school == school.name
    ]
    returned = {each.urn for each in ground.now}
    is_missing = bool(ground.now) and school.urn not in returned
    return Known(
        ", ".join(signals), ", ".join(silent), ", ".join(differing),
        f"none for {ground.term.words}" if is_missing else "",
    )  # fmt: skip
