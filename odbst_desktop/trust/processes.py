"""Open packs of packages on this machine, in one process or several."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from typing import Any

from odbst_desktop.trust.opened import Opened, OpenedPack, Opening, packs_of
from odbst_desktop.trust.summing import figures_of
from odbst_desktop.vault.hardening import harden_process


@dataclass(frozen=True, slots=True)
class Here:
    """Open packs on this machine, in so many processes; the figures are made in memory."""

    opening: Opening
    workers: int = 1

    def opened(self, files: Sequence[str]) -> Iterator[OpenedPack]:
        """Open files and give the packs in their order."""
        packs = packs_of(files)
        if self.workers == 1:
            yield from map(self.opening.open, packs)
            return
        pool = ProcessPoolExecutor(
            self.workers, get_context("spawn"), initializer=_begin, initargs=(self.opening,)
        )
        try:
            waiting: deque[Future[OpenedPack]] = deque()
            for pack in packs:
                waiting.append(pool.submit(_open, pack))
                if len(waiting) > 2 * self.workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)

    def figures(
        self, table: Path, terms: Iterable[tuple[str, str]], found: Sequence[Opened],
        left_out: frozenset[str],
    ) -> list[tuple[Any, ...]]:  # fmt: skip
        """Return the figures of a table that was written, a term in memory at a time."""
        del found, left_out  # the table is without them
        return [row for key in terms for row in figures_of(self.opening.table.counted(table, key))]


_here: list[Opening] = []


def _begin(opening: Opening) -> None:
    harden_process()
    # The terminal tells every process of Ctrl+C; the one that asks ends the others.
    signal(SIGINT, SIG_IGN)
    _here[:] = [opening]


def _open(pack: Sequence[tuple[int, str]]) -> OpenedPack:
    return _here[0].open(pack)
