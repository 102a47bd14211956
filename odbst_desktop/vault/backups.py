"""Backups: the whole vault in one file, as encrypted as the vault itself, tried after writing.

Source: design, section 3. The file is a ZIP without compression that holds ``vault.sqlite`` and
``keys.json`` as they lie in a vault's folder: whoever has a passphrase or the recovery sheet can
open it, nobody else. Kept are the newest of each of 7 days, 4 weeks and 12 months.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from odbst_desktop.errors import FileReadError, FileWriteError
from odbst_desktop.files import write_whole
from odbst_desktop.policies import policies_here
from odbst_desktop.vault.database import connect, copy_database, faults_in
from odbst_desktop.vault.errors import DamagedVaultError, FolderNotUsableError
from odbst_desktop.vault.key_file import DATABASE, KEYS, KeyFile, parse_key_file, seal_key_file
from odbst_desktop.vault.marks import default_marks_folder, write_outside_mark
from odbst_desktop.vault.remaking import SPARE_BYTES, refuse_little_room
from odbst_desktop.vault.vault import Vault

ENDING = ".odbst-backup"
FOLDER = "backups"
_STAMP = "%Y-%m-%d-%H%M%S"
_DAYS, _WEEKS, _MONTHS = 7, 4, 12
_LARGEST_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup in a vault's own folder and when it was made."""

    path: Path
    made: datetime
    size_bytes: int = 0


def back_up(vault: Vault, target: Path | None = None) -> Path:
    """Write the vault into one file and try it; return where it lies.

    Without a ``target`` it goes into the vault's own folder of backups, and those that are no
    longer kept are removed. A copy of it goes where the IT team of this computer wants one.

    Raises:
        FileWriteError: no room, or the folder cannot be written; nothing was left behind, or (it
            says so) the backup is there and only its copy is not.
        DamagedVaultError: what was written did not open soundly; it was removed.

    """
    path = target or _next_backup(vault.folder, vault.clock().astimezone())
    size_bytes = (vault.folder / DATABASE).stat().st_size
    _write_backup(path, size_bytes, vault.copy_to, vault.faults_of_copy)
    if target is None:
        prune(vault.folder / FOLDER)
        _copy_for_it_team(vault, path)
    return path


def folder_for_it_team(vault: Vault) -> Path | None:
    """Return where copies of this vault's backups go by policy, or nothing."""
    shared = policies_here().backup_folder
    # Vaults of one name may share the folder: a part of the vault's id tells them apart.
    return None if shared is None else shared / f"{vault.folder.name}-{vault.vault_id[:8]}"


def _copy_for_it_team(vault: Vault, path: Path) -> None:
    folder = folder_for_it_team(vault)
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / path.name, path.read_bytes())
        prune(folder)
    except (OSError, FileWriteError) as fault:
        raise FileWriteError(
            "The backup is made and tried, but its copy could not be written to the folder your "
            f"IT team has set, “{folder}”. Tell them; the vault and its backup are safe."
        ) from fault


def back_up_file(folder: Path, key: bytes, keys: KeyFile, moment: datetime) -> Path:
    """Write a vault that this program cannot use yet into one file and try it.

    It is made before a schema is brought up to date. Raises as ``back_up``.
    """
    database = folder / DATABASE

    def copy_to(target: Path) -> bytes:
        source = connect(database, key)
        try:
            copy_database(source, target, key)
        finally:
            source.close()
        return seal_key_file(keys, key)

    path = _next_backup(folder, moment)
    size_bytes = database.stat().st_size
    _write_backup(path, size_bytes, copy_to, lambda copy: faults_in(copy, key))
    return path


def remove_backups(folder: Path, but: Path) -> int:
    """Remove every backup in a vault's folder ``but`` one; return how many there were."""
    old = [backup for backup in backups_of(folder) if backup.path.name != but.name]
    for backup in old:
        backup.path.unlink(missing_ok=True)
    return len(old)


def backups_of(folder: Path) -> tuple[Backup, ...]:
    """Return the backups in a vault's folder, newest first."""
    found = []
    for path in (folder / FOLDER).glob(f"*{ENDING}"):
        try:
            made = datetime.strptime(path.name.removesuffix(ENDING), _STAMP)  # noqa: DTZ007
        except ValueError:
            continue
        found.append(Backup(path, made, path.stat().st_size))
    return tuple(sorted(found, key=lambda backup: backup.made, reverse=True))


def is_due(folder: Path, today: date) -> bool:
    """Say whether no backup was made today."""
    known = backups_of(folder)
    return not known or known[0].made.date() < today


