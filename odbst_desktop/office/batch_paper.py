"""The report of a batch of packages: each file with its verdict and its sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from odbst_desktop.office.inbox import PACKAGE_KINDS, VERDICT_SIGNS, Verdict
from odbst_desktop.reports.document import Block, Grid, Heading, Paper, Paragraph, ReportHead
from odbst_desktop.school.owner import Owner

_WORDS = {"accepted": "accepted", "pending": "to be confirmed", "duplicate": "received before",
          "rejected": "refused"}  # fmt: skip


def batch_words(done: Sequence[Verdict], left: int) -> str:
    """Return how many files were taken, and what became of the others."""
    counts = Counter(verdict.verdict for verdict in done)
    files = f"{len(done):,} file{'' if len(done) == 1 else 's'} checked"
    parts = [f"{counts[name]:,} {words}" for name, words in _WORDS.items() if counts[name]]
    if left:
        parts.append(f"stopped, {left:,} not looked at")
    return ": ".join([files, ", ".join(parts)] if parts else [files]) + "."


def batch_paper(done: Sequence[Verdict], owner: Owner, today: date) -> Paper:
    """Return the report; what was refused stands first."""
    head = ReportHead(
        title="Packages checked", organisation=owner.name, date=today,
        is_demonstration=owner.is_demonstration,
        footer_words="It names files and their verdicts, and nothing of what is in them.",
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(batch_words(done, 0))]
    for name in ("rejected", "pending", "duplicate", "accepted"):
        rows = tuple(
            (v.file, PACKAGE_KINDS.get(v.kind or "", "—"), v.code, v.message)
            for v in done
            if v.verdict == name
        )
        if rows:
            blocks += [
                Heading(VERDICT_SIGNS[name].partition(" ")[2]),
                Grid(("File", "Kind", "Code", "What it means"), rows, (3, 1.4, 1.4, 5)),
            ]
    return Paper("packages-checked", head, tuple(blocks))
