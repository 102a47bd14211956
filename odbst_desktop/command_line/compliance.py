"""``odbst compliance`` and ``odbst inspection``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from odbst_desktop.command_line.options import DONE, unlocked, with_json, with_vault
from odbst_desktop.compliance.paper import Reader, register_paper
from odbst_desktop.errors import StateError
from odbst_desktop.files import write_whole
from odbst_desktop.office.compliance import register_today
from odbst_desktop.office.inspection import inspection_folder
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import Profile, read_owner
from odbst_desktop.vault.vault import Vault

_READERS = {"lgb": Reader.LGB, "inspector": Reader.INSPECTOR}


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    register = commands.add_parser("compliance", help="the compliance register as a PDF")
    with_vault(register, _register)
    register.add_argument("--out", type=Path, metavar="FILE", help="else it is only printed")
    register.add_argument("--for", dest="reader", choices=tuple(_READERS), default="lgb")
    with_json(register)
    folder = commands.add_parser("inspection", help="the inspection folder as one PDF")
    with_vault(folder, _folder)
    folder.add_argument("--out", type=Path, required=True, metavar="FILE")


def _register(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        _refuse_other_vaults(vault)
        with vault.reading() as session:
            register, owner = register_today(session, vault.today()), read_owner(session)
    if options.out is not None:
        paper = register_paper(
            register.standings, register.evidence, register.gaps, owner, _READERS[options.reader]
        )
        _write(options.out, paper)
    for now in register.standings:
        if options.json:
            facts = {"id": now.item.id, "area": now.item.area, "state": now.state.name.lower(),
                     "owner": now.owner, "wants": list(now.wants),
                     "next": now.next_on.isoformat() if now.next_on else None}  # fmt: skip
            print(json.dumps(facts, ensure_ascii=False))
        elif options.out is None:
            print(f"{now.state.shown:18} {now.item.label}")
    if not options.json:
        print(f"{register.term.label}: {register.progress.words}.")
    return DONE


def _folder(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        _refuse_other_vaults(vault)
        paper = inspection_folder(vault)
    _write(options.out, paper)
    return DONE


def _refuse_other_vaults(vault: Vault) -> None:
    with vault.reading() as session:
        if read_owner(session).profile is not Profile.SCHOOL:
            raise StateError("The compliance register is kept in a school’s vault. Open that one.")


def _write(path: Path, paper: Paper) -> None:
    write_whole(path, paper.pdf())
    print(path)
