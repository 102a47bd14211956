"""A school of the size that the matrix is made for: 300 people, 40 courses, ten years of records.

Nothing is written past the services: people and training come in as sheets through the importers,
further courses as a focus pack brings them. Source: ``resources/large_school.yaml``.
"""

from __future__ import annotations

import csv
import io
import itertools
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from odbst_desktop.errors import InputError
from odbst_desktop.files import write_whole
from odbst_desktop.office.opening import make_vault
from odbst_desktop.school.calendar import academic_year, year_of
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.school.people import Person, people
from odbst_desktop.school.schools import School, write_school
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.spreadsheets.mapping import propose_mapping
from odbst_desktop.spreadsheets.table import Table, read_table
from odbst_desktop.spreadsheets.targets import target
from odbst_desktop.training.catalogue import Course, months_later
from odbst_desktop.training.importing import import_completions, preview_completions
from odbst_desktop.training.published import catalogue_in_use, take_published
from odbst_desktop.training.sessions import plan_session, take_register
from odbst_desktop.training.staff_lists import import_people, preview_people
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.vault import Vault

_PEOPLE = ("Name", "Job title", "Start date", "Leaving date", "Staff number", "Hub", "Team")
_TRAINING = ("Name", "Staff number", "Course", "Completed on", "Provider")
_YEAR_DAYS = 365
_USUAL_STARTS = ((9, 5), (1, 8), (4, 22))
"""When terms begin in years whose dates are not known: month and day."""


def make_large_school(folder: Path, passphrase: str) -> Iterator[Path]:
    """Make the large school's vault in ``folder`` and give it with the sheets it was made from."""
    content = shipped_yaml("resources/large_school.yaml")
    moment = datetime.combine(content["day"], time(16), UTC)
    chance = random.Random(content["seed"])  # noqa: S311 - a story, not a secret
    listed = tuple(_listed(content, chance))
    vault = make_vault(
        folder / "larkfield", owner=Owner(Profile.SCHOOL, content["name"], content["urn"], True),
        person=listed[0][0], passphrase=passphrase, cost=FLOOR_COST, clock=lambda: moment,
    ).vault  # fmt: skip
    try:
        _prepare(vault, content)
        sheet = _sheet(folder / "larkfield-people.csv", _PEOPLE, listed)
        _take_people(vault, sheet)
        with vault.reading() as session:
            known = people(session)
            courses = catalogue_in_use(session).courses
        done = tuple(_completions(known, courses, content, chance))
        sheet = _sheet(folder / "larkfield-training.csv", _TRAINING, done)
        _take_completions(vault, sheet)
        _hold_sessions(vault, content)
    finally:
        vault.close()
    yield from (vault.folder, folder / "larkfield-people.csv", folder / "larkfield-training.csv")


def _prepare(vault: Vault, content: dict[str, Any]) -> None:
    with vault.changing("school added", f"school/{content['urn']}") as session:
        write_school(
            session,
            School(content["urn"], content["name"], content["authority"], content["phase"],
                   content["hubs"][0]),
        )  # fmt: skip
        take_published(
            session, content["courses"], source="Focus pack 2026-27 autumn", at=vault.now()
        )


def _listed(content: dict[str, Any], chance: random.Random) -> Iterator[tuple[str, ...]]:
    """Give the list of staff as another system would export it, leavers at its end."""
    names = [
        f"{first} {last}"
        for first, last in itertools.product(content["first_names"], content["last_names"])
    ]
    chance.shuffle(names)
    titles = [e["title"] for e in content["people"] for _ in range(e["count"])]
    leaving = chance.choices(titles[-200:], k=content["leavers"])
    day: date = content["day"]
    for number, title in enumerate((*titles, *leaving)):
        years = chance.choice((1, 3, 5, 8, 10, 12, 14, 15, 16, 18, 20, 22))
        joined = date(day.year - years, 9, 1)
        left = ""
        if number >= len(titles):
            joined = min(joined, date(day.year - 4, 9, 1))
            left = f"{date(chance.randint(joined.year + 1, day.year - 1), 7, 22):%d/%m/%Y}"
        yield (
            names[number], title, f"{joined:%d/%m/%Y}", left, f"L{1000 + number}",
            chance.choice(content["hubs"]), chance.choice(content["teams"]),
        )  # fmt: skip


