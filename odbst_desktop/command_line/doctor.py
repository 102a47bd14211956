"""``odbst doctor``: what the program sees, for a help-desk call."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from odbst_desktop.command_line.options import DONE, REFUSED, unlocked, with_json
from odbst_desktop.office.doctor import (
    Fact,
    facts_of_the_computer,
    facts_of_the_folder,
    facts_of_the_vault,
)


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    doctor = commands.add_parser(
        "doctor", help="what the program sees of this machine and a vault, without contents"
    )
    with_json(doctor)
    doctor.add_argument("vault", type=Path, nargs="?", metavar="VAULT", help="and of this vault")
    doctor.add_argument("--passphrase-file", type=Path, metavar="FILE", help="opens it, to check")
    doctor.set_defaults(work=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    facts = tuple(_facts(options))
    if options.json:
        told = {fact.name: fact.seen for fact in facts if fact.name != "policy"}
        problems = {fact.name: fact.problem for fact in facts if fact.problem}
        policies = [fact.seen for fact in facts if fact.name == "policy"]
        print(json.dumps({**told, "policies set": policies, "problems": problems},
                         ensure_ascii=False))  # fmt: skip
    else:
        for fact in facts:
            print(f"{'✗' if fact.problem else '✓'} {fact.name:22} {fact.seen}")
            if fact.problem:
                print(f"  {'':22} {fact.problem}")
    return REFUSED if any(fact.problem for fact in facts) and options.vault else DONE


def _facts(options: argparse.Namespace) -> Iterator[Fact]:
    from odbst_desktop.desktop.display import qt_seen, why_no_window  # noqa: PLC0415 - Qt: late

    yield from facts_of_the_computer()
    yield Fact("Qt", qt_seen())
    yield Fact("display", why_no_window() or "a window can be shown")
    if options.vault is None:
        return
    yield from facts_of_the_folder(options.vault)
    if options.passphrase_file is not None:
        with unlocked(options) as vault:
            yield from facts_of_the_vault(vault)
