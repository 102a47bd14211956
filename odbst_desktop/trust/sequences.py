"""Whose turn it is: the revisions of each series, where packages come all at once and in no order.

An inbox takes packages as they arrive and refuses one that is not the next (package format,
check 19). A folder has no such order, so each series is judged when all of it was opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from operator import attrgetter

from odbst_desktop.exchange.checking import Held


class Turn(Enum):
    """Where a package stands in its series."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    DUPLICATE = "duplicate"
    OUT_OF_SEQUENCE = "out-of-sequence"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a sound package says of its turn; ``place`` is its file's place in the batch."""

    place: int
    series: str
    revision: int
    payload_sha256: str
    supersedes: str | None
    issued_at: str


def turns(sent: Iterable[Sent], held: Mapping[str, Held]) -> dict[int, Turn]:
    """Say for each package, by its place, whether it counts.

    A series begins with its revision 1 or goes on from what the vault holds, and the newest
    revision that follows without a gap counts. Of two different ones with the same number, the
    vault's own or else the one signed first is taken and the other is out of sequence, as in an
    inbox. The same payload a second time is a duplicate. The order of ``sent`` changes nothing
    but which of two equal files is called the duplicate.
    """
    found: dict[int, Turn] = {}
    by_series = sorted(sent, key=lambda each: (each.series, each.place))
    for series, group in groupby(by_series, key=attrgetter("series")):
        first: dict[str, Sent] = {}
        for each in group:
            if first.setdefault(each.payload_sha256, each) is not each:
                found[each.place] = Turn.DUPLICATE
        found |= _turns_of_one(first.values(), held.get(series))
    return found


def _turns_of_one(sent: Iterable[Sent], held: Held | None) -> Iterator[tuple[int, Turn]]:
    newest: Sent | None = None
    ordered = sorted(
        sent,
        key=lambda each: (
            each.revision, held is None or each.payload_sha256 != held.payload_sha256,
            each.issued_at, each.payload_sha256,
        ),
    )  # fmt: skip
    for each in ordered:
        if _follows(each, newest, held):
            if newest is not None:
                yield newest.place, Turn.SUPERSEDED
            newest = each
        else:
            yield each.place, Turn.OUT_OF_SEQUENCE
    if newest is not None:
        yield newest.place, Turn.CURRENT


def _follows(each: Sent, newest: Sent | None, held: Held | None) -> bool:
    if newest is not None and each.revision <= newest.revision:
        return False
    before = {(0, None) if newest is None else (newest.revision, newest.payload_sha256)}
    if held is not None:
        if each.payload_sha256 == held.payload_sha256:
            return True
        before.add((held.revision, held.payload_sha256))
    return (each.revision - 1, each.supersedes) in before
