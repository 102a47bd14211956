"""Find words that may tell who a child is. It lowers the risk; it cannot prove there is none.

Source: design, section 2; domain reference, section 6. What is found and missed on invented
sentences is measured in ``tests/analysis/test_privacy_corpus.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from odbst_desktop.analysis.check_digits import is_nhs_number, is_upn
from odbst_desktop.analysis.privacy_names import find_names
from odbst_desktop.analysis.privacy_words import privacy_words
from odbst_desktop.shipped import shipped_yaml

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*"
_DAY = rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-]|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? )"
_DATE = re.compile(rf"\b{_DAY}(?P<year>(?:19|20)?\d\d)\b")
_ADDRESS = re.compile(
    r"\b(?P<number>(?:Flat|Apartment|Unit) \d+[a-z]?,? )?(?P<house>\d{1,4}[a-z]?,? )?"
    r"(?:[A-Z][\w’'-]{0,30}[ \t]){1,3}(?:Road|Rd|Street|Lane|Close|Avenue|Ave|Drive|Crescent|Court|"
    r"Gardens|Place|Grove|Terrace|Hill|Mews|Row|View|Green|Square|Rise|Way|Walk|Croft|Parade)\b"
    r"|\b(?P<the>\d{1,4}[a-z]? The [A-Z][a-z]+)\b"
)
_YOUNGEST, _OLDEST = 3, 20
"""A date so many years ago may be a pupil's date of birth; a newer one is a meeting's."""

_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """Words that may identify somebody; ``start`` and ``end`` count characters."""

    start: int
    end: int
    words: str
    why: str


def find_identifiers(
    text: str, known_names: Iterable[str] = (), *, today: date | None = None
) -> tuple[Finding, ...]:
    """Return what may identify a child, in order; ``known_names`` are adults of the school.

    ``today`` tells a date of birth from the date of a meeting; without it, the machine's date.
    """
    day = today or date.today()  # noqa: DTZ011 - only the year counts
    found = [*_numbers(text), *_births(text, day), *_addresses(text)]
    found += [
        Finding(start, end, text[start:end], why)
        for start, end, why in find_names(text, tuple(known_names))
    ]
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda f: (f.start, -f.end)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return tuple(kept)


def _finding(match: re.Match[str], why: str) -> Finding:
    return Finding(match.start(), match.end(), match[0], why)


def _upn(match: re.Match[str]) -> str:
    return "is a UPN" if is_upn(match[0]) else "may be a UPN"


def _ten_digits(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    if is_nhs_number(digits):
        return "is an NHS number by its check digit"
    before = match.string[max(match.start() - 20, 0) : match.start()]
    return "may be an NHS number" if "NHS" in before else ""


def _mailbox(match: re.Match[str]) -> str:
    box = match[0].partition("@")[0].casefold()
    return "" if box in privacy_words().mailboxes else "is an e-mail address"


_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\b[A-HJ-NP-TV-Z]\d{11}[0-9A-HJ-NP-TV-Z]\b"), _upn),
    (re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)"), _ten_digits),
    (
        re.compile(r"(?:\+44[ -]?(?:\(0\))?[ -]?|\b\(?0)\d(?:\)?[ -]?\d){8,9}(?!\d)"),
        lambda _: "may be a telephone number",
    ),
    (re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{0,190}\w"), _mailbox),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b"), lambda _: "may be a postcode"),
)


def _numbers(text: str) -> Iterator[Finding]:
    for pattern, judge in _NUMBERS:
        for match in pattern.finditer(text):
            why = judge(match)
            if why:
                yield _finding(match, why)


_BORN = re.compile(
    r"\b(?:born|DOB|D\.O\.B\.|d\.o\.b\.|dob|date of birth|birthday|birth date)\b"
    rf"[^.\d\n]{{0,20}}(?:{_DAY}\d{{2,4}}|\d[\d/.-]*(?: {_MONTH}(?: \d{{4}})?)?|\d)",
    re.IGNORECASE,
)


def _births(text: str, today: date) -> Iterator[Finding]:
    for match in _BORN.finditer(text):
        yield _finding(match, "may be a date of birth")
    for match in _DATE.finditer(text):
        year = int(match["year"])
        year = year if year >= 100 else year + _CENTURY
        if today.year - _OLDEST <= year <= today.year - _YOUNGEST:
            yield _finding(match, "may be a date of birth")


def _addresses(text: str) -> Iterator[Finding]:
    living = privacy_words().living
    for match in _ADDRESS.finditer(text):
        has_number = match["number"] or match["house"] or match["the"]
        sentence = re.split(r"[.\n]", text[match.end() : match.end() + 80], maxsplit=1)[0]
        before = re.split(r"[.\n]", text[max(match.start() - 80, 0) : match.start()])[-1]
        if has_number or living.search(before) or living.search(sentence):
            yield _finding(match, "may be an address")


@cache
def plain_words() -> frozenset[str]:
    """Return capitalised words that are no names."""
    return frozenset(shipped_yaml("resources/plain_words.yaml")["words"].split())
