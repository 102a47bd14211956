"""Collate folders of packages of any size: check every file, then one table of what counts.

The files are judged with a copy of the vault's register and sealing key, in this process, in
several, or on a cluster; the vault stays as it is. One pack of files for each process is in
memory at a time, besides some hundred bytes a file of what it turned out to be.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from odbst_desktop.errors import FileWriteError, InputError
from odbst_desktop.exchange import register
from odbst_desktop.exchange.checking import Held
from odbst_desktop.exchange.errors import PackageError
from odbst_desktop.form_library.definitions import kept_forms
from odbst_desktop.office.desk import VaultDesk
from odbst_desktop.office.inbox import PACKAGE_KINDS, packages_inside
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.school.owner import Profile, read_owner
from odbst_desktop.spreadsheets.writing import csv_bytes
from odbst_desktop.trust.desk_copy import DeskCopy
from odbst_desktop.trust.opened import Opened, OpenedPack, Opening
from odbst_desktop.trust.sequences import Turn, turns
from odbst_desktop.trust.summing import figures_csv
from odbst_desktop.trust.table import TermKey
from odbst_desktop.trust.tidy_files import TidyFile
from odbst_desktop.vault.vault import Vault

RETURN = "termly-return"
Figures = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class FolderBatch:
    """What a collation found and wrote: the files, and how many packages met which verdict."""

    table: Path
    figures: Path
    report: Path
    counts: Mapping[str, int]

    @property
    def words(self) -> str:
        """Return the batch in a sentence."""
        said = [f"{self.counts.get(verdict, 0):,} {words}" for verdict, words in _VERDICTS.items()
                if self.counts.get(verdict) or verdict == "collated"]  # fmt: skip
        return f"{sum(self.counts.values()):,} files: {', '.join(said)}."


@dataclass(frozen=True, slots=True)
class Progress:
    """How many files are opened; ``batch`` is there at the very end."""

    done: int
    total: int
    batch: FolderBatch | None = None


_VERDICTS = {"collated": "collated", "superseded": "superseded by a newer revision",
             "duplicate": "there twice", "other term": "of another term",
             "other kind": "no termly returns", "refused": "refused"}  # fmt: skip


_TURNS = {Turn.CURRENT: "collated", Turn.SUPERSEDED: "superseded", Turn.DUPLICATE: "duplicate"}


class Engine(Protocol):
    """Where packs are opened, and how the figures are made from their rows."""

    def opened(self, files: Sequence[str]) -> Iterator[OpenedPack]:
        """Open files and give the packs in their order."""

    def figures(
        self, table: Path, terms: Iterable[TermKey], found: Sequence[Opened],
        left_out: frozenset[str],
    ) -> Figures:  # fmt: skip
        """Return the figures of the table, which has no rows of the payloads left out."""


def copy_desk(vault: Vault) -> tuple[DeskCopy, Mapping[str, Held]]:
    """Return a copy of what the trust's vault knows, and the newest it holds of each series.

    Raises:
        InputError: it is not the trust's vault.

    """
    form, known = return_form(), VaultDesk(vault)
    with vault.reading() as session:
        if read_owner(session).profile is not Profile.TRUST:
            raise InputError("Only the trust's vault can open schools' returns. Name that vault.")
        kept = {key: form.text for key, form in kept_forms(session, [form.form_id]).items()}
        desk = DeskCopy(
            known.sealing_key.private, known.is_demonstration, known.required_signers, known.keys,
            {**kept, (form.form_id, form.version): json.dumps(form.raw)}, vault.clock(),
        )  # fmt: skip
        return desk, dict(register.newest_of_series(session))


def collate_folders(
    opening: Opening, held: Mapping[str, Held], chosen: Iterable[Path], out: Path, engine: Engine
) -> Generator[Progress, None, None]:
    """Check the packages in folders and write the table, the figures and a report of the batch.

    Whoever stops asking leaves nothing behind, and so does a fault.

    Raises:
        InputError: there is no package in the folders.
        FileWriteError: the folder ``out`` or the disk does not take the files.

    """
    files = tuple(_files(chosen))
    if not files:
        raise InputError("There is no package (.odbst) in what was chosen. Nothing was collated.")
    found: list[Opened] = []
    with _new_folder(out) as beside:
        unsorted = beside / "unsorted"
        with opening.table.writing(unsorted) as add:
            for pack in _once_each(engine.opened(files), opening.table, found):
                add(pack)
                yield Progress(len(found), len(files))
        judged = turns((each.sent for each in found if each.kind == RETURN), held)
        counting = [each for each in found if judged.get(each.place) is Turn.CURRENT]
        left_out = {each.payload_sha256 for each in found if each.kind == RETURN}
        left_out -= {each.payload_sha256 for each in counting}
        table = beside / f"returns{opening.table.suffix}"
        _settle(opening.table, unsorted, table, frozenset(left_out))
        terms = sorted({(each.academic_year, each.term) for each in counting})
        asked = [key for key in terms if opening.only in {None, key}]
        figures, report = beside / "figures.csv", beside / "report.csv"
        figures.write_bytes(figures_csv(engine.figures(table, asked, found, frozenset(left_out))))
        lines = [_line(files[each.place], each, judged, opening.only) for each in found]
        report.write_bytes(csv_bytes((("file", "verdict", "code", "message"), *lines)))
        placed = [made.replace(out / made.name) for made in (table, figures, report)]
    batch = FolderBatch(placed[0], placed[1], placed[2], Counter(line[1] for line in lines))
    yield Progress(len(files), len(files), batch)


def _files(chosen: Iterable[Path]) -> Iterator[str]:
    for path in chosen:
        if path.is_dir():
            yield from map(str, packages_inside(path))
        else:
            yield str(path)


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """Give a folder beside what will be written, which is gone afterwards."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".collating-", dir=out) as beside:
            yield Path(beside)
    except OSError as fault:
        raise FileWriteError(
            f"The table could not be written in “{out}” ({fault.strerror or 'no reason given'}). "
            "Nothing was left there; choose another folder or make room on the disk, then try "
            "again."
        ) from fault


