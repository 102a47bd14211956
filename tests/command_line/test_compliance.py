"""The compliance register and the inspection folder from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from odbst_desktop.command_line.command import run


def test_register_and_folder_are_written(
    demonstration: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = ["--passphrase-file", str(demonstration / "passphrase.txt")]
    vault = str(demonstration / "oakfield")
    target = tmp_path / "register.pdf"
    assert run(["compliance", vault, "--out", str(target), *key]) == 0
    assert str(target) in capsys.readouterr().out
    assert "compliance register" in PdfReader(target).pages[0].extract_text()
    inspector = tmp_path / "inspector.pdf"
    assert run(["compliance", vault, "--for", "inspector", "--out", str(inspector), *key]) == 0
    assert "What is asked first" in PdfReader(inspector).pages[0].extract_text()
    folder = tmp_path / "folder.pdf"
    assert run(["inspection", vault, "--out", str(folder), *key]) == 0
    assert "inspection folder" in PdfReader(folder).pages[0].extract_text()


def test_register_is_printed_one_entry_a_line(
    demonstration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = ["--passphrase-file", str(demonstration / "passphrase.txt")]
    assert run(["compliance", str(demonstration / "oakfield"), "--json", *key]) == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(said) == 47
    assert set(said[0]) == {"id", "area", "state", "owner", "wants", "next"}
    assert run(["compliance", str(demonstration / "oakfield"), *key]) == 0
    assert "✓ In place         AI" not in capsys.readouterr().out


def test_other_vaults_have_no_register(
    demonstration: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = ["--passphrase-file", str(demonstration / "passphrase.txt")]
    for command in ("compliance", "inspection"):
        target = tmp_path / "no.pdf"
        arguments = [command, str(demonstration / "trust"), "--out", str(target), *key]
        assert run(arguments) == 1
        assert "kept in a school’s vault" in capsys.readouterr().err
        assert not target.exists()
