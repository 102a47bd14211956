"""The pages of the handbook, in order, and the search through them.

It imports nothing heavy: F1 works before a vault is open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from odbst_desktop.errors import InputError
from odbst_desktop.shipped import shipped_file, shipped_yaml

_FOLDER = "resources/handbook"
_MARKS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*`]")
_LIST_MARK = re.compile(r"^(?:- |\d+\. |[|])\s*")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name, its title, and its Markdown."""

    name: str
    title: str
    text: str
    shown_for: tuple[str, ...]
    is_quick_start: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A place where the words sought stand: the page, the heading above, the line."""

    page: Page
    heading: str
    line: str


@cache
def pages() -> tuple[Page, ...]:
    """Return every page, in order."""
    return tuple(_read(known) for known in shipped_yaml(f"{_FOLDER}/contents.yaml")["pages"])


def page(name: str) -> Page:
    """Return the page of a name.

    Raises:
        InputError: there is none.

    """
    for each in pages():
        if each.name == name:
            return each
    names = ", ".join(each.name for each in pages())
    raise InputError(f"The handbook has no page “{name}”. It has: {names}.")


def page_for(place: str) -> Page:
    """Return the page for a tab's title or one of the first pages; else the first page."""
    return next((each for each in pages() if place in each.shown_for), pages()[0])


def picture_file(name: str) -> Path:
    """Return where a picture of the handbook lies."""
    return shipped_file(f"{_FOLDER}/pictures/{name}")


def search(words: str) -> tuple[Finding, ...]:
    """Return the lines that hold every word, titles and headings first.

    A word is found by its beginning, whatever its capitals: “back” finds “Backups”.
    """
    sought = [re.compile(rf"\b{re.escape(word)}", re.IGNORECASE) for word in words.split()]
    if not sought:
        return ()
    found: list[tuple[int, Finding]] = []
    for each in pages():
        heading = each.title
        for line in each.text.splitlines():
            plain = plain_words(_LIST_MARK.sub("", line.lstrip("#").strip()))
            if line.startswith("#"):
                heading = plain
            if plain and all(word.search(f"{plain} {heading}") for word in sought):
                own = any(word.search(plain) for word in sought)
                weight = 0 if line.startswith("#") else 1 if own else 2
                found.append((weight, Finding(each, heading, plain)))
    return tuple(finding for weight, finding in sorted(found, key=lambda f: f[0]) if weight < 2)


def plain_words(line: str) -> str:
    """Return a line of Markdown as words alone."""
    return _MARKS.sub(lambda match: match[1] or "", line).replace(" | ", " · ").strip(" |")


def _read(known: dict[str, object]) -> Page:
    name = str(known["name"])
    text = shipped_file(f"{_FOLDER}/{name}.md").read_text(encoding="utf-8")
    title = text.splitlines()[0].removeprefix("# ").strip()
    places = known.get("shown_for") or []
    shown_for = tuple(map(str, places)) if isinstance(places, list) else ()
    return Page(name, title, text, shown_for, bool(known.get("is_quick_start")))
