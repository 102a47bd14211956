"""Where the files that ship with the program lie: forms, lists, fonts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_PACKAGE = Path(__file__).parent


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
