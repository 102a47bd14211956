"""A form on the screen: sections to the left, questions to the right, judged as it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.analysis.privacy import find_identifiers
from odbst_desktop.desktop.fields import Field, TextField, make_field
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.answers import Answers, FormState, evaluate
from odbst_desktop.form_engine.definition import Form, Group, Item, Question, Repeat

_SETTLE_MILLISECONDS = 350


@dataclass(frozen=True, slots=True)
class FormSetting:
    """What a form view is given beside the form.

    ``notes`` stand beside a question (where its figure was counted from); ``known_names`` are
    adults whom the privacy check passes.
    """

    today: date
    previous: Answers = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    known_names: tuple[str, ...] = ()
    is_read_only: bool = False


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
        hide_unless(not setting.is_read_only, self.add)
        self.add.clicked.connect(self._add)
        bottom = QHBoxLayout()
        bottom.addWidget(self.add)
        bottom.addStretch(1)
        column.addLayout(bottom)
        for place, question in enumerate(repeat.items):
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
        """Show rows."""
        for row in rows or []:
            self._append(row)

    def show_faults(self, sentences: Mapping[tuple[int, str], str]) -> None:
        """Mark the fields at fault: an outline, a sentence on hovering and for a screen reader."""
        for number, fields in enumerate(self._rows):
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
        fields: dict[str, Field] = {}
        for place, question in enumerate(self.repeat.items):
            made = make_field(question, self._setting.today)
            made.set_value(row.get(question.name))
            made.set_name(f"{self.repeat.label}, row {len(self._rows) + 1}: {question.label}")
            made.setEnabled(not self._setting.is_read_only)
            made.edited.connect(self.edited)
            fields[question.name] = made
            self.grid.addWidget(made, number, place)
        if not self._setting.is_read_only:
            remove = QPushButton("✕")
            remove.setToolTip("Remove this row")
            remove.setAccessibleName(f"Remove row {len(self._rows) + 1} of {self.repeat.label}")
            remove.clicked.connect(lambda: self._remove(fields, remove))
            self.grid.addWidget(remove, number, len(self.repeat.items))
        self._rows.append(fields)
        return fields

    def _remove(self, fields: dict[str, Field], button: QPushButton) -> None:
        self._rows.remove(fields)
        for widget in (*fields.values(), button):
            self.grid.removeWidget(widget)
            widget.deleteLater()
        self.add.setFocus()
        self.edited.emit()


class FormView(QWidget):
    """A form to fill in; ``settled`` gives the answers a moment after the last key."""

    settled = Signal(dict)

    def __init__(self, form: Form, answers: Answers, setting: FormSetting) -> None:
        super().__init__()
        self.form, self.setting = form, setting
        self._answers = dict(answers)
        self.rows: dict[str, QuestionRow] = {}
        self.repeats: dict[str, RepeatRows] = {}
        self._with_gap = bool(form.settings.get("gaps"))
        self.sections = QListWidget()
        self.sections.setAccessibleName("Sections")
        self.sections.setWordWrap(True)
        self.sections.setSpacing(STEP)
        self.sections.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.pages = QStackedWidget()
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.sections, 2)
        across.addWidget(self.pages, 7)
        self._groups: list[Group] = []
        self._build()
        self._timer = QTimer(self, interval=_SETTLE_MILLISECONDS, singleShot=True)
        self._timer.timeout.connect(self._settle)
        self.sections.currentRowChanged.connect(self.pages.setCurrentIndex)
        self.sections.setCurrentRow(0)
        self.judge()

    def answers(self) -> dict[str, Any]:
        """Return the answers as they stand; blanks are left out."""
        given = {name: row.field.value() for name, row in self.rows.items()}
        given |= {name: rows.value() or None for name, rows in self.repeats.items()}
        return {name: value for name, value in given.items() if value is not None}

    def judge(self) -> FormState:
        """Show what is relevant and what is wrong; return it."""
        state = evaluate(
            self.form, self.answers(), previous=self.setting.previous, today=self.setting.today
        )
        sentences: dict[str, tuple[str, str]] = {}
        in_rows: dict[tuple[int, str], str] = {}
        for problem in state.problems:
            if problem.row is not None:
                in_rows[problem.row, problem.field] = problem.message
            elif problem.severity != "question" and problem.rule != "required":
                sign = "✗" if problem.severity == "error" else "!"
                sentences.setdefault(problem.field, (f"{sign} {problem.message}", "problem"))
        for name, row in self.rows.items():
            sentence, kind = sentences.get(name, ("", "problem"))
            fault = row.field.fault()
            private = self._privacy_words(row)
            if fault:
                sentence = f"✗ {fault}"
            elif private and not sentence:
                sentence, kind = private, "warning"
            row.show_state(is_relevant=name in state.relevant, sentence=sentence, kind=kind)
        for rows in self.repeats.values():
            rows.show_faults(in_rows)
        self._mark_sections(state)
        return state

    def flush(self) -> None:
        """Give the answers at once if some were typed since the last time."""
        if self._timer.isActive():
            self._timer.stop()
            self._settle()

    def add_section(self, title: str, widget: QWidget) -> None:
        """Add a section that is not of the form."""
        self.sections.addItem(title)
        self.pages.addWidget(scrolled(widget))

    def focus_on(self, name: str) -> None:
        """Open the section of a question and put the cursor there."""
        for place, group in enumerate(self._groups):
            if any(item.name == name for item in group.items):
                self.sections.setCurrentRow(place)
        if name in self.rows:
            self.rows[name].field.setFocus()

    def _build(self) -> None:
        loose: list[Item] = [item for item in self.form.items if not isinstance(item, Group)]
        groups = [item for item in self.form.items if isinstance(item, Group)]
        if loose:
            groups.append(Group("more", "More", "", "", tuple(loose)))
        for group in groups:
            self._groups.append(group)
            self.sections.addItem(group.label)
            self.pages.addWidget(scrolled(self._section(group)))

    def _section(self, group: Group) -> QWidget:
        section = QWidget()
        grid = QGridLayout(section)
        grid.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        grid.setHorizontalSpacing(6 * STEP)
        grid.setVerticalSpacing(3 * STEP)
        grid.setColumnStretch(0, 4)
        grid.setColumnStretch(1, 5)
        grid.addWidget(words(group.label, "heading"), 0, 0, 1, 3)
        if group.hint:
            grid.addWidget(words(group.hint, "quiet"), 1, 0, 1, 3)
        for number, item in enumerate(group.items, start=2):
            if isinstance(item, Question):
                if item.is_asked:
                    self._question(item).place(grid, number)
            elif isinstance(item, Repeat):
                rows = RepeatRows(item, self.setting)
                rows.set_value(self._answers.get(item.name))
                rows.edited.connect(self._edited)
                self.repeats[item.name] = rows
                grid.addWidget(rows, number, 0, 1, 3)
        grid.setRowStretch(len(group.items) + 3, 1)
        return section

    def _question(self, question: Question) -> QuestionRow:
        row = QuestionRow(question, self.setting, with_gap=self._with_gap)
        row.field.set_value(self._answers.get(question.name))
        row.field.edited.connect(self._edited)
        self.rows[question.name] = row
        return row

    def _privacy_words(self, row: QuestionRow) -> str:
        value = row.field.value() if isinstance(row.field, TextField) else None
        found = find_identifiers(value, self.setting.known_names) if value else ()
        if not found:
            return ""
        first = found[0]
        return f"! “{first.words}” {first.why}. Never name a child here: use the CPOMS reference."

    def _mark_sections(self, state: FormState) -> None:
        wrong = {p.field for p in state.problems if p.severity != "question"}
        for place, group in enumerate(self._groups):
            names = {item.name for item in group.items} | {
                q.name for item in group.items if isinstance(item, Repeat) for q in item.items
            }
            count = len(names & wrong)
            label = f"{group.label}  ({count} open)" if count else f"{group.label}  ✓"
            item = self.sections.item(place)
            item.setText(label)
            item.setToolTip(label)
        # A longer text may need one line more.
        self.sections.scheduleDelayedItemsLayout()

    def _edited(self) -> None:
        self._timer.start()

    def _settle(self) -> None:
        self.judge()
        self.settled.emit(self.answers())


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
