"""The ESL's tab of the trust's own forms: import a workbook, look, compare, mark for publishing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QFileDialog, QVBoxLayout, QWidget

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.form_rows import FormSetting
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.tab import Tab, button, one_line, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.desktop.version_band import changes_list, counted_words
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import FormReading, read_form
from odbst_desktop.form_engine.starting import starting_answers
from odbst_desktop.form_engine.writing import workbook_of
from odbst_desktop.form_library.definitions import definition_by_hash
from odbst_desktop.form_library.trust_forms import (
    Comparison,
    TrustForm,
    compared_with_use,
    forms_in_use,
    import_form,
    mark_form,
    trust_forms,
    withdraw_form,
)
from odbst_desktop.reports.blank_form import blank_paper
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.vault import Vault

_SIGNS = {"draft": "○", "marked": "→", "published": "✓", "withdrawn": "✕"}


def _day(form: TrustForm) -> str:
    return show_date(date.fromisoformat(form.imported_at[:10]))


COLUMNS: tuple[Column[TrustForm], ...] = (
    Column("Form", lambda f: f.title, 5),
    Column("Id", lambda f: f.form_id, 3),
    Column("Version", lambda f: f.version, 1),
    Column("State", lambda f: f"{_SIGNS[f.state]} {f.state_words}", 4),
    Column("From the file", lambda f: f.source, 3),
    Column("Imported", lambda f: f"{_day(f)}, {f.imported_by}", 3),
)
_LEAD = (
    "Write a form in Excel as XLSForm, import it here, and see it as a governor will. Compare it "
    "with the version in use, then mark it for the next focus pack. Nothing reaches a school "
    "before the pack is signed and sent."
)


@dataclass(frozen=True, slots=True)
class _Read:
    """What became of an import: the reading, and the form if it was kept."""

    reading: FormReading
    kept: TrustForm | None


@dataclass(frozen=True, slots=True)
class _Loaded:
    forms: tuple[TrustForm, ...]
    in_use: tuple[Form, ...]


class FormsTab(Tab):
    """The forms the trust writes itself."""

    kinds = frozenset({"form"})
    title = "Forms"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.table: TableView[TrustForm] = TableView("Forms of the trust", COLUMNS)
        self.bring = button("Import a workbook…", is_main=True)
        self.start, self.save = QComboBox(), button("Save it as a workbook…")
        self.start.setAccessibleName("Form to start from")
        self.preview, self.compare = button("See it as a governor"), button("Compare")
        self.paper = button("Blank form as PDF")
        self.mark, self.withdraw = button("Mark for the next pack"), button("Withdraw")
        self.column.addWidget(words("Forms of the trust", "title"))
        self.column.addWidget(words(_LEAD, "quiet"))
        self.column.addLayout(
            row_of(self.bring, words("or start from a form in use:"), self.start, self.save)
        )
        self.column.addWidget(self.table, 1)
        self.column.addLayout(
            row_of(self.preview, self.compare, self.paper, self.mark, self.withdraw)
        )
        self.bring.clicked.connect(self._bring)
        self.save.clicked.connect(self._save)
        self.preview.clicked.connect(self._preview)
        self.compare.clicked.connect(self._compare)
        self.paper.clicked.connect(self._paper)
        self.mark.clicked.connect(self._mark)
        self.withdraw.clicked.connect(self._withdraw)
        self.table.activated.connect(self._preview)
        self.table.selectionModel().currentChanged.connect(self._chosen)

    def load(self) -> _Loaded:
        """Read the trust's forms, and those in use that one can start from."""
        with self.desk.vault.reading() as session:
            return _Loaded(trust_forms(session), forms_in_use(session))

    def show_loaded(self, value: _Loaded) -> None:
        """Show the trust's forms."""
        self.table.show_rows(value.forms)
        if self.start.count() != len(value.in_use):
            self.start.clear()
            for form in value.in_use:
                self.start.addItem(f"{form.title} ({form.version})", form)
        self._chosen()

    def save_workbook(self, form: Form, path: Path) -> None:
        """Write a form as a workbook, for its next version to be written in Excel."""
        write = self.desk.write_file

        def work() -> str:
            write(path, workbook_of(form))
            return (
                f"Saved as {path.name}. Change it in Excel, give it a new version on the sheet "
                "“settings”, and import it here."
            )

        self.run(work, self.show_good)

    def bring_file(self, path: Path) -> None:
        """Read a workbook and keep it if it can be used; show what was found otherwise."""
        vault = self.desk.vault

        def work() -> _Read:
            reading = read_form(path)
            return _Read(reading, import_form(vault, reading) if reading.is_usable else None)

        self.run(work, self._brought, "form")

    def show_form(self, form: Form) -> None:
        """Show a form as a governor will; nothing that is typed is kept."""
        self.open_over(_Preview(self, form))

    def _brought(self, read: _Read) -> None:
        if read.kept is None:
            self.open_over(_Findings(self, read.reading))
            return
        notes = read.reading.notices
        said = (
            f" {len(notes)} notes: {'; '.join(note.words for note in notes[:3])}." if notes else ""
        )
        self.show_good(
            f"“{read.kept.title}”, version {read.kept.version}, is imported; it is for nobody "
            f"yet.{said}"
        )

    def _bring(self) -> None:
        kinds = "XLSForm (*.xlsx *.xlsm *.yaml)"
        name, _ = QFileDialog.getOpenFileName(self, "Import a workbook", "", kinds)
        if name:
            self.bring_file(Path(name))

    def _save(self) -> None:
        form = self.start.currentData()
        if form is None:
            return
        offered = f"{form.form_id}.xlsx"
        name, _ = QFileDialog.getSaveFileName(self, "Save as a workbook", offered, "Excel (*.xlsx)")
        if name:
            self.save_workbook(form, Path(name))

    def _chosen(self, *_facts: object) -> None:
        chosen = self.table.chosen()
        for made in (self.preview, self.compare, self.paper):
            made.setEnabled(chosen is not None)
        state = chosen.state if chosen else ""
        self.mark.setEnabled(state in {"draft", "marked"})
        self.mark.setText("Take the mark back" if state == "marked" else "Mark for the next pack")
        self.withdraw.setEnabled(state in {"draft", "marked", "published"})

    def _form_of(self, chosen: TrustForm) -> Form:
        with self.desk.vault.reading() as session:
            form = definition_by_hash(session, chosen.sha256)
        if form is None:
            raise LookupError
        return form

    def _preview(self, *_facts: object) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.run(lambda: self._form_of(chosen), self.show_form)

    def _compare(self) -> None:
        chosen = self.table.chosen()
        if chosen is None:
            return

        def work() -> Comparison:
            form = self._form_of(chosen)
            with self.desk.vault.reading() as session:
                return compared_with_use(session, form)

        self.run(work, lambda found: self.open_over(_Compared(self, found)))

    def _paper(self) -> None:
        chosen, vault = self.table.chosen(), self.desk.vault
        if chosen is not None:
            self.run(lambda: _blank(vault, self._form_of(chosen)), self.show_paper)

    def _mark(self) -> None:
        chosen, vault = self.table.chosen(), self.desk.vault
        if chosen is None:
            return
        is_marked = chosen.state != "marked"
        sentence = (
            f"“{chosen.title}” goes into the next focus pack." if is_marked
            else f"“{chosen.title}” is for nobody yet again."
        )  # fmt: skip
        self.run(
            lambda: mark_form(vault, chosen.id, is_marked=is_marked),
            lambda _: self.show_good(sentence),
            "form",
        )

    def _withdraw(self) -> None:
        chosen, vault = self.table.chosen(), self.desk.vault
        if chosen is not None:
            sentence = f"“{chosen.title}” is withdrawn. Answers given under it stay readable."
            self.run(
                lambda: withdraw_form(vault, chosen.id),
                lambda _: self.show_good(sentence),
                "form",
            )


