"""Copies of the vault: made each day, looked at, written to a stick, removed when they leak."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button
from odbst_desktop.desktop.tabs.vault_panel import Panel
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.backups import ENDING, Backup, back_up, is_due, remove_backups

_COLUMNS: tuple[Column[Backup], ...] = (
    Column("Made on", lambda b: show_date(b.made.date()), 2),
    Column("At", lambda b: f"{b.made:%H:%M}", 1),
    Column("Size", lambda b: f"{b.size_bytes / 1_000_000:.1f} MB", 1),
    Column("File", lambda b: b.path.name, 4),
)


class BackupsPanel(Panel):
    """The backups in the vault's own folder, newest first."""

    def __init__(self, tab: Tab) -> None:
        super().__init__(tab)
        self.kept: TableView[Backup] = TableView("Backups", _COLUMNS)
        self.backup = button("Back up now", is_main=True)
        self.backup_to = button("Back up to a stick…")
        self.renew = button("Make a new one and remove those before")
        self.add_heading(
            "Backups",
            "One is made each day and tried after writing; kept are the newest of 7 days, 4 weeks "
            "and 12 months. To restore one, lock the vault and choose “Another vault…”.",
        )
        self.column.addWidget(self.kept, 1)
        self.add_row(self.backup, self.backup_to)
        self.add_heading(
            "If a passphrase or the sheet may be known",
            "A backup opens with the passphrases and the sheet of its day. After replacing them, "
            "remove the backups made before, here and wherever you copied them.",
        )
        self.add_row(self.renew)
        self.backup.clicked.connect(self._back_up)
        self.backup_to.clicked.connect(self._back_up_to)
        self.renew.clicked.connect(self._renew)

    def show_backups(self, made: Sequence[Backup]) -> None:
        """Show the backups, newest first."""
        self.kept.show_rows(tuple(made))

    def back_up_if_due(self) -> None:
        """Make the day's backup; a fault is said on the tab."""
        vault = self.tab.desk.vault

        def work() -> None:
            if not vault.is_older_copy and is_due(vault.folder, vault.today()):
                back_up(vault)

        self.tab.run(work, self._made_for_today)

    def _made_for_today(self, _value: object) -> None:
        self.tab.refresh_if_shown()

    def _back_up(self) -> None:
        vault = self.tab.desk.vault
        self.tab.run(lambda: back_up(vault), self._backed_up, "user")

    def _back_up_to(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder for the backup")
        if folder:
            vault, day = self.tab.desk.vault, self.tab.desk.vault.today().isoformat()
            target = Path(folder) / f"{day}{ENDING}"
            self.tab.run(lambda: back_up(vault, target), self._backed_up)

    def _backed_up(self, path: Path) -> None:
        self.tab.show_good(f"Backed up and tried: {path.name}. It opens with your passphrase.")

    def _renew(self) -> None:
        vault = self.tab.desk.vault

        def work() -> int:
            made = back_up(vault)
            removed = remove_backups(vault.folder, made)
            with vault.changing("older backups removed", f"vault/{vault.vault_id}"):
                pass
            return removed

        self.tab.run(work, self._renewed, "user")

    def _renewed(self, removed: int) -> None:
        self.tab.show_good(
            f"A new backup is made and tried; {removed} made before are removed from this folder."
        )
