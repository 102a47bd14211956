"""A form with its answers as a paper: a heading a group, a row a question, a table a repeat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from odbst_desktop.form_engine.answers import GAPS, Answers, evaluate, is_blank, is_gap
from odbst_desktop.form_engine.definition import Form, Group, Item, Question, Repeat
from odbst_desktop.reports.blocks import Block, Facts, Grid, Heading, Paragraph
from odbst_desktop.school.typed_dates import show_date


def form_blocks(form: Form, answers: Answers, *, skip_blank: bool = False) -> tuple[Block, ...]:
    """Return the blocks of a form; what is not relevant is left out."""
    state = evaluate(form, answers)
    return tuple(_blocks(form.items, state.values, state.relevant, 1, skip_blank=skip_blank))


def answer_words(question: Question, value: Any) -> str:
    """Return an answer as a reader is shown it."""
    if is_blank(value):
        return "—"
    if is_gap(value):
        return f"{GAPS[value['missing']]}: {value['reason']}"
    if question.type == "date":
        return show_date(date.fromisoformat(value))
    if question.type == "select_one":
        return question.label_of(value)
    if question.type == "select_multiple":
        return ", ".join(question.label_of(name) for name in value)
    return "Yes" if value is True else str(value)


def _blocks(
    items: Sequence[Item],
    answers: Answers,
    relevant: frozenset[str],
    level: int,
    *,
    skip_blank: bool,
) -> Iterator[Block]:
    facts: list[tuple[str, str]] = []
    for item in items:
        if item.name not in relevant:
            continue
        if isinstance(item, Question):
            if item.type == "note" or (skip_blank and is_blank(answers.get(item.name))):
                continue
            facts.append((item.label, answer_words(item, answers.get(item.name))))
            continue
        if facts:
            yield Facts(tuple(facts))
            facts = []
        if isinstance(item, Group):
            inner = tuple(_blocks(item.items, answers, relevant, level + 1, skip_blank=skip_blank))
            if inner:
                yield Heading(item.label, level)
                yield from inner
        else:
            yield from _repeat(item, answers, level, skip_blank=skip_blank)
    if facts:
        yield Facts(tuple(facts))


def _repeat(repeat: Repeat, answers: Answers, level: int, *, skip_blank: bool) -> Iterator[Block]:
    rows = answers.get(repeat.name) or []
    if skip_blank and not rows:
        return
    yield Heading(repeat.label, level)
    if not rows:
        yield Paragraph("None recorded.")
        return
    columns = tuple(question for question in repeat.items if question.type != "note")
    yield Grid(
        tuple(question.label for question in columns),
        tuple(tuple(answer_words(q, row.get(q.name)) for q in columns) for row in rows),
        tuple(2.0 if q.type == "text" else 1.0 for q in columns),
    )
