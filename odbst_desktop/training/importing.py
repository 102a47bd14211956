"""Import completions from any sheet: previewed, whole or not at all, and undone as a whole."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import NewType

from sqlalchemy import insert
from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.school.people import Person, people
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.spreadsheets.entries import Entries, Entry, read_entries
from odbst_desktop.spreadsheets.mapping import ColumnMapping, missing_fields
from odbst_desktop.spreadsheets.table import Row, Table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.training.catalogue import Catalogue, Course
from odbst_desktop.training.names import (
    LEFT_OUT,
    Found,
    PeopleIndex,
    course_ids_by_words,
    meanings,
    plain_words,
    whole_name,
)
from odbst_desktop.training.published import catalogue_in_use
from odbst_desktop.training.recording import LONG_AGO, check_days, replace_record
from odbst_desktop.training.records import ImportRow, TrainingRow

ImportId = NewType("ImportId", str)
"""A random UUID of an import."""


class Fate(Enum):
    """What becomes of a row; the value is the word shown."""

    NEW = "New"
    CHANGED = "Changed"
    SAME = "Already here"
    NO_PERSON = "Person not found"
    NO_COURSE = "Course not known"
    LEFT_OUT = "Left out"
    FAULTY = "Faulty"

    @property
    def sign(self) -> str:
        """Return a shape, so that colour is never the only sign."""
        return {"New": "+", "Changed": "≠", "Already here": "=", "Left out": "–"}.get(
            self.value, "✗"
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet, what it means here, and what becomes of it, with the reason."""

    row: int
    name: str
    staff_number: str
    course_words: str
    fate: Fate
    why: str = ""
    person: Person | None = None
    course: Course | None = None
    completed_on: date | None = None
    expires_on: date | None = None
    provider: str = ""
    candidates: tuple[Person, ...] = ()
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do, row by row."""

    name: str
    lines: tuple[Line, ...]
    month_first_fields: tuple[str, ...]

    def count(self, *fates: Fate) -> int:
        """Return how many rows meet one of some fates."""
        return sum(line.fate in fates for line in self.lines)

    @property
    def taken(self) -> tuple[Line, ...]:
        """Return the rows that would be written."""
        return tuple(line for line in self.lines if line.fate in {Fate.NEW, Fate.CHANGED})

    @property
    def not_taken(self) -> tuple[Line, ...]:
        """Return the rows that would be left out because something is wrong or not clear."""
        doubted = {Fate.FAULTY, Fate.NO_PERSON, Fate.NO_COURSE}
        return tuple(line for line in self.lines if line.fate in doubted)

    @property
    def unknown_courses(self) -> tuple[str, ...]:
        """Return the names of courses that mean nothing here yet, the most frequent first."""
        counted = Counter(line.course_words for line in self.lines if line.fate is Fate.NO_COURSE)
        return tuple(words for words, _ in counted.most_common())

    @property
    def unknown_people(self) -> tuple[Line, ...]:
        """Return one line for each person who was not found."""
        seen: dict[str, Line] = {}
        for line in self.lines:
            if line.fate is Fate.NO_PERSON:
                seen.setdefault(f"{line.name} {line.staff_number}", line)
        return tuple(seen.values())

    @property
    def summary(self) -> str:
        """Return in a sentence what would happen."""
        counted = [
            f"{self.count(fate):,} {fate.value.lower()}" for fate in Fate if self.count(fate)
        ]
        return f"{len(self.lines):,} rows: {', '.join(counted)}."


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


def preview_completions(
    session: Session, table: Table, mapping: ColumnMapping, today: date
) -> Preview:
    """Return what importing a sheet would do; nothing is written.

    Raises:
        InputError: a field that is needed has no column.

    """
    wanted = target("completions")
    missing = missing_fields(wanted, mapping)
    if missing:
        labels = ", ".join(f"“{known.label}”" for known in missing)
        raise InputError(f"Choose the column for {labels}; without it nothing can be imported.")
    read = read_entries(table, wanted, mapping)
    index = PeopleIndex(people(session), meanings(session, "person"), today)
    catalogue = catalogue_in_use(session)
    known = {**course_ids_by_words(catalogue.courses), **meanings(session, "course")}
    held = _held(session)
    seen: dict[tuple[str, str, date], int] = {}
    finder = _Finder(index)
    lines = [
        _settled(_matched(entry, finder, known, catalogue, today), held, seen)
        for entry in read.entries
    ]
    lines += _faulty(table, mapping, read)
    return Preview(
        table.name, tuple(sorted(lines, key=lambda line: line.row)), read.month_first_fields()
    )


class _Finder:
    """Remembers who was found, as a sheet names everybody many times."""

    def __init__(self, index: PeopleIndex) -> None:
        self._index = index
        self._known: dict[tuple[str, str], Found] = {}

    def find(self, name: str, staff_number: str) -> Found:
        key = (name, staff_number)
        if key not in self._known:
            self._known[key] = self._index.find(name, staff_number)
        return self._known[key]


def _faulty(table: Table, mapping: ColumnMapping, read: Entries) -> list[Line]:
    """Return a line for each row with faults; the first fault stands for it."""
    by_row: dict[int, str] = {}
    for fault in read.faults:
        by_row.setdefault(fault.row, f"{fault.column}: {fault.message}")
    rows: dict[int, list[Row]] = {}
    for row in table.rows:
        rows.setdefault(row.number, []).append(row)

    def shown(number: int, *fields: str) -> str:
        """Return what a row says, unless it was made into several that do not agree."""
        held = [mapping.columns[name] for name in fields if name in mapping.columns]
        said = {
            " ".join(str(table.cell(row, column) or "") for column in held).strip()
            for row in rows[number]
        }
        return said.pop() if len(said) == 1 else ""

    return [
        Line(
            number, shown(number, "name", "first_name", "last_name"), "", shown(number, "course"),
            Fate.FAULTY, why,
        )
        for number, why in by_row.items()
    ]  # fmt: skip


def _matched(
    entry: Entry, finder: _Finder, known: Mapping[str, str], catalogue: Catalogue, today: date
) -> Line:
    name = whole_name(entry.text("name"), entry.text("first_name"), entry.text("last_name"))
    number, words = entry.text("staff_number"), entry.text("course")
    completed_on, expires_on = entry.day("completed_on"), entry.day("expires_on")
    meant = known.get(plain_words(words), "")
    found = finder.find(name, number)
    fate, why = Fate.NEW, ""
    if completed_on is None:
        fate, why = Fate.FAULTY, "there is no day of completion."
    else:
        try:
            check_days(completed_on, expires_on, today)
        except InputError as fault:
            fate, why = Fate.FAULTY, fault.sentence
    if fate is Fate.NEW and meant == LEFT_OUT:
        fate, why = Fate.LEFT_OUT, "you chose to leave this course out"
    elif fate is Fate.NEW and not meant:
        fate, why = Fate.NO_COURSE, "choose what this course is here, or leave it out"
    elif fate is Fate.NEW and found.person is None:
        left_out = found.why_not.startswith("left out")
        fate = Fate.LEFT_OUT if left_out else Fate.NO_PERSON
        why = found.why_not
    return Line(
        entry.row, name, number, words, fate, why, found.person,
        catalogue.find(meant) if meant and meant != LEFT_OUT else None,
        completed_on, expires_on, entry.text("provider"), found.candidates,
    )  # fmt: skip


def _settled(
    line: Line,
    held: Mapping[tuple[str, str, date], TrainingRow],
    seen: dict[tuple[str, str, date], int],
) -> Line:
    """Say whether a sound line is new, changed, here already, or twice in the sheet."""
    if line.fate is not Fate.NEW or not line.person or not line.course or not line.completed_on:
        return line
    key = (line.person.id, line.course.id, line.completed_on)
    if key in seen:
        why = f"the same person, course and day stand in row {seen[key]} already"
        return _with(line, Fate.FAULTY, why)
    seen[key] = line.row
    row = held.get(key)
    if row is None:
        return line
    expires_on = line.expires_on or row.expires_on
    provider = line.provider or row.provider
    if (expires_on, provider) == (row.expires_on, row.provider):
        return _with(line, Fate.SAME)
    ended = show_date(row.expires_on) if row.expires_on else "no end"
    changed = f"before: {ended}" if expires_on != row.expires_on else f"before: {row.provider}"
    return _with(line, Fate.CHANGED, changed, row.id)


def _with(line: Line, fate: Fate, why: str = "", replaces: str = "") -> Line:
    return Line(
        line.row, line.name, line.staff_number, line.course_words, fate, why, line.person,
        line.course, line.completed_on, line.expires_on, line.provider, line.candidates, replaces,
    )  # fmt: skip


def _held(session: Session) -> dict[tuple[str, str, date], TrainingRow]:
    rows = session.exec(select(TrainingRow).where(TrainingRow.superseded_at == ""))
    return {(row.person_id, row.course, row.completed_on): row for row in rows}


def import_completions(
    session: Session, preview: Preview, *, at: str, by: str, leave_out_doubtful: bool = False
) -> ImportId:
    """Write everything a preview would take, in the caller's one transaction.

    Raises:
        InputError: rows are faulty or not clear and the user did not say to leave them out, or
            there is nothing to write.

    """
    if preview.not_taken and not leave_out_doubtful:
        raise InputError(
            f"{len(preview.not_taken):,} of {len(preview.lines):,} rows are faulty or not clear. "
            "Mend them, or choose to leave them out. Nothing was imported."
        )
    if not preview.taken:
        raise InputError("There is nothing new in this sheet. Nothing was imported.")
    made = ImportId(str(uuid.uuid4()))
    new = [line for line in preview.taken if line.fate is Fate.NEW]
    session.add(
        ImportRow(
            id=made, kind="completions", name=preview.name, imported_at=at, imported_by=by,
            new=len(new), changed=len(preview.taken) - len(new), left_out=len(preview.not_taken),
        )
    )  # fmt: skip
    session.flush()
    _insert(session, new, f"import/{made}", at)
    for line in preview.taken:
        if line.fate is Fate.CHANGED and line.completed_on:
            row = session.get_one(TrainingRow, line.replaces)
            replace_record(
                session, row, completed_on=line.completed_on,
                expires_on=line.expires_on or row.expires_on,
                provider=line.provider or row.provider,
                reason=f"Import of {preview.name}", at=at, origin=f"import/{made}",
            )  # fmt: skip
    return made


def _insert(session: Session, lines: Sequence[Line], origin: str, at: str) -> None:
    """Write many records at once; one by one takes ten times as long."""
    rows = [
        {
            "id": str(uuid.uuid4()), "person_id": line.person.id, "course": line.course.id,
            "completed_on": line.completed_on, "expires_on": line.expires_on,
            "provider": line.provider, "recorded_at": at, "superseded_at": "", "replaces": "",
            "reason": "", "certificate": "", "origin": origin,
            "edition": line.course.edition_on(line.completed_on),
        }
        for line in lines
        if line.person and line.course and line.completed_on
    ]  # fmt: skip
    if rows:
        session.connection().execute(insert(TrainingRow), rows)


def undo_import(session: Session, made: ImportId, *, at: str) -> int:
    """Take back all that an import wrote and bring back what it replaced; return how much.

    A record corrected by hand since then stays as it was corrected.

    Raises:
        StateError: it was undone already, or it is an import of people.

    """
    row = session.get_one(ImportRow, made)
    if row.undone_at:
        raise StateError("This import was undone already. Nothing was changed.")
    if row.kind != "completions":
        raise StateError("An import of people is not undone as a whole. Mend single people.")
    rows = session.exec(
        select(TrainingRow).where(
            TrainingRow.origin == f"import/{made}", TrainingRow.superseded_at == ""
        )
    ).all()
    kept = {entry.id for entry in rows if _is_corrected_by_hand(session, entry, made)}
    count = 0
    for entry in rows:
        if entry.id in kept:
            continue
        entry.superseded_at, entry.reason = at or LONG_AGO, f"Import of {row.name} undone"
        session.add(entry)
        if entry.replaces:
            _bring_back(session, entry.replaces, at)
        count += 1
    row.undone_at = at or LONG_AGO
    session.add(row)
    session.flush()
    return count


def _is_corrected_by_hand(session: Session, row: TrainingRow, made: ImportId) -> bool:
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
