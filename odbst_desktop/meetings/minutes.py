"""The minutes of a meeting as a paper of one or two pages: what was decided comes first."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from odbst_desktop.actions.list import Action, actions
from odbst_desktop.form_engine.answers import is_blank
from odbst_desktop.form_engine.definition import Form, Group, Item, Question
from odbst_desktop.meetings.decided import measure_words
from odbst_desktop.meetings.log import (
    Meeting,
    MeetingId,
    earlier_versions,
    meeting_form,
    read_meeting,
)
from odbst_desktop.meetings.recent import counted, recent_counts
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
from odbst_desktop.reports.form_paper import answer_words, form_blocks
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import people
from odbst_desktop.school.references import categories, places, time_bands
from odbst_desktop.school.typed_dates import read_typed_date, show_date
from odbst_desktop.vault.vault import Vault

_SHOWN_ABOVE = frozenset({"meeting", "concerns", "children", "decisions", "trends", "key_concerns",
                          "next_meeting", "voice"})  # fmt: skip
_MOST_BROUGHT = 10


def minutes(
    vault: Vault, meeting: MeetingId, *, for_distribution: bool = False, version: int | None = None
) -> Paper:
    """Return the minutes, marked DRAFT until the meeting is closed.

    The copy for distribution names no CPOMS reference. ``version`` asks for an earlier one.
    """
    newest = read_meeting(vault, meeting)
    with vault.reading() as session:
        found = _version(session, newest, version)
        owner, form = read_owner(session), meeting_form(session, found.form_version)
        answers = without_references(found.answers) if for_distribution else found.answers
        blocks: list[Block] = [
            *_opening(form, found, answers),
            *_actions(session, found, answers),
            *_concerns(session, found, answers),
            *_seen(form, answers),
            *_children(form, answers, for_distribution=for_distribution),
            *form_blocks(_rest(form), answers, skip_blank=True),
        ]
    if found.is_closed:
        words = f"Closed {found.closed_at.replace('T', ' ').removesuffix('Z')} UTC"
        blocks.append(Signatures((Signature("Closed by", found.closed_by, words),)))
    head = ReportHead(
        title="Minutes of the weekly DSL meeting",
        organisation=owner.name,
        date=found.held_on,
        subtitle=_subtitle(found, for_distribution=for_distribution),
        is_demonstration=owner.is_demonstration,
        is_draft=not found.is_closed,
        footer_words="For distribution: no child is named or referred to."
        if for_distribution
        else "Sensitive: children appear as CPOMS references. Keep with the DSL’s papers.",
    )
    return Paper("minutes-to-share" if for_distribution else "minutes", head, tuple(blocks))


def without_references(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers in which no CPOMS reference of the meeting is left, in whatever text."""
    known = {row["reference"] for row in answers.get("children", []) if row.get("reference")}
    kept = {
        **answers,
        "children": [
            {name: value for name, value in row.items() if name != "reference"}
            for row in answers.get("children", [])
        ],
    }
    if not known:
        return kept
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.I)
    cleaned: dict[str, Any] = _replaced(kept, pattern)
    return cleaned


def _replaced(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub("(reference left out)", value)
    if isinstance(value, Mapping):
        return {name: _replaced(inner, pattern) for name, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, pattern) for inner in value]
    return value


def _version(session: Session, found: Meeting, version: int | None) -> Meeting:
    if version is None or version == found.version:
        return found
    return next(m for m in earlier_versions(session, found.id) if m.version == version)


def _subtitle(found: Meeting, *, for_distribution: bool) -> str:
    parts = [f"Version {found.version}"] if found.version > 1 else []
    if for_distribution:
        parts.append("Copy for distribution")
    return " · ".join(parts)


def _opening(form: Form, found: Meeting, answers: Mapping[str, Any]) -> list[Block]:
    group = next((item for item in form.items if item.name == "meeting"), None)
    asked = group.items if isinstance(group, Group) else ()
    times = [str(answers[n]) for n in ("starts", "ends") if answers.get(n)]
    rows = [("Time", " to ".join(times))] if times else []
    rows += [
        (item.label, answer_words(item, answers.get(item.name)))
        for item in asked
        if isinstance(item, Question)
        and item.name not in {"held_on", "starts", "ends"}
        and not is_blank(answers.get(item.name))
    ]
    here, wanted = len(answers.get("present") or []), int(form.settings.get("quorum", 0))
    if here < wanted:
        rows.append(("Quorum", f"Not quorate: {here} of the {wanted} who are needed were present"))
    if answers.get("next_meeting"):
        rows.append(("Next meeting", show_date(read_typed_date(answers["next_meeting"],
                                                               found.held_on))))  # fmt: skip
    if found.reason:
        rows.append(("Amended because", found.reason))
    return [Facts(tuple(rows))]


