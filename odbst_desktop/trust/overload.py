"""The overload budget: the minutes that a term, and its themes, ask of each DSL.

The minutes of each duty are data (``resources/trust_themes.yaml``); the hours are those that each
school's return gives for the DSL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from odbst_desktop.form_engine.definition import Form
from odbst_desktop.monitoring.cycle import planned_slots
from odbst_desktop.monitoring.themes import FOCUS_PACK, TermTheme
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.theme_evidence import SchoolTerm
from odbst_desktop.trust.theme_rules import load_rules, theme_rule
from odbst_desktop.trust.themes import ChosenTheme

_CHECK_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Ask:
    """Something that is asked of a DSL in a term; ``is_new`` comes with the themes."""

    what: str
    minutes: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Load:
    """What a term asks of one school's DSL, beside the hours that the return gives the role."""

    school: str
    usual: int
    new: int
    available: int | None

    @property
    def share(self) -> float | None:
        """Return the part of the DSL's time that is asked for."""
        return (self.usual + self.new) / self.available if self.available else None

    @property
    def is_over(self) -> bool:
        """Say whether it is more than the share that is held to be sound."""
        return self.share is not None and self.share > float(load_rules()["share_of_hours"])

    @property
    def words(self) -> str:
        """Return it by shape and word."""
        if self.share is None:
            return "○ The DSL’s hours are not known"
        sign = "▲ Much" if self.is_over else "● Bearable"
        return f"{sign}: {self.share:.0%} of the DSL’s time"


def asks_of(
    term: TermOf, chosen: Sequence[ChosenTheme], forms: Sequence[Form], *, asks_in_return: bool
) -> tuple[Ask, ...]:
    """Return what a term asks of every DSL, the themes' part last."""
    minutes = load_rules()["minutes"]
    weeks = int(load_rules()["weeks_in_a_term"])
    planned = _checks_in(term, ())
    found = [
        Ask(f"{weeks} weekly meetings, prepared and held",
            weeks * (minutes["meeting"] + minutes["meeting_preparation"]), is_new=False),
        Ask(f"{planned} governor’s checks", planned * minutes["check"], is_new=False),
        Ask("The termly return", minutes["return"], is_new=False),
        Ask("The strategic session", minutes["strategic_session"], is_new=False),
        Ask("Two supervision sessions", 2 * minutes["supervision_session"], is_new=False),
    ]  # fmt: skip
    more = _checks_in(term, chosen) - planned
    if more > 0:
        named = f"{more} more check{'' if more == 1 else 's'} than planned"
        found.append(Ask(named, more * minutes["check"], is_new=True))
    for each in chosen:
        rule = theme_rule(each.theme.id)
        found.append(Ask(f"Theme: {each.theme.title}", rule.minutes if rule else 0, is_new=True))
        if asks_in_return and rule is not None:
            count = len(rule.questions)
            words = f"{count} questions in the return: {each.theme.title}"
            found.append(Ask(words, count * minutes["question"], is_new=True))
    for form in forms:
        asked = int(form.settings.get("minutes", _CHECK_MINUTES))
        found.append(Ask(f"Form: {form.title}", asked, is_new=True))
    return tuple(found)


def loads(asks: Sequence[Ask], schools: Sequence[SchoolTerm]) -> tuple[Load, ...]:
    """Return each school's load by name; the hours are those of its newest return."""
    usual = sum(ask.minutes for ask in asks if not ask.is_new)
    new = sum(ask.minutes for ask in asks if ask.is_new)
    weeks = int(load_rules()["weeks_in_a_term"])
    found = []
    for school in sorted(schools, key=lambda each: each.name):
        hours = school.number("dsl_hours_per_week")
        available = round(hours * weeks * 60) if hours else None
        found.append(Load(school.name, usual, new, available))
    return tuple(found)


def budget_words(asks: Sequence[Ask], found: Sequence[Load]) -> str:
    """Return the budget in a sentence or two."""
    new = sum(ask.minutes for ask in asks if ask.is_new)
    usual = sum(ask.minutes for ask in asks if not ask.is_new)
    over = [load.school for load in found if load.is_over]
    words = f"The themes ask {new} minutes of each DSL this term, beside {usual} minutes as usual."
    if not over:
        return f"● {words} No school would be asked more than its DSL’s hours bear."
    return (
        f"▲ {words} At {len(over)} of {len(found)} schools that is more than half of the DSL’s "
        f"hours: {', '.join(over)}."
    )


def _checks_in(term: TermOf, chosen: Sequence[ChosenTheme]) -> int:
    themes = [
        TermTheme("", term.year, term.term, each.theme, FOCUS_PACK, date.min) for each in chosen
    ]
    return sum(
        slot.half_term.startswith(term.term) and slot.is_first for slot in planned_slots(themes)
    )
