"""Two drafts side by side: mine, theirs, and what was taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button, one_line, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.returns.other_laptop import Difference, OtherDraft, keep_mine, take_fields
from odbst_desktop.vault.vault import Vault

Writing = Callable[[Vault, OtherDraft, Iterable[str]], int]


class ComparePage(QWidget):
    """Nothing changes until a row is taken; what was taken can be given back."""

    left = Signal()

    def __init__(self, tab: Tab, other: OtherDraft) -> None:
        super().__init__()
        self._tab, self._other = tab, other
        self.taken: set[str] = set()
        columns: tuple[Column[Difference], ...] = (
            Column("Question", lambda d: d.label, 4, 24),
            Column("Mine", lambda d: d.mine, 3, 14),
            Column(f"{other.person}’s", lambda d: d.theirs, 3, 14),
            Column("Taken", self._state, 2, 12),
        )
        self.table: TableView[Difference] = TableView("Two drafts compared", columns)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.back = button("← Back")
        self.take, self.all = button("Take the chosen", is_main=True), button("Take all")
        self.undo = button("Keep mine")
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(3 * STEP)
        made_at = other.made_at.replace("T", " at ").removesuffix("Z")
        column.addLayout(row_of(self.back, one_line(f"Two drafts: {other.title}")))
        column.addWidget(
            words(
                f"{other.person}’s draft was sent on {made_at} UTC. {len(other.differences)} "
                "answers and explanations differ. Yours stays as it is until you take a row.",
                "quiet",
            )
        )  # fmt: skip
        column.addLayout(row_of(self.take, self.all, self.undo))
        column.addWidget(self.table, 1)
        self.back.clicked.connect(self.left)
        self.take.clicked.connect(lambda: self._write(take_fields, self._chosen()))
        self.all.clicked.connect(lambda: self._write(take_fields, self._every()))
        self.undo.clicked.connect(lambda: self._write(keep_mine, self._chosen() & self.taken))
        self.table.activated.connect(lambda _: self._write(take_fields, self._chosen()))
        self._show()

    def _state(self, difference: Difference) -> str:
        return "✓ Taken" if difference.field in self.taken else "○ Mine stays"

    def _chosen(self) -> set[str]:
        return {each.field for each in self.table.all_chosen()}

    def _every(self) -> set[str]:
        return {each.field for each in self._other.differences}

    def _write(self, writing: Writing, fields: set[str]) -> None:
        vault, other = self._tab.desk.vault, self._other
        self._pending = (writing is take_fields, fields)
        self._tab.run(lambda: writing(vault, other, fields), self._written, "return")

    def _written(self, count: int) -> None:
        is_taken, fields = self._pending
        self.taken = self.taken | fields if is_taken else self.taken - fields
        self._show()
        fields_words = "1 field" if count == 1 else f"{count} fields"
        what = f"taken from {self._other.person}’s draft" if is_taken else "as it was here before"
        self._tab.show_good(f"{fields_words} {what}.")

    def _show(self) -> None:
        self.table.show_rows(self._other.differences)
