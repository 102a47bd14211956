"""Signing in the window: looked at, signed here or elsewhere, changed, queried, two drafts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.sign_off.changes_page import ChangesPage
from odbst_desktop.desktop.sign_off.compare_page import ComparePage
from odbst_desktop.desktop.sign_off.file_panel import FilePanel
from odbst_desktop.desktop.sign_off.reason_page import ReasonPage
from odbst_desktop.desktop.sign_off.signing_page import SigningPage
from odbst_desktop.desktop.sign_off.to_sign import ToSignTab
from odbst_desktop.desktop.tab import PassphraseDialog, Tab
from odbst_desktop.desktop.tabs.home import HomeTab
from odbst_desktop.desktop.tabs.packages import PackagesTab
from odbst_desktop.desktop.tabs.termly_return import ReturnEditor, ReturnTab
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.office import outbox
from odbst_desktop.office.return_files import draft_file, file_for_trust
from odbst_desktop.returns.countersigners import countersigners
from odbst_desktop.returns.drafting import ReturnId, open_return, read_return, save_return
from odbst_desktop.returns.other_laptop import other_vaults
from odbst_desktop.returns.signing import countersign_return, payload_hash, sign_return
from odbst_desktop.vault.vault import Vault
from tests.returns.autumn import PASSPHRASE, new_card, own_laptop, ready, send

AnyTab = TypeVar("AnyTab", bound=Tab)
AnyPage = TypeVar("AnyPage", bound=QWidget)
Unlock = Callable[[str], Vault]


@pytest.fixture
def unlocked(unlocked: Unlock) -> Unlock:
    """Open each vault once."""
    return cache(unlocked)


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that every folder dialog answers with."""
    folder = tmp_path / "stick"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(folder))
    return folder


