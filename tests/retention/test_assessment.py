"""The summary of the assessment: one text in the papers and in the window, true to the rules."""

from __future__ import annotations

from pathlib import Path

from odbst_desktop.retention.kinds import kinds
from odbst_desktop.shipped import shipped_file

PAPER = Path(__file__).parents[2] / "docs" / "dpia.md"


def test_the_paper_and_the_page_in_the_window_are_one_text() -> None:
    assert PAPER.read_bytes() == shipped_file("resources/dpia.md").read_bytes()


def test_its_table_of_periods_is_the_one_that_counts() -> None:
    text = PAPER.read_text(encoding="utf-8")
    table = text.partition("## 8")[2].partition("## 9")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    expected = [[kind.plural, kind.rule_words(kind.years)] for kind in kinds()]
    assert rows[1:] == expected


def test_it_says_what_a_dpia_has_to_say() -> None:
    text = PAPER.read_text(encoding="utf-8")
    for part in ("Purposes", "Lawful bases", "Where data goes", "Necessity", "Risks", "Rights",
                 "What remains", "Whom to ask", "Review", "for your DPO to confirm"):  # fmt: skip
        assert part in text, part
