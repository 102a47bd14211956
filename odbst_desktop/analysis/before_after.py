"""Did it work? Compare the weeks before a decision with those after, as far as counts allow.

Source: domain reference, section 8: rates of equal exposure, exact interval, honest words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from odbst_desktop.analysis.comparing import RateRatio, compare_rates
from odbst_desktop.analysis.weeks import Kind, Week, judge_week
from odbst_desktop.analysis.wording import number_words, say, settings


class Outcome(Enum):
    """What may be said of a decision; the words are shown."""

    FELL = "fell"
    NO_CLEAR_CHANGE = "no clear change"
    ROSE = "rose"
    TOO_FEW = "too few to say"


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Counts before and after, in so many recorded weeks each, and what they allow to be said."""

    before: int
    before_weeks: int
    after: int
    after_weeks: int
    rates: RateRatio | None
    outcome: Outcome
    followed_a_peak: bool
    sentence: str


def before_and_after(label: str, weeks: Sequence[Week], decided_on: date) -> BeforeAfter:
    """Compare the recorded weeks up to a decision's own with those after, oldest first."""
    rules = settings()
    recorded = [week for week in weeks if week.count is not None]
    before = [week for week in recorded if week.monday <= decided_on][-rules.compare_weeks :]
    after = [week for week in recorded if week.monday > decided_on][: rules.compare_weeks]
    first = sum(week.count or 0 for week in before)
    second = sum(week.count or 0 for week in after)
    rates = compare_rates(first, len(before), second, len(after)) if before and after else None
    outcome = _outcome(first + second, len(after), rates)
    peak = _followed_a_peak(label, weeks, decided_on)
    return BeforeAfter(
        first, len(before), second, len(after), rates, outcome, peak,
        _sentence(label, (first, len(before)), (second, len(after)), rates, outcome, peak=peak),
    )  # fmt: skip


def _outcome(total: int, weeks_after: int, rates: RateRatio | None) -> Outcome:
    rules = settings()
    if rates is None or total < rules.least_to_compare or weeks_after < rules.least_after_weeks:
        return Outcome.TOO_FEW
    if rates.interval.upper < 1:
        return Outcome.FELL
    if rates.interval.lower > 1:
        return Outcome.ROSE
    return Outcome.NO_CLEAR_CHANGE


def _followed_a_peak(label: str, weeks: Sequence[Week], decided_on: date) -> bool:
    """Say whether a week shortly before the decision was out of the ordinary."""
    before = [week for week in weeks if week.monday <= decided_on]
    newest = range(max(len(before) - settings().peak_weeks, 0), len(before))
    return any(
        finding.kind in {Kind.ABOVE, Kind.CLOSER}
        for place in newest
        for finding in judge_week(label, before[:place], before[place])
    )


def _sentence(
    label: str,
    before: tuple[int, int],
    after: tuple[int, int],
    rates: RateRatio | None,
    outcome: Outcome,
    *,
    peak: bool,
) -> str:
    rules = settings()
    is_told = rates is not None and outcome is not Outcome.TOO_FEW
    ratio = ""
    if rates is not None and is_told:
        ratio = say(
            "ratio", ratio=number_words(rates.ratio), lower=number_words(rates.interval.lower),
            upper=number_words(rates.interval.upper),
        )  # fmt: skip
    sentences = [
        say("before_after", label=label, before=before[0], before_weeks=before[1],
            after=after[0], after_weeks=after[1], ratio=ratio),
        {
            Outcome.FELL: say("fell"),
            Outcome.ROSE: say("rose"),
            Outcome.NO_CLEAR_CHANGE: say("no_clear_change"),
            Outcome.TOO_FEW: say("too_few_to_say", least=rules.least_to_compare,
                                 least_weeks=rules.least_after_weeks),
        }[outcome],
    ]  # fmt: skip
    if is_told:
        sentences.append(say("no_proof"))
    if peak and outcome is not Outcome.TOO_FEW:
        sentences.append(say("peak"))
    return " ".join(sentences)
