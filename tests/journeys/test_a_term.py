"""A term through the window: from first launch to the ESL's desk, on three real vaults."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog
from pytestqt.qtbot import QtBot

from odbst_desktop.app import real_services
from odbst_desktop.desktop.first_pages import NewVaultPage, RecoveryPage
from odbst_desktop.desktop.form_rows import QuestionRow
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.sign_off.file_panel import FilePanel
from odbst_desktop.desktop.sign_off.signing_page import SigningPage
from odbst_desktop.desktop.tab import PassphraseDialog, Tab
from odbst_desktop.desktop.tabs.meetings import MeetingsTab
from odbst_desktop.desktop.tabs.monitoring import MonitoringTab
from odbst_desktop.desktop.tabs.packages import PackagesTab
from odbst_desktop.desktop.tabs.register import RegisterTab, SchoolPanel
from odbst_desktop.desktop.tabs.return_read import ReturnPanel
from odbst_desktop.desktop.tabs.returned import ReturnedTab
from odbst_desktop.desktop.tabs.termly_return import ReturnTab
from odbst_desktop.desktop.tabs.training import TrainingTab
from odbst_desktop.desktop.tabs.training_panels import CoursePanel, PersonPanel
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.desktop.window import Window
from odbst_desktop.office.opening import own_keys

PASSPHRASE = "copper lantern drifting orchard"
HEADS = "velvet anchor morning gravel"
PATIENCE = 20_000
AnyTab = TypeVar("AnyTab", bound=Tab)


class Laptop:
    """One person at one window."""

    def __init__(self, qtbot: QtBot, clock: Any, folder: Path, outbox: Path) -> None:
        self.bot, self.outbox, self.folder = qtbot, outbox, folder
        self.window = Window(real_services(clock))
        qtbot.addWidget(self.window)
        self.window.show()

    def first_launch(self, profile: str, organisation: str, urn: str, person: str) -> None:
        self.window.show_new_vault()
        page = self.page(NewVaultPage)
        page.profile.setCurrentIndex(page.profile.findData(profile))
        page.organisation.setText(organisation)
        page.urn.setText(urn)
        page.person.setText(person)
        page.folder.setText(str(self.folder))
        page.passphrase.setText(PASSPHRASE)
        page.again.setText(PASSPHRASE)
        page.make.click()
        recovery = self.page(RecoveryPage)
        recovery.typed.setText(recovery.code.text())
        recovery.confirm.click()
        self.page(Rooms)

    def page(self, kind: type[Any]) -> Any:
        self.bot.waitUntil(lambda: isinstance(self.window.centralWidget(), kind), timeout=PATIENCE)
        return self.window.centralWidget()

    @property
    def rooms(self) -> Rooms:
        rooms = self.window.centralWidget()
        assert isinstance(rooms, Rooms)
        return rooms

    def tab(self, kind: type[AnyTab]) -> AnyTab:
        tab = next(tab for tab in self.rooms.all if isinstance(tab, kind))
        self.rooms.go_to(tab.title)
        return tab

    def until(self, tab: Tab, words: str) -> None:
        try:
            self.bot.waitUntil(lambda: words in tab.message.text(), timeout=PATIENCE)
        except AssertionError as fault:
            raise AssertionError(f"waited for {words!r}, saw {tab.message.text()!r}") from fault

    def wait(self, condition: Callable[[], Any]) -> None:
        self.bot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def quiet(self, tab: Tab) -> None:
        """Wait until nothing runs any more."""
        tab.flush()
        tab.desk.jobs.wait()
        for _ in range(3):
            QApplication.processEvents()
            tab.desk.jobs.wait()

    def sign(self, press: Callable[[], None], passphrase: str) -> None:
        """Press a button that asks for a passphrase, and type it."""

        def type_it() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, PassphraseDialog)
            dialog.passphrase.setText(passphrase)
            buttons = dialog.findChild(QDialogButtonBox)
            assert buttons is not None
            buttons.button(QDialogButtonBox.StandardButton.Ok).click()

        QTimer.singleShot(100, type_it)
        press()

    def look_and_sign(self, tab: Tab, press: Callable[[], None], passphrase: str) -> None:
        """Press a button that shows what is signed, then sign it."""
        press()
        self.wait(lambda: isinstance(tab.stack.currentWidget(), SigningPage))
        page = tab.stack.currentWidget()
        assert isinstance(page, SigningPage)
        self.sign(page.sign.click, passphrase)

    def file(self, *names: str) -> PackagesTab:
        tab = self.tab(PackagesTab)
        paths = [next(self.outbox.glob(name)) for name in names]
        tab.file(paths)
        self.wait(lambda: len(tab.verdicts.table.rows) == len(paths))
        self.quiet(tab)
        return tab

    def confirm(self, person: str, other: Laptop) -> None:
        """Confirm somebody's key with the fingerprint that they read out."""
        at_trust = any(isinstance(tab, RegisterTab) for tab in self.rooms.all)
        tab: Tab = self.tab(RegisterTab) if at_trust else self.tab(PackagesTab)
        assert isinstance(tab, RegisterTab | PackagesTab)
        panel = tab.key_panel
        keys = own_keys(other.rooms.home.desk.vault).signing
        said = next(key.fingerprint for key in keys if key.person == person)
        self.quiet(tab)
        self.wait(lambda: any(key.person == person for key in panel.keys.table.rows))
        row = [key.person for key in panel.keys.table.rows].index(person)
        panel.keys.selectRow(row)
        panel.fingerprint.setText(said)
        panel.confirm.click()
        self.until(tab, "counts from now on")
        self.quiet(tab)


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that every folder dialog answers with: it stands for the USB stick."""
    folder = tmp_path / "stick"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(folder))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **_: (str(folder / a[2]), ""))
    return folder


def type_into(form: FormView, name: str, words: str, bot: QtBot) -> None:
    """Type an answer as a person does, key by key."""
    field = form.row(name).field
    bot.keyClicks(field.control(), words)


def rows_of(form: FormView) -> list[tuple[str, QuestionRow]]:
    """Return the rows of every question, section after section."""
    return [(q.name, form.row(q.name)) for q in form.form.questions() if q.is_asked]


@pytest.mark.display
def test_a_term(qtbot: QtBot, qapp: QApplication, clock: Any, tmp_path: Path, outbox: Path) -> None:
    apply_theme(qapp)
    clock.day = date(2026, 11, 24)
    esl = Laptop(qtbot, clock, tmp_path / "esl", outbox)
    dsl = Laptop(qtbot, clock, tmp_path / "dsl", outbox)
    governor = Laptop(qtbot, clock, tmp_path / "governor", outbox)
    esl.first_launch("trust", "Larkhill Trust", "", "Helen Ashby")
    dsl.first_launch("school", "Oakfield", "900101", "Ruth Ellery")
    governor.first_launch("governor", "Oakfield", "900101", "Grace Tolley")

    _enrol(esl, dsl, governor)
    _meet(dsl)
    _visit(governor, dsl, esl)
    clock.day = date(2026, 12, 18)
    _return(dsl, esl)
    for laptop in (esl, dsl, governor):
        laptop.window.close()


def _enrol(esl: Laptop, dsl: Laptop, governor: Laptop) -> None:
    register = esl.tab(RegisterTab)
    esl.quiet(register)
    register.add.click()
    added = register.stack.currentWidget()
    assert isinstance(added, SchoolPanel)
    added.urn.setText("900101")
    added.name.setText("Oakfield")
    added.keep.click()
    esl.until(register, "on the register")
    esl.quiet(register)
    esl.sign(register.card.click, PASSPHRASE)
    esl.until(register, "Written")

    vault = dsl.tab(type(dsl.rooms.vault_tab))
    people = vault.people
    people.name.setText("Peter Marsh")
    people.role.setCurrentIndex(people.role.findData("headteacher"))
    people.passphrase.setText(PASSPHRASE)
    people.add.click()
    dsl.until(vault, "signing key")

    for laptop, kind in ((dsl, "school"), (governor, "governor")):
        laptop.file("*trust-card-r1.odbst")
        laptop.confirm("Helen Ashby", esl)
        packages = laptop.tab(PackagesTab)
        laptop.sign(packages.enrol.click, PASSPHRASE)
        laptop.until(packages, "Written")
        esl.file(f"*{kind}-enrolment*")
    for laptop, person in ((dsl, "Ruth Ellery"), (dsl, "Peter Marsh"), (governor, "Grace Tolley")):
        esl.confirm(person, laptop)
    register = esl.tab(RegisterTab)
    esl.sign(register.card.click, PASSPHRASE)
    esl.until(register, "r2.odbst")
    for laptop in (dsl, governor):
        checked = laptop.file("*trust-card-r2.odbst")
        assert [v.verdict for v in checked.verdicts.table.rows] == ["accepted"]


def _meet(dsl: Laptop) -> None:
    training = dsl.tab(TrainingTab)
    for name, roles in (
        ("Ruth Ellery", {"dsl", "senior_leader"}),
        ("Peter Marsh", {"headteacher", "deputy_dsl"}),
    ):
        dsl.quiet(training)
        training.person.click()
        panel = training.stack.currentWidget()
        assert isinstance(panel, PersonPanel)
        panel.name.setText(name)
        panel.joined.setText("1/9/2024")
        for place in range(panel.roles.count()):
            item = panel.roles.item(place)
            if item.data(Qt.ItemDataRole.UserRole) in roles:
                item.setCheckState(Qt.CheckState.Checked)
        panel.keep.click()
        dsl.until(training, name)
    dsl.wait(lambda: len(training.people.table.table.rows) == 2)
    training.course.click()
    course = training.stack.currentWidget()
    assert isinstance(course, CoursePanel)
    course.keep.click()
    dsl.until(training, "KCSIE annual training for 2")

    tab = dsl.tab(MeetingsTab)
    tab.new.click()
    dsl.wait(lambda: tab.editor)
    editor = tab.editor
    assert editor is not None
    type_into(editor.form, "key_concerns", "Jack Smith came late", dsl.bot)
    editor.form.judge()
    assert "may be a name" in editor.form.row("key_concerns").message.text()
    editor.form.row("key_concerns").field.set_value("Late arrivals")
    chair = editor.form.row("chair").field.value()
    for repeat, row in (
        ("concerns", {"category": "neglect", "count": 3, "place": "home", "time": "weekend"}),
        ("decisions", {"decision": "Ring the families", "due": "2026-12-08",
                       "measure": "Fewer late marks", "owner": chair}),
    ):  # fmt: skip
        rows = editor.form.lines(repeat)
        rows.set_value([row])
        rows.edited.emit()
    dsl.wait(lambda: "Saved at" in editor.saved.text())
    editor.close_it.click()
    dsl.until(tab, "1 decisions are now actions")
    dsl.quiet(tab)
    dsl.wait(lambda: tab.table.table.rows and tab.table.table.rows[0].is_closed)


def _visit(governor: Laptop, dsl: Laptop, esl: Laptop) -> None:
    tab = governor.tab(MonitoringTab)
    governor.wait(lambda: tab.cycle.table.rows)
    governor.quiet(tab)
    tab.other.setCurrentIndex(tab.other.findData("curriculum"))
    tab.begin_other.click()
    governor.wait(lambda: tab.editor)
    editor = tab.editor
    assert editor is not None
    form = editor.form
    type_into(form, "met_with", "DSL", governor.bot)
    for _, row in rows_of(form):
        if row.question.list_name == "found":
            row.field.set_value("yes")
    editor.close_it.click()
    governor.until(tab, "Strengths")
    type_into(form, "strengths", "Children know whom to tell", governor.bot)
    editor.close_it.click()
    governor.until(tab, "closed")
    governor.wait(lambda: tab.editor and tab.editor is not editor)
    closed = tab.editor
    assert closed is not None
    governor.sign(closed.sign.click, PASSPHRASE)
    governor.until(tab, "Send one file to the school")
    dsl.file("*for-school*")
    visits = dsl.tab(MonitoringTab)
    dsl.wait(lambda: visits.visits.table.rows)
    assert visits.visits.table.rows[0].state == "received"
    assert esl.file("*for-trust*").verdicts.table.rows[0].verdict == "accepted"


def _fill(form: FormView) -> None:
    """Answer what is still blank: nought, or a plain sentence."""
    percentages = {"attendance_pct": 95.0, "authorised_absence_pct": 4.0,
                   "unauthorised_absence_pct": 1.0}  # fmt: skip
    special = {**percentages, "pupils_on_roll": 200, "pupils_with_any_concern": 2,
               "phase": "primary"}  # fmt: skip
    for name, row in rows_of(form):
        if row.field.value() is not None:
            continue
        if name in special:
            row.field.set_value(special[name])
        elif row.question.type in {"integer", "decimal"}:
            row.field.set_value(0)
        elif row.question.type == "date":
            row.field.set_value("2026-12-01")
        elif row.question.type == "text":
            row.field.set_value(f"None this term for {row.question.label.lower()}.")
        elif row.question.list_name in {"yes_no", "yes_partly_no"}:
            row.field.set_value("yes")
    form.row("pupils_on_roll").field.edited.emit()


def _return(dsl: Laptop, esl: Laptop) -> None:
    tab = dsl.tab(ReturnTab)
    dsl.quiet(tab)
    tab.prepare.click()
    dsl.wait(lambda: tab.editor)
    editor = tab.editor
    assert editor is not None
    assert editor.form.row("concerns_total").field.value() == 3
    assert "Counted" in editor.form.row("concerns_total").note.text()
    editor.sign.click()
    dsl.until(tab, "cannot be signed yet")
    _fill(editor.form)
    editor.form.flush()
    dsl.quiet(tab)
    assert not [p for p in editor.form.judge().problems if p.severity == "error"], [
        p for p in editor.form.judge().problems if p.severity == "error"
    ]
    editor.form.sections.setCurrentRow(editor.form.sections.count() - 1)
    for line in editor.checks.lines.values():
        line.setText("Talked through with the headteacher.")
    editor.save()
    dsl.wait(lambda: "Saved at" in editor.saved.text())
    dsl.look_and_sign(tab, editor.sign.click, PASSPHRASE)
    dsl.until(tab, "second person signs")
    dsl.wait(lambda: tab.editor and tab.editor is not editor)
    half = tab.editor
    assert half is not None
    dsl.look_and_sign(tab, half.countersign.click, "not the right words")
    dsl.until(tab, "passphrase")
    page = tab.stack.currentWidget()
    assert isinstance(page, SigningPage)
    dsl.sign(page.sign.click, PASSPHRASE)
    dsl.until(tab, "Signed by both")
    dsl.wait(lambda: tab.editor and tab.editor is not half)
    signed = tab.editor
    assert signed is not None
    signed.export.click()
    dsl.wait(lambda: isinstance(tab.stack.currentWidget(), FilePanel))
    panel = tab.stack.currentWidget()
    assert isinstance(panel, FilePanel)
    (written,) = panel.written
    assert written.path.is_file()
    assert "Upload this one file" in written.ready.what_to_do

    path = next(dsl.outbox.glob("oakfield-2026-27-autumn-termly-return-r1.odbst"))
    broken = bytearray(path.read_bytes())
    broken[len(broken) // 2] ^= 4
    (dsl.outbox / "broken.odbst").write_bytes(broken)
    packages = esl.file("broken.odbst", path.name)
    assert [(v.verdict, v.code) for v in packages.verdicts.table.rows] == [
        ("rejected", "cannot-open"),
        ("accepted", "ok"),
    ]
    assert "damaged on its way" in packages.message.text()
    returns = esl.tab(ReturnedTab)
    esl.wait(lambda: any(s.held for s in returns.schools.table.rows))
    assert "1 of 1 schools returned" in returns.summary.text()
    returns.collate.click()
    esl.until(returns, "returns-2026-27-autumn.csv")
    table = (dsl.outbox / "returns-2026-27-autumn.csv").read_text(encoding="utf-8-sig")
    rows = {row["field"]: row for row in csv.DictReader(table.splitlines())}
    assert rows["concerns_total"]["value"] == "3"
    returns.open.click()
    esl.wait(lambda: isinstance(returns.stack.currentWidget(), ReturnPanel))
    panel = returns.stack.currentWidget()
    assert isinstance(panel, ReturnPanel)
    esl.sign(panel.accept.click, PASSPHRASE)
    esl.until(returns, "receipt")
    esl.quiet(returns)
    esl.wait(lambda: returns.schools.table.rows[0].state.value == "✓ Accepted")
    received = dsl.file("*receipt*")
    assert received.verdicts.table.rows[0].verdict == "accepted"
