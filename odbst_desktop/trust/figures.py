"""The trust's figures in a term: totals, rates with exact intervals, what changed in a year."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from odbst_desktop.analysis.comparing import compare_rates, share_interval
from odbst_desktop.analysis.poisson import Interval, poisson_interval
from odbst_desktop.analysis.wording import number_words, odds_words, settings
from odbst_desktop.form_engine.versions import comparability
from odbst_desktop.trust.relations import Meaning, figure_words, full_label, meaning_of
from odbst_desktop.trust.table import TermKey, TrustTable, term_words, year_before

LEAST_PUPILS, LEAST_EVENTS = 30, 5
"""Below these a rate says nothing and is not given. Source: domain reference, section 8."""

Direction = Literal["up", "down", "same", ""]


@dataclass(frozen=True, slots=True)
class Rate:
    """A total among those it is counted among, at the schools that gave both; exact 95 %."""

    count: float
    among: float
    per: int
    interval: Interval | None

    @property
    def value(self) -> float:
        """Return the rate."""
        return self.count / self.among * self.per

    @property
    def words(self) -> str:
        """Return the rate with its interval, or why there is none."""
        if self.interval is None:
            return "too few"
        lower, upper = (
            number_words(bound / self.among * self.per)
            for bound in (self.interval.lower, self.interval.upper)
        )
        return f"{number_words(self.value)} ({lower} to {upper})"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure against the same term a year before, at the schools that gave it both times.

    ``is_marked`` says that chance alone is a poor explanation (95 %).
    """

    before: float
    after: float
    schools: int
    direction: Direction
    is_marked: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a term over the trust; nothing is imputed for who did not give it."""

    field: str
    label: str
    section: str
    unit: str
    meaning: Meaning
    total: float
    given_by: int
    not_known_by: int
    asked: int
    queried: int
    rate: Rate | None
    change: Change | None

    @property
    def given_words(self) -> str:
        """Return who gave it: “12 of 14 schools”."""
        words = f"{self.given_by} of {self.asked} schools"
        return f"{words}, {self.not_known_by} not known" if self.not_known_by else words

    @property
    def total_words(self) -> str:
        """Return the trust's total, or its mean where a sum would mean nothing."""
        if not self.given_by:
            return "—"
        if self.meaning.measure == "percentage":
            return f"{self.total:.1f} %"
        return f"{self.total:,.0f}" if float(self.total).is_integer() else f"{self.total:,.1f}"

    @property
    def change_words(self) -> str:
        """Return the change by shape and word."""
        if self.change is None or not self.change.direction:
            return "—"
        shape = {"up": "▲ Up", "down": "▼ Down", "same": "● Same"}[self.change.direction]
        difference = self.change.after - self.change.before
        sign = "+" if difference > 0 else "−" if difference < 0 else ""
        words = f"{shape} {sign}{_plain(abs(difference))}".strip() if difference else shape
        return f"{words}, beyond chance" if self.change.is_marked else words


def figures(table: TrustTable, key: TermKey) -> tuple[Figure, ...]:
    """Return every figure that a school gave in a term, in the order of the form in use."""
    found = (figure(table, key, question.name) for question in table.form.questions())
    return tuple(each for each in found if each is not None)


def figure(table: TrustTable, key: TermKey, name: str) -> Figure | None:
    """Return one figure of a term, None where it is no figure or nobody said anything."""
    meaning, rows = meaning_of(table.form, name), table.of(key, name)
    if meaning.measure == "none" or not rows:
        return None
    given = table.numbers(key, name)
    row = next(iter(rows.values()))
    held = table.held.get(key, {})
    return Figure(
        name, full_label(table.form, name), row.section, row.unit, meaning,
        _total(table, key, meaning, given), len(given), sum(bool(r.missing) for r in rows.values()),
        len(table.asked(key)),
        sum(held[urn].package.payload_sha256 in table.queried for urn in given if urn in held),
        rate_of(table, key, name, meaning), change_of(table, key, name),
    )  # fmt: skip


def rate_of(table: TrustTable, key: TermKey, name: str, meaning: Meaning) -> Rate | None:
    """Return a figure's rate over the schools that gave it and what it is counted among."""
    if meaning.measure not in {"events", "share"}:
        return None
    given, among = table.numbers(key, name), table.numbers(key, meaning.among)
    both = [urn for urn in given if among.get(urn, 0) > 0]
    count, size = sum(given[u] for u in both), sum(among[u] for u in both)
    if not size:
        return None
    whole = float(count).is_integer() and float(size).is_integer()
    if meaning.measure == "share":
        small = size < 10 or not whole or count > size
        interval = None if small else share_interval(int(count), int(size))
        if interval is not None:
            interval = Interval(interval.lower * size, interval.upper * size)
    else:
        small = count < LEAST_EVENTS or size < LEAST_PUPILS or not whole
        interval = None if small else poisson_interval(int(count))
    return Rate(count, size, meaning.per, interval)


