"""Find meetings by word, category, reference, person and time."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlmodel import Session

from odbst_desktop.meetings.log import MeetingId
from odbst_desktop.meetings.search_index import (
    category_tag,
    fill_index,
    is_index_whole,
    person_tag,
    reference_tag,
)
from odbst_desktop.vault.vault import Vault

MOST_HITS = 100
_BEFORE, _AROUND = 30, 90

_WORD = re.compile(r"\w+")
_ACCENTS = re.compile("[À-ɏ]")
_FOUND = """
    SELECT m.id, m.held_on, m.state, meetings_search.words
    FROM meetings_search JOIN meetings_meeting AS m ON m.id = meetings_search.meeting
    WHERE meetings_search MATCH :match AND m.held_on BETWEEN :first AND :last
    ORDER BY m.held_on DESC LIMIT :most
"""
_OF_A_TIME = """
    SELECT m.id, m.held_on, m.state, meetings_search.words
    FROM meetings_meeting AS m LEFT JOIN meetings_search ON m.id = meetings_search.meeting
    WHERE m.held_on BETWEEN :first AND :last ORDER BY m.held_on DESC LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: every part that is given has to hold.

    ``words`` may be beginnings; ``category`` and ``person`` are ids, ``reference`` a whole one.
    """

    words: str = ""
    category: str = ""
    reference: str = ""
    person: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def is_blank(self) -> bool:
        """Say whether nothing is looked for."""
        return self == Wanted() or (not self.match() and self.first is None and self.last is None)

    def match(self) -> str:
        """Return the terms for the index; nothing typed is taken for its syntax."""
        terms = [f'words : "{word}" *' for word in _WORD.findall(self.words)]
        tags = (
            self.category and category_tag(self.category),
            self.reference.strip() and reference_tag(self.reference),
            self.person and person_tag(self.person),
        )
        terms += [f'tags : "{tag}"' for tag in tags if tag]
        return " AND ".join(terms)


@dataclass(frozen=True, slots=True)
class Hit:
    """A meeting that was found; ``excerpt`` shows the place, what matched in quotation marks."""

    meeting: MeetingId
    held_on: date
    is_closed: bool
    excerpt: str


def search_meetings(session: Session, wanted: Wanted) -> tuple[Hit, ...]:
    """Return the meetings found, newest first, at most ``MOST_HITS``; none for a blank search."""
    if wanted.is_blank:
        return ()
    match = wanted.match()
    facts = {
        "first": wanted.first.isoformat() if wanted.first else "0001-01-01",
        "last": wanted.last.isoformat() if wanted.last else "9999-12-31",
        "most": MOST_HITS,
    }
    if match:
        facts["match"] = match
    rows = session.connection().execute(text(_FOUND if match else _OF_A_TIME), facts).all()
    return tuple(
        Hit(
            MeetingId(row[0]), date.fromisoformat(row[1]), row[2] == "closed",
            _excerpt(row[3] or "", _WORD.findall(wanted.words)),
        )
        for row in rows
    )  # fmt: skip


def _excerpt(text: str, words: list[str]) -> str:
    """Return the surroundings of what was typed, of one of its words, or the beginning.

    FTS5's own snippets took half a second where a word stands often in every meeting.
    """
    has_accents = bool(_ACCENTS.search(text)) or len(text.lower()) != len(text)
    # Sign for sign, so that the place found is the place in the text; slow, so only where needed.
    plain = _without_accents(text) if has_accents else text.lower()
    found = _first(plain, [_without_accents(word) for word in words])
    if found is None:
        return text[:_AROUND] + ("…" if len(text) > _AROUND else "")
    first = max(found.start() - _BEFORE, 0)
    first = text.find(" ", first, found.start()) + 1 if first else 0
    last = min(found.end() + _AROUND, len(text))
    before, after = text[first : found.start()], text[found.end() : last]
    opening, ending = "…" if first else "", "…" if last < len(text) else ""
    return f"{opening}{before}“{text[found.start() : found.end()]}”{after}{ending}"


def _first(plain: str, words: list[str]) -> re.Match[str] | None:
    """Return where the words stand together, or else the first of them that is there."""
    together = r"\W+".join(rf"\b{re.escape(word)}\w*" for word in words)
    alone = [rf"\b{re.escape(word)}\w*" for word in words]
    patterns = [together, *alone] if words else []
    return next((m for pattern in patterns if (m := re.search(pattern, plain))), None)


def _without_accents(text: str) -> str:
    """Return small letters without accents, sign for sign."""
    return "".join(unicodedata.normalize("NFD", sign)[0].lower()[:1] for sign in text)


def make_index_whole(vault: Vault) -> None:
    """Add to the index what a migration or another way of changing meetings left out."""
    with vault.reading() as session:
        if is_index_whole(session):
            return
    with vault.changing("search filled", "meetings") as session:
        fill_index(session)
