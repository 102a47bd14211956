"""The trust's figures as they may leave the ESL: no school's figures, no small number of the trust.

Every total that a paper may show is protected together with what the form says to hold between
them and with the same term last year, so that no paper gives back what another hides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from odbst_desktop.analysis.disclosure import NOT_SHOWN, Count, Relation, protect
from odbst_desktop.analysis.form_disclosure import (
    form_relations,
    number_told,
    rate_told,
    rule_of,
)
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.trust.figures import LEAST_EVENTS, Figure, figures
from odbst_desktop.trust.table import TermKey, TrustTable

_LEAST_GROUP = 10
_LEAST_SHARED_BY = 3
"""A total of fewer schools is near to a school's own figure, which its readers may know."""


@dataclass(frozen=True, slots=True)
class ToldFigure:
    """One figure in the words that may leave: total, rate, direction since last year."""

    label: str
    total: str
    rate: str
    given: str
    change: str
    number: float | None


def told_figures(
    table: TrustTable, keys: tuple[TermKey, ...]
) -> dict[TermKey, dict[str, ToldFigure]]:
    """Return every figure of some terms as it may leave, protected all together."""
    found = {key: {each.field: each for each in figures(table, key)} for key in keys}
    counts: list[Count] = []
    relations: list[Relation] = []
    for key, by_field in found.items():
        prefix = f"{key[0]} {key[1]}/"
        counts += [
            Count(prefix + name, int(each.total), rule_of(question))
            for name, each in by_field.items()
            if (question := table.form.question(name)) is not None
            and question.type == "integer" and each.given_by
        ]  # fmt: skip
        relations += form_relations(table.form, prefix)
    words = protect(counts, relations).words
    told = {}
    for key, by_field in found.items():
        of_term = {name: words.get(f"{key[0]} {key[1]}/{name}", "") for name in by_field}
        told[key] = {name: _told(table.form, each, of_term) for name, each in by_field.items()}
    return told


def _told(form: Form, each: Figure, words: Mapping[str, str]) -> ToldFigure:
    question = form.question(each.field)
    rule = rule_of(question) if question is not None else "never"
    if rule == "never" or each.given_by < _LEAST_SHARED_BY:
        return ToldFigure(each.label, NOT_SHOWN, NOT_SHOWN, each.given_words, NOT_SHOWN, None)
    if each.meaning.measure == "percentage":
        return ToldFigure(each.label, each.total_words, "—", each.given_words,
                          each.change_words, each.total)  # fmt: skip
    if question is not None and question.type == "decimal":
        small = rule == "small" and 0 < each.total < 5
        said = NOT_SHOWN if small else each.total_words
        return ToldFigure(each.label, said, "—", each.given_words, _direction(each), None)
    total = words.get(each.field, NOT_SHOWN)
    number = number_told(total)
    return ToldFigure(
        each.label, f"{number:,}" if number is not None else total, _rate(each, words),
        each.given_words, _direction(each) if number is not None else NOT_SHOWN,
        None if number is None else float(number),
    )  # fmt: skip


def _rate(each: Figure, words: Mapping[str, str]) -> str:
    """Return the rate from what is shown; a share of a group that is not shown has none."""
    meaning = each.meaning
    if meaning.measure not in {"events", "share"} or each.rate is None:
        return "—"
    # A rate over fewer schools than the total would tell the two apart.
    told = number_told(words.get(each.field, "")), number_told(words.get(meaning.among, ""))
    if told != (int(each.rate.count), int(each.rate.among)):
        return NOT_SHOWN
    if meaning.measure == "share":
        count, group = int(each.rate.count), int(each.rate.among)
        is_told = group >= _LEAST_GROUP and (count == 0 or count >= LEAST_EVENTS)
        return f"{each.rate.value:.1f} %" if is_told else NOT_SHOWN
    rate = rate_told(words[each.field], words[meaning.among], meaning.per)
    return rate if rate == NOT_SHOWN else f"{rate} for {meaning.per:,}"


def _direction(each: Figure) -> str:
    """Return only the direction: the numbers of the same schools could tell the others' apart."""
    change = each.change
    if change is None or not change.direction:
        return "—"
    shape = {"up": "▲ Up", "down": "▼ Down", "same": "● Same"}[change.direction]
    if each.meaning.measure != "events" or change.direction == "same":
        return shape
    return f"{shape}, beyond chance" if change.is_marked else f"{shape}, within chance"
