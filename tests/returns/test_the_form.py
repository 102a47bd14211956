"""The form of the return: every field told in full, a sound term passes, a broken rule is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odbst_desktop.form_engine.answers import check_types, evaluate
from odbst_desktop.form_engine.definition import Rule
from odbst_desktop.form_engine.expressions import references
from odbst_desktop.form_library.guidance import guidance_words
from odbst_desktop.returns.sources import is_typed, source_words
from tests.returns.terms import terms, the_form

FORM = the_form()
DAY = date(2026, 12, 18)
SUPPRESSED = {"small", "esl_only", "shown"}


@pytest.mark.parametrize("question", FORM.questions(), ids=lambda q: q.name)
def test_every_field_has_unit_hint_source_guidance_and_suppression(question: Any) -> None:
    extras = question.extras
    assert question.hint
    assert extras["unit"]
    assert extras["core"] in {"core", "optional"}
    assert extras["suppress"] in SUPPRESSED
    assert guidance_words(question), f"{extras['guidance']} is no known guidance"
    assert is_typed(extras["source"]) or source_words(extras["source"]) != extras["source"]


def test_there_are_eighty_fields_or_more_and_each_kind_of_rule() -> None:
    assert len(FORM.questions()) >= 80
    texts = [f"{r.left} {r.operator} {r.right}" for r in FORM.rules]
    assert any("+" in text and "=" in text for text in texts), "sums and stocks"
    assert any("<=" in text for text in texts), "subsets"
    assert any("previous(" in text for text in texts), "prior term"
    assert any("_pct" in text for text in texts), "percentages"
    assert any("date" in text for text in texts), "dates"
    assert {r.severity for r in FORM.rules} == {"error", "warning", "question"}
    assert len({r.id for r in FORM.rules}) == len(FORM.rules)


def broken(rule_id: str, answers: dict[str, Any]) -> bool:
    state = evaluate(FORM, answers, today=DAY)
    return any(problem.rule == rule_id for problem in state.problems)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(found=terms())
def test_a_consistent_term_breaks_no_rule_between_its_figures(found: dict[str, int]) -> None:
    assert not check_types(FORM, found)
    state = evaluate(FORM, found, today=DAY)
    ids = {rule.id for rule in FORM.rules if rule.severity == "error"}
    assert [p for p in state.errors() if p.rule in ids] == []


def subsets() -> list[Rule]:
    """Return the rules that hold one figure within another."""
    return [
        rule for rule in FORM.rules
        if rule.operator == "<=" and rule.severity == "error" and not rule.when
        and rule.left == f"${{{_only(rule.left)}}}" and rule.right == f"${{{_only(rule.right)}}}"
        and _kind(_only(rule.left)) == _kind(_only(rule.right)) == "integer"
    ]  # fmt: skip


def _only(expression: str) -> str:
    names = references(expression)
    return next(iter(names)) if len(names) == 1 else ""


def _kind(name: str) -> str:
    question = FORM.question(name)
    return question.type if question is not None else ""


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(found=terms(), rule=st.sampled_from(subsets()), more=st.integers(1, 40))
def test_a_part_above_its_whole_is_named(found: dict[str, int], rule: Rule, more: int) -> None:
    part, whole = _only(rule.left), _only(rule.right)
    assert broken(rule.id, {**found, part: found[whole] + more})


def sums() -> list[Rule]:
    return [r for r in FORM.rules if r.operator == "=" and r.severity == "error" and not r.when
            and len(references(r.left) | references(r.right)) > 2
            and "previous(" not in r.left + r.right]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(found=terms(), rule=st.sampled_from(sums()), more=st.integers(1, 40), pick=st.data())
def test_a_sum_or_stock_that_is_out_is_named(
    found: dict[str, int], rule: Rule, more: int, pick: st.DataObject
) -> None:
    names = sorted(n for n in references(rule.left) | references(rule.right) if n in found)
    name = pick.draw(st.sampled_from(names))
    assert broken(rule.id, {**found, name: found[name] + more})


def test_not_known_is_judged_by_no_rule_and_is_never_nought() -> None:
    gap = {"missing": "not_known", "reason": "CPOMS was down."}
    answers = {"pupils_on_roll": 200, "eal_count": gap, "concerns_total": 9, "concerns_abuse": gap}
    state = evaluate(FORM, answers, today=DAY)
    assert not [p for p in state.problems if p.field in {"eal_count", "concerns_abuse"}]
    assert not broken("categories_sum", answers)
    empty = evaluate(FORM, {"eal_count": {"missing": "not_known", "reason": " "}}, today=DAY)
    assert any(p.field == "eal_count" and p.rule == "reason" for p in empty.errors())
