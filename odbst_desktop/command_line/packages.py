"""``odbst export``, ``verify``, ``import`` and ``inspect``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from odbst_desktop.command_line.options import (
    DONE,
    REFUSED,
    passphrase_of,
    read_passphrase,
    unlocked,
    with_json,
    with_term,
    with_vault,
)
from odbst_desktop.errors import InputError
from odbst_desktop.files import write_whole
from odbst_desktop.monitoring.visits import visits
from odbst_desktop.office import inbox, outbox
from odbst_desktop.office.inbox import Verdict
from odbst_desktop.office.outbox import Outgoing
from odbst_desktop.returns.drafting import return_form, returns
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.vault.vault import Vault


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    export = commands.add_parser("export", help="make a package")
    with_vault(export, _export)
    export.add_argument("kind", choices=tuple(_EXPORTS), metavar="KIND", help=", ".join(_EXPORTS))
    export.add_argument("--out", type=Path, required=True, metavar="FILE")
    export.add_argument(
        "--urn", type=int, metavar="N", help="enrolment: another school that the governor governs"
    )
    export.add_argument("--of", metavar="SHA256", help="receipt: the return that it answers")
    export.add_argument(
        "--query", action="append", default=[], metavar="FIELD=TEXT",
        help="receipt: a question to one field; it makes the return queried",
    )  # fmt: skip
    export.add_argument(
        "--second-passphrase-file", type=Path, metavar="FILE",
        help="enrolment: of the other person who enrols",
    )  # fmt: skip
    with_term(export, is_required=False)
    for name, work, words in (
        ("verify", _verify, "check packages and change nothing"),
        ("import", _import, "check packages and store those that are true"),
        ("inspect", _inspect, "check packages and print what they say, without documents"),
    ):
        command = commands.add_parser(name, help=words)
        with_vault(command, work)
        command.add_argument("files", type=Path, nargs="+", metavar="FILE")
        with_json(command)


def _export(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        for path, outgoing in _EXPORTS[options.kind](vault, options):
            write_whole(path, outgoing.data)
            print(path)
    return DONE


def _export_card(vault: Vault, options: argparse.Namespace) -> list[tuple[Path, Outgoing]]:
    return [(options.out, outbox.trust_card(vault, passphrase_of(options)))]


def _export_enrolment(vault: Vault, options: argparse.Namespace) -> list[tuple[Path, Outgoing]]:
    given = [passphrase_of(options)]
    if options.second_passphrase_file is not None:
        given.append(read_passphrase(options.second_passphrase_file))
    return [(options.out, outbox.enrolment(vault, given, options.urn))]


def _export_return(vault: Vault, options: argparse.Namespace) -> list[tuple[Path, Outgoing]]:
    with vault.reading() as session:
        held = [
            made for made in returns(session)
            if options.year in {None, made.year} and options.term in {None, made.term}
        ]  # fmt: skip
    if not held:
        raise InputError("There is no return of that term in this vault. Prepare it first.")
    return [(options.out, outbox.termly_return(vault, held[0].id))]


def _export_visit(vault: Vault, options: argparse.Namespace) -> list[tuple[Path, Outgoing]]:
    with vault.reading() as session:
        closed = [visit for visit in visits(session) if visit.state == "closed"]
    if not closed:
        raise InputError("There is no closed visit that waits to be signed. Close a visit first.")
    sent = outbox.monitoring_visit(vault, closed[0].id, passphrase_of(options))
    stem: Path = options.out.with_suffix("")
    ends = ("school", "trust")
    return [
        (stem.with_name(f"{stem.name}-for-{to}.odbst"), outgoing)
        for to, outgoing in zip(ends, sent, strict=True)
    ]


def _export_receipt(vault: Vault, options: argparse.Namespace) -> list[tuple[Path, Outgoing]]:
    if not options.of:
        raise InputError("Name the return that the receipt answers: --of SHA256.")
    queries = [tuple(query.partition("=")[::2]) for query in options.query]
    known = {question.name for question in return_form().questions()}
    for field, text in queries:
        if field not in known or not text.strip():
            raise InputError(f"“{field}” is no field of the return, or its question is missing.")
    return [(options.out, outbox.receipt(vault, options.of, passphrase_of(options), queries))]


def _export_pack(vault: Vault, options: argparse.Namespace) -> list[tuple[Path, Outgoing]]:
    if options.year is None or options.term is None:
        raise InputError("Name the term that the pack is for: --year 2026-27 --term spring.")
    term = TermOf(options.year, options.term)
    return [(options.out, outbox.focus_pack(vault, term, passphrase_of(options)))]


_EXPORTS: dict[str, Callable[[Vault, argparse.Namespace], list[tuple[Path, Outgoing]]]] = {
    "trust-card": _export_card,
    "enrolment": _export_enrolment,
    "termly-return": _export_return,
    "monitoring-visit": _export_visit,
    "receipt": _export_receipt,
    "focus-pack": _export_pack,
}


def _verify(options: argparse.Namespace) -> int:
    return _judge(options, inbox.verify_files)


def _import(options: argparse.Namespace) -> int:
    return _judge(options, inbox.import_files)


def _judge(
    options: argparse.Namespace, work: Callable[[Vault, Sequence[Path]], Iterator[Verdict]]
) -> int:
    refused = False
    paths = inbox.package_files(options.files)
    with unlocked(options) as vault:
        for path, verdict in zip(paths, work(vault, paths), strict=True):
            refused |= verdict.is_refused
            if options.json:
                said = {**asdict(verdict), "file": str(path)}
                print(json.dumps(said, ensure_ascii=False), flush=True)
            else:
                print(f"{path}: {verdict.verdict} ({verdict.code}). {verdict.message}", flush=True)
    return REFUSED if refused else DONE


def _inspect(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        for path in options.files:
            payload = inbox.inspect_file(vault, path)
            print(json.dumps(payload, ensure_ascii=False, indent=None if options.json else 2))
    return DONE
