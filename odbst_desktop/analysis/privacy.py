"""Find words that may tell who a child is. It lowers the risk; it cannot prove there is none.

Source: design, section 2; the patterns are those of the domain reference, section 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from odbst_desktop.shipped import shipped_yaml

_PATTERNS = (
    (r"\b[A-HJ-NP-TV-Z]\d{11}[0-9A-HJ-NP-TV-Z]\b", "may be a UPN"),
    (r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b", "may be an NHS or telephone number"),
    (r"(?:\+44 ?|\b0)\d(?:[ -]?\d){8,9}\b", "may be a telephone number"),
    (r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b", "is an e-mail address"),
    (r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", "may be a postcode"),
    (r"\b(?:born|DOB|d\.o\.b\.)\b[^.\n]{0,20}\d", "may be a date of birth"),
    (r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d{2}\b", "may be a date of birth"),
)
_NAME = r"[A-Z](?:[a-z]|[’'-][A-Z]?)*[a-z]"
_PAIR = re.compile(rf"\b({_NAME})[ \t]+({_NAME})\b")


@dataclass(frozen=True, slots=True)
class Finding:
    """Words that may identify somebody; ``start`` and ``end`` count characters."""

    start: int
    end: int
    words: str
    why: str


def find_identifiers(text: str, known_names: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Return what may identify a child, in order; ``known_names`` are adults of the school."""
    known = {name.casefold() for name in known_names}
    found = [
        Finding(match.start(), match.end(), match[0], why)
        for pattern, why in _PATTERNS
        for match in re.finditer(pattern, text)
    ]
    at = 0
    while match := _PAIR.search(text, at):
        # The second word may begin the next pair.
        at = match.start(2)
        is_plain = not plain_words().isdisjoint(match.groups())
        if not is_plain and " ".join(match.groups()).casefold() not in known:
            found.append(Finding(match.start(), match.end(), match[0], "may be a name"))
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda f: (f.start, -f.end)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return tuple(kept)


@cache
def plain_words() -> frozenset[str]:
    """Return capitalised words that are no names."""
    return frozenset(shipped_yaml("resources/plain_words.yaml")["words"])
