"""The papers for governors of the return that is chosen: looked at from memory, saved together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.returns.drafting import Return
from odbst_desktop.returns.field_sheet import field_sheet, sheet_name
from odbst_desktop.returns.governor_papers import (
    GovernorPapers,
    governor_papers,
    hand_on_papers,
)

_KINDS = (
    ("Report to the governors", "lgb"),
    ("Headteacher’s report", "head"),
    ("The term on one page", "picture"),
)
_ABOUT = (
    "Counts from 1 to 4 are hidden in them, and whatever would give one away, here or beside an "
    "earlier paper. Look at them any time; they are saved from a return that both have signed."
)
_MOST_NAMED = 3


class PapersPanel(QWidget):
    """Looks at the papers of a return and saves them; ``chosen`` says of which."""

    def __init__(self, tab: Tab, chosen: Callable[[], Return | None]) -> None:
        super().__init__()
        self._tab, self._chosen = tab, chosen
        self.kind = QComboBox()
        self.kind.setAccessibleName("Which paper")
        for label, name in _KINDS:
            self.kind.addItem(label, name)
        self.look = button("Look at it")
        self.save = button("Save all three to a folder…")
        self.sheet = button("Fields as a spreadsheet…")
        self.sheet.setToolTip(
            "True numbers, as CSV: for the school and the trust, not for governors"
        )
        self.told = words("", "quiet")
        self.told.setAccessibleName("What was changed in the papers’ text")
        self.told.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addWidget(words("Papers for governors", "heading"))
        column.addWidget(words(_ABOUT, "quiet"))
        column.addLayout(row_of(self.kind, self.look, self.save))
        column.addLayout(row_of(self.sheet))
        column.addWidget(self.told)
        self.look.clicked.connect(self._look)
        self.save.clicked.connect(self._save)
        self.sheet.clicked.connect(self._save_sheet)

    def show_enabled(self, *, is_possible: bool) -> None:
        """Let papers be made where there is a return."""
        for each in (self.kind, self.look, self.save, self.sheet):
            each.setEnabled(is_possible)

    def save_to(self, folder: Path) -> None:
        """Save the three papers, each with its web page for a screen reader."""
        found = self._chosen()
        if found is None:
            return
        vault, write, made = self._tab.desk.vault, self._tab.desk.write_file, found.id

        def work() -> GovernorPapers:
            papers = hand_on_papers(vault, made)
            for paper in papers.papers():
                write(folder / f"{paper.name}.pdf", paper.pdf())
                write(folder / f"{paper.name}.html", paper.html())
            return papers

        self._tab.run(work, self._saved, "return")

    def save_sheet_to(self, path: Path) -> None:
        """Save the fields of the return as CSV."""
        found = self._chosen()
        if found is None:
            return
        vault, write, made = self._tab.desk.vault, self._tab.desk.write_file, found.id
        self._tab.run(
            lambda: write(path, field_sheet(vault, made)),
            lambda _: self._tab.show_good(
                f"Saved as {path.name}. It holds true numbers: keep it in the school."
            ),
        )

    def _look(self) -> None:
        found, vault = self._chosen(), self._tab.desk.vault
        if found is not None:
            self._tab.run(lambda: governor_papers(vault, found.id), self._looked)

    def _looked(self, papers: GovernorPapers) -> None:
        self._tell(papers)
        self._tab.show_paper(getattr(papers, self.kind.currentData()), is_for_looking=True)

    def _save(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder for the papers")
        if folder:
            self.save_to(Path(folder))

    def _saved(self, papers: GovernorPapers) -> None:
        self._tell(papers)
        self._tab.show_good(
            "Saved: three papers as PDF and, for a screen reader, as web pages. Read the text once "
            "before you hand them on."
        )

    def _save_sheet(self) -> None:
        found = self._chosen()
        if found is not None:
            name, _ = QFileDialog.getSaveFileName(
                self, "Fields as a spreadsheet", sheet_name(found)
            )
            if name:
                self.save_sheet_to(Path(name))

    def _tell(self, papers: GovernorPapers) -> None:
        lines = []
        if papers.changed:
            named = "; ".join(f"“{each}”" for each in papers.changed[:_MOST_NAMED])
            more = len(papers.changed) - _MOST_NAMED
            lines.append(
                f"In the text, numbers or names were changed near: {named}"
                + (f" and {more} more." if more > 0 else ".")
                + " To choose the words yourself, change the return’s text before it is signed."
            )
        if papers.exposed:
            lines.append(
                f"Papers given out earlier tell {len(papers.exposed)} of the hidden figures "
                "whatever is hidden now. Speak with the trust before handing these on."
            )
        self.told.setText(" ".join(lines))
        self.told.setVisible(bool(lines))
