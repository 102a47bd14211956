"""The vault through what its users do and what lies on disk."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, text

from odbst_desktop.vault import errors, recovery_code
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.opening import NewVault, create_vault, open_vault, recover_vault
from odbst_desktop.vault.recovery_sheet import confirm_recovery
from odbst_desktop.vault.strength import passphrase_strength
from odbst_desktop.vault.users import add_user, change_passphrase
from odbst_desktop.vault.vault import Vault

from .conftest import PASSPHRASE, SCHEMA

SECOND = "velvet anchor morning gravel"


def note(vault: Vault, what: str) -> None:
    with vault.changing(what, "test/1"):
        pass


def slots_in(path: Path) -> list[dict[str, str]]:
    slots: list[dict[str, str]] = json.loads(path.read_bytes())["slots"]
    return slots


def notes(vault: Vault) -> list[str]:
    return [entry.what for entry in vault.audit_entries()]


def test_what_was_changed_is_there_after_closing_and_opening(
    made: NewVault, reopen: Callable[..., Vault]
) -> None:
    note(made.vault, "meeting saved")
    made.vault.close()
    vault = reopen()
    assert notes(vault)[-1] == "meeting saved"
    assert vault.user.name == "Ruth Ellery"
    assert vault.check() == ()
    vault.close()


def test_wrong_passphrase_is_refused_and_changes_nothing(
    made: NewVault, reopen: Callable[..., Vault]
) -> None:
    made.vault.close()
    before = {p.name: p.read_bytes() for p in made.vault.folder.iterdir() if p.is_file()}
    with pytest.raises(errors.WrongPassphraseError, match="recovery sheet"):
        reopen("copper lantern drifting orchards")
    assert {p.name: p.read_bytes() for p in made.vault.folder.iterdir() if p.is_file()} == before


def test_change_that_fails_leaves_no_trace(made: NewVault) -> None:
    before = made.vault.audit_head()
    with pytest.raises(OperationalError), made.vault.changing("failing", "test/1") as session:
        session.execute(text("CREATE TABLE left_over (x)"))
        session.execute(text("SELECT * FROM no_such_table"))
    assert made.vault.audit_head() == before
    with made.vault.reading() as session:
        assert not session.execute(
            text("SELECT name FROM sqlite_master WHERE name = 'left_over'")
        ).all()
    made.vault.close()


def test_second_user_opens_signs_and_keeps_an_own_key(
    made: NewVault, reopen: Callable[..., Vault]
) -> None:
    head = add_user(made.vault, "Peter Marsh", "headteacher", SECOND)
    made.vault.close()
    vault = reopen(SECOND)
    assert (vault.user.name, vault.user.role) == ("Peter Marsh", "headteacher")
    key = vault.signing_key(head.id, SECOND)
    assert key.public_key().public_bytes_raw() == head.public_key
    with pytest.raises(errors.WrongPassphraseError):
        vault.signing_key(head.id, PASSPHRASE)
    vault.close()


def test_changed_passphrase_opens_and_the_old_one_does_not(
    made: NewVault, reopen: Callable[..., Vault]
) -> None:
    public = made.vault.user.public_key
    old_slots = {s["id"] for s in slots_in(made.vault.folder / "keys.json")}
    change_passphrase(made.vault, PASSPHRASE, SECOND)
    for name in ("keys.json", "keys.previous.json"):
        passphrases = [s for s in slots_in(made.vault.folder / name) if s["kind"] == "passphrase"]
        assert not old_slots & {s["id"] for s in passphrases}, name
    made.vault.close()
    with pytest.raises(errors.WrongPassphraseError):
        reopen(PASSPHRASE)
    vault = reopen(SECOND)
    key = vault.signing_key(vault.user.id, SECOND)
    assert key.public_key().public_bytes_raw() == public
    vault.close()


def test_recovery_sheet_counts_once_typed_back_and_opens_the_vault(
    made: NewVault, tmp_path: Path, reopen: Callable[..., Vault]
) -> None:
    before = made.vault.recovery_is_confirmed
    with pytest.raises(errors.WrongRecoveryCodeError):
        confirm_recovery(made.vault, recovery_code.spell_recovery_code(bytes(23)))
    confirm_recovery(made.vault, made.recovery_code.lower().replace("-", " "))
    assert (before, made.vault.recovery_is_confirmed) == (False, True)
    note(made.vault, "kept")
    old_key = made.vault.user.public_key
    made.vault.close()
    vault = recover_vault(
        tmp_path / "oakfield",
        schema=SCHEMA,
        code=made.recovery_code,
        new_passphrase=SECOND,
        marks=tmp_path / "marks",
    )
    assert "kept" in notes(vault)
    assert vault.user.public_key != old_key, "the sheet recovers data, not signatures"
    vault.close()
    with pytest.raises(errors.WrongPassphraseError):
        reopen(PASSPHRASE)


@given(secret=st.binary(min_size=23, max_size=23))
def test_recovery_code_reads_back(secret: bytes) -> None:
    assert recovery_code.read_recovery_code(recovery_code.spell_recovery_code(secret)) == secret


def test_every_single_typing_error_in_a_recovery_code_is_found() -> None:
    code = recovery_code.spell_recovery_code(bytes(range(23))).replace("-", "")
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for place, right in enumerate(code):
        for wrong in alphabet.replace(right, ""):
            with pytest.raises(errors.WrongRecoveryCodeError):
                recovery_code.read_recovery_code(code[:place] + wrong + code[place + 1 :])


def test_a_vault_open_elsewhere_is_said_to_be(made: NewVault, reopen: Callable[..., Vault]) -> None:
    with pytest.raises(errors.VaultInUseError, match="another window"):
        reopen()
    made.vault.close()
    reopen().close()


def test_newer_vault_is_refused_unharmed(made: NewVault, reopen: Callable[..., Vault]) -> None:
    made.vault.close()
    with pytest.raises(errors.OtherVersionError, match="newer version"):
        reopen(version=SCHEMA.version - 1)
    reopen().close()


def test_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(errors.FolderNotUsableError, match="already holds files"):
        create_vault(
            tmp_path,
            schema=SCHEMA,
            name="R",
            role="dsl",
            passphrase=PASSPHRASE,
            cost=FLOOR_COST,
            marks=tmp_path / "marks",
        )
    assert [p.name for p in tmp_path.iterdir()] == ["letters.txt"]


def test_folder_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "a file").write_bytes(b"")
    with pytest.raises(errors.FolderNotUsableError, match="Choose another folder"):
        create_vault(
            tmp_path / "a file" / "vault",
            schema=SCHEMA,
            name="R",
            role="dsl",
            passphrase=PASSPHRASE,
            cost=FLOOR_COST,
            marks=tmp_path / "m",
        )


def test_weak_passphrase_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(errors.WeakPassphraseError, match="will not do"):
        create_vault(
            tmp_path / "v",
            schema=SCHEMA,
            name="R",
            role="dsl",
            passphrase="password1234",
            cost=FLOOR_COST,
            marks=tmp_path / "m",
        )
    assert not (tmp_path / "v").exists()
    assert passphrase_strength(PASSPHRASE).accepted


def test_folder_without_a_vault_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(errors.NotAVaultError, match="no vault"):
        open_vault(tmp_path, schema=SCHEMA, passphrase=PASSPHRASE)


def test_altered_or_cut_key_file_never_opens_otherwise_than_by_the_copy_before(
    made: NewVault, reopen: Callable[..., Vault]
) -> None:
    made.vault.close()
    path = made.vault.folder / "keys.json"
    whole = path.read_bytes()
    (made.vault.folder / "keys.previous.json").unlink(missing_ok=True)
    content = json.loads(whole)
    for name, value in (("passes", 4), ("memory_kib", 65537), ("lanes", 3), ("passes", 1)):
        altered = json.loads(whole)
        altered["slots"][0]["wrapped"]["cost"][name] = value
        path.write_text(json.dumps(altered), encoding="utf-8")
        with pytest.raises((errors.WrongPassphraseError, errors.DamagedVaultError)):
            reopen()
    altered = json.loads(whole)
    altered["slots"] = altered["slots"][:1]
    path.write_text(json.dumps(altered), encoding="utf-8")
    with pytest.raises(errors.WrongPassphraseError):
        reopen()
    for cut in range(0, len(whole), 97):
        path.write_bytes(whole[:cut])
        with pytest.raises(errors.VaultError):
            reopen()
    path.write_bytes(b"garbage")
    (made.vault.folder / "keys.previous.json").write_bytes(whole)
    reopen().close()
    assert content["vault"] == made.vault.vault_id


def test_flipped_bit_and_truncation_of_the_database_are_found(
    made: NewVault, reopen: Callable[..., Vault]
) -> None:
    made.vault.close()
    path = made.vault.folder / "vault.sqlite"
    whole = path.read_bytes()
    for place in range(7, len(whole), 4096):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(errors.DamagedVaultError, match="damaged"):
            reopen()
    path.write_bytes(whole[: len(whole) // 2 // 4096 * 4096])
    with pytest.raises(errors.DamagedVaultError):
        reopen()
    path.write_bytes(whole)
    reopen().close()


def test_older_copies_put_back_are_noticed_and_can_only_be_read(
    made: NewVault, reopen: Callable[..., Vault], tmp_path: Path
) -> None:
    made.vault.close()
    old = tmp_path / "old"
    shutil.copytree(made.vault.folder, old)
    vault = reopen()
    note(vault, "later")
    vault.close()
    new = tmp_path / "new"
    shutil.copytree(made.vault.folder, new)
    shutil.copy(old / "vault.sqlite", made.vault.folder)
    refuses_to_change(reopen())
    shutil.rmtree(made.vault.folder)
    shutil.copytree(old, made.vault.folder)
    refuses_to_change(reopen())
    shutil.rmtree(made.vault.folder)
    shutil.copytree(new, made.vault.folder)
    vault = reopen()
    assert not vault.is_older_copy
    vault.close()


def refuses_to_change(vault: Vault) -> None:
    assert vault.is_older_copy
    assert notes(vault), "it can be read"
    with pytest.raises(errors.OlderCopyError, match="older copy"):
        note(vault, "too late")
    vault.close()


def test_older_copy_counts_once_a_person_says_so(
    made: NewVault, reopen: Callable[..., Vault], tmp_path: Path
) -> None:
    made.vault.close()
    old = tmp_path / "old"
    shutil.copytree(made.vault.folder, old)
    vault = reopen()
    note(vault, "lost with the laptop")
    vault.close()
    shutil.rmtree(made.vault.folder)
    shutil.copytree(old, made.vault.folder)
    vault = reopen()
    vault.count_from_now_on()
    note(vault, "goes on")
    vault.close()
    vault = reopen()
    assert not vault.is_older_copy
    assert notes(vault)[-2:] == ["older copy taken on", "goes on"]
    vault.close()


def test_altered_history_is_noticed(made: NewVault, reopen: Callable[..., Vault]) -> None:
    note(made.vault, "first")
    with Session(made.vault._engine) as session:
        session.execute(text("UPDATE vault_audit SET what = 'other' WHERE what = 'first'"))
        session.commit()
    assert made.vault.check() == ("The audit chain is broken: an entry was altered or removed.",)
    made.vault.close()
    with pytest.raises(errors.DamagedVaultError, match="audit chain"):
        reopen()


def test_no_plaintext_lies_in_the_folder(made: NewVault) -> None:
    note(made.vault, "MARKERWORD in what")
    add_user(made.vault, "MARKERWORD Person", "headteacher", SECOND)
    for when in ("open", "closed"):
        if when == "closed":
            made.vault.close()
        for path in made.vault.folder.parent.rglob("*"):
            if path.is_file():
                assert b"MARKERWORD" not in path.read_bytes(), (when, path.name)
                assert b"Ruth" not in path.read_bytes(), (when, path.name)


@pytest.mark.skipif(os.name != "posix", reason="kills by signal")
def test_what_was_committed_survives_a_kill_and_leaves_no_lock(
    made: NewVault, reopen: Callable[..., Vault], tmp_path: Path
) -> None:
    made.vault.close()
    script = textwrap.dedent(f"""
        from pathlib import Path
        from sqlmodel import SQLModel
        from odbst_desktop.vault.migrating import Schema
        from odbst_desktop.vault.opening import open_vault
        vault = open_vault(Path({str(tmp_path / "oakfield")!r}),
                           schema=Schema({SCHEMA.version}, SQLModel.metadata),
                           passphrase={PASSPHRASE!r}, marks=Path({str(tmp_path / "marks")!r}))
        for number in range(10_000):
            with vault.changing("saved", f"test/{{number}}"):
                pass
            print(number, flush=True)
    """)
    writer = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    acknowledged = [int(writer.stdout.readline()) for _ in range(40)]
    writer.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in writer.stdout.read().split("\n") if line.isdigit()]
    writer.wait()
    vault = reopen()
    saved = {entry.record for entry in vault.audit_entries()}
    assert {f"test/{number}" for number in acknowledged} <= saved
    vault.close()
