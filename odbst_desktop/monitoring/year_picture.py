"""A year's picture for the LGB: what was checked, found, changed, and what was not seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from odbst_desktop.actions.list import Action
from odbst_desktop.monitoring.checklists import (
    Finding,
    Score,
    agreed_actions,
    findings,
    gaps,
    score,
)
from odbst_desktop.monitoring.cycle import PlannedCheck
from odbst_desktop.monitoring.judgement import without_identifiers
from odbst_desktop.monitoring.pupil_voice import (
    PlaceFeeling,
    place_feelings,
    told_cells,
    voice,
)
from odbst_desktop.monitoring.report import share_words
from odbst_desktop.monitoring.versions import broken_lines, comparable_findings
from odbst_desktop.monitoring.visits import Visit
from odbst_desktop.reports.blocks import Block, Grid, Heading, Paragraph, ReportHead, Tone
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.calendar import AcademicYear, year_of
from odbst_desktop.school.typed_dates import show_date

_WORTH = {"yes": 2, "partly": 1, "no": 0}


@dataclass(frozen=True, slots=True)
class Checked:
    """A visit of the year with its counts and how many of its actions are done."""

    visit: Visit
    score: Score
    gaps: tuple[str, ...]
    agreed: int
    done: int | None

    @property
    def action_words(self) -> str:
        """Return how the actions stand; the governor's vault knows only what was agreed."""
        if not self.agreed:
            return "none"
        return f"{self.agreed} agreed" if self.done is None else f"{self.done} of {self.agreed}"


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose answer is another than at the check before."""

    form_title: str
    short: str
    before: str
    after: str
    on: date
    is_better: bool

    @property
    def words(self) -> str:
        """Return the change by shape and word."""
        return f"{'▲ Better' if self.is_better else '▼ Worse'}: {self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A question that cannot be compared with the check before, because its words changed."""

    form_title: str
    short: str
    why: str


@dataclass(frozen=True, slots=True)
class YearPicture:
    """A school's year of monitoring; ``broken`` are the questions that no change is told of."""

    year: str
    checked: tuple[Checked, ...]
    changes: tuple[Change, ...]
    not_seen: tuple[tuple[str, str], ...]
    not_done: tuple[PlannedCheck, ...]
    places: tuple[PlaceFeeling, ...]
    children: int
    broken: tuple[BrokenLine, ...] = ()

    @property
    def lead(self) -> str:
        """Return the year in a sentence."""
        better = sum(change.is_better for change in self.changes)
        wanting = sum(len(checked.gaps) for checked in self.checked)
        return (
            f"Visits made: {len(self.checked)}. Findings that asked for an action: {wanting}. "
            f"Answers better than at the check before: {better}; worse: "
            f"{len(self.changes) - better}. Questions not seen: {len(self.not_seen)}. Planned "
            f"checks not made: {len(self.not_done)}."
        )


def year_picture(
    year: AcademicYear, visits: Sequence[Visit], planned: Sequence[PlannedCheck],
    today: date, listed: Mapping[str, Sequence[Action]] | None = None,
) -> YearPicture:  # fmt: skip
    """Return the picture of a school's year from its visits of all years.

    ``listed`` are the school's actions by origin; without them only what was agreed is known.
    """
    finished = sorted((v for v in visits if v.state != "draft"), key=lambda v: v.visited_on)
    mine = [v for v in finished if year_of(v.visited_on) == year.label]
    voices = [voice(v.answers) for v in mine if v.answers.get("groups")]
    return YearPicture(
        year.label,
        tuple(_checked(visit, listed) for visit in mine),
        tuple(change for visit in mine for change in _changes(visit, finished)),
        _not_seen(mine),
        tuple(check for check in planned if not check.is_done and check.closes < today),
        place_feelings(voices),
        sum(heard.children for heard in voices),
        tuple(line for visit in mine for line in _broken(visit, finished)),
    )


def picture_paper(
    picture: YearPicture, school: str, on: date, *, is_demonstration: bool,
    known_names: Iterable[str] = (),
) -> Paper:  # fmt: skip
    """Return the picture for the LGB: small numbers of children are not told."""
    names = tuple(known_names)
    head = ReportHead(
        title=f"Safeguarding monitoring {picture.year}",
        organisation=school,
        date=on,
        subtitle="The year’s picture for the LGB",
        is_demonstration=is_demonstration,
        footer_words="Scores are not compared between schools. Nobody is named.",
    )
    return Paper(
        "monitoring-year", head,
        (
            Paragraph(picture.lead, Tone.LEAD),
            *_checked_blocks(picture, names),
            *_changed_blocks(picture),
            *_unseen_blocks(picture),
            *_place_blocks(picture),
        ),
    )  # fmt: skip


