"""The Trends tab on paper: one category's weeks, decisions, places and times, and every state."""

from __future__ import annotations

from datetime import date

from odbst_desktop.analysis.wording import number_words, say
from odbst_desktop.meetings.trend_report import (
    CategoryTrend,
    Trends,
    place_and_time_labels,
    rate_unit,
    state_words,
)
from odbst_desktop.reports.blocks import (
    Block,
    Bullets,
    Grid,
    Heading,
    Paragraph,
    ReportHead,
    Tone,
)
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import Owner
from odbst_desktop.school.typed_dates import show_date

_HANDLING = "Sensitive: exact counts, small numbers shown. For the DSL team; not for publication."


def trend_paper(trends: Trends, shown: CategoryTrend, owner: Owner, today: date) -> Paper:
    """Return the trends of one category as a paper, with a table beside each chart."""
    head = ReportHead(
        title="Trends in what the weekly meetings counted",
        organisation=owner.name,
        date=today,
        subtitle=shown.weeks.label,
        is_demonstration=owner.is_demonstration,
        footer_words=_HANDLING,
    )
    blocks: list[Block] = [
        Paragraph(say("question"), Tone.NOTICE),
        Heading(f"{shown.weeks.label} by week"),
        shown.chart,
        Bullets((*shown.break_sentences, *(shown.latest or (say("no_signal"),)),
                 *shown.runs.sentences)),
        *_decisions(shown),
        *_places(shown, trends.pupils),
        Heading("Every category"),
        Grid(
            ("Category", "Weeks", "Counted", "Newest week"),
            tuple(
                (s.label, str(sum(w.count is not None for w in s.weeks)), str(s.total),
                 state_words(s))
                for s in trends.series
            ),
            (4, 1, 1, 1.6),
        ),
        Heading("The weeks as a table"),
        Grid(("Week of", "Count", "What is to be said of it"), shown.chart.rows(), (1.4, 0.7, 4)),
    ]  # fmt: skip
    return Paper("trends", head, tuple(blocks))


def _decisions(shown: CategoryTrend) -> list[Block]:
    rows = tuple(
        (
            f"D{number}", show_date(effect.decision.on), effect.decision.words,
            effect.counts.outcome.value.capitalize(), effect.counts.sentence,
        )
        for number, effect in enumerate(shown.effects, start=1)
    )  # fmt: skip
    words = "No decision is measured by this yet. In a meeting, let a decision name its trend."
    return [
        Heading("What followed each decision"),
        Grid(("", "Decided", "Decision", "Outcome", "In figures"), rows, (0.5, 1.2, 2.4, 1.2, 4),
             words),
    ]  # fmt: skip


def _places(shown: CategoryTrend, pupils: int) -> list[Block]:
    names = place_and_time_labels()
    rows = tuple(
        (
            names.get(cell.place, cell.place), names.get(cell.time, cell.time), str(cell.count),
            "—" if cell.rate is None else number_words(cell.rate),
            "—" if cell.expected is None else number_words(cell.expected),
            "▲ Stands out" if cell.is_hot else "—",
        )
        for cell in shown.hot.cells
    )  # fmt: skip
    columns = ("Place", "Time", "Counted", f"For {rate_unit(pupils)}", "By pupils’ time", "")
    return [
        Heading(f"Places and times: {shown.period.label}"),
        Paragraph(say("exposure"), Tone.QUIET),
        shown.heat,
        Bullets(shown.hot.sentences),
        Grid(columns, rows, (2, 2, 1, 1.4, 1.2, 1.4)),
    ]
