"""One visit on the screen: answered, closed, signed, answered by the school, reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.file_field import of_tab
from odbst_desktop.desktop.form_rows import FormSetting
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.tabs.checks import ChecksPanel
from odbst_desktop.desktop.tabs.staff_grid import StaffGrid
from odbst_desktop.desktop.tabs.visit_afterwards import AfterwardsPanel
from odbst_desktop.desktop.tabs.visit_response import ResponsePanel
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.desktop.version_band import VersionBand, moved_words
from odbst_desktop.form_engine.definition import Form, Repeat
from odbst_desktop.monitoring.checklists import checklist_in_use, filled_in_form
from odbst_desktop.monitoring.judgement import Judgement, visit_problem_words
from odbst_desktop.monitoring.lgb_report import lgb_report
from odbst_desktop.monitoring.received import RESPONDING_ROLES, note_reported, respond
from odbst_desktop.monitoring.report import visit_report
from odbst_desktop.monitoring.sample import new_seed, with_new_sample
from odbst_desktop.monitoring.staff_voice import STAFF
from odbst_desktop.monitoring.versions import move_visit
from odbst_desktop.monitoring.visits import (
    DONE,
    Visit,
    VisitId,
    amend_visit,
    close_visit,
    explain,
    judge_visit,
    passed_names,
    put_aside,
    read_visit,
    save_visit,
)
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import Owner, Profile, read_owner
from odbst_desktop.school.posts import posts
from odbst_desktop.school.schools import find_school
from odbst_desktop.vault.vault import Vault

_READY = "✓ Nothing is open. The visit can be closed and signed."


@dataclass(frozen=True, slots=True)
class OpenedVisit:
    """A visit with what the editor needs to know beside it."""

    visit: Visit
    owner: Owner
    school: str
    names: tuple[str, ...]
    judgement: Judgement
    in_use: Form


class VisitTab(Tab):
    """A tab that opens visits."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.section: int | None = None

    @property
    def editor(self) -> VisitEditor | None:
        """Return the visit that is open, if any."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, VisitEditor) else None

    def open_visit(self, visit: VisitId, section: int | None = None) -> None:
        """Open a visit, at a section if one is named."""
        vault, self.section = self.desk.vault, section
        self.run(lambda: opened_visit(vault, visit), self.show_opened)

    def show_opened(self, opened: OpenedVisit) -> None:
        """Show a visit that was read, in place of the one that is open."""
        before = self.editor
        editor = VisitEditor(self, opened)
        self.open_over(editor)
        if before is not None:
            self.stack.removeWidget(before)
            before.deleteLater()
        editor.open_section(self.section)
        editor.form.sections.setFocus()

    def flush(self) -> None:
        """Keep what was typed last."""
        if self.editor is not None:
            self.editor.flush()

    def sign(self, visit: VisitId) -> None:
        """Sign and export a visit; only a governor's tab does."""
        raise NotImplementedError


