"""``odbst trust``: what the ESL does, without a window."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

from odbst_desktop.command_line.options import (
    DONE,
    passphrase_of,
    unlocked,
    with_json,
    with_term,
    with_vault,
)
from odbst_desktop.errors import InputError
from odbst_desktop.exchange.register import known_keys
from odbst_desktop.files import write_whole
from odbst_desktop.office import inbox
from odbst_desktop.office.answering import accept_return, send_queries
from odbst_desktop.office.inbox import REVOKED_BECAUSE
from odbst_desktop.office.trust_card import card_state
from odbst_desktop.reports.document import Paper
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.schools import AUTHORITIES, School, write_school
from odbst_desktop.trust.comparisons import compare_schools
from odbst_desktop.trust.due_dates import set_due_date
from odbst_desktop.trust.figures import figures
from odbst_desktop.trust.queries import write_query
from odbst_desktop.trust.reminder import addressees, reminder_letter, to_remind
from odbst_desktop.trust.report_papers import PAPERS, term_facts, term_paper, year_review
from odbst_desktop.trust.returned import SchoolStanding, counted_words, standings
from odbst_desktop.trust.school_facts import SchoolFacts, school_facts, write_school_facts
from odbst_desktop.trust.table import trust_table
from odbst_desktop.vault.vault import Vault


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    trust = commands.add_parser("trust", help="the trust's register, its returns and reports")
    actions = trust.add_subparsers(required=True, metavar="ACTION")
    _add_register(actions)
    _add_returns(actions)


def _add_register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    add = actions.add_parser("add-school", help="add a school")
    with_vault(add, _add_school)
    add.add_argument("--urn", type=int, required=True)
    add.add_argument("--name", required=True)
    add.add_argument("--authority", required=True, choices=tuple(AUTHORITIES))
    add.add_argument("--phase", default="")
    add.add_argument("--hub", default="")
    left = actions.add_parser("school-left", help="a school that left the trust or closed")
    with_vault(left, _school_left)
    left.add_argument("--urn", type=int, required=True)
    left.add_argument("--on", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    approve = actions.add_parser("approve", help="confirm a key by its fingerprint")
    with_vault(approve, _approve)
    approve.add_argument("keyid", metavar="KEYID")
    approve.add_argument("--fingerprint", required=True, metavar="GROUPS")
    refuse = actions.add_parser("refuse", help="take away a key that waits to be confirmed")
    with_vault(refuse, _refuse)
    refuse.add_argument("keyid", metavar="KEYID")
    revoke = actions.add_parser("revoke", help="let a key count no longer")
    with_vault(revoke, _revoke)
    revoke.add_argument("keyid", metavar="KEYID")
    revoke.add_argument("--because", choices=tuple(REVOKED_BECAUSE), default="replaced")
    keys = actions.add_parser("keys", help="the keys of the register")
    with_vault(keys, _register)
    with_json(keys)
    card = actions.add_parser("card", help="how the newest trust card stands")
    with_vault(card, _card)


def _add_returns(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    returned = actions.add_parser("returned", help="who has returned, late, missing, queried")
    with_vault(returned, _returned)
    with_term(returned, is_required=True)
    with_json(returned)
    due = actions.add_parser("due", help="set the day on which a term's returns are due")
    with_vault(due, _due)
    with_term(due, is_required=True)
    due.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="else the usual")
    query = actions.add_parser("query", help="ask about fields of a return, in one receipt")
    accept = actions.add_parser("accept", help="accept a return, with a receipt")
    for command, work in ((query, _query), (accept, _accept)):
        with_vault(command, work)
        with_term(command, is_required=True)
        command.add_argument("--urn", type=int, required=True)
        command.add_argument("--out", type=Path, required=True, metavar="FILE")
    query.add_argument("--ask", action="append", required=True, metavar="FIELD=TEXT")
    remind = actions.add_parser("remind", help="letters to schools that are late or were asked")
    with_vault(remind, _remind)
    with_term(remind, is_required=True)
    remind.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    shown = actions.add_parser("figures", help="totals, rates, change, schools that stand out")
    with_vault(shown, _figures)
    with_term(shown, is_required=True)
    with_json(shown)
    report = actions.add_parser("report", help="a paper as PDF, small numbers hidden")
    with_vault(report, _report)
    report.add_argument("--year", required=True, metavar="2026-27")
    report.add_argument("--term", choices=("autumn", "spring", "summer"), help="not for the year")
    report.add_argument("--for", dest="readers", required=True, choices=(*PAPERS, "year"))
    report.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")


def _add_school(options: argparse.Namespace) -> int:
    school = School(options.urn, options.name, options.authority, options.phase, options.hub)
    with (
        unlocked(options) as vault,
        vault.changing("school added", f"school/{options.urn}") as session,
    ):
        write_school(session, school)
    print(f"{options.name} ({options.urn}) is on the register.")
    return DONE


def _school_left(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        with vault.reading() as session:
            known = [f for f in school_facts(session) if f.school.urn == options.urn]
        if not known:
            raise InputError(f"There is no school {options.urn} on the register.")
        facts = known[0]
        left = SchoolFacts(
            facts.school, facts.joined, options.on, facts.is_tas, facts.leadership_concern,
            facts.stakeholder_concern,
        )  # fmt: skip
        with vault.changing("school left", f"school/{options.urn}") as session:
            write_school_facts(session, left)
    print(f"{facts.school.name} is asked for no return after {options.on.isoformat()}.")
    return DONE


def _approve(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        older = inbox.approve(vault, options.keyid, options.fingerprint)
    print("The key is confirmed.")
    for key in older:
        print(f"An older key of {key.person} counts too: {key.keyid}")
    return DONE


def _refuse(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        inbox.refuse(vault, options.keyid)
    print("The key and what came with it are taken away.")
    return DONE


def _revoke(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        inbox.revoke(vault, options.keyid, options.because)
    print("The key is revoked. Send everybody the next trust card.")
    return DONE


def _register(options: argparse.Namespace) -> int:
    with unlocked(options) as vault, vault.reading() as session:
        keys = known_keys(session)
    for key in keys:
        facts = {"keyid": key.keyid, "person": key.person, "role": key.role, "urn": key.urn,
                 "status": key.status, "fingerprint": key.fingerprint}  # fmt: skip
        if options.json:
            print(json.dumps(facts, ensure_ascii=False))
        else:
            print(f"{key.status:8} {key.person} ({key.role}, {key.urn or 'trust'})")
            print(f"         {key.fingerprint}   {key.keyid}")
    return DONE


def _card(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        print(card_state(vault).words)
    return DONE


def _returned(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        found = _standings(vault, options)
    for each in found:
        if options.json:
            held = each.held.package.payload_sha256 if each.held else None
            due = each.due.isoformat() if each.due else None
            facts = {"urn": each.school.urn, "school": each.school.name,
                     "state": each.state.name.lower(), "due": due,
                     "late": each.is_late, "return": held}  # fmt: skip
            print(json.dumps(facts, ensure_ascii=False))
        else:
            print(f"{each.school.name} ({each.school.urn}): {each.words_on(vault.today())}")
    if not options.json:
        print(f"{counted_words(found)}.")
    return DONE


def _due(options: argparse.Namespace) -> int:
    with (
        unlocked(options) as vault,
        vault.changing("due date set", f"due/{options.year}-{options.term}") as session,
    ):
        set_due_date(session, options.year, options.term, options.on)
    print("The due date is set; the next trust card tells the schools.")
    return DONE


def _query(options: argparse.Namespace) -> int:
    asked = [text.partition("=")[::2] for text in options.ask]
    with unlocked(options) as vault:
        digest = _return_of(vault, options)
        with vault.changing("question written", f"package/{digest[:16]}") as session:
            for field, text in asked:
                if not text.strip():
                    raise InputError(f"The question to “{field}” is missing: --ask FIELD=TEXT.")
                write_query(session, return_form(), digest, field, text)
        send_queries(
            vault, digest, passphrase_of(options),
            lambda sent: write_whole(options.out, sent.data),
        )  # fmt: skip
    print(options.out)
    return DONE


def _accept(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        accept_return(
            vault, _return_of(vault, options), passphrase_of(options),
            lambda sent: write_whole(options.out, sent.data),
        )  # fmt: skip
    print(options.out)
    return DONE


def _remind(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        found = to_remind(_standings(vault, options))
        with vault.reading() as session:
            owner, names = read_owner(session), addressees(session)
        key = (options.year, options.term)
        paper = reminder_letter(found, key, owner, vault.user.name, names, vault.today())
    return _written(paper, options.out)


def _figures(options: argparse.Namespace) -> int:
    key = (options.year, options.term)
    with unlocked(options) as vault, vault.reading() as session:
        table = trust_table(session, return_form())
    compared = compare_schools(table, key)
    for each in figures(table, key):
        facts = {"field": each.field, "label": each.label, "total": each.total_words,
                 "given": each.given_words, "rate": each.rate.words if each.rate else None,
                 "change": each.change_words, "stand_out": compared.words(each.field)}  # fmt: skip
        print(json.dumps(facts, ensure_ascii=False) if options.json else " · ".join(
            str(value) for value in facts.values() if value
        ))  # fmt: skip
    if not options.json:
        print(compared.sentence)
    return DONE


def _report(options: argparse.Namespace) -> int:
    is_year = options.readers == "year"
    if is_year == (options.term is not None):
        raise InputError("Name the term for a term's paper, and none for the review of the year.")
    with unlocked(options) as vault, vault.reading() as session:
        owner, today, form = read_owner(session), vault.today(), return_form()
        if is_year:
            paper = year_review(session, form, owner, options.year, today)
        else:
            facts = term_facts(session, form, owner, (options.year, options.term), today)
            paper = term_paper(facts, options.readers)
    return _written(paper, options.out)


def _standings(vault: Vault, options: argparse.Namespace) -> tuple[SchoolStanding, ...]:
    with vault.reading() as session:
        return standings(session, options.year, options.term, vault.today())


def _return_of(vault: Vault, options: argparse.Namespace) -> str:
    for each in _standings(vault, options):
        if each.school.urn == options.urn and each.held is not None:
            return each.held.package.payload_sha256
    raise InputError(f"The school {options.urn} has not returned for that term.")


def _written(paper: Paper, path: Path) -> int:
    write_whole(path, paper.pdf())
    print(path)
    return DONE
