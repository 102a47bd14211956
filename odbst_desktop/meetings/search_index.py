"""The words of the meetings, kept for searching inside the encrypted file (SQLite FTS5).

Triggers take a meeting's old words out whenever its row changes or goes, whoever changes it; a
save through the log puts the new ones in, in the same transaction. A row changed in another way
(a migration, a disposal) is missing rather than stale, and ``fill_index`` adds it. FTS5's own
``secure-delete`` leaves nothing of a word that was taken out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import DDL, Connection, event, text
from sqlmodel import Session, SQLModel

from odbst_desktop.meetings.records import MeetingRow
from odbst_desktop.school.references import categories, places, time_bands

INDEX_DDL = (
    "CREATE VIRTUAL TABLE meetings_search USING fts5(meeting UNINDEXED, words, tags, "
    "tokenize=\"unicode61 remove_diacritics 2 tokenchars '_'\", prefix='2 3')",
    "INSERT INTO meetings_search(meetings_search, rank) VALUES ('secure-delete', 1)",
    "CREATE TRIGGER meetings_search_after_update AFTER UPDATE ON meetings_meeting "
    "BEGIN DELETE FROM meetings_search WHERE meeting = old.id; END",
    "CREATE TRIGGER meetings_search_after_delete AFTER DELETE ON meetings_meeting "
    "BEGIN DELETE FROM meetings_search WHERE meeting = old.id; END",
)
"""What makes the index beside the table of meetings; a migration runs the same, in this order."""

_CATEGORY_COLUMNS = frozenset({"category", "trend_category", "measured_by"})
_NO_WORDS = frozenset({"held_on", "starts", "ends", "next_meeting", "direction", "due", "look_on",
                       "imported"})  # fmt: skip
_LAST = {"concerns": 1, "chair": 2, "present": 2, "apologies": 2}
_INSERT = text("INSERT INTO meetings_search(meeting, words, tags) VALUES (:meeting, :words, :tags)")
_LETTERS = re.compile(r"\w+")
_TABLES = SQLModel.metadata.tables

for _statement in INDEX_DDL:
    event.listen(_TABLES["meetings_meeting"], "after_create", DDL(_statement))  # type: ignore[no-untyped-call]


def category_tag(category: str) -> str:
    """Return the token that a meeting with a category carries."""
    return f"cat_{category}"


def reference_tag(reference: str) -> str:
    """Return the token of a CPOMS reference, whatever its case and signs."""
    return "ref_" + "_".join(_LETTERS.findall(reference.casefold()))


def person_tag(person: str) -> str:
    """Return the token of somebody in the list of people."""
    return "per_" + person.replace("-", "").casefold()


def fill_index(session: Session) -> int:
    """Add the meetings that the index lacks; return how many they were."""
    connection = session.connection()
    rows = connection.execute(
        text(
            "SELECT id, answers FROM meetings_meeting "
            "WHERE id NOT IN (SELECT meeting FROM meetings_search)"
        )
    ).all()
    labels = _labels(connection) if rows else {}
    for meeting, answers in rows:
        _add(connection, meeting, answers, labels)
    return len(rows)


def is_index_whole(session: Session) -> bool:
    """Say whether every meeting is in the index."""
    counted = session.connection().execute(
        text(
            "SELECT (SELECT count(*) FROM meetings_meeting)"
            " = (SELECT count(*) FROM meetings_search)"
        )
    )
    return bool(counted.scalar_one())


def _put(_mapper: object, connection: Connection, row: MeetingRow) -> None:
    _add(connection, row.id, row.answers, _labels(connection))


# An update fires only where a column changed, as does the trigger that took the old words out.
event.listen(MeetingRow, "after_insert", _put)
event.listen(MeetingRow, "after_update", _put)


def _add(connection: Connection, meeting: str, answers: str, labels: Mapping[str, str]) -> None:
    given = json.loads(answers)
    connection.execute(
        _INSERT,
        {
            "meeting": meeting,
            "words": " · ".join(_words(given, labels)),
            "tags": " ".join(sorted(set(_tags(given)))),
        },
    )


def _labels(connection: Connection) -> dict[str, str]:
    """Return the words behind every id that an answer may hold."""
    named = connection.execute(text("SELECT id, name FROM school_person")).all()
    return {
        **{category.id: category.label for category in categories()},
        **{place.id: place.label for place in places()},
        **{band.id: band.label for band in time_bands()},
        **{row.id: row.name for row in named},
    }


def _words(answers: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[str]:
    """Give each answer in words, what was written first: a row of a repeat is one piece."""
    for name, value in sorted(answers.items(), key=lambda answer: _LAST.get(answer[0], 0)):
        if name in _NO_WORDS:
            continue
        rows = value if isinstance(value, list) else [value]
        for row in rows:
            if isinstance(row, dict):
                yield ", ".join(
                    _piece(cell, labels)
                    for column, cell in row.items()
                    if column not in _NO_WORDS and _is_told(cell)
                )
            elif isinstance(row, str) and _is_told(row):
                yield _piece(row, labels)


def _is_told(value: object) -> bool:
    return isinstance(value, int | str) and value != "" and not isinstance(value, bool)


def _piece(value: object, labels: Mapping[str, str]) -> str:
    return labels.get(value, value) if isinstance(value, str) else str(value)


def _tags(answers: Mapping[str, Any]) -> Iterator[str]:
    people = [answers.get("chair"), *_list(answers, "present"), *_list(answers, "apologies")]
    for name in ("concerns", "children", "trends", "decisions"):
        for row in _list(answers, name):
            yield from (category_tag(row[c]) for c in _CATEGORY_COLUMNS if row.get(c))
            if row.get("reference"):
                yield reference_tag(row["reference"])
            people += [row.get("owner"), row.get("step_owner")]
    yield from (person_tag(person) for person in people if person)


def _list(answers: Mapping[str, Any], name: str) -> list[Any]:
    return answers.get(name) or []
