"""The history: who changed which kind of record when, found by person, kind and date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QLineEdit

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, row_of
from odbst_desktop.desktop.tabs.vault_panel import Panel
from odbst_desktop.errors import InputError
from odbst_desktop.school.typed_dates import read_typed_date
from odbst_desktop.vault.audit import AuditEntry
from odbst_desktop.vault.vault import User

EVERYBODY, EVERYTHING = "Everybody", "Every kind"


@dataclass(frozen=True, slots=True)
class _Row:
    entry: AuditEntry
    who: str


_COLUMNS: tuple[Column[_Row], ...] = (
    Column("Number", lambda r: str(r.entry.sequence), 1),
    Column("When (UTC)", lambda r: r.entry.at.replace("T", " ").removesuffix("Z"), 2),
    Column("Who", lambda r: r.who, 2),
    Column("What", lambda r: r.entry.what, 3),
    Column("Record", lambda r: r.entry.record.partition("/")[0], 2),
)


class HistoryPanel(Panel):
    """Every change, newest first; it holds no contents."""

    def __init__(self, tab: Tab) -> None:
        super().__init__(tab)
        self._rows: tuple[_Row, ...] = ()
        self.who, self.kind = QComboBox(), QComboBox()
        self.since, self.until, self.what = QLineEdit(), QLineEdit(), QLineEdit()
        for field in (self.since, self.until):
            field.setPlaceholderText("24/11 or yesterday")
        self.entries: TableView[_Row] = TableView("History", _COLUMNS)
        self.found = words("", "quiet")
        self.found.setAccessibleName("Found")
        self.add_heading(
            "History",
            "Each change is bound to the one before it. Comparing it with the trust’s copy of a "
            "return shows that the history before that return is unchanged.",
        )
        self.add_fields(("&Person", self.who), ("&Kind of record", self.kind))
        self.add_fields(("&From", self.since), ("&To", self.until), ("&What holds", self.what))
        self.column.addLayout(row_of(self.found))
        self.column.addWidget(self.entries, 1)
        for box in (self.who, self.kind):
            box.currentIndexChanged.connect(self._filter)
        for line in (self.since, self.until, self.what):
            line.textEdited.connect(self._filter)

    def show_entries(self, entries: Sequence[AuditEntry], users: Sequence[User]) -> None:
        """Show the history, newest first; what was chosen to filter by is kept."""
        names = {str(user.id): user.name for user in users}
        self._rows = tuple(_Row(e, names.get(e.user, e.user)) for e in reversed(entries))
        kinds = sorted({row.entry.record.partition("/")[0] for row in self._rows})
        _offer(self.who, [EVERYBODY, *sorted({row.who for row in self._rows})])
        _offer(self.kind, [EVERYTHING, *kinds])
        self._filter()

    def _filter(self, _value: object = None) -> None:
        found, faults = self._rows, []
        if self.who.currentIndex() > 0:
            found = tuple(r for r in found if r.who == self.who.currentText())
        if self.kind.currentIndex() > 0:
            kind = self.kind.currentText()
            found = tuple(r for r in found if r.entry.record.partition("/")[0] == kind)
        part = self.what.text().strip().casefold()
        if part:
            found = tuple(r for r in found if part in r.entry.what.casefold())
        for field, is_first in ((self.since, True), (self.until, False)):
            day, fault = self._day(field.text())
            faults.append(fault)
            if day:
                found = tuple(
                    r for r in found
                    if (r.entry.at[:10] >= day if is_first else r.entry.at[:10] <= day)
                )  # fmt: skip
        self.entries.show_rows(found)
        fault = next((words for words in faults if words), "")
        self.found.setText(fault or f"{len(found)} of {len(self._rows)} changes")

    def _day(self, typed: str) -> tuple[str, str]:
        if not typed.strip():
            return "", ""
        try:
            return read_typed_date(typed, self.tab.desk.vault.today()).isoformat(), ""
        except InputError as fault:
            return "", fault.sentence


def _offer(box: QComboBox, choices: Sequence[str]) -> None:
    chosen = box.currentText()
    box.blockSignals(True)
    box.clear()
    box.addItems(list(choices))
    box.setCurrentIndex(max(box.findText(chosen), 0))
    box.blockSignals(False)
