"""How long an answer holds, and the term in which the list is walked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from odbst_desktop.compliance.items import Item, setting
from odbst_desktop.errors import InputError
from odbst_desktop.school.calendar import Term, academic_year, year_of

_FEBRUARY_28 = 28
_HALF_A_YEAR = timedelta(days=182)
"""How long a term's answer holds where no dates of the next term are known."""


@dataclass(frozen=True, slots=True)
class Round:
    """A term's walk through the list; what was said from ``since`` on belongs to it."""

    label: str
    since: date
    until: date


def round_of(term: Term) -> Round:
    """Return the round of a term; autumn's begins on 1 September."""
    since = year_begins(term.opens) if term.name == "autumn" else term.opens
    return Round(term.label, since, term.closes)


def year_begins(day: date) -> date:
    """Return the 1 September on or before a day."""
    return date(int(year_of(day)[:4]), 9, 1)


def year_ends(day: date) -> date:
    """Return the last day of a day's academic year: what must be said each year lapses then."""
    return date(int(year_of(day)[:4]) + 1, 8, 31)


def holds_until(item: Item, last_on: date, was_due: date | None, authority: str) -> date:
    """Return the last day on which an answer about ``last_on`` counts.

    ``was_due`` is the last day of the answer before it: a year's duty that is renewed at most
    four weeks early keeps its anniversary.
    """
    if item.renews == "term":
        return _next_term_closes(last_on, authority)
    is_early = was_due is not None and (
        timedelta(0) <= was_due - last_on <= timedelta(days=setting("early_days"))
    )
    return a_year_later(was_due if is_early and was_due else last_on)


def a_year_later(day: date) -> date:
    """Return the same day of the next year, 28 February for the 29th."""
    return _in_year(day, day.year + 1)


def a_year_before(day: date) -> date:
    """Return the same day of the year before, 28 February for the 29th."""
    return _in_year(day, day.year - 1)


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=_FEBRUARY_28)


def _next_term_closes(day: date, authority: str) -> date:
    label = year_of(day)
    following = f"{int(label[:4]) + 1}-{(int(label[:4]) + 2) % 100:02d}"
    terms: list[Term] = []
    for year in (label, following):
        try:
            terms += academic_year(year, authority).terms
        except InputError:
            break
    later = [term for term in terms if term.opens > day]
    return later[0].closes if later else day + _HALF_A_YEAR
