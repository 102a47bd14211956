"""What is held about an adult or under a CPOMS reference, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from odbst_desktop.retention.kinds import searched_places
from odbst_desktop.retention.passages import Passage, Reader
from odbst_desktop.retention.sought import Sought, person_sought, reference_sought
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage in which somebody was found; ``is_certain`` is False where another may be meant.

    ``kind`` says what the record is, ``day`` its date, ``key`` its number in the vault.
    """

    kind: str
    day: date | None
    key: str
    passage: Passage
    is_certain: bool

    @property
    def record_words(self) -> str:
        """Return e.g. “Weekly DSL meeting, 24 Nov 2026”."""
        return f"{self.kind}, {show_date(self.day)}" if self.day else self.kind

    @property
    def text(self) -> str:
        """Return the passage on one line, each field under its label."""
        return "; ".join(f"{line.label}: {line.words}" for line in self.passage.lines)


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that was found, record by record, the newest first in each kind."""

    sought: Sought
    findings: tuple[Finding, ...]
    changes: int

    def certain(self) -> tuple[Finding, ...]:
        """Return what certainly names who is sought."""
        return tuple(finding for finding in self.findings if finding.is_certain)

    def uncertain(self) -> tuple[Finding, ...]:
        """Return what may mean another: a surname alone, a longer reference."""
        return tuple(finding for finding in self.findings if not finding.is_certain)


def find_person(vault: Vault, name: str) -> Found:
    """Return what is held about an adult; raises InputError if no name was typed."""
    with vault.reading() as session:
        sought = person_sought(session, name)
        findings = tuple(_findings(session, sought))
    named = {user.id for user in vault.everybody() if sought.whole.fullmatch(user.name)}
    changes = sum(entry.user in named for entry in vault.audit_entries())
    return Found(sought, findings, changes)


def find_reference(vault: Vault, typed: str) -> Found:
    """Return what is held under a CPOMS reference; raises InputError if it is none."""
    sought = reference_sought(typed)
    with vault.reading() as session:
        return Found(sought, tuple(_findings(session, sought)), 0)


def everything_said(session: Session) -> Iterator[Passage]:
    """Give every passage of every record that a search reads."""
    reader = Reader(session)
    for place in searched_places():
        for _, _, passages in reader.rows(place):
            yield from passages


def _findings(session: Session, sought: Sought) -> Iterator[Finding]:
    reader = Reader(session)
    for place in searched_places():
        found = [
            Finding(place.words, day, key, passage, is_certain)
            for key, day, passages in reader.rows(place)
            for passage in passages
            for is_certain in _certainty(sought, passage)
        ]
        yield from sorted(found, key=lambda f: f.day or date.max, reverse=True)


def _certainty(sought: Sought, passage: Passage) -> tuple[bool, ...]:
    if sought.is_said_in(passage):
        return (True,)
    return (False,) if sought.may_be_said_in(passage) else ()
