"""Themes, the focus pack and reviews in the window, from the trust's desk to the school's."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel, QWidget

from odbst_desktop.desktop.meeting.editor import MeetingEditor
from odbst_desktop.desktop.pdf_view import PdfView
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.packages import PackagesTab
from odbst_desktop.desktop.tabs.reviews import PlanPanel, ReviewsTab
from odbst_desktop.desktop.tabs.theme_panels import PackPanel, WeightsPanel
from odbst_desktop.desktop.tabs.themes import ThemesTab
from odbst_desktop.monitoring.checklists import checked_questions
from odbst_desktop.monitoring.packs import packs_taken
from odbst_desktop.trust.reviews import save_review
from tests.desktop.opening import Open, settle

PASSPHRASE = "copper lantern drifting orchard"


def words_in(widget: QWidget | None) -> str:
    assert widget is not None
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def themes_of(rooms: Rooms) -> ThemesTab:
    rooms.go_to("Themes")
    tab = rooms.tab("Themes")
    assert isinstance(tab, ThemesTab)
    settle(tab.desk.jobs)
    return tab


def choose_row(tab: ThemesTab, theme: str) -> None:
    rows = [row.proposed.rule.id for row in tab.table.table.rows]
    tab.table.selectRow(rows.index(theme))


def test_a_theme_is_chosen_with_a_reason_and_a_pack_goes_out_and_in(
    open_rooms: Open, tmp_path: Path
) -> None:
    desk = open_rooms("trust")
    tab = themes_of(desk)
    assert "was signed on 23 Nov 2026" in tab.sent.text()
    choose_row(tab, "staff")
    tab.reason.clear()
    tab.choose.click()
    assert "Say why “What staff understand” is chosen" in tab.message.text()
    tab.reason.setText("Training is late at several schools")
    tab.choose.click()
    assert "minutes of each DSL" in tab.budget.text()
    choose_row(tab, "online")
    tab.leave.click()
    tab.decide.click()
    settle(tab.desk.jobs)
    tab.write.click()
    panel = tab.stack.currentWidget()
    assert isinstance(panel, PackPanel)
    assert "What staff understand" in words_in(panel)
    panel.save({**panel.form.answers(), "message": "One more thing.", "expected_version": "9.0"})
    settle(tab.desk.jobs)
    panel.back.click()
    settle(tab.desk.jobs)
    tab.make_pack("not the passphrase at all", tmp_path)
    settle(tab.desk.jobs)
    assert not list(tmp_path.glob("*focus-pack*"))
    tab.make_pack(PASSPHRASE, tmp_path)
    settle(tab.desk.jobs)
    (file,) = tmp_path.glob("*focus-pack-r2.odbst")

    rooms = open_rooms("oakfield")
    packages = rooms.tab("Packages")
    assert isinstance(packages, PackagesTab)
    rooms.go_to("Packages")
    settle(packages.desk.jobs)
    packages.file([file])
    settle(packages.desk.jobs)
    rooms.go_to("This week")
    settle(packages.desk.jobs)
    said = words_in(rooms.home)
    assert "Focus pack, spring term 2026-27, revision 2" in said
    assert "▲ 9.0 is expected" in said
    rooms.go_to("Packages")
    packages.read.click()
    settle(packages.desk.jobs)
    assert isinstance(packages.stack.currentWidget(), PdfView)
    with packages.desk.vault.reading() as session:
        newest = packs_taken(session)[0]
    assert newest.read_at
    changed = {change.what: change.after for change in newest.changes}
    assert changed["Themes of the spring term"] == (
        "Playground and lunchtime; What staff understand"
    )


def test_every_paper_of_the_themes_is_drawn(open_rooms: Open) -> None:
    desk = open_rooms("trust")
    tab = themes_of(desk)
    for name, made in tab.papers.items():
        made.click()
        settle(tab.desk.jobs)
        assert isinstance(tab.stack.currentWidget(), PdfView), name
        tab.close_over()
        settle(tab.desk.jobs)


def test_weights_are_set_with_a_reason_and_count_at_once(open_rooms: Open) -> None:
    desk = open_rooms("trust")
    tab = themes_of(desk)
    tab.weights.click()
    panel = tab.stack.currentWidget()
    assert isinstance(panel, WeightsPanel)
    panel.keep.click()
    settle(tab.desk.jobs)
    assert "Say why the weights change" in tab.message.text()
    for name, box in panel.boxes.items():
        box.setValue(5 if name == "narrative" else 0)
    panel.reason.setText("This term schools speak for themselves")
    panel.keep.click()
    settle(tab.desk.jobs)
    assert tab.loaded is not None
    assert all(each.score in {0, 5, 10} for each in tab.loaded.proposed)


def test_the_meeting_begins_with_the_theme_of_the_term(open_rooms: Open) -> None:
    rooms = open_rooms("oakfield")
    tab = rooms.tab("Meetings")
    rooms.go_to("Meetings")
    settle(tab.desk.jobs)
    tab.open.click()  # type: ignore[attr-defined]
    settle(tab.desk.jobs)
    editor = tab.stack.currentWidget()
    assert isinstance(editor, MeetingEditor)
    assert "The trust’s theme this term: Recording and follow-up" in words_in(editor.brought)


def test_a_review_is_planned_recorded_and_closed_in_the_window(open_rooms: Open) -> None:
    rooms = open_rooms("trust")
    rooms.go_to("Reviews")
    tab = rooms.tab("Reviews")
    assert isinstance(tab, ReviewsTab)
    settle(tab.desk.jobs)
    tab.plan.click()
    panel = tab.stack.currentWidget()
    assert isinstance(panel, PlanPanel)
    for box in panel.reasons.values():
        box.setChecked(False)
    panel.day.setText("30/11")
    panel.keep.click()
    settle(tab.desk.jobs)
    assert "choose at least one reason" in tab.message.text()
    panel.reasons["tas"].setChecked(True)
    panel.keep.click()
    settle(tab.desk.jobs)
    rows = tab.table.table.rows
    place = next(n for n, row in enumerate(rows) if row.reasons == ("tas",))
    tab.table.selectRow(place)
    assert tab.open.text() == "Begin"
    tab.open.click()
    settle(tab.desk.jobs)
    editor = tab.editor
    assert editor is not None
    editor.close_it.click()
    settle(tab.desk.jobs)
    assert "cannot be closed yet" in tab.message.text()
    form = editor.review.form
    answers = dict(editor.review.answers) | {q.name: "yes" for q in checked_questions(form)}
    answers |= {"met_with": "Headteacher", "strengths": "Calm", "overall": "effective"}
    save_review(tab.desk.vault, editor.review.id, answers)
    editor.close_it.click()
    settle(tab.desk.jobs)
    assert "Its actions are on the tab Actions" in tab.message.text()
