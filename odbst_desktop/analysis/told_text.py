"""Written text as governors may be told it: its numbers are treated like those of the tables.

A count from 1 to 4 becomes “1–4”; one that no table shows becomes “[not shown]”, and so does a
percentage that no table shows: on a known roll it would give the count. Dates, years, key stages
and spans of time stay. Nobody can catch every way of writing a number, so whoever hands the paper
on reads it first; what was changed is listed for that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from odbst_desktop.analysis.suppression import SMALL, THRESHOLD
from odbst_desktop.shipped import shipped_yaml

LEFT_OUT = "[not shown]"
_A_TARGET = re.compile(r"(?i)\b(?:fewer than|less than|at most|at least|no more than)\s+$")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_ONE_OF_SEVERAL = re.compile(r"\b(?:years?|y|ks|parts?)\s?\d{1,2}\s?(?:and|to|,|&)$")
"""What stands before the second number of “years 5 and 6”."""


@dataclass(frozen=True, slots=True)
class ToldText:
    """A text as it may be told, and the numbers with a few words around them that were changed."""

    text: str
    changed: tuple[str, ...]


def told_text(
    text: str, shown: Iterable[str], hidden: Iterable[int] = (), *, keeps_targets: bool = False
) -> ToldText:
    """Return a text whose numbers agree with what the tables show.

    ``shown`` are the words of every figure of the paper: a number that stands there may stand here,
    unless it is also one of those that are ``hidden`` there. With ``keeps_targets`` “fewer than two
    a week” stays: it says what is aimed at, not what is.
    """
    known = {each.removesuffix(" %") for each in shown} - {str(number) for number in hidden}
    changes = sorted(
        (
            (*match.span(), instead)
            for pattern, how in _patterns()
            for match in pattern.finditer(text)
            if not (keeps_targets and _A_TARGET.search(text, 0, match.start()))
            and (instead := how(match, known)) is not None
        ),
        key=lambda change: (change[0], -change[1]),
    )
    parts, changed, at = [], [], 0
    for start, end, instead in changes:
        if start >= at:
            parts += [text[at:start], instead]
            changed.append(" ".join(text[max(0, start - 20) : end + 24].split()))
            at = end
    return ToldText("".join((*parts, text[at:])), tuple(changed))


_Instead = Callable[[re.Match[str], set[str]], str | None]


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], _Instead], ...]:
    words = _words()
    numbers = "|".join((*words["small_words"], *words["more_words"]))
    counted = "|".join(sorted(words["counted"], key=len, reverse=True))
    between = r"(?:[a-z][\w’'-]*\s+){0,2}?"
    spelt = (
        rf"\b(?P<number>{numbers})"
        rf"(?=\s+(?:of\s+(?:the|our|these|those)\s+)?{between}(?:{counted})\b)"
    )
    return (
        (re.compile(r"(?<![\w.,])(?P<number>\d{1,3}(?:\.\d+)?)\s?(?:%|per\s?cent\b)"), _share),
        (re.compile(spelt, re.IGNORECASE), _spelt),
        (re.compile(r"(?<![\w.,:/£-])(?P<number>\d{1,4})(?![\w:/-]|[.,]\d|[–]\d)"), _digits),
    )


def _share(match: re.Match[str], known: set[str]) -> str | None:
    return None if match["number"] in known else LEFT_OUT


def _spelt(match: re.Match[str], known: set[str]) -> str | None:
    words = _words()
    number = {**words["small_words"], **words["more_words"]}[match["number"].lower()]
    return _told(number, known)


def _digits(match: re.Match[str], known: set[str]) -> str | None:
    words = _words()
    before = match.string[: match.start()].rstrip().lower()
    after = match.string[match.end() :].lstrip().lower()
    last = re.search(r"[a-z’-]+$", before)
    following = re.match(r"(?:school\s+)?([a-z’-]+|%)", after)
    if last and last[0] in {*words["before"], *words["months"]}:
        return None
    if following and following[1] in {*words["after"], *words["months"]}:
        return None
    number = int(match["number"])
    # A calendar year, and the second of “years 5 and 6”.
    if 1990 <= number <= 2100 or re.search(
        r"\b(?:years?|y|ks|parts?)\s?\d{1,2}\s?(?:and|to|,|&)$", before
    ):
        return None
    return _told(number, known)


def _told(number: int, known: set[str]) -> str | None:
    if 0 < number < THRESHOLD:
        return SMALL
    return None if not number or str(number) in known else LEFT_OUT


@cache
def _words() -> Mapping[str, Any]:
    content: Mapping[str, Any] = shipped_yaml("resources/told_text.yaml")
    return content
