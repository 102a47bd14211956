"""What a vault says of itself; check it, lock it, and after how long it locks itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import Tab, button
from odbst_desktop.desktop.tabs.vault_panel import Panel
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.office.drill import is_drill_due, last_drill
from odbst_desktop.policies import SET_BY, Policies, policies_here
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.backups import backups_of
from odbst_desktop.vault.places import warning_about
from odbst_desktop.vault.settings import idle_choices, set_idle_minutes
from odbst_desktop.vault.vault import Vault

_OLDER_COPY = (
    "! This is an older copy than the vault last used here: changes made since are missing, so it "
    "can only be read. Look for the newer copy, or restore the newest backup. Only if there is "
    "neither, let this copy count from now on; the history will say so."
)


class OverviewPanel(Panel):
    """The facts of a vault, and three things to do with it."""

    lock_wanted = Signal()
    idle_minutes_set = Signal(int)

    def __init__(self, tab: Tab) -> None:
        super().__init__(tab)
        self.older = words(_OLDER_COPY, "warning")
        self.count = button("Let this copy count from now on")
        self.facts = QFormLayout()
        self.facts.setVerticalSpacing(2 * STEP)
        self.check, self.lock = button("Check the vault", is_main=True), button("Lock (Ctrl+L)")
        self.minutes = QComboBox()
        for minutes in idle_choices():
            self.minutes.addItem("1 minute" if minutes == 1 else f"{minutes} minutes", minutes)
        self.policies = words("")
        self.policy_faults = words("", "warning")
        self.set_minutes = button("Set")
        self.column.addWidget(self.older)
        self.add_row(self.count)
        self.column.addLayout(self.facts)
        self.add_row(self.check, self.lock)
        self.add_heading("Locking", "Without a key or movement the vault locks itself.")
        self.add_fields(("Lock &after", self.minutes))
        self.add_row(self.set_minutes)
        self._show_policies(policies_here())
        self.column.addStretch(1)
        self.check.clicked.connect(self._check)
        self.lock.clicked.connect(self.lock_wanted)
        self.count.clicked.connect(self._count)
        self.set_minutes.clicked.connect(self._set_minutes)
        self._show_older(is_older=False)

    def show_facts(
        self, facts: Sequence[tuple[str, str]], idle_minutes: int, *, is_older_copy: bool
    ) -> None:
        """Show what the vault says of itself."""
        while self.facts.rowCount():
            self.facts.removeRow(0)
        for label, text in facts:
            self.facts.addRow(words(label, "quiet"), words(text))
        self.minutes.setCurrentIndex(max(self.minutes.findData(idle_minutes), 0))
        self._show_older(is_older=is_older_copy)

    def _show_policies(self, policies: Policies) -> None:
        said = policies.sentences()
        if said or policies.faults:
            self.add_heading(
                SET_BY, "For every account of this computer; it cannot be changed here."
            )
            self.policies.setText("\n".join(f"• {sentence}." for sentence in said))
            self.column.addWidget(self.policies)
        if policies.faults:
            faults = "; ".join(policies.faults)
            self.policy_faults.setText(
                f"! The IT team’s file holds a mistake, so the strictest value counts: {faults}."
            )
            self.column.addWidget(self.policy_faults)

    def _show_older(self, *, is_older: bool) -> None:
        self.older.setVisible(is_older)
        self.count.setVisible(is_older)

    def _check(self) -> None:
        self.tab.run(self.tab.desk.vault.check, self._checked)

    def _checked(self, found: tuple[str, ...]) -> None:
        if found:
            self.tab.show_problem(" ".join(found))
        else:
            self.tab.show_good("The vault is sound: file, history and keys agree.")

    def _count(self) -> None:
        self.tab.run(self.tab.desk.vault.count_from_now_on, self._counts, "user")

    def _counts(self, _value: object) -> None:
        self.tab.show_good("This copy counts from now on. The history says so.")

    def _set_minutes(self) -> None:
        vault, minutes = self.tab.desk.vault, int(self.minutes.currentData())

        def work() -> int:
            with vault.changing("idle time set", f"vault/{vault.vault_id}") as session:
                set_idle_minutes(session, minutes)
            return minutes

        self.tab.run(work, self._minutes_set, "user")

    def _minutes_set(self, minutes: int) -> None:
        self.idle_minutes_set.emit(minutes)
        self.tab.show_good(f"The vault locks itself after {minutes} minutes without a key.")


def overview_facts(vault: Vault) -> tuple[tuple[str, str], ...]:
    """Return what a vault says of itself, as label and words."""
    made, warning = backups_of(vault.folder), warning_about(vault.folder)
    newest = f"{show_date(made[0].made.date())}; {len(made)} are kept" if made else "None yet"
    sheet = (
        "✓ Typed back: it counts"
        if vault.recovery_is_confirmed
        else "○ Not typed back yet: do not rely on it"
    )
    return (
        ("Folder", str(vault.folder)),
        *((("About the folder", f"! {warning}"),) if warning else ()),
        ("Recovery sheet", sheet),
        ("Restore drill", _drill_words(vault)),
        ("Newest backup", newest),
        ("Changes recorded", str(vault.audit_head().sequence)),
        ("Who can open it", ", ".join(user.name for user in vault.users())),
    )


def _drill_words(vault: Vault) -> str:
    last = last_drill(vault)
    if not is_drill_due(vault):
        return f"✓ Passed on {show_date(last)}" if last else "○ Never done"
    when = f"last passed on {show_date(last)}" if last else "never done"
    return f"◔ Due this half-term ({when})"
