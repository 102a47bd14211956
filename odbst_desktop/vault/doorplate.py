"""A file in a vault's folder that opens the vault when it is double-clicked.

No system lets a folder itself have a file type.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from odbst_desktop.errors import FileWriteError
from odbst_desktop.files import write_whole

ENDING = ".odbst-vault"
NAME = f"Open this vault{ENDING}"
_WORDS = (
    "This folder is a vault of ODBST Desktop. Open this file to open the vault; it holds nothing "
    "else.\r\n"
)


def put_up(folder: Path) -> None:
    """Put the file into a vault's folder, if it is missing and the folder can be written."""
    plate = folder / NAME
    if not plate.exists():
        with contextlib.suppress(FileWriteError, OSError):
            write_whole(plate, _WORDS.encode())


def vault_behind(path: Path) -> Path:
    """Return the vault's folder for what somebody opened: the folder, or a file of it."""
    return path.parent if path.suffix == ENDING or path.name == "keys.json" else path
