"""One entry of the register after the other: what was said last, and a key for each answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.compliance.answers import (
    Said,
    raise_action,
    say,
    say_still_so,
    still_so,
    take_back,
)
from odbst_desktop.compliance.drafts import give_up_draft, keep_draft
from odbst_desktop.compliance.register import Standing, State
from odbst_desktop.desktop.fields import DateField
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.tab import Tab, button, one_line, row_of
from odbst_desktop.desktop.tabs.compliance_change import ChangePanel
from odbst_desktop.desktop.tabs.compliance_entry import OpenedItem, item_view, read_item
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.errors import InputError
from odbst_desktop.vault.vault import Vault

_KINDS = ("compliance", "action")


class CheckPage(QWidget):
    """Walks through entries; an answer leads to the next one.

    ``finished`` says in a sentence what was kept and what is left for later, or says nothing.
    """

    finished = Signal(str)

    def __init__(self, tab: Tab, queue: tuple[str, ...]) -> None:
        super().__init__()
        self.tab, self.queue, self.place = tab, queue, 0
        self.opened: OpenedItem | None = None
        self.change: ChangePanel | None = None
        self._answered: list[tuple[int, str]] = []
        self.back = button("← Register")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Answered this term")
        self.bar.setTextVisible(False)
        self.bar.setMaximumWidth(30 * self.fontMetrics().averageCharWidth())
        self.count = one_line("")
        self.day = DateField(tab.desk.vault.today())
        self.day.set_name("Checked on")
        self.day.set_value(tab.desk.vault.today().isoformat())
        self.still, self.changed = button("Still so (S)"), button("Changed (C)")
        self.missing, self.nil = button("Not in place (N)"), button("Nothing to show (X)")
        self.later, self.before = button("Later (L)"), button("Back (B)")
        self.undo = button("Take back the last answer (Ctrl+Z)")
        self._ground = QWidget()
        self._body = QVBoxLayout(self._ground)
        self._body.setContentsMargins(0, 2 * STEP, 2 * STEP, 4 * STEP)
        self._shown: QWidget | None = None
        self._lay_out()
        self._connect()

    def start(self) -> None:
        """Show the first entry."""
        self._show_place()

    def flush(self) -> None:
        """Keep what is half typed."""
        if self.change is not None:
            self.change.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer by one key; a field that takes letters has taken them before."""
        with_control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        keys = self._control_keys() if with_control else self._keys()
        press = keys.get(Qt.Key(event.key()))
        if press is None or not press.isVisible() or not press.isEnabled():
            super().keyPressEvent(event)
            return
        press.click()

    def _keys(self) -> dict[Qt.Key, QPushButton]:
        keys = {
            Qt.Key.Key_S: self.still, Qt.Key.Key_C: self.changed, Qt.Key.Key_N: self.missing,
            Qt.Key.Key_X: self.nil, Qt.Key.Key_L: self.later, Qt.Key.Key_B: self.before,
        }  # fmt: skip
        return keys | ({Qt.Key.Key_Escape: self.change.leave} if self.change else {})

    def _control_keys(self) -> dict[Qt.Key, QPushButton]:
        keys = {Qt.Key.Key_Z: self.undo}
        if self.change is not None:
            keys |= {Qt.Key.Key_Return: self.change.keep, Qt.Key.Key_Enter: self.change.keep}
        return keys

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        column.setSpacing(2 * STEP)
        column.addLayout(row_of(self.back, self.count, self.bar))
        column.addWidget(scrolled(self._ground), 1)
        day = QHBoxLayout()
        label = one_line("Checked on")
        label.setProperty("kind", "")
        day.addWidget(label)
        day.addWidget(self.day)
        day.addStretch(1)
        self._answers, answers = QWidget(), QVBoxLayout()
        answers.setContentsMargins(0, 0, 0, 0)
        answers.addLayout(day)
        answers.addLayout(row_of(self.still, self.changed, self.missing, self.nil))
        answers.addLayout(row_of(self.later, self.before, self.undo))
        self._answers.setLayout(answers)
        column.addWidget(self._answers)
        self._answers.hide()

    def _connect(self) -> None:
        self.still.clicked.connect(self._say_still)
        self.changed.clicked.connect(lambda: self._open_change(State.IN_PLACE))
        self.missing.clicked.connect(lambda: self._open_change(State.MISSING))
        self.nil.clicked.connect(self._say_nil)
        self.later.clicked.connect(lambda: self._go(self.place + 1))
        self.before.clicked.connect(lambda: self._go(self.place - 1))
        self.undo.clicked.connect(self._take_back)
        self.back.clicked.connect(lambda: self._finish(""))

    def _say_still(self) -> None:
        """Confirm the last answer; what has to be done again is asked when it was."""
        if self.opened is None:
            return
        try:
            still_so(self.opened.now, self._on())
        except InputError as fault:
            if not self.day.fault():
                self._open_change(State.IN_PLACE)
            self.tab.show_problem(fault.sentence)
            return
        self._answer(say_still_so)

    def _say_nil(self) -> None:
        self._answer(lambda vault, name, on: say(vault, name, Said(State.NIL, on)))

    def _say_change(self) -> None:
        if self.change is None:
            return
        try:
            said = self.change.said(self._on())
        except InputError as fault:
            self.tab.show_problem(fault.sentence)
            return
        # Kept now, so that nothing half typed is kept after it was said.
        self.change.flush()
        as_action = self.change.as_action.isVisible() and self.change.as_action.isChecked()

        def work(vault: Vault, name: str, _on: date) -> Standing:
            now = say(vault, name, said)
            if as_action and not now.state.is_well:
                raise_action(vault, name)
            return now

        self._answer(work)

    def _answer(self, work: Callable[[Vault, str, date], Standing]) -> None:
        """Keep an answer off the window's thread, then show the next entry."""
        vault, name = self.tab.desk.vault, self.queue[self.place]
        following = self.queue[self.place + 1 : self.place + 2]
        try:
            on = self._on()
        except InputError as fault:
            self.tab.show_problem(fault.sentence)
            return

        def run() -> tuple[Standing, OpenedItem | None]:
            now = work(vault, name, on)
            return now, read_item(vault, following[0]) if following else None

        self.tab.run(run, self._kept, *_KINDS)

    def _kept(self, kept: tuple[Standing, OpenedItem | None]) -> None:
        now, opened = kept
        self.change = None
        self._answered.append((self.place, now.item.id))
        self.place += 1
        sentence = f"Kept: {now.item.label}: {now.state.value.lower()}."
        if opened is None:
            self._finish(sentence)
            return
        self._show(opened)
        self.tab.show_good(sentence)

    def _finish(self, sentence: str) -> None:
        left = len(self.queue) - len({name for _, name in self._answered})
        said = [sentence] if sentence else []
        if left and (sentence or self._answered):
            said.append(f"{left} are left: they stand in the table until they are answered.")
        self.finished.emit(" ".join(said))

    def _take_back(self) -> None:
        vault, here = self.tab.desk.vault, (self.place, self.queue[self.place])
        # The answer given last here, or else the last one to the entry that is shown.
        place, name = self._answered.pop() if self._answered else here

        def work() -> OpenedItem:
            take_back(vault, name)
            return read_item(vault, name)

        self.place = place
        self.tab.run(work, self._show, *_KINDS)

    def _go(self, place: int) -> None:
        if place >= len(self.queue):
            self._finish("")
            return
        self.place = max(place, 0)
        self._show_place()

    def _show_place(self) -> None:
        vault, name = self.tab.desk.vault, self.queue[self.place]
        self.tab.run(lambda: read_item(vault, name), self._show)

    def _on(self) -> date:
        if self.day.fault() or not self.day.value():
            raise InputError(self.day.fault() or "Type the day on which you looked at it.")
        return date.fromisoformat(self.day.value())

    def _show(self, opened: OpenedItem) -> None:
        self.opened, self.change = opened, None
        done = opened.progress
        self.count.setText(f"{done.words} this term")
        self.bar.setRange(0, max(done.asked, 1))
        self.bar.setValue(done.done)
        self._replace(item_view(opened, f"{self.place + 1} of {len(self.queue)} here"))
        has_said = opened.now.answer is not None
        self._answers.show()
        self.still.setEnabled(has_said)
        self.nil.setVisible(bool(opened.now.item.nil))
        self.nil.setToolTip(opened.now.item.nil)
        self.before.setEnabled(self.place > 0)
        self.undo.setVisible(bool(self._answered) or has_said)
        if opened.draft:
            self._open_change(State.IN_PLACE)
        else:
            (self.still if has_said else self.changed).setFocus()

    def _open_change(self, state: State) -> None:
        if self.opened is None:
            return
        panel = ChangePanel(self.opened.now, self.tab.desk.vault.today(), self.opened.names)
        if self.opened.draft:
            panel.take_up(self.opened.draft)
        else:
            panel.choose(state)
        panel.settled.connect(self._keep_draft)
        panel.kept.connect(self._say_change)
        panel.left.connect(self._leave_change)
        both, column = QWidget(), QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(words(self.opened.now.item.label, "heading"))
        column.addWidget(panel)
        column.addStretch(1)
        both.setLayout(column)
        self._replace(both)
        self.change = panel
        self._answers.hide()
        panel.set_first_focus()

    def _keep_draft(self, typed: dict[str, Any]) -> None:
        vault, name = self.tab.desk.vault, self.queue[self.place]
        self.tab.run(lambda: keep_draft(vault, name, typed), self._draft_kept)

    def _draft_kept(self, _value: object) -> None:
        if self.change is not None:
            moment = self.tab.desk.vault.clock().astimezone()
            self.change.saved.setText(f"✓ Half typed, kept at {moment:%H:%M:%S}")

    def _leave_change(self) -> None:
        """Give up what was half typed."""
        vault, name = self.tab.desk.vault, self.queue[self.place]

        def work() -> OpenedItem:
            give_up_draft(vault, name)
            return read_item(vault, name)

        self.tab.run(work, self._show)

    def _replace(self, widget: QWidget) -> None:
        if self._shown is not None:
            self._body.removeWidget(self._shown)
            self._shown.hide()
            self._shown.deleteLater()
        self._shown = widget
        self._body.addWidget(widget)
