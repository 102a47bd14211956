"""The minutes of a closed meeting as a paper."""

from __future__ import annotations

from odbst_desktop.actions.list import Action, actions, open_actions
from odbst_desktop.meetings.log import MeetingId, meeting_form, read_meeting
from odbst_desktop.reports.blocks import Block, Grid, Heading, ReportHead, Signature, Signatures
from odbst_desktop.reports.document import Paper
from odbst_desktop.reports.form_paper import form_blocks
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.vault import Vault


def minutes(vault: Vault, meeting: MeetingId) -> Paper:
    """Return the minutes, marked DRAFT until the meeting is closed."""
    found = read_meeting(vault, meeting)
    with vault.reading() as session:
        owner, form = read_owner(session), meeting_form(session)
        decided = actions(session, origin=f"meeting/{meeting}")
        brought = [
            a for a in open_actions(session)
            if a.opened_on < found.held_on and a.origin != f"meeting/{meeting}"
        ]  # fmt: skip
    head = ReportHead(
        title="Minutes of the weekly DSL meeting",
        organisation=owner.name,
        date=found.held_on,
        is_demonstration=owner.is_demonstration,
        is_draft=not found.is_closed,
        footer_words="Sensitive: children appear as CPOMS references. Keep with the DSL’s papers.",
    )
    blocks: list[Block] = [*form_blocks(form, found.answers, skip_blank=True)]
    if decided:
        blocks += [Heading("Actions from this meeting"), _grid(decided)]
    if brought:
        blocks += [Heading("Actions brought forward and still open"), _grid(tuple(brought))]
    if found.is_closed:
        words = f"Closed {found.closed_at.replace('T', ' ').removesuffix('Z')} UTC"
        blocks.append(Signatures((Signature("Closed by", found.closed_by, words),)))
    return Paper("minutes", head, tuple(blocks))


def _grid(listed: tuple[Action, ...]) -> Grid:
    return Grid(
        ("Action", "Owner", "Due", "How we shall know"),
        tuple((a.title, a.owner, show_date(a.due), a.measure or "—") for a in listed),
        (3, 1.5, 1.1, 2),
    )