def _checked(visit: Visit, listed: Mapping[str, Sequence[Action]] | None) -> Checked:
    form, answers = visit.form, visit.answers
    known = None if listed is None else listed.get(visit.origin, ())
    agreed = len(agreed_actions(form, answers)) if known is None else len(known)
    done = None if known is None else sum(action.state == "done" for action in known)
    wanting = tuple(finding.short for finding in gaps(form, answers))
    return Checked(visit, score(findings(form, answers)), wanting, agreed, done)


def _changes(visit: Visit, finished: Sequence[Visit]) -> list[Change]:
    earlier = _earlier(visit, finished)
    if not earlier:
        return []
    return [
        Change(visit.title, now.short, _label(was), _label(now), visit.visited_on,
               _WORTH[now.answer] > _WORTH[was.answer])
        for was, now in comparable_findings(earlier[-1], visit)
        if now.answer in _WORTH and was.answer in _WORTH and now.answer != was.answer
    ]  # fmt: skip


def _broken(visit: Visit, finished: Sequence[Visit]) -> list[BrokenLine]:
    earlier = _earlier(visit, finished)
    if not earlier:
        return []
    broken = broken_lines(earlier[-1], visit)
    return [BrokenLine(visit.title, short, why) for short, why in broken.items()]


def _earlier(visit: Visit, finished: Sequence[Visit]) -> list[Visit]:
    return [v for v in finished if v.form_id == visit.form_id and v.visited_on < visit.visited_on]


def _not_seen(mine: Sequence[Visit]) -> tuple[tuple[str, str], ...]:
    """Return check and question of what no visit of the year saw."""
    unseen: dict[tuple[str, str], bool] = {}
    for visit in mine:
        for finding in findings(visit.form, visit.answers):
            key = (visit.title, finding.short)
            unseen[key] = unseen.get(key, True) and finding.answer == "not_seen"
    return tuple(key for key, never in unseen.items() if never)


def _label(finding: Finding) -> str:
    return finding.question.label_of(finding.answer).lower()


def _checked_blocks(picture: YearPicture, names: tuple[str, ...]) -> tuple[Block, ...]:
    rows = tuple(
        (
            show_date(c.visit.visited_on), c.visit.title,
            f"{c.score.words} ({share_words(c.score.share)})", c.action_words,
            show_date(c.visit.reported_on) if c.visit.reported_on else "not yet",
        )
        for c in picture.checked
    )  # fmt: skip
    found = tuple(
        (c.visit.title, ", ".join(c.gaps), _said(c.visit, names))
        for c in picture.checked if c.gaps
    )  # fmt: skip
    return (
        Heading("What was checked"),
        Grid(("Date", "Check", "Answers", "Actions done", "Reported"), rows, (2, 3, 5, 2, 2),
             empty_words="No check was made yet."),
        Heading("What was found"),
        Grid(("Check", "Answered “no” or “partly”", "The school says"), found, (2, 4, 4),
             empty_words="Nothing was answered “no” or “partly”."),
    )  # fmt: skip


def _said(visit: Visit, names: tuple[str, ...]) -> str:
    texts = [visit.responses.get("", ""), *(t for n, t in visit.responses.items() if n)]
    return without_identifiers(" ".join(text for text in texts if text), names) or "–"


def _changed_blocks(picture: YearPicture) -> tuple[Block, ...]:
    rows = tuple((c.form_title, c.short, c.words, show_date(c.on)) for c in picture.changes)
    return (
        Heading("What changed since the check before"),
        Grid(("Check", "Question", "Change", "Seen on"), rows, (3, 3, 3, 2),
             empty_words="No answer changed, or no check was made twice."),
        *_broken_blocks(picture),
    )  # fmt: skip


def _broken_blocks(picture: YearPicture) -> tuple[Block, ...]:
    if not picture.broken:
        return ()
    rows = tuple((line.form_title, f"≠ {line.short}", line.why) for line in picture.broken)
    return (
        Paragraph("These questions are others than at the check before, so no change is told."),
        Grid(("Check", "Question", "Why it does not compare"), rows, (3, 3, 5)),
    )


def _unseen_blocks(picture: YearPicture) -> tuple[Block, ...]:
    missing = tuple((c.title, f"{c.half_term_label}: not made") for c in picture.not_done)
    return (
        Heading("What was not seen"),
        Grid(("Check", "Question"), (*picture.not_seen, *missing), (2, 3),
             empty_words="Everything that was asked was seen, and every check was made."),
    )  # fmt: skip


def _place_blocks(picture: YearPicture) -> tuple[Block, ...]:
    if not picture.places:
        return ()
    rows = tuple(
        (felt.label, *told_cells((felt.safe, felt.unsure, felt.unsafe))) for felt in picture.places
    )
    return (
        Heading("Places and feelings"),
        Paragraph(f"{picture.children} children were asked in groups. The place that worries most "
                  "stands first."),
        Grid(("Place", "Safe", "Not sure", "Not safe"), rows, (4, 1, 1, 1)),
    )  # fmt: skip
