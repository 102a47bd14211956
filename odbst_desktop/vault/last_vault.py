"""Which vault was opened last on this account: the path of its folder, nothing of what it holds."""

from __future__ import annotations

import contextlib
from pathlib import Path

from odbst_desktop.errors import FileWriteError
from odbst_desktop.files import write_whole
from odbst_desktop.vault.state_folder import state_folder


def remember_vault(folder: Path) -> None:
    """Note the vault that was opened; a home that cannot be written is no reason to stop."""
    file = _file()
    with contextlib.suppress(OSError, FileWriteError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, str(folder.resolve()).encode())


def last_vault() -> Path | None:
    """Return the vault that was opened last, None if there is none or it is gone."""
    try:
        folder = Path(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    # Not more is asked here: what is wrong with the folder is said when it is unlocked.
    return folder if folder.is_dir() else None


def _file() -> Path:
    return state_folder() / "last-vault"
