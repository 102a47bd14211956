"""Retention and subject access as processes, on the demonstration trust."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def odbst(tmp_path: Path, demonstration: Path) -> Run:
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        key = ("--passphrase-file", demonstration / "passphrase.txt")
        return subprocess.run(
            [sys.executable, "-m", "odbst_desktop", *map(str, (*arguments, *key))],
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
            env={
                **os.environ,
                "XDG_STATE_HOME": str(tmp_path / "state"),
                "PYTHONIOENCODING": "utf-8",
            },
        )

    return run


def objects(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_from_the_review_to_the_certificate(
    odbst: Run, demonstration: Path, tmp_path: Path
) -> None:
    vault, paper = demonstration / "oakfield", tmp_path / "certificate.pdf"
    due = objects(odbst("retention", "review", vault, "--on", "2026-11-24", "--json"))
    free = [each for each in due if not each["blocks"]]
    held = [each for each in due if each["blocks"]]
    assert [each["words"] for each in free] == ["Person who left, with 2 training records"]
    assert "claim about his employment" in str(held[0]["blocks"])

    asked = odbst("retention", "dispose", vault, "--all", "--certificate", paper)
    assert asked.returncode == 1
    assert "Nothing was disposed of: add --yes" in asked.stdout
    assert not paper.exists()
    refused = odbst(
        "retention",
        "dispose",
        vault,
        "--record",
        held[0]["record"],
        "--certificate",
        paper,
        "--yes",
    )
    assert refused.returncode == 1
    assert "is held" in refused.stderr

    done = odbst("retention", "dispose", vault, "--all", "--certificate", paper, "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert paper.read_bytes().startswith(b"%PDF")
    left = objects(odbst("retention", "review", vault, "--on", "2026-11-24", "--json"))
    assert left == held
    assert odbst("vault", "check", vault).stdout == "The vault is sound.\n"
    again = odbst("retention", "certificate", vault, "--out", tmp_path / "again.pdf")
    assert again.returncode == 0
    assert (tmp_path / "again.pdf").read_bytes() == paper.read_bytes()


def test_a_hold_is_placed_and_lifted(odbst: Run, demonstration: Path) -> None:
    vault = demonstration / "oakfield"
    placed = objects(
        odbst("retention", "hold", vault, "--since", "1/9/2019", "--reason", "inquiry", "--json")
    )
    new = next(each for each in placed if each["scope"] == "since")
    assert (new["words"], new["lifted_at"]) == ("Everything since 1 Sep 2019", "")
    due = objects(odbst("retention", "review", vault, "--on", "2026-11-24", "--json"))
    assert all(each["blocks"] for each in due)
    lifted = objects(odbst("retention", "hold", vault, "--lift", new["id"], "--json"))
    assert next(e for e in lifted if e["id"] == new["id"])["lifted_by"] == "Ruth Ellery"
    named = odbst("retention", "hold", vault, "--kind", "visit", "--reason", "for Ruth Ellery")
    assert named.returncode == 1
    assert "may name somebody" in named.stderr


def test_a_period_is_set_and_said(odbst: Run, demonstration: Path) -> None:
    vault = demonstration / "trust"
    said = objects(
        odbst("retention", "period", vault, "--kind", "package", "--years", "10",
              "--source", "the trust's schedule", "--json")
    )  # fmt: skip
    assert [(p["kind"], p["years"], p["is_own"]) for p in said] == [("package", 10, True)]
    reset = objects(odbst("retention", "period", vault, "--kind", "package", "--reset", "--json"))
    assert reset[0]["years"] == 6


def test_subject_writes_two_files_that_name_nobody_in_their_names(
    odbst: Run, demonstration: Path, tmp_path: Path
) -> None:
    vault, folder = demonstration / "oakfield", tmp_path / "officer"
    (made,) = objects(
        odbst("subject", vault, "--person", "Nadia Rahman", "--out", folder, "--json")
    )
    assert int(str(made["passages"])) > 10
    assert odbst("subject", vault, "--reference", "C1014", "--out", folder).returncode == 0
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 4
    assert all(name.startswith("subject-access-") for name in names)
    wrong = odbst("subject", vault, "--reference", "Anna", "--out", folder)
    assert wrong.returncode == 1
    assert "does not look like a CPOMS reference" in wrong.stderr
