"""What staff said to the same questions: scored for consistency by question and by role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from odbst_desktop.form_engine.definition import Form, Question

STAFF, ROLE = "staff_asked", "asked_role"
LEAST_STAFF, LEAST_ROLES = 5, 2
_WORTH = {"yes": 1.0, "partly": 0.5, "no": 0.0}


@dataclass(frozen=True, slots=True)
class Consistency:
    """How many of those asked knew something; partly counts a half in ``share``."""

    words: str
    asked: int
    knew: int
    partly: int

    @property
    def share(self) -> float | None:
        """Return the score from 0 to 1, None if nobody was asked."""
        return (self.knew + self.partly / 2) / self.asked if self.asked else None

    @property
    def counts(self) -> str:
        """Return e.g. “4 of 6 knew it, 1 partly”."""
        if not self.asked:
            return "nobody was asked"
        partly = f", {self.partly} partly" if self.partly else ""
        return f"{self.knew} of {self.asked} knew it{partly}"

    @property
    def in_words(self) -> str:
        """Return the share without a number, for papers in which few must not be told."""
        share = self.share
        if share is None:
            return "not asked"
        steps = ((1.0, "everybody asked"), (0.75, "most of those asked"),
                 (0.4, "about half of those asked"), (0.01, "few of those asked"))  # fmt: skip
        return next((words for least, words in steps if share >= least), "nobody asked")


def staff_questions(form: Form) -> tuple[Question, ...]:
    """Return the questions put to each member of staff."""
    rows = next((repeat.items for repeat in form.repeats() if repeat.name == STAFF), ())
    return tuple(question for question in rows if question.name != ROLE)


def by_question(form: Form, rows: Sequence[Mapping[str, Any]]) -> tuple[Consistency, ...]:
    """Return the score of each question, in the order of the form."""
    return tuple(
        _consistency(str(q.extras.get("short", q.label)), [row.get(q.name) for row in rows])
        for q in staff_questions(form)
    )


def by_role(form: Form, rows: Sequence[Mapping[str, Any]]) -> tuple[Consistency, ...]:
    """Return the score of each role over all questions."""
    role = next(q for r in form.repeats() if r.name == STAFF for q in r.items if q.name == ROLE)
    names = [question.name for question in staff_questions(form)]
    return tuple(
        _consistency(
            choice.label,
            [row.get(name) for row in rows if row.get(ROLE) == choice.name for name in names],
        )
        for choice in role.choices
        if any(row.get(ROLE) == choice.name for row in rows)
    )


def weakest(scores: Sequence[Consistency], count: int = 2) -> tuple[Consistency, ...]:
    """Return the questions least known, if not everybody knew everything."""
    short = [s for s in scores if s.share is not None and s.share < 1]
    return tuple(sorted(short, key=lambda s: s.share or 0.0)[:count])


def staff_faults(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return what keeps the interviews from counting, in sentences."""
    answered = [row for row in rows if any(row.get(name) in _WORTH for name in row)]
    if len(answered) < LEAST_STAFF:
        return (f"Ask at least {LEAST_STAFF} members of staff: {len(answered)} answered so far.",)
    if len({row.get(ROLE) for row in answered}) < LEAST_ROLES:
        return ("Ask staff of different roles: all of those asked have the same one.",)
    return ()


def _consistency(words: str, given: Sequence[Any]) -> Consistency:
    counted = [answer for answer in given if answer in _WORTH]
    return Consistency(words, len(counted), counted.count("yes"), counted.count("partly"))
