"""The rows of a form on the screen: a question, and the lines of a repeat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from odbst_desktop.desktop.completing import complete_from
from odbst_desktop.desktop.fields import Field, LineField
from odbst_desktop.desktop.file_field import FormFiles
from odbst_desktop.desktop.gap_field import make_field
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.answers import Answers, FormState
from odbst_desktop.form_engine.definition import Question, Repeat
from odbst_desktop.form_engine.starting import starting_row


def no_remarks(_answers: Answers) -> Mapping[str, str]:
    """Remark on nothing."""
    return {}


def no_words(_name: str) -> Sequence[str]:
    """Complete from nothing."""
    return ()


def nothing_explained() -> frozenset[str]:
    """Explain no rule."""
    return frozenset()


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
    otherwise than as rows, by its name. ``files`` keep and show the files that are answers; ``now``
    is the moment the form was opened, for forms that note it. ``explained`` names the rules whose
    warnings were explained: they are not shown beside the question again.
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
    files: FormFiles | None = None
    now: datetime | None = None
    explained: Callable[[], frozenset[str]] = nothing_explained


class QuestionRow:
    """The widgets of one question in a section."""

    def __init__(self, question: Question, setting: FormSetting, *, with_gap: bool) -> None:
        self.question = question
        self.is_shown = True
        self.label = words(question.label + ("\u00a0*" if question.required else ""))
        self.hint = words(question.hint, "quiet")
        self.guidance = words(question.guidance_hint, "quiet")
        self.field = make_field(question, setting.today, with_gap=with_gap, files=setting.files)
        self.field.set_name(question.label + (", required" if question.required else ""))
        self.field.set_hint(question.hint)
        is_settled = question.is_read_only or bool(question.calculation)
        self.field.setEnabled(not (setting.is_read_only or is_settled))
        self.note = words(setting.notes.get(question.name, ""), "quiet")
        self.message = words("", "problem")
        self.message.hide()

    def place(self, grid: QGridLayout, row: int, *, is_stacked: bool = False) -> int:
        """Put the widgets into a grid: label and hint, field and message, note.

        ``is_stacked`` puts the field under its label. Return how many rows were taken.
        """
        beside = [w for w in (self.hint, self.guidance) if w.text()]
        if is_stacked:
            grid.addWidget(_column(self.label, *beside), row, 0, 1, 3)
            grid.addWidget(_column(self.field, self.message), row + 1, 0, 1, 3)
            if self.note.text():
                grid.addWidget(_column(self.note), row + 2, 0, 1, 3)
            return 3
        grid.addWidget(_column(self.label, *beside), row, 0)
        grid.addWidget(_column(self.field, self.message), row, 1)
        if self.note.text():
            grid.addWidget(_column(self.note), row, 2)
        return 1

    def show_label(self, text: str) -> None:
        """Show a label whose quoted answers have changed."""
        whole = text + ("\u00a0*" if self.question.required else "")
        if self.label.text() != whole:
            self.label.setText(whole)

    def show_state(self, *, is_relevant: bool, sentence: str, kind: str) -> None:
        """Show the question or not, and what is wrong with its answer."""
        self.is_shown = is_relevant
        for widget in (self.label.parentWidget(), self.field.parentWidget()):
            if widget is not None:
                widget.setVisible(is_relevant)
        self.note.setVisible(is_relevant and bool(self.note.text()))
        if self.message.property("kind") != kind:
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

    def show_state(self, state: FormState) -> None:
        """Show what is asked in each row, where the rows' questions depend on answers."""

    def faulty(self, faults: Mapping[tuple[int, str], str]) -> list[Field]:
        """Return the fields that are missing or wrong, in order, for the keyboard to go to."""
        del faults
        return []


