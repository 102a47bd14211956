"""Suppress small counts in a table so that no hidden count can be worked out.

A count from 1 to 4 is shown as “1–4”; nought is shown. Where a row or a column would give a
hidden count back, further counts are hidden too, the smallest first. Source: design, section 2.

The table and its totals are a network: every row and every column is a node that as much leaves
as arrives at. A hidden count can be another number exactly if some circle of hidden counts runs
through it along which one unit can be moved without a count leaving what is known of it. So a
count is safe if there is such a circle, and is made safe by hiding the cheapest one.

What a reader is taken to know: everything shown, that “1–4” is 1 to 4, and that what is hidden
besides is 5 or more. Not covered: what another table or paper says of the same people.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

THRESHOLD = 5
"""The least count that is shown, nought apart."""

SMALL, HIDDEN, WITHHELD = "1–4", "5 or more", "not shown"
_TOTAL_COST = 1_000_000
"""Totals are hidden last: they are what a reader looks for."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A table as it may be shown: words for each count and each total.

    ``is_withheld`` where the table cannot be shown safely at all.
    """

    cells: tuple[tuple[str, ...], ...]
    row_totals: tuple[str, ...]
    column_totals: tuple[str, ...]
    total: str
    is_withheld: bool = False


@dataclass(frozen=True, slots=True)
class _Edge:
    """A count as a flow from one node to another; bounds are what a reader knows of it."""

    tail: int
    head: int
    value: int
    is_total: bool = False
    is_shown: bool = True

    @property
    def lowest(self) -> int:
        return 1 if self.value < THRESHOLD else THRESHOLD

    @property
    def can_rise(self) -> bool:
        return self.value >= THRESHOLD or self.value < THRESHOLD - 1

    @property
    def can_fall(self) -> bool:
        return self.value > self.lowest

    @property
    def cost(self) -> int:
        """Return what hiding it costs: what is hidden already costs nothing."""
        if not self.is_shown:
            return 0
        return self.value + (_TOTAL_COST if self.is_total else 0)


def shown_count(count: int) -> str:
    """Return a count that stands alone as it may be shown."""
    return SMALL if 0 < count < THRESHOLD else str(count)


def suppress(
    counts: Sequence[Sequence[int]],
    *,
    with_row_totals: bool = True,
    with_column_totals: bool = True,
) -> Suppressed:
    """Return a table of counts as it may be shown.

    The totals that are not shown are left blank; a reader then knows nothing of them.

    Raises:
        ValueError: the rows differ in length, or a count is below nought.

    """
    rows, columns = len(counts), len(counts[0]) if counts else 0
    if any(len(row) != columns for row in counts) or any(c < 0 for row in counts for c in row):
        raise ValueError("not a table of counts")
    network = _network(counts, with_row_totals=with_row_totals, with_columns=with_column_totals)
    hidden = _protected(network, rows + columns + 2)

    def words(row: int, column: int) -> str:
        edge = network.get((row, column))
        if edge is None:
            return ""
        if hidden is None:
            return WITHHELD
        if (row, column) not in hidden:
            return str(edge.value)
        return SMALL if edge.value < THRESHOLD else HIDDEN

    return Suppressed(
        tuple(tuple(words(row, column) for column in range(columns)) for row in range(rows)),
        tuple(words(row, columns) for row in range(rows)),
        tuple(words(rows, column) for column in range(columns)),
        words(rows, columns),
        is_withheld=hidden is None,
    )


Place = tuple[int, int]
"""Row and column of a count; the totals come after the last of either."""


def _network(
    counts: Sequence[Sequence[int]], *, with_row_totals: bool, with_columns: bool
) -> dict[Place, _Edge]:
    """Return every count that is to be shown as an edge between its row and its column.

    A count flows from its row to its column, a total the other way. Where totals are not shown,
    anything may flow there: both ends are then one node, the last.
    """
    rows, columns = len(counts), len(counts[0]) if counts else 0
    ground = rows + columns + 1
    row_nodes = [row if with_row_totals else ground for row in range(rows)]
    column_nodes = [rows + column if with_columns else ground for column in range(columns)]
    # The row of the columns' totals, and the column of the rows' totals.
    last_row, last_column = rows + columns if with_row_totals else ground, ground
    edges = {
        (row, column): _Edge(row_nodes[row], column_nodes[column], counts[row][column])
        for row, column in product(range(rows), range(columns))
    }
    if with_row_totals:
        for row in range(rows):
            edges[row, columns] = _Edge(
                last_column, row_nodes[row], sum(counts[row]), is_total=True
            )
    if with_columns:
        for column in range(columns):
            value = sum(row[column] for row in counts)
            edges[rows, column] = _Edge(column_nodes[column], last_row, value, is_total=True)
    if with_row_totals and with_columns:
        whole = sum(map(sum, counts))
        edges[rows, columns] = _Edge(last_row, last_column, whole, is_total=True)
    return edges


def _protected(network: dict[Place, _Edge], nodes: int) -> frozenset[Place] | None:
    """Return the places to hide, or None if the table cannot be shown safely."""
    edges = {
        place: _hidden(edge) if 0 < edge.value < THRESHOLD else edge
        for place, edge in network.items()
    }
    for place in [place for place, edge in edges.items() if not edge.is_shown]:
        circle = _cheapest_circle(edges, place, nodes)
        if circle is None:
            return None
        for other in circle:
            edges[other] = _hidden(edges[other])
    return frozenset(place for place, edge in edges.items() if not edge.is_shown)


def _hidden(edge: _Edge) -> _Edge:
    return replace(edge, is_shown=False)


def _cheapest_circle(
    edges: dict[Place, _Edge], place: Place, nodes: int
) -> tuple[Place, ...] | None:
    """Return the counts of the cheapest circle along which a hidden count can change."""
    edge = edges[place]
    steps = [list(_steps(edges, place, node)) for node in range(nodes)]
    found = []
    if edge.can_rise:
        found.append(_cheapest_path(steps, edge.head, edge.tail))
    if edge.can_fall:
        found.append(_cheapest_path(steps, edge.tail, edge.head))
    paths = [path for path in found if path is not None]
    return min(paths)[1] if paths else None


def _steps(
    edges: dict[Place, _Edge], without: Place, node: int
) -> Iterator[tuple[int, int, Place]]:
    """Give each step from a node: its cost, where it leads, and the count it moves."""
    for place, edge in edges.items():
        if place == without or edge.value == 0:
            continue
        if edge.tail == node and edge.can_rise:
            yield edge.cost, edge.head, place
        if edge.head == node and edge.can_fall:
            yield edge.cost, edge.tail, place


def _cheapest_path(
    steps: Sequence[Sequence[tuple[int, int, Place]]], start: int, end: int
) -> tuple[int, tuple[Place, ...]] | None:
    queue: list[tuple[int, tuple[Place, ...], int]] = [(0, (), start)]
    seen: set[int] = set()
    while queue:
        cost, path, node = heapq.heappop(queue)
        if node == end:
            return cost, path
        if node in seen:
            continue
        seen.add(node)
        for more, following, place in steps[node]:
            if following not in seen:
                heapq.heappush(queue, (cost + more, (*path, place), following))
    return None
