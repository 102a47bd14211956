"""A field that can also say that there is no answer, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from odbst_desktop.desktop.choice_fields import KeyedField, RangeField, RankField, keys_of
from odbst_desktop.desktop.fields import ChoiceField, Field, LikertField, plain_field
from odbst_desktop.desktop.file_field import FileField, FormFiles
from odbst_desktop.desktop.menu_choices import MenuChoicesField
from odbst_desktop.form_engine.answers import GAPS, is_gap
from odbst_desktop.form_engine.definition import Question

_SIDE_BY_SIDE = ("likert", "horizontal", "horizontal-compact", "quick", "columns", "columns-pack")


class GapField(Field):
    """A field that can also say “not known” or “not applicable”, with the reason."""

    def __init__(self, inner: Field, name: str) -> None:
        super().__init__()
        self.inner = inner
        self.gap = QPushButton("Not known…")
        self.gap.setCheckable(True)
        self.gap.setAccessibleName(f"{name}: not known")
        self.kind = QComboBox()
        for value, label in GAPS.items():
            self.kind.addItem(label, value)
        self.kind.setAccessibleName(f"{name}: kind of gap")
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("Why?")
        self.reason.setAccessibleName(f"{name}: why it is not given")
        self.stated = QWidget()
        stated = QVBoxLayout(self.stated)
        stated.setContentsMargins(0, 0, 0, 0)
        stated.addWidget(self.kind)
        stated.addWidget(self.reason)
        self.stated.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(inner)
        layout.addWidget(self.stated, 1)
        layout.addWidget(self.gap)
        layout.addStretch(1)
        self.setFocusProxy(inner)
        inner.edited.connect(self.edited)
        self.reason.textEdited.connect(self.edited)
        self.kind.activated.connect(self.edited)
        self.gap.toggled.connect(self._switch)

    def value(self) -> Any:
        """Return the answer or the stated gap."""
        if not self.gap.isChecked():
            return self.inner.value()
        return {"missing": self.kind.currentData(), "reason": self.reason.text().strip()}

    def set_value(self, value: Any) -> None:
        """Show an answer or a stated gap."""
        self.gap.setChecked(is_gap(value))
        if is_gap(value):
            self.kind.setCurrentIndex(self.kind.findData(value["missing"]))
            self.reason.setText(value["reason"])
        else:
            self.inner.set_value(value)

    def fault(self) -> str:
        """Return the fault of what was typed."""
        return "" if self.gap.isChecked() else self.inner.fault()

    def _switch(self, is_gap_stated: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.inner.setVisible(not is_gap_stated)
        self.stated.setVisible(is_gap_stated)
        if is_gap_stated:
            self.reason.setFocus()
        self.edited.emit()


def make_field(
    question: Question,
    today: date,
    *,
    with_gap: bool = False,
    files: FormFiles | None = None,
    is_narrow: bool = False,
) -> Field:
    """Return the field for a question.

    ``files`` keep and show the answer to a file question; ``is_narrow`` is a column of a table,
    where choices lie in a list and not side by side.
    """
    made = _field(question, today, files, is_narrow=is_narrow)
    if with_gap and question.type in {"integer", "decimal", "date"}:
        return GapField(made, question.label)
    return made


def _field(question: Question, today: date, files: FormFiles | None, *, is_narrow: bool) -> Field:
    if question.type == "file":
        return FileField(question, files)
    if question.type in _MAKERS:
        return _MAKERS[question.type](question)
    if question.type == "select_multiple" and question.has_appearance("minimal"):
        return MenuChoicesField(question)
    if question.type == "select_one" and not question.has_appearance("minimal"):
        if not is_narrow and keys_of(question):
            return KeyedField(question)
        if not is_narrow and any(question.has_appearance(word) for word in _SIDE_BY_SIDE):
            return LikertField(question)
    return ChoiceField(question) if question.type == "select_one" else plain_field(question, today)


_MAKERS: dict[str, Callable[[Question], Field]] = {"rank": RankField, "range": RangeField}
