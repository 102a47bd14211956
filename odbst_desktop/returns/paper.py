"""The return as a PDF: what the governing board and the trust read."""

from __future__ import annotations

from datetime import date

from odbst_desktop.form_engine.definition import Form
from odbst_desktop.reports.blocks import (
    Block,
    Grid,
    Heading,
    Paragraph,
    ReportHead,
    Signature,
    Signatures,
    Tone,
)
from odbst_desktop.reports.document import Paper
from odbst_desktop.reports.form_paper import form_blocks
from odbst_desktop.returns.drafting import Return
from odbst_desktop.school.owner import Owner
from odbst_desktop.school.people import signing_roles


def return_paper(
    made: Return, form: Form, owner: Owner, signers: tuple[tuple[str, str], ...], on: date
) -> Paper:
    """Return the return with true numbers; ``signers`` are roles and names."""
    head = ReportHead(
        title=form.title,
        organisation=owner.name,
        date=on,
        subtitle=made.title,
        is_demonstration=owner.is_demonstration,
        is_draft=not signers,
        footer_words="Official-sensitive. True numbers: for the trust, not for governors’ papers.",
    )
    rules = {rule.id: rule.message for rule in form.rules}
    explained = tuple((rules.get(rule, rule), words) for rule, words in made.explanations.items())
    counts = {how: sum(h == how for h in made.provenance.values()) for how in
              ("counted", "carried", "typed", "changed")}  # fmt: skip
    blocks: list[Block] = [
        Paragraph(
            f"Of the figures, {counts['counted']} were counted from the school’s own records, "
            f"{counts['carried']} carried from last term and checked, {counts['typed']} typed and "
            f"{counts['changed']} changed by hand.",
            Tone.LEAD,
        ),
        *form_blocks(form, made.answers, skip_blank=True),
    ]
    if explained:
        blocks += [Heading("What the rules asked about"), Grid(("Question", "Answer"), explained)]
    if signers:
        words = "Signs electronically; the signature is in the package this paper travels in."
        labels = signing_roles()
        blocks.append(Signatures(tuple(Signature(labels[r], name, words) for r, name in signers)))
    return Paper("termly-return", head, tuple(blocks))
