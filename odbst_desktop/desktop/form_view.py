"""A form on the screen: sections to the left, questions to the right, judged as it is typed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from odbst_desktop.analysis.privacy import find_identifiers
from odbst_desktop.desktop.fields import TextField
from odbst_desktop.desktop.form_rows import FormSetting, QuestionRow, RepeatEditor, RepeatRows
from odbst_desktop.desktop.key_order import first_to_type_in, set_keys_after
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.repeat_cards import RepeatCards
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.answers import Answers, FormState, evaluate
from odbst_desktop.form_engine.definition import Form, Group, Item, Question, Repeat

_SETTLE_MILLISECONDS = 350
_LATEST_MILLISECONDS = 700
"""However quickly somebody types on, what was typed is given this long after its first key."""

_MOST_IN_LINE = 4
"""A repeat with more questions shows each row as a card of several lines."""


class FormView(QWidget):
    """A form to fill in; ``settled`` gives the answers a moment after the last key."""

    settled = Signal(dict)

    def __init__(self, form: Form, answers: Answers, setting: FormSetting) -> None:
        super().__init__()
        self.form, self.setting = form, setting
        self._answers = dict(answers)
        self.rows: dict[str, QuestionRow] = {}
        self.repeats: dict[str, RepeatEditor] = {}
        self._ahead = 0
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
        self._unbuilt: dict[int, QScrollArea] = {}
        self._build()
        self._timer = QTimer(self, interval=_SETTLE_MILLISECONDS, singleShot=True)
        self._timer.timeout.connect(self._settle)
        self._latest = QTimer(self, interval=_LATEST_MILLISECONDS, singleShot=True)
        self._latest.timeout.connect(self._settle)
        self.sections.currentRowChanged.connect(self._open_section)
        self.sections.setCurrentRow(0)

    def answers(self) -> dict[str, Any]:
        """Return the answers as they stand; blanks are left out."""
        given = dict(self._answers)
        given |= {name: row.field.value() for name, row in self.rows.items()}
        given |= {name: rows.value() or None for name, rows in self.repeats.items()}
        return {name: value for name, value in given.items() if value is not None}

    def judge(self) -> FormState:
        """Show what is relevant and what is wrong; return it."""
        answers = self.answers()
        state = evaluate(
            self.form, answers, previous=self.setting.previous, today=self.setting.today
        )
        sentences: dict[str, tuple[str, str]] = {}
        in_rows: dict[tuple[int, str], str] = {}
        for problem in state.problems:
            if problem.row is not None:
                in_rows[problem.row, problem.field] = problem.message
            elif problem.severity != "question" and problem.rule != "required":
                sign = "✗" if problem.severity == "error" else "!"
                sentences.setdefault(problem.field, (f"{sign} {problem.message}", "problem"))
        # What has to be mended is said before what is only remarked on.
        for name, remark in self.setting.remarks(answers).items():
            sentences.setdefault(name, (f"! {remark}", "warning"))
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
            self._settle()

    def set_answers(self, answers: Answers) -> None:
        """Show other answers in place of these; nothing is given, for nothing was typed."""
        self._answers = dict(answers)
        for name, row in self.rows.items():
            if row.field.value() != answers.get(name):
                row.field.set_value(answers.get(name))
        for name, rows in self.repeats.items():
            if (rows.value() or None) != answers.get(name):
                rows.set_value(answers.get(name))
        self._timer.stop()
        self._latest.stop()
        self.judge()

    def add_section(self, title: str, widget: QWidget) -> None:
        """Add a section that is not of the form."""
        self.sections.addItem(title)
        self.pages.addWidget(scrolled(widget))

    def add_first_section(self, title: str, widget: QWidget) -> None:
        """Put a section that is not of the form before all others, and show it."""
        self.sections.insertItem(self._ahead, title)
        self.pages.insertWidget(self._ahead, scrolled(widget))
        self._ahead += 1
        self.sections.setCurrentRow(self._ahead - 1)
        self.pages.setCurrentIndex(self._ahead - 1)

    def section_name(self) -> str:
        """Return the name of the group that is shown, nothing for a section of another kind."""
        place = self.sections.currentRow() - self._ahead
        return self._groups[place].name if 0 <= place < len(self._groups) else ""

    def focus_section(self) -> None:
        """Give the keys to the first field of the section that is shown."""
        page = self.pages.currentWidget()
        first = first_to_type_in(page) if page is not None else None
        if first is not None:
            first.setFocus()

    def show_question(self, name: str) -> None:
        """Show the section of a question or repeat."""
        for place, group in enumerate(self._groups):
            rows = [q.name for item in group.items if isinstance(item, Repeat) for q in item.items]
            if name in rows or any(item.name == name for item in group.items):
                self.sections.setCurrentRow(place + self._ahead)

    def row(self, name: str) -> QuestionRow:
        """Return the row of a question; its section is made if it was not shown yet."""
        for place, group in enumerate(self._groups):
            if name not in self.rows and any(item.name == name for item in group.items):
                self._make_section(place)
        return self.rows[name]

    def lines(self, name: str) -> RepeatEditor:
        """Return the lines of a repeat; its section is made if it was not shown yet."""
        for place, group in enumerate(self._groups):
            if name not in self.repeats and any(item.name == name for item in group.items):
                self._make_section(place)
        return self.repeats[name]

    def _build(self) -> None:
        loose: list[Item] = [item for item in self.form.items if not isinstance(item, Group)]
        groups = [item for item in self.form.items if isinstance(item, Group)]
        if loose:
            groups.append(Group("more", "More", "", "", tuple(loose)))
        for group in groups:
            self._groups.append(group)
            self.sections.addItem(group.label)
            area = scrolled(QWidget())
            self._unbuilt[len(self._groups) - 1] = area
            self.pages.addWidget(area)

    def _open_section(self, place: int) -> None:
        # A section is made when it is first shown: a long form is open at once.
        self._make_section(place - self._ahead)
        self.pages.setCurrentIndex(place)

    def _make_section(self, place: int) -> None:
        area = self._unbuilt.pop(place, None)
        if area is not None:
            section = self._section(self._groups[place])
            area.setWidget(section)
            # Made last, its fields would come after the whole window: they follow the list.
            set_keys_after(self.sections, section)
            self.judge()

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
                rows = self._repeat(item)
                rows.set_value(self._answers.get(item.name))
                rows.edited.connect(self._edited)
                self.repeats[item.name] = rows
                grid.addWidget(rows, number, 0, 1, 3)
        grid.setRowStretch(len(group.items) + 3, 1)
        return section

    def _repeat(self, item: Repeat) -> RepeatEditor:
        make = self.setting.editors.get(item.name)
        if make is not None:
            return make(item, self.setting)
        kind = RepeatCards if len(item.items) > _MOST_IN_LINE else RepeatRows
        return kind(item, self.setting)

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
            item = self.sections.item(place + self._ahead)
            item.setText(label)
            item.setToolTip(label)
        # A longer text may need one line more.
        self.sections.scheduleDelayedItemsLayout()

    def _edited(self) -> None:
        self._timer.start()
        if not self._latest.isActive():
            self._latest.start()

    def _settle(self) -> None:
        self._timer.stop()
        self._latest.stop()
        self.judge()
        self.settled.emit(self.answers())
