"""What was found, as a paper and a table for the data protection officer's review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, groupby
from pathlib import Path

from odbst_desktop.reports.blocks import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    Paragraph,
    ReportHead,
    Tone,
)
from odbst_desktop.reports.document import Paper
from odbst_desktop.retention import masking
from odbst_desktop.retention.masking import Mask, mask_for
from odbst_desktop.retention.subject import Finding, Found
from odbst_desktop.school.owner import Owner, read_owner
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.spreadsheets.writing import csv_bytes
from odbst_desktop.vault.vault import Vault

NOTICE = (
    "For the data protection officer’s review. Not for sending: whether and what may be given out, "
    "and which exemptions hold, is the officer’s decision."
)
COLUMNS = ("kind", "date", "record", "place", "field", "words")
_NOT_SEARCHED = (
    "CPOMS, Bromcom and the single central record: they are the records of children, of concerns "
    "about adults and of checks.",
    "Papers and files saved outside the vault, and backups. Backups hold what the vault held.",
    "What documents say: certificates and evidence are searched by their file names alone. The PDF "
    "inside a signed file prints its answers, and those were searched.",
)


@dataclass(frozen=True, slots=True)
class Export:
    """A paper and a table; ``masked`` counts other references, adults and whatever else."""

    paper: Paper
    csv: bytes
    passages: int
    masked: Mapping[str, int]

    @property
    def masked_words(self) -> str:
        """Return what was masked, in words."""
        return (
            f"{self.masked[masking.OTHER_REFERENCE]} other references, "
            f"{self.masked[masking.OTHER_PERSON]} names of other adults, "
            f"{self.masked[masking.OTHER]} others"
        )


def free_paths(folder: Path, day: date) -> tuple[Path, Path]:
    """Return where a PDF and a CSV go without replacing any; a name tells nothing of who."""
    stems = (f"subject-access-{day}" + (f"-{n}" if n > 1 else "") for n in count(1))
    pairs = ((folder / f"{stem}.pdf", folder / f"{stem}.csv") for stem in stems)
    return next(pair for pair in pairs if not any(path.exists() for path in pair))


def export_found(vault: Vault, found: Found) -> Export:
    """Return the export, and note in the history that one was made, not about whom."""
    with vault.changing("subject access export", f"subject/{found.sought.kind}") as session:
        owner, mask = read_owner(session), mask_for(session, found.sought)
        findings = [_masked(finding, mask) for finding in found.certain()]
    counts = Counter(mask.counts)
    blocks = [*_opening(vault, found, counts), *_passages(findings), *_closing(found)]
    return Export(
        Paper("subject-access", _head(vault, owner), tuple(blocks)),
        _table(findings),
        len(findings),
        counts,
    )


_Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Masked:
    finding: Finding
    place: str
    lines: _Lines


def _masked(finding: Finding, mask: Mask) -> _Masked:
    passage = finding.passage
    lines = tuple((line.label, mask.text(line.words)) for line in passage.lines)
    return _Masked(finding, passage.place, lines)


def _head(vault: Vault, owner: Owner) -> ReportHead:
    return ReportHead(
        title="What is held: for the data protection officer",
        organisation=owner.name,
        date=vault.today(),
        is_demonstration=owner.is_demonstration,
        footer_words="For the data protection officer’s review. Not for sending.",
    )


def _opening(vault: Vault, found: Found, counts: Mapping[str, int]) -> Iterator[Block]:
    is_person = found.sought.kind == "person"
    yield Paragraph(NOTICE, Tone.NOTICE)
    yield Facts(
        (
            ("Person" if is_person else "CPOMS reference", found.sought.words),
            ("Searched by", vault.user.name),
            ("Passages found", str(len(found.certain()))),
            ("Passages that may mean another", str(len(found.uncertain()))),
            *((("Changes recorded under their passphrase", str(found.changes)),) * is_person),
            ("Masked: other references", str(counts[masking.OTHER_REFERENCE])),
            ("Masked: names of other adults", str(counts[masking.OTHER_PERSON])),
            ("Masked: what may be a name, number or address", str(counts[masking.OTHER])),
        )
    )
    yield Paragraph(
        "Other adults are shown by initials and role. The masking lowers the risk that somebody "
        "else can be told from this paper; it does not prove that nobody can.",
        Tone.QUIET,
    )


def _passages(findings: Sequence[_Masked]) -> Iterator[Block]:
    if not findings:
        yield Paragraph("Nothing was found.")
    for kind, of_kind in groupby(findings, key=lambda each: each.finding.kind):
        yield Heading(kind)
        for _, of_record in groupby(of_kind, key=lambda each: each.finding.key):
            its = list(of_record)
            day = its[0].finding.day
            yield Heading(f"{kind}, {show_date(day)}" if day else kind, 2)
            for masked in its:
                if masked.place:
                    yield Paragraph(masked.place, Tone.QUIET)
                yield Facts(masked.lines)


def _closing(found: Found) -> Iterator[Block]:
    if found.uncertain():
        yield Heading("What may mean another")
        yield Paragraph(
            "A surname alone, or a longer reference. Their words are left out; look at the records."
        )
        yield Grid(
            ("Record", "Place"),
            tuple((f.record_words, f.passage.place or "—") for f in found.uncertain()),
        )
    yield Heading("What was not searched")
    yield Bullets(_NOT_SEARCHED)


def _table(findings: Sequence[_Masked]) -> bytes:
    """Return the passages as CSV, a row a field."""
    rows: list[tuple[str, ...]] = [COLUMNS]
    for masked in findings:
        day = masked.finding.day.isoformat() if masked.finding.day else ""
        before = (masked.finding.kind, day, masked.finding.key, masked.place)
        rows += [(*before, *line) for line in masked.lines]
    return csv_bytes(rows)
