"""The ESL's tab of themes: proposed with their arithmetic, chosen with reasons, sent as a pack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import PassphraseDialog, Tab, button, row_of
from odbst_desktop.desktop.tabs.theme_panels import AlertPanel, PackPanel, WeightsPanel
from odbst_desktop.errors import InputError
from odbst_desktop.office import outbox
from odbst_desktop.office.theme_desk import (
    ThemeDesk,
    budget_of,
    loops_of,
    silence_of,
    theme_desk,
    three_views_of,
)
from odbst_desktop.reports.document import Paper
from odbst_desktop.trust.overload import budget_words
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.theme_papers import (
    Setting,
    budget_paper,
    loop_paper,
    proposal_paper,
    silence_paper,
    three_views_paper,
)
from odbst_desktop.trust.theme_proposal import Proposed
from odbst_desktop.trust.themes import choose_themes

_LEAD = (
    "The returns propose themes, each with its arithmetic; you decide, with your reasons. Then the "
    "focus pack takes them to every school and governor. A rise is a question, not a fault."
)


@dataclass(frozen=True, slots=True)
class _Row:
    proposed: Proposed
    reason: str


COLUMNS: tuple[Column[_Row], ...] = (
    Column("No.", lambda r: str(r.proposed.rank), 1, 4),
    Column("Theme", lambda r: r.proposed.title, 4, 24),
    Column("Chosen", lambda r: f"✓ {r.reason}" if r.reason else "○ Not chosen", 4, 18),
    Column("Evidence", lambda r: r.proposed.arithmetic, 4, 20),
    Column("One school?", lambda r: r.proposed.stability, 4, 22),
)


class ThemesTab(Tab):
    """Themes of a term, and the focus pack that takes them to the schools."""

    kinds = frozenset({"package", "return", "visit", "form", "theme", "school"})
    title = "Themes"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.loaded: ThemeDesk | None = None
        self.reasons: dict[str, str] = {}
        self.based_on = QComboBox()
        self.based_on.setAccessibleName("Returns that the themes are proposed from")
        self.based_on.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.based_on.setMinimumContentsLength(26)
        self.for_term = words("", "quiet")
        self.table: TableView[_Row] = TableView("Themes proposed", COLUMNS)
        self.why = words("", "quiet")
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("Your reason, as the schools will read it")
        self.reason.setAccessibleName("Reason for the theme")
        self.choose, self.leave = button("Choose this theme"), button("Leave it out")
        self.decide = button("Keep my choice", is_main=True)
        self.budget = words("")
        self.papers = {
            name: button(name)
            for name in ("The arithmetic", "Theme loop", "Overload budget", "Silent signals",
                         "Three views")
        }  # fmt: skip
        self.weights, self.alert = button("Weights…"), button("Note an alert…")
        self.write, self.make = button("Write the focus pack…"), button("Make the focus pack…")
        self.sent = words("", "quiet")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.column.addWidget(words("Themes of the trust", "title"))
        self.column.addWidget(words(_LEAD, "quiet"))
        top = row_of(self.based_on)
        top.insertWidget(1, self.for_term, 1)
        self.column.addLayout(top)
        self.column.addWidget(self.table, 3)
        self.column.addWidget(self.why)
        self.column.addWidget(self.reason)
        self.column.addLayout(row_of(self.choose, self.leave, self.decide))
        self.column.addWidget(self.budget)
        self.column.addLayout(row_of(*self.papers.values()))
        self.column.addWidget(words("Focus pack", "heading"))
        self.column.addWidget(self.sent)
        self.column.addLayout(row_of(self.write, self.make, self.weights, self.alert))

    def _connect(self) -> None:
        self.based_on.activated.connect(self._other_term)
        self.table.selectionModel().currentChanged.connect(self._chosen)
        self.choose.clicked.connect(self._choose)
        self.reason.returnPressed.connect(self._choose)
        self.leave.clicked.connect(self._leave)
        self.decide.clicked.connect(self.keep_choice)
        self.write.clicked.connect(lambda: self._over(PackPanel))
        self.weights.clicked.connect(lambda: self._over(WeightsPanel))
        self.alert.clicked.connect(lambda: self._over(AlertPanel))
        self.make.clicked.connect(self._make)
        makers = (_proposal, _loops, _budget, _silence, _views)
        for made, maker in zip(self.papers.values(), makers, strict=True):
            made.clicked.connect(lambda _checked=False, maker=maker: self._paper(maker))

    def load(self) -> ThemeDesk:
        """Read what the themes of the term chosen are proposed from."""
        wanted = self.based_on.currentData()
        return theme_desk(self.desk.vault, TermOf(*wanted) if wanted else None)

    def show_loaded(self, value: ThemeDesk) -> None:
        """Show the proposal, what is chosen, and what the pack would ask."""
        is_other = self.loaded is None or self.loaded.term != value.term
        saved = {c.theme.id: c.reason for c in value.choice.chosen} if value.choice else {}
        if is_other or self.loaded is None or self.loaded.choice != value.choice:
            self.reasons = saved
        self.loaded = value
        self.based_on.clear()
        for term in value.terms:
            self.based_on.addItem(f"Returns of {term.words}", tuple(term))
        self.based_on.setCurrentIndex(max(self.based_on.findData(tuple(value.ground.term)), 0))
        self.for_term.setText(
            f"for {value.term.words} · {len(value.ground.now)} schools returned"
            if value.ground.now else "No return is held yet: import the schools’ returns first."
        )  # fmt: skip
        self.sent.setText(value.pack_words)
        self._show_rows()

    def keep_choice(self) -> None:
        """Keep the themes with their reasons, beside the proposal they were chosen from."""
        loaded, vault, reasons = self.loaded, self.desk.vault, dict(self.reasons)
        if loaded is None:
            return

        def work() -> None:
            choose_themes(
                vault, loaded.term, loaded.ground.term, reasons, loaded.proposed,
                loaded.weights.weights,
            )  # fmt: skip

        said = f"Kept for {loaded.term.words}, with the proposal and its weights. Now the pack."
        self.run(work, lambda _: self.show_good(said), "theme")

    def make_pack(self, passphrase: str, folder: Path) -> None:
        """Sign the focus pack and write it into a folder."""
        vault, write, term = self.desk.vault, self.desk.write_file, self._term()

        def work() -> str:
            sent = outbox.focus_pack(
                vault, term, passphrase, lambda made: write(folder / made.name, made.data)
            )
            return f"Signed: {sent.name}. Send this one file to every school and governor."

        self.run(work, self.show_good, "package", "form", "training", "compliance")

    def left(self, sentence: str) -> None:
        """Go back from what is open over the tab and say what was kept."""
        self.close_over()
        self.show_good(sentence)

    def _term(self) -> TermOf:
        if self.loaded is None:
            raise InputError("Wait a moment: the returns are still being read.")
        return self.loaded.term

    def _show_rows(self) -> None:
        if self.loaded is None:
            return
        rows = [_Row(each, self.reasons.get(each.rule.id, "")) for each in self.loaded.proposed]
        self.table.show_rows(rows)
        asks, found = budget_of(self.loaded, self.reasons)
        self.budget.setText(budget_words(asks, found) if self.reasons else "")
        has = bool(self.loaded.ground.now)
        for made in (self.choose, self.leave, self.decide, *self.papers.values()):
            made.setEnabled(has)
        self.make.setEnabled(self.loaded.choice is not None)
        self.write.setEnabled(self.loaded.choice is not None)
        self._chosen()

    def _chosen(self, *_facts: object) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.why.setText(chosen.proposed.why or "No line of evidence gives points.")
            self.reason.setText(chosen.reason)

    def _choose(self) -> None:
        chosen, reason = self.table.chosen(), self.reason.text().strip()
        if chosen is None:
            return
        if not reason:
            self.show_problem(
                f"Say why “{chosen.proposed.title}” is chosen: schools are told the reason."
            )
            self.reason.setFocus()
            return
        self.clear_message()
        self.reasons[chosen.proposed.rule.id] = reason
        self._show_rows()

    def _leave(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.reasons.pop(chosen.proposed.rule.id, None)
            self._show_rows()

    def _other_term(self, _place: int) -> None:
        self.loaded = None
        self.refresh()

    def _over(self, kind: type[PackPanel | WeightsPanel | AlertPanel]) -> None:
        if self.loaded is not None:
            self.open_over(kind(self, self.loaded))

    def _make(self) -> None:
        loaded = self.loaded
        if loaded is None:
            return
        asks, found = budget_of(loaded, self.reasons)
        what = f"{budget_words(asks, found)}\n\nYour signature covers every word of the pack."
        asked = PassphraseDialog(self, what, self.desk.vault.user.name)
        if asked.exec():
            folder = QFileDialog.getExistingDirectory(self, "Folder for the focus pack")
            if folder:
                self.make_pack(asked.passphrase.text(), Path(folder))

    def _paper(self, maker: Callable[[ThemesTab, ThemeDesk], Paper]) -> None:
        loaded = self.loaded
        if loaded is not None:
            self.run(lambda: maker(self, loaded), self.show_paper)


def _setting(tab: ThemesTab, loaded: ThemeDesk) -> Setting:
    return Setting(loaded.owner, tab.desk.vault.today())


def _proposal(tab: ThemesTab, loaded: ThemeDesk) -> Paper:
    return proposal_paper(
        _setting(tab, loaded), loaded.ground, loaded.proposed, loaded.weights, loaded.choice
    )


def _loops(tab: ThemesTab, loaded: ThemeDesk) -> Paper:
    return loop_paper(_setting(tab, loaded), loops_of(tab.desk.vault, loaded, tab.reasons))


def _budget(tab: ThemesTab, loaded: ThemeDesk) -> Paper:
    asks, found = budget_of(loaded, tab.reasons)
    return budget_paper(_setting(tab, loaded), loaded.term, asks, found)


def _silence(tab: ThemesTab, loaded: ThemeDesk) -> Paper:
    found = silence_of(tab.desk.vault, loaded)
    return silence_paper(_setting(tab, loaded), loaded.ground.term, found)


def _views(tab: ThemesTab, loaded: ThemeDesk) -> Paper:
    return three_views_paper(_setting(tab, loaded), loaded.ground.term, three_views_of(loaded))
