"""Terms one after the other, across academic years."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from odbst_desktop.errors import InputError
from odbst_desktop.school.calendar import TERMS, academic_year
from odbst_desktop.school.schools import DEFAULT_AUTHORITY


class TermOf(NamedTuple):
    """A term of an academic year."""

    year: str
    term: str

    @property
    def words(self) -> str:
        """Return e.g. “Autumn 2026-27”."""
        return f"{self.term.capitalize()} {self.year}"

    def later(self, terms: int) -> TermOf:
        """Return the term so many terms later; earlier with a number below nought."""
        place = int(self.year[:4]) * len(TERMS) + TERMS.index(self.term) + terms
        start, term = divmod(place, len(TERMS))
        return TermOf(f"{start}-{(start + 1) % 100:02d}", TERMS[term])

    def year_before(self) -> TermOf:
        """Return the same term a year before."""
        return self.later(-len(TERMS))

    def days(self, authority: str = DEFAULT_AUTHORITY) -> tuple[date, date]:
        """Return the first and last day, the holiday after it included."""
        try:
            opens, after = (_opens(term, authority) for term in (self, self.later(1)))
        except InputError:
            return self._about()
        return opens, date.fromordinal(after.toordinal() - 1)

    def _about(self) -> tuple[date, date]:
        """Return the months of a term whose dates are not known here."""
        start = int(self.year[:4])
        return {
            "autumn": (date(start, 9, 1), date(start, 12, 31)),
            "spring": (date(start + 1, 1, 1), date(start + 1, 4, 5)),
            "summer": (date(start + 1, 4, 6), date(start + 1, 8, 31)),
        }[self.term]


def _opens(key: TermOf, authority: str) -> date:
    return next(t.opens for t in academic_year(key.year, authority).terms if t.name == key.term)
