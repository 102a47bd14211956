"""An export as a plain folder, or as one file under a passphrase.

The file is the line ``ODBSTEXPORT1``, the length of a header (4 bytes, big-endian), the header
(JSON: a random key wrapped under the passphrase by Argon2id and AES-256-GCM), twelve random bytes,
and a ZIP of the plain folder encrypted with AES-256-GCM, whose associated data is all before.
"""

from __future__ import annotations

import io
import json
import re
import secrets
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from odbst_desktop.errors import FileReadError, FileWriteError, InputError
from odbst_desktop.files import read_whole, write_whole
from odbst_desktop.vault.errors import DamagedVaultError
from odbst_desktop.vault.key_slots import KEY_BYTES, KdfCost, Wrapped, unwrap_secret, wrap_secret

ENDING = ".odbst-export"
MANIFEST = "export.json"
_MAGIC = b"ODBSTEXPORT1\n"
_BINDING = "odbst-export-v1"
_NAME = re.compile(r"(?:[A-Za-z0-9_-]+/)?[A-Za-z0-9][A-Za-z0-9 ._-]{0,139}")
_LARGEST_BYTES = 1_000_000_000
_LONGEST_HEADER = 4096
_NONCE_BYTES = 12
_MOMENT = (2000, 1, 1, 0, 0, 0)
Files = Mapping[str, bytes]


def write_plain(files: Files, folder: Path) -> None:
    """Write an export into a new or empty folder, where anybody can read it.

    Raises:
        InputError: the folder holds something already.
        FileWriteError: it cannot be written.

    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"“{folder.name}” holds something already. Choose a new folder.")
    try:
        for place in {(folder / name).parent for name in files} | {folder}:
            place.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise FileWriteError(
            f"The folder “{folder}” could not be made ({fault.strerror}). Choose another."
        ) from fault
    for name, data in files.items():
        write_whole(folder / name, data)


def write_sealed(files: Files, file: Path, passphrase: str, cost: KdfCost) -> None:
    """Write an export as one file under a passphrase."""
    key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(_NONCE_BYTES)
    wrapped = wrap_secret(key, passphrase.encode(), cost, _BINDING)
    header = json.dumps(asdict(wrapped)).encode()
    opening = _MAGIC + len(header).to_bytes(4, "big") + header + nonce
    write_whole(file, opening + AESGCM(key).encrypt(nonce, _zipped(files), opening))


def is_sealed(path: Path) -> bool:
    """Say whether an export is a file under a passphrase."""
    return path.is_file() and read_whole(path, at_most_bytes=len(_MAGIC))[:-1] == _MAGIC


def read_files(path: Path, passphrase: str = "") -> dict[str, bytes]:
    """Return the files of an export, each as its manifest says it is.

    Raises:
        FileReadError: it is no export, is damaged, or was altered.
        InputError: it does not open with this passphrase.

    """
    is_plain = path.is_dir()
    files = _from_folder(path) if is_plain else _unzipped(_opened(path, passphrase), path.name)
    _refuse_altered(files, path.name)
    return files


def manifest_of(files: Files) -> dict[str, Any]:
    """Return what an export says of itself."""
    told = json.loads(files[MANIFEST])
    return told if isinstance(told, dict) else {}


def _opened(file: Path, passphrase: str) -> bytes:
    data = read_whole(file, at_most_bytes=_LARGEST_BYTES)
    start = len(_MAGIC) + 4
    length = int.from_bytes(data[len(_MAGIC) : start], "big")
    body = start + length + _NONCE_BYTES
    if not data.startswith(_MAGIC) or length > _LONGEST_HEADER or len(data) <= body:
        raise _no_export(file.name)
    try:
        told = json.loads(data[start : start + length])
        wrapped = Wrapped(**{**told, "cost": KdfCost(**told["cost"])})
        key = unwrap_secret(wrapped, passphrase.encode(), _BINDING)
    except (ValueError, TypeError, KeyError, AttributeError, DamagedVaultError) as fault:
        raise _no_export(file.name) from fault
    if key is None:
        raise InputError("That passphrase does not open this export. Check Caps Lock, try again.")
    try:
        nonce = data[body - _NONCE_BYTES : body]
        return AESGCM(key).decrypt(nonce, data[body:], data[:body])
    except (InvalidTag, ValueError) as fault:
        raise _no_export(file.name) from fault


def _from_folder(folder: Path) -> dict[str, bytes]:
    if not (folder / MANIFEST).is_file():
        raise _no_export(folder.name)
    files = {MANIFEST: read_whole(folder / MANIFEST, at_most_bytes=_LARGEST_BYTES)}
    for name in _listed(files, folder.name):
        # Only what the manifest names is looked at, and only inside the folder.
        files[name] = read_whole(folder / name, at_most_bytes=_LARGEST_BYTES)
    return files


def _listed(files: Files, shown: str) -> dict[str, str]:
    try:
        listed = manifest_of(files)["files"]
    except (ValueError, KeyError, RecursionError) as fault:
        raise _no_export(shown) from fault
    is_sound = isinstance(listed, dict) and all(
        _NAME.fullmatch(name) and isinstance(digest, str) for name, digest in listed.items()
    )
    if not is_sound:
        raise _no_export(shown)
    return dict(listed)


def _refuse_altered(files: Files, shown: str) -> None:
    if MANIFEST not in files:
        raise _no_export(shown)
    for name, digest in _listed(files, shown).items():
        if name not in files or sha256(files[name]).hexdigest() != digest:
            raise FileReadError(
                f"“{name}” of this export was changed or is missing. Nothing was taken in; use the "
                "export as it was written."
            )


def _zipped(files: Files) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), files[name], zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _unzipped(data: bytes, shown: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > _LARGEST_BYTES:
                raise zipfile.BadZipFile
            return {member.filename: archive.read(member) for member in members}
    except (zipfile.BadZipFile, EOFError, RuntimeError, ValueError, NotImplementedError) as fault:
        raise _no_export(shown) from fault


def _no_export(name: str) -> FileReadError:
    return FileReadError(
        f"“{name}” is no export of this program, or it is damaged. Nothing was changed; choose "
        f"the folder with {MANIFEST}, or the file that ends in {ENDING}."
    )
