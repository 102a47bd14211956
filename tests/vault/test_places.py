"""Where a vault should not lie."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from odbst_desktop.vault.places import mounted_as, synced_by, warning_about

MOUNTS = (
    "/dev/sda1 / ext4 rw 0 0\nserver:/home /home nfs4 rw 0 0\n"
    "//nas/shared /mnt/Shared\\040Drive cifs rw 0 0\n/dev/sdb1 /home/ruth/local ext4 rw 0 0\n"
)


@pytest.mark.parametrize(
    ("path", "service"),
    [
        (PureWindowsPath(r"C:\Users\ruth\OneDrive - Larkhill Schools\vault"), "OneDrive"),
        (PurePosixPath("/home/ruth/Dropbox/vault"), "Dropbox"),
        (PurePosixPath("/Users/ruth/Dropbox (Personal)/vault"), "Dropbox"),
        (PureWindowsPath(r"G:\My Drive\vault"), "Google Drive"),
        (PurePosixPath("/home/ruth/dropboxes/vault"), ""),
        (PurePosixPath("/home/ruth/vault"), ""),
    ],
)
def test_synced_folders_are_known(path: PurePosixPath | PureWindowsPath, service: str) -> None:
    assert synced_by(path) == service


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/ruth/vault", "nfs4"),
        ("/home/ruth/local/vault", "ext4"),
        ("/homestead", "ext4"),
        ("/mnt/Shared Drive/vault", "cifs"),
    ],
)
def test_file_system_of_a_path(path: str, kind: str) -> None:
    assert mounted_as(MOUNTS, path) == kind


def test_warning_says_what_to_do(tmp_path: Path) -> None:
    assert "Choose a folder outside it" in warning_about(tmp_path / "OneDrive" / "vault")
    assert "network drive" in warning_about(Path("//nas/shared/vault"))
    assert warning_about(tmp_path / "vault") == ""
