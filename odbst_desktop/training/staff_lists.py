"""Import people from Bromcom, Inventry or any sheet. Two people are never made one in silence.

A row means somebody who is here if the staff number and the name agree, or if the name is theirs
alone and the role or the day of joining agrees as well. Anything less is asked.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.school.people import Person, PersonId, add_person, people
from odbst_desktop.school.people_changes import (
    begin_role,
    change_details,
    end_person,
    return_person,
)
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.spreadsheets.entries import Entry, read_entries
from odbst_desktop.spreadsheets.mapping import ColumnMapping, missing_fields
from odbst_desktop.spreadsheets.table import Table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.training.importing import ImportId
from odbst_desktop.training.names import (
    LEFT_OUT,
    meaning_words,
    meanings,
    plain_words,
    role_ids_by_words,
    whole_name,
)
from odbst_desktop.training.records import ImportRow

SOMEBODY_NEW = "new"
SAME_AS_ABOVE = "same"
"""Choices about a row that is not clear, besides a person's id and ``LEFT_OUT``."""

_BETWEEN_ROLES = re.compile(r"[;,/&\n]| and ")


class RowFate(Enum):
    """What becomes of a row; the value is the word shown."""

    NEW = "New"
    CHANGED = "Changed"
    SAME = "Already here"
    DOUBTFUL = "Who is it?"
    NO_ROLE = "Role not known"
    LEFT_OUT = "Left out"
    FAULTY = "Faulty"

    @property
    def sign(self) -> str:
        """Return a shape, so that colour is never the only sign."""
        return {"New": "+", "Changed": "≠", "Already here": "=", "Left out": "–"}.get(
            self.value, "✗"
        )


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A row of the sheet and what becomes of it; ``above`` is the row with the same person."""

    row: int
    name: str
    staff_number: str
    role_words: str
    roles: tuple[str, ...]
    joined: date | None
    left: date | None
    fate: RowFate = RowFate.NEW
    why: str = ""
    person: Person | None = None
    candidates: tuple[Person, ...] = ()
    above: int = 0


@dataclass(frozen=True, slots=True)
class StaffPreview:
    """What an import of people would do; ``not_named`` are those here whom the sheet leaves out."""

    name: str
    lines: tuple[StaffRow, ...]
    not_named: tuple[Person, ...]

    def count(self, *fates: RowFate) -> int:
        """Return how many rows meet one of some fates."""
        return sum(line.fate in fates for line in self.lines)

    @property
    def taken(self) -> tuple[StaffRow, ...]:
        """Return the rows that would be written."""
        return tuple(line for line in self.lines if line.fate in {RowFate.NEW, RowFate.CHANGED})

    @property
    def not_taken(self) -> tuple[StaffRow, ...]:
        """Return the rows that would be left out because something is wrong or not clear."""
        doubted = {RowFate.FAULTY, RowFate.DOUBTFUL, RowFate.NO_ROLE}
        return tuple(line for line in self.lines if line.fate in doubted)

    @property
    def unknown_roles(self) -> tuple[str, ...]:
        """Return the job titles that mean no role here yet."""
        found = (line.role_words for line in self.lines if line.fate is RowFate.NO_ROLE)
        return tuple(dict.fromkeys(found))

    @property
    def summary(self) -> str:
        """Return in a sentence what would happen."""
        counted = [
            f"{self.count(fate):,} {fate.value.lower().rstrip('?')}"
            for fate in RowFate
            if self.count(fate)
        ]
        words = f"{len(self.lines):,} rows: {', '.join(counted)}."
        if self.not_named:
            words += (
                f" {len(self.not_named)} people who are here are not in the sheet; they stay as "
                "they are."
            )
        return words


def preview_people(
    session: Session, table: Table, mapping: ColumnMapping, today: date
) -> StaffPreview:
    """Return what importing a list of people would do; nothing is written.

    Raises:
        InputError: a field that is needed has no column.

    """
    wanted = target("people")
    missing = missing_fields(wanted, mapping)
    if missing:
        labels = ", ".join(f"“{known.label}”" for known in missing)
        raise InputError(f"Choose the column for {labels}; without it nothing can be imported.")
    read = read_entries(table, wanted, mapping)
    judge = _Judge(people(session), meanings(session, "person"), today)
    titles = {**role_ids_by_words(), **meanings(session, "role")}
    lines = [judge.settled(_row(entry, titles)) for entry in read.entries]
    told: set[int] = set()
    for fault in read.faults:
        if fault.row not in told:
            told.add(fault.row)
            why = f"{fault.column}: {fault.message}"
            lines.append(
                StaffRow(fault.row, "", "", "", (), None, None, fate=RowFate.FAULTY, why=why)
            )
    return StaffPreview(
        table.name, tuple(sorted(lines, key=lambda line: line.row)), judge.not_named()
    )


def import_people(
    session: Session,
    preview: StaffPreview,
    *,
    today: date,
    at: str,
    by: str,
    leave_out_doubtful: bool = False,
) -> ImportId:
    """Write everything a preview would take, in the caller's one transaction.

    Raises:
        InputError: rows are faulty or not clear and the user did not say to leave them out, or
            there is nothing to write, or a row cannot be (told by its number).

    """
    if preview.not_taken and not leave_out_doubtful:
        raise InputError(
            f"{len(preview.not_taken):,} of {len(preview.lines):,} rows are faulty or not clear. "
            "Mend them, or choose to leave them out. Nothing was imported."
        )
    if not preview.taken:
        raise InputError("There is nothing new in this sheet. Nothing was imported.")
    made = ImportId(str(uuid.uuid4()))
    new = preview.count(RowFate.NEW)
    session.add(
        ImportRow(
            id=made, kind="people", name=preview.name, imported_at=at, imported_by=by,
            new=new, changed=len(preview.taken) - new, left_out=len(preview.not_taken),
        )
    )  # fmt: skip
    added: dict[int, PersonId] = {}
    for line in preview.taken:
        try:
            added[line.row] = _write(session, line, added, today, at)
        except InputError as fault:
            raise InputError(f"Row {line.row}: {fault.sentence} Nothing was imported.") from fault
    return made


def _write(
    session: Session, line: StaffRow, added: Mapping[int, PersonId], today: date, at: str
) -> PersonId:
    starts = line.joined or today
    if line.person is None and not line.above:
        person = add_person(session, line.name, line.roles, starts, at=at, is_namesake=True)
        held: frozenset[str] = frozenset(line.roles)
    else:
        person = line.person.id if line.person else added[line.above]
        held = frozenset(line.person.roles_on(today)) if line.person else frozenset()
    known = next(one for one in people(session) if one.id == person)
    if known.left is not None and not line.left and known.left < starts:
        return_person(session, person, line.roles, starts, at=at)
    else:
        for role in line.roles:
            if role not in held and role not in known.roles_on(max(starts, known.joined)):
                begin_role(session, person, role, max(starts, known.joined), at=at)
    if line.staff_number and not known.details.staff_number:
        change_details(
            session, person, known.name, replace(known.details, staff_number=line.staff_number)
        )
    if line.left and known.left is None:
        end_person(session, person, line.left, at=at)
    return person


class _Judge:
    """Says whom each row means, in the order of the sheet."""

    def __init__(self, known: tuple[Person, ...], chosen: Mapping[str, str], today: date) -> None:
        self._known, self._chosen, self._today = known, chosen, today
        self._by_name: dict[str, list[Person]] = {}
        for person in known:
            self._by_name.setdefault(plain_words(person.name), []).append(person)
        self._by_number = {p.details.staff_number.casefold(): p for p in known
                           if p.details.staff_number}  # fmt: skip
        self._above: dict[str, list[StaffRow]] = {}
        self._named: set[str] = set()

    def settled(self, line: StaffRow) -> StaffRow:
        """Return the row with its fate."""
        if line.fate is not RowFate.NEW:
            return line
        if line.left and line.joined and line.left < line.joined:
            return replace(line, fate=RowFate.FAULTY, why="the last day lies before the first.")
        namesakes = self._above.setdefault(plain_words(line.name), [])
        number = line.staff_number.casefold()
        same = [above for above in namesakes if above.staff_number.casefold() == number]
        above = next(iter(same or namesakes), None)
        found = self._in_sheet(line, above) if above else self._in_vault(line)
        if found.fate is not RowFate.CHANGED or not found.above:
            namesakes.append(found)
        if found.person is not None:
            self._named.add(found.person.id)
        return found

    def not_named(self) -> tuple[Person, ...]:
        """Return who is here and was named by no row."""
        here = (person for person in self._known if person.is_here_on(self._today))
        return tuple(person for person in here if person.id not in self._named)

    def _in_sheet(self, line: StaffRow, above: StaffRow) -> StaffRow:
        """Judge a row whose name stands further up."""
        choice = self._chosen.get(meaning_words(line.name, line.staff_number))
        numbers = {line.staff_number.casefold(), above.staff_number.casefold()}
        if above.fate in {RowFate.DOUBTFUL, RowFate.FAULTY, RowFate.LEFT_OUT}:
            return replace(line, fate=above.fate, why=f"as row {above.row}")
        is_same = choice == SAME_AS_ABOVE or (
            len(numbers) == 1 and (line.staff_number or line.joined == above.joined)
        )
        if is_same:
            if above.person is None:
                return replace(line, fate=RowFate.CHANGED, why=f"as row {above.row}",
                               above=above.above or above.row)  # fmt: skip
            return self._as_person(line, above.person)
        if choice == SOMEBODY_NEW or (len(numbers) == 2 and "" not in numbers):
            return self._in_vault(line)
        return replace(
            line, fate=RowFate.DOUBTFUL, candidates=(above.person,) if above.person else (),
            why=f"the same name stands in row {above.row}: the same person, or somebody else?",
        )  # fmt: skip

    def _in_vault(self, line: StaffRow) -> StaffRow:
        choice = self._chosen.get(meaning_words(line.name, line.staff_number))
        if choice == LEFT_OUT:
            return replace(line, fate=RowFate.LEFT_OUT, why="as you chose before")
        named = self._by_name.get(plain_words(line.name), [])
        numbered = self._by_number.get(line.staff_number.casefold()) if line.staff_number else None
        chosen = next((person for person in self._known if person.id == choice), None)
        if chosen is not None:
            return self._as_person(line, chosen)
        if numbered is not None and numbered not in named:
            why = f"staff number {line.staff_number} is {numbered.name}’s here"
            return replace(line, fate=RowFate.DOUBTFUL, candidates=(numbered,), why=why)
        if numbered is not None:
            return self._as_person(line, numbered)
        return self._by_name_alone(line, named, is_new=choice == SOMEBODY_NEW)

    def _by_name_alone(self, line: StaffRow, named: list[Person], *, is_new: bool) -> StaffRow:
        if is_new or not named:
            if line.roles:
                return line
            return replace(line, fate=RowFate.FAULTY, why="somebody new needs a role.")
        if len(named) == 1 and self._agrees(line, named[0]):
            return self._as_person(line, named[0])
        why = f"{line.name} is here already, and only the name agrees: the same person?"
        return replace(line, fate=RowFate.DOUBTFUL, candidates=tuple(named), why=why)

    def _agrees(self, line: StaffRow, person: Person) -> bool:
        """Say whether more than the name agrees, and no staff number speaks against it."""
        if line.staff_number and person.details.staff_number:
            return False
        ever = {held.role for held in person.roles}
        return bool(ever & set(line.roles)) or line.joined == person.joined

    def _as_person(self, line: StaffRow, person: Person) -> StaffRow:
        held = person.roles_on(self._today)
        changes = [role for role in line.roles if role not in held]
        if line.left and person.left is None:
            why = f"leaves on {show_date(line.left)}"
        elif person.left is not None and not line.left:
            if line.joined is None or line.joined <= person.left:
                why = f"left here on {show_date(person.left)}; note the return by hand"
                return replace(line, fate=RowFate.FAULTY, why=why, person=person)
            why = "comes back"
        elif changes and person.left is None:
            why = "takes on another role"
        elif line.staff_number and not person.details.staff_number:
            why = "the staff number is new"
        else:
            return replace(line, fate=RowFate.SAME, person=person)
        return replace(line, fate=RowFate.CHANGED, why=why, person=person)


def _row(entry: Entry, titles: Mapping[str, str]) -> StaffRow:
    name = whole_name(entry.text("name"), entry.text("first_name"), entry.text("last_name"))
    words = entry.text("role")
    whole = titles.get(plain_words(words), "")
    parts = [whole] if whole else [
        titles.get(plain_words(part), "") for part in _BETWEEN_ROLES.split(words)
    ]  # fmt: skip
    held = tuple(dict.fromkeys(part for part in parts if part and part != LEFT_OUT))
    line = StaffRow(
        entry.row, name, entry.text("staff_number"), words, held,
        entry.day("joined"), entry.day("left"),
    )  # fmt: skip
    if not words:
        return line
    if LEFT_OUT in parts and not held:
        return replace(line, fate=RowFate.LEFT_OUT, why="you chose to leave this job title out")
    if not held or "" in parts:
        why = "choose what this job title is here, or leave it out"
        return replace(line, fate=RowFate.NO_ROLE, why=why)
    return line
