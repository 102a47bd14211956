"""Themes: proposed with arithmetic, the same for the same returns, stable or driven by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.errors import InputError
from odbst_desktop.form_engine.reading import shipped_form
from odbst_desktop.monitoring.checklists import checklist_ids
from odbst_desktop.monitoring.three_views import GovernorSaid, facts, three_views
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.school.owner import Profile
from odbst_desktop.trust.overload import asks_of, budget_words, loads
from odbst_desktop.trust.silence import silences
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.theme_evidence import Ground, SchoolTerm, VisitAnswers, signalling
from odbst_desktop.trust.theme_proposal import Proposed, propose
from odbst_desktop.trust.theme_questions import with_theme_questions
from odbst_desktop.trust.theme_rules import line_rules, shipped_weights, theme_rule, theme_rules
from odbst_desktop.trust.themes import (
    ChosenTheme,
    choice_for,
    choose_themes,
    set_weights,
    weights_in_use,
)
from odbst_desktop.vault.vault import Vault

SUMMER = TermOf("2025-26", "summer")
WEIGHTS = shipped_weights()[0]


def a_school(number: int, **answers: Any) -> SchoolTerm:
    return SchoolTerm(900_100 + number, f"School {number}", {"pupils_on_roll": 200} | answers)


def ground(*now: SchoolTerm, **parts: Any) -> Ground:
    facts_: dict[str, Any] = {"before": (), "year_ago": (), "visits": (), "alerts": {}}
    return Ground(SUMMER, now, **(facts_ | parts))


def found(proposed: tuple[Proposed, ...], theme: str) -> Proposed:
    return next(each for each in proposed if each.rule.id == theme)


def line(proposed: Proposed, name: str) -> tuple[int, str]:
    known = next(each for each in proposed.lines if each.name == name)
    return known.points, known.words


def test_every_figure_and_question_that_bears_on_a_theme_is_asked() -> None:
    asked = {question.name for question in return_form().questions()}
    for rule in theme_rules():
        assert rule.fields <= asked, rule.id
        for form_id, names in rule.answers.items():
            assert form_id in checklist_ids()
            known = {q.name for q in shipped_form(f"monitoring/{form_id}").questions()}
            assert set(names) <= known, (rule.id, form_id)
    for fact in facts():
        assert fact.field in asked
        known = {q.name for q in shipped_form(f"monitoring/{fact.form_id}").questions()}
        assert fact.question in known


def test_the_score_is_the_sum_of_points_times_weights() -> None:
    now = tuple(a_school(n, concerns_online=6, key_concerns="Online chats") for n in range(6))
    ago = tuple(a_school(n, concerns_online=2) for n in range(6))
    online = found(propose(ground(*now, year_ago=ago), WEIGHTS), "online")
    assert online.score == sum(each.points * each.weight for each in online.lines)
    assert online.arithmetic.endswith(f"= {online.score}")
    points, words = line(online, "change")
    assert points == 2
    assert "12, now 36, at the 6 schools" in words
    assert line(online, "narrative")[0] == 2


def test_a_rise_that_chance_explains_gives_no_point() -> None:
    now = tuple(a_school(n, concerns_online=3) for n in range(4))
    ago = tuple(a_school(n, concerns_online=2) for n in range(4))
    assert line(found(propose(ground(*now, year_ago=ago), WEIGHTS), "online"), "change")[0] == 0


def test_governors_answers_count_only_from_five_on() -> None:
    def visit(answer: str) -> VisitAnswers:
        names = theme_rule("online").answers["online_safety"]  # type: ignore[union-attr]
        return VisitAnswers(
            900_101, "online_safety", dict.fromkeys(names, answer), date(2026, 6, 1)
        )

    few = VisitAnswers(900_101, "online_safety", {"block_test": "no"}, date(2026, 6, 1))
    school = a_school(1)
    assert line(found(propose(ground(school, visits=(few,)), WEIGHTS), "online"), "control")[0] == 0
    bad = propose(ground(school, visits=(visit("no"),)), WEIGHTS)
    assert line(found(bad, "online"), "control")[0] == 2
    good = propose(ground(school, visits=(visit("yes"),)), WEIGHTS)
    assert line(found(good, "online"), "control")[0] == 0


def test_a_theme_that_one_school_puts_forward_is_named_so() -> None:
    usual = [a_school(n, concerns_online=4, time_lunch=4, place_playground=4) for n in range(1, 8)]
    loud = a_school(9, concerns_online=60, time_lunch=4, place_playground=4)
    weights = dict.fromkeys(WEIGHTS, 0) | {"spread": 5}
    proposed = propose(ground(*usual, loud), weights)
    assert proposed[0].rule.id == "online"
    assert signalling(proposed[0].rule, ground(*usual, loud)) == ("School 9",)
    assert proposed[0].driven_by == "School 9"
    assert "without School 9" in proposed[0].stability
    assert not proposed[1].driven_by


@given(
    st.lists(
        st.fixed_dictionaries(
            {"concerns_online": st.integers(0, 40), "low_level_concerns_total": st.integers(0, 9),
             "staff_total": st.integers(1, 40), "staff_kcsie_current": st.integers(0, 40)}
        ),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_the_same_returns_and_weights_give_the_same_list_whatever_their_order(
    answers: list[Mapping[str, Any]],
) -> None:
    schools = [a_school(number, **each) for number, each in enumerate(answers)]
    one, other = propose(ground(*schools), WEIGHTS), propose(ground(*schools[::-1]), WEIGHTS)
    assert [(p.rule.id, p.score, p.rank) for p in one] == [
        (p.rule.id, p.score, p.rank) for p in other
    ]
    assert [p.score for p in one] == sorted((p.score for p in one), reverse=True)


def test_weights_change_with_a_reason_and_what_was_chosen_keeps_its_own(
    open_vaults: Callable[..., Vault],
) -> None:
    trust = open_vaults("trust", Profile.TRUST, None, "Helen Ashby")
    proposed = propose(ground(a_school(1)), WEIGHTS)
    choose_themes(trust, SUMMER.later(1), SUMMER, {"online": "Rising"}, proposed, WEIGHTS)
    with pytest.raises(InputError, match="Say why"):
        set_weights(trust, WEIGHTS, " ")
    with pytest.raises(InputError, match="from 0 to 5"):
        set_weights(trust, {**WEIGHTS, "change": 9}, "More")
    set_weights(trust, {**WEIGHTS, "change": 5}, "Change matters most this year")
    with trust.reading() as session:
        now, choice = weights_in_use(session), choice_for(session, SUMMER.later(1))
    assert (now.weights["change"], now.set_by) == (5, "Helen Ashby")
    assert set(now.weights) == set(line_rules())
    assert choice is not None
    assert choice.weights["change"] == WEIGHTS["change"]
    assert choice.chosen[0].reason == "Rising"


def chosen(theme: str) -> ChosenTheme:
    rule = theme_rule(theme)
    assert rule is not None
    return ChosenTheme(rule.theme, "Because", 1)


def test_the_budget_says_what_is_asked_and_of_whom_it_is_too_much() -> None:
    spring = TermOf("2026-27", "spring")
    asks = asks_of(spring, [chosen("online")], [], asks_in_return=True)
    few = a_school(1, dsl_hours_per_week=2.0)
    many = a_school(2, dsl_hours_per_week=15.0)
    unknown = a_school(3)
    given_ = loads(asks, [few, many, unknown])
    assert [load.is_over for load in given_] == [True, False, False]
    assert given_[2].words == "○ The DSL’s hours are not known"
    assert "School 1" in budget_words(asks, given_)
    new = sum(ask.minutes for ask in asks if ask.is_new)
    assert new == 40 + 2 * 8
    assert asks_of(spring, [], [], asks_in_return=True)[-1].is_new is False


def test_silence_is_told_where_chance_is_no_reason_and_never_of_a_small_school() -> None:
    before = [[a_school(n, concerns_online=count, pupils_on_roll=roll)
               for n, count, roll in ((1, 9, 300), (2, 1, 60))] for _ in range(2)]  # fmt: skip
    now = [a_school(1, concerns_online=0, pupils_on_roll=300),
           a_school(2, concerns_online=0, pupils_on_roll=60)]  # fmt: skip
    told = silences(return_form(), SUMMER, now, before)
    assert [(each.school, each.kind) for each in told] == [("School 1", "Fell silent")]
    assert "would give about 9" in told[0].sentence
    gone = [a_school(1, pupils_on_roll=300)]
    assert silences(return_form(), SUMMER, gone, before)[0].kind == "Not given any more"


def test_three_views_show_a_difference_and_judge_nobody() -> None:
    fact = next(each for each in facts() if each.id == "meetings")
    said = GovernorSaid("yes", date(2026, 11, 3))
    full = {"weekly_meetings_held": 12, "weekly_meetings_expected": 12}
    some = {"weekly_meetings_held": 9, "weekly_meetings_expected": 12}
    assert three_views(fact, said, full, full).verdict == "● They agree"
    assert three_views(fact, None, {}, None).verdict == "○ Nobody said"
    assert three_views(fact, None, full, None).verdict == "○ One view only"
    told = three_views(fact, said, full, some)
    assert told.differences == (
        "The governor said “yes”, the log says 9 of 12.",
        "The return says 12 of 12, the log 9 of 12.",
    )


def test_theme_questions_are_a_version_of_their_own_and_go_with_the_next_theme() -> None:
    form = return_form()
    spring = with_theme_questions(form, [chosen("online")], TermOf("2026-27", "spring"))
    again = with_theme_questions(spring, [chosen("staff")], TermOf("2026-27", "spring"))
    summer = with_theme_questions(spring, [chosen("send")], TermOf("2026-27", "summer"))
    assert [f.version for f in (spring, again, summer)] == [
        f"{form.version}.272", f"{form.version}.272.2", f"{form.version}.273",
    ]  # fmt: skip
    assert spring.question("theme_online_state") is not None
    assert again.question("theme_online_state") is None
    assert again.question("theme_staff_words") is not None
    plain = [q.name for q in summer.questions() if not q.name.startswith("theme_send")]
    assert plain == [q.name for q in form.questions()]
    assert summer.rules == form.rules
