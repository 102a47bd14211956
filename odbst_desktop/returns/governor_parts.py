"""The parts that the papers for governors share, each made from the figures as they are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from odbst_desktop.actions.list import Action
from odbst_desktop.analysis.disclosure import NOT_SHOWN
from odbst_desktop.analysis.form_disclosure import number_told, rate_told, rule_of
from odbst_desktop.form_engine.answers import is_blank
from odbst_desktop.form_engine.definition import Question
from odbst_desktop.form_engine.expressions import Scope, holds_in
from odbst_desktop.monitoring.checklists import findings, gaps, score
from odbst_desktop.reports.blocks import Bars, Block, Bullets, Grid, Heading, Paragraph, Tone
from odbst_desktop.reports.form_paper import answer_words
from odbst_desktop.returns.governors_term import GovernorsTerm, day_of
from odbst_desktop.returns.shown import Told
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.shipped import shipped_yaml

NONE = "–"
_MOST_DECISIONS = 12


def wording() -> Mapping[str, Any]:
    """Return the wording and the choice of figures of the papers."""
    content: Mapping[str, Any] = shipped_yaml("resources/governor_papers.yaml")
    return content


def label_of(term: GovernorsTerm, name: str) -> str:
    """Return the words of a figure."""
    question = term.now.form.question(name)
    label: str = wording()["labels"].get(name) or (question.label if question else name)
    return label


def lead(term: GovernorsTerm) -> Paragraph:
    """Return the term in a sentence or two, from what is told."""
    now, year = term.now, term.last_year
    total, roll = now.word("concerns_total"), now.word("pupils_on_roll")
    words = f"Concerns recorded this term: {total}, with {roll} pupils on roll"
    rate = rate_told(total, roll)
    words += f" ({rate} for each 100 pupils)." if rate != NOT_SHOWN else "."
    if year is not None:
        words += f" In the same term last year: {year.word('concerns_total')}."
    held, expected = now.word("weekly_meetings_held"), now.word("weekly_meetings_expected")
    return Paragraph(f"{words} The DSL team met in {held} of {expected} weeks.", Tone.LEAD)


def figures_table(term: GovernorsTerm, questions: Iterable[Question]) -> Grid:
    """Return figures beside last term’s and those of the same term last year, if there are any."""
    told = _told_terms(term)
    rows = tuple(
        (label_of(term, q.name), *(_figure(each, q) for each in told.values()))
        for q in questions
        if rule_of(q) != "never" and not is_blank(term.now.found.answers.get(q.name))
    )
    return Grid(("Figure", *told), rows, (4, *[1.7] * len(told)))


def rates_table(term: GovernorsTerm, names: Iterable[str]) -> Grid:
    """Return figures for each 100 pupils; what is hidden has no rate."""
    told = _told_terms(term)
    rows = tuple(
        (label_of(term, name),
         *(rate_told(each.word(name), each.word("pupils_on_roll")) for each in told.values()))
        for name in names
    )  # fmt: skip
    return Grid(("For each 100 pupils", *told), rows, (4, *[1.7] * len(told)))


def bars(
    term: GovernorsTerm, start: str, without: Iterable[str], short: Mapping[str, str] | None = None
) -> list[Block]:
    """Return the parts of a total as bars in the order of the form, noughts in a sentence.

    ``short`` are labels that fit on one line of a page with little room.
    """
    left_out, rows, none = set(without), [], []
    for question in term.now.form.questions():
        if not question.name.startswith(start) or question.name in left_out:
            continue
        label, word = question.label.partition(": ")[2], term.now.word(question.name)
        label = label[:1].upper() + label[1:]
        if word == "0":
            none.append(label)
        elif word != NONE:
            number = number_told(word)
            label = (short or {}).get(question.name, label)
            rows.append((label, None if number is None else float(number), word))
    made: list[Block] = [Bars(tuple(rows), is_compact=short is not None)]
    if none:
        made.append(Paragraph(f"None: {'; '.join(none)}.", Tone.QUIET))
    return made


def part_rows(
    term: GovernorsTerm, chosen: Sequence[Mapping[str, str]]
) -> tuple[tuple[str, str], ...]:
    """Return parts of wholes in words, such as “11 of 12 (92 %)”."""
    rows = []
    for each in chosen:
        part, whole = term.now.word(each["part"]), term.now.word(each.get("of", ""))
        if part == NONE or whole == "0":
            continue
        words = part if whole == NONE else f"{part} of {whole}"
        one, other = number_told(part), number_told(whole)
        if one is not None and other is not None and other >= 10 and one <= other:
            words += f" ({100 * one / other:.0f} %)"
        rows.append((each["label"], words))
    return tuple(rows)


def narrative(term: GovernorsTerm, chosen: Iterable[Mapping[str, str]]) -> Iterator[Block]:
    """Give what the return says in words, fit for governors."""
    for each in chosen:
        text = term.now.found.answers.get(each["field"])
        if isinstance(text, str) and text.strip():
            yield Heading(each["title"])
            yield Paragraph(term.safe.show(text))


def theme_part(term: GovernorsTerm, field: str) -> Iterator[Block]:
    """Give the trust's themes of the term and what was found."""
    text = term.now.found.answers.get(field)
    if not term.themes and not text:
        return
    yield Heading("The trust’s theme this term")
    if term.themes:
        yield Bullets(term.themes)
    if isinstance(text, str) and text.strip():
        yield Paragraph(term.safe.show(text))


