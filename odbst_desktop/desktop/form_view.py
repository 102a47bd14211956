"""A form on the screen: sections to the left, questions to the right, judged as it is typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.analysis.privacy import Finding, find_identifiers
from odbst_desktop.desktop.fields import Field, TextField
from odbst_desktop.desktop.form_rows import FormSetting, QuestionRow, RepeatEditor
from odbst_desktop.desktop.form_sections import SectionPage, inner_items, progress_of, sections_of
from odbst_desktop.desktop.key_order import first_to_type_in, set_keys_after
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.scrolling import scrolled
from odbst_desktop.desktop.section_list import SectionList
from odbst_desktop.desktop.theme import STEP, large_type
from odbst_desktop.form_engine.answer_types import LONGEST_TEXT
from odbst_desktop.form_engine.answers import Answers, FormState, Standing
from odbst_desktop.form_engine.definition import Form, Group, Repeat
from odbst_desktop.form_engine.live import LiveForm, LiveSetting

_SETTLE_MILLISECONDS = 350
_LATEST_MILLISECONDS = 700
"""However quickly somebody types on, what was typed is given this long after its first key."""


class FormView(QWidget):
    """A form to fill in; ``settled`` gives the answers a moment after the last key.

    F8 and Shift+F8 go to the next and the last question that is missing or wrong, F9 switches to
    large type.
    """

    settled = Signal(dict)

    def __init__(self, form: Form, answers: Answers, setting: FormSetting) -> None:
        super().__init__()
        self.form, self.setting = form, setting
        self._answers = dict(answers)
        self._live = LiveForm(
            form, answers, LiveSetting(setting.previous, setting.today, setting.now)
        )
        self._standing = Standing(self._live)
        self._state = self._standing.state()
        self.rows: dict[str, QuestionRow] = {}
        self.repeats: dict[str, RepeatEditor] = {}
        self._ahead = 0
        self._in_rows: dict[tuple[int, str], str] = {}
        self._looked_at: dict[str, tuple[str, tuple[Finding, ...]]] = {}
        self._with_gap = bool(form.settings.get("gaps"))
        self.sections, self.pages = SectionList(), QStackedWidget()
        self.progress = words("", "quiet")
        self.next = QPushButton("Next open question (F8)")
        self.large = QPushButton("Large type (F9)")
        self._groups: list[Group] = []
        self._made: dict[int, SectionPage] = {}
        self._lay_out()
        self._build()
        self._timer = QTimer(self, interval=_SETTLE_MILLISECONDS, singleShot=True)
        self._timer.timeout.connect(self._settle)
        self._latest = QTimer(self, interval=_LATEST_MILLISECONDS, singleShot=True)
        self._latest.timeout.connect(self._settle)
        self.sections.currentRowChanged.connect(self._open_section)
        self.sections.setCurrentRow(0)
        self.next.clicked.connect(lambda _checked: self.go_to_open())
        self.large.toggled.connect(self._set_large)
        for keys, step in (("F8", 1), ("Shift+F8", -1)):
            self._shortcut(keys).activated.connect(lambda step=step: self.go_to_open(step))
        self._shortcut("F9").activated.connect(self.large.toggle)

    def answers(self) -> dict[str, Any]:
        """Return the answers as they stand; blanks are left out."""
        given = dict(self._answers)
        given |= {name: row.field.value() for name, row in self.rows.items()}
        given |= {name: rows.value() or None for name, rows in self.repeats.items()}
        return {name: value for name, value in given.items() if value is not None}

    def judge(self) -> FormState:
        """Show what is relevant and what is wrong; return it."""
        answers = self.answers()
        self._live.change(answers)
        whole = self._standing.state()
        state = self._state = whole.without(self.setting.explained())
        for page in self._made.values():
            page.show_state(self.form, state)
        sentences: dict[str, tuple[str, str]] = {}
        self._in_rows = {}
        for problem in state.problems:
            if problem.row is not None:
                self._in_rows[problem.row, problem.field] = problem.message
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
            rows.show_faults(self._in_rows)
        self._mark_sections(state)
        return whole

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
        place = self._place_of(name)
        if place is not None:
            self.sections.setCurrentRow(place + self._ahead)

    def focus_question(self, name: str) -> None:
        """Show a question and give it the keys."""
        self.show_question(name)
        place = self._place_of(name)
        if place is None:
            return
        self._make_section_of(name)
        field = self._field(name, 0)
        if field is not None:
            self._focus(field, place)

    def row(self, name: str) -> QuestionRow:
        """Return the row of a question; its section is made if it was not shown yet."""
        if name not in self.rows:
            self._make_section_of(name)
        return self.rows[name]

    def lines(self, name: str) -> RepeatEditor:
        """Return the lines of a repeat; its section is made if it was not shown yet."""
        if name not in self.repeats:
            self._make_section_of(name)
        return self.repeats[name]

    def go_to_open(self, step: int = 1) -> None:
        """Put the keyboard into the next question that is missing or wrong, or the one before."""
        self.judge()
        stops = list(self._stops())
        if not stops:
            self.progress.setText("✓ Nothing is open.")
            return
        here = self._here()
        if step > 0:
            later = [stop for stop in stops if stop[0] > here]
            place, name, number = (later or stops)[0]
        else:
            earlier = [stop for stop in stops if stop[0] < here]
            place, name, number = (earlier or stops)[-1]
        self.sections.setCurrentRow(place[0] + self._ahead)
        self._make_section(place[0])
        target = self._field(name, number)
        if target is not None:
            self._focus(target, place[0])

    def _lay_out(self) -> None:
        self.next.setToolTip("F8; Shift+F8 goes back")
        self.large.setCheckable(True)
        side = QVBoxLayout()
        side.setSpacing(2 * STEP)
        side.addWidget(self.sections, 1)
        side.addWidget(self.progress)
        side.addWidget(self.next)
        side.addWidget(self.large)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addLayout(side, 2)
        across.addWidget(self.pages, 7)

    def _shortcut(self, keys: str) -> QShortcut:
        made = QShortcut(QKeySequence(keys), self)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return made

    def _build(self) -> None:
        for group in sections_of(self.form):
            self._groups.append(group)
            self.sections.addItem(group.label)
            self.pages.addWidget(scrolled(QWidget()))

    def _open_section(self, place: int) -> None:
        # A section is made when it is first shown: a long form is open at once.
        self._make_section(place - self._ahead)
        self.pages.setCurrentIndex(place)

    def _place_of(self, name: str) -> int | None:
        for place, group in enumerate(self._groups):
            for item in inner_items(group):
                inner = item.items if isinstance(item, Repeat) else ()
                if item.name == name or any(question.name == name for question in inner):
                    return place
        return None

    def _make_section_of(self, name: str) -> None:
        place = self._place_of(name)
        if place is not None:
            self._make_section(place)

    def _make_section(self, place: int) -> None:
        area = self.pages.widget(place + self._ahead)
        is_section = 0 <= place < len(self._groups) and place not in self._made
        if not is_section or not isinstance(area, QScrollArea):
            return
        page = SectionPage(
            self._groups[place], self.setting, with_gap=self._with_gap,
            is_large=self.large.isChecked(), edited=self._edited, went_on=self._went_on,
        )  # fmt: skip
        is_waiting = self._timer.isActive()
        page.set_answers(self._answers)
        self._made[place] = page
        self.rows |= page.rows
        self.repeats |= page.repeats
        area.setWidget(page)
        # Made last, its fields would come after the whole window: they follow the list.
        set_keys_after(self.sections, page)
        self.judge()
        if not is_waiting:
            # Showing what is there is no typing.
            self._timer.stop()
            self._latest.stop()

    def _set_large(self, is_large: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.flush()
        self._answers = self.answers()
        self._made, self.rows, self.repeats = {}, {}, {}
        self.pages.setStyleSheet(large_type(self.font().pointSizeF()) if is_large else "")
        self._open_section(self.sections.currentRow())

    def _stops(self) -> Iterator[tuple[tuple[int, int], str, int]]:
        """Return the open questions in order: place, name, and which of a repeat's fields."""
        wrong = {p.field for p in self._state.problems if p.severity != "question"}
        for place, group in enumerate(self._groups):
            for number, item in enumerate(inner_items(group)):
                if isinstance(item, Repeat):
                    count = sum(p.row is not None and any(q.name == p.field for q in item.items)
                                for p in self._state.problems)  # fmt: skip
                    if item.name in self.repeats:
                        count = len(self.repeats[item.name].faulty(self._in_rows))
                    for field in range(count):
                        yield (place, number * 1000 + field), item.name, field
                elif item.name in wrong or self._has_fault(item.name):
                    yield (place, number * 1000), item.name, 0

    def _has_fault(self, name: str) -> bool:
        row = self.rows.get(name)
        return row is not None and row.is_shown and bool(row.field.fault())

    def _here(self) -> tuple[int, int]:
        """Return the place of the question that has the keyboard."""
        place, focused = self.sections.currentRow() - self._ahead, QApplication.focusWidget()
        if not 0 <= place < len(self._groups) or focused is None:
            return place, -1
        for number, item in enumerate(inner_items(self._groups[place])):
            if item.name in self.repeats:
                faulty = self.repeats[item.name].faulty(self._in_rows)
                for field, made in enumerate(faulty):
                    if made.isAncestorOf(focused):
                        return place, number * 1000 + field
                if self.repeats[item.name].isAncestorOf(focused):
                    return place, number * 1000
            elif item.name in self.rows and self.rows[item.name].field.isAncestorOf(focused):
                return place, number * 1000
        return place, -1

    def _field(self, name: str, number: int) -> Field | None:
        if name in self.rows:
            return self.rows[name].field
        faulty = self.repeats[name].faulty(self._in_rows) if name in self.repeats else []
        return faulty[min(number, len(faulty) - 1)] if faulty else None

    def _focus(self, field: Field, place: int) -> None:
        field.control().setFocus(Qt.FocusReason.TabFocusReason)
        area = self.pages.widget(place + self._ahead)
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(field, 0, 20 * STEP)

    def _went_on(self, name: str) -> None:
        """Go to the question after one that was answered by its key; what unfolds comes first."""
        self.judge()
        self._edited()
        place = self.sections.currentRow() - self._ahead
        names = [item.name for item in inner_items(self._groups[place])]
        for following in names[names.index(name) + 1 :]:
            row = self.rows.get(following)
            if row is not None and row.is_shown and row.field.isEnabled():
                self._focus(row.field, place)
                return

    def _privacy_words(self, row: QuestionRow) -> str:
        value = row.field.value() if isinstance(row.field, TextField) else None
        if not value:
            return ""
        # A longer text is refused as a whole, so what lies beyond is not read on this thread.
        text = value[:LONGEST_TEXT]
        if self._looked_at.get(row.question.name, ("", ()))[0] != text:
            # Every text is asked for after each key; only the one typed in has changed.
            found = find_identifiers(text, self.setting.known_names)
            self._looked_at[row.question.name] = (text, found)
        found = self._looked_at[row.question.name][1]
        if not found:
            return ""
        first = found[0]
        return f"! “{first.words}” {first.why}. Never name a child here: use the CPOMS reference."

    def _mark_sections(self, state: FormState) -> None:
        all_answered = all_asked = all_open = 0
        for place, group in enumerate(self._groups):
            answered, asked, count = progress_of(group, state)
            said = f"{answered} of {asked} answered" if asked else ""
            ends = [part for part in (said, f"{count} open" if count else "✓") if part]
            text = f"{group.label}\n{' · '.join(ends)}"
            item = self.sections.item(place + self._ahead)
            if item.text() != text:
                item.setText(text)
                item.setToolTip(text)
            item.setHidden(group.name not in state.relevant and bool(group.relevant))
            all_answered, all_asked = all_answered + answered, all_asked + asked
            all_open += count
        words_open = f"{all_open} open" if all_open else "✓ nothing open"
        self.progress.setText(f"{all_answered} of {all_asked} answered · {words_open}")
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
