"""The words of the privacy check: what is a name, what only looks like one. All are data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from odbst_desktop.shipped import shipped_yaml


@dataclass(frozen=True, slots=True)
class PrivacyWords:
    """The lists of ``plain_words.yaml`` and ``names.yaml``, folded to small letters.

    ``first`` are first names and nothing else, ``either`` are words as well. The patterns end or
    begin where their words do.
    """

    plain: frozenset[str]
    acronyms: frozenset[str]
    mailboxes: frozenset[str]
    first: frozenset[str]
    either: frozenset[str]
    surnames: frozenset[str]
    doing: frozenset[str]
    saying: frozenset[str]
    phrases: re.Pattern[str]
    organisations: re.Pattern[str]
    kin: str
    child: str
    living: re.Pattern[str]


@cache
def privacy_words() -> PrivacyWords:
    """Return the words, read once."""
    words, names = shipped_yaml("resources/plain_words.yaml"), shipped_yaml("resources/names.yaml")

    def folded(entries: str | list[str]) -> frozenset[str]:
        listed = entries.split() if isinstance(entries, str) else entries
        return frozenset(straight(entry.casefold()) for entry in listed)

    return PrivacyWords(
        folded(words["words"]) | folded(words["kin"]) | folded(words["child"]),
        frozenset(words["acronyms"]), folded(words["mailboxes"]),
        folded(names["first"]), folded(names["either"]), folded(names["surname"]),
        folded(words["doing"]), folded(words["saying"]),
        re.compile("|".join(_loose(phrase) for phrase in words["phrases"]), re.IGNORECASE),
        re.compile(
            r"\b(?:[A-Z][\w’'-]{0,30}[ \t]+(?:(?:of|and|the|in|for|&)[ \t]+)?){1,4}"
            rf"(?:{'|'.join(words['endings'])})s?\b"
        ),
        _alternatives(words["kin"]), _alternatives(words["child"]),
        re.compile(rf"\b(?:{_alternatives(words['living'])})\b", re.IGNORECASE),
    )  # fmt: skip


def straight(text: str) -> str:
    """Return a text with straight apostrophes, as the lists are written."""
    return text.replace("’", "'")


def _loose(phrase: str) -> str:
    return re.escape(phrase).replace("'", "[’']")


def _alternatives(entries: list[str]) -> str:
    return "|".join(re.escape(entry) for entry in sorted(entries, key=len, reverse=True))
