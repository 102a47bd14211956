"""Add to a meeting's answers what a quick line says, or a signal as a trend with its decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from odbst_desktop.form_engine.definition import Form
from odbst_desktop.meetings.decided import BASELINE_WEEKS
from odbst_desktop.meetings.quick_add import Known, QuickLine
from odbst_desktop.meetings.recent import RecentCounts, counted, spot_of
from odbst_desktop.meetings.trends import Signal
from odbst_desktop.school.typed_dates import show_date

_LOOK_AFTER = timedelta(weeks=BASELINE_WEEKS)


def with_line(answers: Mapping[str, Any], line: QuickLine, known: Known) -> dict[str, Any]:
    """Return the answers with a quick line: one more count, child or decision."""
    if line.kind == "count":
        row = {"category": line.category, "count": line.count, "place": line.place,
               "time": line.time}  # fmt: skip
        return _with_count(answers, {name: value for name, value in row.items() if value})
    if line.kind == "child":
        row = {"reference": line.reference, "reason": line.words, "step_owner": line.owner}
        return _with_row(answers, "children", row)
    row = {
        "decision": line.words + _where_words(line, known),
        "owner": line.owner or answers.get("chair"),
        "due": line.due.isoformat() if line.due else answers.get("next_meeting"),
        "measured_by": line.category,
    }
    return _with_row(answers, "decisions", row)


def line_words(line: QuickLine, known: Known, answers: Mapping[str, Any]) -> str:
    """Return in words what a quick line will add."""
    labels = {**dict(known.categories), **dict(known.places), **dict(known.times)}
    people = dict(known.people)
    if line.kind == "count":
        parts = [f"{line.count} × {labels.get(line.category, '?')}",
                 labels.get(line.place, ""), labels.get(line.time, "")]  # fmt: skip
        return "Count: " + _joined(parts)
    if line.kind == "child":
        parts = [line.reference, line.words, people.get(line.owner, "")]
        return "Child to discuss: " + _joined(parts)
    owner = people.get(line.owner or answers.get("chair") or "", "")
    due = line.due or _day(answers.get("next_meeting"))
    parts = [line.words + _where_words(line, known), owner,
             f"due {show_date(due)}" if due else "", labels.get(line.category, "")]  # fmt: skip
    return "Decision: " + _joined(parts)


def with_signal(
    answers: Mapping[str, Any], signal: Signal, form: Form, held_on: date
) -> dict[str, Any]:
    """Return the answers with a signal as a trend, and a decision that waits for its words."""
    trend = {
        "trend": signal.sentence,
        "direction": signal.direction,
        "trend_category": signal.category,
    }
    decision = {
        "meets": f"{signal.label}: {_direction_words(form, signal.direction)}",
        "owner": answers.get("chair"),
        "due": answers.get("next_meeting"),
        "measured_by": signal.category,
        "baseline": signal.baseline,
        "look_on": (held_on + _LOOK_AFTER).isoformat(),
    }
    return _with_row(_with_row(answers, "trends", trend), "decisions", decision)


def is_taken(answers: Mapping[str, Any], signal: Signal) -> bool:
    """Say whether a signal is among the trends already."""
    return any(
        row.get("trend_category") == signal.category and row.get("direction") == signal.direction
        for row in answers.get("trends") or []
    )


def trend_names(answers: Mapping[str, Any], form: Form) -> tuple[str, ...]:
    """Return the trends that a decision may say it meets, each in a few words."""
    labels = {
        choice.name: choice.label
        for repeat in form.repeats()
        for question in repeat.items
        for choice in question.choices
        if question.name == "trend_category"
    }
    named = []
    for row in answers.get("trends") or []:
        category = labels.get(row.get("trend_category") or "")
        if category and row.get("direction"):
            named.append(f"{category}: {_direction_words(form, row['direction'])}")
        elif row.get("trend"):
            named.append(row["trend"][:120])
    return tuple(dict.fromkeys(named))


def missing_baselines(
    before: Mapping[str, Any], after: Mapping[str, Any], recent: RecentCounts
) -> dict[int, int]:
    """Return the baseline of each decision, by its row, whose measure was just chosen."""
    old = before.get("decisions") or []
    found = {}
    for number, row in enumerate(after.get("decisions") or []):
        category = row.get("measured_by")
        was = old[number].get("measured_by") if number < len(old) else None
        if category and category != was and row.get("baseline") is None:
            baseline = recent.baseline(category)
            if baseline is not None:
                found[number] = baseline
    return found


def _with_count(answers: Mapping[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    rows = list(answers.get("concerns") or [])
    if spot_of(row) in counted(rows):
        rows = [
            {**known, "count": known["count"] + row["count"]}
            if spot_of(known) == spot_of(row)
            else known
            for known in rows
        ]
    else:
        rows.append(row)
    return {**answers, "concerns": rows}


def _with_row(answers: Mapping[str, Any], repeat: str, row: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in row.items() if value not in (None, "")}
    return {**answers, repeat: [*(answers.get(repeat) or []), given]}


def _where_words(line: QuickLine, known: Known) -> str:
    """Return place and time for the words of a decision that does not name them."""
    labels = {**dict(known.places), **dict(known.times)}
    named = [labels[part] for part in (line.place, line.time) if part in labels]
    unsaid = [label for label in named if label.casefold() not in line.words.casefold()]
    return f" ({', '.join(unsaid)})" if unsaid else ""


def _direction_words(form: Form, direction: str) -> str:
    for repeat in form.repeats():
        for question in repeat.items:
            if question.name == "direction":
                return question.label_of(direction).lower()
    return direction


def _joined(parts: list[str]) -> str:
    return " · ".join(part for part in parts if part)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
