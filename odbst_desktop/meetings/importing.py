"""Count a week's export into a meeting: its rows are read in memory and only counts stay.

Importing the same days again takes the earlier counts out first, so nothing is counted twice; days
that another meeting counted are left to it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.form_engine.answers import LONGEST_TEXT
from odbst_desktop.meetings.log import Meeting, meetings
from odbst_desktop.meetings.placing import NOT_COUNTED, Placing
from odbst_desktop.meetings.recent import Spot, counted
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.spreadsheets.entries import Entries, Entry
from odbst_desktop.spreadsheets.table import Fault

KINDS = {"cpoms": "CPOMS incidents", "behaviour": "Bromcom behaviour",
         "attendance": "Bromcom attendance"}  # fmt: skip
PERSISTENT, SEVERE = 90.0, 50.0
"""Attendance at or below these per cent is persistent or severe absence (the DfE's measures)."""

_LEDGER = "imported"
_SEPARATORS = (",", ";", "|", "\n")
_MOST_WHERE = 3


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a file that are counted, both ends included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Say whether a day is among them."""
        return self.first <= day <= self.last

    @property
    def words(self) -> str:
        """Return the days in words."""
        return f"{show_date(self.first)} to {show_date(self.last)}"


@dataclass(frozen=True, slots=True)
class CountedFile:
    """What a file says of some days. ``unplaced`` holds words of the file: shown, never stored."""

    kind: str
    days: Days
    counts: Counter[Spot] = field(default_factory=Counter)
    figures: Mapping[str, Any] = field(default_factory=dict)
    rows: int = 0
    outside: int = 0
    taken: int = 0
    several: int = 0
    left_out: int = 0
    unplaced: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: tuple[Fault, ...] = ()

    @property
    def total(self) -> int:
        """Return how many were counted."""
        return sum(self.counts.values())

    def account(self) -> tuple[str, ...]:
        """Return in sentences what became of every row."""
        said = [f"{self.rows:,} rows read; {self._counted_words()}."]
        for count, words in (
            (self.outside, f"lie outside {self.days.words}"),
            (self.taken, "lie on days that another meeting has counted"),
            (self.left_out, "are of a kind you chose to leave out"),
            (self.several, "name several categories; each is counted once, by the first"),
        ):
            if count:
                said.append(f"{count:,} {words}.")
        unknown = sum(c for (what, _), c in self.unplaced.items() if what == "category")
        if unknown:
            said.append(f"{unknown:,} have a category that is not known here: place it below.")
        if self.faults:
            said.append(f"{len(self.faults):,} could not be read: {self.faults[0].sentence}")
        return tuple(said)

    def _counted_words(self) -> str:
        if self.kind == "attendance":
            return f"{self.figures.get('persistent_absentees', 0)} missed a tenth or more"
        return f"{self.total:,} counted"


def count_file(
    kind: str, entries: Entries, days: Days, placing: Placing, taken: tuple[Days, ...] = ()
) -> CountedFile:
    """Count the entries of a file; nothing of them but counts is in the result, and words unknown.

    Raises:
        InputError: the days are the wrong way round, or of more than a term.

    """
    if days.first > days.last:
        raise InputError("The first day lies after the last. Mend one of the two.")
    if days.last - days.first > timedelta(days=120):
        raise InputError("Count a week or some weeks at a time: these days are more than a term.")
    return _COUNTERS[kind](entries, days, placing, taken)


def _count_rows(
    kind: str, entries: Entries, days: Days, placing: Placing, taken: tuple[Days, ...]
) -> CountedFile:
    counts: Counter[Spot] = Counter()
    unplaced: Counter[tuple[str, str]] = Counter()
    outside = others = several = left_out = 0
    for entry in entries.entries:
        day = entry.day("day")
        if day is None or not days.holds(day):
            outside += 1
            continue
        if any(span.holds(day) for span in taken):
            others += 1
            continue
        category, is_one_of_several = "", False
        if kind == "cpoms":
            category, is_one_of_several = _category(entry.text("category"), placing)
            if not category:
                unplaced["category", entry.text("category")] += 1
                continue
            if category == NOT_COUNTED:
                left_out += 1
                continue
        several += is_one_of_several
        spot = Spot(category, *_where(entry, day, placing, unplaced))
        counts[spot] += _how_many(entry)
    return CountedFile(
        kind, days, counts, _behaviour_figures(counts, placing) if kind == "behaviour" else {},
        len(entries.entries) + len({fault.row for fault in entries.faults}),
        outside, others, several, left_out, unplaced, entries.faults,
    )  # fmt: skip


def _category(text: str, placing: Placing) -> tuple[str, bool]:
    """Return what a cell stands for, and whether it is one of several in it."""
    whole = placing.place("category", text)
    if whole:
        return whole, False
    parts = [text]
    for separator in _SEPARATORS:
        parts = [piece.strip() for part in parts for piece in part.split(separator)]
    placed = [name for name in (placing.place("category", part) for part in parts if part) if name]
    real = [name for name in placed if name != NOT_COUNTED]
    return (real or placed or [""])[0], len([part for part in parts if part]) > 1


def _where(
    entry: Entry, day: date, placing: Placing, unplaced: Counter[tuple[str, str]]
) -> tuple[str, str]:
    place_words, time_words = entry.text("place"), entry.text("time")
    place = placing.place("place", place_words) if place_words else ""
    band = placing.time_of(day, time_words)
    for what, typed, found in (("place", place_words, place), ("time", time_words, band)):
        if typed and not found:
            unplaced[what, typed] += 1
    return ("" if place == NOT_COUNTED else place), ("" if band == NOT_COUNTED else band)


def _how_many(entry: Entry) -> int:
    count = entry.values.get("count")
    return count if isinstance(count, int) and count > 0 else 1


def _behaviour_figures(counts: Counter[Spot], placing: Placing) -> dict[str, Any]:
    total = sum(counts.values())
    labels = dict((*placing.lists["place"], *placing.lists["time"]))
    most = [
        f"{', '.join(labels[part] for part in (s.place, s.time) if part in labels)}: {count}"
        for s, count in counts.most_common()
        if s.place or s.time
    ]
    words = f"From Bromcom: {total} incidents"
    if most:
        words += f"; most at {'; '.join(most[:_MOST_WHERE])}"
    return {"behaviour_incidents": total, "behaviour_link": f"{words}."}


def _count_attendance(
    entries: Entries, days: Days, _placing: Placing, _taken: tuple[Days, ...]
) -> CountedFile:
    """Count pupils by attendance; the names beside the figures are not looked at."""
    shares: list[float] = []
    possible = attended = 0.0
    faults = list(entries.faults)
    for entry in entries.entries:
        try:
            share = _share(entry)
        except ValueError as fault:
            faults.append(Fault(entry.row, "Attendance", str(fault)))
            continue
        shares.append(share)
        of = entry.values.get("possible")
        if isinstance(of, int | float):
            possible, attended = possible + of, attended + of * share / 100
    figures: dict[str, Any] = {
        "persistent_absentees": sum(share <= PERSISTENT for share in shares),
        "severe_absentees": sum(share <= SEVERE for share in shares),
    }
    if possible:
        figures["attendance_pct"] = round(100 * attended / possible, 1)
    rows = len(entries.entries) + len({fault.row for fault in entries.faults})
    return CountedFile("attendance", days, figures=figures, rows=rows, faults=tuple(faults))


def _share(entry: Entry) -> float:
    possible, attended = entry.values.get("possible"), entry.values.get("attended")
    if isinstance(possible, int | float) and isinstance(attended, int | float):
        if possible <= 0 or not 0 <= attended <= possible:
            raise ValueError("more sessions are attended than possible, or none is possible.")
        return 100 * attended / possible
    text = entry.text("percent").rstrip("% ").replace(",", ".")
    try:
        share = float(text)
    except ValueError:
        raise ValueError("this is not a percentage, such as 94.5.") from None
    share = share * 100 if 0 < share <= 1 and "." in text else share
    if not 0 <= share <= 100:
        raise ValueError("a percentage is between 0 and 100.")
    return share


def _rows_of(kind: str) -> Callable[[Entries, Days, Placing, tuple[Days, ...]], CountedFile]:
    return lambda entries, days, placing, taken: _count_rows(kind, entries, days, placing, taken)


_COUNTERS: dict[str, Callable[[Entries, Days, Placing, tuple[Days, ...]], CountedFile]] = {
    "cpoms": _rows_of("cpoms"),
    "behaviour": _rows_of("behaviour"),
    "attendance": _count_attendance,
}


def with_counts(answers: Mapping[str, Any], file: CountedFile) -> dict[str, Any]:
    """Return a meeting's answers with a file's counts, in place of its earlier ones of those days.

    Raises:
        InputError: nothing could be counted, or only some of the days counted before are among
            these.

    """
    if not file.counts and not file.figures:
        raise InputError(
            "Nothing in this file could be counted for these days. Check the days and the columns; "
            "the meeting was not changed."
        )
    ledger = _ledger(answers)
    replaced = [e for e in ledger if e["kind"] == file.kind and _overlap(_span(e), file.days)]
    for entry in replaced:
        _refuse_part(_span(entry), file.days)
    kept = [entry for entry in ledger if entry not in replaced]
    changed = dict(answers)
    if file.kind == "cpoms":
        now = counted(answers.get("concerns") or [])
        for entry in replaced:
            now.subtract({Spot(*names): count for *names, count in entry["counts"]})
        now.update(file.counts)
        changed["concerns"] = [_row(spot, count) for spot, count in now.items() if count > 0]
    for name, value in file.figures.items():
        changed[name] = (
            _with_sentence(answers.get(name), value, replaced) if isinstance(value, str) else value
        )
    sentence = next((v for v in file.figures.values() if isinstance(v, str)), "")
    kept.append(
        {
            "kind": file.kind, "first": file.days.first.isoformat(),
            "last": file.days.last.isoformat(), "sentence": sentence,
            "counts": [[*spot, count] for spot, count in file.counts.items()],
        }
    )  # fmt: skip
    changed[_LEDGER] = json.dumps(kept, separators=(",", ":"))
    if len(changed[_LEDGER]) > LONGEST_TEXT:
        raise InputError("These are too many days for one meeting. Count fewer days at a time.")
    return changed


def days_taken(session: Session, meeting: Meeting, kind: str) -> tuple[Days, ...]:
    """Return the days that other meetings have counted from files of a kind."""
    return tuple(
        _span(entry)
        for other in meetings(session)
        if other.id != meeting.id
        for entry in _ledger(other.answers)
        if entry["kind"] == kind
    )


def usual_days(session: Session, meeting: Meeting) -> Days:
    """Return the days since the meeting before, up to this one's; a week for the first."""
    before = [
        m.held_on for m in meetings(session, last=meeting.held_on - timedelta(days=1))
        if m.is_closed
    ]  # fmt: skip
    week = meeting.held_on - timedelta(days=6)
    first = max(before[0] + timedelta(days=1), meeting.held_on - timedelta(days=28)) if before \
        else week  # fmt: skip
    return Days(first, meeting.held_on)


def _ledger(answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        entries: list[dict[str, Any]] = json.loads(answers.get(_LEDGER) or "[]")
    except ValueError:  # another program's hand was in it; what it counted cannot be told apart
        return []
    return entries


def _span(entry: Mapping[str, Any]) -> Days:
    return Days(date.fromisoformat(entry["first"]), date.fromisoformat(entry["last"]))


def _refuse_part(before: Days, now: Days) -> None:
    """Refuse days that hold only some of those counted before: the rest would be lost."""
    if not (now.holds(before.first) and now.holds(before.last)):
        raise InputError(
            f"{before.words} were counted into this meeting before. Choose days that hold all of "
            "them, or none; the meeting was not changed."
        )


def _overlap(one: Days, other: Days) -> bool:
    return one.first <= other.last and other.first <= one.last


def _row(spot: Spot, count: int) -> dict[str, Any]:
    row = {"category": spot.category, "count": count, "place": spot.place, "time": spot.time}
    return {name: value for name, value in row.items() if value}


def _with_sentence(before: str | None, sentence: str, replaced: list[dict[str, Any]]) -> str:
    """Return a text with a sentence from a file, in place of the one from its earlier import."""
    text = before or ""
    for entry in replaced:
        if entry.get("sentence"):
            text = text.replace(entry["sentence"], "").strip()
    return f"{sentence}\n{text}".strip()
