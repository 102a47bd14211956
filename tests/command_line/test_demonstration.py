"""The demonstration trust and the commands on it, as processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from odbst_desktop.monitoring.checklists import checklist_ids
from odbst_desktop.shipped import shipped_file
from tests.form_engine.xlsforms import ACCEPTED, write_xlsform

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def odbst(tmp_path: Path) -> Run:
    def run(*arguments: object, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "odbst_desktop", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
            input=typed,
            env={
                **os.environ,
                "XDG_STATE_HOME": str(tmp_path / "state"),
                "PYTHONIOENCODING": "utf-8",
            },
        )

    return run


def test_demo_prints_each_file_it_made_and_takes_no_used_folder(odbst: Run, tmp_path: Path) -> None:
    made = odbst("demo", tmp_path / "demo")
    paths = [Path(line) for line in made.stdout.splitlines()]
    assert (made.returncode, made.stderr) == (0, "")
    assert all(path.exists() for path in paths)
    names = {path.name for path in paths}
    assert names >= {"passphrase.txt", "trust", "oakfield", "st-marys", "governor", "collated.csv"}
    for pattern in ("outbox/*.odbst", "reports/*.pdf"):
        found = set((tmp_path / "demo").glob(pattern))
        assert found
        assert found <= set(paths)
    again = odbst("demo", tmp_path / "demo")
    assert again.returncode == 1
    assert "holds something already" in again.stderr


def test_packages_are_judged_one_line_each(odbst: Run, demonstration: Path) -> None:
    files = sorted((demonstration / "outbox").glob("*termly-return*"))
    key = ("--passphrase-file", demonstration / "passphrase.txt")
    done = odbst("verify", demonstration / "trust", *files, "--json", *key)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [(s["verdict"], s["code"]) for s in said] == [("duplicate", "already-received")] * len(
        files
    )
    assert {s["kind"] for s in said} == {"termly-return"}
    assert set(said[0]) == {"file", "verdict", "code", "message", "kind", "id"}
    wrong = odbst("import", demonstration / "trust", demonstration / "collated.csv", *key)
    assert wrong.returncode == 1
    assert "not-a-package" in wrong.stdout
    assert "Traceback" not in wrong.stderr
    shown = odbst("inspect", demonstration / "trust", files[0], "--json", *key)
    assert json.loads(shown.stdout)["kind"] == "termly-return"


def test_collate_writes_the_table(odbst: Run, demonstration: Path, tmp_path: Path) -> None:
    key = ("--passphrase-file", demonstration / "passphrase.txt")
    done = odbst(
        "collate", demonstration / "trust", "--year", "2025-26", "--term", "summer",
        "--out", tmp_path / "out", *key,
    )  # fmt: skip
    assert done.returncode == 0
    assert "8 of 9 schools returned" in done.stdout
    made = (tmp_path / "out" / "returns-2025-26-summer.csv").read_bytes()
    assert made == (demonstration / "collated.csv").read_bytes()


def test_collate_takes_folders_and_tells_of_each_file(
    odbst: Run, demonstration: Path, tmp_path: Path
) -> None:
    key = ("--passphrase-file", demonstration / "passphrase.txt")
    out, outbox = tmp_path / "out", demonstration / "outbox"
    done = odbst("collate", demonstration / "trust", outbox, "--out", out, "--workers", 2, *key)
    assert (done.returncode, done.stderr) == (1, ""), "some files there are sealed to others"
    *_, words = done.stdout.splitlines()
    assert " collated, " in words
    assert {path.name for path in out.iterdir()} == {"returns.parquet", "figures.csv", "report.csv"}
    report = (out / "report.csv").read_text(encoding="utf-8-sig")
    for sent in outbox.glob("*.odbst"):
        assert sent.name in report
    assert "sealed-to-another" in report
    half = odbst("collate", demonstration / "trust", "--year", "2025-26", "--out", out, *key)
    assert "the year and the term together" in half.stderr
    many = odbst("collate", demonstration / "trust", outbox, "--out", out, "--workers", 0, *key)
    assert "number of workers" in many.stderr
    school = odbst("collate", demonstration / "oakfield", outbox, "--out", out, *key)
    assert "Only the trust's vault" in school.stderr


def test_register_from_the_command_line(odbst: Run, demonstration: Path, tmp_path: Path) -> None:
    trust, key = demonstration / "trust", ("--passphrase-file", demonstration / "passphrase.txt")
    listed = odbst("trust", "keys", trust, "--json", *key)
    ruth = next(k for k in map(json.loads, listed.stdout.splitlines()) if k["role"] == "dsl")
    assert odbst("trust", "revoke", trust, ruth["keyid"], *key).returncode == 0
    card = odbst("export", trust, "trust-card", "--out", tmp_path / "card.odbst", *key)
    assert card.returncode == 0
    added = odbst("trust", "add-school", trust, "--urn", "12", "--name", "X", "--authority",
                  "other", *key)  # fmt: skip
    assert added.returncode == 1
    assert "six digits" in added.stderr
    taken = odbst("import", demonstration / "oakfield", tmp_path / "card.odbst", *key)
    assert taken.returncode == 0
    assert "accepted (ok)" in taken.stdout
    wrong = odbst("trust", "approve", trust, "0" * 64, "--fingerprint", "1", *key)
    assert wrong.returncode == 1
    unsigned = odbst("export", demonstration / "oakfield", "termly-return", "--year", "2026-27",
                     "--term", "autumn", "--out", tmp_path / "r.odbst", *key)  # fmt: skip
    assert unsigned.returncode == 1
    assert "both signatures" in unsigned.stderr
    assert not (tmp_path / "r.odbst").exists()


def test_folder_that_cannot_be_written_is_said(odbst: Run, demonstration: Path) -> None:
    key = ("--passphrase-file", demonstration / "passphrase.txt")
    blocked = demonstration / "passphrase.txt" / "inside"
    done = odbst("export", demonstration / "trust", "trust-card", "--out", blocked, *key)
    assert done.returncode == 1
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_forms_and_privacy(odbst: Run, tmp_path: Path) -> None:
    listed = odbst("forms", "list", "--json")
    assert {json.loads(line)["id"] for line in listed.stdout.splitlines()} == {
        "dsl_meeting", "termly_return", "focus_pack", "strategic_check", "whole_school_review",
        "trust_report_words", "trust_year_review", *checklist_ids(),
    }  # fmt: skip
    form = tmp_path / "form.yaml"
    form.write_text("form_id: a\nversion: '1'\ntitle: A\nsurvey: [{type: texts, name: x}]\n")
    checked = odbst("forms", "check", form)
    assert checked.returncode == 1
    assert "row 1" in checked.stdout
    book = write_xlsform(tmp_path / "walk.xlsx", ACCEPTED["choices"])
    checked = odbst("forms", "check", book, shipped_file("forms/meeting/agenda.yaml"))
    assert checked.returncode == 0
    assert "walk 1 is sound." in checked.stdout
    map_ = {"survey": "type | name | label\ngeopoint | where | Where?\ntext | who | Who?"}
    checked = odbst("forms", "check", write_xlsform(tmp_path / "map.xlsx", map_))
    assert checked.returncode == 1
    assert "not supported: sheet “survey”, row 2, column A: “geopoint”" in checked.stdout
    assert "opens as a preview: 1 parts" in checked.stdout
    paper = odbst("forms", "paper", book, "--out", tmp_path / "walk.pdf")
    assert paper.returncode == 0
    assert (tmp_path / "walk.pdf").read_bytes().startswith(b"%PDF")
    found = odbst("privacy", "-", typed="All well.\nWe saw Jack Smith.\n")
    assert (found.returncode, found.stdout) == (1, "2:8: “Jack Smith” may be a name\n")
    assert odbst("privacy", "-", typed="All well.\n").returncode == 0


def test_doctor_sees_the_parts(odbst: Run) -> None:
    facts = json.loads(odbst("doctor", "--json").stdout)
    assert facts["forms"] == facts["fonts"] == "True"
    assert facts["sqlcipher3"]
