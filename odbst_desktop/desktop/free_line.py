"""A line of free text that says beside it, as it is typed, what may name a child."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QLineEdit

from odbst_desktop.analysis.privacy import find_identifiers
from odbst_desktop.desktop.page import words


class FreeLine(QLineEdit):
    """A line with ``told``, a label for what the privacy check finds; nothing is taken away."""

    def __init__(self, label: str, hint: str = "") -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.told = words("", "warning")
        self.told.setAccessibleName(f"Privacy: {label.replace('&', '')}")
        self.told.hide()
        self._names: tuple[str, ...] = ()
        self.textChanged.connect(self.look)

    def know(self, names: Iterable[str]) -> None:
        """Let the names of adults pass who are in the list of people."""
        self._names = tuple(names)
        self.look()

    def look(self) -> None:
        """Say what may name a child."""
        found = find_identifiers(self.text(), self._names)
        self.told.setVisible(bool(found))
        if found:
            self.told.setText(f"! “{found[0].words}” {found[0].why}. Never name a child here.")
