"""The focus packs that were taken in, and what each changed here, before and after."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from odbst_desktop.monitoring.records import PackRow
from odbst_desktop.school.calendar import TERMS
from odbst_desktop.vault.vault import Vault

_NOTICE = re.compile(
    r"^Program version expected: ?v?(\d{1,5}(?:\.\d{1,5}){0,3})\.?(?: Kept at: ?(.{1,300}))?$", re.M
)


@dataclass(frozen=True, slots=True)
class PackChange:
    """Something a pack changed: what, how it stood before, how it stands now."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class UpdateNotice:
    """Which version of the program the trust expects, and where IT keeps it, blank if unsaid."""

    version: str
    kept_at: str

    def is_newer_than(self, own: str) -> bool:
        """Say whether the version expected is newer than one's own."""
        return _numbers(self.version) > _numbers(own)


@dataclass(frozen=True, slots=True)
class TakenPack:
    """A focus pack that was taken in; ``read_at`` is when somebody said to have read it."""

    payload_sha256: str
    year: str
    term: str
    revision: int
    message: str
    changes: tuple[PackChange, ...]
    sent_by: str
    taken_at: str
    read_at: str | None

    @property
    def title(self) -> str:
        """Return e.g. “Focus pack, spring term 2026-27”."""
        again = f", revision {self.revision}" if self.revision > 1 else ""
        return f"Focus pack, {self.term} term {self.year}{again}"

    @property
    def notice(self) -> UpdateNotice | None:
        """Return what the message says of the program's version, if it does."""
        return read_notice(self.message)


def notice_line(notice: UpdateNotice) -> str:
    """Return the line of a message that says which version is expected."""
    where = f" Kept at: {notice.kept_at}" if notice.kept_at else ""
    return f"Program version expected: {notice.version}.{where}"


def read_notice(message: str) -> UpdateNotice | None:
    """Return the update notice in a pack's message; the ESL's signature covers it."""
    found = _NOTICE.search(message)
    return UpdateNotice(found[1], (found[2] or "").strip()) if found else None


def keep_pack(session: Session, pack: TakenPack) -> None:
    """Keep that a pack was taken in."""
    changes = [[c.what, c.before, c.after] for c in pack.changes]
    session.merge(
        PackRow(
            payload_sha256=pack.payload_sha256, year=pack.year, term=pack.term,
            revision=pack.revision, message=pack.message,
            changes=json.dumps(changes, ensure_ascii=False), sent_by=pack.sent_by,
            taken_at=pack.taken_at, read_at=pack.read_at,
        )
    )  # fmt: skip


def packs_taken(session: Session) -> tuple[TakenPack, ...]:
    """Return the focus packs that were taken in, the newest term and revision first."""
    found = [_pack(row) for row in session.exec(select(PackRow)).all()]
    return tuple(
        sorted(found, key=lambda p: (p.year, TERMS.index(p.term), p.revision), reverse=True)
    )


def note_read(vault: Vault, payload_sha256: str) -> None:
    """Note that somebody has read a pack's message."""
    with vault.changing("focus pack read", f"package/{payload_sha256[:16]}") as session:
        row = session.get_one(PackRow, payload_sha256)
        row.read_at = vault.now()
        session.add(row)


def changes_between(
    before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]], *, none: str = "—"
) -> tuple[PackChange, ...]:
    """Return what stands otherwise afterwards; both are pairs of a thing and how it stands."""
    was, now = dict(before), dict(after)
    names = dict.fromkeys([*was, *now])
    return tuple(
        PackChange(name, was.get(name, none), now.get(name, none))
        for name in names
        if was.get(name) != now.get(name)
    )


def _pack(row: PackRow) -> TakenPack:
    changes = tuple(PackChange(*change) for change in json.loads(row.changes))
    return TakenPack(
        row.payload_sha256, row.year, row.term, row.revision, row.message, changes, row.sent_by,
        row.taken_at, row.read_at,
    )  # fmt: skip


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.findall(r"\d+", version)]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
