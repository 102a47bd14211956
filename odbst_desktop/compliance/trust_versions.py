"""The versions of the trust's policies that its focus packs published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from sqlmodel import Session, col, select

from odbst_desktop.compliance.items import items
from odbst_desktop.compliance.records import TrustVersionRow
from odbst_desktop.errors import InputError
from odbst_desktop.school.typed_dates import show_date

_MOST = 200


@dataclass(frozen=True, slots=True)
class TrustVersion:
    """A policy as the trust published it; ``changes`` says what is new, ``source`` which pack."""

    item: str
    version: str
    published_on: date | None
    next_review: date | None
    changes: str
    source: str

    @property
    def words(self) -> str:
        """Return the version in words."""
        of = f", published on {show_date(self.published_on)}" if self.published_on else ""
        return f"The trust’s version is {self.version}{of} ({self.source})."


def _day(value: object) -> date | None:
    if value is None or (isinstance(value, str) and not value):
        return None
    if not isinstance(value, str) or date.fromisoformat(value).isoformat() != value:
        raise ValueError("not a date as YYYY-MM-DD")
    return date.fromisoformat(value)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: str
    version: Annotated[str, Field(min_length=1, max_length=40)]
    title: Annotated[str, Field(max_length=200)] = ""
    published_on: Annotated[date | None, BeforeValidator(_day)] = None
    next_review: Annotated[date | None, BeforeValidator(_day)] = None
    changes: Annotated[str, Field(max_length=2000)] = ""


def check_trust_versions(entries: Sequence[Mapping[str, Any]]) -> None:
    """Refuse the policies of a pack that cannot be read; nothing is written.

    Raises:
        InputError: with the first that is at fault.

    """
    _read(entries)


def take_trust_versions(
    session: Session, entries: Sequence[Mapping[str, Any]], *, source: str, at: str
) -> tuple[str, ...]:
    """Take a pack's policy versions into the register; return the labels of those that changed.

    An entry has ``id`` (of the register), ``version``, and may have ``title``, ``published_on``,
    ``next_review`` (dates) and ``changes``. ``source`` says which pack, such as “Focus pack
    2026-27 spring”.

    Raises:
        InputError: as ``check_trust_versions``; nothing was taken in.

    """
    known, labels = trust_versions(session), {item.id: item.label for item in items()}
    changed = []
    for entry in _read(entries):
        held = known.get(entry.id)
        new = TrustVersion(
            entry.id, entry.version, entry.published_on, entry.next_review, entry.changes, source
        )
        if held is not None and _without_source(held) == _without_source(new):
            continue
        session.add(
            TrustVersionRow(
                item=new.item, version=new.version, published_on=new.published_on,
                next_review=new.next_review, changes=new.changes, source=source, taken_at=at,
            )
        )  # fmt: skip
        changed.append(labels[new.item])
    session.flush()
    return tuple(changed)


def trust_versions(session: Session, on: date | None = None) -> dict[str, TrustVersion]:
    """Return the newest version of each policy that was published, by policy.

    With ``on`` only what was taken in by the end of that day counts.
    """
    query = select(TrustVersionRow).order_by(col(TrustVersionRow.id))
    if on is not None:
        query = query.where(col(TrustVersionRow.taken_at) < f"{on.isoformat()}T99")
    return {
        row.item: TrustVersion(
            row.item, row.version, row.published_on, row.next_review, row.changes, row.source
        )
        for row in session.exec(query)
    }


def _without_source(known: TrustVersion) -> tuple[object, ...]:
    return (known.version, known.published_on, known.next_review, known.changes)


def _read(entries: Sequence[Mapping[str, Any]]) -> tuple[_Entry, ...]:
    policies = {item.id for item in items() if item.is_policy}
    if len(entries) > _MOST:
        raise InputError(f"The pack has more than {_MOST} policies. Ask the trust for a new one.")
    read: dict[str, _Entry] = {}
    for number, untrusted in enumerate(entries, 1):
        try:
            entry = _Entry.model_validate(untrusted)
        except ValidationError as fault:
            place = ".".join(str(part) for part in fault.errors()[0]["loc"])
            raise InputError(
                f"Policy {number} of the pack cannot be used: “{place[:60]}” is not as it has to "
                "be. Ask the trust for a new pack; nothing was taken in."
            ) from fault
        if entry.id not in policies or entry.id in read:
            twice = "stands in the pack twice" if entry.id in read else "is not in the register"
            raise InputError(
                f"The policy “{entry.id[:60]}” {twice}. Ask the trust for a new pack; nothing was "
                "taken in."
            )
        read[entry.id] = entry
    return tuple(read.values())
