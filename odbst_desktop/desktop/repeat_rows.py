"""The rows of a repeat on the screen: a table to type into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from odbst_desktop.desktop.fields import Field
from odbst_desktop.desktop.form_rows import FormSetting
from odbst_desktop.desktop.gap_field import make_field
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.answers import FormState
from odbst_desktop.form_engine.definition import Repeat
from odbst_desktop.form_engine.starting import starting_row


class RepeatRows(QWidget):
    """The rows of a repeat, under one line of headings."""

    edited = Signal()

    def __init__(self, repeat: Repeat, setting: FormSetting) -> None:
        super().__init__()
        self.repeat, self._setting = repeat, setting
        self._rows: list[dict[str, Field]] = []
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
        self._is_counted = bool(repeat.count)
        hide_unless(not setting.is_read_only and not self._is_counted, self.add)
        self.add.clicked.connect(self._add)
        bottom = QHBoxLayout()
        bottom.addWidget(self.add)
        bottom.addStretch(1)
        column.addLayout(bottom)
        self._columns = tuple(q for q in repeat.items if q.type not in {"note", "calculate"})
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
        """Show rows."""
        for row in rows or []:
            self._append(row)

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
                    made.setVisible((number, name) not in state.hidden)
                made.set_offered(state.offered.get((number, name)))

    def faulty(self, faults: Mapping[tuple[int, str], str]) -> list[Field]:
        """Return the fields at fault, in order."""
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
        fields: dict[str, Field] = {}
        for place, question in enumerate(self._columns):
            made = make_field(
                question, self._setting.today, files=self._setting.files, is_narrow=True
            )
            made.set_value(row.get(question.name))
            made.set_name(f"{self.repeat.label}, row {len(self._rows) + 1}: {question.label}")
            is_settled = question.is_read_only or bool(question.calculation)
            made.setEnabled(not (self._setting.is_read_only or is_settled))
            made.edited.connect(self.edited)
            fields[question.name] = made
            self.grid.addWidget(made, number, place)
        if not self._setting.is_read_only and not self._is_counted:
            remove = QPushButton("✕")
            remove.setToolTip("Remove this row")
            remove.setAccessibleName(f"Remove row {len(self._rows) + 1} of {self.repeat.label}")
            remove.clicked.connect(lambda: self._remove(fields, remove))
            self.grid.addWidget(remove, number, len(self._columns))
        self._rows.append(fields)
        return fields

    def _remove(self, fields: dict[str, Field], button: QPushButton) -> None:
        self._rows.remove(fields)
        for widget in (*fields.values(), button):
            self.grid.removeWidget(widget)
            widget.deleteLater()
        self.add.setFocus()
        self.edited.emit()
