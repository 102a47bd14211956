"""The tab of the vault: people, passphrase and sheet, quick unlock, backups, history."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.tabs.home import HomeTab
from odbst_desktop.desktop.tabs.vault import VaultTab
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.office.opening import make_vault, unlock_vault
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.vault.errors import WrongPassphraseError
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.opening import NewVault
from odbst_desktop.vault.vault import Vault

PASSPHRASE = "copper lantern drifting orchard"
SECOND = "velvet anchor morning gravel"
THIRD = "thunder pebble velvet sailing"


@pytest.fixture
def made(tmp_path: Path, clock: Any) -> Iterator[NewVault]:
    new = make_vault(
        tmp_path / "oakfield", owner=Owner(Profile.SCHOOL, "Oakfield", 900101),
        person="Ruth Ellery", passphrase=PASSPHRASE, cost=FLOOR_COST, clock=clock,
    )  # fmt: skip
    yield new
    new.vault.close()


Show = Callable[[Vault], VaultTab]


@pytest.fixture
def show(qtbot: QtBot, qapp: QApplication) -> Iterator[Show]:
    """Show a vault's tab, read and painted."""
    apply_theme(qapp)
    shown: list[Rooms] = []

    def show_tab(vault: Vault) -> VaultTab:
        rooms = Rooms(vault, JobRunner(qapp), write_whole)
        qtbot.addWidget(rooms)
        rooms.resize(QSize(1366, 700))
        rooms.show()
        rooms.go_to("Vault")
        shown.append(rooms)
        tab = rooms.vault_tab
        qtbot.waitUntil(lambda: tab.overview_panel.facts.rowCount() > 0, timeout=20_000)
        return tab

    yield show_tab
    for rooms in shown:
        rooms.flush()
        rooms.home.desk.jobs.wait()


def said(qtbot: QtBot, tab: VaultTab, words: str) -> None:
    qtbot.waitUntil(lambda: words in tab.message.text(), timeout=30_000)
    qtbot.waitUntil(lambda: tab.desk.jobs.wait(1), timeout=30_000)
    QApplication.processEvents()


def choose(tab: VaultTab, name: str) -> None:
    rows = tab.people.users.table.rows
    tab.people.users.selectRow([row.user.name for row in rows].index(name))


def test_person_is_added_given_a_new_passphrase_and_removed(
    made: NewVault, show: Show, qtbot: QtBot, clock: Any
) -> None:
    tab = show(made.vault)
    people = tab.people
    people.name.setText("Peter Marsh")
    people.role.setCurrentIndex(people.role.findData("headteacher"))
    people.passphrase.setText(SECOND)
    people.add.click()
    said(qtbot, tab, "signing key now")
    qtbot.waitUntil(lambda: len(people.users.table.rows) == 2)
    fingerprint = people.users.table.rows[1].fingerprint
    choose(tab, "Peter Marsh")
    people.own.setText("not it at all, I fear")
    people.replacement.setText(THIRD)
    people.replace.click()
    said(qtbot, tab, "does not open this vault")
    people.own.setText(PASSPHRASE)
    people.replace.click()
    said(qtbot, tab, "new signing key")
    qtbot.waitUntil(lambda: people.users.table.rows[1].fingerprint != fingerprint)
    choose(tab, "Ruth Ellery")
    people.own.setText(PASSPHRASE)
    people.remove.click()
    said(qtbot, tab, "cannot remove yourself")
    choose(tab, "Peter Marsh")
    people.remove.click()
    said(qtbot, tab, "open the vault no more")
    qtbot.waitUntil(lambda: "Removed on 2026-11-24" in people.users.table.rows[1].state)
    folder = made.vault.folder
    made.vault.close()
    with pytest.raises(WrongPassphraseError):
        unlock_vault(folder, THIRD, clock=clock)
    unlock_vault(folder, PASSPHRASE, clock=clock).close()


