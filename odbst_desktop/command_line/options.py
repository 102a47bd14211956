"""Options that many commands share, and what they stand for."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from odbst_desktop.files import read_whole
from odbst_desktop.office.opening import unlock_vault
from odbst_desktop.vault.vault import Vault

DONE, REFUSED, NOT_OPENED = 0, 1, 2
_LONGEST_PASSPHRASE_FILE = 4096
Work = Callable[[argparse.Namespace], int]


def with_vault(parser: argparse.ArgumentParser, work: Work) -> None:
    """Let a command take a vault and its passphrase, and name what it does."""
    parser.set_defaults(work=work)
    parser.add_argument("vault", type=Path, metavar="VAULT", help="the vault's folder")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="else it is asked for")


def with_term(parser: argparse.ArgumentParser, *, is_required: bool) -> None:
    """Let a command take an academic year and a term."""
    parser.add_argument("--year", required=is_required, metavar="2026-27", help="academic year")
    parser.add_argument("--term", required=is_required, choices=("autumn", "spring", "summer"))


def with_json(parser: argparse.ArgumentParser) -> None:
    """Let a command print one JSON object a line."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


@contextmanager
def unlocked(options: argparse.Namespace) -> Iterator[Vault]:
    """Open the vault of a command, and close it at the end."""
    vault = unlock_vault(options.vault, passphrase_of(options))
    try:
        yield vault
    finally:
        vault.close()


def passphrase_of(options: argparse.Namespace) -> str:
    """Return the passphrase: from the file named, or asked for."""
    if options.passphrase_file is None:
        # It is asked for once, however often the command needs it.
        if not hasattr(options, "typed_passphrase"):
            options.typed_passphrase = getpass.getpass("Passphrase: ")
        return str(options.typed_passphrase)
    return read_passphrase(options.passphrase_file)


def read_passphrase(path: Path) -> str:
    """Return the first line of a passphrase file."""
    data = read_whole(path, at_most_bytes=_LONGEST_PASSPHRASE_FILE)
    return data.decode("utf-8", "replace").rstrip("\r\n")
