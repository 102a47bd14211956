"""What is due for disposal today, each with its reason, and what holds it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from odbst_desktop.retention.holdings import Record, is_named_elsewhere, records_held
from odbst_desktop.retention.holds import HoldCheck
from odbst_desktop.retention.kinds import kind_of
from odbst_desktop.retention.periods import Period, due_on, periods
from odbst_desktop.school.typed_dates import show_date


@dataclass(frozen=True, slots=True)
class DueRecord:
    """A record whose period is over: what it is by kind and date, never what it says.

    ``fell_due`` is the first day it may go; ``blocks`` say what holds it back, if anything.
    """

    record: Record
    day: date
    fell_due: date
    rule: str
    source: str
    blocks: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return its name in the audit chain, e.g. ``meeting/ID``."""
        return self.record.name

    @property
    def is_free(self) -> bool:
        """Say whether nothing holds it back."""
        return not self.blocks

    @property
    def words(self) -> str:
        """Return e.g. “Weekly DSL meeting, with 2 actions”."""
        counts = Counter(part.rule.kind for part in self.record.parts if part.rule.kind)
        its = [kind_of(kind).counted(count) for kind, count in counts.items()]
        return ", with ".join((self.record.words, *its))

    @property
    def why(self) -> str:
        """Return the rule with its days in a sentence."""
        return (
            f"{self.rule[:1].upper()}{self.rule[1:]}: dated {show_date(self.day)}, it fell due on "
            f"{show_date(self.fell_due)}."
        )


@dataclass(frozen=True, slots=True)
class Review:
    """The list of a day; ``next_due`` is when the next record falls due that is not listed."""

    on: date
    due: tuple[DueRecord, ...]
    next_due: date | None
    held_total: int

    def free(self) -> tuple[DueRecord, ...]:
        """Return what may be disposed of today."""
        return tuple(due for due in self.due if due.is_free)


def review(session: Session, on: date) -> Review:
    """Return what is due on a day, what fell due first at the top."""
    own = {period.kind.id: period for period in periods(session)}
    due: list[DueRecord] = []
    later: list[date] = []
    records = records_held(session)
    check = HoldCheck(session, records)
    for record in records:
        falls = falls_due(record, own)
        if falls is None or record.day is None or record.is_newest:
            continue
        if falls > on:
            later.append(falls)
            continue
        period = own[record.kind.id]
        blocks = _blocks(session, record, check)
        due.append(DueRecord(record, record.day, falls, period.rule, period.source, blocks))
    due = _without_parts(due)
    due.sort(key=lambda each: (each.fell_due, each.record.kind.id, each.day, each.record.key))
    return Review(on, tuple(due), min(later, default=None), len(records))


def _without_parts(due: list[DueRecord]) -> list[DueRecord]:
    """Leave out what goes with another record of the list that is free to go."""
    parts = {
        f"{kind}/{key}"
        for owner in due
        if owner.is_free
        for kind, key in owner.record.names() - {owner.record.own_name}
    }
    return [each for each in due if each.name not in parts]


def falls_due(record: Record, own: Mapping[str, Period]) -> date | None:
    """Return the first day a record may go: the latest of its own and its parts' days.

    None while it is in use.
    """
    if record.day is None:
        return None
    days = [due_on(record.day, own[record.kind.id].years, record.kind.after)]
    for part in record.parts:
        if part.rule.kind and part.day is not None:
            of_part = own[part.rule.kind]
            days.append(due_on(part.day, of_part.years, of_part.kind.after))
    return max(days)


def _blocks(session: Session, record: Record, check: HoldCheck) -> tuple[str, ...]:
    held = (f"Held: {hold.words} ({hold.reason})" for hold in check.blocking(record))
    return (*_waiting(session, record), *held)


def _waiting(session: Session, record: Record) -> tuple[str, ...]:
    found = {kind_of(part.rule.kind).in_use for part in record.parts if part.is_in_use}
    if record.kind.waits and is_named_elsewhere(session, record):
        found.add(record.kind.waits)
    return tuple(f"Waits: {why}" for why in sorted(found))
