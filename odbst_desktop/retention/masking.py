"""Mask whoever else stands in a passage, for an export about one person or one reference.

Other references become “[another reference]”, other adults of the list their initials and role,
and whatever else the privacy check takes for a person is masked. It masks rather too much: the
data protection officer can look at the record itself. It lowers the risk; it cannot prove that
nobody else can be told from what is left.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlmodel import Session

from odbst_desktop.analysis.privacy import find_identifiers, plain_words
from odbst_desktop.retention.passages import REFERENCE
from odbst_desktop.retention.sought import TITLES, Sought
from odbst_desktop.retention.subject import everything_said
from odbst_desktop.school.people import DSL_ROLES, people, role_label, roles

OTHER_REFERENCE, OTHER_PERSON, OTHER = "reference", "adult", "other"
_ASIDE = 0xF0000  # the private-use plane: no letter, no figure, never typed
_LIKELY = re.compile(r"(?<![\w/-])[A-Za-z]{1,4}[/-]?\d{3,}(?![\w/-])")
_LEAST_PART = 3
_TOKEN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9/-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Adult:
    """Somebody of the list with what stands in place of the name."""

    name: str
    initials: str
    role: str

    @property
    def masked(self) -> str:
        """Return e.g. “[N.R., Deputy DSL]”."""
        return f"[{self.initials}, {self.role}]" if self.role else f"[{self.initials}]"


class Mask:
    """Masks text after text and counts what it masked, by reference, adult and other."""

    def __init__(self, sought: Sought, references: Iterable[str], adults: Iterable[Adult]) -> None:
        self.counts: Counter[str] = Counter()
        self._sought = sought
        self._references = {each.casefold() for each in references}
        self._shape = _shape(sought.words) if sought.kind == "reference" else ""
        self._others = [adult for adult in adults if not sought.whole.fullmatch(adult.name)]
        self._own_words = {word.casefold() for word in sought.words.split()}

    def text(self, words: str) -> str:
        """Return a text with everybody else masked."""
        kept: list[str] = []
        words = "".join(sign for sign in words if ord(sign) < _ASIDE)
        # What is sought is taken out first, so that nothing of it is taken for somebody else.
        hidden = self._sought.whole.sub(lambda match: _set_aside(kept, match[0]), words)
        for adult in self._others:
            hidden = self._adult(adult, hidden, kept)
        hidden = _TOKEN.sub(lambda match: self._token(match[0], kept), hidden)
        for finding in reversed(find_identifiers(hidden)):
            self.counts[OTHER] += 1
            aside = _set_aside(kept, "[masked]")
            hidden = hidden[: finding.start] + aside + hidden[finding.end :]
        return "".join(kept[ord(sign) - _ASIDE] if ord(sign) >= _ASIDE else sign for sign in hidden)

    def _adult(self, adult: Adult, text: str, kept: list[str]) -> str:
        def masked(_match: re.Match[str]) -> str:
            self.counts[OTHER_PERSON] += 1
            return _set_aside(kept, adult.masked)

        whole = r"\s+".join(map(re.escape, adult.name.split()))
        surname = re.escape(adult.name.split()[-1])
        text = re.sub(rf"(?<!\w)(?:{whole}|{TITLES}\s+{surname})(?!\w)", masked, text, flags=re.I)
        for part in adult.name.split():
            is_own = part.casefold() in self._own_words
            if len(part) >= _LEAST_PART and not is_own and part not in plain_words():
                text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", masked, text)
        return text

    def _token(self, token: str, kept: list[str]) -> str:
        is_other = token.casefold() in self._references or (
            bool(self._shape) and _shape(token) == self._shape and not _is_year(token)
        )
        if not is_other and not _LIKELY.fullmatch(token):
            return token
        self.counts[OTHER_REFERENCE] += 1
        return _set_aside(kept, "[another reference]")


def mask_for(session: Session, sought: Sought) -> Mask:
    """Return a mask that knows every reference and every adult of the vault."""
    references = {
        text
        for passage in everything_said(session)
        for line in passage.lines
        if line.name == REFERENCE
        for text in line.kept
    }
    return Mask(sought, references, _adults(session))


def _adults(session: Session) -> tuple[Adult, ...]:
    order: Callable[[str], int] = [role.id for role in roles()].index
    found = []
    for person in people(session):
        # Of several roles, the one in which somebody stands in these records.
        held = sorted(
            {each.role for each in person.roles},
            key=lambda role: (role not in DSL_ROLES, order(role)),
        )
        initials = "".join(f"{part[0]}." for part in person.name.split())
        found.append(Adult(person.name, initials, role_label(held[0]) if held else ""))
    # Longer names first, so that “Ann Marie Cole” is not taken for “Marie Cole”.
    return tuple(sorted(found, key=lambda adult: -len(adult.name)))


def _set_aside(kept: list[str], words: str) -> str:
    """Keep words, and return the sign that stands for them until the end."""
    kept.append(words)
    return chr(_ASIDE + len(kept) - 1)


def _shape(token: str) -> str:
    """Return letters as “a” and figures as “9”, e.g. “a9999”; runs keep their length."""
    return re.sub(r"[a-z]", "a", re.sub(r"\d", "9", token.casefold()))


def _is_year(token: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", token))
