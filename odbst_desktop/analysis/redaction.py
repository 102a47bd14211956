"""Leave out of a text what may lead to a child: references of CPOMS, and what may be a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from odbst_desktop.analysis.privacy import find_identifiers

LEFT_OUT = "[left out]"
_LIKE_A_REFERENCE = re.compile(r"\b[A-Z]{1,4}[-/]?\d{3,}\b")
"""What looks like a reference although no meeting names it, such as C1042."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text as it may be shown, and how many pieces were left out of it."""

    text: str
    left_out: int


def redacted(text: str, references: Iterable[str], known_names: Iterable[str]) -> Redacted:
    """Return a text without references and without what may identify a child.

    ``references`` are those the meetings use, found in whatever case; ``known_names`` are
    adults of the school, who may be named. It lowers the risk; a person has to read the text.
    """
    spans = list(_identifiers(text, tuple(known_names)))
    spans += [match.span() for match in _LIKE_A_REFERENCE.finditer(text)]
    for reference in {each for each in references if each.strip()}:
        whole = rf"(?<!\w){re.escape(reference.strip())}(?!\w)"
        spans += [match.span() for match in re.finditer(whole, text, re.IGNORECASE)]
    parts, at, count = [], 0, 0
    for start, end in sorted(spans):
        if start >= at:
            parts += [text[at:start], LEFT_OUT]
            count += 1
        at = max(at, end)
    return Redacted("".join((*parts, text[at:])), count)


def _identifiers(text: str, known_names: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Give every finding, also those that overlap: “Ring Jack” must not hide “Jack Smith”."""
    at = 0
    while found := find_identifiers(text[at:], known_names):
        first = found[0]
        yield at + first.start, at + first.end
        last_word = first.words.rpartition(" ")[0]
        at += first.start + len(last_word) + 1 if last_word else first.end
