"""Every answer with its question, one a line: what a person or a spreadsheet can read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session

from odbst_desktop.form_engine.definition import Form, Question, Repeat
from odbst_desktop.form_library.definitions import form_for
from odbst_desktop.meetings.log import meeting_form, meetings
from odbst_desktop.monitoring.visits import visits
from odbst_desktop.returns.drafting import returns
from odbst_desktop.returns.versions import form_of_return

COLUMNS = ("kind", "record", "date or term", "state", "row", "field", "question", "answer")
Line = tuple[str, ...]


def answer_lines(session: Session) -> Iterator[Line]:
    """Give every answer of meetings, visits and returns."""
    for meeting in meetings(session):
        form = meeting_form(session)
        state = "closed" if meeting.is_closed else "draft"
        place: Line = ("meeting", meeting.id, meeting.held_on.isoformat(), state)
        yield from _lines(place, form, meeting.answers)
    for visit in visits(session):
        form = form_for(session, visit.form, visit.form_version)
        place = ("visit", visit.id, visit.visited_on.isoformat(), visit.state)
        yield from _lines(place, form, visit.answers)
    for made in returns(session):
        place = ("return", made.id, f"{made.year} {made.term}", made.state)
        yield from _lines(place, form_of_return(session, made), made.answers)


def _lines(head: Line, form: Form, answers: Mapping[str, Any]) -> Iterator[Line]:
    questions = {question.name: question for question in form.questions()}
    repeats = {repeat.name: repeat for repeat in form.repeats()}
    for name, value in answers.items():
        if name in repeats and isinstance(value, list):
            yield from _rows(head, repeats[name], value)
        else:
            asked = questions.get(name)
            yield (*head, "", name, asked.label if asked else "", _words(asked, value))


def _rows(head: Line, repeat: Repeat, rows: list[Any]) -> Iterator[Line]:
    columns = {column.name: column for column in repeat.items}
    for number, row in enumerate(rows, start=1):
        for name, value in row.items() if isinstance(row, dict) else ():
            asked = columns.get(name)
            label = asked.label if asked else ""
            yield (*head, f"{repeat.name} {number}", name, label, _words(asked, value))


def _words(asked: Question | None, value: Any) -> str:
    if isinstance(value, str):
        chosen = asked.label_of(value) if asked and asked.choices else value
        return chosen or value
    return json.dumps(value, ensure_ascii=False) if value is not None else ""