def _actions(session: Session, found: Meeting, answers: Mapping[str, Any]) -> list[Block]:
    names = {person.id: person.name for person in people(session)}
    decided = tuple(
        (
            row.get("decision", ""),
            names.get(row.get("owner", ""), "—"),
            show_date(read_typed_date(row["due"], found.held_on)) if row.get("due") else "—",
            measure_words(row) or "—",
            row.get("meets") or "—",
        )
        for row in answers.get("decisions", [])
    )
    columns = ("Decision or action", "Owner", "Due", "How we shall know", "Trend it meets")
    blocks: list[Block] = [
        Heading("Decisions and actions"),
        Grid(columns, decided, (3, 1.4, 1.2, 2.2, 2), "No decision was taken."),
    ]
    brought = [a for a in actions(session) if _was_open(a, found)]
    if brought:
        brought.sort(key=lambda a: (not a.is_pressing_on(found.held_on), a.due))
        rows = tuple(
            (
                a.title, a.owner, show_date(a.due), _became(a, found),
                a.carried_words_on(found.held_on),
            )
            for a in brought[:_MOST_BROUGHT]
        )  # fmt: skip
        blocks += [
            Heading("Actions brought forward"),
            Grid(("Action", "Owner", "Due", "State", "Since"), rows, (3, 1.4, 1.2, 2.2, 2)),
        ]
        if more := len(brought) - len(rows):
            blocks.append(Paragraph(f"And {more} more on the list of actions.", Tone.QUIET))
    return blocks


def _was_open(action: Action, found: Meeting) -> bool:
    is_before = action.opened_on < found.held_on and action.origin != f"meeting/{found.id}"
    return is_before and (action.closed_on is None or action.closed_on >= found.held_on)


def _became(action: Action, found: Meeting) -> str:
    if action.closed_on == found.held_on:
        return action.outcome or action.state.capitalize()
    return "Overdue" if action.is_overdue_on(found.held_on) else "Open"


def _concerns(session: Session, found: Meeting, answers: Mapping[str, Any]) -> list[Block]:
    labels = {c.id: c.label for c in categories()}
    where = {p.id: p.label for p in places()} | {t.id: t.label for t in time_bands()}
    now = counted(answers.get("concerns", []))
    before = recent_counts(session, found.held_on, 1)
    rows = []
    for spot, count in sorted(now.items(), key=lambda entry: -entry[1]):
        spoken = ", ".join(where[part] for part in (spot.place, spot.time) if part in where)
        last = str(before.of_spot(spot)[-1]) if before.weeks else "—"
        rows.append((labels.get(spot.category, spot.category), spoken or "—", str(count), last))
    total = sum(now.values())
    words = f"New concerns this week: {total}"
    return [
        Heading(words),
        Grid(
            ("Category", "Where and when", "This week", "Last meeting"), tuple(rows), (3, 3, 1, 1),
            "None counted.",
        ),
    ]  # fmt: skip


def _seen(form: Form, answers: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = [Heading("Key concerns and trends")]
    if answers.get("key_concerns"):
        blocks.append(Paragraph(answers["key_concerns"]))
    repeat = next((r for r in form.repeats() if r.name == "trends"), None)
    rows = answers.get("trends") or []
    if repeat is not None and rows:
        cells = tuple(tuple(answer_words(q, row.get(q.name)) for q in repeat.items) for row in rows)
        blocks.append(Grid(tuple(q.label for q in repeat.items), cells, (3, 1, 2)))
    if answers.get("voice"):
        blocks.append(Facts((("Voice of children", answers["voice"]),)))
    return blocks


def _children(form: Form, answers: Mapping[str, Any], *, for_distribution: bool) -> Sequence[Block]:
    rows = answers.get("children") or []
    if not rows:
        return []
    if for_distribution:
        count = "1 child was" if len(rows) == 1 else f"{len(rows)} children were"
        return [Paragraph(f"{count} discussed; the record is in CPOMS.", Tone.QUIET)]
    repeat = next(r for r in form.repeats() if r.name == "children")
    columns = [q for q in repeat.items if q.type != "acknowledge"]
    cells = tuple(tuple(answer_words(q, row.get(q.name)) for q in columns) for row in rows)
    return [
        Heading("Children discussed"),
        Grid(tuple(q.label for q in columns), cells, (1.2, 2.4, 2.4, 1.4)),
    ]


def _rest(form: Form) -> Form:
    """Return the form without what stands above already."""
    return replace(form, items=_without(form.items, _SHOWN_ABOVE), rules=())


def _without(items: tuple[Item, ...], names: Collection[str]) -> tuple[Item, ...]:
    kept = (item for item in items if item.name not in names)
    return tuple(
        replace(item, items=_without(item.items, names)) if isinstance(item, Group) else item
        for item in kept
    )
