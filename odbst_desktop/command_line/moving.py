"""``odbst move-out``, ``move-in``, ``unpack`` and ``purge``: nobody is locked in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from odbst_desktop.command_line.options import (
    DONE,
    passphrase_of,
    read_passphrase,
    unlocked,
    with_vault,
)
from odbst_desktop.errors import InputError
from odbst_desktop.files import write_whole
from odbst_desktop.moving.archive import read_files, write_plain
from odbst_desktop.moving.out import move_out
from odbst_desktop.moving.purge import purge
from odbst_desktop.moving.taking_in import take_in
from odbst_desktop.office.opening import unlock_vault

_PLAIN = (
    "This folder is not encrypted: whoever can reach it can read it. Delete it when it has served."
)


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    out = commands.add_parser("move-out", help="write everything a vault holds as open files")
    with_vault(out, _move_out)
    out.add_argument("--out", type=Path, required=True, metavar="FILE|DIR")
    how = out.add_mutually_exclusive_group(required=True)
    _with_export_passphrase(how)
    how.add_argument("--plain", action="store_true", help="a folder that anybody can read")
    taken = commands.add_parser("move-in", help="take an export into a new vault")
    with_vault(taken, _move_in)
    taken.add_argument("export", type=Path, metavar="EXPORT")
    _with_export_passphrase(taken)
    unpack = commands.add_parser("unpack", help="lay an encrypted export out as a plain folder")
    unpack.add_argument("export", type=Path, metavar="EXPORT")
    unpack.add_argument("--out", type=Path, required=True, metavar="DIR")
    _with_export_passphrase(unpack)
    unpack.set_defaults(work=_unpack)
    gone = commands.add_parser("purge", help="remove a vault for good, after an export was checked")
    with_vault(gone, _purge)
    gone.add_argument("--name", required=True, help="the school's name, typed as it stands")
    gone.add_argument("--export", type=Path, required=True, metavar="EXPORT")
    gone.add_argument("--certificate", type=Path, required=True, metavar="FILE.pdf")
    _with_export_passphrase(gone)


def _with_export_passphrase(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--export-passphrase-file", type=Path, metavar="FILE",
                        help="the passphrase of the export")  # fmt: skip


def _export_passphrase(options: argparse.Namespace) -> str:
    file: Path | None = options.export_passphrase_file
    return "" if file is None else read_passphrase(file)


def _move_out(options: argparse.Namespace) -> int:
    passphrase = None if options.plain else _export_passphrase(options)
    with unlocked(options) as vault:
        made = move_out(vault, options.out, passphrase)
    print(
        f"{made.path}: {made.tables} tables with {made.rows} rows, {made.documents} documents, "
        f"{made.papers} papers."
    )
    if options.plain:
        print(_PLAIN, file=sys.stderr)
    return DONE


def _move_in(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        taken = take_in(vault, options.export, _export_passphrase(options))
    print(
        f"{taken.rows} rows of “{taken.organisation}” taken in. The keys are new: send your "
        "enrolment, and confirm the trust’s card again."
    )
    return DONE


def _unpack(options: argparse.Namespace) -> int:
    write_plain(read_files(options.export, _export_passphrase(options)), options.out)
    print(options.out)
    print(_PLAIN, file=sys.stderr)
    return DONE


def _purge(options: argparse.Namespace) -> int:
    if not options.certificate.parent.is_dir():
        raise InputError(
            f"There is no folder “{options.certificate.parent}” for the certificate. Nothing was "
            "removed; choose another."
        )
    vault = unlock_vault(options.vault, passphrase_of(options))
    try:
        gone = purge(vault, options.name, options.export, _export_passphrase(options))
    finally:
        vault.close()
    write_whole(options.certificate, gone.paper.pdf())
    print(f"Nothing of the vault is left in “{gone.folder}”. Certificate: {options.certificate}")
    return DONE
