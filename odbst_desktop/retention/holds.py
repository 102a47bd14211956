"""Legal holds: what may not be disposed of whatever its age, why, and who says so."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from odbst_desktop.analysis.privacy import find_identifiers
from odbst_desktop.errors import InputError, StateError
from odbst_desktop.retention.holdings import Record, records_held
from odbst_desktop.retention.kinds import Kind, kind_of
from odbst_desktop.retention.passages import Passage, Reader
from odbst_desktop.retention.records import HoldRow
from odbst_desktop.retention.sought import Sought, person_sought
from odbst_desktop.school.people import people
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class HoldOn:
    """What a hold is on: one record (``kind/key``), a kind, a person's records, or all since."""

    record: str = ""
    kind: str = ""
    person: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold; ``lifted_at`` is empty while it is in force."""

    id: str
    scope: str
    kind: str
    record: str
    person_id: str
    person_name: str
    since: date | None
    reason: str
    placed_at: str
    placed_by: str
    lifted_at: str
    lifted_by: str

    @property
    def is_in_force(self) -> bool:
        """Say whether it was not lifted."""
        return not self.lifted_at

    @property
    def words(self) -> str:
        """Return what it is on."""
        if self.scope == "since":
            return f"Everything since {show_date(self.since)}" if self.since else "Everything"
        if self.scope == "person":
            return f"The records of {self.person_name}"
        kind = kind_of(self.kind)
        return f"All: {kind.plural}" if self.scope == "kind" else f"One record: {kind.label}"


class HoldCheck:
    """Says which holds block a record; reads a record's texts only where a hold asks for it."""

    def __init__(self, session: Session, records: Iterable[Record]) -> None:
        self._owners: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for record in records:
            for name in record.names() - {record.own_name}:
                self._owners[name].append(record)
        self._holds = tuple(hold for hold in holds(session) if hold.is_in_force)
        self._sought = {
            hold.id: _sought(session, hold) for hold in self._holds if hold.scope == "person"
        }
        # A reader reads the forms: only where a hold on somebody asks for it.
        self._reader = Reader(session) if self._sought else None

    def blocking(self, record: Record) -> tuple[Hold, ...]:
        """Return the holds on a record, on a part of it, or on what it is a part of."""
        together = (record, *self._owners.get(record.own_name, ()))
        return tuple(
            hold for hold in self._holds if any(self._is_on(hold, each) for each in together)
        )

    def _is_on(self, hold: Hold, record: Record) -> bool:
        if hold.scope == "since":
            newest = record.newest_day()
            return newest is None or hold.since is None or newest >= hold.since
        if hold.scope == "kind":
            return hold.kind in {kind for kind, _ in record.names()}
        if hold.scope == "record":
            return (hold.kind, hold.record) in record.names()
        return self._is_about(record, self._sought[hold.id])

    def _is_about(self, record: Record, sought: Sought) -> bool:
        # What may mean the person is held too: a hold errs on the side of keeping.
        return record.key in sought.ids or any(
            sought.is_said_in(passage) or sought.may_be_said_in(passage)
            for kind_id, key in record.names()
            for passage in self._passages(kind_of(kind_id), key)
        )

    def _passages(self, kind: Kind, key: str) -> Iterator[Passage]:
        if self._reader is not None:
            for _, _, passages in self._reader.rows(kind.place, key):
                yield from passages


def holds(session: Session) -> tuple[Hold, ...]:
    """Return every hold, those in force first, then the newest."""
    rows = session.exec(select(HoldRow).order_by(col(HoldRow.placed_at).desc())).all()
    found = (
        Hold(
            r.id, r.scope, r.kind, r.record, r.person_id, r.person_name, r.since, r.reason,
            r.placed_at, r.placed_by, r.lifted_at, r.lifted_by,
        )
        for r in rows
    )  # fmt: skip
    return tuple(sorted(found, key=lambda hold: not hold.is_in_force))


def place_hold(vault: Vault, on: HoldOn, reason: str) -> str:
    """Place a hold and return its id.

    Raises:
        InputError: it is on nothing or on what is not here, or there is no reason or one that
            may name somebody; nothing was changed.

    """
    hold = str(uuid.uuid4())
    with vault.changing("hold placed", f"hold/{hold}") as session:
        _refuse_reason(session, reason)
        session.add(
            HoldRow(
                id=hold, reason=" ".join(reason.split()), placed_at=vault.now(),
                placed_by=vault.user.name, **_target(session, on),
            )
        )  # fmt: skip
    return hold


def lift_hold(vault: Vault, hold: str) -> None:
    """Lift a hold; it stays in the list with who lifted it and when.

    Raises:
        InputError: there is no such hold.
        StateError: it is lifted already.

    """
    with vault.changing("hold lifted", f"hold/{hold}") as session:
        row = session.get(HoldRow, hold)
        if row is None:
            raise InputError("There is no hold of that id. Look at the list of holds again.")
        if row.lifted_at:
            raise StateError("This hold is lifted already. Nothing was changed.")
        row.lifted_at, row.lifted_by = vault.now(), vault.user.name
        session.add(row)


def _sought(session: Session, hold: Hold) -> Sought:
    sought = person_sought(session, hold.person_name)
    return replace(sought, ids=sought.ids | ({hold.person_id} if hold.person_id else set()))


def _target(session: Session, on: HoldOn) -> dict[str, Any]:
    if sum(map(bool, (on.record, on.kind, on.person, on.since))) != 1:
        raise InputError(
            "Say what the hold is on: one record, a kind of record, a person, or everything since "
            "a date."
        )
    if on.record:
        kind_id, _, key = on.record.partition("/")
        known = set().union(*(record.names() for record in records_held(session)))
        if (kind_of(kind_id).id, key) not in known:
            raise InputError("There is no such record in this vault. Look at the list again.")
        return {"scope": "record", "kind": kind_id, "record": key}
    if on.kind:
        return {"scope": "kind", "kind": kind_of(on.kind).id}
    if on.person:
        sought = person_sought(session, on.person)
        person = next(iter(sought.ids), "")
        return {"scope": "person", "person_id": person, "person_name": sought.words}
    return {"scope": "since", "since": on.since}


def _refuse_reason(session: Session, reason: str) -> None:
    if not reason.strip():
        raise InputError("Say why this is held: an inquiry, a claim, a request. Without names.")
    names = [p.name for p in people(session) if p.name.casefold() in reason.casefold()]
    found = [finding.words for finding in find_identifiers(reason)]
    if names or found:
        raise InputError(
            f"The reason may name somebody (“{(names or found)[0]}”), and a hold is shown long "
            "after. Write it without names; what is no name, in small letters. Nothing was changed."
        )
