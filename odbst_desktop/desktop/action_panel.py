"""Actions in a table with what can be done to those chosen: done, carry, drop and more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from sqlmodel import Session

from odbst_desktop.actions.list import (
    Action,
    actions,
    carry_action,
    close_action,
    drop_action,
    note_effect,
    note_evidence,
    plan_check,
    reassign_action,
)
from odbst_desktop.desktop.flowing import Flowing
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button
from odbst_desktop.errors import InputError
from odbst_desktop.meetings.type_ahead import meant
from odbst_desktop.school.people import people
from odbst_desktop.school.typed_dates import read_typed_date, show_date

_LATER = timedelta(days=7)
Change = Callable[[Session, Action, str, date], None]


def _done(session: Session, action: Action, typed: str, today: date) -> None:
    close_action(session, action.id, today, typed)


def _drop(session: Session, action: Action, typed: str, today: date) -> None:
    drop_action(session, action.id, today, typed)


def _carry(session: Session, action: Action, typed: str, today: date) -> None:
    later = max(action.due, today) + _LATER
    carry_action(session, action.id, read_typed_date(typed, today) if typed else later)


def _reassign(session: Session, action: Action, typed: str, today: date) -> None:
    """Give it to the one person whose name the letters begin; else to whom is typed, in full."""
    found = meant(typed, [(person.name, person.name) for person in people(session, today)])
    if len(found) > 1:
        named = ", ".join(name for name, _ in found[:4])
        raise InputError(f"“{typed}” may be {named}. Type more of the name.")
    reassign_action(session, action.id, found[0][1] if found else typed)


def _evidence(session: Session, action: Action, typed: str, _today: date) -> None:
    note_evidence(session, action.id, typed)


def _plan_check(session: Session, action: Action, typed: str, today: date) -> None:
    plan_check(session, action.id, read_typed_date(typed, today))


def _effect(session: Session, action: Action, typed: str, today: date) -> None:
    note_effect(session, action.id, today, typed)


@dataclass(frozen=True, slots=True)
class Deed:
    """What can be done to the chosen actions; the typed line says how, for whom or why."""

    label: str
    said: str
    change: Change


DEEDS = (
    Deed("&Done", "done", _done),
    Deed("&Carry to that day", "carried", _carry),
    Deed("Dr&op", "dropped", _drop),
    Deed("&Give to that person", "given to somebody else", _reassign),
    Deed("Note as &evidence", "given their evidence", _evidence),
    Deed("&Look at the effect on that day", "to be looked at again", _plan_check),
    Deed("Note the e&ffect", "looked at", _effect),
)
_AS_BUTTONS = 3
_HINT = "What came of it, why it is dropped, the new day, or who takes it over"


class ActionsPanel(QWidget):
    """Actions; one or several are chosen, and the line says what is done to them."""

    def __init__(self, tab: Tab, listed: Sequence[Action], title: str) -> None:
        super().__init__()
        self._tab = tab
        self._today = tab.desk.vault.today()
        self.table: TableView[Action] = TableView(title, _columns(self._today))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.typed = QLineEdit()
        self.typed.setPlaceholderText(_HINT)
        self.typed.setAccessibleName("Outcome, reason, new day or person")
        self.detail = words("", "quiet")
        self.detail.setAccessibleName("The chosen action")
        self.buttons = {deed.said: button(deed.label) for deed in DEEDS[:_AS_BUTTONS]}
        self.more = QPushButton("&More")
        menu = QMenu(self.more)
        for deed in DEEDS[_AS_BUTTONS:]:
            menu.addAction(deed.label, partial(self.do, deed))
        self.more.setMenu(menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(words(title, "heading"))
        column.addWidget(self.table, 1)
        column.addWidget(self.detail)
        column.addWidget(self.typed)
        column.addWidget(Flowing(*self.buttons.values(), self.more))
        for deed in DEEDS[:_AS_BUTTONS]:
            self.buttons[deed.said].clicked.connect(partial(self._press, deed))
        self.table.selectionModel().selectionChanged.connect(self._show_detail)
        self.show_actions(listed)

    def show_actions(self, listed: Sequence[Action]) -> None:
        """Show other actions."""
        self.table.show_rows(listed)
        self._show_detail()

    def do(self, deed: Deed) -> None:
        """Do something to every chosen action, or to none if one of them refuses."""
        chosen = self.table.all_chosen()
        if not chosen:
            self._tab.show_problem("Choose an action in the table first.")
            return
        vault, typed, today = self._tab.desk.vault, self.typed.text().strip(), self._today
        record = f"action/{chosen[0].id}" if len(chosen) == 1 else f"actions/{len(chosen)}"
        shown = {known.id for known in self.table.table.rows}

        def change() -> tuple[str, tuple[Action, ...]]:
            with vault.changing(f"action {deed.said}", record) as session:
                for action in chosen:
                    deed.change(session, action, typed, today)
            count = "1 action is" if len(chosen) == 1 else f"{len(chosen)} actions are"
            with vault.reading() as session:
                left = tuple(a for a in actions(session) if a.id in shown)
            return f"{count} {deed.said}.", left

        self._tab.run(change, self._changed, "action")

    def _press(self, deed: Deed, _is_on: object = False) -> None:  # noqa: FBT002 - Qt's signal
        self.do(deed)

    def _changed(self, value: tuple[str, tuple[Action, ...]]) -> None:
        sentence, listed = value
        self.typed.clear()
        waiting = [a for a in listed if a.state == "open" or a.is_to_check_on(self._today)]
        self.show_actions(waiting)
        self._tab.show_good(sentence)

    def _show_detail(self) -> None:
        chosen = self.table.all_chosen()
        if len(chosen) != 1:
            self.detail.setText(f"{len(chosen)} chosen." if chosen else "")
            return
        action = chosen[0]
        parts = [
            f"How we shall know: {action.measure}" if action.measure else "",
            f"Evidence: {action.evidence}" if action.evidence else "",
            f"Look at its effect on {show_date(action.check_on)}" if action.check_on else "",
            f"Effect: {action.effect}" if action.effect else "",
            f"What came of it: {action.outcome}" if action.outcome else "",
        ]
        self.detail.setText(". ".join(part for part in parts if part))


def _columns(today: date) -> tuple[Column[Action], ...]:
    return (
        Column("Action", lambda a: a.title, 7, 24),
        Column("Owner", lambda a: a.owner, 2),
        Column("Due", lambda a: show_date(a.due), 2),
        Column("State", lambda a: a.state_words_on(today), 2, 12),
        Column("Since", lambda a: a.carried_words_on(today), 3, 18),
        Column("From", lambda a: a.origin_words, 2, 10),
    )