def _once_each(
    packs: Iterator[OpenedPack], table: TidyFile, found: list[Opened]
) -> Iterator[bytes]:
    """Give the packs' rows, each return's once, and note what was found."""
    seen: set[str] = set()
    for pack in packs:
        found.extend(pack.found)
        payloads = {each.payload_sha256 for each in pack.found if each.payload_sha256}
        again = frozenset(payloads & seen)
        yield table.without(pack.rows, again) if again else pack.rows
        seen |= payloads


def _settle(table: TidyFile, unsorted: Path, path: Path, left_out: frozenset[str]) -> None:
    """Make the table of the rows that were written, without the packages that do not count."""
    if not left_out:
        unsorted.rename(path)
        return
    with table.writing(path) as add:
        for pack in table.packs(unsorted):
            add(table.without(pack, left_out))


def _line(
    file: str, opened: Opened, judged: Mapping[int, Turn], only: TermKey | None
) -> tuple[str, str, str, str]:
    turn = judged.get(opened.place)
    if opened.code != "ok":
        verdict, code, sentence = "refused", opened.code, opened.sentence
    elif turn is None:
        verdict, code, sentence = "other kind", "ok", PACKAGE_KINDS[opened.kind]
    elif turn is Turn.OUT_OF_SEQUENCE:
        refusal = PackageError("out-of-sequence")
        verdict, code, sentence = "refused", refusal.code, refusal.sentence
    elif only not in {None, (opened.academic_year, opened.term)}:
        verdict, code, sentence = "other term", "ok", ""
    else:
        verdict, code, sentence = _TURNS[turn], "ok", ""
    return file, verdict, code, sentence
