"""What the IT team sets for every account of a computer; users cannot weaken it.

The file is ``policies.toml`` in a folder that only administrators can write. It is found without
asking the environment, which a user could change. A mistake in it is said aloud, and the strictest
value stands in its place. What may be set is data: ``resources/policies.yaml``.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from odbst_desktop.shipped import shipped_yaml

FILE = "policies.toml"
SET_BY = "Set by your IT team"
_LARGEST_BYTES = 100_000
_PROGRAM_DATA = 35  # CSIDL_COMMON_APPDATA


@dataclass(frozen=True, slots=True)
class Policies:
    """What is set; ``None`` where nothing is. ``faults`` say what could not be read."""

    idle_lock_minutes: int | None = None
    backup_folder: Path | None = None
    minimum_passphrase_length: int | None = None
    quick_unlock: bool | None = None
    update_notice: bool | None = None
    update_location: str | None = None
    faults: tuple[str, ...] = ()

    def sentences(self) -> tuple[str, ...]:
        """Return what is set, in words."""
        said = []
        for name, known in shipped_yaml("resources/policies.yaml").items():
            value = getattr(self, name)
            if value is not None:
                means = known["means"]
                said.append(means[value] if isinstance(means, dict) else means.format(value=value))
        return tuple(said)


def policy_file() -> Path:
    """Return where the file lies on this system."""
    if sys.platform == "win32":
        return _program_data() / "ODBST Desktop" / FILE
    if sys.platform == "darwin":
        return Path("/Library/Application Support/odbst-desktop") / FILE
    return Path("/etc/odbst-desktop") / FILE


def policies_here() -> Policies:
    """Return what is in force on this computer; read anew each time, since it is small."""
    return read_policies(policy_file())


def read_policies(file: Path) -> Policies:
    """Return what a file sets; without one nothing is set."""
    try:
        with file.open("rb") as opened:
            data = opened.read(_LARGEST_BYTES + 1)
    except FileNotFoundError:
        return Policies()
    except NotADirectoryError:
        return Policies()
    except OSError as fault:
        return _strictest(f"{file} could not be read ({fault.strerror or 'no reason given'})")
    if len(data) > _LARGEST_BYTES:
        return _strictest(f"{file} is too large")
    try:
        told = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        return _strictest(f"{file} is not sound TOML ({str(fault)[:80]})")
    return _judged(told)


def is_open_to_others(file: Path) -> bool:
    """Say whether more than root may write the file or its folder; unknown on Windows."""
    if os.name != "posix":
        return False
    try:
        facts = [place.stat() for place in (file, file.parent)]
    except OSError:
        return False
    loose = stat.S_IWGRP | stat.S_IWOTH
    return any(fact.st_uid != 0 or fact.st_mode & loose for fact in facts)


def _judged(told: Mapping[str, Any]) -> Policies:
    known = shipped_yaml("resources/policies.yaml")
    taken: dict[str, Any] = {}
    faults = [f"“{name}” is no policy of this program" for name in told if name not in known]
    for name, rule in known.items():
        if name not in told:
            continue
        if _is_sound(rule, told[name]):
            taken[name] = Path(told[name]) if rule["kind"] == "folder" else told[name]
        else:
            taken[name] = rule["strictest"]
            faults.append(f"“{name}” is {told[name]!r}, which is not {_asked(rule)}")
    return Policies(**taken, faults=tuple(faults))


def _is_sound(rule: Mapping[str, Any], value: object) -> bool:
    if rule["kind"] == "switch":
        return isinstance(value, bool)
    if rule["kind"] == "number":
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return is_number and rule["least"] <= value <= rule["most"]
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        return False
    if rule["kind"] == "folder":
        pure = PureWindowsPath if os.name == "nt" else PurePosixPath
        return pure(value).is_absolute()
    return True


def _asked(rule: Mapping[str, Any]) -> str:
    if rule["kind"] == "number":
        return f"a whole number from {rule['least']} to {rule['most']}"
    words = {"switch": "true or false", "folder": "the whole path of a folder", "text": "a text"}
    return words[rule["kind"]]


def _strictest(fault: str) -> Policies:
    known = shipped_yaml("resources/policies.yaml")
    return Policies(**{name: rule["strictest"] for name, rule in known.items()}, faults=(fault,))


def _program_data() -> Path:
    # Asked of the system itself: a user can set the environment's ProgramData.
    buffer = ctypes.create_unicode_buffer(260)
    shell = getattr(ctypes, "windll").shell32  # noqa: B009 - there is none elsewhere
    shell.SHGetFolderPathW(None, _PROGRAM_DATA, None, 0, buffer)
    return Path(buffer.value or r"C:\ProgramData")
