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
from odbst_desktop.returns.queries import QUERY
from odbst_desktop.returns.revisions import Change
from odbst_desktop.returns.set_aside import AMENDED
from odbst_desktop.school.owner import Owner
from odbst_desktop.school.people import signing_roles


def return_paper(
    made: Return, form: Form, owner: Owner, signers: tuple[tuple[str, str], ...], on: date,
    changes: tuple[Change, ...] = (),
) -> Paper:  # fmt: skip
    """Return the return with true numbers; ``signers`` are roles and names.

    ``changes`` is what a later revision changes against the one before.
    """
    head = ReportHead(
        title=form.title,
        organisation=owner.name,
        date=on,
        subtitle=made.title if made.revision == 1 else f"{made.title}, revision {made.revision}",
        is_demonstration=owner.is_demonstration,
        is_draft=not signers,
        footer_words="Official-sensitive. True numbers: for the trust, not for governors’ papers.",
    )
    explained = tuple((asked_words(form, rule), words) for rule, words in made.explanations.items())
    counts = {how: sum(h == how for h in made.provenance.values()) for how in
              ("counted", "carried", "typed", "changed")}  # fmt: skip
    blocks: list[Block] = [
        Paragraph(
            f"Of the figures, {counts['counted']} were counted from the school’s own records, "
            f"{counts['carried']} carried from last term and checked, {counts['typed']} typed and "
            f"{counts['changed']} changed by hand.",
            Tone.LEAD,
        ),
        *_revision_blocks(made, changes),
        *form_blocks(form, made.answers, skip_blank=True),
    ]
    if explained:
        blocks += [Heading("What the rules asked about"), Grid(("Question", "Answer"), explained)]
    if signers:
        words = "Signs electronically; the signature is in the package this paper travels in."
        labels = signing_roles()
        blocks.append(Signatures(tuple(Signature(labels[r], name, words) for r, name in signers)))
    return Paper("termly-return", head, tuple(blocks))


def asked_words(form: Form, rule: str) -> str:
    """Return what an explanation answers: a rule, an ESL's query, or why a revision was made."""
    if rule == AMENDED:
        return "Why this revision was made"
    if rule.startswith(QUERY):
        field = rule.removeprefix(QUERY)
        labels = {question.name: question.label for question in form.every_question()}
        return f"The ESL’s query: {labels.get(field, field)}"
    return next((known.message for known in form.rules if known.id == rule), rule)


def _revision_blocks(made: Return, changes: tuple[Change, ...]) -> list[Block]:
    if made.revision == 1:
        return []
    rows = tuple((change.label, change.before, change.after) for change in changes)
    return [
        Heading("What this revision changes"),
        Paragraph(f"Why it was made: {made.reason}"),
        Grid(("Question", "Before", "Now"), rows)
        if rows
        else Paragraph("No answer differs from the revision before."),
    ]
