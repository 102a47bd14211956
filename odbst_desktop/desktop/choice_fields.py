"""Choices answered by one key, orders put by key, scales: the fields of checklists."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSlider,
    QVBoxLayout,
)

from odbst_desktop.desktop.fields import Field, LikertField
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.answer_types import range_of
from odbst_desktop.form_engine.definition import Question

ANSWER_KEYS = {
    "yes": "Y", "partly": "P", "partial": "P", "no": "N", "not_seen": "S", "not_applicable": "A",
    "na": "A",
}  # fmt: skip
"""The key of each answer that checklists share, by the choice's name."""

_NAME = Qt.ItemDataRole.UserRole


def keys_of(question: Question) -> dict[str, str]:
    """Return the key of each choice, if every choice has one of its own; else nothing."""
    keys = {choice.name: ANSWER_KEYS.get(choice.name, "") for choice in question.choices}
    are_whole = len(keys) > 1 and all(keys.values()) and len(set(keys.values())) == len(keys)
    return keys if are_whole and question.type == "select_one" else {}


class KeyedField(LikertField):
    """Yes, partly, no, not seen, not applicable: answered by one key, which goes on at once."""

    went_on = Signal()

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        # The keys stand in the order of the choices.
        self._places = {key: place for place, key in enumerate(keys_of(question).values())}
        for key, place in self._places.items():
            made = self.group.button(place)
            made.setToolTip(f"Key {key}")
            made.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the key of an answer wherever in the question the focus is."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = event.modifiers() in {
                Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier,
            }  # fmt: skip
            place = self._places.get(event.text().upper()) if plain else None
            if place is not None and self.group.button(place).isEnabled():
                self.group.button(place).setChecked(True)
                self.went_on.emit()
                return True
            if event.key() in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}:
                self.clear()
                return True
        return super().eventFilter(watched, event)

    def clear(self) -> None:
        """Take the answer back."""
        self.group.setExclusive(False)
        for made in self.group.buttons():
            made.setChecked(False)
        self.group.setExclusive(True)
        self.edited.emit()


class RankField(Field):
    """A list to put in order: Alt+Up and Alt+Down, the mouse, or the two buttons."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._question, self._is_answered = question, False
        self.list = QListWidget()
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setToolTip("Alt+Up and Alt+Down move the chosen line")
        self.up, self.down, self.take = QPushButton("↑"), QPushButton("↓"), QPushButton("As it is")
        self.up.setAccessibleName(f"{question.label}: move up")
        self.down.setAccessibleName(f"{question.label}: move down")
        self.take.setAccessibleName(f"{question.label}: take the order as it is")
        self._fill([choice.name for choice in question.choices])
        side = QVBoxLayout()
        for made in (self.up, self.down, self.take):
            side.addWidget(made)
        side.addStretch(1)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.list, 1)
        across.addLayout(side)
        self.setFocusProxy(self.list)
        self.list.installEventFilter(self)
        self.list.model().rowsMoved.connect(self._moved)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.take.clicked.connect(self._moved)

    def value(self) -> Any:
        """Return the names in order, None until somebody put them so."""
        if not self._is_answered:
            return None
        return [self.list.item(place).data(_NAME) for place in range(self.list.count())]

    def set_value(self, value: Any) -> None:
        """Show an order; names that it leaves out stand last."""
        names = [choice.name for choice in self._question.choices]
        given = [name for name in value or [] if name in names]
        self._is_answered = bool(given)
        self._fill([*given, *(name for name in names if name not in given)])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the chosen line by Alt and an arrow."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
            if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
                self._move(steps[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)

    def _fill(self, names: list[str]) -> None:
        self.list.clear()
        for place, name in enumerate(names, start=1):
            item = QListWidgetItem(f"{place}  {self._question.label_of(name)}")
            item.setData(_NAME, name)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        height = max(self.list.sizeHintForRow(0), self.fontMetrics().lineSpacing())
        self.list.setFixedHeight(height * max(len(names), 1) + 3 * STEP)

    def _move(self, step: int) -> None:
        place = self.list.currentRow()
        target = place + step
        if 0 <= target < self.list.count():
            self.list.insertItem(target, self.list.takeItem(place))
            self.list.setCurrentRow(target)
        self._moved()

    def _moved(self, *_facts: object) -> None:
        self._is_answered = True
        for place in range(self.list.count()):
            item = self.list.item(place)
            item.setText(f"{place + 1}  {self._question.label_of(item.data(_NAME))}")
        self.edited.emit()


class RangeField(Field):
    """A scale: the arrow keys move along it, its number stands beside it."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._start, self._end, self._step = range_of(question)
        self._is_answered = False
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, max(1, round((self._end - self._start) / self._step)))
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setMinimumHeight(self.fontMetrics().lineSpacing() + 4 * STEP)
        self.words = QLabel()
        self.words.setMinimumWidth(self.fontMetrics().horizontalAdvance("not answered yet "))
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        for made in (QLabel(f"{self._start:g}"), self.slider, QLabel(f"{self._end:g}"), self.words):
            across.addWidget(made, 1 if made is self.slider else 0)
        self.setFocusProxy(self.slider)
        self.slider.valueChanged.connect(self._moved)
        self.slider.sliderPressed.connect(self._moved)
        self._show()

    def value(self) -> Any:
        """Return the number, None until the scale was touched."""
        if not self._is_answered:
            return None
        number = self._start + self.slider.value() * self._step
        return round(number) if float(number).is_integer() else round(number, 6)

    def set_value(self, value: Any) -> None:
        """Show a number."""
        self.slider.blockSignals(True)
        self.slider.setValue(round(((value or self._start) - self._start) / self._step))
        self.slider.blockSignals(False)
        self._is_answered = value is not None
        self._show()

    def _moved(self, *_facts: object) -> None:
        self._is_answered = True
        self._show()
        self.edited.emit()

    def _show(self) -> None:
        self.words.setText(f"= {self.value():g}" if self._is_answered else "not answered yet")
        self.slider.setAccessibleDescription(self.words.text())
