"""The papers of the themes: the proposal with its arithmetic, the loop, silence, three views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from odbst_desktop.reports.blocks import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    NewPage,
    Paragraph,
    ReportHead,
    Tone,
)
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import Owner
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.trust.overload import Ask, Load, budget_words
from odbst_desktop.trust.silence import Silence
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.theme_evidence import Ground
from odbst_desktop.trust.theme_loop import ThemeLoop
from odbst_desktop.trust.theme_proposal import FIRST, Proposed
from odbst_desktop.trust.themes import Choice, Weights, own_day
from odbst_desktop.trust.three_views import SchoolFact

_QUESTION = (
    "A rise is a question, not a fault: more recording can mean a better culture. Schools are not "
    "ranked. Single serious events are looked at one by one and never left to statistics."
)
_FOOTER = "For the Executive Safeguarding Lead. True figures: suppress them before they leave."


@dataclass(frozen=True, slots=True)
class Setting:
    """Whose paper it is, and its day."""

    owner: Owner
    today: date


def proposal_paper(
    setting: Setting, ground: Ground, proposed: Sequence[Proposed], weights: Weights,
    choice: Choice | None,
) -> Paper:  # fmt: skip
    """Return the proposal: every theme, every line of its evidence, points, weights and sum."""
    rows = tuple((str(each.rank), each.title, each.arithmetic, each.stability) for each in proposed)
    since = show_date(own_day(weights.since))
    by = f", set by {weights.set_by}: {weights.reason}" if weights.set_by else ", as shipped"
    blocks: list[Block] = [
        Paragraph(_QUESTION, Tone.NOTICE),
        Facts((
            ("Returns", f"{len(ground.now)} schools for {ground.term.words}"),
            ("Weights", f"in use since {since}{by}"),
            ("How", "Each line gives 0, 1 or 2 points, times its weight. The same returns and "
                    f"weights give the same list. At most {FIRST} themes are chosen."),
        )),
        Heading("In the order of their evidence"),
        Grid(("No.", "Theme", "Sum", "Does one school put it there?"), rows, (0.6, 3, 3.4, 4)),
    ]  # fmt: skip
    if choice is not None:
        chosen = tuple(
            (each.theme.title, f"number {each.rank}", each.reason) for each in choice.chosen
        )
        day = show_date(own_day(choice.decided_at))
        blocks += [
            Heading(f"Chosen for {choice.term.words}"),
            Paragraph(f"By {choice.decided_by} on {day}."),
            Grid(("Theme", "In the proposal", "Reason"), chosen, (3, 1.6, 5)),
        ]
    blocks.append(NewPage())
    blocks.append(Heading("The arithmetic, theme by theme"))
    for each in proposed:
        lines = tuple(
            (line.label, line.words, str(line.points), str(line.weight), str(line.score))
            for line in each.lines
        )
        blocks += [
            Heading(f"{each.rank}. {each.title}: {each.score}", 2),
            Grid(("Evidence", "What the figures say", "Points", "Weight", "Sum"), lines,
                 (3.4, 5, 0.9, 0.9, 0.8)),
        ]  # fmt: skip
    head = _head(setting, "Themes proposed", f"From the returns of {ground.term.words}")
    return Paper("themes-proposed", head, tuple(blocks))


def loop_paper(setting: Setting, loops: Sequence[ThemeLoop]) -> Paper:
    """Return the theme loop: a page a theme, three terms side by side."""
    blocks: list[Block] = []
    for number, loop in enumerate(loops):
        if number:
            blocks.append(NewPage())
        steps = (
            ("Returns", [t.returns for t in loop.terms]),
            ("Theme", [t.theme for t in loop.terms]),
            ("Focus pack", [t.pack for t in loop.terms]),
            ("Governors’ answers", [t.answers for t in loop.terms]),
            ("Trend", [t.trend for t in loop.terms]),
        )
        rows = tuple((name, *told) for name, told in steps)
        columns = ("Step", *(t.term.words for t in loop.terms))
        blocks += [
            Heading(loop.title),
            Grid(columns, rows, (1.3, 3, 3, 3)),
            Heading("What became of it", 2),
            Paragraph(loop.effect),
            Paragraph(loop.caution, Tone.QUIET),
        ]
    if not blocks:
        blocks.append(Paragraph("No theme is chosen yet."))
    head = _head(setting, "The theme loop", "Returns, theme, pack, visits, trend", wide=True)
    return Paper("theme-loop", head, tuple(blocks))


def silence_paper(setting: Setting, term: TermOf, found: Sequence[Silence]) -> Paper:
    """Return what stopped being recorded, by school."""
    rows = tuple((each.school, each.kind, each.sentence) for each in found)
    blocks: tuple[Block, ...] = (
        Paragraph(
            "Silence is a question about recording, not praise. Each school is held against its "
            "own terms before and against its size; with fewer than five expected, none is "
            "nothing out of the ordinary among so many figures and is not listed.",
            Tone.NOTICE,
        ),
        Grid(("School", "What", "In figures"), rows, (2, 1.6, 6),
             "Nothing fell silent that chance alone would not explain."),
    )  # fmt: skip
    return Paper("silent-signals", _head(setting, "Silent signals", term.words), blocks)


def three_views_paper(setting: Setting, term: TermOf, found: Sequence[SchoolFact]) -> Paper:
    """Return every fact at every school as the governor, the return and the log tell it."""
    blocks: list[Block] = [
        Paragraph(
            "One fact as three tell it. A difference is shown, not judged: each may have looked "
            "on another day. The log stays at the school; its return says whether a figure is as "
            "the log counted it.",
            Tone.NOTICE,
        )
    ]
    for school in dict.fromkeys(each.school for each in found):
        rows = tuple(
            (e.views.fact.label, e.views.governor, e.views.returned, e.views.logged,
             e.views.verdict)
            for e in found if e.school == school
        )  # fmt: skip
        blocks += [
            Heading(school),
            Grid(("Fact", "Governor", "Return", "Log", "Difference"), rows, (3, 1.8, 1.6, 2, 4)),
        ]
    head = _head(setting, "Three views of one fact", term.words, wide=True)
    return Paper("three-views", head, tuple(blocks))


def budget_paper(
    setting: Setting, term: TermOf, asks: Sequence[Ask], found: Sequence[Load]
) -> Paper:
    """Return the overload budget: what a term asks of each DSL, the themes' part marked."""
    listed = tuple(
        (ask.what, "with the themes" if ask.is_new else "as usual", f"{ask.minutes:,}")
        for ask in asks
    )
    schools = tuple(
        (load.school, f"{load.usual + load.new:,}",
         f"{load.available:,}" if load.available else "not known", load.words)
        for load in found
    )  # fmt: skip
    blocks: tuple[Block, ...] = (
        Paragraph(budget_words(asks, found), Tone.NOTICE),
        Heading("What is asked of each DSL"),
        Grid(("What", "", "Minutes in the term"), listed, (6, 2, 2)),
        Heading("School by school"),
        Grid(("School", "Minutes asked", "Minutes set aside", "Together"), schools, (3, 2, 2, 4)),
        Bullets((
            "The minutes of each duty are assumptions, kept as data.",
            "The minutes set aside are the hours a week that the school’s last return gives the "
            "DSL, in a term of twelve weeks.",
        )),
    )  # fmt: skip
    return Paper("overload-budget", _head(setting, "Overload budget", term.words), blocks)


def _head(setting: Setting, title: str, subtitle: str, *, wide: bool = False) -> ReportHead:
    return ReportHead(
        title=title, organisation=setting.owner.name, date=setting.today, subtitle=subtitle,
        is_demonstration=setting.owner.is_demonstration, footer_words=_FOOTER, is_landscape=wide,
    )  # fmt: skip
