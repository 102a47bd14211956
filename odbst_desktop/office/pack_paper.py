"""A focus pack as the school and the governor read it: the message, and what changed here."""

from __future__ import annotations

from datetime import date

from odbst_desktop.monitoring.packs import TakenPack
from odbst_desktop.monitoring.three_views import ThreeViews
from odbst_desktop.reports.blocks import Block, Facts, Grid, Heading, Paragraph, ReportHead, Tone
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.calendar import Term
from odbst_desktop.school.owner import Owner
from odbst_desktop.school.typed_dates import show_date


def pack_paper(pack: TakenPack, owner: Owner, today: date) -> Paper:
    """Return a focus pack with what it changed, before and after."""
    head = ReportHead(
        title=pack.title, organisation=owner.name, date=today,
        subtitle=f"From {pack.sent_by}, for the trust", is_demonstration=owner.is_demonstration,
        footer_words=f"Signed file {pack.payload_sha256[:16]}",
    )  # fmt: skip
    rows = tuple((change.what, change.before, change.after) for change in pack.changes)
    blocks: list[Block] = [
        *(Paragraph(line) for line in pack.message.split("\n") if line.strip()),
        Heading("What it changed here"),
        Grid(("What", "Before", "Now"), rows, (4, 3, 4), "Nothing changed here."),
    ]
    if pack.notice is not None:
        facts = [("Version the trust expects", pack.notice.version)]
        if pack.notice.kept_at:
            facts.append(("Where your IT team keeps it", pack.notice.kept_at))
        blocks += [Heading("The program"), Facts(tuple(facts))]
    taken = show_date(date.fromisoformat(pack.taken_at[:10]))
    blocks.append(Paragraph(f"Taken in on {taken}; every check passed.", Tone.QUIET))
    return Paper("focus-pack", head, tuple(blocks))


def own_views_paper(found: tuple[ThreeViews, ...], term: Term, owner: Owner, today: date) -> Paper:
    """Return a school's own facts of a term as three tell them."""
    head = ReportHead(
        title="Three views of one fact", organisation=owner.name, date=today,
        subtitle=f"{term.label}: the governor, the return, the log",
        is_demonstration=owner.is_demonstration, is_landscape=True,
        footer_words="A difference is shown, not judged.",
    )  # fmt: skip
    rows = tuple((v.fact.label, v.governor, v.returned, v.logged, v.verdict) for v in found)
    return Paper(
        "three-views", head,
        (
            Paragraph(
                "One fact as three tell it. A difference is shown, not judged: each may have "
                "looked on another day.", Tone.NOTICE,
            ),
            Grid(("Fact", "Governor", "Return", "Log", "Difference"), rows, (3, 1.8, 1.6, 1.6, 4)),
        ),
    )  # fmt: skip
