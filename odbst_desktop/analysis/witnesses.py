"""Whole numbers that agree with everything a reader knows: the search behind ``disclosure``.

Every search begins with the true numbers, sets one of them to another value and mends what no
longer agrees, relation by relation, moving each count at most once. What it finds is checked by
having nothing left to mend, so a find is a proof; that nothing was found proves nothing, and the
caller then hides more.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count as counting

NO_LIMIT = 1_000_000_000
_MOST_LOOKED_AT = 4_000
_PRICE_OF_A_MOVE = 3
_MOST_SIZES = 8


@dataclass(frozen=True, slots=True)
class Span:
    """What a reader knows of a count: it lies from ``low`` to ``high``."""

    low: int
    high: int

    @property
    def is_known(self) -> bool:
        """Say whether only one number is left."""
        return self.low == self.high

    def holds(self, value: int) -> bool:
        """Say whether a number lies in the span."""
        return self.low <= value <= self.high

    def narrowed(self, other: Span) -> Span:
        """Return what is left for somebody who knows both."""
        return Span(max(self.low, other.low), min(self.high, other.high))


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to hide a count: what would be left of it for a reader, and what that costs."""

    span: Span
    cost: int


@dataclass(frozen=True, slots=True)
class Relation:
    """What a reader knows of several counts: their weighted sum is, or is at most, a constant."""

    terms: tuple[tuple[int, str], ...]
    is_equal: bool = True
    constant: int = 0

    @classmethod
    def of_sum(cls, parts: Iterable[str], whole: str) -> Relation:
        """Return that the parts come to the whole."""
        return cls((*((1, part) for part in parts), (-1, whole)))

    @classmethod
    def of_part(cls, part: str, whole: str) -> Relation:
        """Return that a part is not more than its whole."""
        return cls(((1, part), (-1, whole)), is_equal=False)

    @classmethod
    def of_same(cls, one: str, other: str) -> Relation:
        """Return that two counts are the same."""
        return cls(((1, one), (-1, other)))

    def excess(self, values: Mapping[str, int]) -> int:
        """Return by how much the sum misses; nought where the relation holds."""
        found = sum(weight * values[name] for weight, name in self.terms) - self.constant
        return found if self.is_equal else max(found, 0)

    def holds(self, values: Mapping[str, int]) -> bool:
        """Say whether it is true of the numbers; it is not where one is missing."""
        return all(name in values for _, name in self.terms) and self.excess(values) == 0


def same_counts(values: Mapping[str, int], relations: Iterable[Relation]) -> dict[str, str]:
    """Return for each count the first of those that it is known to be the same as, or itself."""
    first: dict[str, str] = {name: name for name in values}

    def of(name: str) -> str:
        while first[name] != name:
            name = first[name]
        return name

    for relation in relations:
        if relation.is_equal and not relation.constant and len(relation.terms) == 2:
            (one, name), (other, named) = relation.terms
            if one == -other:
                earlier, later = sorted((of(name), of(named)), key=list(values).index)
                first[later] = earlier
    return {name: of(name) for name in values}


def merged(relations: Iterable[Relation], first: Mapping[str, str]) -> tuple[Relation, ...]:
    """Return the relations between the first of each kind; what then says nothing is left out."""
    found: dict[Relation, None] = {}
    for relation in relations:
        weights: dict[str, int] = {}
        for weight, name in relation.terms:
            weights[first[name]] = weights.get(first[name], 0) + weight
        terms = tuple(sorted((weight, name) for name, weight in weights.items() if weight))
        if terms:
            found[replace(relation, terms=terms)] = None
    return tuple(found)


