"""Hide small counts so that nothing a reader ever was shown gives one back.

A count from 1 to 4 is shown as “1–4”. What else a reader knows – sums, parts and wholes, how last
term's end is this term's start, the papers of other terms – are ``Relation``s between counts. Any
of 1, 2, 3 and 4 has to remain possible behind each “1–4”, and a second number behind each “not
shown”. That something remains possible is never concluded but shown: a full set of numbers is
found that agrees with everything published (a witness), and what has to give way for it is hidden
too, the cheapest first. Source: domain reference, section 6; ``docs/decisions``.

The reader is taken to know the method: behind “not shown” a count of 5 or more is not thought to
be less than 5. Whoever knows less, learns less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from odbst_desktop.analysis.suppression import SMALL, THRESHOLD
from odbst_desktop.analysis.witnesses import (
    NO_LIMIT,
    Knowledge,
    Offer,
    Relation,
    Span,
    merged,
    same_counts,
)

__all__ = ["NOT_SHOWN", "SMALL", "Count", "Protected", "Published", "Relation", "protect", "table"]

NOT_SHOWN = "not shown"

Rule = Literal["small", "never", "always"]
"""How a count is told: 1 to 4 hidden, not at all, or as it is whatever its size."""

_SMALL_SPAN = Span(1, THRESHOLD - 1)
_PASSES = 2
"""What is hidden for a later count may itself need something hidden."""


@dataclass(frozen=True, slots=True)
class Count:
    """A count that is to be published; ``cost`` is what hiding it loses, besides its size."""

    name: str
    value: int
    rule: Rule = "small"
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Published:
    """A count that readers were shown before, with the words they were shown."""

    name: str
    value: int
    words: str


@dataclass(frozen=True, slots=True)
class Protected:
    """Each count's words; ``exposed`` are counts that earlier papers give away whatever is hidden.

    ``exposed`` is empty wherever every earlier paper was made by ``protect`` too.
    """

    words: Mapping[str, str]
    exposed: tuple[str, ...] = ()


def protect(
    counts: Sequence[Count],
    relations: Iterable[Relation],
    published: Sequence[Published] = (),
) -> Protected:
    """Return how each count may be shown beside everything that was published.

    A count that was published before, under the same name, keeps its words: so the same paper can
    be made again. A relation that the true numbers break is left out, as it misleads a reader.

    Raises:
        ValueError: a count is below nought, or a published one has changed its value.

    """
    before = {each.name: each for each in published}
    if any(c.value < 0 or before.get(c.name, c).value != c.value for c in counts):
        raise ValueError("not counts, or not those that were published")
    values = {**{each.name: each.value for each in published}, **{c.name: c.value for c in counts}}
    known = [relation for relation in relations if relation.holds(values)]
    first = same_counts(values, known)
    knowledge = Knowledge(values, merged(known, first))
    groups: dict[str, _Group] = {}
    for each in published:
        groups.setdefault(first[each.name], _Group()).add_published(each)
    for count in counts:
        if count.name not in before:
            groups.setdefault(first[count.name], _Group()).add_count(count)
    for name, group in groups.items():
        knowledge.learn(name, group.span())
        knowledge.offer(name, group.offers())
    exposed = [
        count.name for count in counts
        if count.rule == "small" and _is_small(count.value)
        and knowledge.span(first[count.name]).is_known
    ]  # fmt: skip
    exposed += _defended(knowledge, {name: values[name] for name in groups})
    words = {
        count.name: before[count.name].words
        if count.name in before
        else _words(knowledge.span(first[count.name]), count)
        for count in counts
    }
    return Protected(words, tuple(exposed))


class _Group:
    """Counts known to be the same: who knows one knows all."""

    def __init__(self) -> None:
        self._told = Span(0, NO_LIMIT)
        self._fresh = Span(0, NO_LIMIT)
        self._is_hidden = False
        self._may_be_hidden: list[Count] = []

    def add_published(self, each: Published) -> None:
        """Add a count with the words it had."""
        span = _span_of(each.words, each.value)
        self._told = self._told.narrowed(span)
        self._is_hidden |= not span.is_known

    def add_count(self, count: Count) -> None:
        """Add a count that is to be published."""
        self._fresh = self._fresh.narrowed(_first_span(count))
        if count.rule == "small":
            self._may_be_hidden.append(count)

    def offers(self) -> Iterator[Offer]:
        """Give the ways in which it may be hidden, as far as earlier papers leave any."""
        if self._told.is_known or not self._may_be_hidden:
            return
        more = sum(count.cost for count in self._may_be_hidden)
        for offer in _offers(self._may_be_hidden[0].value):
            yield Offer(offer.span.narrowed(self._told), offer.cost + more)

    def span(self) -> Span:
        """Return what a reader is let know, to begin with."""
        span = self._told.narrowed(self._fresh)
        if span.is_known and self._is_hidden:
            # What an earlier paper hid is not shown by a later one under another name.
            return next((offer.span for offer in self.offers()), span)
        return span


def table(
    counts: Mapping[tuple[str, str], int], *, cost_of_totals: int = 200
) -> tuple[tuple[Count, ...], tuple[Relation, ...]]:
    """Return the counts of a table by row and column, with a total under each column.

    The names are ``ROW/COLUMN`` and ``total/COLUMN``; a place that is missing adds nothing. Further
    relations, such as those between the columns of a row, are the caller's to add.
    """
    columns = list(dict.fromkeys(column for _, column in counts))
    rows = list(dict.fromkeys(row for row, _ in counts))
    made = [Count(f"{row}/{column}", value) for (row, column), value in counts.items()]
    relations = []
    for column in columns:
        parts = {f"{row}/{column}": counts[row, column] for row in rows if (row, column) in counts}
        made.append(Count(f"total/{column}", sum(parts.values()), cost=cost_of_totals))
        relations.append(Relation.of_sum(parts, f"total/{column}"))
    return tuple(made), tuple(relations)


def _span_of(words: str, value: int) -> Span:
    if words == SMALL:
        return _SMALL_SPAN
    if words == NOT_SHOWN:
        return Span(THRESHOLD if value >= THRESHOLD else 0, NO_LIMIT)
    return Span(value, value)


def _first_span(count: Count) -> Span:
    if count.rule == "never":
        return Span(0, NO_LIMIT)
    if count.rule == "small" and _is_small(count.value):
        return _SMALL_SPAN
    return Span(count.value, count.value)


def _is_small(value: int) -> bool:
    return 0 < value < THRESHOLD


def _offers(value: int) -> tuple[Offer, ...]:
    """Return the ways to hide a count; that nothing happened is worth most and is hidden last."""
    if value >= THRESHOLD:
        return (Offer(Span(THRESHOLD, NO_LIMIT), value),)
    anything = Span(0, NO_LIMIT)
    if value:
        return (Offer(Span(1, NO_LIMIT), 100), Offer(anything, 3_000))
    return (Offer(anything, 10_000),)


def _words(span: Span, count: Count) -> str:
    if span.is_known and not (count.rule == "small" and _is_small(count.value)):
        return str(count.value)
    return SMALL if span.is_known or span == _SMALL_SPAN else NOT_SHOWN


def _defended(knowledge: Knowledge, values: Mapping[str, int]) -> Iterator[str]:
    """Hide what has to be hidden; give the counts that nothing protects."""
    for _ in range(_PASSES):
        for name, value in _hidden(knowledge, values):
            if not _defend(knowledge, name, value):
                knowledge.give_way(name)
    for name, value in _hidden(knowledge, values):
        if not _is_small(value) and not _is_safe(knowledge, name, value):
            # Everybody can work it out and it is no small count: to hide it is vain.
            knowledge.learn(name, Span(value, value))
    for name, value in _hidden(knowledge, values):
        if not _is_safe(knowledge, name, value):
            yield name


def _hidden(knowledge: Knowledge, values: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(n, value) for n, value in values.items() if not knowledge.span(n).is_known]


def _defend(knowledge: Knowledge, name: str, value: int) -> bool:
    """Hide the cheapest that leaves a reader in doubt about a hidden count; False if none does."""
    if _is_safe(knowledge, name, value):
        return True
    if knowledge.span(name) == _SMALL_SPAN:
        if all(knowledge.make_possible(name, each) for each in _others(value)):
            return True
        while knowledge.withhold(name):
            if any(knowledge.make_possible(name, each) for each in (value + 1, value - 1)):
                return True
        return False
    return any(knowledge.make_possible(name, each) for each in (value + 1, value - 1))


def _is_safe(knowledge: Knowledge, name: str, value: int) -> bool:
    if knowledge.span(name) == _SMALL_SPAN:
        return all(knowledge.is_possible(name, each) for each in _others(value))
    return any(knowledge.is_possible(name, each) for each in (value + 1, value - 1))


def _others(value: int) -> Iterator[int]:
    return (each for each in range(1, THRESHOLD) if each != value)
