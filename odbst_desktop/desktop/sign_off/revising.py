"""What the buttons of revisions do: begin the next one, show what it changes, give it up."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from odbst_desktop.desktop.sign_off.changes_page import ChangesPage
from odbst_desktop.desktop.sign_off.opener import ReturnOpener, open_page
from odbst_desktop.desktop.sign_off.panel import SignOffPanel
from odbst_desktop.desktop.sign_off.reason_page import ReasonPage
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.returns.drafting import Return, ReturnId, read_return
from odbst_desktop.returns.revisions import Change, amend_return, changes_of, discard_revision
from odbst_desktop.vault.vault import Vault


class Revising(QObject):
    """The buttons of later revisions on one return's ``SignOffPanel``."""

    def __init__(
        self, tab: Tab, opener: ReturnOpener, panel: SignOffPanel, flush: Callable[[], None]
    ) -> None:
        super().__init__(panel)
        self._tab, self._opener, self._panel, self._flush = tab, opener, panel, flush
        panel.amend.clicked.connect(self._ask_reason)
        panel.changes.clicked.connect(self._show_changes)
        panel.give_up.clicked.connect(self._give_up)

    @property
    def _made(self) -> ReturnId:
        return self._panel.facts.standing.found.id

    @property
    def _vault(self) -> Vault:
        return self._tab.desk.vault

    def _ask_reason(self) -> None:
        found = self._panel.facts.standing.found
        asked = tuple(f"? {text}" for _, text in self._panel.facts.queries)
        page = ReasonPage(found, asked)
        page.reasoned.connect(self._amend)
        open_page(self._tab, page)
        page.reason.setFocus()

    def _amend(self, reason: str) -> None:
        vault, made = self._vault, self._made
        self._tab.run(lambda: amend_return(vault, made, reason), self._amended, "return")

    def _amended(self, made: ReturnId) -> None:
        if self._panel.facts.queries:
            self._opener.open_at(made, self._panel.facts.queries[0][0])
        else:
            self._opener.reopen(made)
        self._tab.show_good("A new revision is begun, with the same answers. Change what is wrong.")

    def _give_up(self) -> None:
        vault, made = self._vault, self._made
        self._tab.run(lambda: discard_revision(vault, made), self._given_up, "return")

    def _given_up(self, _value: object) -> None:
        self._tab.close_over()
        self._tab.show_good("The revision is given up; the one before it stands.")

    def _show_changes(self) -> None:
        self._flush()
        vault, made = self._vault, self._made

        def work() -> tuple[Return, tuple[Change, ...]]:
            found = read_return(vault, made)
            with vault.reading() as session:
                return found, changes_of(session, found)

        self._tab.run(work, self._changes_found)

    def _changes_found(self, value: tuple[Return, tuple[Change, ...]]) -> None:
        found, changes = value
        page = ChangesPage(found, changes)
        page.wanted.connect(lambda field: self._opener.open_at(found.id, field))
        open_page(self._tab, page)