def visits_part(term: GovernorsTerm) -> Iterator[Block]:
    """Give the governor's visits of the term, their findings and what became of the actions."""
    rows = []
    for visit in term.visits:
        wanting = [each.short for each in gaps(visit.form, visit.answers)]
        agreed = [each for each in term.actions if each.origin == visit.origin]
        done = sum(_is_done(each, term) for each in agreed)
        rows.append(
            (
                show_date(visit.visited_on), visit.title,
                score(findings(visit.form, visit.answers)).words,
                ", ".join(wanting) or "nothing",
                f"{done} of {len(agreed)} done" if agreed else "none",
            )
        )  # fmt: skip
    yield Heading("The governor’s monitoring visits")
    yield Grid(
        ("Date", "Check", "Answers", "“No” or “partly”", "Actions"), tuple(rows),
        (1.8, 2.6, 3, 3, 1.8), empty_words="No visit was signed this term.",
    )  # fmt: skip


def actions_part(term: GovernorsTerm) -> Iterator[Block]:
    """Give what was agreed in the return before and its state, and what is agreed now."""
    yield Heading("Actions agreed and done")
    counted = [each for each in wording()["done"] if "action" in each["part"]]
    yield Grid(("This term", "How many"), part_rows(term, counted), (3, 2))
    if term.steps:
        rows = tuple(
            (term.safe.show(each.title), each.owner, show_date(each.due), _state(each, term),
             term.safe.show(each.outcome) if _is_done(each, term) else "")
            for each in term.steps
        )  # fmt: skip
        yield Heading("Agreed in the last return", 2)
        yield Grid(("What", "By whom", "By when", "State", "What came of it"), rows,
                   (4, 2, 1.8, 1.5, 3))  # fmt: skip
    planned = tuple(
        (term.safe.show(str(row.get("step_text", ""))), str(row.get("step_owner", "")),
         _date(row.get("step_due")),
         term.safe.show(str(row.get("step_measure", "")), keeps_targets=True))
        for row in term.now.found.answers.get("next_steps") or []
    )  # fmt: skip
    yield Heading("Next steps", 2)
    yield Grid(("What", "By whom", "By when", "How we shall know"), planned, (4, 2, 1.8, 4),
               empty_words="None is written yet.")  # fmt: skip


def decisions_part(term: GovernorsTerm) -> Iterator[Block]:
    """Give the strategic decisions of the term with what followed, the newest first."""
    found = sorted(term.decisions, key=lambda each: (each.opened_on, each.title), reverse=True)
    rows = tuple(
        (show_date(each.opened_on), term.safe.show(each.title), _state(each, term),
         term.safe.show(each.effect or each.outcome) if _is_done(each, term) else "")
        for each in found[:_MOST_DECISIONS]
    )  # fmt: skip
    yield Heading("What the DSL team decided, and what followed")
    yield Grid(("Decided", "What", "State", "What followed"), rows, (1.8, 4, 1.3, 3.5),
               empty_words="No decision was recorded this term.")  # fmt: skip
    if len(found) > _MOST_DECISIONS:
        yield Paragraph(f"The newest {_MOST_DECISIONS} of {len(found)} decisions.", Tone.QUIET)


def questions_asked(term: GovernorsTerm) -> tuple[str, ...]:
    """Return the questions that what is shown gives rise to."""
    scope = Scope(_numbers(term.now), previous=_numbers(term.last_year) if term.last_year else {})
    asked = [each["ask"] for each in wording()["questions"] if holds_in(each["when"], scope)]
    return tuple(asked[: wording()["most_questions"]])


def compared_note(term: GovernorsTerm) -> list[Block]:
    """Return how to read terms beside each other, where there are any."""
    is_alone = term.last_term is None and term.last_year is None
    return [] if is_alone else [Paragraph(wording()["compared"], Tone.QUIET)]


def told_note(term: GovernorsTerm) -> Paragraph:
    """Return how numbers are told, and how many passages of the text were changed for it."""
    words = wording()["numbers_told"].strip()
    if term.safe.changed:
        count = len(term.safe.changed)
        words += f" In the text, {count} passage{'s were' if count > 1 else ' was'} changed so."
    return Paragraph(words, Tone.QUIET)


def _told_terms(term: GovernorsTerm) -> dict[str, Told]:
    """Return the terms that stand beside each other, by the heading of their column."""
    found = {"This term": term.now, "Last term": term.last_term,
             "Same term last year": term.last_year}  # fmt: skip
    return {title: told for title, told in found.items() if told is not None}


def _figure(told: Told, question: Question) -> str:
    if question.type in {"integer", "decimal"}:
        return told.word(question.name)
    return answer_words(question, told.found.answers.get(question.name)).replace("—", NONE)


def _numbers(told: Told) -> dict[str, int]:
    found = {name: number_told(word) for name, word in told.words.items()}
    return {name: number for name, number in found.items() if number is not None}


def _is_done(action: Action, term: GovernorsTerm) -> bool:
    ended = action.closed_on is not None and action.closed_on <= term.on
    return action.state == "done" and ended


def _state(action: Action, term: GovernorsTerm) -> str:
    if _is_done(action, term):
        return "✓ Done"
    if action.closed_on is not None and action.closed_on <= term.on:
        return "– Dropped"
    return "✗ Overdue" if action.due < term.on else "○ Open"


def _date(value: object) -> str:
    day = day_of(value)
    return show_date(day) if day else NONE
