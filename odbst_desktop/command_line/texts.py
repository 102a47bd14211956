"""``odbst forms`` and ``odbst privacy``."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from odbst_desktop.analysis.privacy import find_identifiers
from odbst_desktop.command_line.options import DONE, REFUSED, unlocked, with_json
from odbst_desktop.errors import OdbstError
from odbst_desktop.files import read_whole, write_whole
from odbst_desktop.form_engine.reading import FormReading, load_form, read_form, shipped_forms
from odbst_desktop.form_engine.writing import workbook_of
from odbst_desktop.form_library.definitions import definitions
from odbst_desktop.reports.blank_form import blank_paper

_MOST_TEXT_BYTES = 10_000_000


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    forms = commands.add_parser("forms", help="form definitions")
    actions = forms.add_subparsers(required=True, metavar="ACTION")
    check = actions.add_parser("check", help="name the faults of form definitions")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE")
    check.set_defaults(work=_check)
    paper = actions.add_parser("paper", help="write a form as a PDF to fill in by hand")
    paper.add_argument("file", type=Path, metavar="FILE")
    paper.add_argument("--out", type=Path, required=True, metavar="PDF")
    paper.set_defaults(work=_paper)
    book = actions.add_parser("workbook", help="write a form as an XLSForm workbook")
    book.add_argument("file", type=Path, metavar="FILE")
    book.add_argument("--out", type=Path, required=True, metavar="XLSX")
    book.set_defaults(work=_workbook)
    listed = actions.add_parser("list", help="id, version and sha256 of the forms in use")
    with_json(listed)
    listed.add_argument("vault", type=Path, nargs="?", metavar="VAULT", help="of this vault")
    listed.add_argument("--passphrase-file", type=Path, metavar="FILE", help="else it is asked for")
    listed.set_defaults(work=_list)
    privacy = commands.add_parser("privacy", help="find words that may identify a child")
    privacy.add_argument("file", metavar="FILE|-")
    with_json(privacy)
    privacy.set_defaults(work=_privacy)


def _check(options: argparse.Namespace) -> int:
    faulty = False
    for path in options.files:
        try:
            reading = read_form(path)
        except OdbstError as fault:
            faulty = True
            print(f"{path}: {fault.sentence}")
            continue
        faulty |= not reading.is_usable
        for word, found in (
            ("wrong", reading.faults), ("not supported", reading.unsupported),
            ("note", reading.notices),
        ):  # fmt: skip
            for place in found:
                print(f"{path}: {word}: {place.words}")
        print(f"{path}: {_verdict(reading)}")
    return REFUSED if faulty else DONE


def _verdict(reading: FormReading) -> str:
    if reading.form is None:
        return f"cannot be used: {len(reading.faults)} to mend."
    named = f"{reading.form.form_id} {reading.form.version}"
    if reading.unsupported:
        return f"{named} opens as a preview: {len(reading.unsupported)} parts are not supported."
    return f"{named} is sound."


def _paper(options: argparse.Namespace) -> int:
    form = load_form(options.file)
    write_whole(options.out, blank_paper(form, "", date.today()).pdf())  # noqa: DTZ011 - local
    print(options.out)
    return DONE


def _workbook(options: argparse.Namespace) -> int:
    write_whole(options.out, workbook_of(load_form(options.file)))
    print(options.out)
    return DONE


def _list(options: argparse.Namespace) -> int:
    forms = list(shipped_forms())
    if options.vault is not None:
        with unlocked(options) as vault, vault.reading() as session:
            known = {form.sha256 for form in forms}
            forms += [form for form in definitions(session) if form.sha256 not in known]
    for form in forms:
        if options.json:
            facts = {"id": form.form_id, "version": form.version, "sha256": form.sha256}
            print(json.dumps({**facts, "title": form.title}, ensure_ascii=False))
        else:
            print(f"{form.form_id:24} {form.version:8} {form.sha256}  {form.title}")
    return DONE


def _privacy(options: argparse.Namespace) -> int:
    if options.file == "-":
        text = sys.stdin.read()
    else:
        data = read_whole(Path(options.file), at_most_bytes=_MOST_TEXT_BYTES)
        text = data.decode("utf-8", "replace")
    found = find_identifiers(text)
    for finding in found:
        before = text[: finding.start]
        line = before.count("\n") + 1
        column = finding.start - (before.rfind("\n") + 1) + 1
        if options.json:
            facts = {"line": line, "column": column, "words": finding.words, "why": finding.why}
            print(json.dumps(facts, ensure_ascii=False))
        else:
            print(f"{line}:{column}: “{finding.words}” {finding.why}")
    return REFUSED if found else DONE
