"""Import completions from any sheet: previewed, and taken whole or not at all."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert
from sqlmodel import Session, select

from odbst_desktop.errors import InputError
from odbst_desktop.school.people import Person, people
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.spreadsheets.entries import Entries, Entry, read_entries
from odbst_desktop.spreadsheets.mapping import ColumnMapping, missing_fields
from odbst_desktop.spreadsheets.table import Row, Table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.training.catalogue import Catalogue, Course
from odbst_desktop.training.imports import ImportId, note_import
from odbst_desktop.training.names import (
    LEFT_OUT,
    Found,
    PeopleIndex,
    course_ids_by_words,
    meanings,
    plain_words,
    whole_name,
)
from odbst_desktop.training.previews import Fate, SheetPreview
from odbst_desktop.training.published import catalogue_in_use
from odbst_desktop.training.recording import check_days, replace_record
from odbst_desktop.training.records import TrainingRow


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
class Preview(SheetPreview[Line]):
    """What an import would do, row by row."""

    name: str
    lines: tuple[Line, ...]
    month_first_fields: tuple[str, ...]

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
    preview.refuse_unless_clear(leave_out_doubtful=leave_out_doubtful)
    made = note_import(session, preview, "completions", at=at, by=by)
    new = [line for line in preview.taken if line.fate is Fate.NEW]
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
