"""A growing wait after wrong passphrases; it survives a restart of the program.

It slows somebody who types at this computer. Somebody who copied the folder is slowed by Argon2id.
"""

from __future__ import annotations

import contextlib
import json
import math
from datetime import datetime, timedelta
from pathlib import Path

from odbst_desktop.errors import FileWriteError
from odbst_desktop.files import write_whole
from odbst_desktop.vault.errors import TooManyTriesError

_FREE_TRIES = 4
_LONGEST_SECONDS = 300


def wait_seconds(wrong_tries: int) -> int:
    """Return how long to wait after a number of wrong tries: 0 at first, then 2, 4, 8… to 300."""
    over = wrong_tries - _FREE_TRIES
    return min(2**over, _LONGEST_SECONDS) if 0 < over < 16 else _LONGEST_SECONDS * (over > 0)


def refuse_too_soon(folder: Path, vault: str, now: datetime) -> None:
    """Refuse a try before the wait is over.

    Raises:
        TooManyTriesError: with the seconds that are left.

    """
    wrong, last = _read(folder, vault)
    if last is None:
        return
    ends = last + timedelta(seconds=wait_seconds(wrong))
    # A clock set back must not lock anybody out for longer than the wait itself.
    if last <= now < ends:
        raise TooManyTriesError(math.ceil((ends - now).total_seconds()))


def note_wrong_try(folder: Path, vault: str, now: datetime) -> None:
    """Count a wrong passphrase."""
    wrong, _ = _read(folder, vault)
    content = {"wrong": wrong + 1, "last": now.isoformat()}
    with contextlib.suppress(OSError, FileWriteError):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(_path(folder, vault), json.dumps(content).encode())


def forget_tries(folder: Path, vault: str) -> None:
    """Begin anew after a right passphrase."""
    with contextlib.suppress(OSError):
        _path(folder, vault).unlink(missing_ok=True)


def _path(folder: Path, vault: str) -> Path:
    return folder / f"{vault}.tries.json"


def _read(folder: Path, vault: str) -> tuple[int, datetime | None]:
    try:
        content = json.loads(_path(folder, vault).read_bytes())
        last = datetime.fromisoformat(content["last"])
        return int(content["wrong"]), last if last.tzinfo else None
    except (OSError, ValueError, KeyError, TypeError):
        return 0, None
