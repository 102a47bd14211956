"""``odbst return``: where returns stand, signing, the second signer's laptop, revisions, drafts."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

from odbst_desktop.command_line.options import (
    DONE,
    passphrase_of,
    read_passphrase,
    unlocked,
    with_json,
    with_term,
    with_vault,
)
from odbst_desktop.errors import InputError
from odbst_desktop.exchange.checking import MOST_BYTES
from odbst_desktop.files import read_whole, write_whole
from odbst_desktop.office.return_files import (
    ReadyFile,
    countersigned_files,
    draft_file,
    file_for_signer,
)
from odbst_desktop.returns.countersigners import Countersigner, countersigners
from odbst_desktop.returns.drafting import ReturnId, returns
from odbst_desktop.returns.other_laptop import compare_draft, other_vaults, take_fields
from odbst_desktop.returns.outstanding import outstanding
from odbst_desktop.returns.revisions import amend_return, changes_of
from odbst_desktop.returns.signing import countersign_return, preview_return, sign_return
from odbst_desktop.returns.standing import ready_drafts, standings_of
from odbst_desktop.returns.travelling import add_signature, to_countersign
from odbst_desktop.vault.vault import Vault


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    parser = commands.add_parser("return", help="the termly return: state, signatures, revisions")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    for name, work, words in (
        ("status", _status, "where each return stands, and what is not acknowledged yet"),
        ("signers", _signers, "who may countersign, here or on a laptop of their own"),
        ("to-sign", _to_sign, "returns that came here to be signed"),
    ):
        command = actions.add_parser(name, help=words)
        with_vault(command, work)
        with_json(command)
    _add_signing(actions)
    amend = actions.add_parser("amend", help="begin the next revision of an exported return")
    with_vault(amend, _amend)
    with_term(amend, is_required=True)
    amend.add_argument("--reason", required=True, help="why, in a sentence")
    changes = actions.add_parser("changes", help="what the newest revision changes")
    with_vault(changes, _changes)
    with_term(changes, is_required=True)
    with_json(changes)
    _add_drafts(actions)


def _add_signing(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    preview = actions.add_parser("preview", help="the very paper that a signature would cover")
    sign = actions.add_parser("sign", help="sign as the DSL")
    for command, work in ((preview, _preview), (sign, _sign)):
        with_vault(command, work)
        with_term(command, is_required=True)
        command.add_argument(
            "--countersigner", default="", metavar="NAME", help="who signs second, if several may"
        )
    preview.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    sign.add_argument(
        "--date-is-right", action="store_true", help="today’s date is right though it seems not"
    )
    second = actions.add_parser("countersign", help="add the second signature on this computer")
    with_vault(second, _countersign)
    with_term(second, is_required=True)
    second.add_argument("--second-passphrase-file", type=Path, required=True, metavar="FILE")
    hand_over = actions.add_parser("hand-over", help="write the file for who signs elsewhere")
    with_vault(hand_over, _hand_over)
    with_term(hand_over, is_required=True)
    hand_over.add_argument("--out", type=Path, required=True, metavar="FILE")
    add = actions.add_parser("add-signature", help="sign a return that came here; write the files")
    with_vault(add, _add_signature)
    add.add_argument("--of", metavar="SHA256", default="", help="which, if several wait")
    add.add_argument("--out", type=Path, required=True, metavar="FILE", help="for the trust")
    add.add_argument("--back", type=Path, metavar="FILE", help="back for the DSL")


def _add_drafts(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    draft = actions.add_parser("share-draft", help="seal a draft to another laptop of the school")
    with_vault(draft, _share)
    with_term(draft, is_required=True)
    draft.add_argument(
        "--to", default="", metavar="OWNER", help="whose vault, if several are known"
    )
    draft.add_argument("--out", type=Path, required=True, metavar="FILE")
    compare = actions.add_parser("compare", help="compare another laptop's draft, field by field")
    with_vault(compare, _compare)
    compare.add_argument("file", type=Path, metavar="FILE")
    compare.add_argument("--take", action="append", default=[], metavar="FIELD")
    compare.add_argument("--take-all", action="store_true", help="take every field that differs")
    with_json(compare)


def _status(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        ready, today = ready_drafts(vault), vault.today()
        with vault.reading() as session:
            known, waiting = standings_of(session, ready=ready), outstanding(session)
    for each in known:
        made = each.found
        facts = {"year": made.year, "term": made.term, "revision": made.revision,
                 "state": each.state, "age_days": each.age_days(today),
                 "reason": made.reason}  # fmt: skip
        words = f"{made.title}, revision {made.revision}: {each.words}"
        print(json.dumps(facts, ensure_ascii=False) if options.json else words)
    for item in waiting:
        facts = {"outstanding": item.what, "sent_on": item.sent_on.isoformat(),
                 "waits_for": item.waits_for}  # fmt: skip
        words = f"Outstanding for {item.age_words(today)}: {item.what}, waits for {item.waits_for}."
        print(json.dumps(facts, ensure_ascii=False) if options.json else words)
    return DONE


def _signers(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        for each in countersigners(vault):
            facts = {"person": each.name, "role": each.role, "is_here": each.is_here}
            print(json.dumps(facts, ensure_ascii=False) if options.json else each.words)
    return DONE


def _to_sign(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        for each in to_countersign(vault):
            facts = {"payload_sha256": each.payload_sha256, "title": each.title,
                     "signer": each.signer, "is_signed": each.is_signed}  # fmt: skip
            words = f"{each.title}: {each.state_words} ({each.signer})\n  {each.payload_sha256}"
            print(json.dumps(facts, ensure_ascii=False) if options.json else words)
    return DONE


def _preview(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        second = _second(vault, options.countersigner)
        shown = preview_return(vault, _return(vault, options), second.id)
        write_whole(options.out, shown.pdf)
    print(options.out)
    return DONE


def _sign(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        second = _second(vault, options.countersigner)
        right_day: date | None = vault.today() if options.date_is_right else None
        made, passphrase = _return(vault, options), passphrase_of(options)
        sign_return(vault, made, passphrase, second.id, right_day=right_day)
    print(f"Signed. Now {second.words.partition(' · ')[0]} signs.")
    return DONE


def _countersign(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        second = read_passphrase(options.second_passphrase_file)
        countersign_return(vault, _return(vault, options), second)
    print("Signed by both. Export it for the trust.")
    return DONE


def _hand_over(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        _write(file_for_signer(vault, _return(vault, options)), options.out)
    return DONE


def _add_signature(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        known = to_countersign(vault)
        waiting = [r for r in known if options.of in {"", r.payload_sha256}]
        if not options.of and len(waiting) > 1:
            waiting = [each for each in waiting if not each.is_signed]
        if len(waiting) != 1:
            raise InputError(
                "No return waits for a signature here."
                if not waiting
                else "Several returns wait: name one by --of SHA256, as “to-sign” lists them."
            )
        chosen = waiting[0]
        if not chosen.is_signed:
            add_signature(vault, chosen.payload_sha256, passphrase_of(options))
        for_trust, for_school = countersigned_files(vault, chosen.payload_sha256)
        _write(for_trust, options.out)
        if options.back is not None:
            _write(for_school, options.back)
    return DONE


def _amend(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        amend_return(vault, _return(vault, options), options.reason)
    print("The next revision is begun, with the same answers. Change what is to be changed.")
    return DONE


def _changes(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        made = _return(vault, options)
        with vault.reading() as session:
            found = next(each for each in returns(session) if each.id == made)
            changed = changes_of(session, found)
    for each in changed:
        facts = {"field": each.field, "label": each.label, "before": each.before,
                 "after": each.after}  # fmt: skip
        words = f"{each.label}: {each.before} → {each.after}"
        print(json.dumps(facts, ensure_ascii=False) if options.json else words)
    return DONE


def _share(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        known = [each for each in other_vaults(vault) if options.to in {"", each.owner}]
        if len(known) != 1:
            names = ", ".join(each.owner for each in other_vaults(vault)) or "none"
            raise InputError(
                f"Name one other vault of the school by --to. On the trust card are: {names}."
            )
        made = _return(vault, options)
        _write(draft_file(vault, made, passphrase_of(options), known[0]), options.out)
    return DONE


def _compare(options: argparse.Namespace) -> int:
    data = read_whole(options.file, at_most_bytes=MOST_BYTES)
    with unlocked(options) as vault:
        other = compare_draft(vault, data)
        for each in other.differences:
            facts = {"field": each.field, "label": each.label, "mine": each.mine,
                     "theirs": each.theirs}  # fmt: skip
            words = f"{each.field}: mine {each.mine} · {other.person} {each.theirs}"
            print(json.dumps(facts, ensure_ascii=False) if options.json else words)
        fields = [d.field for d in other.differences] if options.take_all else options.take
        if fields:
            print(f"{take_fields(vault, other, fields)} fields taken.")
        elif not options.json:
            print(f"{len(other.differences)} fields differ. Nothing was changed.")
    return DONE


def _return(vault: Vault, options: argparse.Namespace) -> ReturnId:
    with vault.reading() as session:
        known = returns(session)
    for each in known:
        if (each.year, each.term) == (options.year, options.term):
            return each.id
    raise InputError("There is no return of that term in this vault. Prepare it first.")


def _second(vault: Vault, name: str) -> Countersigner:
    known = [each for each in countersigners(vault) if not name or each.name == name]
    if len(known) > 1 and name:
        known = known[:1]  # the same person here and elsewhere: here comes first
    if len(known) != 1:
        names = "; ".join(each.words for each in countersigners(vault)) or "nobody"
        raise InputError(f"Name who signs second by --countersigner. It may be: {names}.")
    return known[0]


def _write(ready: ReadyFile, path: Path) -> None:
    write_whole(path, ready.data)
    print(path)
    print(f"  For {ready.reader}. {ready.what_to_do}")
    print("  Fingerprint " + ready.fingerprint_words.replace("\n", " · "))
