"""What a paper is made of: a head and a run of blocks, as plain values without layout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ReportHead:
    """What stands at the top and foot of every page.

    ``footer_words`` is free for the words of a package's hash or a handling line.
    """

    title: str
    organisation: str
    date: date
    subtitle: str = ""
    is_demonstration: bool = False
    is_draft: bool = False
    footer_words: str = ""
    is_landscape: bool = False


class Tone(Enum):
    """How a paragraph is spoken."""

    BODY = "body"
    LEAD = "lead"
    QUIET = "quiet"
    NOTICE = "notice"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; it appears among the bookmarks and never ends a page."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text; a line break in it is kept."""

    text: str
    tone: Tone = Tone.BODY


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short points; ``is_numbered`` for steps to take in order."""

    items: tuple[str, ...]
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value, one a row."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose header is repeated on every page it reaches.

    ``widths`` are shares of the page's width, of any scale; none means equal shares.
    ``empty_words`` stand in place of the rows when there are none.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    empty_words: str = "Nothing recorded."


@dataclass(frozen=True, slots=True)
class Bars:
    """Counts as horizontal bars, each with its label and its number in words.

    A value of ``None`` is not known or not shown: it has ``words`` but no bar.
    """

    rows: tuple[tuple[str, float | None, str], ...]
    empty_words: str = "Nothing to show."
    is_compact: bool = False


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """A few figures in large print, four in a row: label, figure, and a line under it."""

    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two runs of blocks beside each other, each with a title; on a web page one after another.

    No headings in them: their titles stand for those.
    """

    titles: tuple[str, str]
    left: tuple[Block, ...]
    right: tuple[Block, ...]


class PointState(Enum):
    """How a week stands to its limits; the words are shown beside the number."""

    USUAL = "within the usual"
    HIGH = "above the first limit"
    SIGNAL = "above the second limit"
    LOW = "below the limit"
    UNKNOWN = "no closed meeting"
    LOW_SIGNAL = "below the second limit"


@dataclass(frozen=True, slots=True)
class WeekPoint:
    """A week of a chart; a value of None is not known and leaves a gap."""

    label: str
    value: int | None
    state: PointState


@dataclass(frozen=True, slots=True)
class LevelLine:
    """A level across a chart: ``kind`` is usual, median, warn or signal.

    It holds from the week at place ``since`` on.
    """

    kind: str
    label: str
    value: float
    since: int = 0


@dataclass(frozen=True, slots=True)
class WeekMark:
    """Something decided in the week at ``place`` (counted from 0); ``label`` is short."""

    place: int
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class WeekChart:
    """Counts of weeks with levels and marks, described once for window, PDF and web page.

    ``summary`` says in a sentence or two what is seen; ``rows`` is the table twin. ``breaks`` are
    at the first weeks of another definition: no line reaches them from the week before.
    """

    title: str
    summary: str
    points: tuple[WeekPoint, ...]
    lines: tuple[LevelLine, ...] = ()
    marks: tuple[WeekMark, ...] = ()
    breaks: tuple[WeekMark, ...] = ()

    @property
    def top(self) -> float:
        """Return the highest value that has to be seen, at least 4."""
        values = [point.value or 0 for point in self.points]
        return max([4.0, *values, *(line.value for line in self.lines)])

    def unbroken(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Return the runs of places and counts that a line joins.

        A line never bridges a week nobody counted, nor a change of what is counted.
        """
        cut = {mark.place for mark in self.breaks}
        runs: list[list[tuple[int, int]]] = [[]]
        for place, point in enumerate(self.points):
            if point.value is None or place in cut:
                runs.append([])
            if point.value is not None:
                runs[-1].append((place, point.value))
        return tuple(tuple(run) for run in runs if run)

    def rows(self) -> tuple[tuple[str, str, str], ...]:
        """Return each week with its count and what is to be said of it."""
        decided: dict[int, list[str]] = {}
        for mark in self.marks:
            decided.setdefault(mark.place, []).append(f"{mark.label}: {mark.words}")
        for mark in self.breaks:
            words = f"{mark.label} Not to be compared with the weeks before. {mark.words}"
            decided.setdefault(mark.place, []).append(words.removesuffix("."))
        return tuple(
            (
                point.label,
                "—" if point.value is None else str(point.value),
                ". ".join([point.state.value.capitalize(), *decided.get(place, [])]),
            )
            for place, point in enumerate(self.points)
        )


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell of a heat map: its words, how dark it is (0 to 1), and whether it stands out."""

    words: str
    shade: float
    is_hot: bool
    description: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A table whose cells are shaded; one that stands out carries a sign as well."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell | None, ...]], ...]
    empty_words: str = "Nothing to show."


@dataclass(frozen=True, slots=True)
class FunnelDot:
    """A school of a funnel plot: its size across, its rate up, what it counted."""

    label: str
    size: float
    rate: float
    state: PointState
    count: int
    expected: str


@dataclass(frozen=True, slots=True)
class FunnelCurve:
    """A limit that narrows as schools grow; ``kind`` is warn or signal."""

    kind: str
    label: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class FunnelChart:
    """Schools by size and rate between the limits of chance, described once.

    ``across`` and ``up`` say what the axes measure; ``rows`` is the table twin.
    """

    title: str
    summary: str
    across: str
    up: str
    dots: tuple[FunnelDot, ...]
    curves: tuple[FunnelCurve, ...]
    centre: float

    columns = ("School", "Among", "Counted", "The others would give", "What is to be said of it")

    @property
    def top(self) -> float:
        """Return the highest value that has to be seen."""
        lines = (rate for curve in self.curves for _, rate in curve.points)
        highest = max([self.centre, *(dot.rate for dot in self.dots)])
        # The limits of a very small school would leave no room for the rest.
        return max(highest, min(max(lines, default=0.0), 2.5 * highest)) or 1.0

    @property
    def sizes(self) -> tuple[float, float]:
        """Return the least and the greatest size that the curves reach."""
        across = [size for curve in self.curves for size, _ in curve.points]
        return min(across, default=0.0), max(across, default=1.0)

    def rows(self) -> tuple[tuple[str, str, str, str, str], ...]:
        """Return each school, by name, with its numbers and what is to be said of it."""
        return tuple(
            (dot.label, f"{dot.size:,.0f}", f"{dot.count:,}", dot.expected,
             dot.state.value.capitalize())
            for dot in self.dots
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signature:
    """One signer; ``words`` say what was signed and when, or are empty for a line to sign on."""

    role: str
    name: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs or has signed; kept together on one page."""

    signers: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class QrCode:
    """A square code to scan, ``side_mm`` wide, with words under it."""

    content: str
    caption: str = ""
    side_mm: float = 40


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (the bytes of a PNG) as wide as the text, with words under it."""

    data: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The headings of the first level with the page on which each begins."""


Block: TypeAlias = (
    Heading
    | Paragraph
    | Bullets
    | Facts
    | Grid
    | Bars
    | KeyFigures
    | SideBySide
    | WeekChart
    | HeatMap
    | FunnelChart
    | Signatures
    | QrCode
    | Picture
    | NewPage
    | Contents
)
