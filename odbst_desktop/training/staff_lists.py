"""Import people from Bromcom, Inventry or any sheet. Two people are never made one in silence.

A row means somebody who is here if the staff number and the name agree, or if the name is theirs
alone and the role or the day of joining agrees as well. Anything less is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.school.people import Details, Person, PersonId, add_person, find_person, people
from odbst_desktop.school.people_changes import (
    begin_role,
    change_details,
    check_details,
    end_person,
    return_person,
)
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.spreadsheets.entries import Entry, read_entries
from odbst_desktop.spreadsheets.mapping import ColumnMapping, missing_fields
from odbst_desktop.spreadsheets.table import Table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.training.imports import ImportId, note_import
from odbst_desktop.training.names import (
    LEFT_OUT,
    meaning_words,
    meanings,
    plain_words,
    role_ids_by_words,
    whole_name,
)
from odbst_desktop.training.people_undo import keep_changes, people_by_id
from odbst_desktop.training.previews import Fate, SheetPreview

SOMEBODY_NEW = "new"
SAME_AS_ABOVE = "same"
"""Choices about a row that is not clear, besides a person's id and ``LEFT_OUT``."""

_BETWEEN_ROLES = re.compile(r"[;,/&\n]| and ")


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A row of the sheet and what becomes of it; ``above`` is the row with the same person.

    ``details`` are what the sheet says of them; blank is what it does not say.
    """

    row: int
    name: str
    staff_number: str
    role_words: str
    roles: tuple[str, ...]
    joined: date | None
    left: date | None
    details: Details = field(default_factory=Details)
    fate: Fate = Fate.NEW
    why: str = ""
    person: Person | None = None
    candidates: tuple[Person, ...] = ()
    above: int = 0


@dataclass(frozen=True, slots=True)
class StaffPreview(SheetPreview[StaffRow]):
    """What an import of people would do; ``not_named`` are those here whom the sheet leaves out."""

    name: str
    lines: tuple[StaffRow, ...]
    not_named: tuple[Person, ...]

    @property
    def unknown_roles(self) -> tuple[str, ...]:
        """Return the job titles that mean no role here yet."""
        found = (line.role_words for line in self.lines if line.fate is Fate.NO_ROLE)
        return tuple(dict.fromkeys(found))

    @property
    def remark(self) -> str:
        """Return how many are here whom the sheet does not name."""
        if not self.not_named:
            return ""
        return (
            f" {len(self.not_named)} people who are here are not in the sheet; they stay as they "
            "are."
        )


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
            lines.append(StaffRow(fault.row, "", "", "", (), None, None, fate=Fate.FAULTY, why=why))
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
    preview.refuse_unless_clear(leave_out_doubtful=leave_out_doubtful)
    made = note_import(session, preview, "people", at=at, by=by)
    before = people_by_id(session)
    added: dict[int, PersonId] = {}
    for line in preview.taken:
        try:
            added[line.row] = _write(session, line, added, today, at)
        except InputError as fault:
            raise InputError(f"Row {line.row}: {fault.sentence} Nothing was imported.") from fault
    keep_changes(session, made, before)
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
    known = find_person(session, person)
    if known.left is not None and not line.left and known.left < starts:
        return_person(session, person, line.roles, starts, at=at)
    else:
        for role in line.roles:
            if role not in held and role not in known.roles_on(max(starts, known.joined)):
                begin_role(session, person, role, max(starts, known.joined), at=at)
    details = merged_details(known.details, line.details)
    if details != known.details:
        change_details(session, person, known.name, details)
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
        if line.fate is not Fate.NEW:
            return line
        if line.left and line.joined and line.left < line.joined:
            return replace(line, fate=Fate.FAULTY, why="the last day lies before the first.")
        try:
            check_details(line.details, self._today)
        except InputError as fault:
            return replace(line, fate=Fate.FAULTY, why=fault.sentence)
        namesakes = self._above.setdefault(plain_words(line.name), [])
        number = line.staff_number.casefold()
        same = [above for above in namesakes if above.staff_number.casefold() == number]
        above = next(iter(same or namesakes), None)
        found = self._in_sheet(line, above) if above else self._in_vault(line)
        if found.fate is not Fate.CHANGED or not found.above:
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
        if above.fate in {Fate.DOUBTFUL, Fate.FAULTY, Fate.LEFT_OUT}:
            return replace(line, fate=above.fate, why=f"as row {above.row}")
        is_same = choice == SAME_AS_ABOVE or (
            len(numbers) == 1 and (line.staff_number or line.joined == above.joined)
        )
        if is_same:
            if above.person is None:
                return replace(line, fate=Fate.CHANGED, why=f"as row {above.row}",
                               above=above.above or above.row)  # fmt: skip
            return self._as_person(line, above.person)
        if choice == SOMEBODY_NEW or (len(numbers) == 2 and "" not in numbers):
            return self._in_vault(line)
        return replace(
            line, fate=Fate.DOUBTFUL, candidates=(above.person,) if above.person else (),
            why=f"the same name stands in row {above.row}: the same person, or somebody else?",
        )  # fmt: skip

    def _in_vault(self, line: StaffRow) -> StaffRow:
        choice = self._chosen.get(meaning_words(line.name, line.staff_number))
        if choice == LEFT_OUT:
            return replace(line, fate=Fate.LEFT_OUT, why="as you chose before")
        named = self._by_name.get(plain_words(line.name), [])
        numbered = self._by_number.get(line.staff_number.casefold()) if line.staff_number else None
        chosen = next((person for person in self._known if person.id == choice), None)
        if chosen is not None:
            return self._as_person(line, chosen)
        if numbered is not None and numbered not in named:
            why = f"staff number {line.staff_number} is {numbered.name}’s here"
            return replace(line, fate=Fate.DOUBTFUL, candidates=(numbered,), why=why)
        if numbered is not None:
            return self._as_person(line, numbered)
        return self._by_name_alone(line, named, is_new=choice == SOMEBODY_NEW)

    def _by_name_alone(self, line: StaffRow, named: list[Person], *, is_new: bool) -> StaffRow:
        if is_new or not named:
            if line.roles:
                return line
            return replace(line, fate=Fate.FAULTY, why="somebody new needs a role.")
        if len(named) == 1 and self._agrees(line, named[0]):
            return self._as_person(line, named[0])
        why = f"{line.name} is here already, and only the name agrees: the same person?"
        return replace(line, fate=Fate.DOUBTFUL, candidates=tuple(named), why=why)

    def _agrees(self, line: StaffRow, person: Person) -> bool:
        """Say whether more than the name agrees, and no staff number speaks against it."""
        if line.staff_number and person.details.staff_number:
            return False
        ever = {held.role for held in person.roles}
        return bool(ever & set(line.roles)) or line.joined == person.joined

    def _as_person(self, line: StaffRow, person: Person) -> StaffRow:
        held = person.roles_on(self._today)
        changes = [role for role in line.roles if role not in held]
        new = _new_details(person.details, line.details)
        if line.left and person.left is None:
            why = f"leaves on {show_date(line.left)}"
        elif person.left is not None and not line.left:
            if line.joined is None or line.joined <= person.left:
                why = f"left here on {show_date(person.left)}; note the return by hand"
                return replace(line, fate=Fate.FAULTY, why=why, person=person)
            why = "comes back"
        elif changes and person.left is None:
            why = "takes on another role"
        elif new:
            why = ""
        else:
            return replace(line, fate=Fate.SAME, person=person)
        why = "; ".join(part for part in (why, new) if part)
        return replace(line, fate=Fate.CHANGED, why=why, person=person)


def merged_details(known: Details, said: Details) -> Details:
    """Return what is known of somebody with what a sheet says.

    A sheet never gives another staff number, and never puts a date back to an earlier one.
    """
    return Details(
        known.staff_number or said.staff_number,
        said.team or known.team,
        said.hub or known.hub,
        _later(known.job_description_seen, said.job_description_seen),
        known.dsl_hours if said.dsl_hours is None else said.dsl_hours,
        _later(known.appraisal_target_set, said.appraisal_target_set),
    )


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)


def _new_details(known: Details, said: Details) -> str:
    """Return in words what a sheet says of somebody that was not known, with what was before."""
    will_be, wanted = merged_details(known, said), target("people")
    parts = []
    for name, before in asdict(known).items():
        after = getattr(will_be, name)
        if after != before:
            label = wanted.field(name).label.lower()
            parts.append(f"{label}: {_shown(after)}, before: {_shown(before) or 'blank'}")
    return "; ".join(parts)


def _shown(value: str | float | date | None) -> str:
    if isinstance(value, date):
        return show_date(value)
    return f"{value:g}" if isinstance(value, float) else str(value or "")


def _details(entry: Entry) -> Details:
    hours = entry.values.get("dsl_hours")
    return Details(
        entry.text("staff_number"), entry.text("team"), entry.text("hub"),
        entry.day("job_description_seen"),
        float(hours) if isinstance(hours, int | float) else None,
        entry.day("appraisal_target_set"),
    )  # fmt: skip


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
        entry.day("joined"), entry.day("left"), _details(entry),
    )  # fmt: skip
    if not words:
        return line
    if LEFT_OUT in parts and not held:
        return replace(line, fate=Fate.LEFT_OUT, why="you chose to leave this job title out")
    if not held or "" in parts:
        why = "choose what this job title is here, or leave it out"
        return replace(line, fate=Fate.NO_ROLE, why=why)
    return line
