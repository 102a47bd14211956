"""The tab of the vault itself: is it sound, who can open it, copies of it, its history."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.tabs.vault_backups import BackupsPanel
from odbst_desktop.desktop.tabs.vault_history import HistoryPanel
from odbst_desktop.desktop.tabs.vault_moving import MovingPanel
from odbst_desktop.desktop.tabs.vault_overview import OverviewPanel, overview_facts
from odbst_desktop.desktop.tabs.vault_people import PeoplePanel
from odbst_desktop.desktop.tabs.vault_ways_in import WaysInPanel, quick_unlock_state
from odbst_desktop.office.opening import own_keys
from odbst_desktop.vault.audit import AuditEntry
from odbst_desktop.vault.backups import Backup, backups_of
from odbst_desktop.vault.settings import idle_minutes
from odbst_desktop.vault.vault import User


@dataclass(frozen=True, slots=True)
class _Loaded:
    facts: tuple[tuple[str, str], ...]
    is_older_copy: bool
    idle_minutes: int
    users: tuple[User, ...]
    fingerprints: dict[str, str]
    quick_unlock: tuple[bool, str]
    backups: tuple[Backup, ...]
    entries: tuple[AuditEntry, ...]


class VaultTab(Tab):
    """What an open vault says of itself, in six parts."""

    kinds = frozenset({"user"})
    title = "Vault"
    lock_wanted = Signal()
    idle_minutes_set = Signal(int)
    purged = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.overview_panel = OverviewPanel(self)
        self.overview_panel.lock_wanted.connect(self.lock_wanted)
        self.overview_panel.idle_minutes_set.connect(self.idle_minutes_set)
        self.people = PeoplePanel(self)
        self.ways_in = WaysInPanel(self)
        self.backups = BackupsPanel(self)
        self.history = HistoryPanel(self)
        self.moving = MovingPanel(self)
        self.moving.purged.connect(self.purged)
        self.parts = QTabWidget()
        self.parts.setDocumentMode(True)
        self.parts.setAccessibleName("Parts of the vault")
        for title, panel in (
            ("Overview", self.overview_panel),
            ("People", self.people),
            ("Passphrase and sheet", self.ways_in),
            ("Backups", self.backups),
            ("History", self.history),
            ("Moving on", self.moving),
        ):
            self.parts.addTab(panel, title)
        self.column.addWidget(words("Vault", "title"))
        self.column.addWidget(self.parts, 1)

    def load(self) -> _Loaded:
        """Read the facts, the people, the backups and the history."""
        vault = self.desk.vault
        with vault.reading() as session:
            minutes = idle_minutes(session)
        keys = own_keys(vault).signing
        return _Loaded(
            overview_facts(vault),
            vault.is_older_copy,
            minutes,
            vault.everybody(),
            {key.keyid: key.fingerprint for key in keys},
            quick_unlock_state(vault),
            backups_of(vault.folder),
            vault.audit_entries(),
        )

    def show_loaded(self, value: _Loaded) -> None:
        """Show what was read."""
        self.overview_panel.show_facts(
            value.facts, value.idle_minutes, is_older_copy=value.is_older_copy
        )
        self.people.show_users(value.users, value.fingerprints, self.desk.vault.user)
        self.ways_in.show_quick_unlock(*value.quick_unlock)
        self.backups.show_backups(value.backups)
        self.history.show_entries(value.entries, value.users)

    def back_up_if_due(self) -> None:
        """Make the day's backup, once the window is up; a fault is said on this tab."""
        self.backups.back_up_if_due()
