"""What stopped being recorded in the weekly meetings: categories, places, people who never come.

It looks at how often something was counted before, so that a small school does not alarm: with
fewer than five expected since, nothing is out of the ordinary.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from odbst_desktop.analysis.wording import number_words, odds_words
from odbst_desktop.meetings.log import Meeting, meetings
from odbst_desktop.reports.blocks import Grid, Paragraph, ReportHead, Tone
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import Owner
from odbst_desktop.school.people import dsl_team
from odbst_desktop.school.references import categories, places

_LEAST_EXPECTED = 5.0
_LEAST_BEFORE = 8
_LEAST_MEETINGS, _LEAST_COUNTED = 30, 50
_MEETINGS_MISSED = 6
_LONGEST = timedelta(days=800)


@dataclass(frozen=True, slots=True)
class Silent:
    """Something that is not recorded any more, in a sentence with its numbers."""

    what: str
    kind: str
    sentence: str


def silent_signals(session: Session, today: date) -> tuple[Silent, ...]:
    """Return what the closed meetings stopped recording: categories, places, then people."""
    held = sorted(
        (m for m in meetings(session, today - _LONGEST, today) if m.is_closed),
        key=lambda meeting: meeting.held_on,
    )
    labels = {category.id: category.label for category in categories()}
    where = {place.id: place.label for place in places()}
    by_place = _counted(held, "place")
    found = [
        *_stopped(_counted(held, "category"), labels, "Category"),
        *_stopped(by_place, where, "Place"),
        *_never(by_place, where),
        *_not_there(session, held, today),
    ]
    return tuple(found)


def silent_paper(found: Sequence[Silent], owner: Owner, today: date) -> Paper:
    """Return what stopped being recorded as a paper."""
    head = ReportHead(
        title="Silent signals", organisation=owner.name, date=today,
        subtitle="What stopped being recorded", is_demonstration=owner.is_demonstration,
        footer_words="Counts of the weekly meetings; no child is named.",
    )  # fmt: skip
    rows = tuple((each.what, each.kind, each.sentence) for each in found)
    none = "Nothing fell silent that chance alone would not explain."
    return Paper(
        "silent-signals", head,
        (
            Paragraph(
                "Silence is a question about recording, not praise: did it stop, or is it not "
                "written down any more?", Tone.NOTICE,
            ),
            Grid(("What", "Kind", "In figures"), rows, (2.4, 1.2, 6), none),
        ),
    )  # fmt: skip


def _counted(held: Sequence[Meeting], column: str) -> list[Counter[str]]:
    """Return for each meeting how many concerns name each value of a column."""
    found = []
    for meeting in held:
        counted: Counter[str] = Counter()
        for row in meeting.answers.get("concerns") or []:
            count = row.get("count")
            if row.get(column) and isinstance(count, int):
                counted[str(row[column])] += count
        found.append(counted)
    return found


def _stopped(
    counted: Sequence[Counter[str]], labels: Mapping[str, str], kind: str
) -> Iterable[Silent]:
    for name, label in labels.items():
        used = [place for place, counts in enumerate(counted) if counts[name]]
        if not used or used[-1] + 1 < _LEAST_BEFORE:
            continue
        before, since = used[-1] + 1, len(counted) - used[-1] - 1
        mean = sum(counts[name] for counts in counted) / before
        expected = mean * since
        if expected >= _LEAST_EXPECTED:
            yield Silent(
                label, kind,
                f"None in the last {since} meetings; the {before} before them had "
                f"{number_words(mean)} a meeting, which would give about "
                f"{number_words(expected)}. Chance alone leaves none "
                f"{odds_words(math.exp(-expected))}. Is it recorded?",
            )  # fmt: skip


def _never(counted: Sequence[Counter[str]], labels: Mapping[str, str]) -> Iterable[Silent]:
    total = sum(sum(counts.values()) for counts in counted)
    if len(counted) < _LEAST_MEETINGS or total < _LEAST_COUNTED:
        return
    unused = [label for name, label in labels.items() if not any(c[name] for c in counted)]
    if unused:
        yield Silent(
            "Places never named", "Place",
            f"In {len(counted)} meetings and {total} concerns with a place, none was at: "
            f"{'; '.join(unused)}.",
        )  # fmt: skip


def _not_there(session: Session, held: Sequence[Meeting], today: date) -> Iterable[Silent]:
    newest = held[-_MEETINGS_MISSED:]
    if len(newest) < _MEETINGS_MISSED:
        return
    for person in dsl_team(session, today):
        if person.joined <= newest[0].held_on and not any(
            person.id in (meeting.answers.get("present") or []) for meeting in newest
        ):
            yield Silent(person.name, "DSL team", f"Not at any of the last {len(newest)} meetings.")
