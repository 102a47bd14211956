"""The rows of a form on the screen: a question, and the lines of a repeat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from odbst_desktop.desktop.completing import complete_from
from odbst_desktop.desktop.fields import Field, LineField
from odbst_desktop.desktop.gap_field import make_field
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.answers import Answers
from odbst_desktop.form_engine.definition import Question, Repeat


def no_remarks(_answers: Answers) -> Mapping[str, str]:
    """Remark on nothing."""
    return {}


def no_words(_name: str) -> Sequence[str]:
    """Complete from nothing."""
    return ()


def no_note(_repeat: str, _row: Mapping[str, Any]) -> str:
    """Note nothing under a row."""
    return ""


@dataclass(frozen=True, slots=True)
class FormSetting:
    """What a form view is given beside the form.

    ``notes`` stand beside a question (where its figure was counted from); ``known_names`` are
    adults whom the privacy check passes; ``remarks`` may add a sentence to a question that the
    form alone cannot know of. ``words_for`` gives what a line of text completes from, by the
    question's name; ``row_note`` a sentence under a row of a repeat; ``editors`` draw a repeat
    otherwise than as rows, by its name.
    """

    today: date
    previous: Answers = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    known_names: tuple[str, ...] = ()
    is_read_only: bool = False
    remarks: Callable[[Answers], Mapping[str, str]] = no_remarks
    words_for: Callable[[str], Sequence[str]] = no_words
    row_note: Callable[[str, Mapping[str, Any]], str] = no_note
    editors: Mapping[str, Callable[[Repeat, FormSetting], RepeatEditor]] = field(
        default_factory=dict
    )


class QuestionRow:
    """The widgets of one question in a section."""

    def __init__(self, question: Question, setting: FormSetting, *, with_gap: bool) -> None:
        self.question = question
        self.label = words(question.label + ("\u00a0*" if question.required else ""))
        self.hint = words(question.hint, "quiet")
        self.field = make_field(question, setting.today, with_gap=with_gap)
        self.field.set_name(question.label + (", required" if question.required else ""))
        self.field.set_hint(question.hint)
        self.field.setEnabled(not setting.is_read_only)
        self.note = words(setting.notes.get(question.name, ""), "quiet")
        self.message = words("", "problem")
        self.message.hide()

    def place(self, grid: QGridLayout, row: int) -> None:
        """Put the widgets into a grid: label and hint, field and message, note."""
        grid.addWidget(_column(self.label, *([self.hint] if self.question.hint else [])), row, 0)
        grid.addWidget(_column(self.field, self.message), row, 1)
        if self.note.text():
            grid.addWidget(_column(self.note), row, 2)

    def show_state(self, *, is_relevant: bool, sentence: str, kind: str) -> None:
        """Show the question or not, and what is wrong with its answer."""
        for widget in (self.label.parentWidget(), self.field.parentWidget()):
            if widget is not None:
                widget.setVisible(is_relevant)
        self.note.setVisible(is_relevant and bool(self.note.text()))
        self.message.setProperty("kind", kind)
        self.message.style().polish(self.message)
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))
        self.field.set_hint(sentence or self.question.hint)


class RepeatEditor(QWidget):
    """The rows of a repeat, however they are drawn; ``edited`` tells that one may have changed."""

    edited = Signal()

    def value(self) -> list[dict[str, Any]]:
        """Return the rows that hold something."""
        raise NotImplementedError

    def set_value(self, rows: list[dict[str, Any]] | None) -> None:
        """Show rows instead of those shown now."""
        raise NotImplementedError

    def show_faults(self, sentences: Mapping[tuple[int, str], str]) -> None:
        """Mark what is at fault, by the row's number among ``value`` and the question's name."""
        raise NotImplementedError


class RepeatRows(RepeatEditor):
    """The rows of a repeat, under one line of headings."""

    def __init__(self, repeat: Repeat, setting: FormSetting) -> None:
        super().__init__()
        self.repeat, self._setting = repeat, setting
        self._rows: list[dict[str, Field]] = []
        self._widgets: list[list[QWidget]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * STEP, 0, 2 * STEP)
        column.addWidget(words(repeat.label, "heading"))
        if repeat.hint:
            column.addWidget(words(repeat.hint, "quiet"))
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(2 * STEP)
        self.grid.setVerticalSpacing(2 * STEP)
        column.addLayout(self.grid)
        self.add = QPushButton(f"Add to “{repeat.label}”")
        hide_unless(not setting.is_read_only, self.add)
        self.add.clicked.connect(self._add)
        another = QShortcut(QKeySequence("Ctrl+Return"), self, self._add)
        another.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        another.setEnabled(not setting.is_read_only)
        bottom = QHBoxLayout()
        bottom.addWidget(self.add)
        bottom.addStretch(1)
        column.addLayout(bottom)
        self._head()

    def _head(self) -> None:
        for place, question in enumerate(self.repeat.items):
            self.grid.addWidget(words(question.label, "quiet"), 0, place)
            self.grid.setColumnStretch(place, 3 if question.type == "text" else 2)

    def value(self) -> list[dict[str, Any]]:
        """Return the rows that hold something."""
        rows = []
        for fields in self._rows:
            row = {n: f.value() for n, f in fields.items() if f.value() is not None}
            if row:
                rows.append(row)
        return rows

    def set_value(self, rows: list[dict[str, Any]] | None) -> None:
        """Show rows instead of those shown now."""
        while self._rows:
            self._take_out(0)
        for row in rows or []:
            self._append(row)

    def field_of(self, number: int, name: str) -> Field:
        """Return a field of a row, the last row for -1."""
        return self._rows[number][name]

    def show_faults(self, sentences: Mapping[tuple[int, str], str]) -> None:
        """Mark the fields at fault: an outline, a sentence on hovering and for a screen reader."""
        given = [f for f in self._rows if any(made.value() is not None for made in f.values())]
        for fields in self._rows:
            number = given.index(fields) if fields in given else -1
            for name, made in fields.items():
                sentence = made.fault() or sentences.get((number, name), "")
                made.setToolTip(sentence)
                made.set_hint(sentence)
                target = made.control()
                target.setProperty("fault", bool(sentence))
                target.style().polish(target)

    def _add(self) -> None:
        fields = self._append({})
        next(iter(fields.values())).setFocus()
        self.edited.emit()

    def _append(self, row: Mapping[str, Any]) -> dict[str, Field]:
        number = self.grid.rowCount()
        fields = self._fields(row)
        widgets: list[QWidget] = list(fields.values())
        for place, made in enumerate(widgets):
            self.grid.addWidget(made, number, place)
        if not self._setting.is_read_only:
            remove = self._remove_button(fields)
            self.grid.addWidget(remove, number, len(self.repeat.items))
            widgets.append(remove)
        self._rows.append(fields)
        self._widgets.append(widgets)
        return fields

    def _fields(self, row: Mapping[str, Any]) -> dict[str, Field]:
        fields: dict[str, Field] = {}
        for question in self.repeat.items:
            made = make_field(question, self._setting.today)
            made.set_value(row.get(question.name))
            made.set_name(f"{self.repeat.label}, row {len(self._rows) + 1}: {question.label}")
            made.setEnabled(not self._setting.is_read_only)
            made.edited.connect(self.edited)
            if isinstance(made, LineField) and question.type == "text":
                complete_from(made.line, question.name, self._setting.words_for, made.edited)
            fields[question.name] = made
        return fields

    def _remove_button(self, fields: dict[str, Field]) -> QPushButton:
        remove = QPushButton("✕")
        remove.setToolTip("Remove this row")
        remove.setAccessibleName(f"Remove row {len(self._rows) + 1} of {self.repeat.label}")
        remove.clicked.connect(lambda: self._remove(fields))
        return remove

    def _remove(self, fields: dict[str, Field]) -> None:
        self._take_out(self._rows.index(fields))
        self.add.setFocus()
        self.edited.emit()

    def _take_out(self, number: int) -> None:
        del self._rows[number]
        for widget in self._widgets.pop(number):
            widget.hide()
            widget.deleteLater()


def _column(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(STEP)
    for widget in widgets:
        if isinstance(widget, QLabel):
            widget.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(widget)
    column.addStretch(1)
    return holder
