"""A strategic check or review as a paper for the school's leaders and the CEO."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from odbst_desktop.actions.list import Action
from odbst_desktop.reports.blocks import Block, Facts, Grid, Heading, Paragraph, ReportHead
from odbst_desktop.reports.document import Paper
from odbst_desktop.reports.form_paper import form_blocks
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.trust.reviews import Review

_STATES = {"open": "○ Open", "done": "✓ Done", "dropped": "– Dropped"}


def review_paper(
    review: Review, agreed: Sequence[Action], today: date, *, is_demonstration: bool
) -> Paper:
    """Return a review with its reasons, answers, actions and what became of it."""
    is_open = review.state in {"planned", "draft"}
    head = ReportHead(
        title=review.form.title,
        organisation=review.school,
        date=date.fromisoformat(str(review.answers.get("visited_on", review.planned_for))),
        subtitle=f"Led by {review.led_by}",
        is_demonstration=is_demonstration,
        is_draft=is_open,
        footer_words="Systems are reviewed, never cases. No child is named in this paper.",
    )
    facts = [
        ("Why this school", review.reason_words),
        ("Planned for", show_date(review.planned_for)),
        ("State", review.words_on(today)),
    ]
    if review.theme:
        facts.append(("Theme of the term", review.theme))
    blocks: list[Block] = [Facts(tuple(facts))]
    if review.answers:
        blocks += form_blocks(review.form, review.answers, skip_blank=True)
    if agreed:
        rows = tuple(
            (a.title.removeprefix(f"{review.school}: "), a.owner, show_date(a.due),
             _STATES.get(a.state, a.state))
            for a in agreed
        )  # fmt: skip
        blocks += [
            Heading("What was agreed"),
            Grid(("Action", "By whom", "By when", "State"), rows, (5, 2, 1.5, 1.5)),
        ]
    if review.followed_up_on is not None:
        day = show_date(review.followed_up_on)
        blocks += [Heading("Followed up"), Paragraph(f"{day}: {review.follow_up}")]
    return Paper("review", head, tuple(blocks))
