"""The keys of the register, and the way to make one count: the fingerprint heard and typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.exchange.register import KnownKey
from odbst_desktop.office import inbox
from odbst_desktop.school.people import signing_roles
from odbst_desktop.school.typed_dates import show_day_of

_STATES = {"pending": "◔ To confirm", "active": "✓ Known", "revoked": "✗ Revoked"}
KEY_COLUMNS: tuple[Column[KnownKey], ...] = (
    Column("Person", lambda k: k.person, 3, 16),
    Column("Role", lambda k: signing_roles()[k.role], 2, 14),
    Column("School", lambda k: str(k.urn or "Trust"), 1, 8),
    Column("State", lambda k: _STATES[k.status], 2, 12),
    Column("Since", lambda k: show_day_of(k.since), 2),
)


class KeyPanel(QWidget):
    """The keys, those that wait first; below, the fingerprint of the one that is chosen.

    The fingerprint itself is never shown here: it is heard from the person it belongs to.
    """

    def __init__(self, tab: Tab) -> None:
        super().__init__()
        self._tab = tab
        self.keys: TableView[KnownKey] = TableView("Keys", KEY_COLUMNS)
        self.fingerprint = QLineEdit()
        self.fingerprint.setPlaceholderText(
            "Fingerprint: six groups of five digits, as read to you"
        )
        self.fingerprint.setAccessibleName("Fingerprint as read over the telephone")
        self.confirm = button("Confirm this key")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addWidget(self.keys, 1)
        row = QHBoxLayout()
        row.addWidget(self.fingerprint, 1)
        row.addWidget(self.confirm)
        column.addLayout(row)
        self.confirm.clicked.connect(self._confirm)
        self.fingerprint.returnPressed.connect(self._confirm)

    def show_keys(self, keys: Sequence[KnownKey]) -> None:
        """Show the keys."""
        order = {"pending": 0, "active": 1, "revoked": 2}
        self.keys.show_rows(sorted(keys, key=lambda key: order[key.status]))
        waits = any(key.status == "pending" for key in keys)
        self.fingerprint.setEnabled(waits)
        self.confirm.setEnabled(waits)

    def _confirm(self) -> None:
        chosen = self.keys.chosen()
        if chosen is None:
            self._tab.show_problem("Choose the key in the table first.")
            return
        vault, typed = self._tab.desk.vault, self.fingerprint.text()

        def work() -> str:
            older = inbox.approve(vault, chosen.keyid, typed)
            more = "" if not older else (
                " An older key of theirs counts too: revoke it if this one takes its place."
            )  # fmt: skip
            return f"The key of {chosen.person} is confirmed and counts from now on.{more}"

        self._tab.run(work, self._confirmed, "key", "package")

    def _confirmed(self, sentence: str) -> None:
        self.fingerprint.clear()
        self._tab.show_good(sentence)
