"""``odbst retention`` and ``odbst subject``: what is due, holds, disposal, what is held."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from odbst_desktop.command_line.options import DONE, REFUSED, unlocked, with_json, with_vault
from odbst_desktop.errors import FileWriteError, InputError
from odbst_desktop.files import write_whole
from odbst_desktop.retention.certificate import certificate
from odbst_desktop.retention.disposal import disposals, dispose, tidy
from odbst_desktop.retention.holds import Hold, HoldOn, holds, lift_hold, place_hold
from odbst_desktop.retention.kinds import kinds
from odbst_desktop.retention.periods import periods, reset_period, set_period
from odbst_desktop.retention.review import DueRecord, Review, review
from odbst_desktop.retention.subject import find_person, find_reference
from odbst_desktop.retention.subject_export import export_found, free_paths
from odbst_desktop.school.typed_dates import read_typed_date, show_date


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    retention = commands.add_parser("retention", help="how long records are kept")
    actions = retention.add_subparsers(required=True, metavar="ACTION")
    due = actions.add_parser("review", help="what is due for disposal, and why")
    with_vault(due, _review)
    due.add_argument("--on", metavar="DATE", help="as it will be on a day")
    with_json(due)
    _add_hold(actions)
    disposal = actions.add_parser("dispose", help="dispose of what is due; it cannot be undone")
    with_vault(disposal, _dispose)
    which = disposal.add_mutually_exclusive_group(required=True)
    which.add_argument("--all", action="store_true", help="all that is due and not held")
    which.add_argument("--record", action="append", default=[], metavar="KIND/ID")
    disposal.add_argument("--certificate", type=Path, required=True, metavar="FILE.pdf")
    disposal.add_argument("--yes", action="store_true", help="the list was looked at: go ahead")
    again = actions.add_parser("certificate", help="print the certificate of a disposal again")
    with_vault(again, _certificate)
    again.add_argument("--of", metavar="NUMBER", help="else of the newest disposal")
    again.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    with_vault(actions.add_parser("tidy", help="give back the room that disposals left"), _tidy)
    period = actions.add_parser("period", help="how long each kind is kept; set one")
    with_vault(period, _period)
    period.add_argument("--kind", choices=tuple(kind.id for kind in kinds()))
    period.add_argument("--years", type=int, help="keep the kind for so many years")
    period.add_argument("--source", default="", help="where the figure comes from")
    period.add_argument("--reset", action="store_true", help="keep the kind as shipped")
    with_json(period)

    subject = commands.add_parser("subject", help="what is held, for the data protection officer")
    with_vault(subject, _subject)
    whom = subject.add_mutually_exclusive_group(required=True)
    whom.add_argument("--person", metavar="NAME", help="an adult")
    whom.add_argument("--reference", metavar="REF", help="a CPOMS reference")
    subject.add_argument("--out", type=Path, required=True, metavar="DIR")
    with_json(subject)


def _add_hold(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    hold = actions.add_parser("hold", help="list legal holds; place one, lift one")
    with_vault(hold, _hold)
    on = hold.add_mutually_exclusive_group()
    on.add_argument("--record", default="", metavar="KIND/ID")
    on.add_argument("--kind", default="", choices=tuple(kind.id for kind in kinds()))
    on.add_argument("--person", default="", metavar="NAME")
    on.add_argument("--since", metavar="DATE", help="everything since a day")
    on.add_argument("--lift", metavar="HOLD", help="lift the hold of this id")
    hold.add_argument("--reason", default="", help="why, without names")
    with_json(hold)


def _review(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        on = read_typed_date(options.on, vault.today()) if options.on else vault.today()
        with vault.reading() as session:
            found = review(session, on)
    _print(options, map(_due_facts, found.due), map(_due_words, found.due))
    if not options.json:
        print(_summary(found))
    return DONE


def _hold(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        if options.lift:
            lift_hold(vault, options.lift)
        elif options.record or options.kind or options.person or options.since:
            since = read_typed_date(options.since, vault.today()) if options.since else None
            on = HoldOn(options.record, options.kind, options.person, since)
            place_hold(vault, on, options.reason)
        with vault.reading() as session:
            known = holds(session)
    _print(options, map(_hold_facts, known), map(_hold_words, known))
    return DONE


def _dispose(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        with vault.reading() as session:
            free = review(session, vault.today()).free()
        names = [due.name for due in free] if options.all else options.record
        chosen = [due for due in free if due.name in names]
        print("\n".join(map(_due_words, chosen)))
        if not options.yes:
            print(f"{len(chosen)} records. Nothing was disposed of: add --yes to go ahead.")
            return REFUSED
        if not options.certificate.parent.is_dir():
            raise FileWriteError(
                f"There is no folder “{options.certificate.parent}” for the certificate. Nothing "
                "was disposed of; choose another."
            )
        made = dispose(vault, names)
        with vault.reading() as session:
            paper = certificate(session, made)
        write_whole(options.certificate, paper.pdf())
    print(f"{made.records} records disposed of. Certificate: {options.certificate}")
    return DONE


def _certificate(options: argparse.Namespace) -> int:
    with unlocked(options) as vault, vault.reading() as session:
        known = [made for made in disposals(session) if options.of in {None, made.id}]
        if not known:
            raise InputError("There is no such disposal in this vault.")
        write_whole(options.out, certificate(session, known[0]).pdf())
    print(options.out)
    return DONE


def _tidy(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        tidy(vault)
    print("The vault is tidied: no page holds what was disposed of.")
    return DONE


def _period(options: argparse.Namespace) -> int:
    if (options.years is not None or options.reset) and not options.kind:
        raise InputError("Say which kind of record: --kind meeting, for example.")
    with unlocked(options) as vault:
        if options.reset:
            reset_period(vault, options.kind)
        elif options.years is not None:
            set_period(vault, options.kind, options.years, options.source)
        with vault.reading() as session:
            known = [p for p in periods(session) if options.kind in {None, p.kind.id}]
    facts = (
        {"kind": p.kind.id, "years": p.years, "after": p.kind.after, "rule": p.rule,
         "source": p.source, "is_own": p.is_own}
        for p in known
    )  # fmt: skip
    _print(options, facts, (f"{p.kind.plural}: {p.rule}. {p.source}." for p in known))
    return DONE


def _subject(options: argparse.Namespace) -> int:
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise FileWriteError(
            f"The folder “{options.out}” could not be made ({fault.strerror}). Choose another."
        ) from fault
    with unlocked(options) as vault:
        found = (
            find_person(vault, options.person)
            if options.person is not None
            else find_reference(vault, options.reference)
        )
        made = export_found(vault, found)
        paths = free_paths(options.out, vault.today())
    for path, data in zip(paths, (made.paper.pdf(), made.csv), strict=True):
        write_whole(path, data)
    facts = {"passages": made.passages, "masked": dict(made.masked),
             "files": [str(path) for path in paths]}  # fmt: skip
    words = (*map(str, paths), f"{made.passages} passages; masked: {made.masked_words}.")
    _print(options, [facts], words)
    return DONE


def _due_facts(due: DueRecord) -> dict[str, Any]:
    return {
        "record": due.name, "kind": due.record.kind.id, "words": due.words,
        "date": due.day.isoformat(), "fell_due": due.fell_due.isoformat(), "rule": due.rule,
        "source": due.source, "parts": len(due.record.parts), "blocks": list(due.blocks),
    }  # fmt: skip


def _due_words(due: DueRecord) -> str:
    state = "; ".join(due.blocks) or "may be disposed of"
    return f"{due.name}\n  {due.words}. {due.why} {state[:1].upper()}{state[1:]}."


def _summary(found: Review) -> str:
    held = len(found.due) - len(found.free())
    following = f" The next falls due on {show_date(found.next_due)}." if found.next_due else ""
    return f"{len(found.due)} of {found.held_total} records are due, {held} held back.{following}"


def _hold_facts(hold: Hold) -> dict[str, Any]:
    since = hold.since.isoformat() if isinstance(hold.since, date) else None
    return {**asdict(hold), "since": since, "words": hold.words}


def _hold_words(hold: Hold) -> str:
    state = f"lifted by {hold.lifted_by}, {hold.lifted_at[:10]}" if hold.lifted_at else "in force"
    return (
        f"{hold.id}\n  {hold.words}: {hold.reason} ({hold.placed_by}, {hold.placed_at[:10]}; "
        f"{state})"
    )


def _print(
    options: argparse.Namespace,
    facts: Iterator[dict[str, Any]] | Sequence[dict[str, Any]],
    words: Iterator[str] | Sequence[str],
) -> None:
    for each in facts if options.json else words:
        print(json.dumps(each, ensure_ascii=False) if options.json else each)
