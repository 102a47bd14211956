"""The key file, ``keys.json``: every way in and the high-water mark, under one code.

Source: design, section 3. The whole file stands under an authentication code keyed from the vault's
key, so that a slot can be neither added, removed nor weakened. Two copies lie beside it: the one
before it, and, while the vault's key is being replaced, the one to come.
"""

from __future__ import annotations

import contextlib
import hmac
import json
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from odbst_desktop.errors import FileReadError
from odbst_desktop.files import read_whole, write_whole
from odbst_desktop.vault.errors import DamagedVaultError, NotAVaultError
from odbst_desktop.vault.key_slots import SLOT_KINDS, KdfCost, Slot, Wrapped, derived_key

DATABASE, KEYS = "vault.sqlite", "keys.json"
PREVIOUS_KEYS, COMING_KEYS = "keys.previous.json", "keys.coming.json"
_FORMAT = "odbst-keys/2"
_FORMATS = ("odbst-keys/1", _FORMAT)


@dataclass(frozen=True, slots=True)
class HighWaterMark:
    """The newest entry of the audit chain known to have been written."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The content of ``keys.json``; ``format`` is the one it was read in.

    ``closed_as`` is the SHA-256 of the database as it was last closed, empty while it is in use:
    so an old page put back is noticed too.
    """

    vault: str
    slots: tuple[Slot, ...]
    mark: HighWaterMark
    code: str = ""
    closed_as: str = ""
    format: str = _FORMAT


def is_vault(folder: Path) -> bool:
    """Say whether a folder looks like a vault."""
    return any((folder / name).is_file() for name in (KEYS, PREVIOUS_KEYS, COMING_KEYS))


def key_files(folder: Path) -> tuple[KeyFile, ...]:
    """Return the key file, the one to come and the one before it, whichever can be read.

    Raises:
        NotAVaultError: there is none.
        DamagedVaultError: none can be read, or the database is missing.

    """
    if not is_vault(folder):
        raise NotAVaultError(
            f"There is no vault in “{folder}”. Choose the folder that holds vault.sqlite and "
            "keys.json."
        )
    if not (folder / DATABASE).is_file():
        raise DamagedVaultError(
            f"The vault in “{folder}” has lost its database (vault.sqlite). Nothing was changed; "
            "put the file back or restore a backup."
        )
    readable, fault = [], None
    for name in (KEYS, COMING_KEYS, PREVIOUS_KEYS):
        if (folder / name).is_file():
            try:
                readable.append(parse_key_file(read_whole(folder / name)))
            except DamagedVaultError as damaged:
                fault = damaged
    if not readable:
        raise fault or DamagedVaultError("The key file of this vault is damaged.")
    return tuple(readable)


def is_in_force(folder: Path, keys: KeyFile) -> bool:
    """Say whether a key file is the one that ``keys.json`` holds now, not a copy beside it."""
    try:
        return parse_key_file(read_whole(folder / KEYS)) == keys
    except (DamagedVaultError, FileReadError):
        return False


def write_key_file(folder: Path, keys: KeyFile, vault_key: bytes) -> None:
    """Write ``keys.json`` whole and keep the copy before it.

    Raises:
        FileWriteError: the disk does not take it; nothing was changed.

    """
    path = folder / KEYS
    if path.exists():
        write_whole(folder / PREVIOUS_KEYS, read_whole(path))
    write_whole(path, seal_key_file(keys, vault_key))


def write_coming_keys(folder: Path, keys: KeyFile, vault_key: bytes) -> None:
    """Write the key file that counts once the database has its new key."""
    write_whole(folder / COMING_KEYS, seal_key_file(keys, vault_key))


def settle_keys(folder: Path, keys: KeyFile, vault_key: bytes) -> None:
    """Let ``keys`` be the one key file: no copy is left that leads to another key."""
    data = seal_key_file(keys, vault_key)
    write_whole(folder / KEYS, data)
    write_whole(folder / PREVIOUS_KEYS, data)
    with contextlib.suppress(OSError):
        (folder / COMING_KEYS).unlink(missing_ok=True)


def database_digest(folder: Path) -> str:
    """Return the SHA-256 of the database file as it lies on the disk, as hex."""
    with (folder / DATABASE).open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def seal_key_file(keys: KeyFile, vault_key: bytes) -> bytes:
    """Return the bytes of ``keys.json`` with a fresh authentication code."""
    content = _content(keys, _FORMAT)
    content["code"] = _authentication_code(content, vault_key)
    return json.dumps(content, indent=1, sort_keys=True).encode()


def is_authentic(keys: KeyFile, vault_key: bytes) -> bool:
    """Say whether the file is as it was written by a holder of the vault key."""
    expected = _authentication_code(_content(keys, keys.format), vault_key)
    return hmac.compare_digest(keys.code.encode(), expected.encode())


def parse_key_file(data: bytes) -> KeyFile:
    """Read ``keys.json``.

    Raises:
        DamagedVaultError: it is not a key file, or a cost is outside floor and ceiling.

    """
    try:
        content = json.loads(data)
        written_as = content["format"]
        if written_as not in _FORMATS:
            raise ValueError(written_as)
        slots = tuple(_slot(entry) for entry in content["slots"])
        mark = HighWaterMark(int(content["mark"]["sequence"]), str(content["mark"]["hash"]))
        keys = KeyFile(
            str(content["vault"]),
            slots,
            mark,
            str(content["code"]),
            str(content.get("closed_as", "")),
            written_as,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise DamagedVaultError(
            "The key file of this vault (keys.json) is damaged. Nothing was changed; restore a "
            "backup, or ask your IT team."
        ) from fault
    if not all(slot.wrapped.cost.is_allowed() for slot in slots):
        raise DamagedVaultError(
            "The key file of this vault (keys.json) has been altered: a way in is weaker or "
            "costlier than this program allows. Nothing was changed; restore a backup."
        )
    return keys


def _slot(entry: dict[str, Any]) -> Slot:
    wrapped = dict(entry["wrapped"])
    cost = KdfCost(**{name: int(value) for name, value in wrapped.pop("cost").items()})
    if entry["kind"] not in SLOT_KINDS:
        raise ValueError(entry["kind"])
    return Slot(
        str(entry["id"]),
        entry["kind"],
        str(entry["user"]),
        bool(entry["confirmed"]),
        Wrapped(cost=cost, **{name: str(value) for name, value in wrapped.items()}),
        str(entry.get("public", "")),
        str(entry.get("sealed", "")),
    )


def _content(keys: KeyFile, written_as: str) -> dict[str, Any]:
    content = asdict(keys)
    del content["code"]
    for slot in content["slots"]:
        if not slot["public"]:
            # A slot of the first format is written as it was.
            del slot["public"], slot["sealed"]
    if written_as != _FORMAT:
        del content["closed_as"]
    return {**content, "format": written_as}


def _authentication_code(content: dict[str, Any], vault_key: bytes) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(derived_key(vault_key, "keys.json"), canonical, sha256).hexdigest()
