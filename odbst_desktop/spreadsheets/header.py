"""Find the row with the column names: below titles, and across two rows where cells are merged."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | date | time | None
"""A cell: text without blanks around it, a number, yes or no, a date (with its time of day where
it has one), a time; None if it is blank."""

Cells: TypeAlias = list[Cell]

_LOOKED_AT = 30
"""How many rows from the top a header is looked for in."""

_LEAST_SHARE = 0.6
"""The share of the widest row's cells that a header fills."""

_NOT_A_NAME = re.compile(r"[\d\s.,:/%£+-]*\d[\d\s.,:/%£+-]*", re.ASCII)
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns; ``last`` is the number of its lowest row, counted from 1."""

    names: tuple[str, ...]
    last: int

    def wide(self, width: int) -> tuple[str, ...]:
        """Return a name for each of ``width`` columns, no two alike."""
        plain = [*self.names, *("",) * (width - len(self.names))]
        used: Counter[str] = Counter()
        taken: list[str] = []
        for place, name in enumerate(plain, start=1):
            wanted = name or f"Column {place}"
            used[wanted.casefold()] += 1
            again = used[wanted.casefold()]
            while again > 1 and f"{wanted} ({again})".casefold() in used:
                again += 1
            unlike = wanted if again == 1 else f"{wanted} ({again})"
            used[unlike.casefold()] += unlike != wanted
            taken.append(unlike)
        return tuple(taken)


def find_header(rows: Sequence[Cells]) -> Header | None:
    """Return the header of a sheet; None if no row near the top reads like one."""
    top = rows[:_LOOKED_AT]
    widest = max((_filled(row) for row in top), default=0)
    least = max(min(2, widest), math.ceil(_LEAST_SHARE * widest))
    for place, row in enumerate(top):
        if _filled(row) >= least and _is_all_names(row):
            above = rows[place - 1] if place else []
            below = rows[place + 1] if place + 1 < len(rows) else []
            if _is_lower_half(row, below):
                return Header(_joined(row, below), place + 2)
            if _is_lower_half(above, row):
                return Header(_joined(above, row), place + 1)
            return Header(tuple(_name(cell) for cell in row), place + 1)
    return None


def _filled(row: Cells) -> int:
    return sum(cell is not None for cell in row)


def _is_all_names(row: Cells) -> bool:
    return all(
        isinstance(cell, str) and len(cell) <= _LONGEST_NAME and not _NOT_A_NAME.fullmatch(cell)
        for cell in row
        if cell is not None
    )


def _is_lower_half(upper: Cells, lower: Cells) -> bool:
    """Say whether two rows are one header: each names columns that the other leaves blank."""
    if not lower or not _is_all_names(lower) or not _is_all_names(upper) or _filled(upper) < 2:
        return False
    width = max(len(upper), len(lower))
    one, other = _padded(upper, width), _padded(lower, width)
    only_upper = any(a is not None and b is None for a, b in zip(one, other, strict=True))
    only_lower = any(a is None and b is not None for a, b in zip(one, other, strict=True))
    return only_upper and only_lower


def _joined(upper: Cells, lower: Cells) -> tuple[str, ...]:
    """Return the lower names, each with the merged one above it where it alone is not enough."""
    width = max(len(upper), len(lower))
    often = Counter(_name(cell).casefold() for cell in lower)
    group, names = "", []
    for above, under in zip(_padded(upper, width), _padded(lower, width), strict=True):
        group = _name(above) or group
        name = _name(under)
        if not name:
            names.append(_name(above))
        elif often[name.casefold()] > 1 and group:
            names.append(f"{group}: {name}")
        else:
            names.append(name)
    return tuple(names)


def _padded(row: Cells, width: int) -> Cells:
    return [*row, *(None,) * (width - len(row))]


def _name(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).split())
