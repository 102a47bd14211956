"""The tab of the termly return: filled in, checked, explained, signed, exported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.form_rows import FormSetting
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.sign_off.facts import SignOffFacts, sign_off_facts
from odbst_desktop.desktop.sign_off.panel import SignOffPanel
from odbst_desktop.desktop.sign_off.query_band import QueryBand
from odbst_desktop.desktop.sign_off.revising import Revising
from odbst_desktop.desktop.sign_off.sharing import Sharing
from odbst_desktop.desktop.sign_off.signing import Signing
from odbst_desktop.desktop.sign_off.waiting import WaitingPanel
from odbst_desktop.desktop.tab import Tab, button, one_line, row_of
from odbst_desktop.desktop.tabs.checks import ChecksPanel
from odbst_desktop.desktop.tabs.return_insight import Insight, ReturnInsight, read_insight
from odbst_desktop.desktop.tabs.return_papers import PapersPanel
from odbst_desktop.desktop.tabs.return_sheet import SheetTaker
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.desktop.version_band import VersionBand, moved_words
from odbst_desktop.form_engine.answers import Problem, problem_words
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.office.calendar import current_term
from odbst_desktop.reports.document import Paper
from odbst_desktop.returns.drafting import (
    Return,
    ReturnId,
    broken_since,
    open_return,
    previous_answers,
    read_return,
    return_form_in_use,
    save_return,
)
from odbst_desktop.returns.outstanding import Outstanding, outstanding
from odbst_desktop.returns.paper import return_paper
from odbst_desktop.returns.privacy import privacy_problems
from odbst_desktop.returns.queries import QUERY
from odbst_desktop.returns.sources import source_words
from odbst_desktop.returns.standing import Standing, is_ready, ready_drafts, standings_of
from odbst_desktop.returns.travelling import ToCountersign, to_countersign
from odbst_desktop.returns.versions import form_of_return, move_return
from odbst_desktop.school.calendar import TERMS, year_of
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import people
from odbst_desktop.vault.vault import Vault


def _counted(found: Return) -> str:
    taken = sum(how in {"counted", "carried"} for how in found.provenance.values())
    return f"{taken} of {len(found.provenance)}"


@dataclass(frozen=True, slots=True)
class _Loaded:
    listed: tuple[Standing, ...]
    term: str
    outstanding: tuple[Outstanding, ...]
    to_sign: tuple[ToCountersign, ...]


@dataclass(frozen=True, slots=True)
class _Opened:
    found: Return
    previous: Mapping[str, Any]
    names: tuple[str, ...]
    facts: SignOffFacts
    form: Form
    insight: Insight
    broken: Mapping[str, str]
    in_use: Form


class ReturnEditor(QWidget):
    """One return: saved a moment after each key until it is exported."""

    def __init__(self, tab: ReturnTab, opened: _Opened) -> None:
        super().__init__()
        self.tab, self.found, self._names = tab, opened.found, opened.names
        self.facts = opened.facts
        is_fixed = opened.found.state == "sent"
        setting = FormSetting(
            tab.desk.vault.today(),
            previous=opened.previous,
            notes={**_notes(opened), **opened.facts.query_notes()},
            known_names=opened.names,
            is_read_only=is_fixed,
            explained=lambda: frozenset(self.checks.explanations()),
        )
        self.checks = ChecksPanel(
            self._explained, opened.found.explanations, is_read_only=is_fixed,
            words_of=lambda problem: problem_words(opened.form, problem), go=self.go_to,
        )  # fmt: skip
        self.form = FormView(opened.form, opened.found.answers, setting)
        self.insight = ReturnInsight(tab, opened.found, self.form, opened.insight)
        self.form.add_section("Checks and signing", self._signing())
        self.progress, self.saved = one_line(""), words("", "quiet")
        self.progress.setProperty("kind", "quiet")
        self.saved.setAccessibleName("Saved")
        self.back, self.paper = button("← All returns"), button("Return as PDF")
        self.sheet = SheetTaker(tab, opened.found.id, self.form.flush, tab.reopen_saying)
        hide_unless(not is_fixed, self.sheet.choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        self.title = words(_title(opened.facts.standing), "heading")
        top = QHBoxLayout()
        top.addWidget(self.back)
        top.addWidget(self.title, 1)
        for widget in (self.progress, self.saved, self.paper):
            top.addWidget(widget)
        column.addLayout(top)
        self._add_bands(column, opened)
        self.due = words("", "quiet")
        under = QHBoxLayout()
        under.addWidget(self.due, 1)
        under.addWidget(self.sheet.choose)
        column.addLayout(under)
        column.addWidget(self.form, 1)
        self.checks.show_problems(self._problems())
        if not is_fixed:
            self.form.settled.connect(self._settled)
        self.back.clicked.connect(tab.close_over)
        self.paper.clicked.connect(self._paper)

    def _add_bands(self, column: QVBoxLayout, opened: _Opened) -> None:
        self.band = VersionBand(opened.form, opened.in_use, self.form.answers)
        hide_unless(opened.found.state == "draft" and self.band.is_needed, self.band)
        self.band.move_on.clicked.connect(lambda: self.tab.move_on(self))
        column.addWidget(self.band)
        self.queries = QueryBand(opened.facts, opened.form)
        hide_unless(self.queries.is_needed, self.queries)
        column.addWidget(self.queries)
        self.queries.wanted.connect(self.go_to)
        self.queries.answer.clicked.connect(self._answer_queries)

    def save(self) -> None:
        """Keep answers and explanations."""
        if self.found.state == "sent":
            return
        self.saved.setText("Saving…")
        vault, made = self.tab.desk.vault, self.found.id
        answers, said = self.form.answers(), self.checks.explanations()
        self.tab.run(lambda: saved_standing(vault, made, answers, said), self._saved, "return")

    def go_to(self, field: str) -> None:
        """Show a question and give it the keys."""
        self.form.focus_question(field)

    def _explained(self) -> None:
        self._problems()
        self.save()

    def _answer_queries(self) -> None:
        self.panel.amend.click()

    def show_facts(self, facts: SignOffFacts) -> None:
        """Show where the return stands now; what is being typed in stays as it is."""
        self.facts, self.found = facts, facts.standing.found
        self.insight.found = self.found
        self.title.setText(_title(facts.standing))
        self.panel.show_facts(facts)

    def _signing(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.addWidget(self.checks)
        self.panel = panel = SignOffPanel(self.facts)
        column.addWidget(panel)
        column.addStretch(1)
        self.sign, self.countersign, self.export = panel.sign, panel.countersign, panel.export
        at = (self.tab, self.tab, panel, self.form.flush)
        self.signing, self.revising, self.sharing = Signing(*at), Revising(*at), Sharing(*at)
        return holder

    def _problems(self) -> tuple[Problem, ...]:
        state = self.form.judge()
        self.progress.setText(f"{state.answered} of {state.asked} required questions are answered")
        private = privacy_problems(self.form.form, self.form.answers(), self._names)
        asked = tuple(
            Problem(field, None, "warning", QUERY + field, note.removeprefix("? "))
            for field, note in self.facts.query_notes().items()
            if self.found.state != "sent"
        )
        changed = self.insight.problems(self.form.answers())
        found = (*state.problems, *private, *asked)
        self.due.setText(self.insight.due_words((*found, *changed), self.facts.standing.awaited))
        return (*found, *changed)

    def _settled(self, _answers: dict[str, Any]) -> None:
        self.checks.show_problems(self._problems())
        self.save()

    def _saved(self, standing: tuple[str, bool]) -> None:
        moment = self.tab.desk.vault.clock().astimezone()
        self.saved.setText(f"✓ Saved at {moment:%H:%M:%S}")
        state, ready = standing
        if (state, ready) == (self.found.state, self.facts.standing.state == "ready"):
            return
        if state != self.found.state:
            people = " and ".join(self.facts.standing.signed_by)
            self.tab.show_problem(
                f"The return changed, so the signatures of {people} were removed. To undo the "
                "change, choose “Put the signatures back” under Checks and signing."
            )
        vault, made = self.tab.desk.vault, self.found.id
        self.tab.desk.jobs.start(
            lambda: sign_off_facts(vault, made), done=self.show_facts, failed=self.tab.show_problem
        )

    def _paper(self) -> None:
        self.form.flush()
        vault, made = self.tab.desk.vault, self.found.id

        def work() -> Paper:
            found = read_return(vault, made)
            with vault.reading() as session:
                owner, form = read_owner(session), form_of_return(session, found)
            return return_paper(found, form, owner, (), vault.today())

        self.tab.run(work, self.tab.show_paper)


def saved_standing(
    vault: Vault, made: ReturnId, answers: Mapping[str, Any], explanations: Mapping[str, str]
) -> tuple[str, bool]:
    """Save a return and give its state, and whether it could be signed as it is now."""
    save_return(vault, made, answers, explanations)
    return read_return(vault, made).state, is_ready(vault, made)


def _title(standing: Standing) -> str:
    found = standing.found
    later = f", revision {found.revision}" if found.revision > 1 else ""
    return f"{found.title}{later} · {standing.words}"


def _notes(opened: _Opened) -> dict[str, str]:
    notes = {
        name: f"≠ Not compared with the return before. {why}" for name, why in opened.broken.items()
    }
    found = opened.found
    for question in opened.form.questions():
        how = found.provenance.get(question.name, "")
        source = str(question.extras.get("source", ""))
        if how in {"counted", "carried", "changed"}:
            counted = f"{how.capitalize()} · {source_words(source)}"
            notes[question.name] = "\n".join(filter(None, (counted, notes.get(question.name))))
    return notes


class ReturnTab(Tab):
    """The returns of this school; one is opened over the list."""

    kinds = frozenset({"return", "package"})
    title = "Termly return"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wanted = ""
        self._states: dict[str, str] = {}
        self.year, self.term = QLineEdit(year_of(desk.vault.today())), QComboBox()
        self.year.setAccessibleName("Academic year")
        self.year.setMaximumWidth(12 * self.fontMetrics().averageCharWidth())
        self.term.setAccessibleName("Term")
        for name in TERMS:
            self.term.addItem(f"{name.capitalize()} term", name)
        self.prepare, self.open = button("Prepare the return", is_main=True), button("Open")
        columns: tuple[Column[Return], ...] = (
            Column("Term", lambda r: r.title, 3),
            Column("Revision", lambda r: str(r.revision), 1),
            Column("State", lambda r: self._states.get(r.id, r.state_words), 4, 30),
            Column("Answers", lambda r: str(len(r.answers)), 1),
            Column("Counted or carried", _counted, 3),
        )
        self.table: TableView[Return] = TableView("Termly returns", columns)
        self.waiting = WaitingPanel(self)
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
        self.column.addWidget(self.waiting)
        self.papers = PapersPanel(self, self.table.chosen)
        self.column.addWidget(self.papers)
        self.prepare.clicked.connect(self._prepare)
        self.open.clicked.connect(self._open_chosen)
        self.table.activated.connect(self._open_chosen)

    @property
    def editor(self) -> ReturnEditor | None:
        """Return the return that is open, if any."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, ReturnEditor) else None

    def load(self) -> _Loaded:
        """Read the returns, the term that runs, and what waits."""
        vault = self.desk.vault
        ready, to_sign = ready_drafts(vault), to_countersign(vault)
        with vault.reading() as session:
            term = current_term(session, vault.today())
            listed = standings_of(session, ready=ready)
            return _Loaded(listed, term.name if term else "", outstanding(session), to_sign)

    def show_loaded(self, value: _Loaded) -> None:
        """Show the returns, what is not acknowledged, what came to be signed."""
        listed, term = tuple(each.found for each in value.listed), value.term
        self._states = {each.found.id: each.words for each in value.listed}
        self.table.show_rows(listed)
        self.waiting.show_waiting(value.outstanding, value.to_sign, self.desk.vault.today())
        self.open.setEnabled(bool(listed))
        self.papers.show_enabled(is_possible=bool(listed))
        if term and not self.term.property("chosen"):
            self.term.setCurrentIndex(self.term.findData(term))
            self.term.setProperty("chosen", True)

    def flush(self) -> None:
        """Keep what was typed last."""
        if self.editor is not None:
            self.editor.form.flush()

    def move_on(self, editor: ReturnEditor) -> None:
        """Move a draft to the version in use."""
        editor.form.flush()
        vault, made = self.desk.vault, editor.found.id
        self.run(
            lambda: move_return(vault, made),
            lambda moved: self.reopen_saying(made, moved_words(moved)),
            "return",
        )

    def reopen(self, made: ReturnId) -> None:
        """Show a return anew."""
        self.close_over()
        self.run(lambda: self._opened(made), self._show)

    def open_at(self, made: ReturnId, field: str) -> None:
        """Show a return at one of its questions."""
        self._wanted = field
        self.reopen(made)

    def reopen_saying(self, made: ReturnId, sentence: str) -> None:
        """Show a return anew, and what was done."""
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
        # The facts judge it once, off the window's thread: its expressions are then read.
        found, facts = read_return(vault, made), sign_off_facts(vault, made)
        with vault.reading() as session:
            names = tuple(person.name for person in people(session))
            previous = previous_answers(session, found.year, found.term)
            form = form_of_return(session, found)
            in_use = return_form_in_use(session, found.year, found.term)
            broken = broken_since(session, found.year, found.term)
        insight = read_insight(vault, found)
        return _Opened(found, previous, names, facts, form, insight, broken, in_use)

    def _show(self, opened: _Opened) -> None:
        editor = ReturnEditor(self, opened)
        self.open_over(editor)
        editor.form.sections.setFocus()
        asked = opened.facts.queries if editor.queries.is_needed else ()
        field, self._wanted = self._wanted or (asked[0][0] if asked else ""), ""
        if field:
            editor.go_to(field)
