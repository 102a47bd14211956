"""Sheets that were imported, and how one is undone as a whole."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, NewType

from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.training.people_undo import undo_people
from odbst_desktop.training.previews import Fate, SheetPreview
from odbst_desktop.training.recording import LONG_AGO
from odbst_desktop.training.records import ImportRow, TrainingRow

ImportId = NewType("ImportId", str)
"""A random UUID of an import."""


@dataclass(frozen=True, slots=True)
class Import:
    """An import that was made; ``undone_at`` is empty while it stands."""

    id: ImportId
    kind: str
    name: str
    imported_at: str
    imported_by: str
    new: int
    changed: int
    left_out: int
    undone_at: str


@dataclass(frozen=True, slots=True)
class Undone:
    """How much of an import was taken back; ``stays`` was changed by hand since."""

    name: str
    kind: str
    taken_back: int
    stays: int

    @property
    def words(self) -> str:
        """Return in a sentence what was undone."""
        said = f"the import of {self.name} is undone, {self._counted(self.taken_back)}"
        if self.stays:
            stay = "stays, as it" if self.stays == 1 else "stay, as they"
            said += f"; {self._counted(self.stays)} {stay} changed or came into use since"
        return said

    def _counted(self, count: int) -> str:
        one, many = ("record", "records") if self.kind == "completions" else ("person", "people")
        return f"{count:,} {one if count == 1 else many}"


def note_import(
    session: Session, preview: SheetPreview[Any], kind: str, *, at: str, by: str
) -> ImportId:
    """Keep that a sheet is imported; ``kind`` is ``completions`` or ``people``."""
    made, new = ImportId(str(uuid.uuid4())), preview.count(Fate.NEW)
    session.add(
        ImportRow(
            id=made, kind=kind, name=preview.name, imported_at=at, imported_by=by,
            new=new, changed=len(preview.taken) - new, left_out=len(preview.not_taken),
        )
    )  # fmt: skip
    session.flush()
    return made


def imports(session: Session) -> tuple[Import, ...]:
    """Return every import, newest first."""
    rows = session.exec(select(ImportRow).order_by(col(ImportRow.imported_at).desc()))
    return tuple(
        Import(
            ImportId(row.id), row.kind, row.name, row.imported_at, row.imported_by, row.new,
            row.changed, row.left_out, row.undone_at,
        )
        for row in rows
    )  # fmt: skip


def undo_import(session: Session, made: ImportId, *, at: str) -> Undone:
    """Take back all that an import wrote and bring back what it replaced.

    What was corrected by hand since then stays as it was corrected.

    Raises:
        InputError: there is no such import.
        StateError: it was undone already, or nothing of it can be undone any more.

    """
    row = session.get(ImportRow, made)
    if row is None:
        raise InputError("There is no such import. Look at the list of imports again.")
    if row.undone_at:
        raise StateError("This import was undone already. Nothing was changed.")
    if row.kind == "people":
        taken_back, stays = undo_people(session, made, row.imported_at, at=at)
    else:
        taken_back, stays = _undo_completions(session, row, at)
    row.undone_at = at or LONG_AGO
    session.add(row)
    session.flush()
    return Undone(row.name, row.kind, taken_back, stays)


def _undo_completions(session: Session, made: ImportRow, at: str) -> tuple[int, int]:
    rows = session.exec(
        select(TrainingRow).where(
            TrainingRow.origin == f"import/{made.id}", TrainingRow.superseded_at == ""
        )
    ).all()
    count = 0
    for row in rows:
        if _is_corrected_by_hand(session, row, made.id):
            continue
        row.superseded_at, row.reason = at or LONG_AGO, f"Import of {made.name} undone"
        session.add(row)
        if row.replaces:
            _bring_back(session, row.replaces, at)
        count += 1
    return count, len(rows) - count


def _is_corrected_by_hand(session: Session, row: TrainingRow, made: str) -> bool:
    """Say whether a row corrects one that the same import wrote."""
    before = session.get(TrainingRow, row.replaces) if row.replaces else None
    return before is not None and before.origin == f"import/{made}"


def _bring_back(session: Session, record: str, at: str) -> None:
    old = session.get_one(TrainingRow, record)
    session.add(
        TrainingRow(
            id=str(uuid.uuid4()), person_id=old.person_id, course=old.course,
            completed_on=old.completed_on, provider=old.provider, expires_on=old.expires_on,
            edition=old.edition, recorded_at=at, replaces=old.id, origin=old.origin,
            certificate=old.certificate,
        )
    )  # fmt: skip