class Desktop:
    """One vault in one window."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms

    def tab(self, kind: type[AnyTab]) -> AnyTab:
        found = next(tab for tab in self.rooms.all if isinstance(tab, kind))
        self.rooms.go_to(found.title)
        self.settle()
        return found

    def settle(self) -> None:
        for _ in range(8):
            self.rooms.home.desk.jobs.wait()
            QApplication.processEvents()

    def press(self, press: Callable[[], None]) -> None:
        press()
        self.settle()

    def sign(self, press: Callable[[], None]) -> None:
        def type_it() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, PassphraseDialog)
            dialog.passphrase.setText(PASSPHRASE)
            buttons = dialog.findChild(QDialogButtonBox)
            assert buttons is not None
            buttons.button(QDialogButtonBox.StandardButton.Ok).click()

        QTimer.singleShot(50, type_it)
        self.press(press)

    def page(self, tab: Tab, kind: type[AnyPage]) -> AnyPage:
        shown = tab.stack.currentWidget()
        assert isinstance(shown, kind), tab.message.text()
        return shown

    def opened(self) -> tuple[ReturnTab, ReturnEditor]:
        tab = self.tab(ReturnTab)
        self.press(tab.open.click)
        return tab, self.page(tab, ReturnEditor)


@pytest.fixture
def desktop(
    qtbot: QtBot, qapp: QApplication, unlocked: Unlock
) -> Iterator[Callable[[Vault], Desktop]]:
    apply_theme(qapp)
    made: list[Desktop] = []

    def open_(vault: Vault) -> Desktop:
        rooms = Rooms(vault, JobRunner(qapp), write_whole)
        qtbot.addWidget(rooms)
        rooms.resize(1366, 768)
        rooms.show()
        made.append(Desktop(rooms))
        made[-1].settle()
        return made[-1]

    yield open_
    for each in made:
        each.rooms.flush()
        each.settle()


@pytest.fixture
def made(unlocked: Unlock, clock: Any) -> ReturnId:
    return ready(unlocked("oakfield"), clock)


def change(editor: ReturnEditor, name: str, value: Any) -> None:
    field = editor.form.row(name).field
    field.set_value(value)
    field.edited.emit()
    editor.form.flush()


@pytest.mark.display
def test_two_laptops_sign_one_return(
    desktop: Callable[[Vault], Desktop], unlocked: Unlock, made: ReturnId, stick: Path, clock: Any
) -> None:
    school, governor = desktop(unlocked("oakfield")), desktop(unlocked("governor"))
    tab, editor = school.opened()
    assert "Ready to sign" in editor.title.text()
    place = [editor.panel.second.itemText(n) for n in range(editor.panel.second.count())]
    assert place[1] == "Grace Tolley, safeguarding governor · on their own laptop, by file"
    editor.panel.second.setCurrentIndex(1)
    school.press(editor.sign.click)
    page = school.page(tab, SigningPage)
    school.sign(page.sign.click)
    editor = school.page(tab, ReturnEditor)
    assert "Signed by the DSL, waits for Grace Tolley" in editor.title.text()
    school.press(editor.panel.hand_over.click)
    panel = school.page(tab, FilePanel)
    (handed,) = panel.written
    assert handed.path.is_file()
    assert handed.folder == stick
    assert "Grace Tolley" in handed.ready.what_to_do
    school.press(panel.done.click)

    packages = governor.tab(PackagesTab)
    governor.press(lambda: packages.file([handed.path]))
    assert [v.verdict for v in packages.verdicts.table.rows] == ["pending"]
    home = governor.tab(HomeTab)
    assert any(card.title == "Returns to sign" for card in home.load().cards)
    signing = governor.tab(ToSignTab)
    governor.press(signing.open.click)
    opened = signing.page
    assert opened is not None
    assert opened.form.answers()["concerns_total"] == opened.held.answers["concerns_total"]
    governor.press(opened.paper.click)
    governor.press(governor.page(signing, SigningPage).back.click)
    governor.sign(opened.sign.click)
    written = governor.page(signing, FilePanel).written
    assert [each.ready.reader for each in written] == ["the Executive Safeguarding Lead", "the DSL"]
    assert send(stick, unlocked("governor"), unlocked("trust"), written[0].ready.data).code == "ok"

    packages = school.tab(PackagesTab)
    school.press(lambda: packages.file([written[1].path]))
    assert "countersigned" in packages.verdicts.table.rows[0].message
    clock.day = date(2026, 12, 30)
    returns = school.tab(ReturnTab)
    school.press(returns.refresh)
    (waiting,) = returns.waiting.table.table.rows
    assert waiting.waits_for == "the ESL’s receipt"
    assert waiting.age_words(clock.day) == "12 days"
    card = next(c for c in school.tab(HomeTab).load().cards if c.title == "Termly return")
    assert "Not acknowledged yet" in card.sentence


def test_a_change_after_signing_removes_the_signatures_and_says_so(
    desktop: Callable[[Vault], Desktop], unlocked: Unlock, made: ReturnId
) -> None:
    vault = unlocked("oakfield")
    sign_return(vault, made, PASSPHRASE, countersigners(vault)[0].id)
    countersign_return(vault, made, PASSPHRASE)
    school = desktop(vault)
    tab, editor = school.opened()
    school.press(lambda: change(editor, "cla_count", 9))
    assert "signatures of Ruth Ellery and Peter Marsh were removed" in tab.message.text()
    assert tab.editor is editor, "the user goes on where they were typing"
    assert "Draft" in editor.title.text() or "Ready" in editor.title.text()
    assert not editor.panel.put_back.isHidden()
    school.press(editor.panel.put_back.click)
    editor = school.page(tab, ReturnEditor)
    assert "Countersigned" in editor.title.text()
    assert read_return(vault, made).answers["cla_count"] != 9


def test_the_export_says_what_where_and_what_to_do(
    desktop: Callable[[Vault], Desktop], unlocked: Unlock, made: ReturnId, stick: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    vault = unlocked("oakfield")
    sign_return(vault, made, PASSPHRASE, countersigners(vault)[0].id)
    countersign_return(vault, made, PASSPHRASE)
    school = desktop(vault)
    tab, editor = school.opened()
    school.press(editor.export.click)
    panel = school.page(tab, FilePanel)
    (written,) = panel.written
    assert written.path.read_bytes() == written.ready.data
    digest = payload_hash(read_return(vault, made))
    assert digest == written.ready.fingerprint
    shown = " ".join(
        label.accessibleName() for label in panel.findChildren(QWidget) if label.accessibleName()
    )
    for words in ("Where it is: ", str(stick), "Upload this one file", "173 answers",
                  "Signatures: Ruth Ellery", digest[:4]):  # fmt: skip
        assert words in shown
    other = tmp_path / "other"
    other.mkdir()
    school.press(lambda: panel.copy_to(other))
    assert (other / written.ready.name).read_bytes() == written.ready.data
    assert not panel.isModal()


def test_a_queried_return_opens_at_the_field_and_answers_make_the_next_revision(
    desktop: Callable[[Vault], Desktop], unlocked: Unlock, made: ReturnId, tmp_path: Path
) -> None:
    vault, trust = unlocked("oakfield"), unlocked("trust")
    sign_return(vault, made, PASSPHRASE, countersigners(vault)[0].id)
    countersign_return(vault, made, PASSPHRASE)
    send(tmp_path, vault, trust, file_for_trust(vault, made).data)
    asked = [("cla_count", "Is this each child once?")]
    digest = payload_hash(read_return(vault, made))
    send(tmp_path, trust, vault, outbox.receipt(trust, digest, PASSPHRASE, asked).data)
    school = desktop(vault)
    tab, editor = school.opened()
    assert "? Queried" in editor.title.text()
    assert editor.form.section_name() == "pupil_groups"
    assert "Is this each child once?" in editor.form.row("cla_count").note.text()
    school.press(editor.queries.answer.click)
    page = school.page(tab, ReasonPage)
    assert "queries are answered" in page.reason.text()
    school.press(page.keep.click)
    editor = school.page(tab, ReturnEditor)
    assert "revision 2" in editor.title.text()
    assert editor.form.section_name() == "pupil_groups"
    school.press(lambda: change(editor, "cla_count", 9))
    editor.form.sections.setCurrentRow(editor.form.sections.count() - 1)
    school.settle()
    editor.checks.lines["query.cla_count"].setText("It was twice; mended.")
    school.press(editor.save)
    kept = read_return(vault, editor.found.id)
    assert kept.explanations["query.cla_count"] == "It was twice; mended."
    school.press(editor.panel.changes.click)
    changes = school.page(tab, ChangesPage)
    (row,) = changes.table.table.rows
    assert (row.field, row.after) == ("cla_count", "9")
    school.press(changes.go.click)
    assert school.page(tab, ReturnEditor).form.section_name() == "pupil_groups"


def test_another_laptops_draft_is_compared_and_a_field_taken_and_given_back(
    desktop: Callable[[Vault], Desktop], unlocked: Unlock, made: ReturnId, clock: Any,
    tmp_path: Path,
) -> None:  # fmt: skip
    vault, trust = unlocked("oakfield"), unlocked("trust")
    deputys = own_laptop(tmp_path / "deputys", trust, clock, person="Nadia Rahman", role="dsl")
    new_card(tmp_path, trust, deputys, vault)
    theirs = open_return(deputys, "2026-27", "autumn")
    answers = {**read_return(vault, made).answers, "cla_count": 9}
    save_return(deputys, theirs, answers, read_return(vault, made).explanations)
    path = tmp_path / "draft.odbst"
    to = next(each for each in other_vaults(deputys) if each.owner == "school")
    path.write_bytes(draft_file(deputys, theirs, PASSPHRASE, to).data)
    deputys.close()
    school = desktop(vault)
    tab, editor = school.opened()
    assert not editor.panel.share.isHidden()
    before = read_return(vault, made)
    school.press(lambda: editor.sharing.compare_with(path))
    page = school.page(tab, ComparePage)
    assert [row.field for row in page.table.table.rows] == ["cla_count"]
    assert read_return(vault, made) == before
    school.press(page.take.click)
    assert page.taken == {"cla_count"}
    assert read_return(vault, made).answers["cla_count"] == 9
    school.press(page.undo.click)
    assert read_return(vault, made).answers == before.answers
    school.press(page.back.click)
    school.page(tab, ReturnEditor)


def test_a_school_without_a_trust_card_is_told_whom_to_ask(
    desktop: Callable[[Vault], Desktop], open_vaults: Callable[..., Vault]
) -> None:
    vault = open_vaults("lone")
    open_return(vault, "2026-27", "autumn")
    _, editor = desktop(vault).opened()
    assert "Ask the Executive Safeguarding Lead for the trust card" in editor.panel.cautions.text()
    assert not editor.panel.nobody.isHidden()


def test_a_wrong_clock_is_said_before_signing_and_may_be_called_right(
    desktop: Callable[[Vault], Desktop], unlocked: Unlock, made: ReturnId, clock: Any
) -> None:
    vault = unlocked("oakfield")
    clock.day = date(2026, 12, 11)
    school = desktop(vault)
    tab, editor = school.opened()
    assert "today is 11 Dec 2026" in editor.panel.cautions.text()
    school.press(editor.sign.click)
    page = school.page(tab, SigningPage)
    school.sign(page.sign.click)
    assert "Set the computer’s clock" in tab.message.text()
    assert read_return(vault, made).state == "draft"
    page.day_is_right.setChecked(True)
    school.sign(page.sign.click)
    assert read_return(vault, made).state == "half_signed"
