"""What the term's figures say, for the DSL who is about to write about them.

Nothing is written for anybody: each sentence is offered, with its numbers and limits, to be put
into a text by hand. Source: the plan (data “understood, analysed and acted on at school level”),
domain reference, section 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from odbst_desktop.analysis.comparing import compare_rates
from odbst_desktop.analysis.weeks import judge_week
from odbst_desktop.analysis.wording import number_words
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.versions import break_between
from odbst_desktop.form_library.definitions import form_for
from odbst_desktop.meetings.trend_report import (
    EVERYTHING,
    CategoryTrend,
    Period,
    Trends,
    read_trends,
    trend_of,
)
from odbst_desktop.reports.blocks import HeatMap, WeekChart
from odbst_desktop.returns.drafting import (
    Return,
    ReturnId,
    read_return,
    return_form_in_use,
    returns,
    term_of_return,
)
from odbst_desktop.school.calendar import Term
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.vault.vault import Vault

_MOST_SIGNALS = 8
_PER_PUPILS = 100
_LEAST_TO_COMPARE = 10
"""Two terms with fewer events together are not compared: nothing could be said of them."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that may be put into a text; ``fields`` are the texts it belongs to."""

    kind: str
    words: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understanding:
    """A term as it is read before it is written about.

    ``chart`` are all concerns by week with their limits, ``heat`` their places and times; None
    where no meeting was closed.
    """

    statements: tuple[Statement, ...]
    chart: WeekChart | None
    heat: HeatMap | None


def understanding_of(vault: Vault, made: ReturnId) -> Understanding:
    """Return what a term's meetings and figures say, in the order it is read.

    The ``kind`` of a statement is a heading of ``resources/return_understanding.yaml``: places and
    times, what was out of the ordinary, what was decided and followed, the same term last year.
    """
    found = read_return(vault, made)
    with vault.reading() as session:
        term = term_of_return(session, found)
        roll = found.answers.get("pupils_on_roll")
        until = min(vault.today(), term.closes)
        trends = read_trends(session, until, pupils=roll if isinstance(roll, int) else 0)
        year_before = _same_term_last_year(session, found)
        form = form_for(session, return_form_in_use(session), found.form_version)
        old = (
            form_for(session, return_form_in_use(session), year_before.form_version)
            if year_before
            else form
        )
    period = Period(term.label, term.opens, until)
    whole = trend_of(trends, EVERYTHING, period) if trends.series else None
    sentences = [
        *_of_meetings(trends, whole, term, until),
        *(_compared(form, old, found, year_before) if year_before is not None else ()),
    ]
    fields = shipped_yaml("resources/return_understanding.yaml")["fields"]
    said = tuple(Statement(kind, words, tuple(fields[kind])) for kind, words in sentences)
    return Understanding(said, whole.chart if whole else None, whole.heat if whole else None)


def headings() -> Mapping[str, str]:
    """Return the heading of each kind of statement, in the order they are read."""
    content: Mapping[str, str] = shipped_yaml("resources/return_understanding.yaml")["headings"]
    return content


def narrative_fields(form: Form) -> tuple[tuple[str, str], ...]:
    """Return the texts a statement may be put into, as name and label."""
    kinds = shipped_yaml("resources/return_understanding.yaml")["fields"].values()
    names = {name for fields in kinds for name in fields}
    return tuple((q.name, q.label) for q in form.questions() if q.name in names)


def _of_meetings(
    trends: Trends, whole: CategoryTrend | None, term: Term, until: date
) -> Iterator[tuple[str, str]]:
    if whole is None:
        yield "none", shipped_yaml("resources/return_understanding.yaml")["no_meetings"]
        return
    for words in whole.hot.sentences:
        yield "places", words
    yield from (("signals", words) for words in _signals(trends, term, until))
    for effect in whole.effects:
        on = effect.decision.on
        # What was decided last term shows its effect in this one.
        if on <= until and (until - on).days <= _LOOKS_BACK_DAYS:
            said = f"Decided on {show_date(on)}: {effect.decision.words.rstrip('.')}."
            yield "decided", f"{said} {effect.counts.sentence}"


_LOOKS_BACK_DAYS = 240


def _signals(trends: Trends, term: Term, until: date) -> list[str]:
    """Return the term's strongest sentences, the newest first, one for each category."""
    found: list[tuple[bool, date, str]] = []
    for series in trends.series[1:]:
        heard: list[tuple[bool, date, str]] = []
        for place, week in enumerate(series.weeks):
            if week.count is None or not term.opens <= week.monday <= until:
                continue
            for finding in judge_week(series.label, series.weeks[:place], week)[:1]:
                said = f"Week of {show_date(week.monday)}: {finding.sentence}"
                heard.append((finding.is_strong, week.monday, said))
        found += sorted(heard, reverse=True)[:1]
    return [said for _, _, said in sorted(found, reverse=True)[:_MOST_SIGNALS]]


def _same_term_last_year(session: Session, found: Return) -> Return | None:
    first = int(found.year[:4]) - 1
    year = f"{first}-{(first + 1) % 100:02d}"
    earlier = [
        each for each in returns(session)
        if (each.year, each.term) == (year, found.term) and each.state != "draft"
    ]  # fmt: skip
    return earlier[0] if earlier else None


def _compared(form: Form, old: Form, found: Return, before: Return) -> Iterator[tuple[str, str]]:
    content = shipped_yaml("resources/return_understanding.yaml")
    for name in content["compared"]:
        question = form.question(name)
        now, then = _figure(found.answers, name), _figure(before.answers, name)
        if question is None or now is None or then is None:
            continue
        if broken := break_between(old, form, name):
            yield "last_year", f"{question.label}: {content['broken'].format(why=broken)}"
            continue
        yield "last_year", _compared_words(question.label, (now, found), (then, before), content)


def _compared_words(
    label: str, new: tuple[int, Return], old: tuple[int, Return], content: Mapping[str, str]
) -> str:
    (now, found), (then, before) = new, old
    here = _figure(found.answers, "pupils_on_roll") or 0
    there = _figure(before.answers, "pupils_on_roll") or 0
    said = content["last_year"].format(
        label=label, now=_with_rate(now, here), then=_with_rate(then, there), term=before.title
    )
    rates = compare_rates(then, there, now, here) if here and there else None
    if rates is None or now + then < _LEAST_TO_COMPARE:
        return f"{said} {content['too_few']}"
    interval = rates.interval
    if interval.lower <= 1 <= interval.upper:
        return f"{said} {content['no_clear_change']}"
    return f"{said} {content['rose' if interval.lower > 1 else 'fell']}"


def _with_rate(count: int, roll: int) -> str:
    if not roll:
        return str(count)
    return f"{count} ({number_words(_PER_PUPILS * count / roll)} per 100 pupils)"


def _figure(answers: Mapping[str, Any], name: str) -> int | None:
    value = answers.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
