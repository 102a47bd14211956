"""The tab of the weekly DSL meetings: the log, the weeks of the term, one meeting over it."""

from __future__ import annotations

from dataclasses import dataclass

from odbst_desktop.actions.list import Action, open_actions
from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.meeting.amend_panel import AmendPanel
from odbst_desktop.desktop.meeting.editor import MeetingEditor
from odbst_desktop.desktop.meeting.import_panel import ImportPanel
from odbst_desktop.desktop.meeting.opened import OpenedMeeting, open_meeting
from odbst_desktop.desktop.meeting.weeks_panel import WeeksPanel
from odbst_desktop.desktop.meeting_search import MeetingSearch
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.version_band import moved_words
from odbst_desktop.meetings.log import Meeting, MeetingId, drop_amendment, meetings, start_meeting
from odbst_desktop.meetings.versions import move_meeting
from odbst_desktop.meetings.weeks import Week, coverage_of, term_weeks
from odbst_desktop.office.calendar import current_term
from odbst_desktop.school.calendar import week_of
from odbst_desktop.school.typed_dates import show_date

COLUMNS: tuple[Column[Meeting], ...] = (
    Column("Date", lambda m: show_date(m.held_on), 2),
    Column("State", lambda m: m.state_words, 2, 14),
    Column("Concerns", lambda m: str(m.concerns_total()), 1),
    Column("Decisions", lambda m: str(len(m.answers.get("decisions", []))), 1),
    Column("Key concerns", lambda m: str(m.answers.get("key_concerns") or "—"), 8),
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    meetings: tuple[Meeting, ...]
    term: str
    weeks: tuple[Week, ...]
    open_actions: tuple[Action, ...]


class MeetingsTab(Tab):
    """The log of meetings; one is opened over it."""

    kinds = frozenset({"meeting", "action"})
    title = "Meetings"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.new = button("New meeting", is_main=True)
        self.open = button("Open")
        self.weeks = button("Weeks of the term")
        self.coverage = words("", "quiet")
        self.table: TableView[Meeting] = TableView("Meetings", COLUMNS)
        self.column.addWidget(words("Weekly DSL meetings", "title"))
        self.column.addWidget(self.coverage)
        self.column.addLayout(row_of(self.new, self.open, self.weeks))
        self.search = MeetingSearch(self)
        self.column.addWidget(self.search)
        self.column.addWidget(self.table, 1)
        self._loaded = _Loaded((), "", (), ())
        self.search.searching.connect(self.table.setHidden)
        self.search.chosen.connect(self.open_meeting)
        self.new.clicked.connect(self._new)
        self.open.clicked.connect(self._open_chosen)
        self.weeks.clicked.connect(self._show_weeks)
        self.table.activated.connect(self._open_chosen)

    @property
    def editor(self) -> MeetingEditor | None:
        """Return the meeting that is open, if any."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, MeetingEditor) else None

    def load(self) -> _Loaded:
        """Read the log."""
        today = self.desk.vault.today()
        with self.desk.vault.reading() as session:
            term = current_term(session, today)
            weeks = term_weeks(session, term, today) if term else ()
            label = term.label if term else ""
            return _Loaded(meetings(session), label, weeks, open_actions(session))

    def show_loaded(self, value: _Loaded) -> None:
        """Show the log."""
        self._loaded = value
        today = self.desk.vault.today()
        overdue = sum(a.is_overdue_on(today) for a in value.open_actions)
        found = coverage_of(value.weeks)
        term = (
            f"{value.term}: a meeting in {found.words} so far. {found.gap_words}"
            if value.term
            else "No term is running."
        )
        self.coverage.setText(
            f"{term} {len(value.open_actions)} actions are open, {overdue} overdue."
        )
        self.table.show_rows(value.meetings)
        self.open.setEnabled(bool(value.meetings))
        self.weeks.setEnabled(bool(value.weeks))

    def flush(self) -> None:
        """Keep what was typed last."""
        if self.editor is not None:
            self.editor.flush()

    def meeting_closed(self, meeting: Meeting) -> None:
        """Go back to the log and say what became of the decisions."""
        self.close_over()
        count = len(meeting.answers.get("decisions", []))
        version = f" as version {meeting.version}" if meeting.version > 1 else ""
        self.show_good(
            f"The meeting of {show_date(meeting.held_on)} is closed{version}; {count} decisions "
            "are now actions. Open it to print the minutes."
        )

    def open_meeting(self, meeting: MeetingId) -> None:
        """Show a meeting over the log."""
        vault = self.desk.vault
        self.run(lambda: open_meeting(vault, meeting), self._show)

    def _new(self) -> None:
        vault = self.desk.vault
        this_week = week_of(vault.today())
        begun = [
            meeting.id
            for meeting in self.table.table.rows
            if not meeting.is_closed and week_of(meeting.held_on) == this_week
        ]
        if begun:
            self.open_meeting(begun[0])
            return
        self.run(lambda: open_meeting(vault, start_meeting(vault).id), self._show, "meeting")

    def _open_chosen(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.open_meeting(chosen.id)

    def _show(self, opened: OpenedMeeting) -> None:
        above = self.stack.currentWidget()
        editor = MeetingEditor(self, opened)
        self.open_over(editor)
        if isinstance(above, MeetingEditor | AmendPanel):
            self.stack.removeWidget(above)
            above.deleteLater()
        editor.closed.connect(self.meeting_closed)
        editor.amend_wanted.connect(self._amend)
        editor.import_wanted.connect(self._import)
        editor.amendment_dropped.connect(self._drop_amendment)
        editor.move_wanted.connect(self._move_on)
        editor.form.sections.setFocus()

    def _import(self) -> None:
        editor = self.editor
        if editor is None:
            return
        editor.flush()
        panel = ImportPanel(self, editor.meeting, editor.form.answers(), editor.known)

        def back() -> None:
            self.stack.setCurrentWidget(editor)
            self.stack.removeWidget(panel)
            panel.deleteLater()

        panel.left.connect(back)
        panel.counted.connect(back)
        panel.counted.connect(editor.replace_answers)
        self.open_over(panel)
        panel.kind.setFocus()

    def _amend(self) -> None:
        editor = self.editor
        if editor is not None:
            panel = AmendPanel(self, editor.meeting)
            panel.amending.connect(self.open_meeting)
            self.stack.removeWidget(editor)
            editor.deleteLater()
            self.open_over(panel)
            panel.reason.setFocus()

    def _drop_amendment(self) -> None:
        editor, vault = self.editor, self.desk.vault
        if editor is None:
            return
        meeting = editor.meeting.id

        def drop() -> OpenedMeeting:
            drop_amendment(vault, meeting)
            return open_meeting(vault, meeting)

        self.run(drop, self._show, "meeting")

    def _move_on(self) -> None:
        editor, vault = self.editor, self.desk.vault
        if editor is None:
            return
        editor.flush()
        meeting = editor.meeting.id

        def work() -> tuple[OpenedMeeting, str]:
            moved = move_meeting(vault, meeting)
            return open_meeting(vault, meeting), moved_words(moved)

        self.run(work, self._moved, "meeting")

    def _moved(self, found: tuple[OpenedMeeting, str]) -> None:
        opened, sentence = found
        self._show(opened)
        self.show_good(sentence)

    def _show_weeks(self) -> None:
        panel = WeeksPanel(self, self._loaded.term, self._loaded.weeks)
        self.open_over(panel)
        panel.table.setFocus()
