"""A reader who knows everything published and owns an integer solver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from odbst_desktop.analysis.disclosure import NOT_SHOWN, SMALL, Relation

MOST = 100_000


class Reader:
    """Puts all words and relations together, and asks how small or great each count may be."""

    def __init__(
        self,
        words: Mapping[str, Iterable[str]],
        relations: Sequence[Relation],
        values: Mapping[str, int] | None = None,
    ) -> None:
        """``words`` are all that was ever said of each count.

        With ``values`` the reader knows the method too: what is 5 or more is not thought less.
        """
        self.names = list(words)
        self._bounds = [self._span(words[n], None if values is None else values[n]) for n in words]
        used = [r for r in relations if all(name in words for _, name in r.terms)]
        self._matrix = np.zeros((max(len(used), 1), len(self.names)))
        low, high = [], []
        for row, relation in enumerate(used):
            for weight, name in relation.terms:
                self._matrix[row, self.names.index(name)] += weight
            low.append(relation.constant if relation.is_equal else -np.inf)
            high.append(relation.constant)
        self._low, self._high = low or [0], high or [0]

    @staticmethod
    def _span(words: Iterable[str], value: int | None) -> tuple[float, float]:
        low, high = 0.0, float(MOST)
        for said in words:
            if said == SMALL:
                low, high = max(low, 1), min(high, 4)
            elif said != NOT_SHOWN:
                low, high = max(low, int(said)), min(high, int(said))
            elif value is not None:
                low = max(low, 5 if value >= 5 else min(value, 1))
        return low, high

    def range_of(self, name: str) -> tuple[int, int]:
        """Return the least and the greatest number that a count may be."""
        goal = np.zeros(len(self.names))
        goal[self.names.index(name)] = 1
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * goal,
                constraints=LinearConstraint(self._matrix, self._low, self._high),
                bounds=Bounds([low for low, _ in self._bounds], [high for _, high in self._bounds]),
                integrality=np.ones(len(self.names)),
            )
            assert found.success, "what was published contradicts itself"
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]
