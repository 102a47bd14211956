"""A field for each type of question: what is typed, as a value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QRadioButton,
    QWidget,
)

from odbst_desktop.desktop.flowing import Flowing
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.errors import InputError
from odbst_desktop.form_engine.answers import LONGEST_TEXT
from odbst_desktop.form_engine.definition import Question
from odbst_desktop.school.typed_dates import read_typed_date, show_date

_TIME = re.compile(r"(\d{1,2})[:.]?(\d{2})", re.ASCII)
_LINES = 4
_MOST_PASTED = 5_000_000
"""A line takes what is pasted whole, so that it can be said to be too long instead of cut."""

_BOX_COLUMNS = 3


class Field(QWidget):
    """Something to answer with; ``edited`` tells that it may have changed."""

    edited = Signal()

    def value(self) -> Any:
        """Return the answer, None for a blank or what cannot be read."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show an answer."""
        raise NotImplementedError

    def fault(self) -> str:
        """Return what is wrong with what was typed, in a sentence, or nothing."""
        return ""

    def set_name(self, name: str) -> None:
        """Give the control its name for a screen reader."""
        self.control().setAccessibleName(name)

    def set_offered(self, names: frozenset[str] | None) -> None:
        """Offer only some of the choices; None offers all."""

    def set_hint(self, words: str) -> None:
        """Say more of the control to a screen reader: its hint, or what is wrong."""
        self.control().setAccessibleDescription(words)

    def control(self) -> QWidget:
        """Return the widget that takes the keys."""
        target: QWidget = self
        while (deeper := target.focusProxy()) is not None:
            target = deeper
        return target


class LineField(Field):
    """One line of text."""

    def __init__(self, *, width_characters: int = 0) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setMaxLength(_MOST_PASTED)
        self._kept: str | None = None
        if width_characters:
            self.line.setMaximumWidth(
                width_characters * self.fontMetrics().averageCharWidth() + 8 * STEP
            )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line)
        if width_characters:
            layout.addStretch(1)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self.edited)

    def value(self) -> Any:
        """Return the text, None if it is blank; of one too long, what was there before."""
        text = self.line.text().strip()
        if len(text) <= LONGEST_TEXT:
            self._kept = text or None
        return self._kept

    def fault(self) -> str:
        """Say so if the text is too long."""
        return too_long(self.line.text().strip())

    def set_value(self, value: Any) -> None:
        """Show a text."""
        self.line.setText("" if value is None else str(value))
        self.line.setCursorPosition(0)


class NumberField(LineField):
    """A whole number or a decimal, typed."""

    def __init__(self, *, is_whole: bool) -> None:
        super().__init__(width_characters=10)
        self._is_whole = is_whole

    def value(self) -> Any:
        """Return the number, None if there is none."""
        text = self.line.text().strip().replace(",", "")
        try:
            return int(text) if self._is_whole else float(text)
        except ValueError:
            return None

    def fault(self) -> str:
        """Say what a number looks like if this is none."""
        text = self.line.text().strip()
        if not text or self.value() is not None:
            return ""
        kind = "a whole number, such as 12" if self._is_whole else "a number, such as 94.5"
        return f"“{text[:20]}” is not {kind}. It is not saved until it is."


class DateField(LineField):
    """A date, typed as 24/11, 24 Nov or tomorrow; shown in full once it is left."""

    def __init__(self, today: date) -> None:
        super().__init__(width_characters=16)
        self._today = today
        self.line.setPlaceholderText("24/11 or tomorrow")
        self.line.editingFinished.connect(self._complete)

    def value(self) -> Any:
        """Return the date as ``2026-11-24``."""
        day = self._day()
        return day.isoformat() if day else None

    def set_value(self, value: Any) -> None:
        """Show a date written ``2026-11-24``."""
        self.line.setText(show_date(date.fromisoformat(value)) if value else "")

    def fault(self) -> str:
        """Say what a date looks like if this is none."""
        if not self.line.text().strip():
            return ""
        try:
            read_typed_date(self.line.text(), self._today)
        except InputError as fault:
            return fault.sentence
        return ""

    def _day(self) -> date | None:
        if not self.line.text().strip() or self.fault():
            return None
        return read_typed_date(self.line.text(), self._today)

    def _complete(self) -> None:
        day = self._day()
        if day:
            self.line.setText(show_date(day))


class TimeField(LineField):
    """A time of the day: 15:30, 15.30 or 1530."""

    def __init__(self) -> None:
        super().__init__(width_characters=8)
        self.line.setPlaceholderText("15:30")

    def value(self) -> Any:
        """Return the time as ``15:30``."""
        match = _TIME.fullmatch(self.line.text().strip())
        if match is None or int(match[1]) > 23 or int(match[2]) > 59:
            return None
        return f"{int(match[1]):02d}:{match[2]}"

    def fault(self) -> str:
        """Say what a time looks like if this is none."""
        text = self.line.text().strip()
        if text and self.value() is None:
            return f"“{text[:20]}” is not a time. Type it as 15:30."
        return ""


