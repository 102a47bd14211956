"""The high-water mark kept outside the vault's folder.

It catches what the copy inside the folder cannot: the whole folder replaced by an older one.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from odbst_desktop.errors import FileWriteError
from odbst_desktop.files import write_whole
from odbst_desktop.vault.key_file import HighWaterMark
from odbst_desktop.vault.state_folder import state_folder

_NOTE_BYTES = 160
"""Each note has this length, so that a shorter one leaves nothing of a longer."""


def default_marks_folder() -> Path:
    """Return where this user's marks lie on this system."""
    return state_folder() / "marks"


def write_outside_mark(folder: Path, vault: str, mark: HighWaterMark) -> None:
    """Write the mark; a home that cannot be written is no reason to stop."""
    with contextlib.suppress(OSError, FileWriteError):
        folder.mkdir(parents=True, exist_ok=True)
        content = {"sequence": mark.sequence, "hash": mark.hash}
        write_whole(folder / f"{vault}.json", json.dumps(content).encode())


def note_outside_mark(folder: Path, vault: str, mark: HighWaterMark) -> None:
    """Note the mark at each commit, without waiting for the disk.

    It lies in the system's hands at once, so it survives the end of the process; it is never ahead
    of what is committed.
    """
    content = json.dumps({"sequence": mark.sequence, "hash": mark.hash}).encode()
    with contextlib.suppress(OSError), (folder / f"{vault}.json").open("r+b") as file:
        file.write(content.ljust(_NOTE_BYTES))


def read_outside_mark(folder: Path, vault: str) -> HighWaterMark | None:
    """Return the mark kept for a vault, or None where there is none that can be read."""
    try:
        content = json.loads((folder / f"{vault}.json").read_bytes())
        return HighWaterMark(int(content["sequence"]), str(content["hash"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
