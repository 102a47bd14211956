"""What an import of people changed of whom, so that it can be undone as a whole.

Each person is kept as they were before and after. Undoing puts back what was before, but leaves
alone whoever is not any more as the import left them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from odbst_desktop.errors import StateError
from odbst_desktop.school.people import Details, Person, PersonId, people
from odbst_desktop.school.people_changes import forget_person, put_back
from odbst_desktop.training.records import (
    AttendanceRow,
    ExemptionRow,
    MeaningRow,
    PersonChangeRow,
    TrainingRow,
)

_OF_A_DAY = 10
"""How much of a moment says the day."""


def people_by_id(session: Session) -> dict[str, Person]:
    """Return everybody by id, to be compared after a change."""
    return {person.id: person for person in people(session)}


def keep_changes(session: Session, made: str, before: Mapping[str, Person]) -> None:
    """Keep what an import changed of everybody since ``before``."""
    for name, person in people_by_id(session).items():
        was = before.get(name)
        if was != person:
            session.add(
                PersonChangeRow(
                    import_id=made, person_id=name, before=_as_json(was), after=_as_json(person)
                )
            )
    session.flush()


def undo_people(session: Session, made: str, imported_at: str, *, at: str) -> tuple[int, int]:
    """Put back everybody an import changed; return how many, and how many stay as they are.

    Whom it added leaves the list: for good if it is undone on the same day, later as taken back,
    so that counts of the days between can still be made again.

    Raises:
        StateError: what it changed is not known, or everybody was changed or used since.

    """
    rows = session.exec(select(PersonChangeRow).where(PersonChangeRow.import_id == made)).all()
    now, used, ever_used = people_by_id(session), _used(session), _ever_used(session)
    stay = [
        row.person_id
        for row in rows
        if _as_json(now.get(row.person_id)) != row.after
        or (not row.before and row.person_id in used)
    ]
    if len(stay) == len(rows):
        raise StateError(
            "Everybody this import changed was changed or given training since, or it was made by "
            "an earlier edition. Mend single people. Nothing was changed."
        )
    is_same_day = at[:_OF_A_DAY] == imported_at[:_OF_A_DAY]
    for row in rows:
        if row.person_id in stay:
            continue
        if row.before:
            was = json.loads(row.before)
            put_back(
                session, PersonId(row.person_id), was["name"], _details(was["details"]),
                was["roles"], at=at,
            )  # fmt: skip
        else:
            session.exec(delete(MeaningRow).where(col(MeaningRow.value) == row.person_id))
            is_for_good = is_same_day and row.person_id not in ever_used
            forget_person(session, PersonId(row.person_id), is_for_good=is_for_good, at=at)
        # The names in it are needed no more.
        session.delete(row)
    session.flush()
    return len(rows) - len(stay), len(stay)


def _used(session: Session) -> set[str]:
    """Return of whom training knows something that counts."""
    records = select(TrainingRow.person_id).where(TrainingRow.superseded_at == "")
    exemptions = select(ExemptionRow.person_id).where(ExemptionRow.superseded_at == "")
    return {
        *session.exec(records), *session.exec(exemptions),
        *session.exec(select(AttendanceRow.person_id)),
    }  # fmt: skip


def _ever_used(session: Session) -> set[str]:
    """Return of whom training knows anything, taken back or not."""
    return {
        *session.exec(select(TrainingRow.person_id)), *session.exec(select(ExemptionRow.person_id)),
        *session.exec(select(AttendanceRow.person_id)),
    }  # fmt: skip


def _as_json(person: Person | None) -> str:
    if person is None:
        return ""
    kept = {
        "name": person.name,
        "details": asdict(person.details),
        "roles": sorted(held.id for held in person.roles),
    }
    return json.dumps(kept, default=date.isoformat, ensure_ascii=False, sort_keys=True)


def _details(kept: Mapping[str, Any]) -> Details:
    dates = {
        name: date.fromisoformat(kept[name])
        for name in ("job_description_seen", "appraisal_target_set")
        if kept[name]
    }
    return Details(**{**kept, **dates})
