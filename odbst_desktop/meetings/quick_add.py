"""Read one typed line of a meeting: a count, a child to discuss, or a decision.

``@ruth`` is the owner, ``!friday`` the date, ``#lunchtime`` a place, time or category. A line that
begins with a number and a category is a count; with a CPOMS reference, a child; else a decision.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from odbst_desktop.errors import InputError
from odbst_desktop.meetings.type_ahead import Labelled, is_exactly, meant
from odbst_desktop.school.typed_dates import read_typed_date

MOST_COUNTED = 500
LONGEST_LINE = 500
_REFERENCE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9/-]{3,19}", re.ASCII)
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Known:
    """What the words of a line may stand for, and the CPOMS references used before."""

    people: tuple[Labelled, ...] = ()
    categories: tuple[Labelled, ...] = ()
    places: tuple[Labelled, ...] = ()
    times: tuple[Labelled, ...] = ()
    references: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class QuickLine:
    """A line as it was understood; ``faults`` are sentences on what was not."""

    kind: Literal["count", "child", "decision"] = "decision"
    words: str = ""
    count: int | None = None
    reference: str = ""
    owner: str = ""
    due: date | None = None
    category: str = ""
    place: str = ""
    time: str = ""
    faults: tuple[str, ...] = ()


def read_line(typed: str, known: Known, today: date) -> QuickLine:
    """Return what a line says; whatever is typed, nothing is raised and no word is lost."""
    if len(typed) > LONGEST_LINE:
        words = f"A line holds {LONGEST_LINE} characters; this one has {len(typed):,}. Shorten it."
        return QuickLine(words=typed, faults=(words,))
    line, plain = QuickLine(), []
    for word in typed.split():
        reader = _READERS.get(word[0])
        if reader is None or len(word) == 1:
            plain.append(word)
            continue
        try:
            line = reader(line, word[1:], known, today)
        except InputError as fault:
            line = replace(line, faults=(*line.faults, fault.sentence))
    return _with_kind(line, plain, known)


def _with_kind(line: QuickLine, plain: list[str], known: Known) -> QuickLine:
    words = " ".join(plain)
    first, rest = (plain[0], " ".join(plain[1:])) if plain else ("", "")
    if _NUMBER.fullmatch(first) and int(first) <= MOST_COUNTED and not line.owner:
        counted = _as_count(line, int(first), rest, known)
        if counted is not None:
            return counted
    if first in known.references or (_REFERENCE.fullmatch(first) and not line.category):
        return replace(line, kind="child", reference=first, words=rest)
    if not words and not line.faults:
        return replace(line, faults=("Type what is to be done, a count or a CPOMS reference.",))
    return replace(line, kind="decision", words=words)


def _as_count(line: QuickLine, count: int, rest: str, known: Known) -> QuickLine | None:
    if count < 1:
        return replace(
            line, kind="count", words=rest, count=count, faults=("A count is 1 or more.",)
        )
    if not rest:
        return replace(line, kind="count", count=count) if line.category else None
    found = meant(rest, known.categories)
    if not found:
        return None
    if len(found) > 1:
        return replace(
            line,
            kind="count",
            count=count,
            words=rest,
            faults=(*line.faults, _unclear(rest, found)),
        )
    return replace(line, kind="count", count=count, category=found[0][0])


def _owner(line: QuickLine, word: str, known: Known, _today: date) -> QuickLine:
    initials = tuple(
        (name, "".join(part[0] for part in label.split())) for name, label in known.people
    )
    asked = word.replace(".", " ").replace("_", " ")
    found = meant(asked, known.people) or meant(asked, initials)
    if not found:
        raise InputError(f"“@{word}” is nobody on the list of people here.")
    if len(found) > 1:
        raise InputError(_unclear(word, found))
    return replace(line, owner=found[0][0])


def _due(line: QuickLine, word: str, _known: Known, today: date) -> QuickLine:
    try:
        return replace(line, due=read_typed_date(word, today))
    except InputError:
        spaced = re.sub(r"[-_.]|(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)", " ", word)
        return replace(line, due=read_typed_date(spaced, today))


def _tag(line: QuickLine, word: str, known: Known, _today: date) -> QuickLine:
    asked = re.sub(r"[-_]", " ", word)
    lists = (("time", known.times), ("place", known.places), ("category", known.categories))
    found = [(name, meant(asked, entries)) for name, entries in lists]
    clear = [(name, entries[0]) for name, entries in found if len(entries) == 1]
    exact = [one for one in clear if is_exactly(asked, one[1])]
    clear = exact or clear
    if len(clear) == 1:
        name, (chosen, _) = clear[0]
        return replace(line, **{name: chosen})  # type: ignore[arg-type]  # three fields of text
    every = tuple(entry for _, entries in found for entry in entries)
    if every:
        raise InputError(_unclear(word, every))
    raise InputError(f"“#{word}” is no place, time or category of the lists.")


def _unclear(word: str, found: tuple[Labelled, ...]) -> str:
    named = "; ".join(label for _, label in found[:4]) + ("; …" if len(found) > 4 else "")
    return f"“{word}” is not clear: {named}. Type more letters."


_READERS: dict[str, Callable[[QuickLine, str, Known, date], QuickLine]] = {
    "@": _owner,
    "!": _due,
    "#": _tag,
}
