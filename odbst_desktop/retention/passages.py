"""What records say, passage by passage, under the words that the user knows their fields by.

A passage is what is read together: one answer, one line of a list, one row of a table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import column
from sqlmodel import Session

from odbst_desktop.errors import OdbstError
from odbst_desktop.exchange.envelope import parse_envelope
from odbst_desktop.exchange.strict_json import parse_strict_json
from odbst_desktop.form_engine.answers import is_blank
from odbst_desktop.form_engine.definition import Form, Group, Item, Question, Repeat
from odbst_desktop.form_library.definitions import definition_of, form_for
from odbst_desktop.meetings.log import meeting_form
from odbst_desktop.monitoring.checklists import visit_form
from odbst_desktop.reports.form_paper import answer_words
from odbst_desktop.retention.holdings import columns_of
from odbst_desktop.retention.kinds import Place, TextColumn
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.school.people import people, role_label, signing_roles
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.training.published import catalogue_in_use

REFERENCE = "reference"
"""The name of every question that holds a CPOMS reference."""


_DAY_OR_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:]{8}Z)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """A field: its label, its words, its name, and the ids and texts it is kept as."""

    label: str
    words: str
    name: str
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Fields that are read together; ``place`` says where in the record they stand."""

    place: str
    lines: tuple[Line, ...]


class Reader:
    """Reads rows into passages; made for one session, since it knows its people and forms."""

    def __init__(self, session: Session) -> None:
        self._session = session
        names = {str(person.id): person.name for person in people(session)}
        signing = signing_roles()
        catalogue = catalogue_in_use(session)
        known = (*catalogue.courses, *catalogue.retired)
        labels = {course.id: course.label for course in known}
        self._words: dict[str, Callable[[str], str]] = {
            "person": lambda kept: names.get(kept, kept),
            "course": lambda kept: labels.get(kept, kept),
            "role": lambda kept: signing.get(kept, role_label(kept)),
        }
        self._meeting_forms: dict[str, Form] = {}

    def rows(
        self, place: Place, of: str = ""
    ) -> Iterator[tuple[str, date | None, tuple[Passage, ...]]]:
        """Give the key, day and passages of each row of a table, or of the one with key ``of``."""
        named = [place.key, *(each.column for each in place.texts), place.on]
        wanted = list(dict.fromkeys(filter(None, (*named, *_BESIDE.get(place.table, ())))))
        query = columns_of(place.table, wanted)
        if of:
            query = query.where(column(place.key) == of)
        for values in self._session.connection().execute(query):
            row = dict(zip(wanted, values, strict=True))
            yield str(row[place.key]), _day(row.get(place.on)), self._passages(row, place.texts)

    def _passages(self, row: Mapping[str, Any], texts: Sequence[TextColumn]) -> tuple[Passage, ...]:
        read: list[Passage] = []
        plain: list[Line] = []
        for each in texts:
            value = row[each.column]
            if value in {None, ""}:
                continue
            if each.form:
                read += _answers(self._form(each.form, row), json.loads(value))
            elif each.shape == "json":
                read += _loose(each.label, json.loads(value))
            elif each.shape == "package":
                read += _package(value)
            else:
                plain.append(self._line(each, str(value)))
        if plain:
            read.append(Passage("", tuple(plain)))
        return tuple(read)

    def _line(self, each: TextColumn, value: str) -> Line:
        known = self._words.get(each.stands_for, _plain_words)
        return Line(each.label, known(value), each.column, (value,))

    def _form(self, name: str, row: Mapping[str, Any]) -> Form | None:
        version = str(row["form_version"])
        if name == "meeting":
            return self._meeting_form(version)
        form = return_form() if name == "return" else _known_visit_form(row["form_id"])
        if form is not None:
            return form_for(self._session, form, version)
        return definition_of(self._session, str(row["form_id"]), version)

    def _meeting_form(self, version: str) -> Form:
        if version not in self._meeting_forms:
            self._meeting_forms[version] = meeting_form(self._session, version)
        return self._meeting_forms[version]


