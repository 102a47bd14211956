"""A school's return, read by the ESL: field by field, with questions written and sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit

from odbst_desktop.analysis.explaining import Explanation
from odbst_desktop.desktop.explain_panel import explain_rows
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.panel import Panel
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import PassphraseDialog, Tab, button, row_of
from odbst_desktop.office.answering import accept_return, send_queries
from odbst_desktop.office.outbox import Outgoing, Write
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.trust.explaining import explain_field
from odbst_desktop.trust.queries import write_query
from odbst_desktop.trust.reading import FieldReading, ReturnReading
from odbst_desktop.vault.vault import Vault

_SHOWN: tuple[tuple[str, Callable[[FieldReading], bool]], ...] = (
    ("Every field", lambda _: True),
    ("With something to say", lambda field: bool(field.note)),
    ("Asked or to be asked", lambda field: bool(field.asked or field.draft or field.to_ask)),
    ("Changed from before", lambda field: field.is_changed),
    ("Counted, then changed", lambda field: field.provenance.startswith("Counted,")),
)
_LEAD = (
    "What is collated are these answers, not the PDF inside. Choose a field and type a question; "
    "the questions go out together in one receipt, and the school’s return opens at those fields."
)
_NO_CHANGE = "No field is like that."


class ReturnPanel(Panel):
    """The fields of a return; a question stays beside its field until it is sent."""

    def __init__(self, tab: Tab, found: ReturnReading, field: str = "") -> None:
        super().__init__(tab, found.title)
        self._found, self._fields, self._at = found, list(found.fields), field
        self.shown = QComboBox()
        self.shown.setAccessibleName("Which fields are shown")
        self.shown.addItems([name for name, _ in _SHOWN])
        self.sought = QLineEdit()
        self.sought.setAccessibleName("Words in the field or the answer")
        self.sought.setPlaceholderText("Words to look for")
        columns: tuple[Column[FieldReading], ...] = (
            Column("Section", lambda f: f.section, 3, 18),
            Column("Field", lambda f: f.label, 5, 30),
            Column("Answer", lambda f: f.answer, 3, 16),
            Column(found.compared_with, lambda f: f.before or "—", 3, 16),
            Column("How", lambda f: f.provenance, 2, 10),
            Column("To be said of it", lambda f: f.note, 6),
        )
        self.table: TableView[FieldReading] = TableView("Fields of the return", columns)
        explain_rows(self.table, self._explanation)
        self.explain = button("Explain this figure (Ctrl+I)")
        self.chosen = words("")
        self.question = QLineEdit()
        self.question.setAccessibleName("Question to this field")
        self.question.setPlaceholderText("Question to this field; no child’s name")
        self.ask = button("Keep the question (Enter)")
        self.suggested = button("Ask what the form suggests")
        self.send, self.accept = button("Send the questions…"), button("Accept, write the receipt…")
        self.column.addWidget(words(found.lead))
        self.column.addWidget(words(_LEAD, "quiet"))
        top = row_of(self.shown)
        top.insertWidget(1, self.sought, 1)
        self.column.addLayout(top)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.chosen)
        asking = row_of(self.ask, self.suggested)
        asking.insertWidget(0, self.question, 1)
        self.column.addLayout(asking)
        self.column.addLayout(row_of(self.send, self.accept, self.explain))
        self._connect()
        self._show_fields()

    def _connect(self) -> None:
        self.shown.activated.connect(self._show_fields)
        self.sought.textChanged.connect(self._show_fields)
        self.table.selectionModel().currentRowChanged.connect(self._show_chosen)
        self.table.activated.connect(self.question.setFocus)
        self.question.returnPressed.connect(self.keep_question)
        self.ask.clicked.connect(self.keep_question)
        self.suggested.clicked.connect(self._take_suggestion)
        self.send.clicked.connect(self._send)
        self.explain.clicked.connect(self.explain_chosen)
        self.accept.clicked.connect(self._accept)

    def begin(self) -> None:
        """Go to the field the panel was opened at."""
        self.table.setFocus()
        if self._at:
            self.choose(self._at)

    def choose(self, field: str) -> None:
        """Choose a field in the list."""
        names = [each.name for each in self.table.table.rows]
        if field in names:
            self.table.selectRow(names.index(field))

    def keep_question(self) -> None:
        """Keep what is typed as the question to the chosen field; blank takes it back."""
        field = self.table.chosen()
        if field is None:
            self.tab.show_problem("Choose a field first.")
            return
        vault, digest = self.tab.desk.vault, self._found.held.package.payload_sha256
        text, name = self.question.text().strip(), field.name

        def work() -> tuple[str, str]:
            with vault.changing("question written", f"package/{digest[:16]}") as session:
                write_query(session, return_form(), digest, name, text)
            return name, text

        self.tab.run(work, self._kept)

    def write_receipt(
        self, make: Callable[[Vault, str, str, Write], Outgoing], passphrase: str, folder: Path
    ) -> None:
        """Make a receipt to this return and write it into a folder."""
        desk, digest = self.tab.desk, self._found.held.package.payload_sha256

        def work() -> str:
            sent = make(
                desk.vault, digest, passphrase,
                lambda made: desk.write_file(folder / made.name, made.data),
            )  # fmt: skip
            return f"Written: {sent.name}. Send it to the school."

        self.tab.run(work, self._written, "package")

    def _kept(self, kept: tuple[str, str]) -> None:
        name, text = kept
        self._fields = [replace(f, draft=text) if f.name == name else f for f in self._fields]
        self._show_fields()
        self.choose(name)
        count = sum(bool(f.draft) for f in self._fields)
        self.tab.show_good(
            f"Kept. {count} question{'' if count == 1 else 's'} to send." if text
            else "The question is taken back."
        )  # fmt: skip

    def _written(self, sentence: str) -> None:
        self.tab.close_over()
        self.tab.show_good(sentence)

    def _show_fields(self, *_: object) -> None:
        is_shown = _SHOWN[self.shown.currentIndex()][1]
        sought = self.sought.text().casefold()
        rows = [
            field for field in self._fields
            if is_shown(field)
            and sought in f"{field.section} {field.label} {field.answer} {field.note}".casefold()
        ]  # fmt: skip
        self.table.show_rows(rows)
        self._show_chosen()
        self.send.setEnabled(any(field.draft for field in self._fields))

    def _show_chosen(self, *_: object) -> None:
        field = self.table.chosen()
        self.suggested.setVisible(bool(field and field.to_ask and not field.draft))
        if field is None:
            self.chosen.setText(_NO_CHANGE)
            return
        self.chosen.setText(f"{field.label}: {field.answer}\n{field.note}".strip())
        self.question.setText(field.draft)

    def explain_chosen(self) -> None:
        """Explain the chosen field, as Ctrl+I does."""
        self.table.setFocus()
        self.tab.explain()

    def _explanation(self, field: FieldReading) -> Explanation:
        return explain_field(return_form(), self._found, field)

    def _take_suggestion(self) -> None:
        field = self.table.chosen()
        if field is not None:
            self.question.setText(field.to_ask)
            self.keep_question()

    def _send(self) -> None:
        count = sum(bool(field.draft) for field in self._fields)
        asked = f"{count} question{'' if count == 1 else 's'}"
        self._sign(f"The receipt asks {self._found.school} {asked}.", send_queries)

    def _accept(self) -> None:
        self._sign(f"The receipt says that the return of {self._found.school} is accepted.",
                   accept_return)  # fmt: skip

    def _sign(self, what: str, make: Callable[[Vault, str, str, Write], Outgoing]) -> None:
        dialog = PassphraseDialog(self, what, self.tab.desk.vault.user.name)
        if dialog.exec():
            folder = QFileDialog.getExistingDirectory(self, "Folder for the receipt")
            if folder:
                self.write_receipt(make, dialog.passphrase.text(), Path(folder))
