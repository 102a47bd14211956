"""The audit chain: who changed what kind of record, when, each entry bound to the one before.

Source: design, section 3. Comparing its head with the one in an earlier return shows that the
history before that return is unchanged; it promises no more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from sqlmodel import Session, col, func, select

from odbst_desktop.vault.key_file import HighWaterMark
from odbst_desktop.vault.records import AuditRow

START = "0" * 64
"""What stands before the first entry."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change: its number from 1, moment (RFC 3339 UTC), user id, kind of change, record."""

    sequence: int
    at: str
    user: str
    what: str
    record: str


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The newest entry: its number and its hash (64 hex digits)."""

    sequence: int
    hash: str


def append_entry(session: Session, *, at: str, user: str, what: str, record: str) -> AuditHead:
    """Add an entry to the chain inside the caller's transaction."""
    head = read_head(session)
    sequence = head.sequence + 1
    entry = AuditEntry(sequence, at, user, what, record)
    digest = _hash(entry, head.hash)
    session.add(
        AuditRow(
            sequence=sequence,
            at=at,
            user=user,
            what=what,
            record=record,
            previous=head.hash,
            hash=digest,
        )
    )
    return AuditHead(sequence, digest)


def read_head(session: Session) -> AuditHead:
    """Return the newest entry's number and hash."""
    row = session.exec(select(AuditRow).order_by(col(AuditRow.sequence).desc()).limit(1)).first()
    return AuditHead(row.sequence, row.hash) if row else AuditHead(0, START)


def read_entries(session: Session) -> tuple[AuditEntry, ...]:
    """Return every entry, oldest first."""
    rows = session.exec(select(AuditRow).order_by(col(AuditRow.sequence))).all()
    return tuple(_entry(row) for row in rows)


def latest_moment(session: Session) -> str:
    """Return the latest moment that any entry bears; empty if there is none.

    It is not always the newest entry's: a clock may have been set back since.
    """
    return session.exec(select(func.max(AuditRow.at))).first() or ""


def newest_entry(session: Session, what: str) -> AuditEntry | None:
    """Return the newest entry of a kind of change, without reading the chain."""
    query = select(AuditRow).where(AuditRow.what == what).order_by(col(AuditRow.sequence).desc())
    row = session.exec(query.limit(1)).first()
    return None if row is None else _entry(row)


def newest_moment(session: Session) -> str:
    """Return the latest moment of any entry (RFC 3339 UTC), empty if there is none."""
    return session.exec(select(func.max(AuditRow.at))).one() or ""


def chain_is_whole(session: Session) -> bool:
    """Say whether every entry is bound to the one before it, from the first on."""
    before, expected = START, 1
    for row in session.exec(select(AuditRow).order_by(col(AuditRow.sequence))):
        entry = _entry(row)
        if row.sequence != expected or row.previous != before or row.hash != _hash(entry, before):
            return False
        before, expected = row.hash, expected + 1
    return True


def reaches_mark(session: Session, mark: HighWaterMark) -> bool:
    """Say whether the chain holds the entry that the high-water mark names."""
    if mark.sequence == 0:
        return True
    row = session.get(AuditRow, mark.sequence)
    return row is not None and row.hash == mark.hash


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(row.sequence, row.at, row.user, row.what, row.record)


def _hash(entry: AuditEntry, previous: str) -> str:
    fields = [entry.sequence, entry.at, entry.user, entry.what, entry.record, previous]
    return sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()
