"""One's own passphrase, the recovery sheet with its drill, and quick unlock."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit

from odbst_desktop.desktop.page import passphrase_field, words
from odbst_desktop.desktop.tab import Tab, button
from odbst_desktop.desktop.tabs.vault_panel import Panel
from odbst_desktop.errors import OdbstError
from odbst_desktop.office.drill import run_drill
from odbst_desktop.office.opening import vault_owner
from odbst_desktop.reports.recovery_sheet import recovery_sheet
from odbst_desktop.vault.quick_unlock import is_on, switch_off, switch_on, why_not_here
from odbst_desktop.vault.recovery_sheet import confirm_recovery, new_recovery_code
from odbst_desktop.vault.users import change_passphrase
from odbst_desktop.vault.vault import Vault


class WaysInPanel(Panel):
    """What opens the vault for the present user, and for whoever holds the sheet."""

    def __init__(self, tab: Tab) -> None:
        super().__init__(tab)
        self._sheet = b""
        self._lay_out_passphrase()
        self._lay_out_sheet()
        self._lay_out_quick_unlock()
        self.column.addStretch(1)

    def show_quick_unlock(self, is_switched_on: bool, why_not: str) -> None:  # noqa: FBT001
        """Show whether quick unlock is on, or why it cannot be."""
        state = "✓ On, for your account on this computer." if is_switched_on else "○ Off."
        self.quick_state.setText(why_not if why_not and not is_switched_on else state)
        self.quick_on.setEnabled(not why_not and not is_switched_on)
        self.quick_off.setEnabled(is_switched_on)

    def _lay_out_passphrase(self) -> None:
        self.old, self.new, self.again = (passphrase_field() for _ in range(3))
        self.may_be_known = QCheckBox("Somebody may know the old one: give the vault a new key")
        self.change = button("Change the passphrase")
        self.add_heading("Change your own passphrase")
        self.add_fields(
            ("&Old passphrase", self.old),
            ("Ne&w passphrase", self.new),
            ("New passphrase a&gain", self.again),
        )
        self.column.addWidget(self.may_be_known)
        self.add_row(self.change)
        self.change.clicked.connect(self._change)

    def _lay_out_sheet(self) -> None:
        self.own, self.typed = passphrase_field(), QLineEdit()
        self.code = words("", "code")
        self.code.hide()
        self.new_sheet, self.save = button("Make a new sheet"), button("Save the sheet as PDF…")
        self.save.setEnabled(False)
        self.confirm = button("Let this sheet count")
        self.drill = button("Try the sheet on a copy")
        self.add_heading(
            "Recovery sheet",
            "If it is lost, make a new one: the old one counts until the code of the new one is "
            "typed back. Once each half-term, try the sheet: type its code, and a copy of the "
            "vault is restored, opened with it and checked.",
        )
        self.add_fields(("Your own &passphrase", self.own))
        self.add_row(self.new_sheet, self.save)
        self.column.addWidget(self.code)
        self.add_fields(("Code &from the paper", self.typed))
        self.add_row(self.confirm, self.drill)
        self.new_sheet.clicked.connect(self._new_sheet)
        self.save.clicked.connect(self._save)
        self.confirm.clicked.connect(self._confirm)
        self.drill.clicked.connect(self._drill)

    def _lay_out_quick_unlock(self) -> None:
        self.quick_state = words("")
        self.quick_passphrase = passphrase_field()
        self.quick_on, self.quick_off = button("Switch on"), button("Switch off")
        self.add_heading(
            "Quick unlock",
            "The keyring of this computer can keep a key to the vault. Then whoever can use your "
            "account on this computer can open it; signing asks for your passphrase all the same.",
        )
        self.column.addWidget(self.quick_state)
        self.add_fields(("Your p&assphrase", self.quick_passphrase))
        self.add_row(self.quick_on, self.quick_off)
        self.quick_on.clicked.connect(self._switch_on)
        self.quick_off.clicked.connect(self._switch_off)

    def _change(self) -> None:
        vault, old, new = self.tab.desk.vault, self.old.text(), self.new.text()
        known = self.may_be_known.isChecked()
        if new != self.again.text():
            self.tab.show_problem("The two new passphrases differ. Type the same one twice.")
            return
        self.tab.run(
            lambda: change_passphrase(vault, old, new, may_be_known=known), self._changed, "user"
        )

    def _changed(self, _value: object) -> None:
        self.old.clear()
        self.new.clear()
        self.again.clear()
        self.may_be_known.setChecked(False)
        self.tab.show_good(
            "Your passphrase is changed. Backups made before open with the old one: see the part "
            "Backups."
        )

    def _new_sheet(self) -> None:
        vault, own = self.tab.desk.vault, self.own.text()

        def work() -> tuple[str, bytes]:
            code = new_recovery_code(vault, own)
            return code, recovery_sheet(vault_owner(vault).name, code, vault.today())

        self.tab.run(work, self._made)

    def _made(self, made: tuple[str, bytes]) -> None:
        code, self._sheet = made
        groups = code.split("-")
        self.code.setText("   ".join(groups[:4]) + "\n" + "   ".join(groups[4:]))
        self.code.show()
        self.save.setEnabled(True)
        self.own.clear()
        self.typed.setFocus()
        self.tab.show_good("Write it down or print it, then type it back so that it counts.")

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the sheet", "recovery-sheet.pdf")
        if name:
            try:
                self.tab.desk.write_file(Path(name), self._sheet)
            except OdbstError as fault:
                self.tab.show_problem(fault.sentence)
            else:
                self.tab.show_good("Saved. Print it, then delete the file.")

    def _confirm(self) -> None:
        vault, code = self.tab.desk.vault, self.typed.text()
        self.tab.run(lambda: confirm_recovery(vault, code), self._confirmed, "user")

    def _confirmed(self, _value: object) -> None:
        self._forget_code()
        self.tab.show_good("This sheet counts now, and no other. Lock it away.")

    def _drill(self) -> None:
        vault, code = self.tab.desk.vault, self.typed.text()
        self.tab.run(lambda: run_drill(vault, code), self._drilled, "user")

    def _drilled(self, sentence: str) -> None:
        self._forget_code()
        self.tab.show_good(sentence)

    def _forget_code(self) -> None:
        self._sheet = b""
        self.typed.clear()
        self.code.clear()
        self.code.hide()
        self.save.setEnabled(False)

    def _switch_on(self) -> None:
        vault, own = self.tab.desk.vault, self.quick_passphrase.text()
        self.tab.run(lambda: switch_on(vault, own), self._switched, "user")

    def _switch_off(self) -> None:
        vault = self.tab.desk.vault
        self.tab.run(lambda: switch_off(vault), self._switched, "user")

    def _switched(self, _value: object) -> None:
        self.quick_passphrase.clear()
        self.tab.show_good("Done. Your passphrase opens the vault as before.")


def quick_unlock_state(vault: Vault) -> tuple[bool, str]:
    """Return whether the present user has quick unlock, and why this computer has none."""
    return is_on(vault), why_not_here()