def change_of(table: TrustTable, key: TermKey, name: str) -> Change | None:
    """Return the change on the same term a year before, with its sentence; None for no figure."""
    before_key, meaning = year_before(key), meaning_of(table.form, name)
    if meaning.measure == "none":
        return None
    then = term_words(before_key)
    if before_key not in table.cells:
        return Change(0, 0, 0, "", is_marked=False, sentence=figure_words("no_before", then=then))
    old_names, why = compared_names(table, key, before_key, name)
    if not old_names:
        sentence = figure_words("not_comparable", then=then, why=why)
        return Change(0, 0, 0, "", is_marked=False, sentence=sentence)
    now = table.numbers(key, name)
    past = summed(table, before_key, old_names)
    both = sorted(set(now) & set(past))
    if not both:
        return Change(0, 0, 0, "", is_marked=False, sentence=figure_words("no_pairs"))
    change = _change(table, key, name, {u: now[u] for u in both}, {u: past[u] for u in both})
    if why:
        note = figure_words("definition", why=why)
        return Change(change.before, change.after, change.schools, change.direction,
                      change.is_marked, f"{change.sentence} {note}")  # fmt: skip
    return change


def compared_names(
    table: TrustTable, key: TermKey, before: TermKey, name: str
) -> tuple[tuple[str, ...], str]:
    """Return the names under which an earlier term asked for a figure, and what changed in it.

    No names say that the two do not compare.
    """
    names: tuple[str, ...] = (name,)
    reasons: list[str] = []
    for version in sorted(table.versions(before) - table.versions(key)):
        found = comparability(table.forms[version], table.form, name)
        if found.verdict == "no":
            return (), found.why
        names = found.old_names
        reasons += [found.why] if found.why else []
    return names, " ".join(dict.fromkeys(reasons))


def summed(table: TrustTable, key: TermKey, names: tuple[str, ...]) -> dict[int, float]:
    """Return the sum of some fields at each school that gave them all."""
    columns = [table.numbers(key, name) for name in names]
    urns = set(columns[0]).intersection(*columns[1:]) if columns else set()
    return {urn: sum(column[urn] for column in columns) for urn in urns}


def _total(table: TrustTable, key: TermKey, meaning: Meaning, given: Mapping[int, float]) -> float:
    if meaning.measure != "percentage":
        return sum(given.values())
    return _weighted(given, table.numbers(key, meaning.among))


def _weighted(given: Mapping[int, float], weights: Mapping[int, float]) -> float:
    both = {urn: weights[urn] for urn in given if weights.get(urn, 0) > 0}
    if not both:
        return sum(given.values()) / len(given) if given else 0.0
    return sum(given[urn] * weight for urn, weight in both.items()) / sum(both.values())


def _change(
    table: TrustTable, key: TermKey, name: str, now: Mapping[int, float], past: Mapping[int, float]
) -> Change:
    meaning, before_key = meaning_of(table.form, name), year_before(key)
    facts = {
        "label": full_label(table.form, name),
        "then": term_words(before_key), "now": term_words(key),
        "schools": f"{len(now)} schools" if len(now) != 1 else "1 school",
    }  # fmt: skip
    if meaning.measure == "percentage":
        weights = table.numbers(key, meaning.among)
        before, after = _weighted(past, weights), _weighted(now, weights)
        sentence = figure_words(
            "mean_change", **facts, before=f"{before:.1f}", after=f"{after:.1f}"
        )
        return Change(round(before, 1), round(after, 1), len(now), _direction(before, after),
                      is_marked=False, sentence=sentence)  # fmt: skip
    before, after = sum(past.values()), sum(now.values())
    direction = _direction(before, after)
    sentence = figure_words(
        direction, **facts, before=_plain(before), after=_plain(after),
        difference=_plain(abs(after - before)),
    )  # fmt: skip
    more, is_marked = "", False
    if meaning.measure == "events":
        roll = table.numbers(key, meaning.among), table.numbers(before_key, meaning.among)
        more, is_marked = _ratio_words(now, past, *roll)
    return Change(before, after, len(now), direction, is_marked, sentence + more)


def _ratio_words(
    now: Mapping[int, float], past: Mapping[int, float],
    roll_now: Mapping[int, float], roll_past: Mapping[int, float],
) -> tuple[str, bool]:  # fmt: skip
    both = [u for u in now if roll_now.get(u, 0) > 0 and roll_past.get(u, 0) > 0]
    counts = sum(past[u] for u in both), sum(now[u] for u in both)
    if not both or not all(float(count).is_integer() for count in counts):
        return "", False
    least = settings().least_to_compare
    if sum(counts) < least:
        return figure_words("too_few", least=least), False
    found = compare_rates(
        int(counts[0]), sum(roll_past[u] for u in both),
        int(counts[1]), sum(roll_now[u] for u in both),
    )  # fmt: skip
    if found is None or math.isinf(found.ratio):
        return "", False
    words = figure_words(
        "ratio", ratio=number_words(found.ratio), lower=number_words(found.interval.lower),
        upper=number_words(found.interval.upper),
    )  # fmt: skip
    words += figure_words("ratio_chance", odds=odds_words(found.probability))
    return words, not found.interval.lower <= 1 <= found.interval.upper


def _direction(before: float, after: float) -> Direction:
    if abs(after - before) < 0.05:
        return "same"
    return "up" if after > before else "down"


def _plain(value: float) -> str:
    return f"{value:,.0f}" if abs(value - round(value)) < 0.005 else f"{value:,.1f}"
