"""A question of a form on the screen, and what a form view is given beside its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from odbst_desktop.desktop.file_field import FormFiles
from odbst_desktop.desktop.gap_field import make_field
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.answers import Answers
from odbst_desktop.form_engine.definition import Question


def no_remarks(_answers: Answers) -> Mapping[str, str]:
    """Remark on nothing."""
    return {}


@dataclass(frozen=True, slots=True)
class FormSetting:
    """What a form view is given beside the form.

    ``notes`` stand beside a question (where its figure was counted from); ``known_names`` are
    adults whom the privacy check passes; ``remarks`` may add a sentence to a question that the
    form alone cannot know of. ``files`` keep and show the files that are answers; ``now`` is the
    moment the form was opened, for forms that note it.
    """

    today: date
    previous: Answers = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    known_names: tuple[str, ...] = ()
    is_read_only: bool = False
    remarks: Callable[[Answers], Mapping[str, str]] = no_remarks
    files: FormFiles | None = None
    now: datetime | None = None


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
