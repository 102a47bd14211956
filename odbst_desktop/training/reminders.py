"""Reminders: a calendar file to open in any calendar, and a letter to hand out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from icalendar import Alarm, Calendar, Event

from odbst_desktop.errors import InputError
from odbst_desktop.reports.blocks import Block, Bullets, Facts, Grid, Heading, Paragraph, ReportHead
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import Owner
from odbst_desktop.school.people import Person
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.training.catalogue import BASES, Course
from odbst_desktop.training.matrix import Matrix, is_due_by
from odbst_desktop.training.standing import Cell, Status

_PRODUCT = "-//ODBST Desktop//Training reminders//EN"
_WARN_DAYS = 30


def calendar_file(
    due: Iterable[tuple[Person, Course, Cell]], *, organisation: str, stamp: datetime, today: date
) -> bytes:
    """Return an iCalendar file: an all-day entry on the last day each course holds.

    What is late already lies on ``today``. The same input gives the same bytes, and an entry
    keeps its identity, so that opening a newer file moves entries instead of doubling them.

    Raises:
        InputError: nothing is due.

    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Training due, {organisation}")
    entries = sorted(due, key=lambda entry: (entry[2].until or today, entry[0].name, entry[1].id))
    for person, course, cell in entries:
        calendar.add_component(_event(person, course, cell, stamp, today))
    if not entries:
        raise InputError("Nothing is due, so there is nothing to remind of.")
    return bytes(calendar.to_ical())


def _event(person: Person, course: Course, cell: Cell, stamp: datetime, today: date) -> Event:
    day = max(cell.until or today, today)
    event = Event()
    name = sha256(f"{person.id} {course.id}".encode()).hexdigest()[:32]
    event.add("uid", f"{name}@odbst-desktop")
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"{course.label}: {person.name} ({cell.status.value.lower()})")
    event.add("description", _when(cell))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{course.label}: {person.name}")
    alarm.add("trigger", -timedelta(days=_WARN_DAYS))
    event.add_component(alarm)
    return event


def letters(
    owner: Owner, matrix: Matrix, by: date, *, today: date, sender: str
) -> tuple[Paper, ...]:
    """Return a letter for everybody who has something to do or renew by a day.

    Raises:
        InputError: nothing is due for anybody.

    """
    made: dict[str, Paper] = {}
    for person in matrix.people:
        due = [need for need in matrix.row_of(person.id) if is_due_by(need[1], by)]
        if not due:
            continue
        paper = reminder_letter(owner, person, due, today=today, sender=sender)
        # Two people of one name get a letter each.
        name = paper.name if paper.name not in made else f"{paper.name}-{len(made) + 1}"
        made[name] = replace(paper, name=name)
    if not made:
        raise InputError("Nothing is due, so there is nothing to remind of.")
    return tuple(made.values())


def reminder_letter(
    owner: Owner, person: Person, due: Iterable[tuple[Course, Cell]], *, today: date, sender: str
) -> Paper:
    """Return a letter to one person: what is to be renewed, by when, and why.

    Raises:
        InputError: nothing is due for them.

    """
    listed = list(due)
    if not listed:
        raise InputError(f"Nothing is due for {person.name}. There is nothing to remind of.")
    head = ReportHead(
        title="Your safeguarding training",
        organisation=owner.name,
        date=today,
        is_demonstration=owner.is_demonstration,
        footer_words="Personal: for the person named.",
    )
    grid = Grid(
        ("Course", "How it stands", "Asked for by", "Renewed"),
        tuple(
            (course.label, _when(cell), BASES[course.basis], course.renewal_words)
            for course, cell in listed
        ),
        (3, 2.2, 1.4, 1.6),
    )
    booked = [
        f"{course.label} on {show_date(cell.booked_for)}"
        for course, cell in listed
        if cell.booked_for
    ]
    blocks: list[Block] = [
        Paragraph(f"Dear {person.name},"),
        Paragraph(
            "This is what the school’s training record says you need to do or renew. If you have "
            "done any of it, please bring the certificate, so that the record can be put right."
        ),
        grid,
    ]
    if booked:
        blocks += [Heading("Booked for you", 2), Bullets(tuple(booked))]
    blocks += [
        Paragraph("Please tell me which dates suit you, or if you think a course is not for you."),
        Facts((("From", sender), ("Date", show_date(today)))),
    ]
    name = "-".join(re.findall(r"[a-z0-9]+", person.name.lower()))
    return Paper(f"training-{name or 'letter'}", head, tuple(blocks))


def _when(cell: Cell) -> str:
    until = show_date(cell.until) if cell.until else ""
    if cell.status is Status.OVERDUE:
        return f"Overdue since {until}"
    if cell.status is Status.NEVER:
        return f"Not done yet; to be done by {until}" if until else "Not done yet"
    if cell.status is Status.BOOKED and cell.booked_for:
        return f"Booked for {show_date(cell.booked_for)}"
    return f"Holds until {until}" if until else cell.status.value