class Knowledge:
    """The true numbers, what a reader knows of each, and what more could be hidden at what cost."""

    def __init__(self, values: Mapping[str, int], relations: Sequence[Relation]) -> None:
        self._values, self._relations = values, relations
        self._spans: dict[str, Span] = {}
        self._offers: dict[str, tuple[Offer, ...]] = {}
        self._touching: dict[str, list[int]] = {}
        for place, relation in enumerate(relations):
            for _, name in relation.terms:
                self._touching.setdefault(name, []).append(place)

    def learn(self, name: str, span: Span) -> None:
        """Let the reader know a span of a count."""
        self._spans[name] = span

    def offer(self, name: str, offers: Iterable[Offer]) -> None:
        """Let a count be hidden, the cheapest way first, each hiding more than the one before."""
        self._offers[name] = tuple(offers)

    def span(self, name: str) -> Span:
        """Return what the reader knows of a count."""
        return self._spans[name]

    def is_possible(self, name: str, value: int) -> bool:
        """Say whether a witness with this number was found, as things are hidden now."""
        return self._witness(name, value, may_hide=False) is not None

    def make_possible(self, name: str, value: int) -> bool:
        """Hide the cheapest that makes a number possible; False if nothing was found."""
        found = self._witness(name, value, may_hide=False)
        if found is None:
            found = self._witness(name, value, may_hide=True)
        if found is None:
            return False
        for moved, at in found.items():
            if not self._spans[moved].holds(at):
                self._take(moved, at)
        return True

    def withhold(self, name: str) -> bool:
        """Hide a count a step further; False if it may not be hidden further."""
        if not self._offers.get(name):
            return False
        self._spans[name] = self._offers[name][0].span
        self._offers[name] = self._offers[name][1:]
        return True

    def give_way(self, name: str) -> None:
        """Hide all that hangs together with a count, as far as it may be hidden."""
        seen, waiting = {name}, [name]
        while waiting:
            each = waiting.pop()
            while self.withhold(each):
                pass
            if self._spans[each].is_known:
                continue
            for place in self._touching.get(each, ()):
                following = {other for _, other in self._relations[place].terms} - seen
                seen |= following
                waiting += sorted(following)

    def _take(self, name: str, value: int) -> None:
        while not self._spans[name].holds(value) and self.withhold(name):
            pass

    def _witness(self, name: str, value: int, *, may_hide: bool) -> dict[str, int] | None:
        if not self._spans[name].holds(value):
            return None
        number = counting()
        queue = [(0, next(number), {name: value})]
        seen: set[frozenset[tuple[str, int]]] = set()
        for _ in range(_MOST_LOOKED_AT):
            if not queue:
                return None
            price, _, moves = heapq.heappop(queue)
            broken = self._broken(moves)
            if broken is None:
                return moves
            for other, at, cost in self._mends(broken, moves):
                if cost and not may_hide:
                    continue
                following = {**moves, other: at}
                key = frozenset(following.items())
                if key not in seen:
                    seen.add(key)
                    heapq.heappush(
                        queue, (price + cost + _PRICE_OF_A_MOVE, next(number), following)
                    )
        return None

    def _broken(self, moves: Mapping[str, int]) -> Relation | None:
        places = sorted({place for name in moves for place in self._touching.get(name, ())})
        for place in places:
            if self._excess(self._relations[place], moves):
                return self._relations[place]
        return None

    def _excess(self, relation: Relation, moves: Mapping[str, int]) -> int:
        names = (name for _, name in relation.terms)
        return relation.excess({n: moves.get(n, self._values[n]) for n in names})

    def _mends(
        self, relation: Relation, moves: Mapping[str, int]
    ) -> Iterator[tuple[str, int, int]]:
        """Give each count that can take a part of the excess: name, new number and cost."""
        excess = self._excess(relation, moves)
        for weight, name in relation.terms:
            if name in moves:
                continue
            most, rest = divmod(abs(excess), abs(weight))
            most += bool(rest) and not relation.is_equal
            step = -1 if (excess > 0) == (weight > 0) else 1
            for size in range(most, max(0, most - _MOST_SIZES), -1):
                at = self._values[name] + step * size
                cost = self._cost(name, at)
                if cost is not None:
                    yield name, at, cost

    def _cost(self, name: str, value: int) -> int | None:
        if self._spans[name].holds(value):
            return 0
        for offer in self._offers.get(name, ()):
            if offer.span.holds(value):
                return offer.cost
        return None
