"""``odbst report``: the papers for governors of a signed return, and its fields as a sheet."""

from __future__ import annotations

import argparse
from pathlib import Path

from odbst_desktop.command_line.options import DONE, unlocked, with_term, with_vault
from odbst_desktop.errors import InputError
from odbst_desktop.files import write_whole
from odbst_desktop.reports.document import Paper
from odbst_desktop.returns.drafting import Return, returns
from odbst_desktop.returns.field_sheet import field_sheet
from odbst_desktop.returns.governor_papers import hand_on_papers
from odbst_desktop.vault.vault import Vault

_PAPERS = {"lgb": "lgb", "headteacher": "head", "one-page": "picture"}
_FIELDS = "fields"


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    report = commands.add_parser("report", help="papers of a termly return")
    with_vault(report, _report)
    kinds = (*_PAPERS, _FIELDS)
    report.add_argument("kind", choices=kinds, metavar="KIND", help=", ".join(kinds))
    report.add_argument(
        "--out", type=Path, required=True, metavar="FILE",
        help="ends with .pdf or .html; for the fields, which hold true numbers, with .csv",
    )  # fmt: skip
    with_term(report, is_required=False)


def _report(options: argparse.Namespace) -> int:
    allowed = {".csv"} if options.kind == _FIELDS else {".pdf", ".html"}
    if options.out.suffix.lower() not in allowed:
        ends = " or ".join(sorted(allowed))
        raise InputError(f"The file’s name has to end with {ends}. Nothing was written.")
    with unlocked(options) as vault:
        write_whole(options.out, _made(vault, options))
    print(options.out)
    return DONE


def _made(vault: Vault, options: argparse.Namespace) -> bytes:
    found = _return_of(vault, options)
    if options.kind == _FIELDS:
        return field_sheet(vault, found.id)
    paper: Paper = getattr(hand_on_papers(vault, found.id), _PAPERS[options.kind])
    return paper.html() if options.out.suffix.lower() == ".html" else paper.pdf()


def _return_of(vault: Vault, options: argparse.Namespace) -> Return:
    with vault.reading() as session:
        held = [
            made for made in returns(session)
            if options.year in {None, made.year} and options.term in {None, made.term}
        ]  # fmt: skip
    if not held:
        raise InputError("There is no return of that term in this vault. Prepare it first.")
    return held[0]
