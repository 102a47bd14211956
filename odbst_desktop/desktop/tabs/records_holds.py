"""Legal holds over the tab of records: those in force, one placed, one lifted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.panel import Panel, form_of
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.retention.holds import Hold, HoldOn, holds, lift_hold, place_hold
from odbst_desktop.retention.kinds import kinds
from odbst_desktop.retention.review import DueRecord
from odbst_desktop.school.typed_dates import read_typed_date, show_date

_LEAD = (
    "What is held stays, whatever its age: for an inquiry, a claim, a request. A hold on somebody "
    "covers every record that has their name or surname; a nickname or initials are not found."
)
COLUMNS: tuple[Column[Hold], ...] = (
    Column("State", lambda hold: "■ In force" if hold.is_in_force else "– Lifted", 2, 12),
    Column("On", lambda hold: hold.words, 5, 40),
    Column("Why", lambda hold: hold.reason, 4, 30),
    Column("Placed", lambda hold: _by(hold.placed_by, hold.placed_at), 3, 28),
    Column("Lifted", lambda hold: _by(hold.lifted_by, hold.lifted_at), 3, 28),
)


class HoldsPanel(Panel):
    """The holds, and what a new one is on; ``due`` is the record chosen in the list, if any."""

    def __init__(
        self, tab: Tab, known: Sequence[Hold], names: Sequence[str], due: DueRecord | None
    ) -> None:
        super().__init__(tab, "Legal holds")
        self._due = due
        self.table: TableView[Hold] = TableView("Legal holds", COLUMNS)
        self.table.show_rows(known)
        self.lift = button("Lift the chosen hold")
        self.scope, self.kind, self.person = QComboBox(), QComboBox(), QComboBox()
        self.since, self.reason = QLineEdit(), QLineEdit()
        self.since.setPlaceholderText("1/9/2020")
        self.reason.setPlaceholderText("Why, without names: independent inquiry")
        self.place = button("Place the hold", is_main=True)
        for kind in kinds():
            self.kind.addItem(kind.plural, kind.id)
        self.person.setEditable(True)
        self.person.addItems(names)
        self.person.setCurrentText("")
        if due is not None:
            self.scope.addItem(f"This record: {due.words}, {show_date(due.day)}", "record")
        self.scope.addItem("Everything since a day", "since")
        self.scope.addItem("A kind of record", "kind")
        self.scope.addItem("The records of an adult", "person")
        self._lay_out()

    def _lay_out(self) -> None:
        self.column.addWidget(words(_LEAD, "quiet"))
        self.column.addWidget(self.table, 1)
        self.column.addLayout(row_of(self.lift))
        self.column.addWidget(words("Place a hold", "heading"))
        self._fields: dict[str, QWidget] = {
            "since": self.since, "kind": self.kind, "person": self.person,
        }  # fmt: skip
        self.form = form_of(
            ("&Hold", self.scope), ("&Since", self.since), ("&Kind", self.kind),
            ("&Adult", self.person), ("&Why", self.reason),
        )  # fmt: skip
        self.column.addLayout(self.form)
        self.column.addLayout(row_of(self.place))
        self.scope.currentIndexChanged.connect(self._show_field)
        self.place.clicked.connect(self._place)
        self.lift.clicked.connect(self._lift)
        self._show_field()

    def begin(self) -> None:
        """Put the cursor where the user begins."""
        (self.scope if self._due is None else self.reason).setFocus()

    def _show_field(self) -> None:
        for name, field in self._fields.items():
            self.form.setRowVisible(field, name == self.scope.currentData())

    def _place(self) -> None:
        vault, reason, scope = self.tab.desk.vault, self.reason.text(), self.scope.currentData()
        kind, person = self.kind.currentData(), self.person.currentText()
        typed, record = self.since.text(), self._due.name if self._due else ""

        def day() -> date:
            return read_typed_date(typed, vault.today())

        def work() -> None:
            on = {
                "record": lambda: HoldOn(record=record),
                "kind": lambda: HoldOn(kind=kind),
                "person": lambda: HoldOn(person=person),
                "since": lambda: HoldOn(since=day()),
            }[scope]()
            place_hold(vault, on, reason)

        self._change(work, "The hold is placed: what it covers stays until it is lifted.")

    def _lift(self) -> None:
        chosen = self.table.chosen()
        if chosen is None:
            self.tab.show_problem("Choose the hold in the table first.")
            return
        vault = self.tab.desk.vault
        self._change(lambda: lift_hold(vault, chosen.id), "The hold is lifted.")

    def _change(self, change: Callable[[], None], said: str) -> None:
        vault = self.tab.desk.vault

        def work() -> tuple[Hold, ...]:
            change()
            with vault.reading() as session:
                return holds(session)

        def done(known: tuple[Hold, ...]) -> None:
            self.table.show_rows(known)
            self.reason.clear()
            self.tab.show_good(said)

        self.tab.run(work, done, "retention")


def _by(name: str, at: str) -> str:
    return f"{name}, {show_date(date.fromisoformat(at[:10]))}" if at else ""
