"""A governor's visit through the window: from first launch to the school's answer and the LGB."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog
from pytestqt.qtbot import QtBot

from odbst_desktop.actions.list import actions
from odbst_desktop.app import real_services
from odbst_desktop.desktop.first_pages import NewVaultPage, RecoveryPage
from odbst_desktop.desktop.pdf_view import PdfView
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tab import PassphraseDialog, Tab
from odbst_desktop.desktop.tabs.monitoring import MonitoringTab
from odbst_desktop.desktop.tabs.packages import PackagesTab
from odbst_desktop.desktop.tabs.register import RegisterTab, SchoolPanel
from odbst_desktop.desktop.tabs.visit_editor import VisitEditor, VisitTab
from odbst_desktop.desktop.tabs.visits_received import ReceivedVisitsTab
from odbst_desktop.desktop.tabs.year_panel import YearPanel
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.desktop.window import Window
from odbst_desktop.office.opening import own_keys
from odbst_desktop.vault.vault import Vault

PASSPHRASE = "copper lantern drifting orchard"
PATIENCE = 20_000
AnyTab = TypeVar("AnyTab", bound=Tab)


class Laptop:
    """One person at one window."""

    def __init__(self, qtbot: QtBot, clock: Any, folder: Path) -> None:
        self.bot, self.folder = qtbot, folder
        self.window = Window(real_services(clock))
        qtbot.addWidget(self.window)
        self.window.show()

    def first_launch(self, profile: str, organisation: str, urn: str, person: str) -> None:
        self.window.show_new_vault()
        page = self.page(NewVaultPage)
        page.profile.setCurrentIndex(page.profile.findData(profile))
        for field, text in (
            (page.organisation, organisation), (page.urn, urn), (page.person, person),
            (page.folder, str(self.folder)), (page.passphrase, PASSPHRASE),
            (page.again, PASSPHRASE),
        ):  # fmt: skip
            field.setText(text)
        page.make.click()
        recovery = self.page(RecoveryPage)
        recovery.typed.setText(recovery.code.text())
        recovery.confirm.click()
        self.page(Rooms)

    def page(self, kind: type[Any]) -> Any:
        self.wait(lambda: isinstance(self.window.centralWidget(), kind))
        return self.window.centralWidget()

    @property
    def rooms(self) -> Rooms:
        rooms = self.window.centralWidget()
        assert isinstance(rooms, Rooms)
        return rooms

    @property
    def vault(self) -> Vault:
        return self.rooms.home.desk.vault

    def tab(self, kind: type[AnyTab]) -> AnyTab:
        tab = next(tab for tab in self.rooms.all if isinstance(tab, kind))
        self.rooms.go_to(tab.title)
        self.quiet(tab)
        return tab

    def wait(self, condition: Callable[[], Any]) -> None:
        self.bot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def until(self, tab: Tab, words: str) -> None:
        try:
            self.wait(lambda: words in tab.message.text())
        except AssertionError as fault:
            raise AssertionError(f"waited for {words!r}, saw {tab.message.text()!r}") from fault

    def quiet(self, tab: Tab) -> None:
        """Wait until nothing runs any more."""
        tab.flush()
        for _ in range(4):
            tab.desk.jobs.wait()
            QApplication.processEvents()

    def sign(self, press: Callable[[], None]) -> None:
        """Press a button that asks for a passphrase, and type it."""

        def type_it() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, PassphraseDialog)
            dialog.passphrase.setText(PASSPHRASE)
            buttons = dialog.findChild(QDialogButtonBox)
            assert buttons is not None
            buttons.button(QDialogButtonBox.StandardButton.Ok).click()

        QTimer.singleShot(100, type_it)
        press()

    def file(self, path: Path) -> str:
        """Check and file a package; return the verdict."""
        tab = self.tab(PackagesTab)
        tab.verdicts.show_rows(())
        tab.file([path])
        self.wait(lambda: tab.verdicts.table.rows)
        self.quiet(tab)
        return tab.verdicts.table.rows[0].verdict

    def confirm_keys_of(self, other: Laptop) -> None:
        """Confirm the keys of somebody with the fingerprints that they read out."""
        for known in own_keys(other.vault).signing:
            at_trust = any(isinstance(tab, RegisterTab) for tab in self.rooms.all)
            tab: Tab = self.tab(RegisterTab) if at_trust else self.tab(PackagesTab)
            assert isinstance(tab, RegisterTab | PackagesTab)
            self.quiet(tab)
            panel = tab.key_panel
            rows = panel.keys.table.rows
            waiting = [n for n, k in enumerate(rows) if k.keyid == known.keyid]
            if waiting and rows[waiting[0]].status == "pending":
                panel.keys.selectRow(waiting[0])
                panel.fingerprint.setText(known.fingerprint)
                panel.confirm.click()
                self.until(tab, "counts from now on")
                self.quiet(tab)

    def editor(self, tab: VisitTab, before: VisitEditor | None = None) -> VisitEditor:
        """Return the visit that is open, once it is another than the one before."""
        self.wait(lambda: tab.editor is not None and tab.editor is not before)
        self.quiet(tab)
        assert tab.editor is not None
        return tab.editor


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that every folder dialog answers with: it stands for the USB stick."""
    folder = tmp_path / "stick"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(folder))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **_: (str(folder / a[2]), ""))
    return folder


