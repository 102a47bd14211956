"""The command ``odbst``. Source: design, section 6.

Exit status 0 done, 1 refused, 2 wrong usage or a vault that does not open.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from odbst_desktop import __version__
from odbst_desktop.errors import OdbstError
from odbst_desktop.files import read_whole
from odbst_desktop.office.opening import make_vault, own_keys, unlock_vault
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.vault.errors import VaultError
from odbst_desktop.vault.hardening import harden_process
from odbst_desktop.vault.vault import Vault

DONE, REFUSED, NOT_OPENED = 0, 1, 2
_PROFILES = {"dsl": Profile.SCHOOL, "governor": Profile.GOVERNOR, "esl": Profile.TRUST}
_LONGEST_PASSPHRASE_FILE = 4096


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    harden_process()
    options = _parser().parse_args(arguments)
    work: Callable[[argparse.Namespace], int] = options.work
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

    vault = commands.add_parser("vault", help="make a vault, check one")
    actions = vault.add_subparsers(required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make a new vault")
    _with_vault(create, _create)
    create.add_argument("--profile", choices=tuple(_PROFILES), required=True)
    create.add_argument("--name", required=True, help="whose passphrase it is")
    create.add_argument("--urn", type=int, help="the school's six digits")
    create.add_argument("--school", help="the school's name, or the trust's")
    _with_vault(actions.add_parser("check", help="say whether a vault is sound"), _check)

    keys = commands.add_parser("keys", help="own key ids and fingerprints")
    keys.add_argument("--json", action="store_true", help="one JSON object a line")
    _with_vault(keys, _keys)
    return parser


def _with_vault(parser: argparse.ArgumentParser, work: Callable[[argparse.Namespace], int]) -> None:
    parser.set_defaults(work=work)
    parser.add_argument("vault", type=Path, metavar="VAULT", help="the vault's folder")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="else it is asked for")


def _create(options: argparse.Namespace) -> int:
    owner = Owner(_PROFILES[options.profile], options.school or "", options.urn)
    passphrase = _passphrase(options)
    made = make_vault(options.vault, owner=owner, person=options.name, passphrase=passphrase)
    made.vault.close()
    print(f"Made the vault “{options.vault}”. Its recovery code, to be kept on paper:")
    print(made.recovery_code)
    return DONE


def _check(options: argparse.Namespace) -> int:
    vault = _unlocked(options)
    try:
        found = vault.check()
    finally:
        vault.close()
    print("\n".join(found) if found else "The vault is sound.")
    return REFUSED if found else DONE


def _keys(options: argparse.Namespace) -> int:
    vault = _unlocked(options)
    try:
        keys = own_keys(vault)
    finally:
        vault.close()
    if options.json:
        for key in keys.signing:
            print(json.dumps({"use": "signing", **asdict(key)}, ensure_ascii=False))
        print(json.dumps({"use": "sealing", "keyid": keys.sealing_keyid}))
        return DONE
    for key in keys.signing:
        print(f"{key.person} ({key.role})")
        print(f"  fingerprint  {key.fingerprint}")
        print(f"  signing key  {key.keyid}")
    print(f"Sealing key    {keys.sealing_keyid}")
    return DONE


def _unlocked(options: argparse.Namespace) -> Vault:
    return unlock_vault(options.vault, _passphrase(options))


def _passphrase(options: argparse.Namespace) -> str:
    if options.passphrase_file is None:
        return getpass.getpass("Passphrase: ")
    data = read_whole(options.passphrase_file, at_most_bytes=_LONGEST_PASSPHRASE_FILE)
    return data.decode("utf-8", "replace").rstrip("\r\n")
