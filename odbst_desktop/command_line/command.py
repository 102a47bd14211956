"""The command ``odbst``. Source: design, section 6.

Exit status 0 done, 1 refused, 2 wrong usage or a vault that does not open.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from odbst_desktop import __version__
from odbst_desktop.command_line import (
    collating,
    compliance,
    doctor,
    handbook,
    moving,
    packages,
    papers,
    records,
    returns,
    texts,
    themes,
    training,
    trust,
    vaults,
)
from odbst_desktop.command_line.options import NOT_OPENED, REFUSED, Work
from odbst_desktop.errors import OdbstError
from odbst_desktop.vault.errors import VaultError
from odbst_desktop.vault.hardening import harden_process


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    harden_process()
    options = _parser().parse_args(arguments)
    work: Work = options.work
    try:
        return work(options)
    except VaultError as fault:
        print(fault.sentence, file=sys.stderr)
        return NOT_OPENED
    except OdbstError as fault:
        print(fault.sentence, file=sys.stderr)
        return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="odbst", description="Offline safeguarding oversight for schools."
    )
    parser.add_argument("--version", action="version", version=f"odbst {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (
        vaults, packages, trust, themes, collating, returns, papers, training, compliance,
        records, texts, handbook, moving, doctor,
    ):  # fmt: skip
        module.add_commands(commands)
    return parser
