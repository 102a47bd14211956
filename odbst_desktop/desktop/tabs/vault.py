"""The tab of the vault itself: where it lies, its keys, is it sound."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.page import passphrase_field, words
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.office.opening import own_keys
from odbst_desktop.school.people import signing_roles


class VaultTab(Tab):
    """What an open vault says of itself, and who has a passphrase on it."""

    kinds = frozenset({"user"})
    title = "Vault"
    lock_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.check, self.lock = button("Check the vault", is_main=True), button("Lock (Ctrl+L)")
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
        self.column.addLayout(row_of(self.check, self.lock))
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
        self.column.addStretch(1)
        self.check.clicked.connect(self._check)
        self.lock.clicked.connect(self.lock_wanted)
        self.add.clicked.connect(self._add)

    def load(self) -> tuple[tuple[str, str], ...]:
        """Read the facts."""
        vault = self.desk.vault
        sheet = (
            "Typed back: it counts"
            if vault.recovery_is_confirmed
            else "Not typed back yet: do not rely on it"
        )
        keys = own_keys(vault).signing
        return (
            ("Folder", str(vault.folder)),
            ("Recovery sheet", sheet),
            ("Changes recorded", str(vault.audit_head().sequence)),
            *((f"Fingerprint of {key.person} ({key.role})", key.fingerprint) for key in keys),
        )

    def show_loaded(self, value: tuple[tuple[str, str], ...]) -> None:
        """Show the facts."""
        while self.facts.rowCount():
            self.facts.removeRow(0)
        for label, text in value:
            shown: QWidget = words(text)
            self.facts.addRow(words(label, "quiet"), shown)

    def _check(self) -> None:
        self.run(self.desk.vault.check, self._checked)

    def _checked(self, found: tuple[str, ...]) -> None:
        if found:
            self.show_problem(" ".join(found))
        else:
            self.show_good("The vault is sound: file, history and keys agree.")

    def _add(self) -> None:
        vault, name, role = self.desk.vault, self.name.text().strip(), self.role.currentData()
        passphrase = self.passphrase.text()
        if not name:
            self.show_problem("Type the name of the person: it stands under what they sign.")
            return
        self.run(lambda: vault.add_user(name, role, passphrase), self._added, "user")

    def _added(self, _value: object) -> None:
        self.name.clear()
        self.passphrase.clear()
        self.show_good(
            "They have a passphrase and a signing key now. Make a new enrolment on the tab "
            "Packages, so that the trust knows the key."
        )
