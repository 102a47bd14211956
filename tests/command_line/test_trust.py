"""What the ESL does, without a window."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from odbst_desktop.command_line.command import run

SUMMER = ("--year", "2025-26", "--term", "summer")


def test_the_esls_term(
    demonstration: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trust, key = demonstration / "trust", ("--passphrase-file", demonstration / "passphrase.txt")

    def odbst(*words: object) -> tuple[int, str, str]:
        status = run([str(word) for word in (*words, *key)])
        said = capsys.readouterr()
        return status, said.out, said.err

    status, said, _ = odbst("trust", "returned", trust, *SUMMER, "--json")
    states = {row["urn"]: row["state"] for row in map(json.loads, said.splitlines())}
    assert status == 0
    assert (states[900101], states[900105], states[900109]) == ("accepted", "returned", "overdue")

    asked = ("--ask", "persistent_absence_count=Is this each pupil once?")
    receipt = tmp_path / "receipt.odbst"
    status, _, fault = odbst(
        "trust", "query", trust, *SUMMER, "--urn", 900109, "--out", receipt, *asked
    )
    assert (status, receipt.exists()) == (1, False)
    assert "has not returned" in fault
    assert (
        odbst("trust", "query", trust, *SUMMER, "--urn", 900105, "--out", receipt, *asked)[0] == 0
    )
    assert receipt.exists()
    accepted = tmp_path / "accepted.odbst"
    assert odbst("trust", "accept", trust, *SUMMER, "--urn", 900105, "--out", accepted)[0] == 0
    assert odbst("trust", "school-left", trust, "--urn", 900109, "--on", "2026-05-01")[0] == 0
    status, said, _ = odbst("trust", "returned", trust, *SUMMER)
    assert "Grange Hill Farm School (900109): – Not asked" in said
    assert "8 of 8 schools returned" in said

    status, said, _ = odbst("trust", "figures", trust, *SUMMER, "--json")
    rows = {row["field"]: row for row in map(json.loads, said.splitlines())}
    assert rows["concerns_total"]["given"] == "8 of 8 schools"

    paper = tmp_path / "tbm.pdf"
    assert odbst("trust", "report", trust, *SUMMER, "--for", "tbm", "--out", paper)[0] == 0
    text = " ".join(PdfReader(io.BytesIO(paper.read_bytes())).pages[0].extract_text().split())
    assert "Safeguarding report to Trustees" in text
    year = tmp_path / "year.pdf"
    status, _, fault = odbst("trust", "report", trust, *SUMMER, "--for", "year", "--out", year)
    assert (status, year.exists()) == (1, False)
    assert "none for the review" in fault
    assert (
        odbst("trust", "report", trust, "--year", "2025-26", "--for", "year", "--out", year)[0] == 0
    )
    status, said, _ = odbst("verify", trust, demonstration / "outbox", "--json")
    verdicts = [json.loads(line) for line in said.splitlines()]
    assert len(verdicts) == len(list((demonstration / "outbox").glob("*.odbst")))
    assert {row["code"] for row in verdicts} >= {"already-received", "sealed-to-another"}