def newest(stick: Path, pattern: str) -> Path:
    """Return the file written last of those of a pattern."""
    return max(stick.glob(pattern), key=lambda path: (path.stat().st_mtime_ns, path.name))


@pytest.mark.display
def test_a_governors_visit(
    qtbot: QtBot, qapp: QApplication, clock: Any, tmp_path: Path, stick: Path
) -> None:
    apply_theme(qapp)
    clock.day = date(2026, 11, 24)
    esl, dsl, governor = (Laptop(qtbot, clock, tmp_path / n) for n in ("esl", "dsl", "governor"))
    esl.first_launch("trust", "Larkhill Trust", "", "Helen Ashby")
    dsl.first_launch("school", "Oakfield", "900101", "Ruth Ellery")
    governor.first_launch("governor", "Oakfield", "900101", "Grace Tolley")
    _introduce(esl, dsl, governor, stick)
    _ask_staff_and_sign(governor, stick)
    _answer_at_school(dsl, stick)
    _second_school(governor, esl, stick)
    assert esl.file(newest(stick, "oakfield*for-trust*")) == "accepted"
    received = esl.tab(ReceivedVisitsTab)
    assert "What staff understand" in received.table.table.rows[1].words("autumn_2")
    received.open.click()
    assert not esl.editor(received).close_it.isVisible()
    for laptop in (esl, dsl, governor):
        laptop.window.close()


def _introduce(esl: Laptop, dsl: Laptop, governor: Laptop, stick: Path) -> None:
    register = esl.tab(RegisterTab)
    for urn, name in (("900101", "Oakfield"), ("900102", "Fairmead")):
        register.add.click()
        added = register.stack.currentWidget()
        assert isinstance(added, SchoolPanel)
        added.urn.setText(urn)
        added.name.setText(name)
        added.keep.click()
        esl.until(register, "on the register")
        esl.quiet(register)
    _card(esl)
    for laptop in (dsl, governor):
        assert laptop.file(newest(stick, "*trust-card*")) == "pending"
        laptop.confirm_keys_of(esl)
        packages = laptop.tab(PackagesTab)
        laptop.sign(packages.enrol.click)
        laptop.until(packages, "Written")
        assert esl.file(newest(stick, "*enrolment*")) == "pending"
        esl.confirm_keys_of(laptop)
    _card(esl)
    for laptop in (dsl, governor):
        assert laptop.file(newest(stick, "*trust-card*")) == "accepted"


def _card(esl: Laptop) -> None:
    register = esl.tab(RegisterTab)
    esl.quiet(register)
    esl.sign(register.card.click)
    esl.until(register, "Written")
    esl.quiet(register)


def _ask_staff_and_sign(governor: Laptop, stick: Path) -> None:
    tab = governor.tab(MonitoringTab)
    assert "“Single central record check” was due by 22 Oct 2026" in tab.due.text()
    tab.themes.theme.setCurrentIndex(tab.themes.theme.findData("staff"))
    tab.themes.take.click()
    governor.until(tab, "laid out anew")
    governor.quiet(tab)
    staff = next(n for n, c in enumerate(tab.cycle.table.rows)
                 if c.slot.form_id == "staff_understanding")  # fmt: skip
    assert "theme of the autumn term" in tab.cycle.table.rows[staff].why
    tab.cycle.selectRow(staff)
    tab.begin.click()
    editor = governor.editor(tab)
    assert editor.form.row("theme").field.value() == "What staff understand"
    governor.bot.keyClicks(editor.form.row("met_with").field.control(), "DSL")
    _ask(governor, editor)
    for question in editor.form.form.questions():
        if question.list_name == "found":
            editor.form.row(question.name).field.set_value("yes")
    editor.form.row("low_level").field.set_value("no")
    governor.bot.keyClicks(
        editor.form.row("strengths").field.control(), "Nearly all know whom to tell; Jane Roe asks."
    )
    editor.close_it.click()
    governor.until(tab, "Agree an action for “A low-level concern”")
    for name, value in (("action", "Explain it at the next staff meeting"), ("owner", "DSL"),
                        ("due", "2026-12-08")):  # fmt: skip
        editor.form.row(f"low_level_{name}").field.set_value(value)
    editor.form.row("low_level_action").field.edited.emit()
    editor.close_it.click()
    governor.until(tab, "The visit is closed")
    closed = governor.editor(tab, editor)
    governor.sign(closed.sign.click)
    governor.until(tab, "“Jane Roe” may be a name")
    closed.form.sections.setCurrentRow(closed.form.sections.count() - 2)
    governor.quiet(tab)
    line = closed.checks.lines["privacy.strengths"]
    governor.bot.keyClicks(line, "A poster about a scientist.")
    governor.bot.keyClick(line, Qt.Key.Key_Return)
    governor.quiet(tab)
    governor.sign(closed.sign.click)
    governor.until(tab, "Send one file to the school and one to the trust")
    assert len(list(stick.glob("*what-staff*")) + list(stick.glob("*staff-understanding*"))) == 2


