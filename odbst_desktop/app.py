"""Put the window and the office together. Storage is imported when it is first needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from odbst_desktop.desktop.collecting import set_aside
from odbst_desktop.desktop.display import why_no_window
from odbst_desktop.desktop.fault_hook import install_fault_hook
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.services import (
    MadeVault,
    OpenRooms,
    OpenVault,
    Services,
    VaultWish,
    Verdict,
)
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.desktop.window import Window
from odbst_desktop.errors import InputError
from odbst_desktop.files import write_whole
from odbst_desktop.shipped import faults_of_this_copy, shipped_file
from odbst_desktop.vault.doorplate import put_up, vault_behind
from odbst_desktop.vault.hardening import harden_process
from odbst_desktop.vault.places import warning_about
from odbst_desktop.vault.private_folder import wipe_private_folder

_LEAVE = "ODBST_LEAVE_WHEN_SHOWN"

Clock = Callable[[], datetime]
"""Returns the moment now, aware of its zone."""


class _OpenVault:
    """A vault as the window sees it."""

    def __init__(self, vault: Any) -> None:  # a Vault: its module is imported late
        from odbst_desktop.office.opening import vault_owner  # noqa: PLC0415

        self.vault = vault
        self._owner = vault_owner(vault)

    @property
    def folder(self) -> Path:
        return Path(self.vault.folder)

    @property
    def organisation(self) -> str:
        return self._owner.name

    @property
    def person(self) -> str:
        return str(self.vault.user.name)

    @property
    def recovery_is_confirmed(self) -> bool:
        return bool(self.vault.recovery_is_confirmed)

    @property
    def idle_minutes(self) -> int:
        from odbst_desktop.vault.settings import idle_minutes  # noqa: PLC0415

        with self.vault.reading() as session:
            return idle_minutes(session)

    def confirm_recovery(self, code: str) -> None:
        from odbst_desktop.vault.recovery_sheet import confirm_recovery  # noqa: PLC0415

        confirm_recovery(self.vault, code)

    def close(self) -> None:
        self.vault.close()


class _Work:
    """The work behind the window, on the real vault."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def make(self, wish: VaultWish) -> MadeVault:
        import odbst_desktop.desktop.rooms  # noqa: F401, PLC0415
        from odbst_desktop.office.opening import HEADTEACHER, make_vault  # noqa: PLC0415
        from odbst_desktop.reports.recovery_sheet import recovery_sheet  # noqa: PLC0415
        from odbst_desktop.school.owner import Owner, Profile  # noqa: PLC0415

        typed = wish.urn.strip()
        if typed and not (typed.isascii() and typed.isdigit()):
            raise InputError("A URN is six digits, such as 110323. Type it without letters.")
        if not wish.person.strip():
            raise InputError("Type your name: it stands under what you sign.")
        is_head = wish.profile == HEADTEACHER
        profile = Profile.SCHOOL if is_head else Profile(wish.profile)
        owner = Owner(profile, wish.organisation, int(typed) if typed else None)
        made = make_vault(
            wish.folder,
            owner=owner,
            person=wish.person.strip(),
            passphrase=wish.passphrase,
            clock=self._clock,
            role=HEADTEACHER if is_head else "",
        )
        sheet = recovery_sheet(owner.name, made.recovery_code, made.vault.today())
        return MadeVault(_OpenVault(made.vault), made.recovery_code, sheet)

    def unlock(self, folder: Path, passphrase: str) -> OpenVault:
        # Imported here, off the window's thread: the tabs are needed once the vault is open.
        import odbst_desktop.desktop.rooms  # noqa: F401, PLC0415
        from odbst_desktop.office.opening import unlock_vault  # noqa: PLC0415

        return _OpenVault(unlock_vault(folder, passphrase, clock=self._clock))

    def unlock_quickly(self, folder: Path) -> OpenVault:
        import odbst_desktop.desktop.rooms  # noqa: F401, PLC0415
        from odbst_desktop.office.opening import unlock_quickly  # noqa: PLC0415

        return _OpenVault(unlock_quickly(folder, clock=self._clock))

    def look(self, file: Path, passphrase: str) -> str:
        from odbst_desktop.office.opening import describe_backup  # noqa: PLC0415

        return describe_backup(file, passphrase, clock=self._clock)

    def recover(self, folder: Path, code: str, new_passphrase: str) -> OpenVault:
        import odbst_desktop.desktop.rooms  # noqa: F401, PLC0415
        from odbst_desktop.office.opening import recover_with_sheet  # noqa: PLC0415

        return _OpenVault(recover_with_sheet(folder, code, new_passphrase, clock=self._clock))


