"""The way of a return from the command line: a revision, two laptops, the trust, a draft shared."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from odbst_desktop.command_line.command import run

TERM = ("--year", "2025-26", "--term", "summer")


@pytest.fixture
def odbst(demonstration: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command on a vault of the demonstration; give what it prints."""

    def odbst(command: str, vault: str, *more: str, status: int = 0) -> str:
        key = ["--passphrase-file", str(demonstration / "passphrase.txt")]
        said = [*command.split(), str(demonstration / vault), *more, *key]
        assert run(said) == status, capsys.readouterr().err
        out, err = capsys.readouterr()
        return out + err

    return odbst


def test_a_revision_is_countersigned_on_another_laptop(
    odbst: Callable[..., str], tmp_path: Path
) -> None:
    to_sign, for_trust, back = (tmp_path / f"{name}.odbst" for name in ("sign", "trust", "back"))
    assert "later revision" not in odbst(
        "return amend", "oakfield", *TERM, "--reason", "A figure was wrong."
    )
    assert odbst("return changes", "oakfield", *TERM) == ""
    odbst("return sign", "oakfield", *TERM, status=1)  # two may sign second: one has to be named
    grace = ("--countersigner", "Grace Tolley")
    paper = tmp_path / "paper.pdf"
    odbst("return preview", "oakfield", *TERM, *grace, "--out", str(paper))
    assert paper.read_bytes().startswith(b"%PDF")
    said = odbst("return sign", "oakfield", *TERM, *grace, "--date-is-right")
    assert "Now Grace Tolley, safeguarding governor signs" in said
    assert "hand" not in odbst("return hand-over", "oakfield", *TERM, "--out", str(to_sign))[:20]
    assert "Outstanding" in odbst("return status", "oakfield")
    assert "pending (ok)" in odbst("import", "governor", str(to_sign))
    (waiting,) = [json.loads(odbst("return to-sign", "governor", "--json"))]
    assert (waiting["signer"], waiting["is_signed"]) == ("Grace Tolley", False)
    odbst(
        "return add-signature", "governor", "--out", str(for_trust), "--back", str(back),
        "--of", waiting["payload_sha256"],
    )  # fmt: skip
    assert "accepted (ok)" in odbst("import", "trust", str(for_trust))
    assert "countersigned" in odbst("import", "oakfield", str(back))
    states = [
        json.loads(line) for line in odbst("return status", "oakfield", "--json").splitlines()
    ]
    by_revision = {
        (each["term"], each["revision"]): each["state"] for each in states if "state" in each
    }
    assert by_revision["summer", 2] == "exported"
    assert by_revision["summer", 1] == "amended"
    receipt = tmp_path / "receipt.odbst"
    odbst("export", "trust", "receipt", "--of", waiting["payload_sha256"], "--out", str(receipt))
    odbst("import", "oakfield", str(receipt))
    assert "revision 2: ✓ Accepted" in odbst("return status", "oakfield")


def test_both_may_sign_on_one_computer(
    odbst: Callable[..., str], demonstration: Path, tmp_path: Path
) -> None:
    odbst("return amend", "oakfield", *TERM, "--reason", "A figure was wrong.")
    odbst("return sign", "oakfield", *TERM, "--countersigner", "Peter Marsh", "--date-is-right")
    second = ("--second-passphrase-file", str(demonstration / "passphrase.txt"))
    assert "Signed by both" in odbst("return countersign", "oakfield", *TERM, *second)
    sent = tmp_path / "return.odbst"
    odbst("export", "oakfield", "termly-return", *TERM, "--out", str(sent))
    assert "accepted (ok)" in odbst("import", "trust", str(sent))


def test_what_cannot_be_is_said_in_a_sentence(odbst: Callable[..., str], tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "x.odbst"))
    assert "No return waits" in odbst("return add-signature", "governor", *out, status=1)
    assert "Name one other vault" in odbst(
        "return share-draft", "oakfield", "--year", "2026-27", "--term", "autumn", *out, status=1
    )
    (tmp_path / "no.odbst").write_bytes(b"{}")
    said = odbst("return compare", "oakfield", str(tmp_path / "no.odbst"), status=1)
    assert "not a draft" in said
    assert "no return of that term" in odbst(
        "return amend", "oakfield", "--year", "2024-25", "--term", "autumn", "--reason", "x",
        status=1,
    )  # fmt: skip
    assert "Grace Tolley, safeguarding governor · on their own laptop" in odbst(
        "return signers", "oakfield"
    )


def test_a_headteachers_own_vault_is_begun_as_such(
    tmp_path: Path, demonstration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vault, key = str(tmp_path / "heads"), str(demonstration / "passphrase.txt")
    given = ["--name", "Peter Marsh", "--urn", "900101", "--school", "Oakfield"]
    made = run(["vault", "create", vault, "--profile", "headteacher", *given,
                "--passphrase-file", key])  # fmt: skip
    assert made == 0
    capsys.readouterr()
    assert run(["keys", vault, "--json", "--passphrase-file", key]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["role"] == "headteacher"
