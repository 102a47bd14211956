"""``odbst vault``, ``odbst keys`` and ``odbst demo``."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from odbst_desktop.command_line.options import (
    DONE,
    REFUSED,
    passphrase_of,
    unlocked,
    with_json,
    with_vault,
)
from odbst_desktop.command_line.ways_in import add_vault_commands
from odbst_desktop.demo.large_school import make_large_school
from odbst_desktop.demo.trust import make_demonstration
from odbst_desktop.office.opening import make_vault, own_keys
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.vault.backups import back_up, restore

_PROFILES = {"dsl": Profile.SCHOOL, "headteacher": Profile.SCHOOL, "governor": Profile.GOVERNOR,
             "esl": Profile.TRUST}  # fmt: skip


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    vault = commands.add_parser("vault", help="make a vault, check one")
    actions = vault.add_subparsers(required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make a new vault")
    with_vault(create, _create)
    create.add_argument("--profile", choices=tuple(_PROFILES), required=True)
    create.add_argument("--name", required=True, help="whose passphrase it is")
    create.add_argument("--urn", type=int, help="the school's six digits")
    create.add_argument("--school", help="the school's name, or the trust's")
    with_vault(actions.add_parser("check", help="say whether a vault is sound"), _check)

    backup = actions.add_parser("backup", help="write the vault into one encrypted file")
    with_vault(backup, _backup)
    backup.add_argument("--out", type=Path, metavar="FILE", help="else into the vault's own folder")
    restore = actions.add_parser("restore", help="lay a backup out as a vault in a new folder")
    restore.add_argument("backup", type=Path, metavar="FILE")
    restore.add_argument("vault", type=Path, metavar="VAULT", help="a new or empty folder")
    restore.set_defaults(work=_restore)
    add_vault_commands(actions)

    keys = commands.add_parser("keys", help="own key ids and fingerprints")
    with_json(keys)
    with_vault(keys, _keys)

    demo = commands.add_parser("demo", help="make the demonstration trust in a new folder")
    demo.add_argument("folder", type=Path, metavar="DIR")
    demo.add_argument(
        "--large-school", action="store_true",
        help="also a school of 300 people, 40 courses and ten years of training",
    )  # fmt: skip
    demo.set_defaults(work=_demo)


def _create(options: argparse.Namespace) -> int:
    owner = Owner(_PROFILES[options.profile], options.school or "", options.urn)
    made = make_vault(
        options.vault, owner=owner, person=options.name, passphrase=passphrase_of(options),
        role=options.profile,
    )  # fmt: skip
    made.vault.close()
    print(f"Made the vault “{options.vault}”. Its recovery code, to be kept on paper:")
    print(made.recovery_code)
    return DONE


def _check(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        found = vault.check()
    print("\n".join(found) if found else "The vault is sound.")
    return REFUSED if found else DONE


def _backup(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        print(back_up(vault, options.out))
    return DONE


def _restore(options: argparse.Namespace) -> int:
    restore(options.backup, options.vault)
    print(f"Restored into “{options.vault}”. Open it with the passphrase of the day it was made.")
    return DONE


def _keys(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        keys = own_keys(vault)
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


def _demo(options: argparse.Namespace) -> int:
    for made in make_demonstration(options.folder):
        print(made, flush=True)
    if options.large_school:
        passphrase = (options.folder / "passphrase.txt").read_text(encoding="utf-8").strip()
        for made in make_large_school(options.folder, passphrase):
            print(made, flush=True)
    return DONE
