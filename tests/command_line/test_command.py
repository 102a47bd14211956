"""The command line as a process, as a script or an IT team would run it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PASSPHRASE = "copper lantern drifting orchard"


class Odbst:
    """Runs commands with a home of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "passphrase.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")

    def __call__(
        self, *arguments: str, passphrase: str = "passphrase.txt"
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                sys.executable,
                "-m",
                "odbst_desktop",
                *arguments,
                "--passphrase-file",
                str(self.folder / passphrase),
            ],
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
            env={
                **os.environ,
                "XDG_STATE_HOME": str(self.folder / "state"),
                "PYTHONIOENCODING": "utf-8",
            },
        )

    def make(self) -> Path:
        vault = self.folder / "oakfield"
        made = self(
            "vault",
            "create",
            str(vault),
            "--profile",
            "dsl",
            "--name",
            "Ruth Ellery",
            "--urn",
            "123456",
            "--school",
            "Oakfield",
        )
        assert made.returncode == 0, made.stderr
        assert re.search(r"^([0-9A-HJKMNP-TV-Z]{5}-){7}[0-9A-HJKMNP-TV-Z]{5}$", made.stdout, re.M)
        return vault


@pytest.fixture
def odbst(tmp_path: Path) -> Odbst:
    return Odbst(tmp_path)


def test_vault_is_made_checked_and_says_its_keys(odbst: Odbst) -> None:
    vault = odbst.make()
    checked = odbst("vault", "check", str(vault))
    assert (checked.returncode, checked.stdout) == (0, "The vault is sound.\n")
    lines = [json.loads(line) for line in odbst("keys", str(vault), "--json").stdout.splitlines()]
    assert [line["use"] for line in lines] == ["signing", "sealing"]
    assert (lines[0]["person"], lines[0]["role"]) == ("Ruth Ellery", "dsl")
    assert lines[0]["fingerprint"] in odbst("keys", str(vault)).stdout


def test_wrong_passphrase_is_one_sentence_and_status_two(odbst: Odbst) -> None:
    vault = odbst.make()
    (odbst.folder / "other.txt").write_text("velvet anchor morning gravel", encoding="utf-8")
    refused = odbst("vault", "check", str(vault), passphrase="other.txt")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("That passphrase does not open this vault.")
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--school", "Oakfield"], "URN"),
        (["--school", "Oakfield", "--urn", "12"], "six digits"),
        (["--urn", "123456"], "name of the school"),
    ],
)
def test_an_owner_that_cannot_be_makes_nothing(
    options: list[str], sentence: str, odbst: Odbst
) -> None:
    vault = odbst.folder / "new"
    refused = odbst("vault", "create", str(vault), "--profile", "dsl", "--name", "R", *options)
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert not vault.exists()


def test_missing_passphrase_file_and_missing_vault_are_said_plainly(odbst: Odbst) -> None:
    missing = odbst("vault", "check", str(odbst.folder / "none"), passphrase="none.txt")
    assert missing.returncode == 1
    assert "could not be read" in missing.stderr
    none = odbst("vault", "check", str(odbst.folder / "none"))
    assert none.returncode == 2
    assert "There is no vault" in none.stderr


def test_training_is_counted_and_imported_by_script(demonstration: Path, tmp_path: Path) -> None:
    odbst, vault = Odbst(tmp_path), str(demonstration / "oakfield")
    sheet = tmp_path / "smartlog.csv"
    sheet.write_text(
        "Employee,Course title,Completed\nImani Cole,GDPR,02/03/2026\nNobody,GDPR,02/03/2026\n"
    )
    looked = odbst("training", "import", vault, str(sheet), "--preview")
    assert looked.returncode == 1
    assert "1 new" in looked.stdout
    assert "Row 3: person not found" in looked.stderr
    refused = odbst("training", "import", vault, str(sheet))
    assert refused.returncode == 1
    assert "Nothing was imported" in refused.stderr
    taken = odbst("training", "import", vault, str(sheet), "--leave-out")
    assert (taken.returncode, taken.stdout.splitlines()[-1]) == (0, "Imported 1 rows.")
    made = json.loads(odbst("training", "imports", vault, "--json").stdout)
    undone = odbst("training", "undo", vault, made["id"])
    assert undone.stdout == "The import of smartlog.csv is undone, 1 record.\n"
    again = odbst("training", "undo", vault, made["id"])
    assert (again.returncode, "undone already" in again.stderr) == (1, True)
    listed = tmp_path / "bromcom.csv"
    listed.write_text("Name,Job title,Start date\nZoe Hart,Cook,01/09/2026\n")
    people = odbst("training", "import", vault, str(listed), "--people")
    assert (people.returncode, people.stdout.splitlines()[-1]) == (0, "Imported 1 rows.")
    assert "Zoe Hart: KCSIE annual training" in odbst("training", "due", vault).stdout
    counted = odbst("training", "counts", vault, "--json", "--on", "24/11/2026")
    facts = [json.loads(line) for line in counted.stdout.splitlines()]
    kcsie = next(fact for fact in facts if fact["course"] == "kcsie_annual_update")
    assert (kcsie["in_date"], kcsie["required"]) == (12, 13)
    due = odbst("training", "due", vault, "--on", "24/11/2026")
    assert "Tom Hurst: KCSIE part 1 (or annex A) read and understood, overdue 2026-09-30" in (
        due.stdout.splitlines()
    )
