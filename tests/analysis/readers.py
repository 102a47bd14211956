"""A reader who knows everything published and owns an integer solver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from odbst_desktop.analysis.disclosure import NOT_SHOWN, SMALL, Relation

MOST = 100_000


class Reader:
    """Puts all words and relations together, and asks how small or great each count may be.

    ``words`` are all that was ever said of each count. With ``values`` the reader knows the method
    too: behind what is not shown, 5 or more is not thought less.
    """

    def __init__(
        self,
        words: Mapping[str, Iterable[str]],
        relations: Sequence[Relation],
        values: Mapping[str, int] | None = None,
    ) -> None:
        self._spans = {
            name: _span(said, None if values is None else values[name])
            for name, said in words.items()
        }
        self._relations = [r for r in relations if all(n in words for _, n in r.terms)]
        self._touching: dict[str, list[Relation]] = {}
        for relation in self._relations:
            for _, name in relation.terms:
                self._touching.setdefault(name, []).append(relation)

    def range_of(self, name: str) -> tuple[int, int]:
        """Return the least and the greatest number that a count may be."""
        names = self._together(name)
        used = [r for r in self._relations if r.terms[0][1] in names]
        matrix = np.zeros((max(len(used), 1), len(names)))
        for row, relation in enumerate(used):
            for weight, other in relation.terms:
                matrix[row, names.index(other)] += weight
        low = [r.constant if r.is_equal else -np.inf for r in used] or [0]
        high = [r.constant for r in used] or [0]
        spans = [self._spans[each] for each in names]
        goal = np.zeros(len(names))
        goal[names.index(name)] = 1
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * goal,
                constraints=LinearConstraint(matrix, low, high),
                bounds=Bounds([each[0] for each in spans], [each[1] for each in spans]),
                integrality=np.ones(len(names)),
            )
            assert found.success, "what was published contradicts itself"
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]

    def _together(self, name: str) -> list[str]:
        """Return what hangs together with a count through counts that are not known for sure."""
        seen, waiting = [name], [name]
        while waiting:
            for relation in self._touching.get(waiting.pop(), ()):
                for _, other in relation.terms:
                    if other not in seen:
                        seen.append(other)
                        waiting.append(other)
        return seen


def assert_nothing_given_away(
    words: Mapping[str, Sequence[str]], relations: Sequence[Relation], values: Mapping[str, int]
) -> None:
    """Let the reader try every hidden count: 1 to 4 all stay possible, or at least two numbers."""
    reader = Reader(words, [r for r in relations if r.holds(values)], values)
    for name, said in words.items():
        if SMALL in said:
            assert reader.range_of(name) == (1, 4), name
        elif all(each == NOT_SHOWN for each in said):
            low, high = reader.range_of(name)
            assert low < high, name


def _span(words: Iterable[str], value: int | None) -> tuple[float, float]:
    low, high = 0.0, float(MOST)
    for said in words:
        if said == SMALL:
            low, high = max(low, 1), min(high, 4)
        elif said != NOT_SHOWN:
            low, high = max(low, int(said)), min(high, int(said))
        elif value is not None:
            low = max(low, 5 if value >= 5 else 0)
    return low, high
