"""The restore drill: once each half-term the recovery sheet is tried on a copy of the vault."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from odbst_desktop.errors import StateError
from odbst_desktop.office.calendar import own_year
from odbst_desktop.vault.audit import newest_entry
from odbst_desktop.vault.backups import ENDING, back_up, unpacked
from odbst_desktop.vault.opening import try_recovery_code
from odbst_desktop.vault.vault import Vault

PASSED = "restore drill passed"


def run_drill(vault: Vault, code: str) -> str:
    """Back the vault up, open the copy with the recovery sheet, check it; return what was found.

    The vault itself is not touched, but for the note that the drill was passed.

    Raises:
        WrongRecoveryCodeError, DamagedVaultError, FileWriteError: each says what to do.
        StateError: the copy does not hold what the vault does.

    """
    with tempfile.TemporaryDirectory(prefix="odbst-drill-") as name:
        head = vault.audit_head()
        backup = back_up(vault, Path(name) / f"drill{ENDING}")
        with unpacked(backup) as folder:
            found = try_recovery_code(folder, code)
    if found != head:
        raise StateError(
            "The copy opened, but it does not hold the newest changes. Check the vault on this "
            "tab, then try the drill again."
        )
    with vault.changing(PASSED, f"vault/{vault.vault_id}"):
        pass
    return (
        f"The sheet works: a copy of the vault was restored, opened with it and checked, with all "
        f"{found.sequence} changes. Lock the sheet away again."
    )


def last_drill(vault: Vault) -> date | None:
    """Return the day of the last drill that was passed."""
    # The first tab asks at each change: the whole history is not read for it.
    with vault.reading() as session:
        passed = newest_entry(session, PASSED)
    return date.fromisoformat(passed.at[:10]) if passed else None


def is_drill_due(vault: Vault) -> bool:
    """Say whether no drill was passed since the present half-term began."""
    with vault.reading() as session:
        year = own_year(session, vault.today())
    halves = [half for term in year.terms for half in term.half_terms] if year else []
    begun = [half.opens for half in halves if half.opens <= vault.today()]
    last = last_drill(vault)
    return bool(begun) and (last is None or last < begun[-1])
