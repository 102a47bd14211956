"""What many tests start from: a day, real vaults, the demonstration trust."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

import odbst_desktop.policies
from odbst_desktop.demo.trust import make_demonstration
from odbst_desktop.desktop.collecting import collect_all
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.office.opening import make_vault, unlock_vault
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.school.people import add_person
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.vault import Vault

PASSPHRASE = "copper lantern drifting orchard"
DAY = date(2026, 11, 24)


@dataclass
class SetClock:
    """A clock that stands where a test puts it."""

    day: date = DAY

    def __call__(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 15, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(autouse=True)
def nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Free what a test left of the window before the next.

    Restyling widgets left over takes ever longer, and a runner of jobs has switched the automatic
    collection off: the tests after it would keep all their garbage until the interpreter ends.
    """
    yield
    application = QCoreApplication.instance()
    if application is None or "qapp" not in request.fixturenames:
        return
    for runner in application.findChildren(JobRunner):
        runner.wait()
        runner.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.enable()
    collect_all()


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def it_team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Write the policies of this computer; the file's real place needs an administrator."""
    file = tmp_path / "machine" / "policies.toml"
    file.parent.mkdir()
    monkeypatch.setattr(odbst_desktop.policies, "policy_file", lambda: file)

    def write(text: str) -> Path:
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def open_vaults(tmp_path: Path, clock: SetClock) -> Iterator[Callable[..., Vault]]:
    """Make real vaults and close them at the end."""
    made: list[Vault] = []

    def make(
        name: str = "oakfield",
        profile: Profile = Profile.SCHOOL,
        urn: int | None = 900101,
        person: str = "Ruth Ellery",
    ) -> Vault:
        vault = make_vault(
            tmp_path / name,
            owner=Owner(profile, name.title(), urn),
            person=person,
            passphrase=PASSPHRASE,
            cost=FLOOR_COST,
            clock=clock,
        ).vault
        made.append(vault)
        return vault

    yield make
    for vault in made:
        vault.close()


@pytest.fixture
def school(open_vaults: Callable[..., Vault]) -> Vault:
    """Return a school's vault with a small staff."""
    vault = open_vaults()
    with vault.changing("people added", "people") as session:
        joined = date(2024, 9, 1)
        add_person(session, "Ruth Ellery", ["dsl", "teacher", "senior_leader"], joined)
        add_person(session, "Peter Marsh", ["headteacher", "deputy_dsl"], joined)
        add_person(session, "Imani Cole", ["teaching_assistant"], joined)
        add_person(session, "Grace Tolley", ["governor", "safeguarding_governor"], joined)
    return vault


@pytest.fixture(scope="session")
def made_demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demonstration trust, made once; tests take copies."""
    folder = tmp_path_factory.mktemp("demonstration") / "trust"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder.parent / "state"))
        list(make_demonstration(folder))
    return folder


@pytest.fixture
def demonstration(made_demonstration: Path, tmp_path: Path) -> Path:
    """Return a copy of the demonstration trust."""
    return Path(shutil.copytree(made_demonstration, tmp_path / "demo"))


@pytest.fixture
def unlocked(demonstration: Path, clock: SetClock) -> Iterator[Callable[[str], Vault]]:
    """Open vaults of the demonstration trust by name, and close them at the end."""
    opened: list[Vault] = []

    def unlock(name: str) -> Vault:
        vault = unlock_vault(demonstration / name, PASSPHRASE, clock=clock)
        opened.append(vault)
        return vault

    yield unlock
    for vault in opened:
        vault.close()
