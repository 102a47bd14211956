"""Answers to a form as a whole: what is relevant, what is wrong, what is sent.

Their types are in ``answer_types``, the recalculation in ``live``, what it adds up to in
``standing``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from odbst_desktop.form_engine.answer_types import (
    GAPS,
    LONGEST_TEXT,
    MOST_ROWS,
    Answers,
    Problem,
    check_types,
    file_parts,
    is_blank,
    is_gap,
    type_fault,
)
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.live import LiveForm, LiveSetting
from odbst_desktop.form_engine.standing import FormState, Standing

__all__ = [
    "GAPS",
    "LONGEST_TEXT",
    "MOST_ROWS",
    "Answers",
    "FormState",
    "Problem",
    "Standing",
    "check_types",
    "cleaned",
    "evaluate",
    "file_parts",
    "is_blank",
    "is_gap",
    "problem_words",
    "state_of",
    "type_fault",
]


def problem_words(form: Form, problem: Problem) -> str:
    """Return a problem with the question it is about, for where the question is not beside it."""
    for question in form.every_question():
        if question.name == problem.field and question.label not in problem.message:
            return f"{question.label}: {problem.message}"
    return problem.message


def evaluate(
    form: Form,
    answers: Answers,
    *,
    previous: Answers | None = None,
    today: date | None = None,
    now: datetime | None = None,
) -> FormState:
    """Return what is relevant, required and wrong in answers of the right types.

    ``previous`` are last time's answers to the same form, for rules that compare.
    """
    return state_of(LiveForm(form, answers, LiveSetting(previous, today, now)))


def cleaned(form: Form, answers: Answers) -> dict[str, Any]:
    """Return the answers as they are signed: relevant ones only, calculations filled in."""
    state = evaluate(form, answers)
    kept = {
        name: value
        for name, value in state.values.items()
        if name in state.relevant and not is_blank(value)
    }
    for name in {row_name for _, row_name in state.hidden}:
        repeat = next(r for r in form.repeats() if any(q.name == name for q in r.items))
        if repeat.name in kept:
            kept[repeat.name] = [
                {n: v for n, v in row.items() if (number, n) not in state.hidden}
                for number, row in enumerate(kept[repeat.name])
            ]
    return kept


def state_of(live: LiveForm) -> FormState:
    """Return a form as its answers leave it at this moment, gathered from all of it."""
    waiting = set(live.touched)
    found = Standing(live).state()
    # A standing that is kept for this form still has to look at what was touched.
    live.touched |= waiting
    return found
