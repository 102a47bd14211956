"""The tab of the weekly DSL meetings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from odbst_desktop.actions.list import Action, actions, open_actions
from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.form_rows import FormSetting
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.meeting_search import MeetingSearch
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import Tab, button, one_line, row_of
from odbst_desktop.desktop.tabs.actions import ActionsPanel
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.form_engine.answers import Answers
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.meetings.counts import coverage
from odbst_desktop.meetings.log import (
    Meeting,
    MeetingId,
    close_meeting,
    meeting_form,
    meetings,
    read_meeting,
    save_meeting,
    start_meeting,
)
from odbst_desktop.meetings.minutes import minutes
from odbst_desktop.office.calendar import current_term, own_year
from odbst_desktop.school.calendar import AcademicYear, week_of, year_of
from odbst_desktop.school.people import people
from odbst_desktop.school.typed_dates import show_date

COLUMNS: tuple[Column[Meeting], ...] = (
    Column("Date", lambda m: show_date(m.held_on), 2),
    Column("State", lambda m: "✓ Closed" if m.is_closed else "○ Draft", 2),
    Column("Concerns", lambda m: str(m.concerns_total()), 1),
    Column("Decisions", lambda m: str(len(m.answers.get("decisions", []))), 1),
    Column("Key concerns", lambda m: str(m.answers.get("key_concerns") or "—"), 8),
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    meetings: tuple[Meeting, ...]
    coverage: str
    open_actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class _Opened:
    meeting: Meeting
    form: Form
    names: tuple[str, ...]
    brought: tuple[Action, ...]
    year: AcademicYear | None

    def remarks(self, answers: Answers) -> dict[str, str]:
        """Remark on a meeting that lies in no term."""
        typed = answers.get("held_on")
        day = date.fromisoformat(typed) if typed else None
        if day is None or self.year is None or year_of(day) != self.year.label:
            return {}
        if self.year.term_on(day) is not None:
            return {}
        return {"held_on": "This day lies outside the terms: the meeting counts for no week."}


class MeetingEditor(QWidget):
    """One meeting: saved a moment after each key until it is closed."""

    def __init__(self, tab: MeetingsTab, opened: _Opened) -> None:
        super().__init__()
        self.tab, self.meeting = tab, opened.meeting
        day = tab.desk.vault.today()
        setting = FormSetting(
            day,
            known_names=opened.names,
            is_read_only=opened.meeting.is_closed,
            remarks=opened.remarks,
        )
        self.form = FormView(opened.form, opened.meeting.answers, setting)
        self.back = button("← All meetings")
        self.saved = words("", "quiet")
        self.saved.setAccessibleName("Saved")
        self.minutes = button("Minutes as PDF")
        self.close_it = button("Close the meeting", is_main=True)
        hide_unless(not opened.meeting.is_closed, self.close_it)
        state = "closed" if opened.meeting.is_closed else "draft"
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        top = row_of(
            self.back, one_line(f"Meeting of {show_date(opened.meeting.held_on)} · {state}")
        )
        top.addWidget(self.saved)
        top.addWidget(self.minutes)
        top.addWidget(self.close_it)
        column.addLayout(top)
        column.addWidget(self.form, 1)
        self.brought = ActionsPanel(tab, opened.brought)
        self.form.add_section(f"Actions brought forward ({len(opened.brought)})", self.brought)
        if not opened.meeting.is_closed:
            self.form.settled.connect(self._save)
        self.back.clicked.connect(tab.close_over)
        self.minutes.clicked.connect(self._minutes)
        self.close_it.clicked.connect(self._close)

    def _save(self, answers: dict[str, Any]) -> None:
        self.saved.setText("Saving…")
        vault, meeting = self.tab.desk.vault, self.meeting.id
        self.tab.run(lambda: save_meeting(vault, meeting, answers), self._saved, "meeting")

    def _saved(self, _value: object) -> None:
        moment = self.tab.desk.vault.clock().astimezone()
        self.saved.setText(f"✓ Saved at {moment:%H:%M:%S}")

    def _minutes(self) -> None:
        self.form.flush()
        vault, meeting = self.tab.desk.vault, self.meeting.id
        self.tab.run(lambda: minutes(vault, meeting), self.tab.show_paper)

    def _close(self) -> None:
        self.form.flush()
        vault, meeting = self.tab.desk.vault, self.meeting.id
        self.tab.run(
            lambda: close_meeting(vault, meeting), self.tab.meeting_closed, "meeting", "action"
        )


class MeetingsTab(Tab):
    """The log of meetings; one is opened over it."""

    kinds = frozenset({"meeting", "action"})
    title = "Meetings"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.new = button("New meeting", is_main=True)
        self.open = button("Open")
        self.coverage = words("", "quiet")
        self.table: TableView[Meeting] = TableView("Meetings", COLUMNS)
        self.column.addWidget(words("Weekly DSL meetings", "title"))
        self.column.addWidget(self.coverage)
        self.column.addLayout(row_of(self.new, self.open))
        self.search = MeetingSearch(self)
        self.column.addWidget(self.search)
        self.column.addWidget(self.table, 1)
        self.search.searching.connect(self.table.setHidden)
        self.search.chosen.connect(self.open_meeting)
        self.new.clicked.connect(self._new)
        self.open.clicked.connect(self._open_chosen)
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
            words_of = (
                f"{term.label}: a meeting in {coverage(session, term, today).words} so far."
                if term
                else "No term is running."
            )
            return _Loaded(meetings(session), words_of, open_actions(session))

    def show_loaded(self, value: _Loaded) -> None:
        """Show the log."""
        overdue = sum(a.is_overdue_on(self.desk.vault.today()) for a in value.open_actions)
        self.coverage.setText(
            f"{value.coverage} {len(value.open_actions)} actions are open, {overdue} overdue."
        )
        self.table.show_rows(value.meetings)
        self.open.setEnabled(bool(value.meetings))

    def flush(self) -> None:
        """Keep what was typed last."""
        if self.editor is not None:
            self.editor.form.flush()

    def meeting_closed(self, meeting: Meeting) -> None:
        """Go back to the log and say what became of the decisions."""
        self.close_over()
        count = len(meeting.answers.get("decisions", []))
        self.show_good(
            f"The meeting of {show_date(meeting.held_on)} is closed; {count} decisions are now "
            "actions. Open it to print the minutes."
        )

    def _new(self) -> None:
        vault = self.desk.vault
        this_week = week_of(vault.today())
        begun = [
            meeting.id
            for meeting in self.table.table.rows
            if not meeting.is_closed and week_of(meeting.held_on) == this_week
        ]
        if begun:
            self.run(lambda: self._opened(begun[0]), self._show)
            return
        self.run(lambda: self._opened(start_meeting(vault).id), self._show, "meeting")

    def open_meeting(self, meeting: MeetingId) -> None:
        """Show a meeting over the log."""
        self.run(lambda: self._opened(meeting), self._show)

    def _open_chosen(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.run(lambda: self._opened(chosen.id), self._show)

    def _opened(self, meeting: MeetingId) -> _Opened:
        vault = self.desk.vault
        found = read_meeting(vault, meeting)
        with vault.reading() as session:
            form = meeting_form(session, on=None if found.is_closed else found.held_on)
            names = tuple(person.name for person in people(session))
            mine = {a.id for a in actions(session, origin=f"meeting/{meeting}")}
            brought = tuple(a for a in open_actions(session) if a.id not in mine)
            year = own_year(session, found.held_on)
        return _Opened(found, form, names, brought, year)

    def _show(self, opened: _Opened) -> None:
        editor = MeetingEditor(self, opened)
        self.open_over(editor)
        editor.form.sections.setFocus()
