"""The one place where a document may lie in plain: for another program, because a user asked.

It is for this user alone, in memory where the system has such a place, and wiped when the vault is
locked and at the next start.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from odbst_desktop.errors import FileWriteError

_NAME = "odbst-desktop-opened"


def private_folder() -> Path:
    """Return where opened documents lie; in memory on systems that offer it."""
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return Path(base) / f"{_NAME}-{_user()}"


def lay_out(name: str, data: bytes) -> Path:
    """Write a document for another program to open; ``name`` is one of ``documents.safe_name``.

    Raises:
        FileWriteError: the folder cannot be used, or is somebody else's.

    """
    folder = private_folder()
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        _refuse_foreign(folder)
        # A folder of its own, so that two documents of one name stay apart.
        place = folder / secrets.token_hex(8)
        place.mkdir(mode=0o700)
        path = place / name
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(data)
    except OSError as fault:
        raise FileWriteError(
            f"The document could not be laid out for another program ({fault.strerror}). Nothing "
            "was changed; look at it here instead."
        ) from fault
    return path


def wipe_private_folder() -> None:
    """Remove every document that was laid out; what another program holds open goes next time."""
    folder = private_folder()
    for path in folder.rglob("*") if folder.is_dir() and not folder.is_symlink() else ():
        with contextlib.suppress(OSError):
            if path.is_file() and not path.is_symlink():
                size = path.stat().st_size
                with path.open("r+b") as file:
                    file.write(bytes(size))
                path.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _user() -> str:
    return str(os.getuid()) if os.name == "posix" else os.environ.get("USERNAME", "user")


def _refuse_foreign(folder: Path) -> None:
    # In a shared temporary folder somebody else may have made it first.
    if os.name == "posix":
        found = folder.lstat()
        if found.st_uid != os.getuid() or found.st_mode & 0o077 or folder.is_symlink():
            raise OSError(0, "its folder is not this user’s own")
