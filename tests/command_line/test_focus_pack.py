"""The focus pack on the command line: made, checked, imported once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from odbst_desktop.command_line.command import run as run_command


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str]:
    code = run_command([str(word) for word in words])
    out = capsys.readouterr()
    return code, out.out + out.err


def test_a_pack_is_made_and_taken_in_once(
    demonstration: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = ("--passphrase-file", demonstration / "passphrase.txt")
    file = tmp_path / "pack.odbst"
    term = ("--year", "2026-27", "--term", "spring")
    export = ("export", demonstration / "trust", "focus-pack", "--out", file)
    code, said = run(capsys, *export, *key)
    assert code == 1
    assert "Name the term" in said
    assert run(capsys, *export, *term, *key) == (0, f"{file}\n")
    for code, verdict in ((0, "accepted"), (0, "duplicate")):
        got, said = run(capsys, "import", demonstration / "oakfield", file, "--json", *key)
        facts = json.loads(said)
        assert (got, facts["verdict"], facts["kind"]) == (code, verdict, "focus-pack")
    code, said = run(capsys, "inspect", demonstration / "oakfield", file, "--json", *key)
    body = json.loads(said)["body"]
    assert {theme["id"] for theme in body["themes"]} == {"lunchtime", "online"}
    assert set(body) == {"academic_year", "term", "themes", "forms", "courses", "policies",
                         "message"}  # fmt: skip


def test_a_school_makes_no_pack(
    demonstration: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = ("--passphrase-file", demonstration / "passphrase.txt")
    term = ("--year", "2026-27", "--term", "spring")
    out = ("--out", tmp_path / "pack.odbst")
    code, said = run(capsys, "export", demonstration / "oakfield", "focus-pack", *out, *term, *key)
    assert code == 1
    assert "only a trust" in said
