"""Files of packages opened a pack at a time: what each is, and the rows of the sound returns.

The same function runs in this process, in several, and on the workers of a cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from odbst_desktop.errors import OdbstError
from odbst_desktop.exchange.bodies import TermlyReturn
from odbst_desktop.exchange.checking import MOST_BYTES, CheckedPackage, check_alone
from odbst_desktop.files import read_whole
from odbst_desktop.trust.collation import TidyRow, VerifiedReturn, tidy_rows
from odbst_desktop.trust.desk_copy import DeskCopy
from odbst_desktop.trust.sequences import Sent
from odbst_desktop.trust.tidy_files import TidyFile

PACK = 64
"""So many files are opened together: enough to make the way between processes cheap."""


class Opened(NamedTuple):
    """What a file turned out to be; ``place`` is its place in the batch.

    ``code`` is ``ok`` for a sound package, else that of the check that failed. A sound return says
    its series, revision, hash, what it supersedes, when it was signed, its year and its term.
    """

    place: int
    code: str
    sentence: str
    kind: str = ""
    series: str = ""
    revision: int = 0
    payload_sha256: str = ""
    supersedes: str | None = None
    issued_at: str = ""
    academic_year: str = ""
    term: str = ""

    @property
    def sent(self) -> Sent:
        """Return what the package says of its turn."""
        return Sent(
            self.place, self.series, self.revision, self.payload_sha256, self.supersedes,
            self.issued_at,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenedPack:
    """So many files' findings, and the rows of the sound returns among them, packed."""

    found: tuple[Opened, ...]
    rows: bytes


@dataclass(frozen=True, slots=True)
class Opening:
    """All that is needed to open files: the desk, the kind of table, and a term if only one."""

    desk: DeskCopy
    table: TidyFile
    only: tuple[str, str] | None = None

    def open(self, files: Sequence[tuple[int, str]]) -> OpenedPack:
        """Open files, each with its place in the batch; one whole file is in memory at a time."""
        found: list[Opened] = []
        rows: list[TidyRow] = []
        for place, path in files:
            opened, more = self._open(place, Path(path))
            # The same return twice gives its rows once.
            if opened.payload_sha256 not in {each.payload_sha256 for each in found}:
                rows.extend(more)
            found.append(opened)
        return OpenedPack(tuple(found), self.table.packed(rows))

    def _open(self, place: int, path: Path) -> tuple[Opened, Iterable[TidyRow]]:
        try:
            checked = check_alone(read_whole(path, at_most_bytes=MOST_BYTES), self.desk)
        except OdbstError as fault:
            return Opened(place, fault.code, fault.sentence), ()
        payload, body = checked.payload, checked.body
        if not isinstance(body, TermlyReturn):
            return Opened(place, "ok", "", payload.kind), ()
        opened = Opened(
            place, "ok", "", payload.kind, checked.series, payload.revision,
            checked.payload_sha256, payload.supersedes, payload.issued_at, body.academic_year,
            body.term,
        )  # fmt: skip
        is_asked = self.only is None or self.only == (body.academic_year, body.term)
        return opened, self._rows(checked, body) if is_asked else ()

    def _rows(self, checked: CheckedPackage, body: TermlyReturn) -> Iterable[TidyRow]:
        verified = VerifiedReturn(
            checked.payload.issuer.urn or 0, checked.payload.issuer.name, checked.payload.revision,
            checked.payload_sha256, body,
        )  # fmt: skip
        return tidy_rows(verified, self.desk.form(body.form))


def repeated(found: Iterable[Opened]) -> dict[int, frozenset[str]]:
    """Return for each pack, by its first place, the payloads whose rows an earlier pack gave."""
    first: dict[str, int] = {}
    again: dict[int, set[str]] = {}
    for each in found:
        pack = each.place - each.place % PACK
        if each.payload_sha256 and first.setdefault(each.payload_sha256, pack) != pack:
            again.setdefault(pack, set()).add(each.payload_sha256)
    return {pack: frozenset(payloads) for pack, payloads in again.items()}


def packs_of(files: Sequence[str]) -> Iterator[Sequence[tuple[int, str]]]:
    """Give the files of a batch in packs, each with its place."""
    for start in range(0, len(files), PACK):
        yield list(enumerate(files[start : start + PACK], start))
