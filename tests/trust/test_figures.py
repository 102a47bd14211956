"""Totals, rates, change, schools beside each other, papers that leave: all from real packages."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from scipy import stats

from odbst_desktop.analysis.funnel import (
    Given,
    Standing,
    allowing_for_number,
    comparisons,
    judge_schools,
)
from odbst_desktop.errors import InputError
from odbst_desktop.form_engine.reading import form_from
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.school.owner import read_owner
from odbst_desktop.trust.comparisons import compare_schools, funnel_chart, sentences_of
from odbst_desktop.trust.drivers import part_drivers, school_drivers
from odbst_desktop.trust.explorer import field_history, formula_words
from odbst_desktop.trust.field_story import field_paper, field_story
from odbst_desktop.trust.figures import figure, figures
from odbst_desktop.trust.outside import told_figures
from odbst_desktop.trust.relations import meaning_of, parts_of
from odbst_desktop.trust.report_notes import save_words
from odbst_desktop.trust.report_papers import PAPERS, term_facts, term_paper, year_review
from odbst_desktop.trust.table import TrustTable, trust_table
from tests.trust.conftest import LAST, NOW, ManySchools


def table_of(trust: ManySchools) -> TrustTable:
    with trust.vault.reading() as session:
        return trust_table(session, return_form())


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages).split())


def test_meaning_comes_from_the_form() -> None:
    form = return_form()
    assert meaning_of(form, "concerns_online").among == "pupils_on_roll"
    assert meaning_of(form, "staff_kcsie_current") == replace(
        meaning_of(form, "staff_kcsie_current"), measure="share", among="staff_total"
    )
    assert meaning_of(form, "attendance_pct").measure == "percentage"
    assert meaning_of(form, "dsl_count").measure == "count"
    assert meaning_of(form, "key_concerns").measure == "none"
    assert len(parts_of(form, "concerns_total")) == 3


def test_totals_rates_and_change(many_schools: ManySchools) -> None:
    table = table_of(many_schools)
    gave = table.numbers(NOW, "concerns_total")
    found = figure(table, NOW, "concerns_total")
    assert found is not None
    assert (found.total, found.given_words) == (sum(gave.values()), "11 of 12 schools")
    assert found.rate is not None
    assert found.rate.interval is not None
    exact = stats.chi2.ppf([0.025, 0.975], [2 * found.total, 2 * found.total + 2]) / 2
    assert (found.rate.interval.lower, found.rate.interval.upper) == pytest.approx(
        tuple(exact), rel=1e-6
    )
    before = table.numbers(LAST, "concerns_total")
    assert found.change is not None
    assert found.change.before == sum(before[urn] for urn in gave), "the same schools"
    assert "at the 11 schools that gave it both times" in found.change.sentence
    assert "nothing is imputed" in formula_words(table, NOW, found)
    shares = figure(table, NOW, "staff_kcsie_current")
    assert shares is not None
    assert shares.rate is not None
    assert shares.rate.among == sum(table.numbers(NOW, "staff_total").values())
    mean = figure(table, NOW, "attendance_pct")
    assert mean is not None
    rolls = table.numbers(NOW, "pupils_on_roll")
    each = table.numbers(NOW, "attendance_pct")
    assert mean.total == pytest.approx(sum(each[u] * rolls[u] for u in each) / sum(rolls.values()))


def test_school_that_is_far_out_is_found_named_and_allowed_for(many_schools: ManySchools) -> None:
    table = table_of(many_schools)
    compared = compare_schools(table, NOW)
    out = compared.standing_out("concerns_online", signals_only=True)
    assert [table.name(judged.urn) for judged in out] == ["Elmhurst School"]
    assert out[0].stands
    said = " ".join(sentences_of(table, compared, "concerns_online"))
    assert "Elmhurst School" in said
    assert f"all {compared.tests:,} comparisons" in said
    assert compared.tests == comparisons(compared.funnels)
    chart = funnel_chart(table, compared, "concerns_online")
    assert chart is not None
    assert [row[0] for row in chart.rows()] == sorted(row[0] for row in chart.rows()), "by name"
    assert "Larch School" not in {dot.label for dot in chart.dots}, "it did not return"
    assert funnel_chart(table, compared, "staff_total") is None


def test_drivers_and_every_school_in_every_term(many_schools: ManySchools) -> None:
    table = table_of(many_schools)
    parts = part_drivers(table, NOW, "concerns_total")
    whole = figure(table, NOW, "concerns_total")
    assert whole is not None
    assert whole.change is not None
    for drivers in parts:
        difference = sum(driver.difference for driver in drivers)
        assert difference == whole.change.after - whole.change.before, "the parts make the change"
    names = [driver.label for driver in school_drivers(table, NOW, "concerns_total")]
    assert names == sorted(names)
    history = field_history(table, "concerns_total")
    larch = next(row for row in history.rows if row.school == "Larch School")
    assert history.terms == (NOW, LAST)
    assert larch.cells[0] == "–"
    assert larch.cells[1].isdigit()


def test_changed_definition_breaks_the_comparison(many_schools: ManySchools) -> None:
    table = table_of(many_schools)
    old = table.form
    raw = {
        **old.raw, "version": "2099.1",
        "changes": [{"since": "2099.1", "kind": "redefined", "from": "concerns_total",
                     "note": "Repeat concerns count once now."}],
    }  # fmt: skip
    new = form_from(raw, "the next version")
    held = {
        urn: replace(h, body=h.body.model_copy(update={
            "form": h.body.form.model_copy(update={"version": "2099.1"})}))
        for urn, h in table.held[NOW].items()
    }  # fmt: skip
    moved = replace(
        table, form=new, forms={old.version: old, new.version: new},
        held={**table.held, NOW: held},
    )  # fmt: skip
    found = figure(moved, NOW, "concerns_total")
    assert found is not None
    assert found.change is not None
    assert found.change_words == "—"
    assert "Repeat concerns count once now." in found.change.sentence
    assert field_history(moved, "concerns_total").breaks


def test_papers_hide_small_numbers_and_every_schools_figures(many_schools: ManySchools) -> None:
    vault = many_schools.vault
    save_words(vault, *NOW, {"in_short": "A steady term.", "effectiveness": "Meetings are held."})
    with vault.reading() as session:
        owner = read_owner(session)
        facts = term_facts(session, return_form(), owner, NOW, vault.today())
        papers = {name: text_of(term_paper(facts, name).pdf()) for name in PAPERS}
        review = text_of(year_review(session, return_form(), owner, "2025-26", vault.today()).pdf())
        with pytest.raises(InputError, match="nothing to report"):
            term_facts(session, return_form(), owner, ("2026-27", "autumn"), vault.today())
    for words in papers.values():
        assert "11 of 12 schools returned" in words
        assert "A steady term." in words
    assert "Meetings are held." in papers["tbm"]
    assert "Meetings are held." not in papers["sec"]
    assert "Elmhurst School" in papers["sec"]
    assert "Assure effective and consistent practice through rigorous monitoring" in review
    told = told_figures(facts.table, facts.table.terms)
    for key, by_field in told.items():
        for name, each in by_field.items():
            found = figure(facts.table, key, name)
            assert found is not None
            question = facts.table.form.question(name)
            assert question is not None
            if question.extras.get("suppress") == "small" and 0 < found.total < 5:
                assert each.total in {"1–4", "not shown"}
                assert each.rate in {"not shown", "—"}
            if question.extras.get("suppress") == "esl_only":
                assert each.total == "not shown"


def test_figures_paper_has_a_table_beside_its_chart(many_schools: ManySchools) -> None:
    table = table_of(many_schools)
    story = field_story(table, compare_schools(table, NOW), "concerns_online")
    assert story is not None
    with many_schools.vault.reading() as session:
        owner = read_owner(session)
    paper = field_paper(story, owner, many_schools.vault.today())
    said = text_of(paper.pdf())
    assert "not for governors or trustees" in said
    assert "Above the second limit" in said
    assert "Above the second limit" in paper.html().decode()
    assert paper.pdf() == paper.pdf()


def test_every_figure_is_in_the_order_of_the_form(many_schools: ManySchools) -> None:
    table = table_of(many_schools)
    order = [q.name for q in table.form.questions()]
    places = [order.index(found.field) for found in figures(table, NOW)]
    assert places == sorted(places)


schools = st.lists(st.tuples(st.integers(0, 60), st.integers(20, 500)), min_size=3, max_size=15)


@given(schools, st.booleans())
def test_each_school_is_judged_by_the_others_exactly(
    pairs: list[tuple[int, int]], is_share: bool
) -> None:
    given_ = [Given(n, min(c, a) if is_share else c, a) for n, (c, a) in enumerate(pairs)]
    funnel = judge_schools(given_, is_share=is_share)
    assert funnel is not None
    if funnel.is_widened:
        return
    total, among = sum(g.count for g in given_), sum(g.among for g in given_)
    for each, judged in zip(given_, funnel.schools, strict=True):
        rest = (total - each.count) / (among - each.among)
        assert judged.expected == pytest.approx(rest * each.among)
        law: Any = stats.binom(each.among, rest) if is_share else stats.poisson(rest * each.among)
        high, low = law.sf(each.count - 1), law.cdf(each.count)
        assert judged.probability == pytest.approx(min(1.0, 2 * min(high, low)), abs=1e-9)
        if judged.standing in {Standing.HIGH, Standing.HIGH_SIGNAL}:
            assert high < 0.025
        if judged.standing is Standing.USUAL and not judged.is_quiet:
            assert high >= 0.025 - 1e-12
            assert low >= 0.025 - 1e-12


def test_what_stands_is_what_benjamini_and_hochberg_keep() -> None:
    given_ = [Given(n, c, 200) for n, c in enumerate((10, 11, 9, 12, 8, 40, 10, 11))]
    funnel = judge_schools(given_, is_share=False)
    assert funnel is not None
    kept = allowing_for_number({"a": funnel})["a"]
    exact = stats.false_discovery_control([j.probability for j in kept.schools]) <= 0.1
    assert [judged.stands for judged in kept.schools] == list(exact)


def test_two_schools_are_not_compared() -> None:
    assert judge_schools([Given(1, 3, 100), Given(2, 9, 100)], is_share=False) is None
