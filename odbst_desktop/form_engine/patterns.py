"""Patterns of ``regex()``: which of them could search for ever."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST_SEARCHED = 1_000
"""A longer text is not searched: the time may grow with the square of its length."""

_LONGEST_PATTERN = 500
_LONGEST_CHAIN = 2
_COUNT = re.compile(r"\{\d*,?\d*\}")
_ASCII = [chr(code) for code in range(32, 127)]


def pattern_fault(pattern: str) -> str:
    """Return in a sentence why a pattern is not used, or nothing.

    A repeated group whose inside repeats as well, or has alternatives that begin alike, can take
    time that doubles with each letter. It is taken only where a mark that the repeated part cannot
    meet, such as a dot or a dash, keeps its rounds apart.
    """
    if len(pattern) > _LONGEST_PATTERN:
        return f"its pattern is longer than {_LONGEST_PATTERN} letters"
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as fault:
        return f"“{pattern[:60]}” is not a pattern ({fault})"
    if _longest_chain(pattern) > _LONGEST_CHAIN:
        return f"the pattern “{pattern[:60]}” could search for ever: too much in it is left open"
    for inside in _repeated_groups(pattern):
        alternatives = _alternatives(inside)
        if not _begin_apart(alternatives) or any(_is_slippery(one) for one in alternatives):
            return f"the pattern “{pattern[:60]}” could search for ever: it repeats what repeats"
    return ""


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    if pattern_fault(pattern):
        raise ValueError
    return re.compile(pattern)


def matches(text: str, pattern: str) -> bool:
    """Return whether a whole text matches a pattern.

    Raises:
        ValueError: the pattern is no pattern or could search for ever, or the text is too long.

    """
    found = _compiled(pattern)
    if len(text) > LONGEST_SEARCHED:
        raise ValueError
    return found.fullmatch(text) is not None


def _signs(pattern: str) -> list[tuple[int, str]]:
    """Return the signs with their places; an escape, a class or a count is one sign."""
    found, place = [], 0
    while place < len(pattern):
        start = place
        count = _COUNT.match(pattern, place)
        if pattern[place] == "\\":
            place += 2
        elif count is not None:
            place = count.end()
        elif pattern[place] == "[":
            # A bracket right at the beginning of a class is one of its letters.
            place += 2 if pattern[place + 1 : place + 2] != "^" else 3
            while place < len(pattern) and pattern[place] != "]":
                place += 2 if pattern[place] == "\\" else 1
            place += 1
        else:
            place += 1
        found.append((start, pattern[start:place]))
    return found


def _repeats(sign: str) -> bool:
    return sign in {"*", "+"} or (sign.startswith("{") and "," in sign)


def _longest_chain(pattern: str) -> int:
    """Return how many open repetitions follow each other with nothing to keep them apart.

    With three of them the time grows with the cube of the text's length.
    """
    signs = [sign for _, sign in _signs(pattern)]
    longest = chain = 0
    met = set[str]()
    for place, sign in enumerate(signs):
        if _repeats(sign) or sign in {"(", ")", "?", ":", "|", "^", "$"} or sign.startswith("{"):
            continue
        after = signs[place + 1] if place + 1 < len(signs) else ""
        letters = _letters(sign)
        if _repeats(after) and (after in {"*", "+"} or after.endswith(",}")):
            chain, met = (chain + 1, met | letters) if letters & met else (1, letters)
            longest = max(longest, chain)
        elif after not in {"?", "*"} and not letters & met:
            chain, met = 0, set()
    return longest


def _repeated_groups(pattern: str) -> list[str]:
    """Return the inside of each group that is repeated."""
    open_at: list[int] = []
    found = []
    signs = _signs(pattern)
    for number, (place, sign) in enumerate(signs):
        if sign == "(":
            open_at.append(place + 1)
        elif sign == ")" and open_at:
            inside = pattern[open_at.pop() : place].removeprefix("?:")
            after = signs[number + 1][1] if number + 1 < len(signs) else ""
            if after in {"*", "+"} or after.startswith("{"):
                found.append(inside)
    return found


def _alternatives(inside: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for place, sign in _signs(inside):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "|" and depth == 0:
            parts.append(inside[start:place])
            start = place + 1
    return [*parts, inside[start:]]


def _begin_apart(alternatives: list[str]) -> bool:
    """Say whether no letter can begin two of the alternatives."""
    if len(alternatives) == 1:
        return True
    taken: set[str] = set()
    for part in alternatives:
        signs = [sign for _, sign in _signs(part)]
        is_plain = signs and signs[0] != "(" and (len(signs) == 1 or signs[1] not in {"*", "?"})
        first = _letters(signs[0]) if is_plain else set(_ASCII)
        if first & taken:
            return False
        taken |= first
    return True


def _letters(sign: str) -> set[str]:
    if sign in {"^", "$", ")", "|"}:
        return set()
    return {letter for letter in _ASCII if re.fullmatch(sign, letter)}


def _is_slippery(part: str) -> bool:
    """Say whether a repeated part repeats inside, with nothing to keep its rounds apart."""
    signs = [sign for _, sign in _signs(part)]
    if not any(_repeats(sign) for sign in signs):
        return False
    if "(" in signs:
        return True
    fixed, loose = [], set[str]()
    for place, sign in enumerate(signs):
        if _repeats(sign) or sign == "?" or sign.startswith("{"):
            continue
        after = signs[place + 1] if place + 1 < len(signs) else ""
        if _repeats(after) or after == "?":
            loose |= _letters(sign)
        else:
            fixed.append(_letters(sign))
    return not any(letters and not letters & loose for letters in fixed)
