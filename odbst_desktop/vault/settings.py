"""What a school sets for its vault."""

from __future__ import annotations

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.policies import policies_here
from odbst_desktop.vault.records import SettingRow

DEFAULT_IDLE_MINUTES = 10
IDLE_CHOICES_MINUTES = (1, 2, 3, 5, 10, 15, 20, 30, 60)
_IDLE = "idle_minutes"
_EXPORTS = "export_folder"


def idle_minutes(session: Session) -> int:
    """Return after how many minutes without a key or movement the vault is locked.

    Never more than the IT team allows on this computer.
    """
    row = session.get(SettingRow, _IDLE)
    chosen = DEFAULT_IDLE_MINUTES if row is None else int(row.value)
    return min(chosen, policies_here().idle_lock_minutes or chosen)


def idle_choices() -> tuple[int, ...]:
    """Return the minutes that may be chosen on this computer."""
    most = policies_here().idle_lock_minutes
    if most is None:
        return IDLE_CHOICES_MINUTES
    return tuple(sorted({*(choice for choice in IDLE_CHOICES_MINUTES if choice < most), most}))


def set_idle_minutes(session: Session, minutes: int) -> None:
    """Set after how many minutes the vault is locked.

    Raises:
        InputError: it is none of the choices.

    """
    if minutes not in idle_choices():
        choices = ", ".join(str(choice) for choice in idle_choices())
        raise InputError(f"The vault can lock after {choices} minutes. Choose one of them.")
    session.merge(SettingRow(name=_IDLE, value=str(minutes)))


def export_folder(session: Session) -> str:
    """Return the folder that files for others were last written to; empty if there is none."""
    row = session.get(SettingRow, _EXPORTS)
    return "" if row is None else row.value


def set_export_folder(session: Session, folder: str) -> None:
    """Remember the folder that files for others are written to."""
    session.merge(SettingRow(name=_EXPORTS, value=folder))
