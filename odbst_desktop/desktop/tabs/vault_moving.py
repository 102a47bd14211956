"""Moving on: everything written as open files, an export taken in, a vault purged."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit

from odbst_desktop.desktop.page import passphrase_field, words
from odbst_desktop.desktop.tab import Tab, button
from odbst_desktop.desktop.tabs.vault_panel import Panel
from odbst_desktop.errors import InputError
from odbst_desktop.moving.archive import ENDING
from odbst_desktop.moving.out import MovedOut, move_out
from odbst_desktop.moving.purge import Purged, purge
from odbst_desktop.moving.taking_in import TakenIn, take_in

_EVERYTHING = ("meeting", "action", "visit", "training", "person", "return", "package", "school",
               "key", "user", "compliance", "form", "record")  # fmt: skip


class MovingPanel(Panel):
    """Nobody is locked in: three things that concern all of a vault."""

    purged = Signal()

    def __init__(self, tab: Tab) -> None:
        super().__init__(tab)
        self._lay_out_export()
        self._lay_out_import()
        self._lay_out_purge()
        self.column.addStretch(1)

    def _lay_out_export(self) -> None:
        self.passphrase, self.again = passphrase_field(), passphrase_field()
        self.seal = button("Write one encrypted file…")
        self.is_plain_meant = QCheckBox("I need a folder that anybody who reaches it can read")
        self.plain = button("Write a plain folder…")
        self.plain.setEnabled(False)
        self.add_heading(
            "Take everything with you",
            "All records as CSV and JSON, the documents, and minutes, visits and returns as PDF. "
            "Keys and passphrases are not in it.",
        )
        self.add_fields(
            ("Passphrase of the e&xport", self.passphrase), ("Passphrase a&gain", self.again)
        )
        self.add_row(self.seal)
        self.column.addWidget(self.is_plain_meant)
        self.add_row(self.plain)
        self.is_plain_meant.toggled.connect(self.plain.setEnabled)
        self.seal.clicked.connect(self._seal)
        self.plain.clicked.connect(self._plain)

    def _lay_out_import(self) -> None:
        self.opens = passphrase_field()
        self.take_file, self.take_folder = button("Take in a file…"), button("Take in a folder…")
        self.add_heading(
            "Take in an export",
            "Into a new vault of the same school, that holds nothing yet. Whom you trust is "
            "confirmed by telephone again.",
        )
        self.add_fields(("Passphrase of the expor&t", self.opens))
        self.add_row(self.take_file, self.take_folder)
        self.take_file.clicked.connect(self._take_file)
        self.take_folder.clicked.connect(self._take_folder)

    def _lay_out_purge(self) -> None:
        self.name, self.export, self.export_opens = QLineEdit(), QLineEdit(), passphrase_field()
        self.choose, self.purge = button("Choose the export…"), button("Purge this vault for good…")
        self.add_heading("The school leaves: purge this vault")
        self.column.addWidget(
            words(
                "! It cannot be undone. An export with nothing changed since is opened and checked "
                "first; then the keys, the database and the backups in its folder are removed. No "
                "legal hold may be in force.",
                "warning",
            )
        )
        self.add_fields(
            ("Name of the &school, typed", self.name),
            ("Export of this &vault", self.export),
            ("Passphrase of that export", self.export_opens),
        )
        self.add_row(self.choose, self.purge)
        self.choose.clicked.connect(self._choose)
        self.purge.clicked.connect(self._purge)

    def _seal(self) -> None:
        vault, passphrase = self.tab.desk.vault, self.passphrase.text()
        if passphrase != self.again.text():
            self.tab.show_problem("The two passphrases differ. Type the same one twice.")
            return
        offered = f"odbst-{vault.today().isoformat()}{ENDING}"
        path, _ = QFileDialog.getSaveFileName(self, "Write everything into one file", offered)
        if path:
            self.tab.show_good("Writing everything…")
            self.tab.run(lambda: move_out(vault, Path(path), passphrase), self._written, "user")

    def _plain(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A new or empty folder for everything")
        if folder:
            vault = self.tab.desk.vault
            self.tab.show_good("Writing everything…")
            self.tab.run(lambda: move_out(vault, Path(folder), None), self._written_plain, "user")

    def _written(self, made: MovedOut) -> None:
        for field in (self.passphrase, self.again):
            field.clear()
        self.export.setText(str(made.path))
        self.tab.show_good(f"Written: {_words(made)}. It opens with the passphrase you chose.")

    def _written_plain(self, made: MovedOut) -> None:
        self.is_plain_meant.setChecked(False)
        self.export.setText(str(made.path))
        self.tab.show_good(
            f"Written: {_words(made)}. It is not encrypted: delete it when it has served."
        )

    def _take_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, "Export", "", f"Exports (*{ENDING});;All files (*)"
        )
        self._take(path)

    def _take_folder(self) -> None:
        self._take(QFileDialog.getExistingDirectory(self, "Folder of an export"))

    def _take(self, path: str) -> None:
        if path:
            vault, passphrase = self.tab.desk.vault, self.opens.text()
            self.tab.run(lambda: take_in(vault, Path(path), passphrase), self._taken, *_EVERYTHING)

    def _taken(self, taken: TakenIn) -> None:
        self.opens.clear()
        self.tab.show_good(
            f"{taken.rows} records of “{taken.organisation}” are taken in. Your keys are new: send "
            "your enrolment, and confirm the trust’s card again."
        )

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, "Export of this vault", "", f"Exports (*{ENDING});;All files (*)"
        )
        if path:
            self.export.setText(path)

    def _purge(self) -> None:
        desk, name = self.tab.desk, self.name.text()
        export, passphrase = Path(self.export.text()), self.export_opens.text()
        if not self.export.text().strip():
            self.tab.show_problem("Choose an export of this vault first; it is checked.")
            return
        target, _ = QFileDialog.getSaveFileName(
            self, "Certificate", f"certificate-of-purge-{desk.vault.today().isoformat()}.pdf"
        )
        if not target:
            return

        def work() -> Purged:
            if not Path(target).parent.is_dir():
                raise InputError("There is no such folder for the certificate. Choose another.")
            gone = purge(desk.vault, name, export, passphrase)
            desk.write_file(Path(target), gone.paper.pdf())
            return gone

        self.tab.run(work, self._gone)

    def _gone(self, _gone: Purged) -> None:
        self.purged.emit()


def _words(made: MovedOut) -> str:
    return (
        f"{made.rows} rows of {made.tables} tables, {made.documents} documents and {made.papers} "
        f"papers in {made.path.name}"
    )
