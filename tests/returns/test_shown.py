"""What governors were ever shown of the returns gives no hidden figure back; a solver tries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odbst_desktop.analysis.disclosure import NOT_SHOWN, SMALL
from odbst_desktop.returns.shown import (
    ShownSet,
    keep_shown,
    relations_between,
    shown_sets,
    tell_returns,
    told_beside,
)
from odbst_desktop.vault.vault import Vault
from tests.analysis.readers import assert_nothing_given_away
from tests.returns.terms import a_return, terms, the_form

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""Without shrinking: a term has a hundred figures."""

FORMS = {the_form().version: the_form()}


def assert_the_pile_keeps_its_secrets(sets: Sequence[ShownSet]) -> None:
    """Put everything that was ever shown into one system and let the solver try each count."""
    words = {f"{n}/{name}": [word] for n, s in enumerate(sets) for name, word in s.words.items()}
    values = {f"{n}/{name}": value for n, s in enumerate(sets) for name, value in s.values.items()}
    assert_nothing_given_away(words, relations_between(sets, FORMS), values)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(st.data())
def test_terms_and_editions_and_comparisons_give_nothing_away(data: st.DataObject) -> None:
    """Three terms are told one after another, each beside the one before, one of them twice."""
    autumn = data.draw(terms())
    spring = data.draw(terms(autumn))
    amended = {**spring, "cla_count": spring["cla_count"] + 1,
               "concerns_no_action_recorded": 0}  # fmt: skip
    summer = data.draw(terms(amended))
    kept: list[ShownSet] = []
    before = None
    for values, term, revision in (
        (autumn, "autumn", 1), (spring, "spring", 1), (amended, "spring", 2), (summer, "summer", 1)
    ):  # fmt: skip
        now = a_return(values, term=term, revision=revision)
        shown = told_beside(kept, [now] if before is None else [now, before], FORMS)
        assert not shown.exposed
        kept += [each.counts for each in shown.told if each.counts.is_new]
        before = now
    assert len(kept) == 4
    assert_the_pile_keeps_its_secrets(kept)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(terms())
def test_every_small_figure_is_hidden_and_everything_shown_is_true(values: dict[str, int]) -> None:
    told = told_beside([], [a_return(values)], FORMS).told[0]
    rules = {q.name: q.extras.get("suppress") for q in the_form().questions()}
    for name, value in values.items():
        word = told.word(name)
        if rules[name] == "esl_only":
            assert word == NOT_SHOWN
        elif name == "concerns_total" or rules[name] == "small":
            assert word in ({SMALL, NOT_SHOWN} if 0 < value < 5 else {str(value), NOT_SHOWN})
        else:
            assert word == str(value)


def test_the_same_return_is_told_the_same_for_ever(school: Vault) -> None:
    told = a_return({"concerns_total": 12, "concerns_abuse": 3, "concerns_bullying": 9})
    with school.changing("papers saved", "return/1") as session:
        first = tell_returns(session, [told])
        keep_shown(session, first, date(2026, 12, 18))
        keep_shown(session, tell_returns(session, [told]), date(2026, 12, 19))
    with school.reading() as session:
        again = tell_returns(session, [told])
        assert len(shown_sets(session)) == 1
    assert again.told[0].words == first.told[0].words
    assert not again.told[0].counts.is_new


def test_an_amended_figure_does_not_tell_what_was_hidden_before() -> None:
    """The first paper hid 9 to protect the 3; the second may not show what did not change."""
    none = {q.name: 0 for q in the_form().questions() if q.name.startswith("concerns_")}
    base = {**none, "concerns_total": 12, "concerns_abuse": 3, "concerns_bullying": 9}
    first = told_beside([], [a_return(base)], FORMS).told[0]
    assert first.word("concerns_bullying") == NOT_SHOWN
    amended = a_return({**base, "concerns_abuse": 6, "concerns_total": 15}, revision=2)
    second = told_beside([first.counts], [amended], FORMS).told[0]
    assert second.word("concerns_bullying") == NOT_SHOWN


def test_percentages_of_a_group_that_is_hidden_or_too_small_are_not_shown() -> None:
    base = {"pupils_on_roll": 212, "fsm6_or_pp_eligible": 40, "attendance_pct": 94.6}
    shares = {"pp_attendance_pct": 91.2, "send_attendance_pct": 90.1}
    for support, plans, expected in ((30, 8, "90.1 %"), (30, 3, NOT_SHOWN), (5, 0, NOT_SHOWN)):
        answers = {**base, **shares, "send_support": support, "ehcp_count": plans}
        told = told_beside([], [a_return(answers)], FORMS).told[0]
        assert told.word("send_attendance_pct") == expected
        assert (told.word("attendance_pct"), told.word("pp_attendance_pct")) == ("94.6 %", "91.2 %")


def test_days_lost_fall_with_the_suspensions_they_would_tell() -> None:
    few = {"suspensions_count": 1, "suspended_pupils": 1, "suspension_days": 0.5}
    told = told_beside([], [a_return(few)], FORMS).told[0]
    assert [told.word(name) for name in few] == [SMALL, SMALL, NOT_SHOWN]
    many = {"suspensions_count": 9, "suspended_pupils": 7, "suspension_days": 12.5}
    told = told_beside([], [a_return(many)], FORMS).told[0]
    assert [told.word(name) for name in many] == ["9", "7", "12.5"]
