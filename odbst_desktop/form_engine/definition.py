"""What a form is: questions, groups, repeats and rules, as frozen values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, TypeAlias

Severity = Literal["error", "warning", "question"]
"""An error has to be mended, a warning explained, a question is for the reader of the form."""

QUESTION_TYPES = frozenset(
    {
        "text",
        "integer",
        "decimal",
        "date",
        "time",
        "select_one",
        "select_multiple",
        "rank",
        "range",
        "acknowledge",
        "file",
        "note",
        "calculate",
    }
)
OTHER = "other"
"""The choice that ``or_other`` adds, and the end of the name of the question that asks which."""

Texts: TypeAlias = Mapping[str, Mapping[str, str]]
"""Translations: column, then language, then words."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from; ``columns`` are those a choice filter looks at."""

    name: str
    label: str
    columns: Mapping[str, str] = field(default_factory=dict)
    translations: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One question; expressions are ODK's XPath, empty for none.

    ``extras`` holds our own columns without their prefix: source, guidance, unit, suppress…
    ``parameters`` are XLSForm's (``start``, ``end``, ``step`` of a range). ``heading`` is the label
    of a group inside a repeat, which stands at its first question.
    """

    name: str
    type: str
    label: str
    hint: str = ""
    required: str = ""
    required_message: str = ""
    relevant: str = ""
    constraint: str = ""
    constraint_message: str = ""
    calculation: str = ""
    default: str = ""
    appearance: str = ""
    choices: tuple[Choice, ...] = ()
    list_name: str = ""
    extras: Mapping[str, Any] = field(default_factory=dict)
    guidance_hint: str = ""
    choice_filter: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    is_read_only: bool = False
    heading: str = ""
    translations: Texts = field(default_factory=dict)

    @property
    def is_asked(self) -> bool:
        """Say whether somebody answers it; notes and calculations are not asked."""
        return self.type not in {"note", "calculate"}

    def label_of(self, name: str) -> str:
        """Return the words of a choice, or the name itself if the list does not have it."""
        return next((c.label for c in self.choices if c.name == name), name)

    def has_appearance(self, word: str) -> bool:
        """Say whether a word is among those of the appearance."""
        return word in self.appearance.split()


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one heading."""

    name: str
    label: str
    hint: str
    relevant: str
    items: tuple[Item, ...]
    appearance: str = ""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Questions asked once for each row; ``count`` says how many rows there are, if it is given."""

    name: str
    label: str
    hint: str
    relevant: str
    items: tuple[Question, ...]
    count: str = ""


Item: TypeAlias = Question | Group | Repeat


@dataclass(frozen=True, slots=True)
class Rule:
    """``left operator right`` is to hold where ``when`` does."""

    id: str
    left: str
    operator: str
    right: str
    severity: Severity
    message: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of questions since an older version.

    ``kind`` is renamed, split, merged, retired, or redefined: the same name, another meaning.
    """

    since: str
    kind: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, eq=False)  # no slots: what follows from a definition is reckoned once
class Form:
    """A form; ``raw`` is its definition as it was read, ready for JSON.

    ``tables`` are CSV files beside the form, for ``pulldata``.
    """

    form_id: str
    version: str
    title: str
    settings: Mapping[str, Any]
    items: tuple[Item, ...]
    rules: tuple[Rule, ...]
    raw: Mapping[str, Any]
    changes: tuple[Change, ...] = ()
    tables: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)

    @cached_property
    def sha256(self) -> str:
        """Return the hash of the definition: canonical JSON, sorted members, no spaces."""
        text = json.dumps(self.raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _questions(self) -> tuple[Question, ...]:
        return tuple(item for item in _walk(self.items) if isinstance(item, Question))

    @cached_property
    def _repeats(self) -> tuple[Repeat, ...]:
        return tuple(item for item in _walk(self.items) if isinstance(item, Repeat))

    @cached_property
    def _by_name(self) -> Mapping[str, Question]:
        return {question.name: question for question in self._questions}

    def questions(self) -> tuple[Question, ...]:
        """Return the questions outside repeats, in order."""
        return self._questions

    def repeats(self) -> tuple[Repeat, ...]:
        """Return the repeats, in order."""
        return self._repeats

    def question(self, name: str) -> Question | None:
        """Return a question outside repeats by its name."""
        return self._by_name.get(name)

    def every_question(self) -> tuple[Question, ...]:
        """Return the questions outside and inside repeats, in order."""
        found: list[Question] = []
        for item in _walk(self.items):
            found += [item] if isinstance(item, Question) else item.items
        return tuple(found)


def with_choices(form: Form, lists: Mapping[str, tuple[Choice, ...]]) -> Form:
    """Return the form with lists that only the vault knows, such as its people, filled in."""
    return replace(form, items=tuple(_filled(item, lists) for item in form.items))


def _filled(item: Item, lists: Mapping[str, tuple[Choice, ...]]) -> Item:
    if isinstance(item, Question):
        return replace(item, choices=lists.get(item.list_name, item.choices))
    if isinstance(item, Group):
        return replace(item, items=tuple(_filled(inner, lists) for inner in item.items))
    rows = (_filled(inner, lists) for inner in item.items)
    return replace(item, items=tuple(inner for inner in rows if isinstance(inner, Question)))


def _walk(items: tuple[Item, ...]) -> Iterator[Question | Repeat]:
    for item in items:
        if isinstance(item, Group):
            yield from _walk(item.items)
        else:
            yield item
