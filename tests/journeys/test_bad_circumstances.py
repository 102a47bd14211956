"""A computer that is not as it should be: each fault is answered by a sentence."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import odbst_desktop
from odbst_desktop.app import real_services
from odbst_desktop.desktop.display import why_no_window
from odbst_desktop.desktop.first_pages import RestorePage, UnlockPage, WelcomePage
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.rooms import Rooms
from odbst_desktop.desktop.window import Window
from odbst_desktop.errors import OdbstError
from odbst_desktop.files import write_whole
from odbst_desktop.office.notices import clock_problem, notices
from odbst_desktop.office.opening import make_vault, unlock_vault
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.vault.backups import back_up
from odbst_desktop.vault.doorplate import NAME, put_up, vault_behind
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.vault import Vault
from tests.conftest import PASSPHRASE, SetClock

TOP = Path(odbst_desktop.__file__).parent.parent


def program(
    *arguments: str, top: Path = TOP, **surroundings: str
) -> subprocess.CompletedProcess[str]:
    """Run the program as a process of its own; a blank surrounding is taken away."""
    known = {**os.environ, "PYTHONPATH": str(top), "QT_QPA_PLATFORM": "", **surroundings}
    return subprocess.run(
        [sys.executable, "-m", "odbst_desktop", *arguments],
        env={name: value for name, value in known.items() if value},
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False, cwd=top,
    )  # fmt: skip


linux = pytest.mark.skipif(sys.platform != "linux", reason="it is about the X Window System")


@linux
@pytest.mark.parametrize("display", ["", ":4711"])
def test_without_a_display_there_is_a_sentence_and_no_crash(display: str) -> None:
    ended = program("open", DISPLAY=display, WAYLAND_DISPLAY="")
    assert ended.returncode == 2
    assert "no window can be shown" in ended.stderr
    assert "Traceback" not in ended.stderr


@linux
def test_a_display_that_answers_is_no_fault() -> None:
    assert why_no_window({"QT_QPA_PLATFORM": "offscreen"}) == ""
    assert why_no_window({"WAYLAND_DISPLAY": "wayland-0"}) == ""
    assert "does not answer" in why_no_window({"DISPLAY": ":4711"})


def test_a_home_that_cannot_be_written_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: SetClock
) -> None:
    """Only what is noted outside the vault is missing; a file stands where the folder should."""
    (tmp_path / "a file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "a file"))
    owner = Owner(Profile.SCHOOL, "Oakfield", 900101)
    vault = make_vault(
        tmp_path / "vault", owner=owner, person="Ruth Ellery", passphrase=PASSPHRASE,
        cost=FLOOR_COST, clock=clock,
    ).vault  # fmt: skip
    vault.close()
    services = real_services(clock)
    opened = services.unlock(tmp_path / "vault", PASSPHRASE)
    services.remember_vault(opened.folder)
    assert not services.take_call(opened.folder)
    opened.close()
    told = json.loads(program("doctor", "--json").stdout)
    assert "cannot be written" in told["problems"]["state folder"]


def test_a_vaults_folder_that_cannot_be_written_is_said(tmp_path: Path, clock: SetClock) -> None:
    (tmp_path / "a file").write_text("", encoding="utf-8")
    with pytest.raises(OdbstError, match="folder"):
        make_vault(
            tmp_path / "a file" / "vault", owner=Owner(Profile.TRUST, "Larkhill", None),
            person="Helen Ashby", passphrase=PASSPHRASE, cost=FLOOR_COST, clock=clock,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("today", "newest", "is_wrong"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), False),
        (date(2026, 11, 24), None, False),
        (date(2026, 11, 23), date(2026, 11, 24), True),
        (date(1970, 1, 1), None, True),
        (date(2031, 1, 1), date(2026, 11, 24), False),
    ],
)
def test_a_clock_earlier_than_what_is_known_is_wrong(
    today: date, newest: date | None, *, is_wrong: bool
) -> None:
    assert bool(clock_problem(today, newest)) == is_wrong


def test_a_wrong_clock_is_said_above_every_tab(
    school: Vault, clock: SetClock, qtbot: QtBot, qapp: object
) -> None:
    assert notices(school) == ()
    clock.day = date(2026, 10, 1)
    jobs = JobRunner()
    rooms = Rooms(school, jobs, write_whole)
    qtbot.addWidget(rooms)
    jobs.setParent(rooms)
    qtbot.waitUntil(lambda: bool(band_words(rooms)), timeout=10_000)
    assert "it says 1 Oct 2026, before 24 Nov 2026" in band_words(rooms)[0]
    jobs.wait()


def band_words(rooms: Rooms) -> list[str]:
    from PySide6.QtWidgets import QLabel  # noqa: PLC0415

    labels = rooms.findChildren(QLabel)
    return [label.text() for label in labels if label.text().startswith("! The clock")]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of the program's files, to be broken."""
    for name in ("odbst_desktop", "forms", "resources"):
        shutil.copytree(
            TOP / name, tmp_path / "program" / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path / "program"


@pytest.mark.parametrize(
    "missing", ["forms/return/termly_return.yaml", "resources/fonts/inter/Inter-Regular.ttf"]
)
def test_an_upgrade_that_broke_off_is_noticed_by_a_missing_file(copied: Path, missing: str) -> None:
    (copied / missing).unlink()
    told = json.loads(program("doctor", "--json", top=copied).stdout)
    assert f"without {missing}" in told["problems"]["odbst"]
    assert "Your vaults are untouched" in told["problems"]["odbst"]


def test_an_upgrade_that_broke_off_is_noticed_by_files_of_two_versions(copied: Path) -> None:
    (copied / "evidence").mkdir()
    (copied / "evidence" / "version.txt").write_text("9.9.9\n", encoding="ascii")
    told = json.loads(program("doctor", "--json", top=copied).stdout)
    assert "with files of version 9.9.9" in told["problems"]["odbst"]


def test_names_and_folders_that_are_not_ascii_work(tmp_path: Path, clock: SetClock) -> None:
    folder = tmp_path / "Zoë Þórsdóttir" / "Šköla 学校 🏫"
    passphrase = "naïve Škoda über façade"
    vault = make_vault(
        folder, owner=Owner(Profile.SCHOOL, "St Éadburga’s", 900101), person="Zoë Þórsdóttir",
        passphrase=passphrase, cost=FLOOR_COST, clock=clock,
    ).vault  # fmt: skip
    backup = back_up(vault)
    vault.close()
    assert backup.is_file()
    again = unlock_vault(folder, passphrase, clock=clock)
    assert again.user.name == "Zoë Þórsdóttir"
    assert again.check() == ()
    again.close()


def test_a_path_over_260_characters_works_where_the_system_allows_it(
    tmp_path: Path, clock: SetClock
) -> None:
    folder = tmp_path.joinpath(*["a long name of a folder in a school" for _ in range(9)])
    assert len(str(folder)) > 300
    vault = make_vault(
        folder, owner=Owner(Profile.SCHOOL, "Oakfield", 900101), person="Ruth Ellery",
        passphrase=PASSPHRASE, cost=FLOOR_COST, clock=clock,
    ).vault  # fmt: skip
    assert back_up(vault).is_file()
    vault.close()
    unlock_vault(folder, PASSPHRASE, clock=clock).close()


def test_a_name_that_the_disk_does_not_take_is_said(tmp_path: Path, clock: SetClock) -> None:
    with pytest.raises(OdbstError, match="Choose another folder"):
        make_vault(
            tmp_path / ("x" * 300), owner=Owner(Profile.SCHOOL, "Oakfield", 900101),
            person="Ruth Ellery", passphrase=PASSPHRASE, cost=FLOOR_COST, clock=clock,
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == [] or (tmp_path / "state").exists()


def test_the_file_in_a_vaults_folder_opens_the_vault(school: Vault) -> None:
    put_up(school.folder)
    put_up(school.folder)
    plate = school.folder / NAME
    assert vault_behind(plate) == vault_behind(school.folder) == school.folder
    assert "vault" in plate.read_text(encoding="utf-8")


def test_what_is_opened_from_the_file_manager_leads_to_its_page(
    qtbot: QtBot, school: Vault, tmp_path: Path, clock: SetClock
) -> None:
    backup, package = tmp_path / "x.odbst-backup", tmp_path / "x.odbst"
    package.write_bytes(b"{}")
    for window, kind in (
        (Window(real_services(clock), None, backup), RestorePage),
        (Window(real_services(clock), None, package), WelcomePage),
        (Window(real_services(clock), school.folder, package), UnlockPage),
    ):
        qtbot.addWidget(window)
        assert isinstance(window.centralWidget(), kind)
        if kind is not UnlockPage:
            window.close()
    school.close()
    page = window.centralWidget()
    assert isinstance(page, UnlockPage)
    page.passphrase.setText(PASSPHRASE)
    page.unlock.click()
    qtbot.waitUntil(lambda: isinstance(window.centralWidget(), Rooms), timeout=20_000)
    rooms = window.centralWidget()
    assert isinstance(rooms, Rooms)
    assert rooms.known_as == "Packages"
    packages = rooms.tab("Packages")
    qtbot.waitUntil(lambda: "x.odbst" in packages.message.text(), timeout=20_000)
    window.close()
