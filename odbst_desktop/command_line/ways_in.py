"""``odbst vault``: users, passphrases, recovery sheet and drill, keys, quick unlock, history."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from odbst_desktop.command_line.options import (
    DONE,
    passphrase_of,
    read_passphrase,
    unlocked,
    with_json,
    with_vault,
)
from odbst_desktop.errors import InputError
from odbst_desktop.files import write_whole
from odbst_desktop.office.drill import run_drill
from odbst_desktop.office.opening import recover_with_sheet, vault_owner
from odbst_desktop.reports.recovery_sheet import recovery_sheet
from odbst_desktop.school.people import signing_roles
from odbst_desktop.vault.quick_unlock import switch_off, switch_on
from odbst_desktop.vault.recovery_sheet import confirm_recovery, new_recovery_code
from odbst_desktop.vault.users import (
    add_user,
    change_key,
    change_passphrase,
    give_new_passphrase,
    remove_user,
)
from odbst_desktop.vault.vault import User, Vault


def add_vault_commands(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands about who and what opens a vault."""
    users = actions.add_parser("users", help="who can open the vault, and who could")
    with_vault(users, _users)
    with_json(users)
    add = actions.add_parser("add-user", help="give somebody a passphrase of their own")
    with_vault(add, _add_user)
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=tuple(signing_roles()))
    _with_new_passphrase(add)
    replace = actions.add_parser("replace-passphrase", help="replace somebody’s lost passphrase")
    with_vault(replace, _replace)
    replace.add_argument("--name", required=True)
    _with_new_passphrase(replace)
    remove = actions.add_parser("remove-user", help="take somebody’s passphrase away")
    with_vault(remove, _remove_user)
    remove.add_argument("--name", required=True)
    passphrase = actions.add_parser("passphrase", help="change the passphrase")
    with_vault(passphrase, _change_passphrase)
    _with_new_passphrase(passphrase)
    passphrase.add_argument(
        "--may-be-known", action="store_true", help="give the vault a new key as well"
    )
    with_vault(actions.add_parser("new-key", help="encrypt the vault under a new key"), _new_key)
    _add_sheet_commands(actions)
    quick = actions.add_parser("quick-unlock", help="let this computer’s keyring open the vault")
    with_vault(quick, _quick_unlock)
    quick.add_argument("switch", choices=("on", "off"))
    history = actions.add_parser("history", help="who changed which kind of record when")
    with_vault(history, _history)
    with_json(history)
    with_vault(
        actions.add_parser("count-older-copy", help="let an older copy be the vault"), _count
    )


def _add_sheet_commands(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    sheet = actions.add_parser("sheet", help="make a new recovery sheet")
    with_vault(sheet, _sheet)
    sheet.add_argument("--out", type=Path, required=True, metavar="FILE", help="the sheet as PDF")
    confirm = actions.add_parser("confirm-sheet", help="let a sheet count that is typed back")
    with_vault(confirm, _confirm)
    drill = actions.add_parser("drill", help="try the recovery sheet on a copy")
    with_vault(drill, _drill)
    recover = actions.add_parser("recover", help="open a vault with its recovery sheet")
    recover.add_argument("vault", type=Path, metavar="VAULT")
    recover.set_defaults(work=_recover)
    _with_new_passphrase(recover)
    for command in (confirm, drill, recover):
        command.add_argument(
            "--code-file", type=Path, required=True, metavar="FILE", help="the code from the sheet"
        )


def _with_new_passphrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--new-passphrase-file", type=Path, metavar="FILE", required=True)


def _users(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        everybody = vault.everybody()
    for user in everybody:
        state = f"removed at {user.removed_at}" if user.removed_at else "can open"
        facts = {"name": user.name, "role": user.role, "state": state}
        print(
            json.dumps(facts, ensure_ascii=False)
            if options.json
            else f"{user.name} ({user.role}): {state}"
        )
    return DONE


def _add_user(options: argparse.Namespace) -> int:
    new = read_passphrase(options.new_passphrase_file)
    with unlocked(options) as vault:
        add_user(vault, options.name, options.role, new)
    print(f"{options.name} can open the vault and sign. Enrol them with the trust.")
    return DONE


def _replace(options: argparse.Namespace) -> int:
    new = read_passphrase(options.new_passphrase_file)
    with unlocked(options) as vault:
        person = _named(vault, options.name)
        give_new_passphrase(vault, person.id, new, passphrase_of(options))
    print(f"{options.name} has a new passphrase and a new signing key. Enrol them anew.")
    return DONE


def _remove_user(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        remove_user(vault, _named(vault, options.name).id, passphrase_of(options))
    print(f"{options.name} can open the vault no more. Backups made before still can be.")
    return DONE


def _named(vault: Vault, name: str) -> User:
    found = [user for user in vault.users() if user.name == name]
    if len(found) != 1:
        raise InputError(
            f"{len(found)} people of the name “{name}” can open this vault. “odbst vault users” "
            "lists them."
        )
    return found[0]


def _change_passphrase(options: argparse.Namespace) -> int:
    new = read_passphrase(options.new_passphrase_file)
    with unlocked(options) as vault:
        change_passphrase(vault, passphrase_of(options), new, may_be_known=options.may_be_known)
    print("The passphrase is changed. Copies and backups made before still open with the old one.")
    return DONE


def _new_key(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        change_key(vault)
    print("The vault has a new key. Passphrases and sheet open it as before.")
    return DONE


def _sheet(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        code = new_recovery_code(vault, passphrase_of(options))
        pdf = recovery_sheet(vault_owner(vault).name, code, vault.today())
    write_whole(options.out, pdf)
    print(f"{options.out}\nPrint it, delete the file, then type the code back (confirm-sheet).")
    return DONE


def _confirm(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        confirm_recovery(vault, read_passphrase(options.code_file))
    print("This sheet counts now, and no other.")
    return DONE


def _drill(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        print(run_drill(vault, read_passphrase(options.code_file)))
    return DONE


def _recover(options: argparse.Namespace) -> int:
    new = read_passphrase(options.new_passphrase_file)
    recover_with_sheet(options.vault, read_passphrase(options.code_file), new).close()
    print("The vault opens with the new passphrase. Enrol its first user anew.")
    return DONE


def _quick_unlock(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        if options.switch == "on":
            switch_on(vault, passphrase_of(options))
        else:
            switch_off(vault)
    print(f"Quick unlock is {options.switch}.")
    return DONE


def _history(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        names = {str(user.id): user.name for user in vault.everybody()}
        entries = vault.audit_entries()
    for entry in entries:
        who = names.get(entry.user, entry.user)
        if options.json:
            print(json.dumps({**asdict(entry), "user": who}, ensure_ascii=False))
        else:
            print(f"{entry.sequence:6} {entry.at} {who}: {entry.what} ({entry.record})")
    return DONE


def _count(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        if not vault.is_older_copy:
            raise InputError("This is no older copy: nothing has to be decided.")
        vault.count_from_now_on()
    print("This copy counts from now on. Its history says so.")
    return DONE
