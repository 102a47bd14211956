"""The tab of the vault itself: where it lies, its keys, is it sound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QFormLayout, QLineEdit, QWidget

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.page import passphrase_field, words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.office.opening import own_keys
from odbst_desktop.school.people import signing_roles
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.audit import AuditEntry
from odbst_desktop.vault.backups import ENDING, back_up, backups_of, is_due
from odbst_desktop.vault.places import warning_about
from odbst_desktop.vault.users import add_user, change_passphrase

_MOST_ENTRIES = 500
AUDIT_COLUMNS: tuple[Column[AuditEntry], ...] = (
    Column("Number", lambda e: str(e.sequence), 1),
    Column("When (UTC)", lambda e: e.at.replace("T", " ").removesuffix("Z"), 2),
    Column("Who", lambda e: e.user, 2),
    Column("What", lambda e: e.what, 3),
    Column("Record", lambda e: e.record.partition("/")[0], 2),
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    facts: tuple[tuple[str, str], ...]
    entries: tuple[AuditEntry, ...]


class VaultTab(Tab):
    """What an open vault says of itself, and who has a passphrase on it."""

    kinds = frozenset({"user"})
    title = "Vault"
    lock_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.check, self.lock = button("Check the vault", is_main=True), button("Lock (Ctrl+L)")
        self.backup = button("Back up now")
        self.backup_to = button("Back up to a stick…")
        self.old, self.new = passphrase_field(), passphrase_field()
        self.change = button("Change the passphrase")
        self.audit: TableView[AuditEntry] = TableView("History", AUDIT_COLUMNS)
        self.name, self.role = QLineEdit(), QComboBox()
        self.passphrase = passphrase_field()
        for role, label in signing_roles().items():
            if role != "esl":
                self.role.addItem(label, role)
        self.add = button("Give a passphrase")
        self.facts = QFormLayout()
        self.facts.setVerticalSpacing(2 * STEP)
        self.column.addWidget(words("Vault", "title"))
        self.column.addLayout(self.facts)
        self.column.addLayout(row_of(self.check, self.backup, self.backup_to, self.lock))
        self.column.addWidget(words("Give somebody else a passphrase of their own", "heading"))
        self.column.addWidget(
            words("The headteacher countersigns with their own. Let them type it here themselves.",
                  "quiet")
        )  # fmt: skip
        fields = QFormLayout()
        for label, field in (
            ("&Name", self.name), ("&Role", self.role), ("&Passphrase", self.passphrase),
        ):  # fmt: skip
            field.setAccessibleName(label.replace("&", ""))
            fields.addRow(label, field)
        self.column.addLayout(fields)
        self.column.addLayout(row_of(self.add))
        self._lay_out_rest()
        self.check.clicked.connect(self._check)
        self.lock.clicked.connect(self.lock_wanted)
        self.add.clicked.connect(self._add)

    def _lay_out_rest(self) -> None:
        self.column.addWidget(words("Change your own passphrase", "heading"))
        fields = QFormLayout()
        for label, field in (("&Old passphrase", self.old), ("Ne&w passphrase", self.new)):
            field.setAccessibleName(label.replace("&", ""))
            fields.addRow(label, field)
        self.column.addLayout(fields)
        self.column.addLayout(row_of(self.change))
        self.column.addWidget(words("History: who changed which kind of record", "heading"))
        self.column.addWidget(self.audit, 1)
        self.change.clicked.connect(self._change)
        self.backup.clicked.connect(self._back_up)
        self.backup_to.clicked.connect(self._back_up_to)

    def load(self) -> _Loaded:
        """Read the facts and the history."""
        vault = self.desk.vault
        names = {str(user.id): user.name for user in vault.users()}
        entries = tuple(
            replace(entry, user=names.get(entry.user, entry.user))
            for entry in reversed(vault.audit_entries()[-_MOST_ENTRIES:])
        )
        return _Loaded(self._facts(), entries)

    def _facts(self) -> tuple[tuple[str, str], ...]:
        vault = self.desk.vault
        made, warning = backups_of(vault.folder), warning_about(vault.folder)
        newest = f"{show_date(made[0].made.date())}; {len(made)} are kept" if made else "None yet"
        sheet = (
            "Typed back: it counts"
            if vault.recovery_is_confirmed
            else "Not typed back yet: do not rely on it"
        )
        keys = own_keys(vault).signing
        return (
            ("Folder", str(vault.folder)),
            *((("About the folder", f"! {warning}"),) if warning else ()),
            ("Recovery sheet", sheet),
            ("Newest backup", newest),
            ("Changes recorded", str(vault.audit_head().sequence)),
            *((f"Fingerprint of {key.person} ({key.role})", key.fingerprint) for key in keys),
        )

    def show_loaded(self, value: _Loaded) -> None:
        """Show the facts and the history."""
        self.audit.show_rows(value.entries)
        while self.facts.rowCount():
            self.facts.removeRow(0)
        for label, text in value.facts:
            shown: QWidget = words(text)
            self.facts.addRow(words(label, "quiet"), shown)

    def _check(self) -> None:
        self.run(self.desk.vault.check, self._checked)

    def _checked(self, found: tuple[str, ...]) -> None:
        if found:
            self.show_problem(" ".join(found))
        else:
            self.show_good("The vault is sound: file, history and keys agree.")

    def back_up_if_due(self) -> None:
        """Make the day's backup, once the window is up; a fault is said on this tab."""
        vault = self.desk.vault

        def work() -> None:
            if is_due(vault.folder, vault.today()):
                back_up(vault)

        self.run(work, self._kept)

    def _kept(self, _value: object) -> None:
        self.refresh_if_shown()

    def _back_up(self) -> None:
        vault = self.desk.vault
        self.run(lambda: back_up(vault), self._backed_up, "user")

    def _back_up_to(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder for the backup")
        if folder:
            vault, day = self.desk.vault, self.desk.vault.today().isoformat()
            target = Path(folder) / f"{day}{ENDING}"
            self.run(lambda: back_up(vault, target), self._backed_up)

    def _backed_up(self, path: Path) -> None:
        self.show_good(f"Backed up and tried: {path.name}. It opens with your passphrase.")

    def _change(self) -> None:
        vault, old, new = self.desk.vault, self.old.text(), self.new.text()
        self.run(lambda: change_passphrase(vault, old, new), self._changed, "user")

    def _changed(self, _value: object) -> None:
        self.old.clear()
        self.new.clear()
        self.show_good("Your passphrase is changed. Backups made before open with the old one.")

    def _add(self) -> None:
        vault, name, role = self.desk.vault, self.name.text().strip(), self.role.currentData()
        passphrase = self.passphrase.text()
        if not name:
            self.show_problem("Type the name of the person: it stands under what they sign.")
            return
        self.run(lambda: add_user(vault, name, role, passphrase), self._added, "user")

    def _added(self, _value: object) -> None:
        self.name.clear()
        self.passphrase.clear()
        self.show_good(
            "They have a passphrase and a signing key now. Make a new enrolment on the tab "
            "Packages, so that the trust knows the key."
        )
