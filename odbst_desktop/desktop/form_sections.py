"""One section of a form on the screen: its questions, notes, inner groups and repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from odbst_desktop.desktop.choice_fields import KeyedField, keys_of
from odbst_desktop.desktop.form_rows import FormSetting, QuestionRow, RepeatEditor, RepeatRows
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.repeat_cards import RepeatCards
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.answers import Answers, FormState, is_blank
from odbst_desktop.form_engine.definition import Form, Group, Item, Question, Repeat
from odbst_desktop.form_engine.starting import quoting
from odbst_desktop.reports.form_paper import answer_words

_MOST_IN_LINE = 4
"""A repeat with more questions shows each row as a card of several lines."""


def sections_of(form: Form) -> list[Group]:
    """Return the sections of a form: its outermost groups, and one for what lies outside them."""
    loose: list[Item] = [item for item in form.items if not isinstance(item, Group)]
    groups = [item for item in form.items if isinstance(item, Group)]
    if loose:
        label = "More" if groups else form.title
        groups.append(Group("more", label, "", "", tuple(loose)))
    return groups


def inner_items(group: Group) -> Iterator[Question | Repeat]:
    """Return the questions and repeats of a section at every depth, in order."""
    for item in group.items:
        if isinstance(item, Group):
            yield from inner_items(item)
        else:
            yield item


def progress_of(group: Group, state: FormState) -> tuple[int, int, int]:
    """Return how many questions of a section are answered, are asked, and are wrong or missing."""
    asked = [q for q in inner_items(group)
             if isinstance(q, Question) and q.is_asked and q.name in state.relevant]  # fmt: skip
    answered = sum(not is_blank(state.values.get(question.name)) for question in asked)
    names = {item.name for item in inner_items(group)}
    names |= {q.name for item in inner_items(group) if isinstance(item, Repeat) for q in item.items}
    wrong = {(p.field, p.row) for p in state.problems if p.severity != "question"}
    return answered, len(asked), sum(field in names for field, _ in wrong)


class SectionPage(QWidget):
    """The widgets of a section, made when it is first shown."""

    def __init__(
        self,
        group: Group,
        setting: FormSetting,
        *,
        with_gap: bool,
        is_large: bool,
        edited: Callable[[], None],
        went_on: Callable[[str], None],
    ) -> None:
        super().__init__()
        self.rows: dict[str, QuestionRow] = {}
        self.repeats: dict[str, RepeatEditor] = {}
        self._headings: dict[str, list[tuple[QLabel, str]]] = {}
        self._setting, self._with_gap, self._is_large = setting, with_gap, is_large
        self._edited, self._went_on = edited, went_on
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        self._grid.setHorizontalSpacing(6 * STEP)
        self._grid.setVerticalSpacing(3 * STEP)
        self._grid.setColumnStretch(0, 4)
        self._grid.setColumnStretch(1, 5)
        self._at = 0
        self._across(words(group.label, "heading"))
        if group.hint:
            self._across(words(group.hint, "quiet"))
        legend = _legend(group)
        if legend and not setting.is_read_only:
            self._across(words(legend, "quiet"))
        self._lay_out(group.items)
        self._grid.setRowStretch(self._at, 1)

    def set_answers(self, answers: Answers) -> None:
        """Show answers."""
        for name, row in self.rows.items():
            row.field.set_value(answers.get(name))
        for name, rows in self.repeats.items():
            rows.set_value(answers.get(name))

    def show_state(self, form: Form, state: FormState) -> None:
        """Show what is asked, the answers that labels quote, and the choices that are offered."""
        for name, labels in self._headings.items():
            for label, text in labels:
                label.setVisible(name in state.relevant)
                label.setText(quoting(text, form, state.values, answer_words))
        for name, row in self.rows.items():
            row.show_label(quoting(row.question.label, form, state.values, answer_words))
            if row.question.choice_filter:
                row.field.set_offered(state.offered.get((None, name)))
            if row.question.calculation:
                row.field.set_value(state.values.get(name))
        for name, rows in self.repeats.items():
            rows.setVisible(name in state.relevant)
            rows.show_state(state)

    def _across(self, widget: QWidget) -> None:
        self._grid.addWidget(widget, self._at, 0, 1, 3)
        self._at += 1

    def _lay_out(self, items: tuple[Item, ...]) -> None:
        for item in items:
            if isinstance(item, Group):
                self._heading(item.name, item.label, "subheading")
                if item.hint:
                    self._heading(item.name, item.hint, "quiet")
                self._lay_out(item.items)
            elif isinstance(item, Repeat):
                self._repeat(item)
            elif item.type == "note":
                self._heading(item.name, item.label, "")
                if item.hint:
                    self._heading(item.name, item.hint, "quiet")
            elif item.is_asked:
                self._question(item)

    def _heading(self, name: str, text: str, kind: str) -> None:
        if text:
            label = words(text, kind)
            self._headings.setdefault(name, []).append((label, text))
            self._across(label)

    def _question(self, question: Question) -> None:
        row = QuestionRow(question, self._setting, with_gap=self._with_gap)
        row.field.edited.connect(self._edited)
        if isinstance(row.field, KeyedField):
            row.field.went_on.connect(lambda: self._went_on(question.name))
        self.rows[question.name] = row
        self._at += row.place(self._grid, self._at, is_stacked=self._is_large)

    def _repeat(self, repeat: Repeat) -> None:
        make = self._setting.editors.get(repeat.name)
        rows: RepeatEditor
        if make is not None:
            rows = make(repeat, self._setting)
        else:
            kind = RepeatCards if len(repeat.items) > _MOST_IN_LINE else RepeatRows
            rows = kind(repeat, self._setting)
        rows.edited.connect(self._edited)
        self.repeats[repeat.name] = rows
        self._across(rows)


def _legend(group: Group) -> str:
    """Return the keys of the answers, if the section has questions answered by one key."""
    found: dict[str, str] = {}
    for item in inner_items(group):
        if isinstance(item, Question) and not item.has_appearance("minimal"):
            found |= {key: item.label_of(name).lower() for name, key in keys_of(item).items()}
    parts: list[Any] = [f"{key} {label}" for key, label in found.items()]
    return f"Keys: {' · '.join(parts)}. F8 goes to the next open question." if parts else ""