_BESIDE = {
    "monitoring_visit": ("form_id", "form_version"),
    "meetings_meeting": ("form_version",),
    "meetings_version": ("form_version",),
    "returns_return": ("form_version",),
}
"""What the reader has to know of a row besides its texts."""

_NO_WORDS = frozenset({"keyid", "public_key", "signing_key", "sealing_key", "sha256", "hash", "id"})
"""Members of signed files that are keys and digests: nobody reads them."""


def _plain_words(value: str) -> str:
    """Return a day or moment as it is shown, anything else as it is."""
    day = _day(value) if _DAY_OR_MOMENT.fullmatch(value) else None
    return show_date(day) if day else value


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:  # none, or an academic year
        return None


def _package(content: bytes) -> Iterator[Passage]:
    """Read what a signed file says; the documents in it print what its answers say."""
    payload = parse_strict_json(parse_envelope(content).payload)
    payload.pop("documents", None)
    body = payload.get("body", {})
    answers = body.pop("answers", None)
    if isinstance(answers, dict):
        is_return = payload.get("kind") == "termly-return"
        form = return_form() if is_return else _known_visit_form(body.get("form", {}).get("id"))
        yield from _answers(form, answers)
    yield from _loose("", payload)


def _known_visit_form(form_id: Any) -> Form | None:
    try:
        return visit_form(str(form_id))
    except OdbstError:
        return None


def _answers(form: Form | None, answers: Mapping[str, Any]) -> Iterator[Passage]:
    """Read answers under their form's labels; what the form no longer asks, under its name."""
    asked: set[str] = set()
    if form is not None:
        asked = {question.name for question in form.questions()}
        asked |= {repeat.name for repeat in form.repeats()}
        yield from _items(form.items, answers, form.title)
    yield from _loose("", {name: v for name, v in answers.items() if name not in asked})


def _items(items: Sequence[Item], answers: Mapping[str, Any], place: str) -> Iterator[Passage]:
    for item in items:
        if isinstance(item, Group):
            yield from _items(item.items, answers, item.label)
        elif isinstance(item, Repeat):
            for number, row in enumerate(answers.get(item.name) or (), start=1):
                yield _row(item, row, f"{item.label}, line {number}")
        elif item.is_asked and not is_blank(answers.get(item.name)):
            yield Passage(place, (_answer(item, answers[item.name]),))


def _row(repeat: Repeat, row: Mapping[str, Any], place: str) -> Passage:
    asked = {question.name: question for question in repeat.items}
    lines = (
        _answer(asked[name], value)
        if name in asked
        else Line(_spoken(name), str(value), name, (str(value),))
        for name, value in row.items()
        if not is_blank(value)
    )
    return Passage(place, tuple(lines))


def _answer(question: Question, value: Any) -> Line:
    kept = tuple(str(each) for each in value) if isinstance(value, list) else (str(value),)
    return Line(question.label, _words(question, value), question.name, kept)


def _words(question: Question, value: Any) -> str:
    try:
        return answer_words(question, value)
    except (ValueError, TypeError, KeyError):  # an answer of a form that asked otherwise
        return str(value)


def _loose(place: str, value: Any) -> Iterator[Passage]:
    """Read JSON of any shape; a member's name stands for its label."""
    if isinstance(value, dict):
        lines = tuple(
            Line(_spoken(name), str(inner), name, (str(inner),))
            for name, inner in value.items()
            if not isinstance(inner, dict | list)
            and inner not in {None, ""}
            and name not in _NO_WORDS
        )
        if lines:
            yield Passage(place, lines)
        for name, inner in value.items():
            if isinstance(inner, dict | list):
                yield from _loose(f"{place}, {_spoken(name)}" if place else _spoken(name), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            if isinstance(inner, dict | list):
                yield from _loose(f"{place}, line {number}", inner)
            else:
                yield Passage(place, (Line(f"Line {number}", str(inner), "", (str(inner),)),))


def _spoken(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
