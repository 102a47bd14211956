"""What a form says of its figures is read as its own rules say it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odbst_desktop.analysis.disclosure import NOT_SHOWN, SMALL
from odbst_desktop.analysis.form_disclosure import (
    form_counts,
    form_relations,
    rate_told,
    rule_of,
    told,
)
from odbst_desktop.form_engine.expressions import Scope, holds_in
from odbst_desktop.form_engine.reading import shipped_form

FORM = shipped_form("return/termly_return")
COUNTED = [q.name for q in FORM.questions() if q.type == "integer"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=len(COUNTED), max_size=len(COUNTED)), st.data())
def test_a_relation_holds_exactly_where_its_rule_does(
    values: list[int], data: st.DataObject
) -> None:
    answers = dict(zip(COUNTED, values, strict=True))
    previous = {name: data.draw(st.integers(0, 6)) for name in ("cin_open_end", "ref_pending")}
    known = {**{f"now/{n}": v for n, v in answers.items()},
             **{f"before/{n}": v for n, v in previous.items()}}  # fmt: skip
    relations = iter(form_relations(FORM, "now/", "before/"))
    seen = 0
    for rule in FORM.rules:
        if rule.operator != "=" and rule.severity != "error":
            continue
        names = {n for n in COUNTED if f"${{{n}}}" in rule.left + rule.right}
        if not names or "suspension_days" in rule.left:
            continue
        relation = next(
            (r for r in relations if {n.partition("/")[2] for _, n in r.terms} & names), None
        )
        if relation is None or not all(name in known for _, name in relation.terms):
            continue
        sentence = f"({rule.left}) {rule.operator} ({rule.right})"
        assert relation.holds(known) == holds_in(sentence, Scope(answers, previous=previous))
        seen += 1
    assert seen > 40


def test_every_sum_of_the_form_is_known_to_a_reader() -> None:
    sums = {terms for r in form_relations(FORM) if r.is_equal and len(terms := r.terms) > 3}
    wholes = {name for terms in sums for weight, name in terms if weight == -1}
    assert wholes >= {"concerns_total", "referrals_front_door_total", "allegations_total",
                      "cin_open_end", "cp_open_end"}  # fmt: skip
    assert sum("concerns_total" in {n for _, n in terms} for terms in sums) == 3


def test_what_ends_a_term_begins_the_next() -> None:
    links = {r.terms for r in form_relations(FORM, "now/", "before/")}
    assert ((1, "now/cin_open_start"), (-1, "before/cin_open_end")) in links
    assert not any("before/" in str(r.terms) for r in form_relations(FORM, "now/"))


def test_the_form_says_how_each_figure_is_told() -> None:
    rules = {q.name: rule_of(q) for q in FORM.questions()}
    assert (rules["cla_count"], rules["allegations_total"], rules["pupils_on_roll"]) == (
        "small", "never", "always",
    )  # fmt: skip
    assert rules["concerns_total"] == "small"
    counts = {count.name: count.rule for count in form_counts(FORM, {"cla_count": 2, "urn": "1"})}
    assert counts == {"cla_count": "small"}


@pytest.mark.parametrize(
    ("count", "roll", "rate"),
    [("12", "200", "6.0"), (SMALL, "200", NOT_SHOWN), (NOT_SHOWN, "200", NOT_SHOWN),
     ("12", "29", NOT_SHOWN), ("0", "200", "0.0"), ("3", "200", NOT_SHOWN),
     ("12", "not known", NOT_SHOWN), ("not known", "200", NOT_SHOWN)],
)  # fmt: skip
def test_a_rate_follows_from_what_is_shown_alone(count: str, roll: str, rate: str) -> None:
    assert rate_told(count, roll) == rate


def test_what_is_not_known_is_said_and_never_nought() -> None:
    answers = {"cla_count": {"missing": "not_known", "reason": "The register was being put right."},
               "plac_count": 6}  # fmt: skip
    assert told(FORM, answers, {"plac_count": "6"}) == {"cla_count": "not known", "plac_count": "6"}
