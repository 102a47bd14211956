"""One meeting on the screen: typed from the keyboard, saved as it is typed, undone at will."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QVBoxLayout, QWidget

from odbst_desktop.desktop.flowing import Flowing
from odbst_desktop.desktop.form_rows import FormSetting, RepeatRows
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.meeting.brought import BroughtPanel
from odbst_desktop.desktop.meeting.clock import ClockLine
from odbst_desktop.desktop.meeting.concerns import ConcernsEditor
from odbst_desktop.desktop.meeting.opened import OpenedMeeting
from odbst_desktop.desktop.meeting.quick_line import QuickLineEdit
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.tab import Tab, button, one_line, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.desktop.version_band import VersionBand
from odbst_desktop.meetings.adding import is_taken, missing_baselines, with_line, with_signal
from odbst_desktop.meetings.agenda import agenda, agenda_minutes
from odbst_desktop.meetings.agenda_clock import AgendaClock
from odbst_desktop.meetings.closing import close_remarks
from odbst_desktop.meetings.log import close_meeting, read_meeting, refuse_unfinished, save_meeting
from odbst_desktop.meetings.minutes import minutes
from odbst_desktop.meetings.quick_add import QuickLine
from odbst_desktop.meetings.steps import Steps, changed_names
from odbst_desktop.meetings.trends import Signal as WeekSignal
from odbst_desktop.school.typed_dates import show_date

_UNDO = (QKeySequence("Ctrl+Z"),)
_REDO = (QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y"))


class MeetingEditor(QWidget):
    """One meeting: saved within a second of each key until it is closed.

    ``closed`` gives the meeting once it is; ``import_wanted`` asks for counts from a file,
    ``amend_wanted`` for a next version.
    """

    closed = Signal(object)
    import_wanted = Signal()
    amend_wanted = Signal()
    amendment_dropped = Signal()
    move_wanted = Signal()

    def __init__(self, tab: Tab, opened: OpenedMeeting) -> None:
        super().__init__()
        self.tab, self.opened, self.meeting = tab, opened, opened.meeting
        self.known = opened.known()
        self._answers = dict(opened.meeting.typed)
        self.steps = Steps(self._answers)
        self._said_remarks: tuple[str, ...] = ()
        self.form = FormView(opened.form, self._answers, self._setting())
        # Its lists and pages scroll: at 200 % text they give way before the window has to grow.
        self.form.setMinimumHeight(5 * self.fontMetrics().lineSpacing())
        self._buttons()
        self.quick = QuickLineEdit(self.known, tab.desk.vault.today(), self.form.answers)
        hide_unless(not self.meeting.is_locked, self.quick)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 3 * STEP, 6 * STEP, 3 * STEP)
        column.setSpacing(2 * STEP)
        state = self.meeting.state_words[2:].lower()
        top = row_of(self.back, one_line(f"Meeting of {show_date(self.meeting.held_on)} · {state}"))
        top.addWidget(self.saved)
        column.addLayout(top)
        column.addWidget(
            Flowing(self.clock, self.more, self.minutes, self.undo_it, self.redo_it, self.close_it)
        )
        self.band = VersionBand(opened.form, opened.in_use, self.form.answers)
        hide_unless(not self.meeting.is_closed and self.band.is_needed, self.band)
        self.band.move_on.clicked.connect(self.move_wanted)
        column.addWidget(self.band)
        column.addWidget(self.form, 1)
        column.addWidget(self.quick)
        self.brought = BroughtPanel(tab, opened.before, opened.themes)
        count = len(opened.before.brought)
        self.form.add_first_section(f"Actions brought forward ({count})", self.brought)
        self._keys()
        self._show_signals()

    def flush(self) -> None:
        """Keep what was typed last."""
        self.form.flush()

    def add_line(self, line: QuickLine) -> None:
        """Add what a quick line says; the section where it went is shown."""
        self.form.flush()
        self._change(with_line(self.form.answers(), line, self.known))
        self.quick.setFocus()

    def take_signal(self, signal: WeekSignal) -> None:
        """Make a trend of a signal, with a decision that waits for its words."""
        self.form.flush()
        held_on = self.meeting.held_on
        self._change(with_signal(self.form.answers(), signal, self.opened.form, held_on))
        rows = self.form.lines("decisions")
        if isinstance(rows, RepeatRows):
            rows.field_of(-1, "decision").setFocus()

    def undo(self) -> None:
        """Take back the last change, wherever in the meeting it was."""
        self.form.flush()
        self._go_to(self.steps.undo(), "Nothing is left to undo.")

    def redo(self) -> None:
        """Make again the change that was taken back last."""
        self.form.flush()
        self._go_to(self.steps.redo(), "Nothing is left to redo.")

    def replace_answers(self, answers: dict[str, Any]) -> None:
        """Show answers that came from a file, as one step that can be undone."""
        self._change(answers)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Undo and redo across the meeting, before a field does it for its own text alone."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            keys = QKeySequence(event.keyCombination())
            inside = isinstance(watched, QWidget) and self.isAncestorOf(watched)
            if inside and keys in (*_UNDO, *_REDO):
                event.ignore()
                return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            keys = QKeySequence(event.keyCombination())
            inside = isinstance(watched, QWidget) and self.isAncestorOf(watched)
            if inside and not self.meeting.is_locked and keys in (*_UNDO, *_REDO):
                self.undo() if keys in _UNDO else self.redo()
                return True
        return super().eventFilter(watched, event)

    def _setting(self) -> FormSetting:
        def words_for(question: str) -> tuple[str, ...]:
            answers = self.form.answers() if hasattr(self, "form") else self._answers
            return self.opened.words_for(question, answers)

        return FormSetting(
            self.tab.desk.vault.today(),
            known_names=self.opened.names,
            is_read_only=self.meeting.is_locked,
            remarks=self.opened.remarks,
            words_for=words_for,
            row_note=self.opened.row_note,
            editors={"concerns": self._concerns},
        )

    def _concerns(self, repeat: Any, setting: FormSetting) -> ConcernsEditor:
        self.concerns = ConcernsEditor(
            repeat, setting, self.known, self.opened.before.recent, self.opened.judged_words()
        )
        self.concerns.signals.taken.connect(self.take_signal)
        self.concerns.import_wanted.connect(self.import_wanted)
        return self.concerns

    def _buttons(self) -> None:
        is_open = not self.meeting.is_locked
        self.back = button("← All meetings")
        self.saved = words("", "quiet")
        self.saved.setAccessibleName("Saved")
        minutes_of = self.opened.form.settings.get("minutes", 40)
        planned = AgendaClock(agenda_minutes(self.opened.form), int(minutes_of))
        self.clock = ClockLine(planned, self.form.section_name)
        self.minutes = button("Minutes as PDF")
        self.undo_it, self.redo_it = button("Undo"), button("Redo")
        self.close_it = button("Close the meeting", is_main=True)
        self.more = QPushButton("Papers and &more")
        menu = QMenu(self.more)
        menu.addAction("Agenda as PDF", self._agenda)
        menu.addAction("Copy to share, without references", self._share)
        for version in self.opened.versions:
            menu.addAction(
                f"Version {version.version}, before it was amended",
                partial(self._version, version.version),
            )
        if self.meeting.is_locked:
            menu.addAction("Amend with a reason…", self.amend_wanted.emit)
        elif self.meeting.is_closed:
            menu.addAction("Leave the minutes as they were", self.amendment_dropped.emit)
        self.more.setMenu(menu)
        for made in (self.clock, self.undo_it, self.redo_it, self.close_it):
            hide_unless(is_open, made)
        self.back.clicked.connect(self.tab.close_over)
        self.minutes.clicked.connect(self._minutes)
        self.close_it.clicked.connect(self._close)
        self.undo_it.clicked.connect(self.undo)
        self.redo_it.clicked.connect(self.redo)

    def _keys(self) -> None:
        def shortcut(keys: str, work: Any) -> None:
            made = QShortcut(QKeySequence(keys), self, work)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

        shortcut("Ctrl+PgDown", lambda: self._walk(1))
        shortcut("Ctrl+PgUp", lambda: self._walk(-1))
        self._show_undo()
        if self.meeting.is_locked:
            return
        shortcut("Ctrl+J", self.quick.setFocus)
        shortcut("Ctrl+T", self._take_first)
        self.quick.added.connect(self.add_line)
        self.form.settled.connect(self._settled)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def _walk(self, step: int) -> None:
        sections = self.form.sections
        row = min(max(sections.currentRow() + step, 0), sections.count() - 1)
        sections.setCurrentRow(row)
        self.form.focus_section()

    def _take_first(self) -> None:
        self.form.flush()
        self.form.lines("concerns")
        self._show_signals()
        self.concerns.signals.take()

    def _settled(self, answers: dict[str, Any]) -> None:
        fresh = missing_baselines(self._answers, answers, self.opened.before.recent)
        rows = self.form.lines("decisions") if fresh else None
        if isinstance(rows, RepeatRows):
            for number, baseline in fresh.items():
                rows.field_of(number, "baseline").set_value(baseline)
            answers = self.form.answers()
        self.steps.note(answers)
        self._keep(answers)

    def _change(self, answers: dict[str, Any]) -> None:
        before = self._answers
        self.form.set_answers(answers)
        self.steps.note(self.form.answers())
        self._keep(self.form.answers())
        for name in changed_names(before, answers)[-1:]:
            self.form.show_question(name)

    def _go_to(self, answers: dict[str, Any] | None, none_words: str) -> None:
        if answers is None:
            self.saved.setText(none_words)
            return
        names = changed_names(self._answers, answers)
        self.form.set_answers(answers)
        self._keep(answers)
        for name in names[:1]:
            self.form.show_question(name)

    def _keep(self, answers: dict[str, Any]) -> None:
        self._answers, self._said_remarks = answers, ()
        self.close_it.setText("Close the meeting")
        self.saved.setText("Saving…")
        self._show_undo()
        self._show_signals()
        vault, meeting = self.tab.desk.vault, self.meeting.id
        self.tab.run(lambda: save_meeting(vault, meeting, answers), self._saved, "meeting")

    def _saved(self, _value: object) -> None:
        moment = self.tab.desk.vault.clock().astimezone()
        self.saved.setText(f"✓ Saved at {moment:%H:%M:%S}")

    def _show_undo(self) -> None:
        self.undo_it.setEnabled(self.steps.can_undo)
        self.redo_it.setEnabled(self.steps.can_redo)

    def _show_signals(self) -> None:
        if not hasattr(self, "concerns"):
            return
        found = self.opened.past.signals(self._answers)
        self.concerns.show_signals(found, [is_taken(self._answers, one) for one in found])

    def _minutes(self) -> None:
        self.form.flush()
        vault, meeting = self.tab.desk.vault, self.meeting.id
        self.tab.run(lambda: minutes(vault, meeting), self.tab.show_paper)

    def _agenda(self) -> None:
        self.form.flush()
        vault, meeting = self.tab.desk.vault, self.meeting.id
        themes = self.opened.themes
        self.tab.run(lambda: agenda(vault, meeting, themes=themes), self.tab.show_paper)

    def _share(self) -> None:
        self.form.flush()
        vault, meeting = self.tab.desk.vault, self.meeting.id
        self.tab.run(lambda: minutes(vault, meeting, for_distribution=True), self.tab.show_paper)

    def _version(self, number: int) -> None:
        vault, meeting = self.tab.desk.vault, self.meeting.id
        self.tab.run(lambda: minutes(vault, meeting, version=number), self.tab.show_paper)

    def _close(self) -> None:
        """Close if nothing is to be said first, or if it was said and is closed all the same."""
        self.form.flush()
        errors = self.form.judge().errors()
        if errors:
            self.form.show_question(errors[0].field)
        vault, meeting, said = self.tab.desk.vault, self.meeting.id, self._said_remarks

        def check_and_close() -> object:
            found = read_meeting(vault, meeting)
            with vault.reading() as session:
                refuse_unfinished(session, found.typed, vault.today(), found.form_version)
                remarks = close_remarks(session, found, vault.today())
            return remarks if remarks and not said else close_meeting(vault, meeting)

        self.tab.run(check_and_close, self._checked, "meeting", "action")

    def _checked(self, value: object) -> None:
        if not isinstance(value, tuple):
            self.closed.emit(value)
            return
        self._said_remarks = value
        self.close_it.setText("Close all the same")
        self.close_it.setFocus()
        self.tab.show_problem("Before it is closed: " + " ".join(value))
