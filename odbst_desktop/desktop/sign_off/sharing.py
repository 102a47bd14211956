"""What the buttons of two laptops do: send a draft to the other, compare one that came."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from odbst_desktop.desktop.sign_off.compare_page import ComparePage
from odbst_desktop.desktop.sign_off.opener import ReturnOpener
from odbst_desktop.desktop.sign_off.panel import SignOffPanel
from odbst_desktop.desktop.sign_off.writing import Writing
from odbst_desktop.desktop.tab import PassphraseDialog, Tab
from odbst_desktop.exchange.checking import MOST_BYTES
from odbst_desktop.files import read_whole
from odbst_desktop.office.return_files import draft_file
from odbst_desktop.returns.drafting import ReturnId
from odbst_desktop.returns.other_laptop import OtherDraft, compare_draft
from odbst_desktop.vault.vault import Vault


class Sharing(QObject):
    """The buttons of drafts on two laptops on one return's ``SignOffPanel``."""

    def __init__(
        self, tab: Tab, opener: ReturnOpener, panel: SignOffPanel, flush: Callable[[], None]
    ) -> None:
        super().__init__(panel)
        self._tab, self._opener, self._panel, self._flush = tab, opener, panel, flush
        self._writing = Writing(tab, self)
        panel.share.clicked.connect(self._share)
        panel.compare.clicked.connect(self._choose_draft)

    @property
    def _made(self) -> ReturnId:
        return self._panel.facts.standing.found.id

    @property
    def _vault(self) -> Vault:
        return self._tab.desk.vault

    def _share(self) -> None:
        self._flush()
        vault, made = self._vault, self._made
        to = self._panel.facts.others[max(self._panel.other.currentIndex(), 0)]
        asked = PassphraseDialog(
            self._tab, "The draft is signed, so that the reader knows whose it is.", vault.user.name
        )
        if asked.exec():
            typed = asked.passphrase.text()
            self._writing.write(lambda: (draft_file(vault, made, typed, to),), "return")

    def _choose_draft(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._tab, "The other laptop’s draft", "", "Drafts (*.odbst);;All files (*)"
        )
        if name:
            self.compare_with(Path(name))

    def compare_with(self, path: Path) -> None:
        """Set another laptop's draft beside this one."""
        self._flush()
        vault = self._vault
        self._tab.run(
            lambda: compare_draft(vault, read_whole(path, at_most_bytes=MOST_BYTES)),
            self._compared,
        )

    def _compared(self, other: OtherDraft) -> None:
        page = ComparePage(self._tab, other)
        page.left.connect(lambda: self._opener.reopen(other.made))
        self._tab.open_over(page)
        page.table.setFocus()
