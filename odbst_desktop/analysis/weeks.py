"""Judge a week's count of a category against the school's own weeks.

A week without a closed meeting is not known: its count is None, never nought. Source of the rules:
domain reference, section 8, and the design, section 7.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from itertools import takewhile

from odbst_desktop.analysis.poisson import (
    SIGNALS,
    WARNS,
    CountLimits,
    count_limits,
    probability_at_least,
    probability_at_most,
)
from odbst_desktop.analysis.wording import number_words, odds_words, say, settings

SCHOOL_DAYS = 5
"""The days of a school week: how gaps between weeks are told in days."""

_WARNS, _SIGNALS = (1 - WARNS) / 2, (1 - SIGNALS) / 2


class Kind(Enum):
    """What is out of the ordinary."""

    ABOVE = "above"
    BELOW = "below"
    RUN_ABOVE = "run_above"
    RUN_BELOW = "run_below"
    CLOSER = "closer"
    SILENT = "silent"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Week:
    """A week's count, named by its Monday; None where no closed meeting counted."""

    monday: date
    count: int | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual, from ``weeks`` recorded weeks with ``events`` in them.

    ``dispersion`` is 1 where weeks vary as chance alone would make them; where it is large the
    limits are widened. ``silence`` says why no limits may be used; then there are none.
    """

    weeks: int
    events: int
    mean: float
    dispersion: float
    limits: CountLimits | None
    silence: str

    @property
    def is_widened(self) -> bool:
        """Say whether the weeks vary more than chance alone."""
        return self.dispersion > settings().dispersion_from

    @property
    def sentence(self) -> str:
        """Return what is usual with its limits, or why there are none."""
        if self.limits is None:
            return self.silence
        return say(
            "usual_wide" if self.is_widened else "usual",
            mean=number_words(self.mean), events=self.events, weeks=self.weeks,
            warn=self.limits.warn_high, signal=self.limits.signal_high,
            dispersion=number_words(self.dispersion),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """Something out of the ordinary; ``is_strong`` beyond 99.8 %, else beyond 95 %."""

    kind: Kind
    is_strong: bool
    sentence: str


def baseline_of(history: Sequence[Week]) -> Baseline:
    """Return what is usual in the newest weeks of a history, oldest first."""
    rules = settings()
    kept = tuple(history)[-rules.history_weeks :]
    counts = [week.count for week in kept if week.count is not None]
    events, missing = sum(counts), len(kept) - len(counts)
    mean = events / len(counts) if counts else 0.0
    plain = Baseline(len(counts), events, mean, 1.0, None, "")
    if len(counts) < rules.least_weeks:
        silence = say("too_early", weeks=len(counts), least=rules.least_weeks)
    elif missing > rules.most_missing_share * len(kept):
        silence = say("too_many_gaps", missing=missing, weeks=len(kept))
    elif events < rules.least_events:
        silence = say("too_few", events=events, weeks=len(counts), least=rules.least_events)
    else:
        spread = sum((count - mean) ** 2 for count in counts) / mean / (len(counts) - 1)
        wide = spread if spread > rules.dispersion_from else 1.0
        return replace(plain, dispersion=spread, limits=_widened(count_limits(mean), wide))
    return replace(plain, silence=silence)


def judge_week(label: str, history: Sequence[Week], week: Week) -> tuple[Finding, ...]:
    """Return what is out of the ordinary in a week after its history, the strongest first."""
    if week.count is None:
        return ()
    recorded = tuple(known for known in history if known.count is not None)
    found = [
        *_against_limits(label, baseline_of(history), week.count),
        *_run(label, history, week),
        *_closer(label, history, recorded, week.count),
        *_silent(label, history, recorded, week.count),
    ]
    return tuple(sorted(found, key=lambda finding: not finding.is_strong))


def may_be_judged(history: Sequence[Week]) -> bool:
    """Say whether there is enough of a history to judge a week by."""
    return baseline_of(history).limits is not None


def _widened(limits: CountLimits, dispersion: float) -> CountLimits:
    factor, mean = math.sqrt(dispersion), limits.expected

    def high(limit: int) -> int:
        return math.ceil(mean + (limit - mean) * factor)

    def low(limit: int | None) -> int | None:
        moved = -1 if limit is None else math.floor(mean - (mean - limit) * factor)
        return moved if moved >= 0 else None

    return CountLimits(
        mean, high(limits.warn_high), high(limits.signal_high),
        low(limits.warn_low), low(limits.signal_low),
    )  # fmt: skip


def _against_limits(label: str, usual: Baseline, count: int) -> list[Finding]:
    limits, rules = usual.limits, settings()
    if limits is None:
        return []
    wide = "_wide" if usual.is_widened else ""
    facts = {
        "label": label, "count": count, "mean": number_words(usual.mean), "weeks": usual.weeks,
    }  # fmt: skip
    is_quiet = usual.mean < rules.quiet_expected and count < rules.quiet_observed
    if count >= limits.warn_high and not is_quiet:
        odds = odds_words(probability_at_least(count, usual.mean))
        sentence = say(f"above{wide}", **facts, warn=limits.warn_high, signal=limits.signal_high,
                       odds=odds)  # fmt: skip
        return [Finding(Kind.ABOVE, count >= limits.signal_high, sentence)]
    if limits.warn_low is not None and count <= limits.warn_low:
        lowest = limits.signal_low
        more = "" if lowest is None else say("below_signal", signal=lowest)
        odds = odds_words(probability_at_most(count, usual.mean))
        sentence = say(f"below{wide}", **facts, warn=limits.warn_low, signal=more, odds=odds)
        return [Finding(Kind.BELOW, lowest is not None and count <= lowest, sentence)]
    return []


def _run(label: str, history: Sequence[Week], week: Week) -> list[Finding]:
    """Find a run on one side of what was usual before the run."""
    length = settings().run_weeks
    recorded = [known for known in (*history, week) if known.count is not None]
    if len(recorded) <= length:
        return []
    run = [known.count or 0 for known in recorded[-length:]]
    first = recorded[-length].monday
    usual = baseline_of([known for known in history if known.monday < first])
    if usual.limits is None:
        return []
    above = probability_at_least(math.floor(usual.mean) + 1, usual.mean)
    below = probability_at_most(math.ceil(usual.mean) - 1, usual.mean)
    for kind, is_run, side in (
        (Kind.RUN_ABOVE, all(count > usual.mean for count in run), above),
        (Kind.RUN_BELOW, all(count < usual.mean for count in run), below),
    ):
        # Of a rare category most weeks are below the mean: a run says something only where
        # chance would seldom make it.
        chance = side**length
        if is_run and chance < _WARNS:
            sentence = say(
                kind.value, label=label, mean=number_words(usual.mean), run=length,
                total=sum(run), usual=number_words(usual.mean * length), odds=odds_words(chance),
            )  # fmt: skip
            return [Finding(kind, chance < _SIGNALS, sentence)]
    return []


def _closer(
    label: str, history: Sequence[Week], recorded: Sequence[Week], count: int
) -> list[Finding]:
    """Find events of a rare category that lie closer together than before."""
    rules = settings()
    if not 0 < count < rules.close_events:
        return []
    events, span = count, 1
    for known in reversed(recorded):
        if events >= rules.close_events:
            break
        events += known.count or 0
        span += 1
    usual = baseline_of([k for k in history if k.monday < recorded[len(recorded) - span + 1].monday]
                        if span > 1 else history)  # fmt: skip
    if events < rules.close_events or usual.limits is None or usual.mean >= rules.rare_below:
        return []
    chance = probability_at_least(events, usual.mean * span)
    if chance >= _WARNS:
        return []
    sentence = say(
        "closer", label=label, events=events, days=span * SCHOOL_DAYS,
        gap=round(SCHOOL_DAYS / usual.mean), odds=odds_words(chance),
    )  # fmt: skip
    return [Finding(Kind.CLOSER, chance < _SIGNALS, sentence)]


def _silent(
    label: str, history: Sequence[Week], recorded: Sequence[Week], count: int
) -> list[Finding]:
    """Find a rare category of which nothing was heard for longer than before."""
    quiet = list(takewhile(lambda known: known.count == 0, reversed(recorded)))
    if count or len(quiet) == len(recorded):
        return []
    first = quiet[-1].monday if quiet else None
    usual = baseline_of([k for k in history if first is None or k.monday < first])
    if usual.limits is None or usual.mean >= settings().rare_below:
        return []
    weeks = len(quiet) + 1
    chance = math.exp(-usual.mean * weeks)
    if chance >= _WARNS:
        return []
    sentence = say(
        "silent", label=label, days=weeks * SCHOOL_DAYS, gap=round(SCHOOL_DAYS / usual.mean),
        odds=odds_words(chance),
    )  # fmt: skip
    return [Finding(Kind.SILENT, chance < _SIGNALS, sentence)]
