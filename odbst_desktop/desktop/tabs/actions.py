"""The tab of actions: one list for the whole school, whatever they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit

from odbst_desktop.actions.filtering import ANY, ORIGINS, STATES, ActionFilter, filtered
from odbst_desktop.actions.list import Action, actions, add_action
from odbst_desktop.desktop.action_panel import ActionsPanel
from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.errors import InputError
from odbst_desktop.meetings.quick_add import Known, read_line
from odbst_desktop.school.people import people


@dataclass(frozen=True, slots=True)
class _Loaded:
    actions: tuple[Action, ...]
    names: tuple[tuple[str, str], ...]
    user: str


class ActionsTab(Tab):
    """Every action: filter, choose one or several, do something to them, add another."""

    kinds = frozenset({"action", "meeting", "visit", "person"})
    title = "Actions"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._loaded = _Loaded((), (), desk.vault.user.name)
        self.summary = words("", "quiet")
        self.words = QLineEdit()
        self.words.setPlaceholderText("Words in an action")
        self.words.setAccessibleName("Words in an action")
        self.words.setClearButtonEnabled(True)
        self.state = _box("State", {name: label for name, (label, _) in STATES.items()})
        self.owner = _box("Owner", {ANY: "Everybody"})
        self.origin = _box("Where it comes from", ORIGINS)
        self.panel = ActionsPanel(self, (), "Actions of the school")
        self.new = QLineEdit()
        self.new.setPlaceholderText("Another action: Ring the front door @ruth !friday, then Enter")
        self.new.setAccessibleName("Another action")
        self.add = button("Add")
        filters = QGridLayout()
        filters.setHorizontalSpacing(2 * STEP)
        for place, field in enumerate((self.words, self.state, self.owner, self.origin)):
            filters.addWidget(field, 0, place)
            filters.setColumnStretch(place, 2 if field is self.words else 1)
        self.column.addWidget(words("Actions", "title"))
        self.column.addWidget(self.summary)
        self.column.addLayout(filters)
        self.column.addWidget(self.panel, 1)
        adding = row_of(self.add)
        adding.insertWidget(0, self.new, 1)
        self.column.addLayout(adding)
        self.words.textChanged.connect(self._filter)
        for box in (self.state, self.owner, self.origin):
            box.currentIndexChanged.connect(self._filter)
        self.add.clicked.connect(self._add)
        self.new.returnPressed.connect(self._add)

    def load(self) -> _Loaded:
        """Read every action."""
        vault = self.desk.vault
        with vault.reading() as session:
            here = people(session, vault.today())
            names = tuple((person.id, person.name) for person in here)
            return _Loaded(actions(session), names, vault.user.name)

    def show_loaded(self, value: _Loaded) -> None:
        """Show the actions that the filter lets through."""
        self._loaded = value
        owners = sorted({action.owner for action in value.actions})
        mine = [value.user] if value.user in owners else []
        shown = self.owner.currentData()
        self.owner.blockSignals(True)
        self.owner.clear()
        self.owner.addItem("Everybody", ANY)
        for owner in mine + [name for name in owners if name not in mine]:
            self.owner.addItem(f"{owner} (you)" if owner in mine else owner, owner)
        self.owner.setCurrentIndex(max(self.owner.findData(shown), 0))
        self.owner.blockSignals(False)
        self._filter()

    def _filter(self) -> None:
        today = self.desk.vault.today()
        wanted = ActionFilter(
            self.words.text(), self.state.currentData(), self.owner.currentData() or ANY,
            self.origin.currentData(),
        )  # fmt: skip
        listed = filtered(self._loaded.actions, wanted, today)
        self.panel.show_actions(listed)
        self.summary.setText(_summary(self._loaded.actions, len(listed), today))

    def _add(self) -> None:
        vault, today = self.desk.vault, self.desk.vault.today()
        line = read_line(self.new.text(), Known(people=self._loaded.names), today)
        names = dict(self._loaded.names)

        def add() -> str:
            if line.faults:
                raise InputError(" ".join(line.faults))
            if not line.owner or line.due is None:
                raise InputError("Say who does it with @ and until when with !, as @ruth !friday.")
            with vault.changing("action added", "action/new") as session:
                add_action(
                    session, line.words, names[line.owner], line.due, origin=f"review/{today}",
                    opened_on=today,
                )  # fmt: skip
            return line.words

        self.run(add, self._added, "action")

    def _added(self, title: str) -> None:
        self.new.clear()
        self.show_good(f"“{title[:60]}” is on the list.")


def _box(name: str, entries: dict[str, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for data, label in entries.items():
        box.addItem(label, data)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(10)
    return box


def _summary(known: tuple[Action, ...], shown: int, today: date) -> str:
    waiting = [action for action in known if action.state == "open"]
    overdue = sum(action.is_overdue_on(today) for action in waiting)
    pressing = sum(action.is_pressing_on(today) for action in waiting)
    checks = sum(action.is_to_check_on(today) for action in known)
    return (
        f"{len(waiting)} open, {overdue} overdue, {pressing} pressing (overdue for more than two "
        f"weeks, or carried three times); {checks} with an effect to look at. Shown: {shown}."
    )