def kept(made: Sequence[datetime]) -> frozenset[datetime]:
    """Return which moments are kept: the newest of each of 7 days, 4 weeks and 12 months."""
    newest_first = sorted(made, reverse=True)
    keep: set[datetime] = set()
    for count, period in (
        (_DAYS, lambda m: m.date()),
        (_WEEKS, lambda m: m.isocalendar()[:2]),
        (_MONTHS, lambda m: (m.year, m.month)),
    ):
        seen: dict[object, datetime] = {}
        for moment in newest_first:
            seen.setdefault(period(moment), moment)
        keep |= set(list(seen.values())[:count])
    return frozenset(keep)


def prune(folder: Path) -> None:
    """Remove the backups that are no longer kept from a folder of backups."""
    known = backups_of(folder.parent)
    keep = kept([backup.made for backup in known])
    for backup in known:
        if backup.made not in keep:
            backup.path.unlink(missing_ok=True)


@contextmanager
def unpacked(file: Path) -> Iterator[Path]:
    """Lay a backup out as a vault's folder for a look; what is laid out is encrypted.

    Raises:
        FileReadError: it is no backup, or a damaged one.

    """
    with tempfile.TemporaryDirectory(prefix="odbst-look-") as name:
        folder = Path(name)
        _unpack(file, folder)
        yield folder


def restore(file: Path, folder: Path, *, marks: Path | None = None) -> None:
    """Put a backup into a new or empty folder; nothing is ever overwritten.

    Restoring is a decision: the high-water mark outside the folder steps back to the backup's.

    Raises:
        FolderNotUsableError: the folder holds files already.
        FileReadError, FileWriteError, DamagedVaultError: each says what to do.

    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotUsableError(
            f"“{folder.name}” holds files already, and a backup never replaces them. Choose a new "
            "or an empty folder."
        )
    _make_room(folder, file.stat().st_size + SPARE_BYTES if file.exists() else 0)
    _unpack(file, folder)
    keys = parse_key_file((folder / KEYS).read_bytes())
    write_outside_mark(marks or default_marks_folder(), keys.vault, keys.mark)


def _next_backup(folder: Path, moment: datetime) -> Path:
    return folder / FOLDER / f"{moment.strftime(_STAMP)}{ENDING}"


def _write_backup(
    path: Path,
    size_bytes: int,
    copy_to: Callable[[Path], bytes],
    faults_of: Callable[[Path], tuple[str, ...]],
) -> None:
    """Copy, check, pack; ``copy_to`` copies the database and returns the key file to it."""
    _make_room(path.parent, 2 * size_bytes + SPARE_BYTES)
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as name:
            started = Path(name)
            keys = copy_to(started / DATABASE)
            (started / KEYS).write_bytes(keys)
            found = faults_of(started / DATABASE)
            if found:
                raise DamagedVaultError(
                    f"The backup did not pass its check ({found[0]}) and was not kept. The vault "
                    "was not changed; check the vault and the disk."
                )
            _pack(started, path)
    except OSError as fault:
        raise FileWriteError(
            f"The backup could not be written ({fault.strerror or 'no reason given'}). Nothing was "
            "left behind; make room on the disk or choose another folder."
        ) from fault


def _pack(started: Path, path: Path) -> None:
    whole = started / "whole.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name in (KEYS, DATABASE):
            archive.write(started / name, name)
    write_whole(path, whole.read_bytes())


def _unpack(file: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = {member.filename: member.file_size for member in archive.infolist()}
            if set(members) != {KEYS, DATABASE} or sum(members.values()) > _LARGEST_BYTES:
                raise zipfile.BadZipFile
            for name in (DATABASE, KEYS):
                # read() checks the member's sum, so that a damaged file is not laid out
                write_whole(folder / name, archive.read(name))
    except (zipfile.BadZipFile, EOFError, RuntimeError, ValueError, NotImplementedError) as fault:
        for name in (DATABASE, KEYS):
            (folder / name).unlink(missing_ok=True)
        raise FileReadError(
            f"“{file.name}” is not a backup of this program, or it is damaged. Nothing was "
            "changed; choose another backup."
        ) from fault
    except OSError as fault:
        raise FileReadError(
            f"“{file.name}” could not be read ({fault.strerror or 'no reason given'}). Nothing was "
            "changed; check that the file is there and that you may open it."
        ) from fault


def _make_room(folder: Path, needed_bytes: int) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        refuse_little_room(folder, needed_bytes)
    except OSError as fault:
        raise FileWriteError(
            f"The folder “{folder}” cannot be used ({fault.strerror or 'no reason given'}). "
            "Choose another folder."
        ) from fault
