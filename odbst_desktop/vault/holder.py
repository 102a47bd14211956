"""One writer: who holds a vault, and asking that window to come forward.

The lock is the system's own, so that it ends with the process, however that ends. Beside it lies
who holds it, for the words that somebody else is shown. Another window of the same computer is
asked through a file, not a socket.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import platform
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from odbst_desktop.errors import FileWriteError
from odbst_desktop.files import write_whole
from odbst_desktop.vault.errors import FolderNotUsableError, VaultInUseError
from odbst_desktop.vault.state_folder import state_folder

LOCK, HOLDER = "vault.lock", "vault.holder.json"
_ANSWER_SECONDS = 2.0
_LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a vault open: computer, account on it, and since when (RFC 3339)."""

    computer: str
    account: str
    since: str

    @property
    def is_here(self) -> bool:
        """Say whether it is this account on this computer."""
        return (self.computer, self.account) == (platform.node(), _account())


class Hold:
    """A vault held for this process alone, until it is released."""

    def __init__(self, folder: Path, since: str) -> None:
        # Taken on a worker's thread and released on the window's.
        self._lock = FileLock(folder / LOCK, timeout=0, thread_local=False)
        self._holder = folder / HOLDER
        try:
            self._lock.acquire()
        except Timeout as fault:
            raise who_holds(folder) from fault
        except OSError as fault:
            raise FolderNotUsableError(
                f"The vault’s folder “{folder}” cannot be written "
                f"({fault.strerror or 'no reason given'}). Nothing was changed; ask your IT team "
                "for the right to write there, or copy the folder to this computer."
            ) from fault
        known = {"computer": platform.node(), "account": _account(), "since": since}
        with contextlib.suppress(FileWriteError):
            write_whole(self._holder, json.dumps(known).encode())

    def release(self) -> None:
        """Let others open the vault."""
        if self._lock.is_locked:
            with contextlib.suppress(OSError):
                self._holder.unlink(missing_ok=True)
            self._lock.release(force=True)


def is_held(folder: Path) -> bool:
    """Say whether another window has the vault open; nothing is left behind."""
    if not (folder / LOCK).exists():
        return False
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return True
    except OSError:
        return False
    lock.release(force=True)
    return False


def read_holder(folder: Path) -> Holder | None:
    """Return who holds a vault, as far as it is written down."""
    try:
        known = json.loads((folder / HOLDER).read_bytes())
        return Holder(str(known["computer"]), str(known["account"]), str(known["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def calls_folder() -> Path:
    """Return where the windows of this account look for calls."""
    return state_folder() / "calls"


def call_file(folder: Path) -> Path:
    """Return the file that calls the window on a vault forward."""
    name = sha256(str(folder.resolve()).encode()).hexdigest()[:32]
    return calls_folder() / f"{name}.call"


def call_forward(folder: Path, seconds: float = _ANSWER_SECONDS) -> bool:
    """Ask the window that holds a vault to come forward; say whether it did."""
    file = call_file(folder)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, b"")
    except (OSError, FileWriteError):
        return False
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if not file.exists():
            return True
        time.sleep(_LOOK_SECONDS)
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
    return False


def answer_call(folder: Path) -> bool:
    """Say whether a call came for the window on a vault, and take it."""
    file = call_file(folder)
    if not file.exists():
        return False
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
    return True


def who_holds(folder: Path) -> VaultInUseError:
    """Return the fault that says who has a vault open."""
    holder = read_holder(folder)
    if holder is None:
        return VaultInUseError()
    since = holder.since.replace("T", " at ").removesuffix("Z")
    where = "in another window of this computer" if holder.is_here else f"on “{holder.computer}”"
    return VaultInUseError(f"{where}, by the account “{holder.account}”, since {since} UTC")


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
