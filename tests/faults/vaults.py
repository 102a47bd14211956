"""A small vault to handle roughly, and ways to open what is left of it."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from odbst_desktop.meetings.log import meetings, start_meeting
from odbst_desktop.office.opening import make_vault, unlock_vault
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.school.people import add_person
from odbst_desktop.vault.errors import VaultError
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.vault import Vault

PASSPHRASE = "copper lantern drifting orchard"
OTHER = "velvet anchor morning gravel"


@contextlib.contextmanager
def a_vault(base: Path | None = None) -> Iterator[Path]:
    """Make a small vault with a meeting, in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        os.environ["XDG_STATE_HOME"] = f"{name}/state"
        folder = (base or Path(name)) / "vault"
        vault = make_vault(
            folder, owner=Owner(Profile.SCHOOL, "Oakfield", 900101), person="Ruth Ellery",
            passphrase=PASSPHRASE, cost=FLOOR_COST,
        ).vault  # fmt: skip
        with vault.changing("people", "people") as session:
            add_person(session, "Ruth Ellery", ["dsl"], vault.today())
        start_meeting(vault)
        vault.close()
        yield folder


def opens(folder: Path, *passphrases: str) -> Vault | None:
    """Open a vault whichever of two passphrases it has, without the wait between tries."""
    for known in passphrases or (PASSPHRASE, OTHER):
        for tries in (Path(os.environ["XDG_STATE_HOME"]) / "odbst-desktop").rglob("*.tries.json"):
            tries.unlink(missing_ok=True)
        with contextlib.suppress(VaultError):
            return unlock_vault(folder, known)
    return None


def kept_number(vault: Vault) -> int:
    """Return the number last written into the meeting."""
    with vault.reading() as session:
        return int(meetings(session)[0].answers.get("voice", "0"))


def forget_state() -> None:
    """Forget what lies outside the folder: another computer."""
    shutil.rmtree(Path(os.environ["XDG_STATE_HOME"]), ignore_errors=True)
