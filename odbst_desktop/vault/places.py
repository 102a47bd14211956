"""Where a vault should not lie: folders that a service copies, and drives on a network."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePath

_SERVICES = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud": "iCloud",
    "nextcloud": "Nextcloud",
    "box sync": "Box",
}
_NETWORK_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs"})


def warning_about(folder: Path) -> str:
    """Return in a sentence why a vault should not lie in a folder, or nothing."""
    service = synced_by(folder)
    if service:
        return (
            f"This folder is copied by {service}, which may put an older copy of the vault back. "
            "Choose a folder outside it, and keep backups there instead."
        )
    if is_on_network(folder):
        return (
            "This folder lies on a network drive, where a broken connection can damage the vault. "
            "Choose a folder on this computer, and keep backups there instead."
        )
    return ""


def synced_by(folder: PurePath) -> str:
    """Return the service that copies a folder, by the names along its path, or nothing."""
    for part in folder.parts:
        for sign, service in _SERVICES.items():
            # “OneDrive - Larkhill Schools”, “Dropbox (Personal)”
            if part.casefold() == sign or part.casefold().startswith((f"{sign} ", f"{sign}-")):
                return service
    return ""


def is_on_network(folder: Path) -> bool:
    """Say whether a folder lies on a network drive, as far as the system tells."""
    if str(folder).startswith(("\\\\", "//")):
        return True
    if not sys.platform.startswith("linux"):
        return False
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return mounted_as(mounts, os.path.realpath(folder)) in _NETWORK_SYSTEMS


def mounted_as(mounts: str, path: str) -> str:
    """Return the kind of file system that a path lies on; ``mounts`` is /proc/self/mounts."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        place = fields[1].replace("\\040", " ")
        lies_under = path == place or path.startswith(place.rstrip("/") + "/")
        if lies_under and len(place) >= len(best):
            best, kind = place, fields[2]
    return kind