def _completions(
    known: Sequence[Person], courses: Sequence[Course], content: dict[str, Any],
    chance: random.Random,
) -> Iterator[tuple[str, ...]]:  # fmt: skip
    """Give ten years of completions: each course of each person as often as it is renewed."""
    today: date = content["day"]
    begins = today - timedelta(days=_YEAR_DAYS * content["years"])
    for person, asked in itertools.product(known, courses):
        since = max(begins, person.joined)
        until = person.left or today
        if asked.required_since(person, until) is None:
            continue
        for day in _days(asked, since, until, chance):
            if chance.random() < 0.97:
                yield (
                    person.name, person.details.staff_number, asked.label, f"{day:%d/%m/%Y}",
                    chance.choice(("SmartLog", "Larkhill", "")),
                )  # fmt: skip


def _days(known: Course, since: date, until: date, chance: random.Random) -> Iterator[date]:
    """Give the days on which a course is taken between two days."""
    if known.renews == "months":
        day = since + timedelta(days=chance.randint(0, 120))
        while day <= until:
            yield day
            day = months_later(day, known.months) + timedelta(days=chance.randint(-50, 20))
        return
    if known.renews == "once":
        yield from (day for day in [since + timedelta(days=chance.randint(0, 9))] if day <= until)
        return
    for year in range(int(year_of(since)[:4]), until.year + 1):
        for start in _starts(year, known.renews):
            day = start + timedelta(days=chance.randint(0, 12))
            if since <= day <= until:
                yield day


def _starts(year: int, renews: str) -> tuple[date, ...]:
    """Return the first days of a school year's terms or half-terms, or of the year itself."""
    try:
        terms = academic_year(f"{year}-{(year + 1) % 100:02d}").terms
    except InputError:  # before the years whose dates are known
        starts = tuple(date(year + (month < 9), month, day) for month, day in _USUAL_STARTS)
        halves = tuple(day for start in starts for day in (start, start + timedelta(days=52)))
    else:
        starts = tuple(term.opens for term in terms)
        halves = tuple(half.opens for term in terms for half in term.half_terms)
    return {"half_term": halves, "term": starts}.get(renews, starts[:1])


def _sheet(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Write a sheet as another system would, and read it again."""
    text = io.StringIO()
    csv.writer(text).writerows((header, *rows))
    data = text.getvalue().encode("utf-8-sig")
    write_whole(path, data)
    return read_table(data, path.name)


def _take_people(vault: Vault, sheet: Table) -> None:
    mapping = propose_mapping(sheet, target("people"))
    with vault.changing("sheet imported", "import/people") as session:
        preview = preview_people(session, sheet, mapping, vault.today())
        import_people(session, preview, today=vault.today(), at=vault.now(), by=vault.user.name)


def _take_completions(vault: Vault, sheet: Table) -> None:
    mapping = propose_mapping(sheet, target("completions"))
    with vault.changing("sheet imported", "import/completions") as session:
        preview = preview_completions(session, sheet, mapping, vault.today())
        import_completions(session, preview, at=vault.now(), by=vault.user.name)


def _hold_sessions(vault: Vault, content: dict[str, Any]) -> None:
    """Hold this term's update for all of the staff with one register, and plan supervision."""
    today = vault.today()
    with vault.changing("sessions held", f"vault/{vault.vault_id}") as session:
        here, catalogue = people(session, today), catalogue_in_use(session)

        def needing(name: str, hub: str = "") -> list[Person]:
            known = catalogue.find(name)
            return [
                person for person in here
                if known.is_required_of(person, today) and hub in {"", person.details.hub}
            ]  # fmt: skip

        everybody = [person.id for person in needing("termly_staff_update")]
        held = plan_session(
            session, "termly_staff_update", date(2026, 11, 3), everybody, at=vault.now()
        )
        states = dict.fromkeys(everybody[:-9], "attended")
        states |= dict(zip(everybody[-9:], ("late", "apologies", "absent") * 3, strict=True))
        take_register(session, held, states, today=today, at=vault.now())
        for hub in content["hubs"]:
            expected = [person.id for person in needing("dsl_supervision", hub)]
            if expected:
                plan_session(
                    session, "dsl_supervision", date(2026, 12, 8), expected, hub=hub,
                    at=vault.now(),
                )  # fmt: skip
