"""The tab of the termly return: filled in, checked, explained, signed, exported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.form_rows import FormSetting
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import PassphraseDialog, Tab, button, one_line, row_of
from odbst_desktop.desktop.tabs.checks import ChecksPanel
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.desktop.version_band import VersionBand, moved_words
from odbst_desktop.form_engine.answers import Problem
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.office import outbox
from odbst_desktop.office.calendar import current_term
from odbst_desktop.reports.document import Paper
from odbst_desktop.returns.countersigners import Countersigner, countersigners
from odbst_desktop.returns.drafting import (
    Return,
    ReturnId,
    count_again,
    judge,
    open_return,
    previous_answers,
    read_return,
    return_form,
    returns,
    save_return,
)
from odbst_desktop.returns.paper import return_paper
from odbst_desktop.returns.privacy import privacy_problems
from odbst_desktop.returns.signing import (
    awaited_signer,
    countersign_return,
    sign_return,
    take_back,
)
from odbst_desktop.returns.sources import source_words
from odbst_desktop.returns.versions import form_of_return, move_return
from odbst_desktop.school.calendar import TERMS, year_of
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import people


def _counted(found: Return) -> str:
    taken = sum(how in {"counted", "carried"} for how in found.provenance.values())
    return f"{taken} of {len(found.provenance)}"


COLUMNS: tuple[Column[Return], ...] = (
    Column("Term", lambda r: r.title, 3),
    Column("Revision", lambda r: str(r.revision), 1),
    Column("State", lambda r: r.state_words, 4),
    Column("Answers", lambda r: str(len(r.answers)), 1),
    Column("Counted or carried", _counted, 3),
)


@dataclass(frozen=True, slots=True)
class _Opened:
    found: Return
    previous: Mapping[str, Any]
    names: tuple[str, ...]
    seconds: tuple[Countersigner, ...]
    awaited: str
    form: Form


class ReturnEditor(QWidget):
    """One return: saved a moment after each key until the DSL signs."""

    def __init__(self, tab: ReturnTab, opened: _Opened) -> None:
        super().__init__()
        self.tab, self.found, self._names = tab, opened.found, opened.names
        self.awaited = opened.awaited
        setting = FormSetting(
            tab.desk.vault.today(),
            previous=opened.previous,
            notes=_notes(opened.found),
            known_names=opened.names,
            is_read_only=opened.found.state != "draft",
        )
        self.form = FormView(opened.form, opened.found.answers, setting)
        self.checks = ChecksPanel(
            self.save, opened.found.explanations, is_read_only=opened.found.state != "draft"
        )
        self.form.add_section("Checks and signing", self._signing(opened.seconds))
        self.progress, self.saved = one_line(""), words("", "quiet")
        self.progress.setProperty("kind", "quiet")
        self.saved.setAccessibleName("Saved")
        self.back, self.paper = button("← All returns"), button("Return as PDF")
        self.count = button("Count again")
        hide_unless(opened.found.state == "draft", self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        title = f"{opened.found.title} · {opened.found.state_words}"
        top = row_of(self.back, one_line(title))
        for widget in (self.progress, self.saved, self.count, self.paper):
            top.addWidget(widget)
        column.addLayout(top)
        self.band = VersionBand(opened.form, return_form(), self.form.answers)
        hide_unless(opened.found.state == "draft" and self.band.is_needed, self.band)
        self.band.move_on.clicked.connect(lambda: tab.move_on(self))
        column.addWidget(self.band)
        column.addWidget(self.form, 1)
        self.checks.show_problems(self._problems())
        if opened.found.state == "draft":
            self.form.settled.connect(self._settled)
        self.back.clicked.connect(tab.close_over)
        self.paper.clicked.connect(self._paper)
        self.count.clicked.connect(self._count)

    def save(self) -> None:
        """Keep answers and explanations."""
        if self.found.state != "draft":
            return
        self.saved.setText("Saving…")
        vault, made = self.tab.desk.vault, self.found.id
        answers, said = self.form.answers(), self.checks.explanations()
        self.tab.run(lambda: save_return(vault, made, answers, said), self._saved, "return")

    def _signing(self, seconds: tuple[Countersigner, ...]) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.addWidget(self.checks)
        self.second = QComboBox()
        self.second.setAccessibleName("Who countersigns")
        for user in seconds:
            self.second.addItem(user.words, user.id)
        self.sign = button("Sign as DSL…", is_main=True)
        self.countersign = button("Countersign…", is_main=True)
        self.take_back = button("Take the signatures back")
        self.export = button("Export for the trust…", is_main=True)
        state = self.found.state
        hide_unless(state == "draft", self.sign)
        hide_unless(state == "draft", self.second)
        hide_unless(state == "half_signed", self.countersign)
        hide_unless(state in {"half_signed", "signed"}, self.take_back)
        hide_unless(state in {"signed", "sent"}, self.export)
        column.addWidget(words("Signing", "heading"))
        column.addWidget(
            words("First the DSL, then the headteacher or the safeguarding governor, each with "
                  "their own passphrase. What is signed cannot be changed.", "quiet")
        )  # fmt: skip
        column.addWidget(self.second)
        column.addLayout(row_of(self.sign, self.countersign, self.export, self.take_back))
        column.addStretch(1)
        self.sign.clicked.connect(lambda: self.tab.sign(self))
        self.countersign.clicked.connect(lambda: self.tab.countersign(self))
        self.export.clicked.connect(lambda: self.tab.export(self))
        self.take_back.clicked.connect(lambda: self.tab.take_back(self))
        return holder

    def _problems(self) -> tuple[Problem, ...]:
        state = self.form.judge()
        self.progress.setText(f"{state.answered} of {state.asked} required questions are answered")
        private = privacy_problems(self.form.form, self.form.answers(), self._names)
        return (*(p for p in state.problems if p.severity != "question"), *private)

    def _settled(self, _answers: dict[str, Any]) -> None:
        self.checks.show_problems(self._problems())
        self.save()

    def _saved(self, _value: object) -> None:
        moment = self.tab.desk.vault.clock().astimezone()
        self.saved.setText(f"✓ Saved at {moment:%H:%M:%S}")

    def _paper(self) -> None:
        self.form.flush()
        vault, made = self.tab.desk.vault, self.found.id

        def work() -> Paper:
            found = read_return(vault, made)
            with vault.reading() as session:
                owner, form = read_owner(session), form_of_return(session, found)
            return return_paper(found, form, owner, (), vault.today())

        self.tab.run(work, self.tab.show_paper)

    def _count(self) -> None:
        self.form.flush()
        vault, made = self.tab.desk.vault, self.found.id
        self.tab.run(lambda: count_again(vault, made), self.tab.counted, "return")


def _notes(found: Return) -> dict[str, str]:
    notes = {}
    for question in return_form().questions():
        how = found.provenance.get(question.name, "")
        source = str(question.extras.get("source", ""))
        if how in {"counted", "carried", "changed"}:
            notes[question.name] = f"{how.capitalize()} · {source_words(source)}"
    return notes


class ReturnTab(Tab):
    """The returns of this school; one is opened over the list."""

    kinds = frozenset({"return", "package"})
    title = "Termly return"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.year, self.term = QLineEdit(year_of(desk.vault.today())), QComboBox()
        self.year.setAccessibleName("Academic year")
        self.year.setMaximumWidth(12 * self.fontMetrics().averageCharWidth())
        self.term.setAccessibleName("Term")
        for name in TERMS:
            self.term.addItem(f"{name.capitalize()} term", name)
        self.prepare, self.open = button("Prepare the return", is_main=True), button("Open")
        self.table: TableView[Return] = TableView("Termly returns", COLUMNS)
        self.column.addWidget(words("Termly return", "title"))
        self.column.addWidget(
            words(
                "Nine-tenths is filled in from what was recorded each week. You check it, explain "
                "what the rules ask, write what it means, and two people sign.",
                "quiet",
            )
        )  # fmt: skip
        self.column.addLayout(row_of(self.year, self.term, self.prepare, self.open))
        self.column.addWidget(self.table, 1)
        self.prepare.clicked.connect(self._prepare)
        self.open.clicked.connect(self._open_chosen)
        self.table.activated.connect(self._open_chosen)

    @property
    def editor(self) -> ReturnEditor | None:
        """Return the return that is open, if any."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, ReturnEditor) else None

    def load(self) -> tuple[tuple[Return, ...], str]:
        """Read the returns and the term that runs."""
        with self.desk.vault.reading() as session:
            term = current_term(session, self.desk.vault.today())
            return returns(session), term.name if term else ""

    def show_loaded(self, value: tuple[tuple[Return, ...], str]) -> None:
        """Show the returns."""
        listed, term = value
        self.table.show_rows(listed)
        self.open.setEnabled(bool(listed))
        if term and not self.term.property("chosen"):
            self.term.setCurrentIndex(self.term.findData(term))
            self.term.setProperty("chosen", True)

    def flush(self) -> None:
        """Keep what was typed last."""
        if self.editor is not None:
            self.editor.form.flush()

    def counted(self, moved: int) -> None:
        """Show the figures that moved."""
        editor = self.editor
        if editor is not None:
            self.reopen(editor.found.id)
        self.show_good(f"{moved} figures were brought up to date. What you typed stays.")

    def move_on(self, editor: ReturnEditor) -> None:
        """Move a draft to the version in use."""
        editor.form.flush()
        vault, made = self.desk.vault, editor.found.id
        self.run(
            lambda: move_return(vault, made),
            lambda moved: self._signed(made, moved_words(moved)),
            "return",
        )

    def sign(self, editor: ReturnEditor) -> None:
        """Ask the DSL for the passphrase and sign."""
        editor.form.flush()
        editor.save()
        vault, made, second = self.desk.vault, editor.found.id, editor.second.currentData()
        asked = PassphraseDialog(
            self, "Your signature covers every answer and the paper.", vault.user.name
        )
        if asked.exec():
            typed = asked.passphrase.text()
            self.run(
                lambda: sign_return(vault, made, typed, second),
                lambda _: self._signed(made, "Signed. Now the second person signs."),
                "return",
            )

    def countersign(self, editor: ReturnEditor) -> None:
        """Ask the second signer for their own passphrase and sign."""
        vault, made = self.desk.vault, editor.found.id
        asked = PassphraseDialog(
            self, "Your signature says that you have read the return.", editor.awaited
        )
        if asked.exec():
            typed = asked.passphrase.text()
            self.run(
                lambda: countersign_return(vault, made, typed),
                lambda _: self._signed(made, "Signed by both. Export it for the trust."),
                "return",
            )

    def take_back(self, editor: ReturnEditor) -> None:
        """Remove the signatures, so that the return can be mended."""
        vault, made = self.desk.vault, editor.found.id
        self.run(
            lambda: take_back(vault, made),
            lambda _: self._signed(made, "The signatures are gone; the return can be changed."),
            "return",
        )

    def export(self, editor: ReturnEditor) -> None:
        """Ask for a folder and write the file for the trust."""
        folder = QFileDialog.getExistingDirectory(self, "Folder for the file")
        if folder:
            self.export_to(editor.found.id, Path(folder))

    def export_to(self, made: ReturnId, folder: Path) -> None:
        """Write the file for the trust into a folder."""
        vault, write = self.desk.vault, self.desk.write_file

        def work() -> str:
            sent = outbox.termly_return(vault, made)
            write(folder / sent.name, sent.data)
            return sent.name

        self.run(work, self._exported, "return", "package")

    def reopen(self, made: ReturnId) -> None:
        """Show a return anew."""
        self.close_over()
        self.run(lambda: self._opened(made), self._show)

    def _exported(self, name: str) -> None:
        self.close_over()
        self.show_good(f"Written: {name}. Upload this one file for the trust.")

    def _signed(self, made: ReturnId, sentence: str) -> None:
        self.reopen(made)
        self.show_good(sentence)

    def _prepare(self) -> None:
        vault, year, term = self.desk.vault, self.year.text().strip(), self.term.currentData()
        self.run(lambda: self._opened(open_return(vault, year, term)), self._show, "return")

    def _open_chosen(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.run(lambda: self._opened(chosen.id), self._show)

    def _opened(self, made: ReturnId) -> _Opened:
        vault = self.desk.vault
        found, seconds = read_return(vault, made), countersigners(vault)
        # Judged here once, off the window's thread: its expressions are then read.
        judge(vault, made)
        awaited = awaited_signer(vault, found).name if found.state == "half_signed" else ""
        with vault.reading() as session:
            names = tuple(person.name for person in people(session))
            previous = previous_answers(session, found.year, found.term)
            form = form_of_return(session, found)
        return _Opened(found, previous, names, seconds, awaited, form)

    def _show(self, opened: _Opened) -> None:
        editor = ReturnEditor(self, opened)
        self.open_over(editor)
        editor.form.sections.setFocus()
