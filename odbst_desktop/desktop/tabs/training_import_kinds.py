"""The two kinds of sheet the training tab imports: completions, and lists of people."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from odbst_desktop.desktop.row_table import Column
from odbst_desktop.desktop.tabs.training_import import Asked, ImportKind, Taking
from odbst_desktop.school.people import Person, people, role_label, roles
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.spreadsheets.mapping import missing_fields, propose_mapping
from odbst_desktop.spreadsheets.table import Table, read_table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.training.catalogue import Course
from odbst_desktop.training.importing import (
    Line,
    Preview,
    import_completions,
    preview_completions,
)
from odbst_desktop.training.names import LEFT_OUT, meaning_words, plain_words
from odbst_desktop.training.previews import Fate
from odbst_desktop.training.published import catalogue_in_use
from odbst_desktop.training.staff_lists import (
    SAME_AS_ABOVE,
    SOMEBODY_NEW,
    StaffPreview,
    StaffRow,
    import_people,
    preview_people,
)
from odbst_desktop.training.wide_sheets import as_list

_MOST_ASKED = 200


def _read_completions(data: bytes, name: str, sheet: str, courses: Sequence[Course]) -> Table:
    return as_list(read_table(data, name, sheet=sheet), courses)


def _read_people(data: bytes, name: str, sheet: str, courses: Sequence[Course]) -> Table:
    del courses
    return read_table(data, name, sheet=sheet)


def _asked_of_completions(session: Session, preview: Preview) -> tuple[Asked, ...]:
    out = (LEFT_OUT, "Leave it out, now and later")
    courses = catalogue_in_use(session).courses
    known = (("", "Choose a course…"), out, *((c.id, c.label) for c in courses))
    asked = [
        Asked("course", plain_words(name), f"Course “{name}”", known)
        for name in preview.unknown_courses
    ]
    everybody = people(session)
    asked += [
        Asked(
            "person", meaning_words(line.name, line.staff_number), f"{line.name}: {line.why}",
            (("", "Choose a person…"), out, *_persons(line.candidates, everybody)),
        )
        for line in preview.unknown_people
    ]  # fmt: skip
    return tuple(asked[:_MOST_ASKED])


def _persons(
    candidates: tuple[Person, ...], everybody: tuple[Person, ...]
) -> list[tuple[str, str]]:
    """Return everybody, those who may be meant first, each with what tells them apart."""
    first = {person.id for person in candidates}
    ordered = [*candidates, *(person for person in everybody if person.id not in first)]
    return [(person.id, _told_apart(person)) for person in ordered]


def _told_apart(person: Person) -> str:
    last = person.roles[-1]
    words = f"{person.name}, {role_label(last.role)} since {show_date(last.starts)}"
    return f"{words}, left {show_date(person.left)}" if person.left else words


def _asked_of_people(session: Session, preview: StaffPreview) -> tuple[Asked, ...]:
    del session
    known = (("", "Choose a role…"), (LEFT_OUT, "Leave such rows out"),
             *((role.id, role.label) for role in roles()))  # fmt: skip
    asked = [
        Asked("role", plain_words(title), f"Job title “{title}”", known)
        for title in preview.unknown_roles
    ]
    for line in preview.lines:
        if line.fate is not Fate.DOUBTFUL or line.why.startswith("as row"):
            continue
        answers = [("", "Choose…")]
        if "stands in row" in line.why:
            answers.append((SAME_AS_ABOVE, "The same person as above"))
        answers += [(person.id, f"The same as {_told_apart(person)}") for person in line.candidates]
        answers += [(SOMEBODY_NEW, "Somebody new"), (LEFT_OUT, "Leave this row out")]
        words = meaning_words(line.name, line.staff_number)
        asked.append(
            Asked("person", words, f"Row {line.row}, {line.name}: {line.why}", tuple(answers))
        )
    return tuple(asked[:_MOST_ASKED])


def _take_completions(session: Session, preview: Preview, taking: Taking) -> object:
    return import_completions(
        session, preview, at=taking.at, by=taking.by,
        leave_out_doubtful=taking.leaves_out_doubtful,
    )  # fmt: skip


def _take_people(session: Session, preview: StaffPreview, taking: Taking) -> object:
    return import_people(
        session, preview, today=taking.today, at=taking.at, by=taking.by,
        leave_out_doubtful=taking.leaves_out_doubtful,
    )  # fmt: skip


def _meant(line: Line) -> str:
    return f"{line.person.name} · {line.course.short}" if line.person and line.course else "–"


_LINES: tuple[Column[Line], ...] = (
    Column("Row", lambda r: str(r.row), 1, 6),
    Column("What happens", lambda r: f"{r.fate.sign} {r.fate.value}", 2, 20),
    Column("In the sheet", lambda r: f"{r.name} · {r.course_words}", 4, 34),
    Column("Here", _meant, 4, 30),
    Column("Completed", lambda r: show_date(r.completed_on) if r.completed_on else "–", 2, 13),
    Column("Ends", lambda r: show_date(r.expires_on) if r.expires_on else "–", 2, 13),
    Column("Why", lambda r: r.why, 5, 44),
)  # fmt: skip

_PEOPLE: tuple[Column[StaffRow], ...] = (
    Column("Row", lambda r: str(r.row), 1, 6),
    Column("What happens", lambda r: f"{r.fate.sign} {r.fate.value}", 2, 18),
    Column("Person", lambda r: r.name, 3, 20),
    Column("Roles", lambda r: ", ".join(role_label(x) for x in r.roles) or r.role_words, 3, 24),
    Column("Joined", lambda r: show_date(r.joined) if r.joined else "–", 2, 13),
    Column("Left", lambda r: show_date(r.left) if r.left else "–", 2, 13),
    Column("Hub", lambda r: r.details.hub or "–", 1, 10),
    Column("Team", lambda r: r.details.team or "–", 2, 14),
    Column("Why", lambda r: r.why, 5, 44),
)

COMPLETIONS = ImportKind(
    title="Import training records",
    target="completions",
    read=_read_completions,
    preview=preview_completions,
    take=_take_completions,
    asked=_asked_of_completions,
    columns=_LINES,
)
PEOPLE = ImportKind(
    title="Import a list of people",
    target="people",
    read=_read_people,
    preview=preview_people,
    take=_take_people,
    asked=_asked_of_people,
    columns=_PEOPLE,
)


def kind_of(data: bytes, name: str, courses: Sequence[Course]) -> ImportKind:
    """Return what a dropped sheet is: completions if it has all they need, else people.

    Raises:
        SheetError: it is no table.

    """
    table, wanted = _read_completions(data, name, "", courses), target("completions")
    mapping = propose_mapping(table, wanted)
    job = propose_mapping(table, target("people")).columns.get("role", "")
    # “Job title” is no title of a course.
    is_people = missing_fields(wanted, mapping) or mapping.columns["course"] == job
    return PEOPLE if is_people else COMPLETIONS
