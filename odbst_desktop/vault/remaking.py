"""Make the database anew on a copy and put the copy in its place.

One way for whatever changes the file as a whole (another key, a newer schema), so that a crash at
any moment leaves the old file or the new one, whole. The caller holds the vault.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from odbst_desktop.errors import FileWriteError
from odbst_desktop.files import flush_folder
from odbst_desktop.vault.database import connect, copy_database, faults_in
from odbst_desktop.vault.errors import DamagedVaultError

NEW_ENDING = ".new"
SPARE_BYTES = 20_000_000


def remake_database(
    path: Path,
    key: bytes,
    *,
    new_key: bytes | None = None,
    change: Callable[[Path], None] | None = None,
    ready: Callable[[], None] | None = None,
) -> None:
    """Copy the database, under ``new_key`` if given, ``change`` the copy, check it, swap it in.

    ``ready`` runs when the copy is sound, just before the swap. The database must not be open.

    Raises:
        FileWriteError: no room; DamagedVaultError: the copy is not sound. Nothing was changed.

    """
    copy = path.with_name(path.name + NEW_ENDING)
    remove_leftovers(path)
    refuse_little_room(path.parent, 2 * path.stat().st_size + SPARE_BYTES)
    try:
        source = connect(path, key)
        try:
            copy_database(source, copy, new_key or key)
        finally:
            source.close()
        if change is not None:
            change(copy)
        found = faults_in(copy, new_key or key)
        if found:
            raise DamagedVaultError(
                f"A copy of the vault did not pass its check ({found[0]}), so the vault was left "
                "as it is. Check the disk, then try again."
            )
        _swap(copy, path, ready)
    except OSError as fault:
        raise FileWriteError(
            f"The vault could not be made anew ({fault.strerror or 'no reason given'}). Nothing "
            "was changed; make room on the disk and try again."
        ) from fault
    finally:
        remove_leftovers(path)


def remove_leftovers(path: Path) -> None:
    """Remove what a crash left of a copy."""
    for ending in ("", "-wal", "-journal", "-shm"):
        with contextlib.suppress(OSError):
            path.with_name(f"{path.name}{NEW_ENDING}{ending}").unlink(missing_ok=True)


def refuse_little_room(folder: Path, needed_bytes: int) -> None:
    """Refuse to begin what the disk has no room for.

    Raises:
        FileWriteError: with what is needed and what is free.

    """
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise FileWriteError(
            f"There is not enough room on the disk: {-(-needed_bytes // 1_000_000)} MB are needed "
            f"and {free // 1_000_000} MB are free. Nothing was changed; make room and try again."
        )


def _swap(copy: Path, path: Path, ready: Callable[[], None] | None) -> None:
    wal = path.with_name(f"{path.name}-wal")
    if wal.exists() and wal.stat().st_size:
        # An old log beside a new file would damage it.
        raise OSError(0, "its log could not be closed")
    with copy.open("rb+") as file:
        os.fsync(file.fileno())
    if ready is not None:
        ready()
    copy.replace(path)
    flush_folder(path.parent)