def test_new_sheet_is_typed_back_and_tried_on_a_copy(
    made: NewVault, show: Show, qtbot: QtBot
) -> None:
    tab = show(made.vault)
    ways = tab.ways_in
    assert any("Not typed back yet" in text for _, text in facts(tab))
    assert any("Due this half-term (never done)" in text for _, text in facts(tab))
    ways.typed.setText(made.recovery_code)
    ways.confirm.click()
    said(qtbot, tab, "counts now")
    home = tab.window().findChild(HomeTab)
    assert home is not None
    assert [card.figure for card in home.load().cards if card.title == "Recovery sheet"]
    ways.own.setText(PASSPHRASE)
    ways.new_sheet.click()
    said(qtbot, tab, "type it back")
    assert not ways.code.isHidden()
    code = ways.code.text()
    ways.typed.setText(code)
    ways.confirm.click()
    said(qtbot, tab, "no other")
    assert not ways.code.text(), "the code is not left on the screen"
    ways.typed.setText(made.recovery_code)
    ways.drill.click()
    said(qtbot, tab, "a sheet that was replaced")
    ways.typed.setText(code)
    ways.drill.click()
    said(qtbot, tab, "The sheet works")
    assert not [card for card in home.load().cards if card.title == "Recovery sheet"]
    qtbot.waitUntil(lambda: any("Passed on 24 Nov 2026" in text for _, text in facts(tab)))


def facts(tab: VaultTab) -> list[tuple[str, str]]:
    shown = [label.text() for label in tab.overview_panel.findChildren(QLabel)]
    return list(pairwise(shown))


def test_quick_unlock_says_why_it_is_not_to_be_had(
    made: NewVault, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = show(made.vault)
    qtbot.waitUntil(lambda: bool(tab.ways_in.quick_state.text()))
    if "no keyring" in tab.ways_in.quick_state.text():
        assert not tab.ways_in.quick_on.isEnabled()


def test_backups_made_before_are_removed_when_they_may_be_opened(
    made: NewVault, show: Show, qtbot: QtBot, clock: Any
) -> None:
    tab = show(made.vault)
    qtbot.waitUntil(lambda: len(tab.backups.kept.table.rows) == 1, timeout=20_000)
    clock.day = date(2026, 11, 25)
    tab.backups.backup.click()
    said(qtbot, tab, "Backed up and tried")
    qtbot.waitUntil(lambda: len(tab.backups.kept.table.rows) == 2)
    clock.day = date(2026, 11, 26)
    tab.backups.renew.click()
    said(qtbot, tab, "2 made before are removed")
    qtbot.waitUntil(lambda: len(tab.backups.kept.table.rows) == 1)
    assert tab.backups.kept.table.rows[0].made.date() == date(2026, 11, 26)


def test_history_is_found_by_person_kind_date_and_words(
    made: NewVault, show: Show, qtbot: QtBot, clock: Any
) -> None:
    vault = made.vault
    for day, what, record in (
        (date(2026, 11, 20), "meeting closed", "meeting/1"),
        (date(2026, 11, 23), "meeting saved", "meeting/2"),
        (date(2026, 11, 24), "person added", "person/1"),
    ):
        clock.day = day
        with vault.changing(what, record):
            pass
    tab = show(vault)
    history = tab.history
    everything = len(history.entries.table.rows)

    def found() -> list[str]:
        return [row.entry.what for row in history.entries.table.rows]

    history.kind.setCurrentText("meeting")
    assert found() == ["meeting saved", "meeting closed"]
    history.until.setText("20/11")
    history.until.textEdited.emit("20/11")
    assert found() == ["meeting closed"]
    history.until.setText("no day")
    history.until.textEdited.emit("no day")
    assert "no day" in history.found.text()
    history.until.clear()
    history.kind.setCurrentIndex(0)
    history.what.setText("ADDED")
    history.what.textEdited.emit("ADDED")
    assert found()[0] == "person added"
    history.what.clear()
    history.what.textEdited.emit("")
    history.who.setCurrentText("Ruth Ellery")
    assert len(history.entries.table.rows) == everything


def test_older_copy_is_shown_as_such_and_can_be_taken_on(
    made: NewVault, show: Show, qtbot: QtBot, tmp_path: Path, clock: Any
) -> None:
    folder = made.vault.folder
    made.vault.close()
    shutil.copytree(folder, tmp_path / "old")
    vault = unlock_vault(folder, PASSPHRASE, clock=clock)
    with vault.changing("later", "later/1"):
        pass
    vault.close()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "old", folder)
    vault = unlock_vault(folder, PASSPHRASE, clock=clock)
    tab = show(vault)
    panel = tab.overview_panel
    qtbot.waitUntil(lambda: panel.count.isVisibleTo(tab))
    assert "older copy" in panel.older.text()
    tab.people.name.setText("Peter Marsh")
    tab.people.passphrase.setText(SECOND)
    tab.people.add.click()
    said(qtbot, tab, "nothing can be changed in it")
    panel.count.click()
    said(qtbot, tab, "counts from now on")
    qtbot.waitUntil(lambda: not panel.count.isVisibleTo(tab))
    tab.desk.jobs.wait()
    vault.close()
