"""A school leaves: nothing of its vault stays in its folder, once an export was tried."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from odbst_desktop.errors import FileWriteError, InputError, StateError
from odbst_desktop.moving.archive import manifest_of, read_files
from odbst_desktop.reports.document import (
    Block,
    Facts,
    Heading,
    Paper,
    Paragraph,
    ReportHead,
    Signature,
    Signatures,
    Tone,
)
from odbst_desktop.retention.holds import holds
from odbst_desktop.school.owner import read_owner
from odbst_desktop.vault import quick_unlock
from odbst_desktop.vault.backups import FOLDER, folder_for_it_team
from odbst_desktop.vault.doorplate import NAME
from odbst_desktop.vault.holder import HOLDER, LOCK
from odbst_desktop.vault.key_file import COMING_KEYS, DATABASE, KEYS, PREVIOUS_KEYS
from odbst_desktop.vault.marks import default_marks_folder
from odbst_desktop.vault.vault import Vault

_HOW = (
    "The keys of the vault were overwritten and removed first, then its database and the backups "
    "in its folder. Without its keys the database cannot be read, whatever the disk still holds."
)
_ELSEWHERE = (
    "Copies elsewhere are not reached: backups on sticks{shared}, printed papers, and what was "
    "sent to the trust. Whoever keeps them has to remove them, and the recovery sheet is to be "
    "shredded."
)


@dataclass(frozen=True, slots=True)
class Purged:
    """What went, and the paper that says so."""

    folder: Path
    paper: Paper


def purge(vault: Vault, name: str, export: Path, passphrase: str = "") -> Purged:
    """Remove a vault for good; it is closed afterwards.

    ``name`` is the school's name, typed; ``export`` one of this vault with nothing changed since,
    which is opened and checked first.

    Raises:
        InputError: the name differs, or the export is of another vault or older.
        StateError: a legal hold is in force.
        FileReadError, FileWriteError: the export cannot be read; a file could not be removed.

    """
    told = manifest_of(read_files(export, passphrase))
    with vault.reading() as session:
        owner = read_owner(session)
        held = [hold for hold in holds(session) if hold.is_in_force]
    if name.strip() != owner.name:
        raise InputError(f"Type the name as it stands, “{owner.name}”. Nothing was removed.")
    if held:
        raise StateError(
            f"{len(held)} legal holds are in force: {held[0].words}. Nothing was removed; the "
            "holds are lifted on the tab Records by whoever placed them."
        )
    head = vault.audit_head()
    if told.get("vault") != vault.vault_id or told.get("audit") != {
        "sequence": head.sequence, "hash": head.hash,
    }:  # fmt: skip
        raise InputError(
            "That export is of another vault, or something was changed since it was written. "
            "Nothing was removed; write the export anew and purge at once."
        )
    paper = _paper(vault, owner.name, export)
    quick_unlock.switch_off(vault)
    folder, vault_id = vault.folder, vault.vault_id
    vault.close()
    _remove(folder, vault_id)
    return Purged(folder, paper)


def _remove(folder: Path, vault_id: str) -> None:
    try:
        for name in (KEYS, PREVIOUS_KEYS, COMING_KEYS):
            _overwrite(folder / name)
        for backup in sorted((folder / FOLDER).glob("*")):
            _overwrite(backup)
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-journal", HOLDER, LOCK, NAME):
            (folder / name).unlink(missing_ok=True)
        shutil.rmtree(folder / FOLDER, ignore_errors=True)
        for note in default_marks_folder().glob(f"{vault_id}*"):
            note.unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()
    except OSError as fault:
        raise FileWriteError(
            f"The vault is shut for good, but “{fault.filename}” could not be removed "
            f"({fault.strerror}). Remove the folder “{folder}” by hand."
        ) from fault


def _overwrite(file: Path) -> None:
    """Write over a file before it is removed; on flash the old bytes may stay, encrypted."""
    if not file.is_file():
        return
    with file.open("r+b") as opened:
        opened.write(secrets.token_bytes(min(file.stat().st_size, 1_000_000)))
        opened.flush()
    file.unlink()


def _paper(vault: Vault, organisation: str, export: Path) -> Paper:
    head = vault.audit_head()
    shared = folder_for_it_team(vault)
    when = vault.now().replace("T", " ").removesuffix("Z")
    blocks: list[Block] = [
        Facts(
            (
                ("Vault", vault.vault_id),
                ("Changes recorded in it", str(head.sequence)),
                ("Hash of the last", head.hash),
                ("Export checked before", export.name),
                ("By", vault.user.name),
                ("When", f"{when} UTC"),
            )
        ),
        Heading("How"),
        Paragraph(_HOW),
        Paragraph(_ELSEWHERE.format(shared=f", those in “{shared}”" if shared else ""),
                  Tone.NOTICE),
        Signatures(
            (
                Signature("Purged by", vault.user.name, f"{when} UTC"),
                Signature("Agreed by the headteacher or data protection officer"),
            )
        ),
    ]  # fmt: skip
    title = "Certificate that a vault was purged"
    return Paper("certificate-of-purge", ReportHead(title, organisation, vault.today()),
                 tuple(blocks))  # fmt: skip
