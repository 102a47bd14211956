"""Places and times that stand out from what the pupils' time there would give.

A place's concerns are held against how long pupils are there at each time of day (minutes, times
the share of pupils present, for the times the place is used), never against the times' own totals.
Source: domain reference, sections 2 and 8.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from odbst_desktop.analysis.poisson import SIGNALS, WARNS, probability_at_least
from odbst_desktop.analysis.wording import number_words, odds_words, say, settings

_WARNS, _SIGNALS = (1 - WARNS) / 2, (1 - SIGNALS) / 2
_MINUTES_OF_AN_HOUR = 60
_PER_PUPIL_HOURS = 1000


@dataclass(frozen=True, slots=True)
class Incident:
    """So many concerns at a place and a time; an empty name where it was not recorded.

    ``pupils`` is how many different children they are, None where nobody said.
    """

    place: str
    time: str
    count: int
    pupils: int | None = None


@dataclass(frozen=True, slots=True)
class Exposure:
    """How pupils' time is spread.

    ``minutes`` of each time of the school day, weighted with the share of pupils present;
    ``used`` names the times at which a place is used, all of them where it is not in it;
    ``school_days`` and ``pupils`` (0 if not known) make the hours of the rates.
    """

    minutes: Mapping[str, float]
    used: Mapping[str, frozenset[str]]
    school_days: int
    pupils: int

    def minutes_at(self, place: str) -> dict[str, float]:
        """Return the minutes of each time at which a place is used."""
        times = self.used.get(place)
        return {t: m for t, m in self.minutes.items() if times is None or t in times}

    def hours(self, time: str) -> float:
        """Return the pupil-hours of a time, or its hours where the pupils are not known."""
        minutes = self.minutes.get(time, 0.0)
        return minutes / _MINUTES_OF_AN_HOUR * self.school_days * (self.pupils or 1)


@dataclass(frozen=True, slots=True)
class Cell:
    """A place at a time: what was counted and what the pupils' time there would give.

    ``rate`` is for 1,000 pupil-hours of the time, or for 1,000 hours where the roll is not known;
    ``expected``, ``probability`` and ``rate`` are None out of school hours; ``is_strong`` is
    beyond 99.8 %, a hot spot beyond 95 %.
    """

    place: str
    time: str
    count: int
    expected: float | None
    probability: float | None
    rate: float | None
    is_hot: bool = False
    is_strong: bool = False
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class HotSpots:
    """Every cell in which something was counted, and the sentences to be shown."""

    cells: tuple[Cell, ...]
    total: int
    not_recorded: int
    sentences: tuple[str, ...]

    @property
    def is_silent(self) -> bool:
        """Say whether too little is recorded for any statement."""
        return self.not_recorded > settings().most_missing_share * self.total


def hot_spots(
    incidents: Iterable[Incident],
    exposure: Exposure,
    labels: Mapping[str, str],
    unknown: frozenset[str] = frozenset({"", "not_recorded"}),
) -> HotSpots:
    """Return each place and time with what stands out; ``labels`` names places and times."""
    listed = tuple(incidents)
    total = sum(incident.count for incident in listed)
    missing = sum(i.count for i in listed if i.place in unknown or i.time in unknown)
    counts: Counter[tuple[str, str]] = Counter()
    pupils: dict[tuple[str, str], int | None] = {}
    for incident in listed:
        where = (incident.place, incident.time)
        if not unknown & set(where):
            counts[where] += incident.count
            known = pupils.get(where, 0)
            add = incident.pupils
            pupils[where] = None if known is None or add is None else known + add
    rows = _rows(counts, exposure)
    is_silent = missing > settings().most_missing_share * total
    cells = tuple(
        _cell(
            where, count, rows[where[0]], pupils[where], exposure, labels, may_speak=not is_silent
        )
        for where, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
        if count
    )
    sentences = list(_sentences(cells, total, missing, is_silent=is_silent))
    if any(cell.is_hot and pupils[cell.place, cell.time] is None for cell in cells):
        sentences.append(say("hot_ask_pupils", least=settings().least_pupils))
    return HotSpots(cells, total, missing, tuple(sentences))


def _rows(counts: Counter[tuple[str, str]], exposure: Exposure) -> Counter[str]:
    """Return each place's count in the hours of the school day."""
    rows: Counter[str] = Counter()
    for (place, time), count in counts.items():
        if time in exposure.minutes_at(place):
            rows[place] += count
    return rows


def _cell(
    where: tuple[str, str],
    count: int,
    row: int,
    pupils: int | None,
    exposure: Exposure,
    labels: Mapping[str, str],
    *,
    may_speak: bool,
) -> Cell:
    place, time = where
    there = exposure.minutes_at(place)
    if time not in there:
        return Cell(place, time, count, None, None, None)
    expected = row * there[time] / sum(there.values())
    probability = probability_at_least(count, expected)
    hours = exposure.hours(time)
    rate = count / hours * _PER_PUPIL_HOURS if hours else None
    plain = Cell(place, time, count, expected, probability, rate)
    rules = settings()
    # A place used at one time only has nothing to be compared with.
    if not may_speak or count < rules.least_hot or probability >= _WARNS or len(there) < 2:
        return plain
    sentence = say(
        "hot", count=count, row=row, place=labels.get(place, place), time=labels.get(time, time),
        expected=number_words(expected), odds=odds_words(probability),
    )  # fmt: skip
    if pupils is not None and pupils < rules.least_pupils:
        sentence += say("hot_few_pupils", pupils=pupils)
    is_hot = pupils is None or pupils >= rules.least_pupils
    is_strong = is_hot and probability < _SIGNALS
    return Cell(place, time, count, expected, probability, rate, is_hot, is_strong, sentence)


def _sentences(
    cells: tuple[Cell, ...], total: int, missing: int, *, is_silent: bool
) -> tuple[str, ...]:
    rules = settings()
    if not total:
        return (say("hot_nothing"),)
    if is_silent:
        percent = round(100 * missing / total)
        return (say("hot_unknown", missing=missing, total=total, percent=percent),)
    tested = [c for c in cells if c.count >= rules.least_hot and c.expected is not None]
    told = tuple(cell.sentence for cell in cells if cell.sentence)
    if not tested:
        return (say("hot_few", least=rules.least_hot),)
    if not told:
        return (say("hot_none", tests=len(tested)),)
    return (*told, say("hot_tests", tests=len(tested), least=rules.least_hot,
                       false=number_words(len(tested) * _WARNS)))  # fmt: skip
