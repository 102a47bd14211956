"""``odbst collate``: a term's returns of the vault, or folders of packages of any size."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from odbst_desktop.command_line.options import DONE, REFUSED, unlocked, with_term, with_vault
from odbst_desktop.errors import FileWriteError, InputError
from odbst_desktop.exchange.checking import Held
from odbst_desktop.files import write_whole
from odbst_desktop.office.folders import Engine, collate_folders, copy_desk
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.trust.collation import collated_csv
from odbst_desktop.trust.opened import Opening
from odbst_desktop.trust.processes import Here
from odbst_desktop.trust.returned import counted_words, standings
from odbst_desktop.trust.table import rows_of_term, trust_table
from odbst_desktop.trust.tidy_files import tidy_file

_MOST_WORKERS = 256


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command of this module."""
    collate = commands.add_parser(
        "collate",
        help="all returns as one table, true numbers: a term of the vault, or folders of packages",
    )
    with_vault(collate, _collate)
    collate.add_argument(
        "folders", type=Path, nargs="*", metavar="FOLDER",
        help="packages to check and collate, wherever they lie; without, what the vault received",
    )  # fmt: skip
    with_term(collate, is_required=False)
    collate.add_argument("--out", type=Path, required=True, metavar="DIR")
    collate.add_argument("--workers", type=int, default=1, metavar="N", help="so many processes")
    collate.add_argument("--spark", metavar="MASTER", help="on Apache Spark, e.g. local[2]")


def _collate(options: argparse.Namespace) -> int:
    if (options.year is None) != (options.term is None):
        raise InputError("Name the year and the term together, or neither.")
    if options.folders:
        return _of_folders(options)
    if options.year is None:
        raise InputError("Name a term with --year and --term, or folders of packages.")
    return _of_the_vault(options)


def _of_the_vault(options: argparse.Namespace) -> int:
    with unlocked(options) as vault, vault.reading() as session:
        table = trust_table(session, return_form())
        known = standings(session, options.year, options.term, vault.today())
    rows = rows_of_term(table, (options.year, options.term))
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise FileWriteError(
            f"The folder “{options.out}” could not be made ({fault.strerror}). Choose another."
        ) from fault
    target = options.out / f"returns-{options.year}-{options.term}.csv"
    write_whole(target, collated_csv(rows))
    print(target)
    print(f"{counted_words(known)}.")
    return DONE


def _of_folders(options: argparse.Namespace) -> int:
    if not 1 <= options.workers <= _MOST_WORKERS:
        raise InputError(f"The number of workers is from 1 to {_MOST_WORKERS}.")
    with unlocked(options) as vault:
        desk, held = copy_desk(vault)
    # From here on the vault is closed again: others may work in it while the files are read.
    only = None if options.year is None else (options.year, options.term)
    opening = Opening(desk, tidy_file(), only)
    try:
        if options.spark:
            from odbst_desktop.trust.spark import on_spark  # noqa: PLC0415 - of an extra

            with on_spark(options.spark, opening) as engine:
                return _run(options, opening, held, engine)
        return _run(options, opening, held, Here(opening, options.workers))
    except KeyboardInterrupt:
        print("\nStopped. Nothing was written.", file=sys.stderr)
        return REFUSED


def _run(
    options: argparse.Namespace, opening: Opening, held: Mapping[str, Held], engine: Engine
) -> int:
    is_watched = sys.stderr.isatty()
    with closing(collate_folders(opening, held, options.folders, options.out, engine)) as steps:
        for step in steps:
            if is_watched:
                print(f"\r{step.done:,} of {step.total:,} files", end="", file=sys.stderr)
            if step.batch is not None:
                if is_watched:
                    print(file=sys.stderr)
                for path in (step.batch.table, step.batch.figures, step.batch.report):
                    print(path)
                print(step.batch.words)
                return REFUSED if step.batch.counts.get("refused") else DONE
    return REFUSED
