"""The agenda of a meeting as a paper: what is brought forward, what is due, room to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from odbst_desktop.form_engine.definition import Form, Group
from odbst_desktop.meetings.before import Preparation, category_label, preparation
from odbst_desktop.meetings.log import Meeting, MeetingId, meeting_form, read_meeting
from odbst_desktop.reports.blocks import Block, Bullets, Facts, Grid, Heading, ReportHead
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import people
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.vault import Vault

_MOST_ACTIONS = 15


def agenda(vault: Vault, meeting: MeetingId, *, themes: Sequence[str] = ()) -> Paper:
    """Return the agenda to print before a meeting; ``themes`` are the trust's, in sentences."""
    found = read_meeting(vault, meeting)
    today = vault.today()
    with vault.reading() as session:
        owner, form = read_owner(session), meeting_form(session, found.form_version)
        known = preparation(session, found, today)
        names = {person.id: person.name for person in people(session)}
    head = ReportHead(
        title="Agenda of the weekly DSL meeting",
        organisation=owner.name,
        date=found.held_on,
        subtitle=f"{form.settings.get('minutes', 40)} minutes",
        is_demonstration=owner.is_demonstration,
        footer_words="Sensitive: children appear as CPOMS references. Keep with the DSL’s papers.",
    )
    blocks: list[Block] = [
        Facts((("Chair", names.get(found.typed.get("chair", ""), "—")),
               ("DSL team", ", ".join(names.get(p, "") for p in found.typed.get("present", []))))),
        Heading("Order of business"),
        Bullets(tuple(_items(form)), is_numbered=True),
        *_themes(themes),
        *_brought(known, found),
        *_expected(known),
        *_children(known, found),
        *_counts(known),
    ]  # fmt: skip
    return Paper("agenda", head, tuple(blocks))


def agenda_minutes(form: Form) -> dict[str, int]:
    """Return the minutes planned for each section of the meeting's form."""
    planned = form.settings.get("agenda")
    return dict(planned) if isinstance(planned, Mapping) else {}


def _themes(themes: Sequence[str]) -> list[Block]:
    return [Heading("The trust’s theme"), Bullets(tuple(themes))] if themes else []


def _items(form: Form) -> list[str]:
    planned = agenda_minutes(form)
    return [
        f"{item.label} ({planned[item.name]} min)" if item.name in planned else item.label
        for item in form.items
        if isinstance(item, Group)
    ]


def _brought(known: Preparation, found: Meeting) -> list[Block]:
    shown = known.brought[:_MOST_ACTIONS]
    rows = tuple(
        (a.title, a.owner, show_date(a.due), a.state_words_on(found.held_on)[2:],
         a.carried_words_on(found.held_on))
        for a in shown
    )  # fmt: skip
    more = len(known.brought) - len(shown)
    title = f"Actions brought forward ({len(known.brought)})" + (
        f", the first {len(shown)}" if more else ""
    )
    return [
        Heading(title),
        Grid(("Action", "Owner", "Due", "State", "Since"), rows, (3.4, 1.4, 1.2, 1, 1.8),
             "None is open."),
    ]  # fmt: skip


def _expected(known: Preparation) -> list[Block]:
    rows = tuple((e.decision, show_date(e.decided_on), e.words) for e in known.expectations)
    checks = tuple((a.title, show_date(a.opened_on), a.measure or "—") for a in known.to_check)
    if not rows and not checks:
        return []
    return [
        Heading("What decisions expected to see"),
        Grid(("Decision", "Taken", "Expected, and counted since"), rows + checks, (3, 1.2, 4)),
    ]


def _children(known: Preparation, found: Meeting) -> list[Block]:
    rows = []
    for row in found.typed.get("children", []):
        said = known.discussed.get(row.get("reference", ""), ())
        rows.append((row.get("reference", "—"), said[0].words if said else "New", ""))
    if not rows:
        return []
    return [
        Heading("Children still to discuss"),
        Grid(("CPOMS reference", "Last time", "Next step"), tuple(rows), (1.3, 4, 3)),
    ]


def _counts(known: Preparation) -> list[Block]:
    if not known.recent.weeks:
        return []
    used = list(dict.fromkeys(spot.category for spot in known.recent.spots()))
    rows = tuple(
        (category_label(category), str(known.recent.of_category(category)[-1]),
         ", ".join(map(str, known.recent.of_category(category)[-6:])), "")
        for category in used
    )  # fmt: skip
    return [
        Heading("Counts, with room for this week’s"),
        Grid(("Category", "Last meeting", "Last six, oldest first", "This week"), rows,
             (3, 1.2, 2.2, 1.4)),
    ]  # fmt: skip
