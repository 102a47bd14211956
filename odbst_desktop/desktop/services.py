"""What the window is given to work with, so that it knows no room behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from odbst_desktop.desktop.jobs import JobRunner


class OpenVault(Protocol):
    """An open vault as the window sees it."""

    @property
    def folder(self) -> Path:
        """Return where it lies."""

    @property
    def organisation(self) -> str:
        """Return whose vault it is."""

    @property
    def person(self) -> str:
        """Return who opened it."""

    @property
    def recovery_is_confirmed(self) -> bool:
        """Say whether the recovery sheet counts."""

    @property
    def idle_minutes(self) -> int:
        """Return after how many minutes without a key it is locked."""

    def confirm_recovery(self, code: str) -> None:
        """Let the recovery sheet count; raises an ``OdbstError`` if the code is wrong."""

    def close(self) -> None:
        """Close the file and drop the keys."""


class OpenRooms(QWidget):
    """What the tabs of an open vault promise the window."""

    lock_wanted = Signal()
    help_wanted = Signal()
    keys_wanted = Signal()
    purged = Signal()
    idle_minutes_set = Signal(int)

    @property
    def known_as(self) -> str:
        """Return the title of the tab in view."""
        return ""

    def take_in(self, file: Path) -> None:
        """Check a package that was opened from the file manager, and file it."""

    def flush(self) -> None:
        """Keep what was typed last."""


class OpenHandbook(QWidget):
    """What the handbook promises the window."""

    def open_for(self, place: str) -> None:
        """Show the page for a place, and come forward."""

    def open_keys(self) -> None:
        """Show the page of all keys, and come forward."""


@dataclass(frozen=True, slots=True)
class VaultWish:
    """What a user typed to make a vault."""

    folder: Path
    profile: str
    organisation: str
    urn: str
    person: str
    passphrase: str


@dataclass(frozen=True, slots=True)
class MadeVault:
    """A vault just made, with the code for its recovery sheet and the sheet as a PDF."""

    vault: OpenVault
    recovery_code: str
    recovery_sheet: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the strength meter says: 0 to 4, in words, and whether it will do."""

    score: int
    words: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class Services:
    """The work behind the first windows. Each may raise an ``OdbstError``.

    ``who_holds`` returns a sentence, nothing if nobody does; ``take_call`` says whether another
    start of the program asked the window on a vault to come forward.
    """

    make: Callable[[VaultWish], MadeVault]
    unlock: Callable[[Path, str], OpenVault]
    unlock_quickly: Callable[[Path], OpenVault]
    is_quick_offered: Callable[[Path], bool]
    who_holds: Callable[[Path], str]
    take_call: Callable[[Path], bool]
    remember_vault: Callable[[Path], None]
    wipe_opened: Callable[[], None]
    recover: Callable[[Path, str, str], OpenVault]
    strength: Callable[[str, tuple[str, ...]], Verdict]
    write_file: Callable[[Path, bytes], None]
    warning_about: Callable[[Path], str]
    look_into_backup: Callable[[Path, str], str]
    restore_backup: Callable[[Path, Path], None]
    open_rooms: Callable[[OpenVault, JobRunner], OpenRooms]
