"""A form on paper to be filled in by hand: numbered questions, boxes to tick, lines to write on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from odbst_desktop.form_engine.answer_types import range_of
from odbst_desktop.form_engine.definition import Form, Group, Item, Question, Repeat
from odbst_desktop.form_engine.expressions import REFERENCE, references
from odbst_desktop.reports.blocks import (
    Block,
    Facts,
    Grid,
    Heading,
    Paragraph,
    ReportHead,
    Tone,
)
from odbst_desktop.reports.document import Paper

_LINE = "_" * 34
_ROWS = 5
_MOST_BOXES = 11
_ROOM = {"text": f"{_LINE}\n{_LINE}", "integer": "_" * 10, "decimal": "_" * 10,
         "date": "____ / ____ / ________", "time": "____ : ____", "acknowledge": "□ Yes",
         "file": "□ Enclosed: ____________________"}  # fmt: skip


def blank_paper(
    form: Form, organisation: str, on: date, *, is_demonstration: bool = False
) -> Paper:
    """Return a form to be printed and filled in by hand, from the same definition."""
    head = ReportHead(
        title=form.title,
        organisation=organisation,
        date=on,
        subtitle=f"To be filled in by hand · version {form.version}",
        is_demonstration=is_demonstration,
        footer_words="No child is named on this form. Type it into the program and shred it.",
    )
    return Paper(f"blank-{form.form_id}", head, tuple(_Blank(form).blocks()))


class _Blank:
    """Numbers the questions as it goes, so that one can point to another."""

    def __init__(self, form: Form) -> None:
        self._form = form
        asked = [q for q in form.every_question() if q.is_asked]
        self._numbers = {question.name: place for place, question in enumerate(asked, start=1)}

    def blocks(self) -> Iterator[Block]:
        yield from self._blocks(self._form.items, 1)

    def _blocks(self, items: tuple[Item, ...], level: int) -> Iterator[Block]:
        facts: list[tuple[str, str]] = []
        for item in items:
            if isinstance(item, Question) and item.is_asked:
                facts.append((self._label(item), _room(item)))
                continue
            if isinstance(item, Question) and item.type == "calculate":
                continue
            if facts:
                yield Facts(tuple(facts))
                facts = []
            if isinstance(item, Question):
                yield Paragraph(self._plain(item.label), Tone.QUIET)
            elif isinstance(item, Group):
                yield Heading(item.label or item.name, level)
                if note := self._condition(item.relevant):
                    yield Paragraph(note, Tone.QUIET)
                if item.hint:
                    yield Paragraph(item.hint, Tone.QUIET)
                yield from self._blocks(item.items, level + 1)
            else:
                yield from self._table(item, level)
        if facts:
            yield Facts(tuple(facts))

    def _table(self, repeat: Repeat, level: int) -> Iterator[Block]:
        yield Heading(repeat.label, level)
        note = " ".join(part for part in (repeat.hint, self._condition(repeat.relevant)) if part)
        if note:
            yield Paragraph(note, Tone.QUIET)
        asked = [question for question in repeat.items if question.is_asked]
        for question in asked:
            if question.choices:
                names = " · ".join(choice.label for choice in question.choices)
                yield Paragraph(f"{question.label}: {names}", Tone.QUIET)
        yield Grid(
            tuple(f"{self._numbers[q.name]}. {q.label}" for q in asked),
            tuple(("\n\n",) * len(asked) for _ in range(_ROWS)),
            tuple(2.0 if q.type == "text" else 1.0 for q in asked),
        )

    def _label(self, question: Question) -> str:
        mark = " *" if question.required else ""
        parts = [f"{self._numbers[question.name]}. {self._plain(question.label)}{mark}"]
        hints = (question.hint, question.guidance_hint, self._condition(question.relevant))
        return "\n".join([*parts, *(hint for hint in hints if hint)])

    def _condition(self, relevant: str) -> str:
        numbers = sorted(
            {self._numbers[name] for name in references(relevant) if name in self._numbers}
        )
        if not numbers:
            return "Only where it applies." if relevant else ""
        listed = ", ".join(map(str, numbers))
        return f"Depends on the answer to {listed}."

    def _plain(self, label: str) -> str:
        return REFERENCE.sub("……", label)


def _room(question: Question) -> str:
    if question.type in {"select_one", "select_multiple"} and question.choices:
        return "   ".join(f"□\u00a0{_together(c.label)}" for c in question.choices)
    if question.type == "rank":
        return "\n".join(f"___  {choice.label}" for choice in question.choices)
    if question.type == "range":
        return _scale(question)
    if question.has_appearance("multiline"):
        return "\n".join([_LINE] * 4)
    return _ROOM.get(question.type, _LINE)


def _scale(question: Question) -> str:
    start, end, step = range_of(question)
    count = int((end - start) / step + 0.5) + 1
    if count > _MOST_BOXES:
        return f"____ ({start:g} to {end:g})"
    return "   ".join(f"□\u00a0{start + place * step:g}" for place in range(count))


def _together(label: str) -> str:
    """Keep a box and a short label on one line."""
    return label.replace(" ", "\u00a0") if len(label) <= 24 else label
