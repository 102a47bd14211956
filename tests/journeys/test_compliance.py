"""The compliance register through the window, by keyboard: walk it, leave it, print it."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from odbst_desktop.actions.list import open_actions
from odbst_desktop.compliance.items import item
from odbst_desktop.compliance.register import Standing, State, standing
from odbst_desktop.compliance.trust_versions import take_trust_versions
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.pdf_view import PdfView
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.compliance import ComplianceTab
from odbst_desktop.desktop.tabs.compliance_check import CheckPage
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.vault.vault import Vault
from tests.conftest import SetClock

Show = Callable[[str], ComplianceTab]


def settle(tab: ComplianceTab) -> None:
    for _ in range(8):
        tab.desk.jobs.wait()
        QApplication.processEvents()


@pytest.fixture
def show(qtbot: QtBot, qapp: QApplication, unlocked: Callable[[str], Vault]) -> Show:
    apply_theme(qapp)
    kept = []

    def open_(name: str) -> ComplianceTab:
        rooms = Rooms(unlocked(name), JobRunner(qapp), write_whole)
        qtbot.addWidget(rooms)
        kept.append(rooms)
        rooms.resize(QSize(1366, 700))
        with qtbot.waitExposed(rooms):
            rooms.show()
        rooms.activateWindow()
        tab = rooms.tab("Compliance")
        assert isinstance(tab, ComplianceTab)
        rooms.go_to("Compliance")
        settle(tab)
        return tab

    return open_


class Keys:
    """Somebody who answers by keys alone."""

    def __init__(self, qtbot: QtBot, tab: ComplianceTab) -> None:
        self.bot, self.tab = qtbot, tab

    @property
    def page(self) -> CheckPage:
        page = self.tab.page
        assert page is not None
        return page

    @property
    def asked(self) -> str:
        assert self.page.opened is not None
        return self.page.opened.now.item.id

    def press(self, key: Qt.Key, *, control: bool = False) -> None:
        modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier(0)
        target = QApplication.focusWidget()
        assert target is not None
        self.bot.keyClick(target, key, modifier)
        settle(self.tab)

    def type(self, words: str) -> None:
        target = QApplication.focusWidget()
        assert target is not None
        self.bot.keyClicks(target, words)


def now(tab: ComplianceTab, name: str) -> Standing:
    vault = tab.desk.vault
    with vault.reading() as session:
        return standing(session, item(name), vault.today())


def test_the_walk_is_left_and_taken_up_by_keyboard(show: Show, qtbot: QtBot) -> None:
    tab = show("oakfield")
    assert "28 of 35 answered" in tab.lead.text()
    assert tab.walk.text() == "Go through the list (7 left)"
    keys = Keys(qtbot, tab)
    tab.walk.setFocus()
    keys.press(Qt.Key.Key_Space)
    assert keys.asked == "internal_dsl_training"
    keys.press(Qt.Key.Key_X)
    assert now(tab, "internal_dsl_training").state is State.NIL
    assert keys.asked == "curriculum"
    keys.press(Qt.Key.Key_L)
    assert keys.asked == "links"
    assert "speak of all three" in shown_words(keys.page)
    keys.press(Qt.Key.Key_S)
    assert now(tab, "links").state is State.IN_PLACE
    assert "Kept:" in tab.message.text()
    assert keys.asked == "weekly_meetings"
    keys.press(Qt.Key.Key_C)
    panel = keys.page.change
    assert panel is not None
    panel.choose(State.PARTLY)
    panel.as_action.setChecked(True)
    panel.fields["evidence"].set_value(None)
    keys.type("The week of 5 October was missed: nobody could come")
    keys.press(Qt.Key.Key_Return, control=True)
    meets = now(tab, "weekly_meetings")
    assert (meets.state, meets.owner) == (State.PARTLY, "DSL")
    assert keys.asked == "monitoring_cycle"
    with tab.desk.vault.reading() as session:
        assert any(a.origin == "compliance/weekly_meetings" for a in open_actions(session))
    keys.page.back.click()
    settle(tab)
    assert tab.page is None
    assert "4 are left" in tab.message.text()
    assert tab.walk.text() == "Go through the list (4 left)"
    tab.walk.click()
    settle(tab)
    assert keys.asked == "curriculum", "what was left for later comes again"


def test_an_answer_is_taken_back(show: Show, qtbot: QtBot) -> None:
    tab = show("oakfield")
    keys = Keys(qtbot, tab)
    tab.walk.click()
    settle(tab)
    keys.press(Qt.Key.Key_X)
    keys.press(Qt.Key.Key_Z, control=True)
    assert keys.asked == "internal_dsl_training"
    assert now(tab, "internal_dsl_training").state is State.LAPSED
    assert keys.page.opened is not None
    assert keys.page.opened.said[0].is_taken_back
    tab.finish("")
    settle(tab)
    tab.shown.setCurrentIndex(tab.shown.findData("policies"))
    tab.open.click()
    settle(tab)
    assert keys.asked == "child_protection"
    assert now(tab, "child_protection").is_current_policy
    keys.press(Qt.Key.Key_Z, control=True)
    before = now(tab, "child_protection")
    assert before.answer is not None
    assert before.answer.facts.version == "2025.2", "the answer of the summer holds again"


def test_what_cannot_be_is_said_and_kept_on_the_screen(show: Show, qtbot: QtBot) -> None:
    tab = show("oakfield")
    keys = Keys(qtbot, tab)
    tab.walk.click()
    settle(tab)
    keys.press(Qt.Key.Key_N)
    keys.press(Qt.Key.Key_Return, control=True)
    assert "what is wanting" in tab.message.text()
    panel = keys.page.change
    assert panel is not None
    keys.type("Jack Smith was not trained")
    assert "“Jack Smith” may be a name" in panel.private.text()
    assert panel.fields["evidence"].value() == "Jack Smith was not trained"
    keys.press(Qt.Key.Key_Escape)
    assert keys.page.change is None
    assert now(tab, "internal_dsl_training").state is State.LAPSED


def test_a_policys_row_leads_to_it_and_becomes_an_action_once(show: Show, qtbot: QtBot) -> None:
    tab = show("oakfield")
    place = [row.standing.item.id for row in tab.table.table.rows].index("lettings")
    tab.table.selectRow(place)
    for expected in ("due in a fortnight", "in the list of actions already"):
        tab.action.click()
        settle(tab)
        assert expected in tab.message.text()
    assert next(r for r in tab.table.table.rows if r.standing.item.id == "lettings").has_action
    keys = Keys(qtbot, tab)
    tab.open.click()
    settle(tab)
    assert keys.asked == "lettings"
    keys.press(Qt.Key.Key_C)
    panel = keys.page.change
    assert panel is not None
    panel.fields["version"].set_value("2026.1")
    panel.keep.click()
    settle(tab)
    assert "the old one’s" in tab.message.text()
    panel.fields["received_on"].set_value("2026-11-20")
    panel.fields["next_review"].set_value("2027-10-31")
    panel.keep.click()
    settle(tab)
    assert now(tab, "lettings").is_current_policy
    assert tab.page is None
    assert "Kept: Lettings: in place." in tab.message.text()


def test_what_is_half_typed_survives_a_lock(show: Show, qtbot: QtBot) -> None:
    tab = show("oakfield")
    keys = Keys(qtbot, tab)
    tab.walk.click()
    settle(tab)
    keys.press(Qt.Key.Key_N)
    keys.type("The notes of the ses")
    rooms = tab.window()
    assert isinstance(rooms, Rooms)
    rooms.flush()
    tab.desk.jobs.wait()
    again = Rooms(tab.desk.vault, JobRunner(rooms), write_whole)
    qtbot.addWidget(again)
    other = again.tab("Compliance")
    assert isinstance(other, ComplianceTab)
    again.go_to("Compliance")
    again.show()
    settle(other)
    other.walk.click()
    settle(other)
    page = other.page
    assert page is not None
    panel = page.change
    assert panel is not None, "it opens where it was left"
    assert panel.state.currentData() is State.MISSING
    assert panel.fields["evidence"].value() == "The notes of the ses"
    assert now(other, "internal_dsl_training").state is State.LAPSED, "it counts for nothing yet"
    panel.leave.click()
    settle(other)
    assert page.missing.isVisible()
    page.missing.click()
    settle(other)
    anew = page.change
    assert anew is not None
    assert anew.fields["evidence"].value() is None, "given up is given up"


def test_everything_can_be_shown(show: Show) -> None:
    tab = show("oakfield")
    tab.shown.setCurrentIndex(tab.shown.findData("everything"))
    assert len(tab.table.table.rows) == 47
    tab.shown.setCurrentIndex(tab.shown.findData("policies"))
    assert len(tab.table.table.rows) == 17


@pytest.mark.parametrize(
    ("button", "name", "expected"),
    [
        ("paper", "compliance-register.pdf", "What is wanting"),
        ("inspector", "compliance-for-an-inspector.pdf", "What is asked first"),
        ("folder", "inspection-folder.pdf", "Decisions and their effects"),
    ],
)
def test_papers_are_previewed_and_saved(
    show: Show,
    demonstration: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    button: str,
    name: str,
    expected: str,
) -> None:
    tab = show("oakfield")
    before = {path for path in demonstration.rglob("*") if path.is_file()}
    getattr(tab, button).click()
    settle(tab)
    view = tab.stack.currentWidget()
    assert isinstance(view, PdfView)
    assert {path for path in demonstration.rglob("*") if path.is_file()} == before
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **_: (str(tmp_path / a[2]), ""))
    view.save.click()
    pages = PdfReader(io.BytesIO((tmp_path / name).read_bytes())).pages
    assert expected in " ".join(page.extract_text() for page in pages)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_no_words_of_an_entry_are_cut_off(show: Show, qapp: QApplication, scale: float) -> None:
    tab = show("oakfield")
    tab.walk.click()
    settle(tab)
    apply_theme(qapp, text_scale=scale)
    settle(tab)
    assert tab.page is not None
    for press in (tab.page.still, tab.page.changed):
        press.click()
        settle(tab)
        for label in tab.findChildren(QLabel):
            if label.isVisible() and label.wordWrap():
                assert label.height() >= label.heightForWidth(label.width()), label.text()
    apply_theme(qapp)


def test_the_window_of_the_home_tab_counts_what_is_wanting(show: Show) -> None:
    tab = show("oakfield")
    rooms = tab.window()
    assert isinstance(rooms, Rooms)
    found = " ".join(label.text() for label in rooms.home.findChildren(QLabel))
    assert "Policies and duties wanting" in found
    assert "Autumn term 2026-27: 28 of 35 answered." in found


def shown_words(page: CheckPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


class CountingKeys(Keys):
    """Somebody who walks the whole list by keys; every key is counted and timed."""

    def __init__(self, qtbot: QtBot, tab: ComplianceTab) -> None:
        super().__init__(qtbot, tab)
        self.count, self.slowest_ms = 0, 0.0

    def press(self, key: Qt.Key, *, control: bool = False) -> None:
        begun = time.perf_counter()
        super().press(key, control=control)
        self.slowest_ms = max(self.slowest_ms, (time.perf_counter() - begun) * 1000)
        self.count += 1

    def type(self, words: str) -> None:
        super().type(words)
        self.count += len(words)


def test_a_terms_walk_takes_some_hundred_keys(
    show: Show, qtbot: QtBot, clock: SetClock, record_property: Callable[[str, object], None]
) -> None:
    """Walk the spring's list as a DSL does: most is as it was, some was done again, some is not.

    At twelve seconds an entry to look at it, ten minutes hold fifty entries.
    """
    clock.day = date(2027, 1, 20)
    tab = show("oakfield")
    keys = CountingKeys(qtbot, tab)
    tab.walk.setFocus()
    keys.press(Qt.Key.Key_Space)
    entries = 0
    while tab.page is not None and entries < 60:
        entries += 1
        answer_as_a_dsl(keys, entries)
    assert 30 <= entries <= 50
    assert "left" not in tab.walk.text()
    assert "left" not in tab.message.text()
    record_property("entries", entries)
    record_property("keys", keys.count)
    record_property("slowest_ms", round(keys.slowest_ms))
    assert keys.count <= 250


def answer_as_a_dsl(keys: Keys, place: int) -> None:
    opened = keys.page.opened
    assert opened is not None
    entry = opened.now.item
    if opened.now.answer is None:
        keys.press(Qt.Key.Key_C)
        keys.type("Seen in the file on the shared drive")
        if entry.event:
            keys.press(Qt.Key.Key_Tab)
            keys.press(Qt.Key.Key_Tab)
            keys.type("14/1")
        keys.press(Qt.Key.Key_Return, control=True)
    elif entry.nil:
        keys.press(Qt.Key.Key_X)
    elif place % 15 == 0 and not entry.event:
        keys.press(Qt.Key.Key_N)
        keys.type("One page is still to be written")
        keys.press(Qt.Key.Key_Return, control=True)
    else:
        keys.press(Qt.Key.Key_S)
        if keys.tab.page is not None and keys.page.change is not None:
            keys.type("14/1")
            keys.press(Qt.Key.Key_Return, control=True)


def test_the_trusts_version_is_taken_from_a_pack_and_typed_otherwise(
    show: Show, qtbot: QtBot
) -> None:
    tab = show("oakfield")
    vault = tab.desk.vault
    entry = {"id": "child_protection", "version": "2027.1", "published_on": "2026-11-20",
             "next_review": "2027-11-01", "changes": "Section 4 is new"}  # fmt: skip
    with vault.changing("pack", "pack/1") as session:
        take_trust_versions(session, [entry], source="Focus pack", at=vault.now())
    tab.refresh()
    settle(tab)
    row = next(r for r in tab.table.table.rows if r.standing.item.id == "child_protection")
    assert "trust’s version is 2027.1 now, not 2026.1" in row.words
    tab.table.selectRow(tab.table.table.rows.index(row))
    tab.open.click()
    settle(tab)
    keys = Keys(qtbot, tab)
    assert "Section 4 is new" in shown_words(keys.page)
    keys.press(Qt.Key.Key_C)
    panel = keys.page.change
    assert panel is not None
    panel.take.click()
    assert panel.fields["version"].value() == "2027.1"
    assert panel.fields["received_on"].value() is None, "the LGB received the one before"
    keys.type("today")
    panel.fields["received_on"].set_value("2026-11-24")
    panel.fields["website_on"].set_value("2026-11-24")
    keys.press(Qt.Key.Key_Return, control=True)
    adopted = now(tab, "child_protection")
    assert (adopted.state, adopted.wants) == (State.IN_PLACE, ())
