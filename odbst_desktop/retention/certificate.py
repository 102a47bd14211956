"""The certificate of a disposal: counts by kind and rule, who and when; nothing of what it said."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from odbst_desktop.reports.blocks import (
    Block,
    Facts,
    Grid,
    Heading,
    Paragraph,
    ReportHead,
    Signature,
    Signatures,
    Tone,
)
from odbst_desktop.reports.document import Paper
from odbst_desktop.retention.disposal import Disposal, DisposalCount
from odbst_desktop.retention.kinds import kind_of
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.typed_dates import show_date

_HOW = (
    "The rows were deleted from the encrypted vault and overwritten, and its file was written anew "
    "without them. The vault’s history has one entry for each record, with its kind, its number "
    "and the rule."
)
_NOT_YET = (
    "The rows were deleted from the encrypted vault and overwritten. Its file is still to be "
    "written anew without the room they left: choose “Tidy up” on the tab Records."
)
_BACKUPS = (
    "Backups made before this disposal still hold these records, encrypted. Those in the vault’s "
    "own folder are replaced in turn and the last of them is gone after twelve months; copies kept "
    "elsewhere have to be destroyed by whoever keeps them, and so have printed papers."
)


def certificate(session: Session, disposal: Disposal) -> Paper:
    """Return the certificate of a disposal, the same bytes every time."""
    owner = read_owner(session)
    day = date.fromisoformat(disposal.disposed_at[:10])
    head = ReportHead(
        title="Certificate of disposal",
        organisation=owner.name,
        date=day,
        is_demonstration=owner.is_demonstration,
        footer_words="Keep with the retention schedule. It names no record and nobody in one.",
    )
    when = disposal.disposed_at.replace("T", " ").removesuffix("Z")
    blocks: list[Block] = [
        Facts(
            (
                ("Records disposed of", str(disposal.records)),
                ("By", disposal.disposed_by),
                ("When", f"{when} UTC"),
                ("Number", disposal.id),
            )
        ),
        Heading("What was disposed of"),
        Grid(
            ("Kind", "Records", "Dated", "Kept until", "Where the rule comes from"),
            tuple(
                (
                    kind_of(count.kind).plural,
                    _counted(count),
                    _between(count.oldest, count.newest),
                    count.rule,
                    count.source,
                )
                for count in disposal.counts
            ),
            (2.2, 1.2, 1.5, 1.8, 2.2),
        ),
        Heading("How"),
        Paragraph(_HOW if disposal.tidied_at else _NOT_YET),
        Paragraph(_BACKUPS, Tone.NOTICE),
        Signatures(
            (
                Signature("Disposed of by", disposal.disposed_by, f"{when} UTC"),
                Signature("Agreed by the headteacher or data protection officer"),
            )
        ),
    ]
    return Paper("certificate-of-disposal", head, tuple(blocks))


def _counted(count: DisposalCount) -> str:
    rows = f"{count.parts} row{'' if count.parts == 1 else 's'} of theirs"
    return f"{count.records}, with {rows}" if count.parts else str(count.records)


def _between(oldest: str, newest: str) -> str:
    first, last = (show_date(date.fromisoformat(day)) for day in (oldest, newest))
    return first if first == last else f"{first} to {last}"
