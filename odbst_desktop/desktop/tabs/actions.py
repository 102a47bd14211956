"""Open actions with what can be done to them: done, carry, drop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from sqlmodel import Session

from odbst_desktop.actions.list import (
    Action,
    ActionId,
    carry_action,
    close_action,
    drop_action,
    open_actions,
)
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.school.typed_dates import read_typed_date, show_date

_LATER = timedelta(days=7)


class ActionsPanel(QWidget):
    """The actions brought forward; one is chosen, then closed, carried or dropped."""

    def __init__(self, tab: Tab, listed: tuple[Action, ...]) -> None:
        super().__init__()
        self._tab = tab
        today = self._today = tab.desk.vault.today()
        columns: tuple[Column[Action], ...] = (
            Column("Action", lambda a: a.title, 6),
            Column("Owner", lambda a: a.owner, 2),
            Column("Due", lambda a: show_date(a.due), 2),
            Column("State", lambda a: "✗ Overdue" if a.is_overdue_on(today) else "○ Open", 2),
            Column(
                "Carried", lambda a: f"{a.times_carried} times, {a.days_open_on(today)} days", 2
            ),
        )
        self.table: TableView[Action] = TableView("Actions brought forward", columns)
        self.typed = QLineEdit()
        self.typed.setPlaceholderText("What came of it, why it is dropped, or the new day")
        self.typed.setAccessibleName("Outcome, reason or new day")
        self.done, self.carry = button("Done"), button("Carry to that day")
        self.drop = button("Drop")
        column = QVBoxLayout(self)
        column.addWidget(words("Actions brought forward", "heading"))
        column.addWidget(self.table, 1)
        under = QHBoxLayout()
        under.addWidget(self.typed, 1)
        under.addLayout(row_of(self.done, self.carry, self.drop))
        column.addLayout(under)
        self.table.show_rows(listed)
        self.done.clicked.connect(self._done)
        self.carry.clicked.connect(self._carry)
        self.drop.clicked.connect(self._drop)

    def _done(self) -> None:
        outcome, today = self.typed.text(), self._today
        self._change("action done", lambda s, a: close_action(s, a.id, today, outcome))

    def _drop(self) -> None:
        reason, today = self.typed.text(), self._today
        self._change("action dropped", lambda s, a: drop_action(s, a.id, today, reason))

    def _carry(self) -> None:
        typed, today = self.typed.text().strip(), self._today

        def carry(session: Session, action: Action) -> None:
            later = max(action.due, today) + _LATER
            carry_action(session, action.id, read_typed_date(typed, today) if typed else later)

        self._change("action carried", carry)

    def _change(self, what: str, work: Callable[[Session, Action], None]) -> None:
        chosen = self.table.chosen()
        if chosen is None:
            self._tab.show_problem("Choose an action in the table first.")
            return
        vault = self._tab.desk.vault

        def change() -> tuple[Action, ...]:
            action: ActionId = chosen.id
            with vault.changing(what, f"action/{action}") as session:
                work(session, chosen)
            left = {known.id for known in self.table.table.rows}
            with vault.reading() as session:
                return tuple(a for a in open_actions(session) if a.id in left)

        self._tab.run(change, self._changed, "action")

    def _changed(self, listed: tuple[Action, ...]) -> None:
        self.typed.clear()
        self.table.show_rows(listed)
