"""Schools beside each other, figure by figure, with the number of comparisons said aloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from odbst_desktop.analysis.funnel import (
    LEAST_SCHOOLS,
    Funnel,
    Given,
    Judged,
    Standing,
    allowing_for_number,
    comparisons,
    judge_schools,
)
from odbst_desktop.analysis.poisson import SIGNALS, WARNS
from odbst_desktop.analysis.wording import number_words, odds_words
from odbst_desktop.reports.blocks import FunnelChart, FunnelCurve, FunnelDot, PointState
from odbst_desktop.trust.relations import figure_rules, figure_words, full_label, meaning_of
from odbst_desktop.trust.table import TermKey, TrustTable, term_words

_CURVE_POINTS = 32
_STATES = {
    Standing.USUAL: PointState.USUAL, Standing.HIGH: PointState.HIGH,
    Standing.HIGH_SIGNAL: PointState.SIGNAL, Standing.LOW: PointState.LOW,
    Standing.LOW_SIGNAL: PointState.LOW_SIGNAL,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """Every comparison between schools that a term allows, by field."""

    key: TermKey
    funnels: Mapping[str, Funnel]
    schools: int

    @property
    def tests(self) -> int:
        """Return how many comparisons were made."""
        return comparisons(self.funnels)

    @property
    def sentence(self) -> str:
        """Return what chance alone makes of so many comparisons."""
        if not self.funnels:
            return figure_words("no_tests", least=LEAST_SCHOOLS)
        standing = sum(j.stands for funnel in self.funnels.values() for j in funnel.schools)
        return figure_words(
            "tests", tests=f"{self.tests:,}", figures=len(self.funnels), schools=self.schools,
            false=number_words(self.tests * (1 - WARNS)),
            falser=number_words(self.tests * (1 - SIGNALS)),
            standing=standing or "none", s="s" if standing in {0, 1} else "",
        )  # fmt: skip

    def standing_out(self, field: str, *, signals_only: bool = False) -> tuple[Judged, ...]:
        """Return the schools that stand out in a figure."""
        funnel = self.funnels.get(field)
        if funnel is None:
            return ()
        return tuple(
            judged for judged in funnel.schools
            if judged.standing is not Standing.USUAL
            and (judged.standing.is_signal or not signals_only)
        )  # fmt: skip

    def words(self, field: str) -> str:
        """Return by shape and word how many schools stand out in a figure."""
        if field not in self.funnels:
            return "—"
        out = self.standing_out(field)
        if not out:
            return "● None"
        signals = sum(judged.standing.is_signal for judged in out)
        schools = f"{len(out)} school{'' if len(out) == 1 else 's'}"
        return f"◆ {schools}, {signals} beyond the second limit" if signals else f"▲ {schools}"


def compare_schools(table: TrustTable, key: TermKey) -> Compared:
    """Compare the schools in every figure that may be compared."""
    found = {}
    for question in table.form.questions():
        funnel = _funnel(table, key, question.name)
        if funnel is not None:
            found[question.name] = funnel
    return Compared(key, allowing_for_number(found), len(table.held.get(key, {})))


def sentences_of(table: TrustTable, compared: Compared, field: str) -> tuple[str, ...]:
    """Return what is to be said of the schools in a figure, in the order of their names."""
    found = []
    numbers = table.numbers(compared.key, field)
    if field in figure_rules().always:
        named = sorted(table.name(urn) for urn, number in numbers.items() if number > 0)
        if named:
            found.append(figure_words("always", schools=", ".join(named)))
    funnel = compared.funnels.get(field)
    if funnel is None:
        never = field in figure_rules().never_compared
        words = "not_compared" if never else "few_schools"
        return (*found, figure_words(words, least=LEAST_SCHOOLS))
    out = compared.standing_out(field)
    for judged in sorted(out, key=lambda judged: table.name(judged.urn)):
        is_high = judged.standing in {Standing.HIGH, Standing.HIGH_SIGNAL}
        words = figure_words(
            "above" if is_high else "below", school=table.name(judged.urn), count=judged.count,
            expected=number_words(judged.expected), odds=odds_words(judged.probability / 2),
        )  # fmt: skip
        more = "stands" if judged.stands else "falls"
        found.append(words + figure_words(more, tests=f"{compared.tests:,}"))
    if not out:
        found.append(figure_words("none_out"))
    if funnel.is_widened:
        found.append(figure_words("widened", dispersion=number_words(funnel.dispersion)))
    return tuple(found)


def funnel_chart(table: TrustTable, compared: Compared, field: str) -> FunnelChart | None:
    """Return a figure's funnel plot: a dot a school, the limits for its size."""
    funnel = compared.funnels.get(field)
    if funnel is None:
        return None
    meaning, label = meaning_of(table.form, field), full_label(table.form, field)
    per = meaning.per
    among = table.form.question(meaning.among)
    sizes = [judged.among for judged in funnel.schools]
    least, most = max(min(sizes) * 0.75, 1), max(sizes) * 1.08
    steps = [least + (most - least) * n / (_CURVE_POINTS - 1) for n in range(_CURVE_POINTS)]
    limits = [(size, funnel.limits(size)) for size in steps]
    curves = tuple(
        FunnelCurve(kind, words, tuple((size, four[place] / size * per) for size, four in limits))
        for kind, words, place in (
            ("signal", "99.8 %", 3), ("warn", "95 %", 2), ("warn", "", 1), ("signal", "", 0),
        )
    )  # fmt: skip
    dots = tuple(
        FunnelDot(
            table.name(j.urn), j.among, j.count / j.among * per, _STATES[j.standing], j.count,
            number_words(j.expected),
        )
        for j in sorted(funnel.schools, key=lambda judged: table.name(judged.urn))
    )  # fmt: skip
    unit = "%" if funnel.is_share else f"for {per:,} pupils"
    return FunnelChart(
        f"{label}, {term_words(compared.key)}",
        " ".join(sentences_of(table, compared, field)),
        across=(among.label if among else meaning.among), up=unit, dots=dots, curves=curves,
        centre=funnel.rate * per,
    )  # fmt: skip


def _funnel(table: TrustTable, key: TermKey, field: str) -> Funnel | None:
    meaning = meaning_of(table.form, field)
    if meaning.measure not in {"events", "share"} or field in figure_rules().never_compared:
        return None
    counts, among = table.numbers(key, field), table.numbers(key, meaning.among)
    given = [
        Given(urn, int(count), int(among[urn]))
        for urn, count in sorted(counts.items())
        if float(count).is_integer() and among.get(urn, 0) > 0 and float(among[urn]).is_integer()
        and (meaning.measure == "events" or count <= among[urn])
    ]  # fmt: skip
    return judge_schools(given, is_share=meaning.measure == "share")
