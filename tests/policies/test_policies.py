"""What the IT team sets counts for everybody; a mistake in it never weakens anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.desk import Desk, News
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.tabs.vault import VaultTab
from odbst_desktop.errors import FileWriteError, InputError
from odbst_desktop.files import write_whole
from odbst_desktop.policies import is_open_to_others, policies_here, policy_file, read_policies
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.vault.backups import back_up, backups_of
from odbst_desktop.vault.errors import NoKeyringError, WeakPassphraseError
from odbst_desktop.vault.quick_unlock import is_offered, kept_secret, switch_on
from odbst_desktop.vault.settings import idle_minutes, set_idle_minutes
from odbst_desktop.vault.users import change_passphrase
from odbst_desktop.vault.vault import Vault
from tests.conftest import PASSPHRASE

SetPolicies = Callable[[str], Path]


def test_without_a_file_nothing_is_set(tmp_path: Path) -> None:
    policies = read_policies(tmp_path / "none" / "policies.toml")
    assert policies.sentences() == ()
    assert policies.faults == ()


def test_the_file_cannot_be_moved_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = policy_file()
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "ProgramData", "ODBST_POLICIES"):
        monkeypatch.setenv(name, "/tmp/elsewhere")
    assert policy_file() == before


def test_the_vault_locks_no_later_than_set(school: Vault, it_team: SetPolicies) -> None:
    with school.changing("idle time set", "vault/x") as session:
        set_idle_minutes(session, 30)
    it_team("idle_lock_minutes = 7\n")
    with school.reading() as session:
        assert idle_minutes(session) == 7
    with (
        pytest.raises(InputError, match="1, 2, 3, 5, 7 minutes"),
        school.changing("idle time set", "vault/x") as session,
    ):
        set_idle_minutes(session, 10)
    with school.changing("idle time set", "vault/x") as session:
        set_idle_minutes(session, 3)
    with school.reading() as session:
        assert idle_minutes(session) == 3


def test_a_new_passphrase_is_as_long_as_set(school: Vault, it_team: SetPolicies) -> None:
    it_team("minimum_passphrase_length = 40\n")
    with pytest.raises(WeakPassphraseError, match="shorter than 40 characters"):
        change_passphrase(school, PASSPHRASE, "velvet anchor mosaic tundra")
    change_passphrase(school, PASSPHRASE, "velvet anchor mosaic tundra harvest pepper")


def test_no_policy_makes_passphrases_weaker(it_team: SetPolicies) -> None:
    it_team("minimum_passphrase_length = 4\n")
    assert policies_here().minimum_passphrase_length == 16
    assert "from 12 to 64" in policies_here().faults[0]


def test_quick_unlock_can_be_forbidden(school: Vault, it_team: SetPolicies) -> None:
    it_team("quick_unlock = false\n")
    assert not is_offered(school.folder)
    for call in (lambda: switch_on(school, PASSPHRASE), lambda: kept_secret(school.folder)):
        with pytest.raises(NoKeyringError, match="switched off by your IT team"):
            call()


def test_a_copy_of_each_backup_goes_to_the_folder_set(
    school: Vault, it_team: SetPolicies, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    it_team(f"backup_folder = '{shared}'\n")
    made = back_up(school)
    (copy,) = shared.rglob("*.odbst-backup")
    assert copy.read_bytes() == made.read_bytes()


def test_a_backup_stays_when_its_copy_cannot_be_written(
    school: Vault, it_team: SetPolicies, tmp_path: Path
) -> None:
    (tmp_path / "a file").write_text("", encoding="utf-8")
    it_team(f"backup_folder = '{tmp_path / 'a file' / 'inside'}'\n")
    with pytest.raises(FileWriteError, match="its copy could not be written"):
        back_up(school)
    assert len(backups_of(school.folder)) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("idle_lock_minutes = 0", "a whole number from 1 to 60"),
        ("idle_lock_minutes = true", "a whole number"),
        ("idle_lock_minutes = 5.5", "a whole number"),
        ("quick_unlock = 'no'", "true or false"),
        ("backup_folder = 'backups'", "the whole path of a folder"),
        ("update_location = ''", "a text"),
        ("idle_lock = 5", "“idle_lock” is no policy"),
        ("idle_lock_minutes = ", "not sound TOML"),
        ("\x00\xff", "not sound TOML"),
    ],
)
def test_a_mistake_is_said_and_the_strictest_value_counts(
    it_team: SetPolicies, text: str, words: str
) -> None:
    it_team(text)
    policies = policies_here()
    assert words in policies.faults[0]
    if "TOML" in words:
        assert (policies.idle_lock_minutes, policies.quick_unlock) == (5, False)
    if text.startswith("quick"):
        assert policies.quick_unlock is False


@given(st.binary(max_size=300))
def test_no_file_whatever_it_holds_ends_the_program(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(data)
    policies = read_policies(file)
    rule = shipped_yaml("resources/policies.yaml")["minimum_passphrase_length"]
    assert (policies.minimum_passphrase_length or rule["least"]) >= rule["least"]


def test_a_file_that_others_may_write_is_noticed(it_team: SetPolicies) -> None:
    file = it_team("quick_unlock = false\n")
    file.chmod(0o666)
    assert is_open_to_others(file)


def test_the_vault_tab_says_what_is_set_by_the_it_team(
    school: Vault, it_team: SetPolicies, qtbot: QtBot, qapp: QApplication
) -> None:
    it_team("idle_lock_minutes = 5\nquick_unlock = false\nbackup_folder = 'x'\n")
    tab = VaultTab(Desk(school, JobRunner(qapp), News(qapp), write_whole))
    qtbot.addWidget(tab)
    panel = tab.overview_panel
    assert "The vault locks after 5 minutes at the latest." in panel.policies.text()
    assert "Quick unlock is switched off." in panel.policies.text()
    assert "the whole path of a folder" in panel.policy_faults.text()
    assert [panel.minutes.itemData(row) for row in range(panel.minutes.count())] == [1, 2, 3, 5]
