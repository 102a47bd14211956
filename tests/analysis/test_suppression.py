"""No hidden count can be worked out from what is shown, nor is more hidden than needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import (
    Bounds,
    LinearConstraint,
    milp,
)

from odbst_desktop.analysis.suppression import (
    HIDDEN,
    SMALL,
    WITHHELD,
    Suppressed,
    shown_count,
    suppress,
)

Counts = Sequence[Sequence[int]]
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=1, max_size=5
    )
)


def is_possible(words: str, value: int) -> bool:
    """Say whether a reader has to reckon with a value behind the words."""
    if words == SMALL:
        return 1 <= value <= 4
    if words == HIDDEN:
        return value >= 5
    return words in {"", WITHHELD} or int(words) == value


def readings(table: Suppressed, most: int) -> Iterator[tuple[int, ...]]:
    """Give every table that what is shown allows, with hidden counts up to ``most``."""
    words = [each for row in table.cells for each in row]
    spans = [[v for v in range(most + 1) if is_possible(each, v)] for each in words]
    width = len(table.cells[0])
    for values in product(*spans):
        rows = [values[at : at + width] for at in range(0, len(values), width)]
        sums = [sum(row) for row in rows]
        down = [sum(column) for column in zip(*rows, strict=True)]
        shown = (*table.row_totals, *table.column_totals, table.total)
        reached = (*sums, *down, sum(values))
        if all(is_possible(w, v) for w, v in zip(shown, reached, strict=True)):
            yield (*values, *reached)


def test_every_small_table_keeps_its_secrets() -> None:
    for values in product(range(7), repeat=4):
        counts = [values[:2], values[2:]]
        table = suppress(counts)
        shown = (
            *(w for row in table.cells for w in row), *table.row_totals, *table.column_totals,
            table.total,
        )  # fmt: skip
        found = list(readings(table, 9))
        for place, words in enumerate(shown):
            if words in {SMALL, HIDDEN}:
                assert len({reading[place] for reading in found}) > 1, (values, table)


@settings(max_examples=150, deadline=None)
@given(TABLES, st.booleans(), st.booleans())
def test_a_solver_finds_two_values_for_each_hidden_count(
    counts: Counts, with_rows: bool, with_columns: bool
) -> None:
    table = suppress(counts, with_row_totals=with_rows, with_column_totals=with_columns)
    height, width = len(counts), len(counts[0])
    bordered = [
        *([*row, total] for row, total in zip(table.cells, table.row_totals, strict=True)),
        [*table.column_totals, table.total],
    ]
    words = [each for row in bordered for each in row]
    bounds = [bounds_of(each) for each in words]
    sums = []
    for row in range(height + 1):
        line = np.zeros((height + 1, width + 1))
        line[row, :width], line[row, width] = 1, -1
        sums.append(line.ravel())
    for column in range(width + 1):
        line = np.zeros((height + 1, width + 1))
        line[:height, column], line[height, column] = 1, -1
        sums.append(line.ravel())
    rules = LinearConstraint(np.array(sums), 0, 0)
    box = Bounds([low for low, _ in bounds], [high for _, high in bounds])
    for place, each in enumerate(words):
        if each not in {SMALL, HIDDEN}:
            continue
        goal = np.zeros(len(words))
        goal[place] = 1
        ends = [
            milp(sign * goal, constraints=rules, bounds=box, integrality=np.ones(len(words)))
            for sign in (1, -1)
        ]
        assert all(end.success for end in ends)
        assert ends[0].fun < -ends[1].fun - 0.5, (counts, table)


def bounds_of(words: str) -> tuple[float, float]:
    if words == SMALL:
        return 1, 4
    if words == HIDDEN:
        return 5, 10_000
    return (0, 10_000) if words in {"", WITHHELD} else (int(words), int(words))


@given(TABLES, st.booleans(), st.booleans())
def test_what_is_shown_is_true(counts: Counts, with_rows: bool, with_columns: bool) -> None:
    table = suppress(counts, with_row_totals=with_rows, with_column_totals=with_columns)
    for row, shown in zip(counts, table.cells, strict=True):
        for count, words in zip(row, shown, strict=True):
            assert is_possible(words, count)
            if not table.is_withheld:
                assert (words == SMALL) == (1 <= count <= 4)
    sums = [sum(row) for row in counts]
    assert all(map(is_possible, table.row_totals, sums))
    assert all(map(is_possible, table.column_totals, map(sum, zip(*counts, strict=True))))
    assert is_possible(table.total, sum(sums))
    assert all(bool(each) == with_rows for each in table.row_totals)
    assert bool(table.total) == (with_rows and with_columns)


@given(TABLES)
def test_nothing_is_hidden_where_nothing_is_small(counts: Counts) -> None:
    plain = [[count + 5 if count else 0 for count in row] for row in counts]
    table = suppress(plain)
    shown = {each for row in table.cells for each in row}
    assert not shown & {SMALL, HIDDEN, WITHHELD}


@pytest.mark.parametrize(
    ("counts", "cells", "totals"),
    [
        ([[3, 9, 20]], [(SMALL, HIDDEN, "20")], ("32",)),
        # With the 5 hidden as “5 or more”, a total of 6 would give the 1 away.
        ([[1, 5, 20]], [(SMALL, "5", HIDDEN)], ("26",)),
        ([[2, 3, 20]], [(SMALL, SMALL, "20")], ("25",)),
        ([[0, 0, 3]], [("0", "0", SMALL)], (SMALL,)),
        ([[0, 0, 0]], [("0", "0", "0")], ("0",)),
        ([[12, 7, 0]], [("12", "7", "0")], ("19",)),
    ],
)
def test_the_cheapest_counts_are_hidden(
    counts: Counts, cells: list[tuple[str, ...]], totals: tuple[str, ...]
) -> None:
    table = suppress(counts, with_column_totals=False)
    assert (list(table.cells), table.row_totals) == (cells, totals)


def test_a_hidden_row_is_protected_in_its_columns_too() -> None:
    table = suppress([[2, 8, 30], [9, 11, 40], [6, 25, 50]])
    hidden = [[each in {SMALL, HIDDEN} for each in row] for row in table.cells]
    assert hidden == [[True, True, False], [True, True, False], [False, False, False]]
    assert table.total == "181"


@pytest.mark.parametrize("counts", [[[1, 2], [3]], [[-1]]])
def test_what_is_no_table_of_counts_is_refused(counts: Counts) -> None:
    with pytest.raises(ValueError, match="not a table"):
        suppress(counts)


def test_a_count_alone() -> None:
    assert [shown_count(n) for n in (0, 1, 4, 5)] == ["0", "1–4", "1–4", "5"]


def test_no_rows() -> None:
    assert suppress([]).cells == ()
