"""Write a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from odbst_desktop.errors import FileReadError, FileWriteError


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` so that after a crash the old or the new file is there, whole.

    Raises:
        FileWriteError: the folder or the disk does not take it; nothing was changed.

    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        flush_folder(path.parent)
    except OSError as fault:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise FileWriteError(
            f"“{path.name}” could not be written in “{path.parent}” "
            f"({fault.strerror or 'no reason given'}). Nothing was changed; choose another folder "
            "or make room on the disk, then try again."
        ) from fault


def read_whole(path: Path, *, at_most_bytes: int | None = None) -> bytes:
    """Return the bytes of a file; of a larger one than ``at_most_bytes`` one byte more than that.

    Raises:
        FileReadError: it is not there, is a folder, or may not be read.

    """
    try:
        with path.open("rb") as file:
            return file.read(-1 if at_most_bytes is None else at_most_bytes + 1)
    except OSError as fault:
        raise FileReadError(
            f"“{path.name}” could not be read ({fault.strerror or 'no reason given'}). "
            "Check that the file is there and that you may open it."
        ) from fault


def flush_folder(folder: Path) -> None:
    """Make a rename in a folder last through a power cut, where the system can."""
    # Windows cannot open a folder; there the rename is flushed by the file system.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
