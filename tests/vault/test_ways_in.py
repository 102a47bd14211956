"""Ways into a vault: add, change, replace a lost one, remove; and the key behind them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from odbst_desktop.errors import FileWriteError, StateError
from odbst_desktop.vault import errors, key_file, key_slots, remaking
from odbst_desktop.vault.key_file import (
    COMING_KEYS,
    DATABASE,
    KEYS,
    PREVIOUS_KEYS,
    KeyFile,
    parse_key_file,
    write_key_file,
)
from odbst_desktop.vault.key_ring import KeyRing
from odbst_desktop.vault.key_slots import FLOOR_COST, Slot
from odbst_desktop.vault.opening import NewVault, recover_vault, try_recovery_code
from odbst_desktop.vault.recovery_sheet import confirm_recovery, new_recovery_code
from odbst_desktop.vault.users import (
    add_user,
    change_key,
    change_passphrase,
    give_new_passphrase,
    remove_user,
)
from odbst_desktop.vault.vault import Vault

from .conftest import PASSPHRASE, SCHEMA, Reopen

SECOND = "velvet anchor morning gravel"
THIRD = "thunder pebble velvet sailing"


def note(vault: Vault, what: str) -> None:
    with vault.changing(what, "test/1"):
        pass


def notes(vault: Vault) -> list[str]:
    return [entry.what for entry in vault.audit_entries()]


def key_in(folder: Path, name: str, passphrase: str) -> bytes | None:
    keys = parse_key_file((folder / name).read_bytes())
    opened = [
        key_slots.open_slot(keys.vault, slot, passphrase.encode())
        for slot in keys.slots
        if slot.kind == "passphrase"
    ]
    return next((key for key in opened if key), None)


def test_new_key_is_followed_by_everybody_and_the_old_one_opens_nothing(
    made: NewVault, reopen: Reopen
) -> None:
    vault, folder = made.vault, made.vault.folder
    add_user(vault, "Peter Marsh", "headteacher", SECOND)
    old_key, old_database = vault.ring.vault_key, (folder / DATABASE).read_bytes()
    note(vault, "before")
    change_key(vault)
    note(vault, "after")
    vault.close()
    assert (folder / DATABASE).read_bytes()[:4096] != old_database[:4096]
    for passphrase in (PASSPHRASE, SECOND):
        again = reopen(passphrase)
        assert again.ring.vault_key != old_key
        assert {"before", "after", "vault key changed"} <= set(notes(again))
        assert again.check() == ()
        again.close()
    assert try_recovery_code(folder, made.recovery_code).sequence > 0


def test_user_who_is_removed_opens_nothing_but_stays_in_the_history(
    made: NewVault, reopen: Reopen, tmp_path: Path
) -> None:
    vault, folder = made.vault, made.vault.folder
    head = add_user(vault, "Peter Marsh", "headteacher", SECOND)
    vault.close()
    shutil.copytree(folder, tmp_path / "copy of the old key file")
    vault = reopen()
    remove_user(vault, head.id, PASSPHRASE)
    assert [user.name for user in vault.users()] == ["Ruth Ellery"]
    gone = next(user for user in vault.everybody() if user.id == head.id)
    assert (gone.name, gone.public_key, bool(gone.removed_at)) == (
        "Peter Marsh",
        head.public_key,
        True,
    )
    with pytest.raises(errors.WrongPassphraseError):
        vault.signing_key(head.id, SECOND)
    vault.close()
    with pytest.raises(errors.WrongPassphraseError):
        reopen(SECOND)
    # An old copy of the key file leads to the old key, and that opens nothing any more.
    for name in (KEYS, PREVIOUS_KEYS):
        assert key_in(folder, name, SECOND) is None
        shutil.copy(tmp_path / "copy of the old key file" / KEYS, folder / name)
    with pytest.raises(errors.DamagedVaultError):
        reopen(SECOND)


def test_nobody_can_remove_themselves_so_one_way_in_always_stays(made: NewVault) -> None:
    with pytest.raises(errors.LastWayInError, match="last way in"):
        remove_user(made.vault, made.vault.user.id, PASSPHRASE)
    head = add_user(made.vault, "Peter Marsh", "headteacher", SECOND)
    with pytest.raises(errors.WrongPassphraseError):
        remove_user(made.vault, head.id, "not my passphrase at all")
    assert len(made.vault.users()) == 2


def test_lost_passphrase_is_replaced_by_somebody_else_with_a_new_signing_key(
    made: NewVault, reopen: Reopen
) -> None:
    vault = made.vault
    head = add_user(vault, "Peter Marsh", "headteacher", SECOND)
    with pytest.raises(StateError, match="type the old one"):
        give_new_passphrase(vault, vault.user.id, THIRD, PASSPHRASE)
    give_new_passphrase(vault, head.id, THIRD, PASSPHRASE)
    vault.close()
    with pytest.raises(errors.WrongPassphraseError):
        reopen(SECOND)
    again = reopen(THIRD)
    assert (again.user.id, again.user.public_key != head.public_key) == (head.id, True)
    again.signing_key(head.id, THIRD)


def test_passphrase_that_may_be_known_leads_nowhere_from_an_old_copy(
    made: NewVault, reopen: Reopen, tmp_path: Path
) -> None:
    vault, folder = made.vault, made.vault.folder
    shutil.copy(folder / KEYS, tmp_path / "leaked.json")
    change_passphrase(vault, PASSPHRASE, SECOND, may_be_known=True)
    vault.close()
    for name in (KEYS, PREVIOUS_KEYS):
        shutil.copy(tmp_path / "leaked.json", folder / name)
    with pytest.raises(errors.DamagedVaultError):
        reopen(PASSPHRASE)


def test_new_sheet_counts_once_typed_back_and_then_the_old_one_does_not(
    made: NewVault, tmp_path: Path
) -> None:
    vault, folder = made.vault, made.vault.folder
    confirm_recovery(vault, made.recovery_code)
    code = new_recovery_code(vault, PASSPHRASE)
    assert try_recovery_code(copied(vault, tmp_path / "1"), made.recovery_code).sequence
    confirm_recovery(vault, code)
    assert vault.recovery_is_confirmed
    vault.close()
    with pytest.raises(errors.WrongRecoveryCodeError, match="replaced"):
        try_recovery_code(folder, made.recovery_code)
    recovered = recover_vault(
        folder, schema=SCHEMA, code=code, new_passphrase=SECOND, marks=tmp_path / "marks"
    )
    assert "recovery sheet replaced" in notes(recovered)
    recovered.close()


def copied(vault: Vault, folder: Path) -> Path:
    folder.mkdir()
    (folder / KEYS).write_bytes(vault.copy_to(folder / DATABASE))
    return folder


@pytest.mark.parametrize("moment", ["before the swap", "after the swap"])
def test_new_key_interrupted_leaves_one_key_that_opens(
    made: NewVault, reopen: Reopen, tmp_path: Path, moment: str
) -> None:
    note(made.vault, "kept")
    crashed = copied(made.vault, tmp_path / "crashed")
    key, keys = made.vault.ring.vault_key, parse_key_file((crashed / KEYS).read_bytes())
    turned = KeyRing(crashed, keys, key).turned()
    turned.announce()
    if moment == "after the swap":
        remaking.remake_database(crashed / DATABASE, key, new_key=turned.vault_key)
    made.vault.close()
    for _ in range(2):
        again = reopen(folder=crashed)
        assert "kept" in notes(again)
        assert not (crashed / COMING_KEYS).exists()
        assert again.ring.vault_key == (turned.vault_key if moment == "after the swap" else key)
        again.close()


def test_no_room_for_a_new_key_is_said_and_changes_nothing(
    made: NewVault, reopen: Reopen, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(made.vault.folder)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000))
        with pytest.raises(FileWriteError, match="not enough room"):
            change_key(made.vault)
    note(made.vault, "goes on")
    made.vault.close()
    assert "goes on" in notes(reopen())


def first_format(vault: Vault, *passphrases: tuple[str, str]) -> KeyFile:
    """Return a key file as the first version of the program wrote it."""
    slots = []
    for user, passphrase in passphrases:
        slot_id = f"slot of {user or 'sheet'}"
        kind = "passphrase" if user else "recovery"
        wrapped = key_slots.wrap_secret(
            vault.ring.vault_key, passphrase.encode(), FLOOR_COST,
            f"slot {vault.vault_id} {slot_id} {kind} {user}",
        )  # fmt: skip
        slots.append(Slot(slot_id, "passphrase", user, True, wrapped))
    return KeyFile(vault.vault_id, tuple(slots), vault.ring.mark)


def test_key_file_of_the_first_format_opens_and_is_brought_up_to_date(
    made: NewVault, reopen: Reopen
) -> None:
    vault, folder = made.vault, made.vault.folder
    head = add_user(vault, "Peter Marsh", "headteacher", SECOND)
    vault.write_mark()
    keys = first_format(vault, (vault.user.id, PASSPHRASE), (head.id, SECOND))
    content = json.loads(key_file_bytes_of_first_format(keys, vault.ring.vault_key))
    assert content["format"] == "odbst-keys/1"
    vault.close()
    (folder / KEYS).write_text(json.dumps(content), encoding="utf-8")
    again = reopen()
    assert [slot.can_follow for slot in again.ring.slots] == [False, True]
    with pytest.raises(StateError, match="Peter Marsh must first open the vault"):
        change_key(again)
    again.close()
    reopen(SECOND).close()
    again = reopen()
    change_key(again)
    again.close()
    reopen(SECOND).close()


def key_file_bytes_of_first_format(keys: KeyFile, vault_key: bytes) -> bytes:
    content = key_file._content(keys, "odbst-keys/1")
    content["code"] = key_file._authentication_code(content, vault_key)
    return json.dumps(content).encode()


def test_key_file_without_a_slot_of_its_own_is_refused(made: NewVault, reopen: Reopen) -> None:
    # Somebody who knows a passphrase of another vault cannot add a slot for it here.
    vault, folder = made.vault, made.vault.folder
    keys = parse_key_file((folder / KEYS).read_bytes())
    vault.close()
    stranger = key_slots.new_slot(
        keys.vault, "passphrase", "x", bytes(32), SECOND.encode(), FLOOR_COST
    )
    write_key_file(folder, replace(keys, slots=(*keys.slots, stranger)), bytes(32))
    with pytest.raises(errors.DamagedVaultError, match="do not fit"):
        reopen(SECOND)
    reopen().close()


def test_slot_of_another_slot_does_not_open(made: NewVault) -> None:
    vault = made.vault
    slot = vault.ring.of_kind("passphrase")[0]
    other = vault.ring.new_slot("passphrase", vault.user.id, SECOND.encode())
    for mixed in (
        replace(slot, sealed=other.sealed),
        replace(slot, public=other.public),
        replace(slot, user="somebody else"),
        replace(slot, kind="keyring"),
        replace(slot, id=other.id),
        replace(slot, public="", sealed=""),
        replace(slot, sealed=slot.sealed[:-2]),
        replace(slot, sealed="no hex"),
    ):
        assert key_slots.open_slot(vault.vault_id, mixed, PASSPHRASE.encode()) is None
    assert vault.ring.opens(slot, PASSPHRASE.encode())
