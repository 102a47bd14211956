"""Who and what opens a vault, by command: whatever the window does, ``odbst`` does too."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import keyring
import pypdf
import pytest
from keyring.backends.fail import Keyring

from odbst_desktop.command_line.command import run
from odbst_desktop.vault.backups import backups_of
from odbst_desktop.vault.vault import Vault

PASSPHRASE = "copper lantern drifting orchard"
SECOND = "velvet anchor morning gravel"
THIRD = "thunder pebble velvet sailing"


class Shell:
    """Runs ``odbst vault`` on one vault, with passphrases from files."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def file(self, words: str) -> str:
        path = self.folder.parent / f"{abs(hash(words))}.txt"
        path.write_text(f"{words}\n", encoding="utf-8")
        return str(path)

    def __call__(self, action: str, *more: str, passphrase: str = PASSPHRASE) -> tuple[int, str]:
        given = ["--passphrase-file", self.file(passphrase)]
        status = run(["vault", action, str(self.folder), *given, *more])
        said = self._capsys.readouterr()
        return status, said.out + said.err


@pytest.fixture
def shell(school: Vault, capsys: pytest.CaptureFixture[str]) -> Shell:
    school.close()
    return Shell(school.folder, capsys)


def test_somebody_is_added_given_a_new_passphrase_and_removed(shell: Shell) -> None:
    new = ("--new-passphrase-file", shell.file(SECOND))
    assert shell("add-user", "--name", "Peter Marsh", "--role", "headteacher", *new)[0] == 0
    assert shell("users", passphrase=SECOND)[1].split("\n")[1] == (
        "Peter Marsh (headteacher): can open"
    )
    newer = ("--new-passphrase-file", shell.file(THIRD))
    assert shell("replace-passphrase", "--name", "Peter Marsh", *newer)[0] == 0
    assert shell("users", passphrase=SECOND)[0] == 2
    assert shell("users", passphrase=THIRD)[0] == 0
    status, said = shell("remove-user", "--name", "Nobody Here")
    assert (status, "0 people of the name" in said) == (1, True)
    assert shell("remove-user", "--name", "Peter Marsh")[0] == 0
    assert shell("users", passphrase=THIRD)[0] == 2
    removed = json.loads(shell("users", "--json")[1].split("\n")[1])
    assert removed["state"].startswith("removed at 20")


def test_sheet_is_made_typed_back_tried_and_used(shell: Shell, tmp_path: Path) -> None:
    paper = tmp_path / "sheet.pdf"
    assert shell("sheet", "--out", str(paper))[0] == 0
    words = "".join(page.extract_text() for page in pypdf.PdfReader(paper).pages)
    code = "-".join(re.findall(r"\b[0-9A-HJKMNP-TV-Z]{5}\b", words)[:8])
    file = ("--code-file", shell.file(code))
    assert shell("confirm-sheet", *file)[1].strip() == "This sheet counts now, and no other."
    assert "The sheet works" in shell("drill", *file)[1]
    status = run(
        ["vault", "recover", str(shell.folder), *file, "--new-passphrase-file", shell.file(SECOND)]
    )
    assert status == 0
    assert shell("check", passphrase=SECOND)[0] == 0
    assert shell("check")[0] == 2


def test_key_is_changed_and_the_history_says_so(shell: Shell) -> None:
    assert shell("new-key")[0] == 0
    assert shell("backup")[0] == 0
    assert len(backups_of(shell.folder)) == 1
    entries = [json.loads(line) for line in shell("history", "--json")[1].splitlines()]
    assert entries[-1]["what"] == "vault key changed"
    assert entries[-1]["user"] == "Ruth Ellery"
    assert "vault key changed" in shell("history")[1]


def test_passphrase_that_may_be_known_is_changed_with_the_key(shell: Shell) -> None:
    new = ("--new-passphrase-file", shell.file(SECOND))
    assert shell("passphrase", "--may-be-known", *new)[0] == 0
    assert shell("check")[0] == 2
    assert "vault key changed" in shell("history", passphrase=SECOND)[1]


def test_quick_unlock_without_a_keyring_is_refused_with_a_sentence(
    shell: Shell,
) -> None:
    before: Any = keyring.get_keyring()
    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]
    try:
        status, said = shell("quick-unlock", "on")
    finally:
        keyring.set_keyring(before)
    assert (status, "no keyring" in said) == (2, True)
    assert shell("quick-unlock", "off")[0] == 0


def test_vault_that_is_no_older_copy_needs_no_decision(shell: Shell) -> None:
    status, said = shell("count-older-copy")
    assert (status, "no older copy" in said) == (1, True)
