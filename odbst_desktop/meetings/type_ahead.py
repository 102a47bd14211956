"""Find what somebody means by the first letters of a few words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

Labelled: TypeAlias = tuple[str, str]
"""An id with its words."""

_WORD = re.compile(r"[^\W_]+")


def matching(typed: str, known: Iterable[Labelled]) -> tuple[Labelled, ...]:
    """Return what the typed words may stand for, the likeliest first.

    Each typed word is to begin another word of the label, in any order: “on cond” finds “Online
    conduct”. Blank finds nothing.
    """
    wanted = _words(typed)
    if not wanted:
        return ()
    ranked = []
    for place, (name, label) in enumerate(known):
        own = _words(label)
        if _covers(wanted, own):
            is_exact, is_start = own == wanted, own[: len(wanted)] == wanted
            begins = own[0].startswith(wanted[0])
            ranked.append((not is_exact, not is_start, not begins, place, (name, label)))
    return tuple(entry[-1] for entry in sorted(ranked))


def meant(typed: str, known: Iterable[Labelled]) -> tuple[Labelled, ...]:
    """Return the one thing typed words stand for, several if they are not clear, or none.

    A label that is just the words, or a lone one that begins with them, wins.
    """
    found = matching(typed, known)
    wanted = _words(typed)
    exact = [entry for entry in found if _words(entry[1]) == wanted]
    if len(exact) == 1:
        return (exact[0],)
    begins = [e for e in found if "".join(_words(e[1])).startswith("".join(wanted))]
    return (begins[0],) if len(begins) == 1 else found


def is_exactly(typed: str, entry: Labelled) -> bool:
    """Say whether the typed words are just those of the label."""
    return _words(typed) == _words(entry[1])


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _covers(wanted: list[str], own: list[str]) -> bool:
    left = list(own)
    for word in wanted:
        hit = next((known for known in left if known.startswith(word)), None)
        if hit is None:
            return False
        left.remove(hit)
    return True