class TextField(Field):
    """Several lines of text; Tab leaves it."""

    def __init__(self) -> None:
        super().__init__()
        self.text = QPlainTextEdit()
        self._kept: str | None = None
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(_LINES * self.fontMetrics().lineSpacing() + 6 * STEP)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)
        self.setFocusProxy(self.text)
        self.text.textChanged.connect(self.edited)

    def value(self) -> Any:
        """Return the text, None if it is blank; of one too long, what was there before."""
        text = self.text.toPlainText().strip()
        if len(text) <= LONGEST_TEXT:
            self._kept = text or None
        return self._kept

    def fault(self) -> str:
        """Say so if the text is too long."""
        return too_long(self.text.toPlainText().strip())

    def set_value(self, value: Any) -> None:
        """Show a text."""
        self.text.setPlainText(value or "")


class ChoiceField(Field):
    """One of a list; the first entry is the blank."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.addItem("", None)
        for choice in question.choices:
            self.box.addItem(choice.label, choice.name)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(8)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.currentIndexChanged.connect(self.edited)

    def value(self) -> Any:
        """Return the name of the choice."""
        return self.box.currentData()

    def set_value(self, value: Any) -> None:
        """Show a choice."""
        self.box.setCurrentIndex(max(self.box.findData(value), 0))

    def set_offered(self, names: frozenset[str] | None) -> None:
        """Hide the choices that a filter takes away; the one that was made stays to be seen."""
        view = self.box.view()
        for place in range(1, self.box.count()):
            is_hidden = names is not None and self.box.itemData(place) not in names
            if isinstance(view, QListView):
                view.setRowHidden(place, is_hidden)
            model = self.box.model()
            if isinstance(model, QStandardItemModel):
                model.item(place).setEnabled(not is_hidden)


class LikertField(Field):
    """One of a few, side by side; the arrow keys move among them."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.group = QButtonGroup(self)
        self._names = [choice.name for choice in question.choices]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for place, choice in enumerate(question.choices):
            button = QRadioButton(choice.label)
            button.setAccessibleName(f"{question.label} {choice.label}")
            self.group.addButton(button, place)
        # At 200 % text, or in large type, they go on in the next line.
        layout.addWidget(Flowing(*self.group.buttons()))
        self.setFocusProxy(self.group.button(0))
        self.group.idToggled.connect(self.edited)

    def value(self) -> Any:
        """Return the name of the choice."""
        place = self.group.checkedId()
        return self._names[place] if place >= 0 else None

    def set_value(self, value: Any) -> None:
        """Show a choice."""
        if value in self._names:
            self.group.button(self._names.index(value)).setChecked(True)

    def set_offered(self, names: frozenset[str] | None) -> None:
        """Hide the choices that a filter takes away, but for the one that was made."""
        for name, made in zip(self._names, self.group.buttons(), strict=True):
            made.setVisible(names is None or name in names or made.isChecked())

    def set_name(self, name: str) -> None:
        """Leave each button its own name, which holds the question."""


class ChoicesField(Field):
    """Some of a list, as boxes to tick."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.boxes = {choice.name: QCheckBox(choice.label) for choice in question.choices}
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for place, box in enumerate(self.boxes.values()):
            box.setAccessibleName(f"{question.label}: {box.text()}")
            layout.addWidget(box, place // _BOX_COLUMNS, place % _BOX_COLUMNS)
            box.toggled.connect(self.edited)
        if self.boxes:
            self.setFocusProxy(next(iter(self.boxes.values())))

    def value(self) -> Any:
        """Return the names that are ticked, None if there are none."""
        return [name for name, box in self.boxes.items() if box.isChecked()] or None

    def set_value(self, value: Any) -> None:
        """Tick the names of a list."""
        for name, box in self.boxes.items():
            box.setChecked(name in (value or []))

    def set_offered(self, names: frozenset[str] | None) -> None:
        """Hide the choices that a filter takes away, but for those that were made."""
        for name, box in self.boxes.items():
            box.setVisible(names is None or name in names or box.isChecked())

    def set_name(self, name: str) -> None:
        """Leave each box its own name, which holds the question."""


class TickField(Field):
    """Yes, or not yet."""

    def __init__(self) -> None:
        super().__init__()
        self.box = QCheckBox("Yes")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.toggled.connect(self.edited)

    def value(self) -> Any:
        """Return True if it is ticked."""
        return True if self.box.isChecked() else None

    def set_value(self, value: Any) -> None:
        """Tick it or not."""
        self.box.setChecked(bool(value))


def too_long(text: str) -> str:
    """Return a sentence if a text is longer than an answer can be."""
    if len(text) <= LONGEST_TEXT:
        return ""
    return (
        f"This has {len(text):,} characters, and {LONGEST_TEXT:,} is the most. It stays here, but "
        "is not saved until it is shorter; everything else is."
    )


def plain_field(question: Question, today: date) -> Field:
    """Return the field for a question's type."""
    if question.type == "date":
        return DateField(today)
    if question.type == "select_one" and question.has_appearance("likert"):
        return LikertField(question)
    if question.type == "text":
        return TextField() if question.has_appearance("multiline") else LineField()
    return _MAKERS[question.type](question)


_MAKERS: dict[str, Callable[[Question], Field]] = {
    "integer": lambda _: NumberField(is_whole=True),
    "decimal": lambda _: NumberField(is_whole=False),
    "time": lambda _: TimeField(),
    "select_one": ChoiceField,
    "select_multiple": ChoicesField,
    "acknowledge": lambda _: TickField(),
}
