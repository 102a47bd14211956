"""One figure told whole: for the window, and as a paper with a table beside its chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from odbst_desktop.reports.document import (
    Block,
    Bullets,
    FunnelChart,
    Grid,
    Heading,
    Paper,
    Paragraph,
    ReportHead,
    Tone,
)
from odbst_desktop.school.owner import Owner
from odbst_desktop.trust.comparisons import Compared, funnel_chart, sentences_of
from odbst_desktop.trust.drivers import Driver, part_drivers, school_drivers
from odbst_desktop.trust.explorer import FieldHistory, field_history, formula_words
from odbst_desktop.trust.figures import figure
from odbst_desktop.trust.relations import figure_words
from odbst_desktop.trust.table import TermKey, TrustTable, term_words

_HANDLING = "Sensitive: true numbers of every school. For the ESL; not for governors or trustees."


@dataclass(frozen=True, slots=True)
class FieldStory:
    """A figure of a term: what is said of it, its formula, its chart, its drivers, every term."""

    field: str
    key: TermKey
    title: str
    sentences: tuple[str, ...]
    formula: str
    chart: FunnelChart | None
    drivers: tuple[tuple[Driver, ...], ...]
    drivers_heading: str
    history: FieldHistory


def field_story(table: TrustTable, compared: Compared, field: str) -> FieldStory | None:
    """Return one figure told whole, None where nobody gave it."""
    found = figure(table, compared.key, field)
    if found is None:
        return None
    change = found.change.sentence if found.change else ""
    drivers: tuple[tuple[Driver, ...], ...] = ()
    heading = ""
    if found.change is not None and found.change.direction:
        drivers, heading = part_drivers(table, compared.key, field), figure_words("drivers")
        if not drivers and found.meaning.measure != "percentage":
            drivers = (school_drivers(table, compared.key, field),)
            heading = figure_words("school_drivers")
    said = [*sentences_of(table, compared, field), change]
    return FieldStory(
        field, compared.key, f"{found.label}, {term_words(compared.key)}",
        tuple(sentence for sentence in said if sentence), formula_words(table, compared.key, found),
        funnel_chart(table, compared, field), drivers, heading, field_history(table, field),
    )  # fmt: skip


def field_paper(story: FieldStory, owner: Owner, today: date) -> Paper:
    """Return the figure as a paper, with true numbers."""
    head = ReportHead(
        title=story.history.label, organisation=owner.name, date=today,
        subtitle=term_words(story.key), is_demonstration=owner.is_demonstration,
        footer_words=_HANDLING,
    )  # fmt: skip
    blocks: list[Block] = [
        Paragraph(figure_words("question"), Tone.NOTICE),
        Bullets(story.sentences),
        Paragraph(f"How it is made. {story.formula}", Tone.QUIET),
    ]
    if story.chart is not None:
        blocks += [
            Heading("Schools beside each other"), story.chart,
            Grid(story.chart.columns, story.chart.rows(), (3, 1, 1, 1.3, 2)),
        ]  # fmt: skip
    for drivers in story.drivers:
        rows = tuple((d.label, f"{d.before:,.0f}", f"{d.after:,.0f}", d.words) for d in drivers)
        blocks += [
            Heading("What the change is made of"), Paragraph(story.drivers_heading),
            Grid(("Part", "Last year", "Now", "Change"), rows, (5, 1, 1, 1)),
        ]  # fmt: skip
    columns = ("School", *map(term_words, story.history.terms))
    cells = tuple((row.school, *row.cells) for row in story.history.rows)
    blocks += [
        Heading("Every school in every term"),
        Grid(columns, cells, (3, *[1.2] * (len(columns) - 1))),
    ]
    blocks += [Paragraph(f"Definition changed, {each}") for each in story.history.breaks]
    return Paper(f"figure-{story.field}", head, tuple(blocks))
