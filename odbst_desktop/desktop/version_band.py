"""A draft begun under an older version of its form: what changed, and the way to move it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.tab import row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.answers import Answers
from odbst_desktop.form_engine.definition import Form, Question
from odbst_desktop.form_engine.versions import (
    Moved,
    QuestionChange,
    moved_answers,
    question_changes,
)
from odbst_desktop.reports.form_paper import answer_words

_SIGNS = {"added": "+ New", "removed": "− Gone", "changed": "≠ Changed"}
_MOST_LOST_TOLD = 6


class VersionBand(QFrame):
    """Says under which version a draft was begun; ``move_on`` is the button to move it on."""

    def __init__(self, old: Form, new: Form, answers: Callable[[], Answers]) -> None:
        super().__init__()
        self._old, self._new, self._answers = old, new, answers
        self.is_needed = old.version != new.version
        self.setProperty("kind", "card")
        self.changes = question_changes(old, new) if self.is_needed else ()
        self.words = words(
            f"This was begun under version {old.version} of the form; version {new.version} is in "
            f"use now: {counted_words(self.changes)}. It stays as it is until you move it."
        )
        self.what, self.move_on = QPushButton("What changed"), QPushButton(f"Move to {new.version}")
        self.what.setCheckable(True)
        self.what.toggled.connect(self._show)
        self._list: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(4 * STEP, 3 * STEP, 4 * STEP, 3 * STEP)
        self._column.addWidget(self.words)
        self._column.addLayout(row_of(self.what, self.move_on))

    def _show(self, is_shown: bool) -> None:  # noqa: FBT001 - Qt's signal
        if self._list is not None:
            self._column.removeWidget(self._list)
            self._list.deleteLater()
            self._list = None
        if is_shown:
            moved = moved_answers(self._old, self._new, self._answers())
            holder = changes_list(self.changes, lost_words(moved))
            self._list = scrolled(holder)
            self._list.setMaximumHeight(12 * self.fontMetrics().lineSpacing())
            self._column.addWidget(self._list)


def counted_words(changes: Iterable[QuestionChange]) -> str:
    """Return how many questions are new, gone and changed."""
    kinds = [change.kind for change in changes]
    if not kinds:
        return "no question is different"
    new, gone, changed = (kinds.count(kind) for kind in ("added", "removed", "changed"))
    return f"questions: {new} new, {gone} gone, {changed} changed"


def changes_list(changes: Iterable[QuestionChange], lost: tuple[str, ...] = ()) -> QWidget:
    """Return the changes one under the other, and first the answers that have no place any more."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setSpacing(2 * STEP)
    if lost:
        column.addWidget(words("Answers that have no place in the new version:", "problem"))
        for sentence in lost:
            column.addWidget(words(f"✗ {sentence}", "problem"))
    for change in changes:
        label = change.label or change.name
        column.addWidget(words(f"{_SIGNS[change.kind]}  {label}"))
        column.addWidget(words(change.words, "quiet"))
    column.addStretch(1)
    return holder


def lost_words(moved: Moved) -> tuple[str, ...]:
    """Return each answer that has no place any more, with its question."""
    return tuple(
        f"{item.label}: {answer_words(item, value) if isinstance(item, Question) else ''}"
        f"{'' if isinstance(item, Question) else f'{len(value)} rows'}"
        for item, value in moved.lost
    )


def moved_words(moved: Moved) -> str:
    """Return in a sentence or two what became of a draft that was moved."""
    lost = lost_words(moved)
    sentence = (
        f"Moved: {len(moved.answers)} answers were kept, {len(moved.added)} questions are new."
    )
    if lost:
        told = "; ".join(lost[:_MOST_LOST_TOLD])
        more = f" and {len(lost) - _MOST_LOST_TOLD} more" if len(lost) > _MOST_LOST_TOLD else ""
        sentence += f" These had no place any more: {told}{more}."
    return sentence