class RepeatRows(RepeatEditor):
    """The rows of a repeat, under one line of headings."""

    def __init__(self, repeat: Repeat, setting: FormSetting) -> None:
        super().__init__()
        self.repeat, self._setting = repeat, setting
        self._rows: list[dict[str, Field]] = []
        self._widgets: list[list[QWidget]] = []
        self._columns = tuple(q for q in repeat.items if q.type not in {"note", "calculate"})
        self._is_counted = bool(repeat.count)
        is_fixed = setting.is_read_only or self._is_counted
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
        hide_unless(not is_fixed, self.add)
        self.add.clicked.connect(self._add)
        another = QShortcut(QKeySequence("Ctrl+Return"), self, self._add)
        another.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        another.setEnabled(not is_fixed)
        bottom = QHBoxLayout()
        bottom.addWidget(self.add)
        bottom.addStretch(1)
        column.addLayout(bottom)
        self._head()

    def _head(self) -> None:
        for place, question in enumerate(self._columns):
            head = words(question.label + ("\u00a0*" if question.required else ""), "quiet")
            head.setToolTip(question.hint)
            self.grid.addWidget(head, 0, place)
            self.grid.setColumnStretch(place, 3 if question.type == "text" else 2)

    def value(self) -> list[dict[str, Any]]:
        """Return the rows that hold something."""
        rows = []
        for fields in self._rows:
            row = {n: f.value() for n, f in fields.items() if f.value() is not None}
            if row or self._is_counted:
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
        given = self._given()
        for fields in self._rows:
            number = given.index(fields) if fields in given else -1
            for name, made in fields.items():
                sentence = made.fault() or sentences.get((number, name), "")
                made.setToolTip(sentence)
                made.set_hint(sentence)
                target = made.control()
                target.setProperty("fault", bool(sentence))
                target.style().polish(target)

    def show_state(self, state: FormState) -> None:
        """Hide what is not asked in a row, and offer the choices that a filter leaves."""
        if self._is_counted:
            while len(self._rows) < len(state.values.get(self.repeat.name) or []):
                self._append({})
        given = self._given()
        for fields in self._rows:
            number = given.index(fields) if fields in given else None
            for name, made in fields.items():
                if number is not None:
                    _show(made, is_shown=(number, name) not in state.hidden)
                made.set_offered(state.offered.get((number, name)))

    def faulty(self, faults: Mapping[tuple[int, str], str]) -> list[Field]:
        """Return the fields that are missing or wrong, in order."""
        given = self._given()
        return [
            made
            for fields in self._rows
            for name, made in fields.items()
            if made.fault() or (fields in given and (given.index(fields), name) in faults)
        ]

    def _given(self) -> list[dict[str, Field]]:
        if self._is_counted:
            return self._rows
        return [f for f in self._rows if any(made.value() is not None for made in f.values())]

    def _add(self) -> None:
        fields = self._append(starting_row(self.repeat.items, self._setting.today))
        next(iter(fields.values())).setFocus()
        self.edited.emit()

    def _append(self, row: Mapping[str, Any]) -> dict[str, Field]:
        number = self.grid.rowCount()
        fields = self._fields(row)
        widgets: list[QWidget] = list(fields.values())
        for place, made in enumerate(widgets):
            self.grid.addWidget(made, number, place)
        if not self._setting.is_read_only and not self._is_counted:
            remove = self._remove_button(fields)
            self.grid.addWidget(remove, number, len(self._columns))
            widgets.append(remove)
        self._rows.append(fields)
        self._widgets.append(widgets)
        return fields

    def _fields(self, row: Mapping[str, Any]) -> dict[str, Field]:
        fields: dict[str, Field] = {}
        for question in self._columns:
            made = make_field(
                question, self._setting.today, files=self._setting.files, is_narrow=True
            )
            made.set_value(row.get(question.name))
            made.set_name(f"{self.repeat.label}, row {len(self._rows) + 1}: {question.label}")
            is_settled = question.is_read_only or bool(question.calculation)
            made.setEnabled(not (self._setting.is_read_only or is_settled))
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


def _show(field: Field, *, is_shown: bool) -> None:
    """Show a field of a row or not; in a card its label goes with it."""
    holder = field.parentWidget()
    buddies = holder.findChildren(QLabel) if holder is not None else []
    field.setVisible(is_shown)
    for label in buddies:
        if label.buddy() is field:
            label.setVisible(is_shown)


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
