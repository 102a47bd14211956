"""What stopped being recorded: figures that were there and are none, where chance is no reason.

Silence is a question about recording, not praise. It looks at a school's own earlier terms and
at the size of the school, so that a small school does not alarm.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from odbst_desktop.analysis.wording import number_words, odds_words
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.theme_evidence import SchoolTerm

_ROLL = "pupils_on_roll"
_LEAST_EXPECTED = 5.0
"""With fewer expected, none is nothing out of the ordinary among the many figures looked at:
P(0) is one in 150 at five (A)."""

_UNITS = frozenset({"concerns", "incidents", "alerts", "notices", "referrals"})
_ATTENDED = ("dsl_strategic_attended", "supervision_attended")


@dataclass(frozen=True, slots=True)
class Silence:
    """Something a school does not record any more, or never did, in a sentence."""

    school: str
    label: str
    kind: str
    sentence: str


def silences(
    form: Form, term: TermOf, now: Sequence[SchoolTerm], earlier: Sequence[Sequence[SchoolTerm]]
) -> tuple[Silence, ...]:
    """Return what fell silent in a term, by school; ``earlier`` are terms before, newest first."""
    past = {
        school.urn: [part for terms in earlier for part in terms if part.urn == school.urn]
        for school in now
    }
    found: list[Silence] = []
    for school in sorted(now, key=lambda each: each.name):
        for question in form.questions():
            unit = str(question.extras.get("unit", ""))
            if question.type == "integer" and unit in _UNITS:
                found += _stopped(question.name, question.label, term, school, past[school.urn])
                found += _never(question.name, question.label, term, school, now)
        found += _absent(form, school, past[school.urn])
    return _each_once(found)


def _stopped(
    field: str, label: str, term: TermOf, school: SchoolTerm, past: list[SchoolTerm]
) -> Iterable[Silence]:
    given = [(before.number(field), before.number(_ROLL)) for before in past]
    known = [(count, roll) for count, roll in given if count is not None and roll]
    roll = school.number(_ROLL)
    if not known or not roll:
        return
    expected = sum(count for count, _ in known) / sum(size for _, size in known) * roll
    if expected < _LEAST_EXPECTED:
        return
    terms = f"{len(known)} term{'' if len(known) == 1 else 's'}"
    usual = f"its {terms} before would give about {number_words(expected)}"
    if school.number(field) is None:
        yield Silence(
            school.name, label, "Not given any more",
            f"{label}: not given in {term.words}; {usual}.",
        )  # fmt: skip
    elif school.number(field) == 0:
        odds = odds_words(math.exp(-expected))
        yield Silence(
            school.name, label, "Fell silent",
            f"{label}: none in {term.words}; {usual}. Chance alone leaves none {odds}. "
            "Is it recorded?",
        )  # fmt: skip


def _never(
    field: str, label: str, term: TermOf, school: SchoolTerm, now: Sequence[SchoolTerm]
) -> Iterable[Silence]:
    others = [each for each in now if each.urn != school.urn]
    pairs = [(each.number(field), each.number(_ROLL)) for each in others]
    known = [(count, roll) for count, roll in pairs if count is not None and roll]
    roll = school.number(_ROLL)
    if school.number(field) != 0 or not roll or not known:
        return
    expected = sum(count for count, _ in known) / sum(size for _, size in known) * roll
    if expected >= _LEAST_EXPECTED and len(known) > 1:
        odds = odds_words(math.exp(-expected))
        yield Silence(
            school.name, label, "Silent beside the others",
            f"{label}: none in {term.words}; the other schools’ figures would give about "
            f"{number_words(expected)} for its size. Chance alone leaves none {odds}. "
            "Is it recorded?",
        )  # fmt: skip


def _absent(form: Form, school: SchoolTerm, past: list[SchoolTerm]) -> Iterable[Silence]:
    for field in _ATTENDED:
        question = form.question(field)
        before = past[0].number(field) if past else None
        if question is not None and school.number(field) == 0 and before == 0:
            yield Silence(
                school.name, question.label, "Nobody attends",
                f"{question.label}: none, in this return and the one before.",
            )  # fmt: skip


def _each_once(found: Sequence[Silence]) -> tuple[Silence, ...]:
    """Keep the first of what is said of a school's figure: its own past before the others."""
    once: dict[tuple[str, str], Silence] = {}
    for silence in found:
        once.setdefault((silence.school, silence.label), silence)
    return tuple(once.values())
