"""The papers for governors and the sheet of fields from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

from odbst_desktop.command_line.command import run

SUMMER = ["--year", "2025-26", "--term", "summer"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("lgb", "Safeguarding report to the governors"),
        ("headteacher", "Headteacher’s safeguarding report"),
        ("one-page", "Safeguarding on one page"),
    ],
)
def test_a_paper_is_written_as_pdf_and_as_web_page(
    demonstration: Path, tmp_path: Path, kind: str, words: str
) -> None:
    key = ["--passphrase-file", str(demonstration / "passphrase.txt"), *SUMMER]
    vault = str(demonstration / "oakfield")
    pdf, page = tmp_path / "paper.pdf", tmp_path / "paper.html"
    assert run(["report", vault, kind, "--out", str(pdf), *key]) == 0
    assert run(["report", vault, kind, "--out", str(page), *key]) == 0
    assert words in PdfReader(pdf).pages[0].extract_text()
    assert f"<h1>{words}</h1>" in page.read_text("utf-8")


def test_the_same_paper_as_the_demonstration_wrote(demonstration: Path, tmp_path: Path) -> None:
    key = ["--passphrase-file", str(demonstration / "passphrase.txt"), *SUMMER]
    target = tmp_path / "paper.pdf"
    assert run(["report", str(demonstration / "oakfield"), "lgb", "--out", str(target), *key]) == 0
    held = demonstration / "reports/oakfield-lgb-safeguarding-report-2025-26-summer-edition-1.pdf"
    assert target.read_bytes() == held.read_bytes()


def test_the_fields_are_written_as_csv(demonstration: Path, tmp_path: Path) -> None:
    key = ["--passphrase-file", str(demonstration / "passphrase.txt"), *SUMMER]
    target = tmp_path / "fields.csv"
    assert (
        run(["report", str(demonstration / "oakfield"), "fields", "--out", str(target), *key]) == 0
    )
    assert target.read_text("utf-8-sig").startswith('"section","field"')


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lgb", "--out", "paper.docx", *SUMMER], "has to end with .html or .pdf"),
        (["fields", "--out", "paper.pdf", *SUMMER], "has to end with .csv"),
        (
            ["lgb", "--out", "paper.pdf", "--year", "2026-27", "--term", "autumn"],
            "once the DSL and",
        ),
        (["lgb", "--out", "paper.pdf", "--year", "2024-25"], "There is no return of that term"),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_is(
    demonstration: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    key = ["--passphrase-file", str(demonstration / "passphrase.txt")]
    assert run(["report", str(demonstration / "oakfield"), *arguments, *key]) == 1
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("paper.*"))
