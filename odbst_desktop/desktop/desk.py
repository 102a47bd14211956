"""What every tab of an open vault works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.vault.vault import Vault


class News(QObject):
    """Announces which kinds of record changed."""

    changed = Signal(frozenset)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a tab works with."""

    vault: Vault
    jobs: JobRunner
    news: News
    write_file: Callable[[Path, bytes], None]
