"""The rows of a repeat with many questions: each row a card whose fields flow over lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from odbst_desktop.desktop.fields import Field
from odbst_desktop.desktop.form_rows import RepeatRows
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.definition import Question

_MOST_ACROSS = 4
_LEAST_CHARACTERS = 26
"""A field gets at least this room across, so that a card has fewer columns at 200 % text."""


class _Card(QFrame):
    """One row: a label over each field, flowing as the width allows, and a note under them."""

    def __init__(
        self, fields: Mapping[str, tuple[Question, Field]], remove: QWidget | None
    ) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._cells: list[tuple[QWidget, int]] = []
        for place, (question, made) in enumerate(fields.values()):
            cell = QWidget()
            column = QVBoxLayout(cell)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(STEP)
            buddy = QLabel(question.label + ("\u00a0*" if question.required else ""))
            buddy.setProperty("kind", "quiet")
            buddy.setBuddy(made)
            column.addWidget(buddy)
            column.addWidget(made)
            column.addStretch(1)
            # The first text is what the row is about: it gets twice the room, unless it is a code.
            is_long = place == 0 and question.type == "text" and not question.constraint
            self._cells.append((cell, 2 if is_long else 1))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(3 * STEP)
        self._grid.setVerticalSpacing(2 * STEP)
        self.note = words("", "quiet")
        self.note.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4 * STEP, 3 * STEP, 4 * STEP, 3 * STEP)
        whole.addLayout(self._grid)
        whole.addWidget(self.note)
        self._remove = remove
        self._across = 0
        self._arrange(_MOST_ACROSS)

    def say(self, sentence: str) -> None:
        """Show a sentence under the fields, or none."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many fields side by side as have room."""
        super().resizeEvent(event)
        room = _LEAST_CHARACTERS * self.fontMetrics().averageCharWidth()
        self._arrange(max(1, min(_MOST_ACROSS, self.width() // max(room, 1))))

    def _arrange(self, across: int) -> None:
        if across == self._across:
            return
        self._across = across
        while self._grid.takeAt(0) is not None:
            pass
        line = place = 0
        for cell, wanted in self._cells:
            span = min(wanted, across)
            if place + span > across:
                line, place = line + 1, 0
            self._grid.addWidget(cell, line, place, 1, span)
            place += span
        for column in range(_MOST_ACROSS):
            self._grid.setColumnStretch(column, int(column < across))
        if self._remove is not None:
            self._grid.addWidget(self._remove, 0, _MOST_ACROSS)


class RepeatCards(RepeatRows):
    """The rows of a repeat as cards, for more questions than stand in one line."""

    def show_faults(self, sentences: Mapping[tuple[int, str], str]) -> None:
        """Mark the fields at fault; the first fault of a row is said under it."""
        super().show_faults(sentences)
        for fields, (card, *_) in zip(self._rows, self._widgets, strict=True):
            if not isinstance(card, _Card):
                continue
            values = {n: f.value() for n, f in fields.items() if f.value() is not None}
            said = [f.control().toolTip() or f.toolTip() for f in fields.values()]
            fault = next((words for words in said if words), "") if values else ""
            note = self._setting.row_note(self.repeat.name, values)
            card.say("\n".join(part for part in (f"✗ {fault}" if fault else "", note) if part))

    def _head(self) -> None:
        self.grid.setColumnStretch(0, 1)

    def _append(self, row: Mapping[str, Any]) -> dict[str, Field]:
        fields = self._fields(row)
        questions = {question.name: question for question in self.repeat.items}
        remove = None if self._setting.is_read_only else self._remove_button(fields)
        card = _Card({name: (questions[name], made) for name, made in fields.items()}, remove)
        self.grid.addWidget(card, self.grid.rowCount(), 0)
        self._rows.append(fields)
        self._widgets.append([card])
        values = {name: value for name, value in row.items() if value is not None}
        card.say(self._setting.row_note(self.repeat.name, values))
        return fields
