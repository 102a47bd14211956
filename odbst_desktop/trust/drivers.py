"""What a change is made of: its parts where the form says what they are, and its schools."""

from __future__ import annotations

from dataclasses import dataclass

from odbst_desktop.trust.figures import compared_names, summed
from odbst_desktop.trust.relations import full_label, parts_of
from odbst_desktop.trust.table import TermKey, TrustTable, year_before


@dataclass(frozen=True, slots=True)
class Driver:
    """A part of a change: what it was, what it is, at the same schools."""

    name: str
    label: str
    before: float
    after: float

    @property
    def difference(self) -> float:
        """Return by how much it changed."""
        return self.after - self.before

    @property
    def words(self) -> str:
        """Return the change with its sign."""
        difference = self.difference
        sign = "+" if difference > 0 else "−" if difference < 0 else "±"
        return f"{sign}{abs(difference):,.0f}"


def part_drivers(table: TrustTable, key: TermKey, field: str) -> tuple[tuple[Driver, ...], ...]:
    """Return a whole's lists of parts with their changes on the same term a year before.

    Parts stand in the order of the largest change: they are kinds of concern, not schools.
    """
    found = []
    for names in parts_of(table.form, field):
        drivers = tuple(d for name in names if (d := _driver(table, key, name)) is not None)
        if drivers:
            order = sorted(drivers, key=lambda driver: -abs(driver.difference))
            found.append(tuple(order))
    return tuple(found)


def school_drivers(table: TrustTable, key: TermKey, field: str) -> tuple[Driver, ...]:
    """Return each school's change on the same term a year before, by name."""
    before = year_before(key)
    names, _ = compared_names(table, key, before, field)
    now, past = table.numbers(key, field), summed(table, before, names)
    found = (Driver(str(urn), table.name(urn), past[urn], now[urn]) for urn in set(now) & set(past))
    return tuple(sorted(found, key=lambda driver: driver.label))


def _driver(table: TrustTable, key: TermKey, name: str) -> Driver | None:
    before = year_before(key)
    names, _ = compared_names(table, key, before, name)
    now, past = table.numbers(key, name), summed(table, before, names)
    both = set(now) & set(past)
    question = table.form.question(name)
    if not both or question is None:
        return None
    return Driver(
        name, full_label(table.form, name), sum(past[u] for u in both), sum(now[u] for u in both)
    )
