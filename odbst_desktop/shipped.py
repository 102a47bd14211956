"""Where the files that ship with the program lie: forms, lists, fonts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from odbst_desktop import __version__

_PACKAGE = Path(__file__).parent
_VERSION = "evidence/version.txt"
_NEEDED = (
    "forms/meeting/agenda.yaml",
    "forms/return/termly_return.yaml",
    "resources/handbook/contents.yaml",
    "resources/retention.yaml",
    "resources/fonts/inter/Inter-Regular.ttf",
    "resources/fonts/inter/Inter-SemiBold.ttf",
)
"""One of each kind: what an upgrade that broke off would most likely lack."""


def shipped_file(name: str) -> Path:
    """Return the path of a shipped file, named from the top: ``forms/return/x.yaml``.

    An installed copy holds them inside the package, a checkout beside it.
    """
    installed = _PACKAGE / "shipped_files" / name
    return installed if installed.exists() else _PACKAGE.parent / name


@cache
def shipped_yaml(name: str) -> Any:
    """Return the parsed content of a shipped YAML file; treat it as read-only."""
    return yaml.safe_load(shipped_file(name).read_text(encoding="utf-8"))


def faults_of_this_copy() -> str:
    """Return in a sentence what is wrong with the installed files, or nothing.

    An upgrade that broke off leaves files of two versions, or too few.
    """
    stamp = shipped_file(_VERSION)
    stamped = stamp.read_text(encoding="ascii").strip() if stamp.is_file() else __version__
    missing = [name for name in _NEEDED if not shipped_file(name).is_file()]
    if stamped == __version__ and not missing:
        return ""
    found = (
        f"with files of version {stamped}" if stamped != __version__ else f"without {missing[0]}"
    )
    return (
        f"The program is installed only in part: version {__version__}, {found}. Your vaults "
        "are untouched. Install the program again before you go on."
    )