def _is_quick_offered(folder: Path) -> bool:
    from odbst_desktop.vault.quick_unlock import is_offered  # noqa: PLC0415

    return is_offered(folder)


def _who_holds(folder: Path) -> str:
    from odbst_desktop.vault.holder import is_held, who_holds  # noqa: PLC0415

    return who_holds(folder).sentence if is_held(folder) else ""


def _take_call(folder: Path) -> bool:
    from odbst_desktop.vault.holder import answer_call  # noqa: PLC0415

    return answer_call(folder)


def _remember(folder: Path) -> None:
    from odbst_desktop.vault.last_vault import remember_vault  # noqa: PLC0415

    remember_vault(folder)
    put_up(folder)


def _restore(file: Path, folder: Path) -> None:
    from odbst_desktop.vault.backups import restore  # noqa: PLC0415

    restore(file, folder)


def _strength(passphrase: str, known_words: tuple[str, ...]) -> Verdict:
    from odbst_desktop.vault.strength import passphrase_strength  # noqa: PLC0415

    strength = passphrase_strength(passphrase, known_words)
    return Verdict(strength.score, strength.words, strength.accepted)


def _open_rooms(vault: OpenVault, jobs: JobRunner) -> OpenRooms:
    from odbst_desktop.desktop.rooms import Rooms  # noqa: PLC0415

    if not isinstance(vault, _OpenVault):
        raise TypeError(type(vault))
    set_aside()
    return Rooms(vault.vault, jobs, write_whole)


def _moment_now() -> datetime:
    return datetime.now(UTC)


def real_services(clock: Clock = _moment_now) -> Services:
    """Return the services over the real vault."""
    work = _Work(clock)
    return Services(
        make=work.make,
        unlock=work.unlock,
        unlock_quickly=work.unlock_quickly,
        is_quick_offered=_is_quick_offered,
        who_holds=_who_holds,
        take_call=_take_call,
        remember_vault=_remember,
        wipe_opened=wipe_private_folder,
        recover=work.recover,
        strength=_strength,
        write_file=write_whole,
        warning_about=warning_about,
        look_into_backup=work.look,
        restore_backup=_restore,
        open_rooms=_open_rooms,
    )


def open_window(path: Path | None = None) -> int:
    """Open the window and return its exit status.

    ``path`` is a vault, or a package or backup to take in; without one the vault opened last is
    offered. If a window of this account has that vault open, it comes forward instead.
    """
    harden_process()
    wipe_private_folder()
    problem = why_no_window()
    if problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return 2
    wanted = _wanted(path)
    if wanted.vault is not None and wanted.file is None and _first_window_came(wanted.vault):
        print("This vault is open already: its window was brought forward.")  # noqa: T201
        return 0
    application = QApplication(sys.argv[:1])
    application.setApplicationName("ODBST Desktop")
    application.setWindowIcon(QIcon(str(shipped_file("resources/pictures/odbst.svg"))))
    apply_theme(application)
    window = Window(real_services(), wanted.vault, wanted.file)
    install_fault_hook(window.say)
    if faults := faults_of_this_copy():
        window.say(faults)
    window.show()
    if os.environ.get(_LEAVE):
        # benchmarks/start_up.py: end once the first window is drawn and nothing is left to do.
        QTimer.singleShot(0, window, window.close)
    return application.exec()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What to open: a vault, and a file to take in once it is open."""

    vault: Path | None
    file: Path | None = None


def _wanted(path: Path | None) -> _Wanted:
    if path is None:
        return _Wanted(_last_vault())
    if path.suffix in {".odbst", ".odbst-backup"}:
        return _Wanted(_last_vault(), path.absolute())
    return _Wanted(vault_behind(path.absolute()))


def _last_vault() -> Path | None:
    from odbst_desktop.vault.last_vault import last_vault  # noqa: PLC0415

    return last_vault()


def _first_window_came(folder: Path) -> bool:
    from odbst_desktop.vault.holder import call_forward, is_held  # noqa: PLC0415

    return is_held(folder) and call_forward(folder)


def take_pictures(demonstration: Path, folder: Path) -> int:
    """Open each vault of a demonstration trust and write a picture of every tab.

    Raises:
        OdbstError: the folder cannot be written, or there is no demonstration trust.

    """
    from odbst_desktop.desktop.pictures import picture_every_tab  # noqa: PLC0415

    harden_process()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    apply_theme(application)
    for path in picture_every_tab(real_services(), demonstration, folder):
        print(path, flush=True)  # noqa: T201 - it is a command
    return 0
