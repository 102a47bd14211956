"""Takes roll, attendance and suspension figures into a return from a Bromcom sheet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from odbst_desktop.desktop.tab import Tab, button
from odbst_desktop.files import read_whole
from odbst_desktop.returns.bromcom import PUPILS, SheetFigures, count_pupils, take_figures
from odbst_desktop.returns.drafting import ReturnId
from odbst_desktop.spreadsheets.mapping import propose_mapping
from odbst_desktop.spreadsheets.table import read_table
from odbst_desktop.spreadsheets.targets import target

_FILES = "Exports (*.csv *.xlsx *.xls *.ods *.txt)"


class SheetTaker(QObject):
    """A button that asks for a sheet, counts its pupils and puts the figures into the draft.

    ``reopen`` shows the return anew with a sentence that says what became of the rows.
    """

    def __init__(
        self,
        tab: Tab,
        made: ReturnId,
        flush: Callable[[], None],
        reopen: Callable[[ReturnId, str], None],
    ) -> None:
        super().__init__(tab)
        self._tab, self._made, self._flush, self._reopen = tab, made, flush, reopen
        self.choose = button("From a Bromcom sheet…")
        self.choose.setToolTip(
            "One row for each pupil, with possible and attended sessions. The sheet is read in "
            "memory; only counts are kept."
        )
        self.choose.clicked.connect(self._choose)

    def read(self, path: Path) -> None:
        """Count a sheet; it stays in memory, and its rows are forgotten."""
        self._flush()
        vault, made = self._tab.desk.vault, self._made

        def work() -> tuple[SheetFigures, int]:
            table = read_table(read_whole(path), path.name)
            counted = count_pupils(table, propose_mapping(table, target(PUPILS)), path.name)
            return counted, take_figures(vault, made, counted)

        self._tab.run(work, self._taken, "return")

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._tab, "Sheet of pupils", "", _FILES)
        if path:
            self.read(Path(path))

    def _taken(self, value: tuple[SheetFigures, int]) -> None:
        counted, changed = value
        self._reopen(
            self._made,
            f"{counted.account()} {changed} answers changed; what the sheet does not hold stays.",
        )
