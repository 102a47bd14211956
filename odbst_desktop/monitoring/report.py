"""The report of a visit as a paper."""

from __future__ import annotations

from odbst_desktop.monitoring.visits import Visit, gaps, visit_form
from odbst_desktop.reports.blocks import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    ReportHead,
    Signature,
    Signatures,
    Tone,
)
from odbst_desktop.reports.document import Paper
from odbst_desktop.reports.form_paper import form_blocks


def visit_report(visit: Visit, school: str, *, is_demonstration: bool, signed: bool) -> Paper:
    """Return the report, marked DRAFT until it is signed."""
    form = visit_form(visit.form_id)
    head = ReportHead(
        title=form.title,
        organisation=school,
        date=visit.visited_on,
        subtitle="Report of the safeguarding governor",
        is_demonstration=is_demonstration,
        is_draft=not signed,
        footer_words="Governors monitor systems, never cases. Nobody is named in this report.",
    )
    wanting = gaps(visit.form_id, visit.answers)
    summary: list[Block] = [Heading("In short")]
    if wanting:
        summary.append(Paragraph("Answered “no” or “partly”:"))
        summary.append(Bullets(wanting))
    else:
        summary.append(Paragraph("Every question that applied was answered “yes” or “not seen”."))
    summary.append(
        Paragraph("“Not seen” is an honest answer and no failure. Scores are not compared between "
                  "schools.", Tone.QUIET)
    )  # fmt: skip
    blocks = [*summary, *form_blocks(form, visit.answers, skip_blank=True)]
    if signed:
        words = "Signed electronically; the signature is in the package this report came in."
        blocks.append(Signatures((Signature("Safeguarding governor", visit.governor, words),)))
    return Paper("monitoring-visit", head, tuple(blocks))
