"""A form with its answers as a paper: a heading a group, a row a question, a table a repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from odbst_desktop.form_engine.answers import (
    GAPS,
    Answers,
    evaluate,
    file_parts,
    is_blank,
    is_gap,
)
from odbst_desktop.form_engine.definition import Form, Group, Item, Question, Repeat
from odbst_desktop.form_engine.starting import quoting
from odbst_desktop.reports.blocks import Block, Facts, Grid, Heading, Paragraph
from odbst_desktop.school.typed_dates import show_date


def form_blocks(form: Form, answers: Answers, *, skip_blank: bool = False) -> tuple[Block, ...]:
    """Return the blocks of a form; what is not relevant is left out."""
    return tuple(_Filled(form, answers, skip_blank=skip_blank).blocks(form.items, 1))


def answer_words(question: Question, value: Any) -> str:
    """Return an answer as a reader is shown it."""
    if is_blank(value):
        return "—"
    if is_gap(value):
        return f"{GAPS[value['missing']]}: {value['reason']}"
    writer = _WRITERS.get(question.type)
    if writer is not None:
        return writer(question, value)
    return "Yes" if value is True else str(value)


def _listed(question: Question, value: Any) -> str:
    return ", ".join(question.label_of(name) for name in value)


def _ranked(question: Question, value: Any) -> str:
    return ", ".join(f"{n}. {question.label_of(name)}" for n, name in enumerate(value, start=1))


_WRITERS: dict[str, Callable[[Question, Any], str]] = {
    "date": lambda _, value: show_date(date.fromisoformat(value)),
    "select_one": lambda question, value: question.label_of(value),
    "select_multiple": _listed,
    "rank": _ranked,
    "file": lambda _, value: f"Enclosed: {file_parts(value)[1]}",
}


class _Filled:
    """A form with its answers, walked through from top to bottom."""

    def __init__(self, form: Form, answers: Answers, *, skip_blank: bool) -> None:
        self._form, self._state, self._skip_blank = form, evaluate(form, answers), skip_blank

    def blocks(self, items: Sequence[Item], level: int) -> Iterator[Block]:
        facts: list[tuple[str, str]] = []
        for item in items:
            if item.name not in self._state.relevant:
                continue
            if isinstance(item, Question):
                facts += self._fact(item)
                continue
            if facts:
                yield Facts(tuple(facts))
                facts = []
            if isinstance(item, Group):
                inner = tuple(self.blocks(item.items, level + 1))
                if inner:
                    yield Heading(self._words(item.label or item.name), level)
                    yield from inner
            else:
                yield from self._repeat(item, level)
        if facts:
            yield Facts(tuple(facts))

    def _fact(self, question: Question) -> list[tuple[str, str]]:
        value = self._state.values.get(question.name)
        is_bare = question.type == "note" or (question.type == "calculate" and not question.label)
        if is_bare or (self._skip_blank and is_blank(value)):
            return []
        return [(self._words(question.label), answer_words(question, value))]

    def _repeat(self, repeat: Repeat, level: int) -> Iterator[Block]:
        rows = self._state.values.get(repeat.name) or []
        if self._skip_blank and not rows:
            return
        yield Heading(self._words(repeat.label), level)
        if not rows:
            yield Paragraph("None recorded.")
            return
        columns = tuple(q for q in repeat.items if q.type != "note" and q.label)
        yield Grid(
            tuple(question.label for question in columns),
            tuple(tuple(answer_words(q, row.get(q.name)) for q in columns) for row in rows),
            tuple(2.0 if q.type == "text" else 1.0 for q in columns),
        )

    def _words(self, label: str) -> str:
        return quoting(label, self._form, self._state.values, answer_words)
