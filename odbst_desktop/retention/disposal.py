"""Dispose of what was reviewed: in one transaction, logged without contents, then tidied."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import column, func, table
from sqlalchemy import delete as delete_rows
from sqlalchemy import select as select_columns
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from odbst_desktop.errors import FileWriteError, InputError, StateError
from odbst_desktop.retention.kinds import covered_tables, exempt_tables, kind_of
from odbst_desktop.retention.records import DisposalRow
from odbst_desktop.retention.review import DueRecord, review
from odbst_desktop.vault import audit
from odbst_desktop.vault.errors import DamagedVaultError
from odbst_desktop.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class DisposalCount:
    """How many records of a kind went under a rule, and from which day to which they date."""

    kind: str
    rule: str
    source: str
    records: int
    parts: int
    oldest: str
    newest: str

    @property
    def words(self) -> str:
        """Return e.g. “3 meetings”."""
        return kind_of(self.kind).counted(self.records)


@dataclass(frozen=True, slots=True)
class Disposal:
    """A disposal as it is kept: counts by kind and rule, who and when."""

    id: str
    disposed_at: str
    disposed_by: str
    counts: tuple[DisposalCount, ...]
    tidied_at: str

    @property
    def records(self) -> int:
        """Return how many records went."""
        return sum(count.records for count in self.counts)


def dispose(vault: Vault, names: Sequence[str]) -> Disposal:
    """Dispose of records by their names in the review (``meeting/ID``), all of them or none.

    Afterwards the freed room is overwritten and given back.

    Raises:
        InputError: nothing was chosen.
        StateError: one of them is not due today, or is held; nothing was disposed of.
        FileWriteError: they are gone, but there was no room to tidy up.

    """
    chosen = frozenset(names)
    if not chosen:
        raise InputError("Choose at least one record to dispose of.")
    disposal = str(uuid.uuid4())
    with vault.changing("records disposed of", f"disposal/{disposal}") as session:
        free = {due.name: due for due in review(session, vault.today()).free()}
        if not chosen <= set(free):
            raise StateError(
                "Something of this list is not due, or is held, or is gone already. Nothing was "
                "disposed of; look at the list again."
            )
        going = [due for name, due in free.items() if name in chosen]
        try:
            _delete(session, going)
        except IntegrityError as fault:
            raise StateError(
                "Another record still refers to one of these, so nothing was disposed of. Dispose "
                "of that one first, or leave this one."
            ) from fault
        for what, record in _entries(going):
            # The change itself adds one more entry: that it was one disposal.
            audit.append_entry(
                session, at=vault.now(), user=vault.user.id, what=what, record=record
            )
            session.flush()
        session.add(
            DisposalRow(
                id=disposal, disposed_at=vault.now(), disposed_by=vault.user.name,
                counts=json.dumps([_as_json(count) for count in _counts(going)]),
            )
        )  # fmt: skip
    try:
        tidy(vault)
    except FileWriteError as fault:
        raise FileWriteError(
            "The records are disposed of and their certificate is kept, but the room they left "
            "could not be given back: the disk may be full. Make room, then tidy up."
        ) from fault
    with vault.reading() as session:
        return _disposal(session.get_one(DisposalRow, disposal))


def tidy(vault: Vault) -> None:
    """Overwrite and give back what disposals freed, and note that it is done.

    Raises:
        FileWriteError: there is no room for it; nothing else was changed.

    """
    vault.compact()
    with vault.changing("vault tidied", "vault/tidied") as session:
        for row in session.exec(select(DisposalRow).where(DisposalRow.tidied_at == "")).all():
            row.tidied_at = vault.now()
            session.add(row)


def disposals(session: Session) -> tuple[Disposal, ...]:
    """Return every disposal, the newest first."""
    rows = session.exec(select(DisposalRow).order_by(col(DisposalRow.disposed_at).desc())).all()
    return tuple(_disposal(row) for row in rows)


def _delete(session: Session, going: Sequence[DueRecord]) -> None:
    """Delete rows, parts first, and make sure that these went and no others.

    Nothing is left to a cascade: what the rules do not name must not go with them.
    """
    before, expected = _row_counts(session), Counter[str]()
    gone: set[tuple[str, str]] = set()
    for due in going:
        its = [(part.rule.table, part.rule.key, part.key) for part in due.record.parts]
        kind = due.record.kind
        for name, key_column, key in (*its, (kind.table, kind.key, due.record.key)):
            if (name, key) in gone:
                continue
            gone.add((name, key))
            expected[name] += 1
            where = column(key_column) == key
            session.connection().execute(delete_rows(table(name)).where(where))
    after = _row_counts(session)
    differing = {name: before[name] - after[name] for name in before if before[name] != after[name]}
    broken = session.connection().exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken or differing != dict(expected):
        raise DamagedVaultError(
            "The disposal would have removed something else as well, so nothing was disposed of. "
            "Check the vault on the tab Vault, and tell whoever looks after the program."
        )


def _entries(going: Sequence[DueRecord]) -> Iterator[tuple[str, str]]:
    """Give what the history says of each record and of each part that is a record as well."""
    for due in going:
        yield f"disposed of: {due.rule}", due.name
        for part in due.record.parts:
            if part.rule.kind:
                yield f"disposed of with its {due.record.kind.one}", f"{part.rule.kind}/{part.key}"


def _row_counts(session: Session) -> dict[str, int]:
    exempt = {exempt.table for exempt in exempt_tables() if not exempt.follows}
    connection = session.connection()
    return {
        name: connection.execute(select_columns(func.count()).select_from(table(name))).scalar_one()
        for name in covered_tables() | exempt
    }


def _counts(going: Sequence[DueRecord]) -> list[DisposalCount]:
    grouped: dict[tuple[str, str, str], list[DueRecord]] = {}
    for due in going:
        grouped.setdefault((due.record.kind.id, due.rule, due.source), []).append(due)
    return [
        DisposalCount(
            kind, rule, source, len(gone), sum(len(due.record.parts) for due in gone),
            min(due.day for due in gone).isoformat(), max(due.day for due in gone).isoformat(),
        )
        for (kind, rule, source), gone in grouped.items()
    ]  # fmt: skip


def _as_json(count: DisposalCount) -> dict[str, str | int]:
    return {
        "kind": count.kind, "rule": count.rule, "source": count.source, "records": count.records,
        "parts": count.parts, "oldest": count.oldest, "newest": count.newest,
    }  # fmt: skip


def _disposal(row: DisposalRow) -> Disposal:
    counts = tuple(DisposalCount(**entry) for entry in json.loads(row.counts))
    return Disposal(row.id, row.disposed_at, row.disposed_by, counts, row.tidied_at)