class VisitEditor(QWidget):
    """One visit: saved a moment after each key until it is closed."""

    def __init__(self, tab: VisitTab, opened: OpenedVisit) -> None:
        super().__init__()
        self.tab, self.opened, self.visit = tab, opened, opened.visit
        is_open = self.visit.state == "draft"
        self.checklist = self.visit.form
        setting = FormSetting(
            tab.desk.vault.today(), known_names=opened.names, is_read_only=not is_open,
            files=of_tab(tab),
        )  # fmt: skip
        self.form = FormView(_shown_form(self.checklist), self.visit.answers, setting)
        self.staff: StaffGrid | None = None
        self.response: ResponsePanel | None = None
        self.afterwards: AfterwardsPanel | None = None
        self.checks = ChecksPanel(
            self._explain, self.visit.explanations, is_read_only=not self._may_explain(),
            words_of=lambda problem: visit_problem_words(self.checklist, problem), ready=_READY,
        )  # fmt: skip
        self._add_sections(is_open=is_open)
        self.saved = words("", "quiet")
        self.saved.setAccessibleName("Saved")
        self._make_buttons(is_open=is_open)
        self.band = VersionBand(self.checklist, opened.in_use, self.form.answers)
        hide_unless(is_open and self.band.is_needed, self.band)
        self.band.move_on.clicked.connect(self._move_on)
        self._lay_out()
        self._judged(opened.judgement)
        if is_open:
            self.form.settled.connect(self._save)

    def open_section(self, section: int | None) -> None:
        """Show a section; a visit to answer opens at its response."""
        if section is None and self.response is not None and not self.visit.responses:
            section = self.form.sections.count() - 2
        if section is not None:
            self.form.sections.setCurrentRow(section)

    def flush(self) -> None:
        """Keep what was typed last."""
        self.form.flush()
        if self.response is not None:
            self.response.flush()

    def _may_explain(self) -> bool:
        is_governor = self.opened.owner.profile is Profile.GOVERNOR
        return is_governor and self.visit.state in {"draft", "closed"}

    def _add_sections(self, *, is_open: bool) -> None:
        if any(repeat.name == STAFF for repeat in self.checklist.repeats()):
            rows = self.visit.answers.get(STAFF) or []
            self.staff = StaffGrid(self.checklist, rows, is_read_only=not is_open)
            self.staff.edited.connect(self._staff_edited)
            self.form.add_section(self.staff.title(), self.staff)
        profile = self.opened.owner.profile
        if self._may_explain():
            self.form.add_section("Before signing", self.checks)
        if self.visit.state == "received" and profile is Profile.SCHOOL:
            may_answer = self.tab.desk.vault.user.role in RESPONDING_ROLES
            self.response = ResponsePanel(
                self.visit, self.opened.names, is_read_only=not may_answer
            )
            self.response.settled.connect(self._respond)
            self.form.add_section("The school’s response", self.response)
        if not is_open and profile is not Profile.TRUST and not self.visit.is_past:
            self.afterwards = AfterwardsPanel(self.tab.desk, self.visit)
            self.afterwards.reported.connect(self._reported)
            self.afterwards.amend_wanted.connect(self._amend)
            self.form.add_section("Afterwards", self.afterwards)

    def _make_buttons(self, *, is_open: bool) -> None:
        self.back, self.report = button("← All visits"), button("Report as PDF")
        self.lgb = button("Report to the LGB")
        self.draw, self.aside = button("Draw the sample"), button("Put aside")
        self.close_it = button("Close the visit", is_main=True)
        self.sign = button("Sign and export…", is_main=True)
        has_sample = self.checklist.question("sample_seed") is not None
        hide_unless(is_open and has_sample, self.draw)
        hide_unless(is_open, self.aside)
        hide_unless(is_open, self.close_it)
        hide_unless(not is_open, self.lgb)
        is_governor = self.opened.owner.profile is Profile.GOVERNOR
        hide_unless(is_governor and self.visit.state == "closed", self.sign)
        self.back.clicked.connect(self.tab.close_over)
        self.report.clicked.connect(self._report)
        self.lgb.clicked.connect(self._report_to_lgb)
        self.draw.clicked.connect(self._draw)
        self.aside.clicked.connect(self._put_aside)
        self.close_it.clicked.connect(self._close)
        self.sign.clicked.connect(lambda: self.tab.sign(self.visit.id))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        title = f"{self.opened.school} · {self.checklist.title} · {self.visit.state_words}"
        top = QHBoxLayout()
        top.setSpacing(2 * STEP)
        top.addWidget(self.back)
        top.addWidget(words(title, "heading"), 4)
        top.addWidget(self.saved, 1)
        under = row_of(self.draw, self.report, self.lgb, self.aside)
        for widget in (self.close_it, self.sign):
            under.addWidget(widget)
        column.addLayout(top)
        column.addLayout(under)
        column.addWidget(self.band)
        column.addWidget(self.form, 1)

    def _answers(self, answers: dict[str, Any]) -> dict[str, Any]:
        if self.staff is not None:
            answers = {**answers, STAFF: self.staff.value()}
        return answers

    def _save(self, answers: dict[str, Any]) -> None:
        self.saved.setText("Saving…")
        vault, visit, kept = self.tab.desk.vault, self.visit.id, self._answers(answers)

        def work() -> Judgement:
            save_visit(vault, visit, kept)
            return judge_visit(vault, visit)

        self.tab.run(work, self._saved, "visit")

    def _staff_edited(self) -> None:
        self._save(self.form.answers())

    def _saved(self, judgement: Judgement) -> None:
        moment = self.tab.desk.vault.clock().astimezone()
        self.saved.setText(f"✓ Saved at {moment:%H:%M:%S}")
        self._judged(judgement)

    def _judged(self, judgement: Judgement) -> None:
        self.checks.show_problems((*judgement.errors, *judgement.warnings))

    def _explain(self) -> None:
        vault, visit, said = self.tab.desk.vault, self.visit.id, self.checks.explanations()
        self.tab.run(lambda: explain(vault, visit, said), self._explained)

    def _explained(self, _value: object) -> None:
        moment = self.tab.desk.vault.clock().astimezone()
        self.saved.setText(f"✓ Saved at {moment:%H:%M:%S}")

    def _respond(self, responses: dict[str, str]) -> None:
        self.saved.setText("Saving…")
        vault, visit = self.tab.desk.vault, self.visit.id
        self.tab.run(lambda: respond(vault, visit, responses), self._explained, "visit")

    def _reported(self, typed: str | None) -> None:
        vault, visit = self.tab.desk.vault, self.visit.id
        day = date.fromisoformat(typed) if typed else None
        self.tab.run(lambda: note_reported(vault, visit, day), self._day_kept, "visit")

    def _day_kept(self, _value: object) -> None:
        self.tab.show_good("The day of the report to the LGB is kept.")

    def _draw(self) -> None:
        # What was typed last is saved before the sample, never after it.
        self.form.flush()
        answers = self.form.answers()
        if not answers.get("entries_total"):
            self.tab.show_problem(
                "Count the rows of the record and type how many there are; then draw the sample."
            )
            return
        drawn = self._answers(with_new_sample(answers, new_seed()))
        vault, visit = self.tab.desk.vault, self.visit.id
        self._reopen(lambda: save_visit(vault, visit, drawn), visit)

    def _move_on(self) -> None:
        self.flush()
        vault, visit = self.tab.desk.vault, self.visit.id

        def work() -> tuple[OpenedVisit, str]:
            moved = move_visit(vault, visit)
            return opened_visit(vault, visit), moved_words(moved)

        self.tab.run(work, self._moved, "visit")

    def _moved(self, found: tuple[OpenedVisit, str]) -> None:
        opened, sentence = found
        self.tab.section = 0
        self.tab.show_opened(opened)
        self.tab.show_good(sentence)

    def _put_aside(self) -> None:
        vault, visit = self.tab.desk.vault, self.visit.id
        self.tab.run(lambda: put_aside(vault, visit), self._gone, "visit")

    def _gone(self, _value: object) -> None:
        self.tab.close_over()
        self.tab.show_good(
            "The draft is put aside. To take it up again, tick “Amended and put aside too” and "
            "open it."
        )

    def _close(self) -> None:
        self.flush()
        vault, visit = self.tab.desk.vault, self.visit.id
        self.tab.run(lambda: close_visit(vault, visit), self._closed, "visit")

    def _closed(self, _value: object) -> None:
        self.tab.open_visit(self.visit.id)
        self.tab.show_good("The visit is closed. Sign it to send it to the school and the trust.")

    def _amend(self, reason: str) -> None:
        vault, visit = self.tab.desk.vault, self.visit.id

        def work() -> OpenedVisit:
            return opened_visit(vault, amend_visit(vault, visit, reason))

        self.tab.run(work, self.tab.show_opened, "visit")

    def _reopen(self, work: Callable[[], None], visit: VisitId) -> None:
        vault, section = self.tab.desk.vault, self.form.sections.currentRow()
        self.tab.section = section

        def change() -> OpenedVisit:
            work()
            return opened_visit(vault, visit)

        self.tab.run(change, self.tab.show_opened, "visit")

    def _report(self) -> None:
        self.flush()
        vault, visit, opened = self.tab.desk.vault, self.visit.id, self.opened

        def work() -> Paper:
            found = read_visit(vault, visit)
            return visit_report(
                found, opened.school, is_demonstration=opened.owner.is_demonstration,
                signed=found.state in DONE,
            )  # fmt: skip

        self.tab.run(work, self.tab.show_paper)

    def _report_to_lgb(self) -> None:
        self.flush()
        vault, visit, opened = self.tab.desk.vault, self.visit.id, self.opened

        def work() -> Paper:
            return lgb_report(
                read_visit(vault, visit), opened.school, vault.today(),
                is_demonstration=opened.owner.is_demonstration, known_names=opened.names,
            )  # fmt: skip

        self.tab.run(work, self.tab.show_paper)


def opened_visit(vault: Vault, visit: VisitId) -> OpenedVisit:
    """Read a visit with what its editor needs."""
    found = read_visit(vault, visit)
    with vault.reading() as session:
        owner, school = read_owner(session), find_school(session, found.urn)
        in_use = checklist_in_use(session, found.form_id)
        own = next((post.school for post in posts(session) if post.urn == found.urn), "")
    name = own or (school.name if school else str(found.urn))
    return OpenedVisit(found, owner, name, passed_names(vault), judge_visit(vault, visit), in_use)


def _shown_form(checklist: Form) -> Form:
    """Return a checklist without what the program fills in, or a panel of its own shows."""
    form = filled_in_form(checklist)
    kept = tuple(
        item
        for item in form.items
        if not any(
            isinstance(inner, Repeat) and inner.name == STAFF
            for inner in getattr(item, "items", ())
        )
    )
    return replace(form, items=kept)