def _ask(governor: Laptop, editor: VisitEditor) -> None:
    """Ask five members of staff, a key an answer."""
    grid = editor.staff
    assert grid is not None
    editor.form.sections.setCurrentRow(editor.form.sections.count() - 2)
    for role in ("teacher", "lunchtime", "office", "site", "supply"):
        grid.role.setCurrentIndex(grid.role.findData(role))
        grid.add.click()
        governor.bot.keyClicks(grid.view, "yyyyynyyyyyyyy" if role == "supply" else "y" * 14)
    assert [len(person) for person in grid.value()] == [15] * 5
    assert "5 Supply or agency: What have you done differently" in grid.asking.text()
    assert grid.score.text() == "Least known: A low-level concern (4 of 5 knew it)"


def _answer_at_school(dsl: Laptop, stick: Path) -> None:
    path = newest(stick, "oakfield*for-school*")
    assert dsl.file(path) == "accepted"
    assert dsl.file(path) == "duplicate"
    tab = dsl.tab(MonitoringTab)
    with dsl.vault.reading() as session:
        listed = actions(session)
    assert [(a.title, a.owner) for a in listed] == [("Explain it at the next staff meeting", "DSL")]
    tab.open.click()
    editor = dsl.editor(tab)
    assert editor.response is not None
    assert editor.response.isVisible(), "an unanswered visit opens where it is answered"
    field = editor.response.fields["low_level"]
    dsl.bot.keyClicks(field.text, "Taken up on Monday.")
    dsl.wait(lambda: "Saved at" in editor.saved.text())
    assert editor.afterwards is not None
    editor.form.sections.setCurrentRow(editor.form.sections.count() - 1)
    dsl.bot.keyClicks(editor.afterwards.day.line, "24/11")
    editor.afterwards.keep_day.click()
    dsl.until(tab, "report to the LGB is kept")
    editor.lgb.click()
    dsl.quiet(tab)
    view = tab.stack.currentWidget()
    assert isinstance(view, PdfView)
    view.save.click()
    pages = PdfReader(io.BytesIO((stick / "report-to-lgb.pdf").read_bytes())).pages
    text = " ".join("".join(page.extract_text() for page in pages).split())
    for words in ("Taken up on Monday.", "Explain it at the next staff meeting",
                  "Reported to the LGB on 24 Nov 2026"):  # fmt: skip
        assert words in text
    view.back.click()
    tab.close_over()
    dsl.quiet(tab)
    assert tab.visits.table.rows[0].reported_on == date(2026, 11, 24)
    tab.year.click()
    dsl.quiet(tab)
    panel = tab.stack.currentWidget()
    assert isinstance(panel, YearPanel)
    assert [c.visit.title for c in panel.checked.table.rows] == ["What staff understand"]


def _second_school(governor: Laptop, esl: Laptop, stick: Path) -> None:
    tab = governor.tab(MonitoringTab)
    tab.schools.another.click()
    tab.schools.urn.setText("900102")
    tab.schools.name.setText("Fairmead")
    governor.sign(tab.schools.add.click)
    governor.until(tab, "The school is added")
    governor.quiet(tab)
    assert [tab.schools.school.itemText(n) for n in range(2)] == ["Oakfield", "Fairmead"]
    tab.schools.school.setCurrentIndex(1)
    tab.schools.school.activated.emit(1)
    governor.quiet(tab)
    assert tab.visits.table.rows == ()
    packages = governor.tab(PackagesTab)
    packages.post.setCurrentIndex(1)
    governor.sign(packages.enrol.click)
    governor.until(packages, "Written: fairmead")
    assert esl.file(newest(stick, "fairmead*enrolment*")) == "pending"
