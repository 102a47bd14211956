"""Who can open the vault: give a passphrase, replace a lost one, take one away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QLineEdit

from odbst_desktop.desktop.page import passphrase_field
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button
from odbst_desktop.desktop.tabs.vault_panel import Panel
from odbst_desktop.exchange.keys import signing_keyid
from odbst_desktop.school.people import signing_roles
from odbst_desktop.vault.users import add_user, give_new_passphrase, remove_user
from odbst_desktop.vault.vault import User, UserId


@dataclass(frozen=True, slots=True)
class _Row:
    user: User
    fingerprint: str
    is_present: bool

    @property
    def state(self) -> str:
        """Return in words and by a shape whether they can open the vault."""
        if self.user.removed_at:
            return f"✗ Removed on {self.user.removed_at[:10]}"
        return "✓ Can open (you)" if self.is_present else "✓ Can open"


_COLUMNS: tuple[Column[_Row], ...] = (
    Column("Name", lambda r: r.user.name, 3),
    Column("Signs as", lambda r: signing_roles().get(r.user.role, r.user.role), 2, 28),
    Column("State", lambda r: r.state, 2, 24),
    Column("Fingerprint of the signing key", lambda r: r.fingerprint or "—", 4, 40),
)


class PeoplePanel(Panel):
    """Everybody with a passphrase of their own, and those who had one."""

    def __init__(self, tab: Tab) -> None:
        super().__init__(tab)
        self.users: TableView[_Row] = TableView("People with a passphrase", _COLUMNS)
        self.own, self.replacement = passphrase_field(), passphrase_field()
        self.replace, self.remove = button("Give a new passphrase"), button("Remove this person")
        self.name, self.role = QLineEdit(), QComboBox()
        self.passphrase, self.add = passphrase_field(), button("Give a passphrase", is_main=True)
        for role, label in signing_roles().items():
            if role != "esl":
                self.role.addItem(label, role)
        self.column.addWidget(self.users)
        self.add_heading(
            "Give somebody else a passphrase of their own",
            "The headteacher countersigns with their own. Let them type it here themselves.",
        )
        self.add_fields(
            ("&Name", self.name), ("&Role", self.role), ("&Passphrase", self.passphrase)
        )
        self.add_row(self.add)
        self.add_heading(
            "The person chosen in the list",
            "A lost passphrase is replaced by a new one, with a new signing key that the trust "
            "must confirm. Whoever is removed can open neither the vault nor any copy made from "
            "now on; what they signed stays. Both take a few seconds: the vault gets a new key.",
        )
        self.add_fields(("Your &own passphrase", self.own), ("Their ne&w one", self.replacement))
        self.add_row(self.replace, self.remove)
        self.column.addStretch(1)
        self.add.clicked.connect(self._add)
        self.replace.clicked.connect(self._replace)
        self.remove.clicked.connect(self._remove)

    def show_users(
        self, users: Sequence[User], fingerprints: Mapping[str, str], present: User
    ) -> None:
        """Show the people; ``fingerprints`` by key id."""
        self.users.show_rows(
            tuple(
                _Row(
                    user,
                    fingerprints.get(signing_keyid(user.public_key), ""),
                    user.id == present.id,
                )
                for user in users
            )
        )

    def _add(self) -> None:
        vault, name, role = self.tab.desk.vault, self.name.text().strip(), self.role.currentData()
        passphrase = self.passphrase.text()
        if not name:
            self.tab.show_problem("Type the name of the person: it stands under what they sign.")
            return
        self.tab.run(lambda: add_user(vault, name, role, passphrase), self._added, "user")

    def _added(self, _value: object) -> None:
        self.name.clear()
        self.passphrase.clear()
        self.tab.show_good(
            "They have a passphrase and a signing key now. Make a new enrolment on the tab "
            "Packages, so that the trust knows the key."
        )

    def _chosen(self) -> UserId | None:
        row = self.users.chosen()
        if row is None:
            self.tab.show_problem("Choose a person in the list first.")
            return None
        return row.user.id

    def _replace(self) -> None:
        vault, user = self.tab.desk.vault, self._chosen()
        own, new = self.own.text(), self.replacement.text()
        if user is not None:
            self.tab.run(lambda: give_new_passphrase(vault, user, new, own), self._replaced, "user")

    def _replaced(self, _value: object) -> None:
        self._clear()
        self.tab.show_good(
            "They have a new passphrase and a new signing key. Make a new enrolment on the tab "
            "Packages. Backups made before still open with the lost one: see the part Backups."
        )

    def _remove(self) -> None:
        vault, user, own = self.tab.desk.vault, self._chosen(), self.own.text()
        if user is not None:
            self.tab.run(lambda: remove_user(vault, user, own), self._removed, "user")

    def _removed(self, _value: object) -> None:
        self._clear()
        self.tab.show_good(
            "They can open the vault no more, and it has a new key. Tell the trust to revoke "
            "their signing key. Backups made before still open with their passphrase: see the "
            "part Backups."
        )

    def _clear(self) -> None:
        self.own.clear()
        self.replacement.clear()
