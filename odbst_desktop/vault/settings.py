"""What a school sets for its vault."""

from __future__ import annotations

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.vault.records import SettingRow

DEFAULT_IDLE_MINUTES = 10
SHORTEST_IDLE_MINUTES, LONGEST_IDLE_MINUTES = 1, 60
_IDLE = "idle_minutes"


def idle_minutes(session: Session) -> int:
    """Return after how many minutes without a key or movement the vault is locked."""
    row = session.get(SettingRow, _IDLE)
    return DEFAULT_IDLE_MINUTES if row is None else int(row.value)


def set_idle_minutes(session: Session, minutes: int) -> None:
    """Set after how many minutes the vault is locked.

    Raises:
        InputError: fewer than 1 or more than 60.

    """
    if not SHORTEST_IDLE_MINUTES <= minutes <= LONGEST_IDLE_MINUTES:
        raise InputError(
            f"The vault can lock after {SHORTEST_IDLE_MINUTES} to {LONGEST_IDLE_MINUTES} minutes. "
            "Choose a time between."
        )
    session.merge(SettingRow(name=_IDLE, value=str(minutes)))