class _Over(QWidget):
    """What is opened over the tab: a way back, a heading, and the thing itself."""

    def __init__(self, tab: FormsTab, heading: str) -> None:
        super().__init__()
        self.back = button("← All forms")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        self.column.setSpacing(3 * STEP)
        self.top = row_of(self.back, one_line(heading))
        self.column.addLayout(self.top)
        self.back.clicked.connect(tab.close_over)


class _Preview(_Over):
    """A form as a governor will see it; answers are tried out and forgotten."""

    def __init__(self, tab: FormsTab, form: Form) -> None:
        super().__init__(tab, f"{form.title} · version {form.version} · preview")
        self.column.addWidget(
            words("This is how a governor sees it. Try it out: nothing you type is kept.", "quiet")
        )
        today = tab.desk.vault.today()
        setting = FormSetting(today, files=None, now=tab.desk.vault.clock().astimezone())
        self.form = FormView(form, starting_answers(form, today=today), setting)
        self.column.addWidget(self.form, 1)


class _Findings(_Over):
    """Why a workbook was not kept, cell by cell, and a look at what could be read."""

    def __init__(self, tab: FormsTab, reading: FormReading) -> None:
        super().__init__(tab, f"“{reading.origin}” was not kept")
        form = reading.form
        self.look = button("See the rest as a preview")
        hide_unless(form is not None, self.look)
        if form is not None:
            self.look.clicked.connect(lambda: tab.show_form(form))
        self.top.addWidget(self.look)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setSpacing(2 * STEP)
        parts: tuple[tuple[str, tuple[Any, ...], str, str], ...] = (
            ("To mend in Excel", reading.faults, "✗", "problem"),
            ("Not supported here", reading.unsupported, "✗", "problem"),
            ("Worth knowing", reading.notices, "!", ""),
        )
        for heading, found, sign, kind in parts:
            if found:
                column.addWidget(words(f"{heading}: {len(found)}", "heading"))
                for fault in found:
                    column.addWidget(words(f"{sign} {fault.words}", kind))
        column.addStretch(1)
        self.column.addWidget(scrolled(holder), 1)


class _Compared(_Over):
    """What a form adds, removes and changes against the version in use."""

    def __init__(self, tab: FormsTab, found: Comparison) -> None:
        super().__init__(tab, f"{found.form.title} · version {found.form.version}")
        if found.in_use is None:
            sentence = (
                f"No form with the id “{found.form.form_id}” is in use yet: all of it is new."
            )
        else:
            sentence = (
                f"Against version {found.in_use.version}, which is in use: "
                f"{counted_words(found.changes)}."
            )
        self.column.addWidget(words(sentence))
        self.column.addWidget(scrolled(changes_list(found.changes)), 1)


def _blank(vault: Vault, form: Form) -> Paper:
    with vault.reading() as session:
        owner = read_owner(session)
    return blank_paper(form, owner.name, vault.today(), is_demonstration=owner.is_demonstration)
