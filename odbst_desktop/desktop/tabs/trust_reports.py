"""The ESL's tab of reports: her own words for a term, and the papers made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlmodel import Session

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.form_rows import FormSetting
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.panel import Panel
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.term_choice import TermChoice
from odbst_desktop.reports.document import Paper
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.school.owner import Owner, read_owner
from odbst_desktop.school.people import people
from odbst_desktop.trust.report_notes import WHOLE_YEAR, read_words, save_words, words_form
from odbst_desktop.trust.report_papers import term_facts, term_paper, year_review
from odbst_desktop.trust.returned import terms_returned
from odbst_desktop.trust.table import TermKey, term_words

_LEAD = (
    "Write what the figures mean once; each paper takes what its readers need. Numbers from 1 to 4 "
    "are not shown, nor what would give them back, and no paper shows a school’s figures."
)
_EMPTY = "Reports begin with the first return. Check and file the schools’ packages first."
_PAPERS = (
    ("sec", "SEC and CEO", "Each term: focus, attendance, behaviour, safeguarding in schools"),
    ("trustee_lead", "Trustee lead", "For the termly meeting with the Trustee safeguarding lead"),
    ("tbm", "Trustees (TBM)", "Each term: effectiveness, improvement, further development"),
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    terms: tuple[TermKey, ...]
    term_words: int
    year_words: int
    asked: tuple[int, int]


class TrustReportsTab(Tab):
    """The papers of a term, and the words that go into them."""

    kinds = frozenset({"package", "school", "report"})
    title = "Reports"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.term = TermChoice()
        self.term_words, self.year_words = button(""), button("")
        self.papers = {name: button(label, is_main=True) for name, label, _ in _PAPERS}
        self.year = button("Review of the year", is_main=True)
        self.empty = words(_EMPTY)
        self.column.addWidget(words("Reports", "title"))
        self.column.addWidget(self.empty)
        self.column.addLayout(row_of(self.term))
        self.column.addWidget(words(_LEAD, "quiet"))
        self.column.addWidget(words("Your words", "heading"))
        self.column.addLayout(row_of(self.term_words, self.year_words))
        self.column.addWidget(words("Papers", "heading"))
        for name, _, lead in _PAPERS:
            self._add_paper(self.papers[name], lead)
            self.papers[name].clicked.connect(partial(self._show_term_paper, name))
        self._add_paper(self.year, "At the end of the year: the plan’s seven areas of work")
        self.column.addStretch(1)
        self.year.clicked.connect(self._show_year)
        self.term_words.clicked.connect(lambda: self._open_words(is_year=False))
        self.year_words.clicked.connect(lambda: self._open_words(is_year=True))
        self.term.activated.connect(self._choose)

    def load(self) -> _Loaded:
        """Read the terms with returns, and how much was written."""
        wanted = self.term.term
        with self.desk.vault.reading() as session:
            terms = terms_returned(session)
            key = wanted if wanted in terms else next(iter(terms), ("", ""))
            typed = tuple(len(read_words(session, key[0], t)) for t in (key[1], WHOLE_YEAR))
        asked = tuple(len(words_form(t).questions()) for t in ("autumn", WHOLE_YEAR))
        return _Loaded(terms, typed[0], typed[1], (asked[0], asked[1]))

    def show_loaded(self, value: _Loaded) -> None:
        """Show what can be written and printed."""
        chosen = self.term.term
        self.empty.setVisible(not value.terms)
        if value.terms:
            self.term.show_terms(value.terms, chosen if chosen in value.terms else value.terms[0])
        for made in (self.term_words, self.year_words, self.year, *self.papers.values()):
            made.setEnabled(bool(value.terms))
        written, of_year, (asked, asked_of_year) = value.term_words, value.year_words, value.asked
        key = self.term.term
        of_term = f"Words for {term_words(key)}" if key else "Words for the term"
        self.term_words.setText(f"{of_term} ({written} of {asked})…")
        year = f"Words for the year {key[0]}" if key else "Words for the year"
        self.year_words.setText(f"{year} ({of_year} of {asked_of_year})…")

    def flush(self) -> None:
        """Keep what was typed last."""
        panel = self.stack.currentWidget()
        if isinstance(panel, WordsPanel):
            panel.form.flush()

    def show_term_paper(self, which: str, key: TermKey) -> None:
        """Show one of the papers of a term."""
        today = self.desk.vault.today()
        self._print(
            lambda session, owner: term_paper(
                term_facts(session, return_form(), owner, key, today), which
            )
        )

    def keep_words(self, key: TermKey, answers: dict[str, Any]) -> None:
        """Keep words for a term, or with a blank term for a year."""
        vault = self.desk.vault
        self.run(lambda: save_words(vault, *key, answers), self._kept, "report")

    def _kept(self, _value: object) -> None:
        panel = self.stack.currentWidget()
        if isinstance(panel, WordsPanel):
            panel.saved.setText(f"Saved at {self.desk.vault.clock().astimezone():%H:%M}")

    def _add_paper(self, made: Any, lead: str) -> None:
        row = row_of(made)
        row.insertWidget(1, words(lead, "quiet"), 1)
        self.column.addLayout(row)

    def _show_term_paper(self, which: str) -> None:
        if self.term.term is not None:
            self.show_term_paper(which, self.term.term)

    def _show_year(self) -> None:
        key, today = self.term.term, self.desk.vault.today()
        if key is not None:
            self._print(
                lambda session, owner: year_review(session, return_form(), owner, key[0], today)
            )

    def _print(self, make: Callable[[Session, Owner], Paper]) -> None:
        vault = self.desk.vault

        def paper() -> Paper:
            with vault.reading() as session:
                return make(session, read_owner(session))

        self.run(paper, self.show_paper)

    def _open_words(self, *, is_year: bool) -> None:
        chosen, vault = self.term.term, self.desk.vault
        if chosen is None:
            return
        key = (chosen[0], WHOLE_YEAR if is_year else chosen[1])

        def read() -> tuple[TermKey, dict[str, Any], tuple[str, ...]]:
            with vault.reading() as session:
                names = tuple(person.name for person in people(session))
                return key, read_words(session, *key), names

        self.run(read, self._opened)

    def _opened(self, found: tuple[TermKey, dict[str, Any], tuple[str, ...]]) -> None:
        panel = WordsPanel(self, *found)
        self.open_over(panel)
        panel.begin()

    def _choose(self, _place: int) -> None:
        self.refresh()


class WordsPanel(Panel):
    """The ESL's words, saved a moment after each key."""

    def __init__(
        self, tab: TrustReportsTab, key: TermKey, answers: dict[str, Any], names: tuple[str, ...]
    ) -> None:
        year, term = key
        title = f"Words for {term_words(key)}" if term else f"Words for the year {year}"
        super().__init__(tab, title)
        setting = FormSetting(tab.desk.vault.today(), known_names=names)
        self.form = FormView(words_form(term), answers, setting)
        self.saved = words("", "quiet")
        self.saved.setAccessibleName("Saved")
        self.column.addWidget(self.saved)
        self.column.addWidget(self.form, 1)
        self.form.settled.connect(partial(tab.keep_words, key))

    def begin(self) -> None:
        """Begin at the first question."""
        self.form.focus_section()
