"""Who or what is looked for: a person by name, or a child by CPOMS reference, as whole words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.retention.passages import Line, Passage
from odbst_desktop.school.people import people

TITLES = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Rev|Revd|Sir|Dame)\.?"
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/-]{1,19}")
_NOT_WITHIN = r"(?<![A-Za-z0-9])(?<![A-Za-z0-9][/-])"
_NOT_BEFORE = r"(?![A-Za-z0-9])(?![/-][A-Za-z0-9])"
_LEAST_NAME = 2


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: ``kind`` is person or reference; ``ids`` are those it is kept under.

    ``whole`` finds it as it is written; ``near`` what may mean it and may mean another.
    """

    kind: str
    words: str
    ids: frozenset[str]
    whole: re.Pattern[str]
    near: re.Pattern[str]

    def is_said_in(self, passage: Passage) -> bool:
        """Say whether a passage names it."""
        return any(self._is_whole(line) for line in passage.lines)

    def may_be_said_in(self, passage: Passage) -> bool:
        """Say whether a passage holds what may mean it: a surname, a longer reference."""
        return any(self.near.search(text) for line in passage.lines for text in line.kept)

    def _is_whole(self, line: Line) -> bool:
        return any(text in self.ids or self.whole.search(text) for text in line.kept)


def reference_sought(typed: str) -> Sought:
    """Return what finds a CPOMS reference: the whole of it, in capitals or not.

    Raises:
        InputError: it does not look like a reference.

    """
    reference = typed.strip()
    if not _REFERENCE.fullmatch(reference) or not any(letter.isdigit() for letter in reference):
        raise InputError(
            "That does not look like a CPOMS reference, which has a digit and no spaces, such as "
            "C1042. Type it as it stands in CPOMS."
        )
    quoted = re.escape(reference)
    return Sought(
        "reference", reference, frozenset(),
        re.compile(f"{_NOT_WITHIN}{quoted}{_NOT_BEFORE}", re.IGNORECASE),
        re.compile(
            f"(?<![A-Za-z0-9]){quoted}(?=[/-][A-Za-z0-9])|(?<=[A-Za-z0-9][/-]){quoted}"
            "(?![A-Za-z0-9])",
            re.IGNORECASE,
        ),
    )  # fmt: skip


def person_sought(session: Session, typed: str) -> Sought:
    """Return what finds an adult: by the whole name, by title and surname, and by id.

    Raises:
        InputError: no name was typed.

    """
    name = " ".join(typed.split())
    if len(name) < _LEAST_NAME or not any(letter.isalpha() for letter in name):
        raise InputError("Type the person’s name as it stands in the list of people.")
    ids = frozenset(
        str(known.id) for known in people(session) if known.name.casefold() == name.casefold()
    )
    spaced = r"\s+".join(re.escape(part) for part in name.split())
    surname = re.escape(name.split()[-1])
    return Sought(
        "person", name, ids,
        re.compile(rf"(?<!\w)(?:{spaced}|{TITLES}\s+{surname})(?!\w)", re.IGNORECASE),
        re.compile(rf"(?<!\w){surname}(?!\w)", re.IGNORECASE),
    )  # fmt: skip
