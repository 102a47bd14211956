"""The form's rules: a consistent term always validates, breaking one rule always names it."""

from __future__ import annotations

import re
from math import sqrt
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from odbst_desktop.form_engine.answers import evaluate
from odbst_desktop.form_engine.definition import Rule
from odbst_desktop.form_engine.reading import form_from
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.shipped import shipped_file
from tests.returns.consistent import TODAY, consistent_terms

_FEW = settings(max_examples=12, deadline=None)
Term = tuple[dict[str, Any], dict[str, Any]]


def found(answers: dict[str, Any], before: dict[str, Any]) -> set[str]:
    state = evaluate(return_form(), answers, previous=before, today=TODAY)
    return {p.rule for p in state.problems if p.severity in {"error", "warning"}}


@_FEW
@given(consistent_terms())
def test_a_consistent_term_always_validates(term: Term) -> None:
    assert found(*term) == set()


def oracle(rule: Rule, answers: dict[str, Any], before: dict[str, Any]) -> bool | None:
    """Say by plain arithmetic whether a rule holds; None where a side is not known."""
    named = re.findall(r"\$\{(\w+)\}", rule.left + rule.right)
    earlier = re.findall(r"previous\('(\w+)'\)", rule.left + rule.right)
    if any(answers.get(name) is None for name in named) or any(n not in before for n in earlier):
        return None
    when = re.sub(r"\$\{(\w+)\}", r"now['\1']", rule.when)
    if when and "previous" not in when and not eval(when, {}, {"now": answers}):
        return None
    sides = []
    for side in (rule.left, rule.right):
        text = re.sub(r"\$\{(\w+)\}", r"now['\1']", side)
        text = re.sub(r"previous\('(\w+)'\)", r"then['\1']", text)
        sides.append(eval(text, {"sqrt": sqrt}, {"now": answers, "then": before}))
    left, right = sides
    if isinstance(left, float) or isinstance(right, float):
        left, right = round(left, 6), round(right, 6)
    held: dict[str, bool] = {
        "=": left == right, "!=": left != right, "<=": left <= right,
        ">=": left >= right, "<": left < right, ">": left > right,
    }  # fmt: skip
    return held[rule.operator]


def candidates(name: str, answers: dict[str, Any], before: dict[str, Any]) -> list[Any]:
    value = answers[name]
    if isinstance(value, int | float):
        return [value + 1, value - 1, 0, value * 3 + 100, value + 10_000]
    if name in before:
        return [before[name]]
    return ["2020-01-01", "2029-01-01"]


WORDS = {"key_concerns": "The same words.", "trends_seen": "The same words."}


def first_break(
    rule: Rule, answers: dict[str, Any], before: dict[str, Any]
) -> dict[str, Any] | None:
    for name in dict.fromkeys(re.findall(r"\$\{(\w+)\}", rule.left + rule.right)):
        for value in candidates(name, answers, before):
            changed = {**answers, name: value}
            if oracle(rule, changed, before) is False:
                return changed
    return None


@settings(max_examples=1, deadline=None, database=None)
@given(term=consistent_terms())
def test_breaking_one_rule_always_names_that_rule(term: Term) -> None:
    answers, before = term[0], {**term[1], "ehcp_count": 5, **WORDS}
    # All figures nought at once is a rule of its own: no single figure breaks it.
    nought = {n: 0 if isinstance(v, int | float) else v for n, v in answers.items()}
    for rule in return_form().rules:
        start = nought if rule.id == "zero_everything" else answers
        broken = start if oracle(rule, start, before) is False else first_break(rule, start, before)
        assert broken is not None, rule.id
        state = evaluate(return_form(), broken, previous=before, today=TODAY)
        assert rule.id in {problem.rule for problem in state.problems}, rule.id


@_FEW
@given(term=consistent_terms(), rule=st.sampled_from(return_form().rules), data=st.data())
def test_a_rule_is_named_when_arithmetic_says_it_is_broken_and_only_then(
    term: Term, rule: Rule, data: st.DataObject
) -> None:
    answers, before = term[0], {**term[1], "ehcp_count": 5, **WORDS}
    name = data.draw(st.sampled_from(re.findall(r"\$\{(\w+)\}", rule.left + rule.right)))
    changed = {**answers, name: data.draw(st.sampled_from(candidates(name, answers, before)))}
    state = evaluate(return_form(), changed, previous=before, today=TODAY)
    named = rule.id in {problem.rule for problem in state.problems}
    constrained = {p.field for p in state.problems if p.rule == "constraint"}
    if not constrained:
        assert named == (oracle(rule, changed, before) is False)


@pytest.mark.parametrize("kind", ["not_known", "not_applicable"])
@_FEW
@given(term=consistent_terms())
def test_what_is_not_known_with_a_reason_is_never_nought_and_breaks_no_rule(
    kind: str, term: Term
) -> None:
    answers, before = term
    for name in ("concerns_abuse", "cin_open_end", "attendance_pct", "staff_kcsie_current"):
        gap = {"missing": kind, "reason": "The system was down."}
        assert found({**answers, name: gap}, before) == set()
        blank = found({**answers, name: {"missing": kind, "reason": " "}}, before)
        assert blank == {"reason"}
        assert found({**answers, name: None}, before) == {"required"}


def test_what_the_trust_leaves_out_is_not_asked_and_breaks_no_rule() -> None:
    content = yaml.safe_load(shipped_file("forms/return/termly_return.yaml").read_text("utf-8"))
    left_out = {"attendance", "vulnerable_groups_analysis", "hub"}
    for row in content["survey"]:
        if row.get("name") in left_out:
            row["odbst:core"] = "left_out"
    form = form_from({**content, "version": "2027.1"}, "the trust’s version")
    answers = {"pupils_on_roll": 200, "attendance_pct": 12.0, "authorised_absence_pct": 3.0}
    state = evaluate(form, answers, today=TODAY)
    gone = {"attendance_pct", "persistent_absence_count", "vulnerable_groups_analysis", "hub"}
    assert gone.isdisjoint(state.relevant)
    assert gone.isdisjoint(state.required)
    assert "attendance_sum_low" not in {problem.rule for problem in state.problems}
    assert "pupils_on_roll" in state.relevant
    assert "attendance_pct" in evaluate(return_form(), answers, today=TODAY).relevant
