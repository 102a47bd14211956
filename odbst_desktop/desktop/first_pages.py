"""Welcome, new vault, recovery sheet, unlock, recover."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.page import Page, passphrase_field, words
from odbst_desktop.desktop.services import MadeVault, OpenVault, Services, VaultWish
from odbst_desktop.errors import OdbstError

PROFILES = (
    ("school", "A school: meetings, training and the termly return"),
    ("headteacher", "A headteacher: countersigning on your own laptop"),
    ("governor", "A governor: monitoring visits to a school"),
    ("trust", "The trust: the Executive Safeguarding Lead’s desk"),
)
_METER = ("○○○○", "●○○○", "●●○○", "●●●○", "●●●●")


class WelcomePage(Page):
    """The first thing seen: make a vault or open one."""

    known_as = "welcome"
    new_wanted = Signal()
    folder_chosen = Signal(Path)
    restore_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            "Welcome to ODBST Desktop",
            "Your records lie in a vault: one encrypted folder on this computer. Nothing is sent "
            "anywhere.",
        )
        self.new = self.add_button("Make a new vault", is_main=True)
        self.open = self.add_button("Open a vault…")
        self.restore = self.add_button("Restore a backup…")
        self.restore.clicked.connect(self.restore_wanted)
        self.buttons.addStretch(1)
        self.new.clicked.connect(self.new_wanted)
        self.open.clicked.connect(self._choose)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Choose the vault’s folder")
        if chosen:
            self.folder_chosen.emit(Path(chosen))


class NewVaultPage(Page):
    """Asks what a new vault needs."""

    known_as = "new"
    made = Signal(object)
    left = Signal()

    def __init__(self, services: Services, jobs: JobRunner) -> None:
        super().__init__(
            "New vault", "It takes two minutes. You need paper or a printer at the end."
        )
        self._services, self._jobs = services, jobs
        self.profile = QComboBox()
        for value, text in PROFILES:
            self.profile.addItem(text, value)
        self.organisation, self.urn, self.person = QLineEdit(), QLineEdit(), QLineEdit()
        self.folder = QLineEdit(str(Path.home() / "ODBST vault"))
        self.passphrase, self.again = passphrase_field(), passphrase_field()
        self.strength = words("", "quiet")
        self.strength.setAccessibleName("Strength of the passphrase")
        self.add_field("What it is &for", self.profile)
        self.add_field("Name of the &school or trust", self.organisation)
        self.add_field("&URN (six digits; a trust has none)", self.urn)
        self.add_field("&Your name", self.person)
        self.add_field("F&older", self.folder)
        self.add_field("&Passphrase", self.passphrase)
        self.form.addRow(self.strength)
        self.add_field("Passphrase &again", self.again)
        self.make = self.add_button("Make the vault", is_main=True)
        self.back = self.add_button("Back")
        self.buttons.addStretch(1)
        self.place = words("", "warning")
        self.place.setAccessibleName("About the folder")
        self.form.insertRow(self.form.getWidgetPosition(self.folder)[0] + 1, self.place)  # type: ignore[index]
        self.folder.textChanged.connect(self._judge_place)
        self._judge_place()
        self.passphrase.textChanged.connect(self._judge)
        self.again.returnPressed.connect(self._make)
        self.make.clicked.connect(self._make)
        self.back.clicked.connect(self.left)
        self._judge()

    def _judge_place(self) -> None:
        warning = self._services.warning_about(Path(self.folder.text()).expanduser())
        self.place.setText(f"! {warning}" if warning else "")
        self.form.setRowVisible(self.place, bool(warning))

    def _judge(self) -> None:
        known = (self.person.text(), self.organisation.text())
        verdict = self._services.strength(self.passphrase.text(), known)
        self.strength.setText(f"{_METER[verdict.score]}  {verdict.words}")

    def _make(self) -> None:
        if self.passphrase.text() != self.again.text():
            self.show_problem("The two passphrases differ. Type the same one twice.")
            self.again.setFocus()
            return
        wish = VaultWish(
            Path(self.folder.text()).expanduser(),
            self.profile.currentData(),
            self.organisation.text(),
            self.urn.text(),
            self.person.text(),
            self.passphrase.text(),
        )
        self.clear_message()
        self.make.setEnabled(False)
        self.make.setText("Making the vault…")
        self._jobs.start(lambda: self._services.make(wish), done=self._done, failed=self._failed)

    def _done(self, made: MadeVault) -> None:
        self._ready()
        self.passphrase.clear()
        self.again.clear()
        self.made.emit(made)

    def _failed(self, sentence: str) -> None:
        self._ready()
        self.show_problem(sentence)

    def _ready(self) -> None:
        self.make.setEnabled(True)
        self.make.setText("Make the vault")


class RecoveryPage(Page):
    """Shows the recovery code once, and lets it count when it is typed back."""

    known_as = "sheet"
    finished = Signal(object)

    def __init__(self, services: Services, jobs: JobRunner, made: MadeVault) -> None:
        super().__init__(
            "Recovery sheet",
            "If every passphrase is forgotten, only this code opens the vault. Nobody else can, "
            "not even the trust. It is shown now and never again.",
        )
        self._services, self._jobs, self._made = services, jobs, made
        groups = made.recovery_code.split("-")
        self.code = words("   ".join(groups[:4]) + "\n" + "   ".join(groups[4:]), "code")
        self.column.insertWidget(2, self.code)
        self.typed = QLineEdit()
        self.add_field("Type the code &back from the paper", self.typed)
        self.confirm = self.add_button("Confirm the code", is_main=True)
        self.save = self.add_button("Save the sheet as PDF…")
        self.later = self.add_button("Do it later")
        self.buttons.addStretch(1)
        self.typed.returnPressed.connect(self._confirm)
        self.confirm.clicked.connect(self._confirm)
        self.save.clicked.connect(self._save)
        self.later.clicked.connect(self._leave)

    def _confirm(self) -> None:
        code = self.typed.text()
        self._jobs.start(
            lambda: self._made.vault.confirm_recovery(code),
            done=self._leave,
            failed=self.show_problem,
        )

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the sheet", "recovery-sheet.pdf")
        if name:
            try:
                self._services.write_file(Path(name), self._made.recovery_sheet)
            except OdbstError as fault:
                self.show_problem(fault.sentence)
            else:
                self.show_good("Saved. Print it, then delete the file.")

    def _leave(self, _value: object = None) -> None:
        self.finished.emit(self._made.vault)


class UnlockPage(Page):
    """Asks for the passphrase; Enter unlocks."""

    known_as = "unlock"
    unlocked = Signal(object)
    left = Signal()

    def __init__(self, services: Services, jobs: JobRunner, folder: Path) -> None:
        super().__init__("Unlock the vault", str(folder))
        self._services, self._jobs, self._folder = services, jobs, folder
        self.passphrase, self.code = passphrase_field(), QLineEdit()
        self.new, self.again = passphrase_field(), passphrase_field()
        self.add_field("&Passphrase", self.passphrase)
        self.add_field("Recovery &code", self.code)
        self.add_field("&New passphrase", self.new)
        self.add_field("New passphrase &again", self.again)
        self.unlock = self.add_button("Unlock", is_main=True)
        self.quick = self.add_button("Unlock with this computer’s keyring")
        self.quick.hide()
        self.sheet = self.add_button("Use the recovery sheet")
        self.other = self.add_button("Another vault…")
        self.buttons.addStretch(1)
        self._use_sheet(on=False)
        for field in (self.passphrase, self.again):
            field.returnPressed.connect(self._unlock)
        self.unlock.clicked.connect(self._unlock)
        self.quick.clicked.connect(self._unlock_quickly)
        # Not before the vault that was just locked is closed.
        QTimer.singleShot(0, self, self._look)
        self.sheet.clicked.connect(self._switch)
        self.other.clicked.connect(self.left)
        self.setFocusProxy(self.passphrase)

    def _switch(self) -> None:
        self._use_sheet(on=not self._with_sheet)

    def _use_sheet(self, *, on: bool) -> None:
        self._with_sheet = on
        self.form.setRowVisible(self.passphrase, not on)
        self.form.setRowVisible(self.code, on)
        self.form.setRowVisible(self.new, on)
        self.form.setRowVisible(self.again, on)
        self.sheet.setText("Use the passphrase" if on else "Use the recovery sheet")
        (self.code if on else self.passphrase).setFocus()

    def _look(self) -> None:
        folder, services = self._folder, self._services
        self._jobs.start(
            lambda: services.who_holds(folder), done=self._held, failed=self.show_problem
        )
        self._jobs.start(
            lambda: services.is_quick_offered(folder), done=self._offer_quick, failed=self._no_quick
        )

    def _held(self, sentence: str) -> None:
        if sentence:
            self.show_problem(sentence)

    def _offer_quick(self, is_offered: bool) -> None:  # noqa: FBT001 - what the job returns
        self.quick.setVisible(is_offered)

    def _no_quick(self, _sentence: str) -> None:
        """Offer nothing: what is wrong with the folder is said when it is unlocked."""

    def _unlock_quickly(self) -> None:
        self.clear_message()
        self.unlock.setEnabled(False)
        self._jobs.start(
            lambda: self._services.unlock_quickly(self._folder),
            done=self._done, failed=self._failed,
        )  # fmt: skip

    def _unlock(self) -> None:
        if self._with_sheet and self.new.text() != self.again.text():
            self.show_problem("The two new passphrases differ. Type the same one twice.")
            self.again.setFocus()
            return
        self.clear_message()
        self.unlock.setEnabled(False)
        passphrase, code, new = self.passphrase.text(), self.code.text(), self.new.text()
        with_sheet = self._with_sheet

        def work() -> OpenVault:
            if with_sheet:
                return self._services.recover(self._folder, code, new)
            return self._services.unlock(self._folder, passphrase)

        self._jobs.start(work, done=self._done, failed=self._failed)

    def _done(self, vault: OpenVault) -> None:
        self.passphrase.clear()
        self.unlocked.emit(vault)

    def _failed(self, sentence: str) -> None:
        self.unlock.setEnabled(True)
        self.show_problem(sentence)
        self.passphrase.selectAll()
        self.passphrase.setFocus()


class RestorePage(Page):
    """Shows what is inside a backup, then lays it out in a new folder."""

    known_as = "restore"
    restored = Signal(Path)
    left = Signal()

    def __init__(self, services: Services, jobs: JobRunner) -> None:
        super().__init__(
            "Restore a backup",
            "The backup is laid out in a new folder. Nothing that is there is replaced, and the "
            "vault you had stays where it is.",
        )
        self._services, self._jobs = services, jobs
        self.file, self.passphrase = QLineEdit(), passphrase_field()
        self.folder = QLineEdit(str(Path.home() / "ODBST vault restored"))
        self.add_field("&Backup (a file that ends in .odbst-backup)", self.file)
        self.add_field("&Passphrase of the day it was made", self.passphrase)
        self.add_field("&New folder", self.folder)
        self.choose = self.add_button("Choose the file…")
        self.look = self.add_button("Look inside")
        self.restore = self.add_button("Restore", is_main=True)
        self.back = self.add_button("Back")
        self.buttons.addStretch(1)
        self.choose.clicked.connect(self._choose)
        self.look.clicked.connect(self._look)
        self.restore.clicked.connect(self._restore)
        self.back.clicked.connect(self.left)

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "Backup", "", "Backups (*.odbst-backup);;All files (*)"
        )
        if name:
            self.file.setText(name)

    def _look(self) -> None:
        file, passphrase = Path(self.file.text()), self.passphrase.text()
        self.clear_message()
        self._jobs.start(
            lambda: self._services.look_into_backup(file, passphrase),
            done=self.show_good,
            failed=self.show_problem,
        )

    def _restore(self) -> None:
        file, folder = Path(self.file.text()), Path(self.folder.text()).expanduser()
        self.clear_message()

        def work() -> Path:
            self._services.restore_backup(file, folder)
            return folder

        self._jobs.start(work, done=self.restored.emit, failed=self.show_problem)
