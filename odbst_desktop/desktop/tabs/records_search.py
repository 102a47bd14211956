"""Over the tab of records: what is held about somebody, and its export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.panel import Panel, form_of
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.retention.subject import Finding, Found, find_person, find_reference
from odbst_desktop.retention.subject_export import NOTICE, Export, export_found, free_paths

_LEAD = (
    "Looks through every record of this vault for the whole reference or name. Children stand here "
    "by CPOMS reference only; look the reference up in CPOMS."
)
COLUMNS: tuple[Column[Finding], ...] = (
    Column("Record", lambda finding: finding.record_words, 4, 34),
    Column("Where in it", lambda finding: finding.passage.place, 3, 30),
    Column("Sure", lambda finding: "✓ Named" if finding.is_certain else "? May be another", 2, 18),
    Column("What it says", lambda finding: finding.text, 8, 60),
)


class SearchPanel(Panel):
    """Asks whom to look for, lists where they stand, exports it for the officer."""

    def __init__(self, tab: Tab, names: Sequence[str]) -> None:
        super().__init__(tab, "What is held about somebody")
        self._found: Found | None = None
        self.scope, self.person, self.reference = QComboBox(), QComboBox(), QLineEdit()
        self.scope.addItem("A CPOMS reference", "reference")
        self.scope.addItem("An adult", "person")
        self.reference.setPlaceholderText("C1042")
        self.person.setEditable(True)
        self.person.addItems(names)
        self.person.setCurrentText("")
        self.look = button("Find", is_main=True)
        self.export = button("Export for the data protection officer…")
        self.export.setEnabled(False)
        self.summary = words("", "heading")
        self.says = words("")
        self.table: TableView[Finding] = TableView("Found", COLUMNS)
        self.form = form_of(
            ("&Look for", self.scope), ("CPOMS &reference", self.reference), ("&Name", self.person)
        )
        self.column.addWidget(words(_LEAD, "quiet"))
        self.column.addLayout(self.form)
        self.column.addLayout(row_of(self.look))
        self.column.addWidget(self.summary)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.says)
        self.column.addWidget(words(NOTICE, "quiet"))
        self.column.addLayout(row_of(self.export))
        self.scope.currentIndexChanged.connect(self._show_field)
        self.reference.returnPressed.connect(self._find)
        self.look.clicked.connect(self._find)
        self.table.selectionModel().currentChanged.connect(self._show_whole)
        self.export.clicked.connect(self._choose_folder)
        self._show_field()

    def begin(self) -> None:
        """Put the cursor where the user begins."""
        self.reference.setFocus()

    def _show_field(self) -> None:
        is_person = self.scope.currentData() == "person"
        self.form.setRowVisible(self.person, is_person)
        self.form.setRowVisible(self.reference, not is_person)

    def _find(self) -> None:
        vault, is_person = self.tab.desk.vault, self.scope.currentData() == "person"
        typed = self.person.currentText() if is_person else self.reference.text()
        look = find_person if is_person else find_reference
        self.export.setEnabled(False)
        self.tab.run(lambda: look(vault, typed), self._show)

    def _show(self, found: Found) -> None:
        self._found = found
        self.table.show_rows(found.findings)
        self._show_whole()
        sure, unsure = len(found.certain()), len(found.uncertain())
        said = f"{sure} passage{'' if sure == 1 else 's'} found" if sure else "Nothing was found"
        more = f"; {unsure} more may mean another" if unsure else ""
        changes = f"; {found.changes} changes under their passphrase" if found.changes else ""
        self.summary.setText(f"{said}{more}{changes}.")
        self.export.setEnabled(True)

    def _show_whole(self, *_: object) -> None:
        chosen = self.table.chosen()
        self.says.setText("" if chosen is None else chosen.text)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder for the officer’s files")
        if folder and self._found is not None:
            self.write(Path(folder), self._found)

    def write(self, folder: Path, found: Found) -> None:
        """Write the PDF and the CSV into a folder."""
        desk = self.tab.desk

        def work() -> Export:
            made = export_found(desk.vault, found)
            paths = free_paths(folder, desk.vault.today())
            for path, data in zip(paths, (made.paper.pdf(), made.csv), strict=True):
                desk.write_file(path, data)
            return made

        self.tab.run(work, self._written)

    def _written(self, made: Export) -> None:
        self.tab.show_good(
            f"Written, a PDF and a CSV: for the data protection officer, not for sending. Masked: "
            f"{made.masked_words}."
        )
