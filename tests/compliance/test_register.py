"""The register: said, confirmed, lapsed, taken back, counted for the return."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.actions.list import close_action, open_actions
from odbst_desktop.compliance.answers import Said, raise_action, say, say_still_so, take_back
from odbst_desktop.compliance.counts import term_counts
from odbst_desktop.compliance.drafts import keep_draft, read_draft
from odbst_desktop.compliance.facts import PolicyFacts, read_facts
from odbst_desktop.compliance.items import areas, item, items
from odbst_desktop.compliance.register import (
    Evidence,
    Standing,
    State,
    by_area,
    count_states,
    history,
    standing,
    standings,
)
from odbst_desktop.compliance.rounds import Round, a_year_later, holds_until, round_of
from odbst_desktop.compliance.term_check import gaps, is_to_answer, progress, to_answer
from odbst_desktop.errors import InputError, StateError
from odbst_desktop.school.calendar import academic_year
from odbst_desktop.vault.vault import Vault

DAY = date(2026, 11, 24)
AUTUMN, SPRING, SUMMER = academic_year("2026-27").terms
FACTS = PolicyFacts(
    version="2026.1",
    personalised_on=date(2026, 9, 7),
    received_on=date(2026, 9, 22),
    website_on=date(2026, 10, 1),
    website_address="www.oakfield.example/policies",
    next_review=date(2027, 9, 1),
)


def in_place(**changes: Any) -> Said:
    return replace(Said(State.IN_PLACE, DAY, evidence="Seen in the file"), **changes)


def on(vault: Vault, name: str, day: date = DAY) -> Standing:
    with vault.reading() as session:
        return standing(session, item(name), day)


def test_the_list_is_the_plan() -> None:
    assert sum(entry.is_policy for entry in items()) == 17
    assert len({entry.id for entry in items()}) == len(items())
    assert {entry.area for entry in items()} == {area.id for area in areas()}
    assert all(entry.plan or entry.source for entry in items())
    assert {entry.renews for entry in items()} == {"review", "term", "year"}


def test_nothing_is_in_place_until_it_is_said(school: Vault) -> None:
    with school.reading() as session:
        known = standings(session, DAY)
    assert count_states(known) == {State.UNSAID: len(items())}
    assert sum(len(listed) for _, listed in by_area(known)) == len(items())


def test_an_answer_keeps_evidence_owner_and_dates(school: Vault) -> None:
    say(school, "sdp_section", in_place(owner="Deputy head"))
    now = on(school, "sdp_section")
    assert (now.state, now.evidence, now.owner) == (
        State.IN_PLACE, "Seen in the file", "Deputy head",
    )  # fmt: skip
    assert (now.last_on, now.next_on) == (DAY, date(2027, 11, 24))
    assert on(school, "sdp_section", date(2027, 11, 24)).state is State.IN_PLACE
    assert on(school, "sdp_section", date(2027, 11, 25)).state is State.LAPSED
    assert on(school, "sdp_section", date(2026, 11, 23)).state is State.UNSAID


def test_a_terms_answer_holds_until_the_next_term_ends(school: Vault) -> None:
    say(school, "inventry", in_place())
    assert on(school, "inventry").next_on == SPRING.closes
    assert on(school, "inventry", SUMMER.opens).state is State.LAPSED


def test_early_renewal_keeps_its_anniversary(school: Vault, clock: Any) -> None:
    say(school, "sdp_section", in_place())
    clock.day = date(2027, 11, 1)
    assert say_still_so(school, "sdp_section", clock.day).next_on == date(2028, 11, 24)
    clock.day = date(2028, 9, 4)
    assert say_still_so(school, "sdp_section", clock.day).next_on == date(2029, 9, 4)


def test_what_is_done_on_a_day_has_to_be_done_again(school: Vault, clock: Any) -> None:
    done = date(2026, 7, 8)
    say(school, "head_report", in_place(last_on=done))
    assert on(school, "head_report").next_on == AUTUMN.closes
    assert say_still_so(school, "head_report", DAY).last_on == done, "not done anew"
    clock.day = SPRING.opens
    with pytest.raises(InputError, match="last done on 8 Jul 2026"):
        say_still_so(school, "head_report", SPRING.opens)
    assert on(school, "head_report", SPRING.opens).state is State.LAPSED


def test_nothing_to_show_is_said_and_lapses_each_september(school: Vault, clock: Any) -> None:
    say(school, "internal_dsl_training", Said(State.NIL, DAY))
    assert on(school, "internal_dsl_training", date(2027, 8, 31)).state is State.NIL
    lapsed = on(school, "internal_dsl_training", date(2027, 9, 1))
    assert (lapsed.state, lapsed.wants) == (
        State.LAPSED, ("“Nothing to show” lapsed in September: say it again",),
    )  # fmt: skip
    with pytest.raises(InputError, match="always something to show"):
        say(school, "cpoms", Said(State.NIL, DAY))
    clock.day = date(2027, 9, 2)
    assert say_still_so(school, "internal_dsl_training", clock.day).state is State.NIL


IMPOSSIBLE: list[tuple[str, Said, str]] = [
    ("sdp_section", in_place(evidence=" "), "what shows it"),
    ("sdp_section", in_place(on=date(2026, 11, 25)), "in the future"),
    ("head_report", in_place(), "Say when: reported to the LGB on"),
    ("head_report", in_place(last_on=date(2026, 11, 25)), "after the day of the check"),
    ("sdp_section", in_place(next_on=date(2026, 1, 1)), "next date has to come after"),
    ("sdp_section", Said(State.PARTLY, DAY), "what is wanting"),
    ("sdp_section", Said(State.MISSING, DAY), "what is wanting"),
    ("sdp_section", in_place(state=State.LAPSED), "in place, partly in place or not"),
    ("no_such_duty", in_place(), "not in the compliance register"),
    ("ai", in_place(facts=replace(FACTS, received_on=date(2027, 1, 1))), "in the future"),
    ("ai", in_place(facts=replace(FACTS, website_address="our site")), "not the address"),
    ("ai", in_place(facts=replace(FACTS, website_address="")), "which address"),
    ("ai", in_place(facts=replace(FACTS, next_review=date(2026, 9, 1))), "next review"),
    ("ai", in_place(facts=replace(FACTS, nothing_to_personalise=True)), "Keep one"),
]


def test_what_cannot_be_changes_nothing(school: Vault) -> None:
    before = school.audit_head()
    for name, said, words in IMPOSSIBLE:
        with pytest.raises(InputError, match=words):
            say(school, name, said)
        with school.reading() as session:
            assert history(session, name) == ()
    assert school.audit_head() == before


def test_an_earlier_day_than_the_last_answer_is_refused(school: Vault) -> None:
    say(school, "cpoms", in_place())
    with pytest.raises(InputError, match="answered on 24 Nov 2026"):
        say(school, "cpoms", in_place(on=date(2026, 11, 20)))


def test_a_policy_is_current_when_received_and_within_its_review(school: Vault) -> None:
    say(school, "ai", in_place(facts=FACTS))
    now = on(school, "ai")
    assert (now.state, now.is_current_policy, now.next_on) == (
        State.IN_PLACE, True, date(2027, 9, 1),
    )  # fmt: skip
    late = on(school, "ai", date(2027, 9, 2))
    assert (late.state, late.is_current_policy) == (State.MISSING, False)
    assert late.wants == ("its review was due on 1 Sep 2027",)


WANTING: list[tuple[dict[str, Any], State, str | None]] = [
    ({"received_on": None}, State.MISSING, "the LGB has not received it"),
    ({"next_review": None}, State.MISSING, "it has no review date"),
    ({"version": ""}, State.PARTLY, "the trust’s version is not noted"),
    ({"personalised_on": None}, State.PARTLY, "it is not personalised"),
    ({"website_on": None}, State.PARTLY, "it was not seen on the school website"),
    (
        {"website_on": date(2025, 10, 1)},
        State.PARTLY,
        "the website was last checked on 1 Oct 2025",
    ),
    ({"personalised_on": None, "nothing_to_personalise": True}, State.IN_PLACE, None),
]


def test_what_is_wanting_of_a_policy_is_said(school: Vault) -> None:
    for changes, state, wants in WANTING:
        say(school, "ai", in_place(facts=replace(FACTS, **changes)))
        now = on(school, "ai")
        assert (now.state, now.wants) == (state, (wants,) if wants else ())


def test_nothing_to_personalise_lapses_each_september(school: Vault) -> None:
    facts = replace(
        FACTS, personalised_on=None, nothing_to_personalise=True, next_review=date(2028, 1, 1)
    )
    say(school, "ai", in_place(facts=facts))
    assert on(school, "ai", date(2027, 8, 31)).state is State.IN_PLACE
    assert "say it again" in on(school, "ai", date(2027, 9, 1)).wants[0]


def test_a_new_version_does_not_take_over_the_old_ones_receipt(school: Vault) -> None:
    say(school, "ai", in_place(facts=FACTS))
    with pytest.raises(InputError, match="the old one’s"):
        say(school, "ai", in_place(facts=replace(FACTS, version="2027.1")))
    said = in_place(facts=replace(FACTS, version="2027.1", received_on=None))
    assert say(school, "ai", said).wants == ("the LGB has not received it",)


def test_still_so_sees_the_policy_on_the_website_today(school: Vault, clock: Any) -> None:
    say(school, "ai", in_place(facts=FACTS))
    clock.day = date(2027, 1, 11)
    now = say_still_so(school, "ai", clock.day)
    assert now.answer is not None
    assert now.answer.facts == replace(FACTS, website_on=clock.day)
    with pytest.raises(InputError, match="Nothing was said"):
        say_still_so(school, "send", clock.day)


def test_every_answer_stays_in_the_history(school: Vault) -> None:
    say(school, "cpoms", in_place(evidence="Audit of ten records"))
    say(school, "cpoms", Said(State.PARTLY, DAY, evidence="Two categories are mixed up"))
    assert on(school, "cpoms").state is State.PARTLY
    back = take_back(school, "cpoms")
    assert (back.state, back.evidence) == (State.IN_PLACE, "Audit of ten records")
    with school.reading() as session:
        said = history(session, "cpoms")
    assert [(a.state, a.is_taken_back) for a in said] == [
        (State.PARTLY, True), (State.IN_PLACE, False),
    ]  # fmt: skip
    assert {a.said_by for a in said} == {"Ruth Ellery"}
    take_back(school, "cpoms")
    with pytest.raises(StateError, match="no answer to take back"):
        take_back(school, "cpoms")
    assert on(school, "cpoms").state is State.UNSAID


def test_when_it_was_last_done_stays_known(school: Vault) -> None:
    say(school, "head_report", in_place(last_on=date(2026, 7, 8)))
    now = say(school, "head_report", Said(State.MISSING, DAY, evidence="The meeting fell out"))
    assert (now.state, now.last_on, now.next_on) == (State.MISSING, date(2026, 7, 8), None)


def test_a_missing_thing_becomes_an_action_once(school: Vault) -> None:
    say(school, "sdp_section", Said(State.MISSING, DAY, evidence="The section is not written."))
    made = raise_action(school, "sdp_section")
    with pytest.raises(StateError, match="in the list of actions already"):
        raise_action(school, "sdp_section")
    with school.reading() as session:
        listed = open_actions(session)
    assert [(a.title, a.owner, a.due, a.origin) for a in listed] == [(
        "The school development plan has the safeguarding section: The section is not written",
        "Headteacher", date(2026, 12, 8), "compliance/sdp_section",
    )]  # fmt: skip
    with school.changing("action done", f"action/{made}") as session:
        close_action(session, made, DAY, "Written")
    raise_action(school, "sdp_section")
    say(school, "sdp_section", in_place())
    with pytest.raises(StateError, match="nothing to do"):
        raise_action(school, "sdp_section")


def test_the_walk_can_be_left_and_taken_up_again(school: Vault, clock: Any) -> None:
    term = round_of(AUTUMN)

    def walk() -> tuple[str, tuple[Standing, ...]]:
        with school.reading() as session:
            known = standings(session, clock.day)
        return progress(known, term).words, to_answer(known, term)

    whole = len(items())
    assert walk()[0] == f"0 of {whole} answered"
    say(school, "ai", in_place(facts=FACTS))
    say(school, "sdp_section", in_place())
    words, left = walk()
    assert words == f"2 of {whole} answered"
    assert not {"ai", "sdp_section"} & {now.item.id for now in left}
    term = round_of(SPRING)
    clock.day = SPRING.opens
    _, left = walk()
    asked = {now.item.id for now in left}
    assert "ai" in asked, "a policy is asked each term"
    assert "sdp_section" not in asked, "a year's duty in place is not"
    next_autumn = Round("Autumn term 2027-28", date(2027, 9, 1), date(2027, 12, 17))
    assert is_to_answer(on(school, "sdp_section", date(2027, 9, 6)), next_autumn)


def test_what_is_missing_leads_and_evidence_may_speak_against(school: Vault) -> None:
    term = round_of(AUTUMN)
    say(school, "cpoms", in_place())
    say(school, "sdp_section", Said(State.MISSING, DAY, evidence="Not written."))
    against = {"cpoms": Evidence("No meeting is closed.", agrees=False)}
    with school.reading() as session:
        found = gaps(standings(session, DAY), term, against, frozenset({"sdp_section"}))
    assert (found[0].standing.item.id, found[0].words, found[0].has_action) == (
        "sdp_section", "Not written.", True,
    )  # fmt: skip
    cpoms = next(gap for gap in found if gap.standing.item.id == "cpoms")
    assert cpoms.words == "The vault knows otherwise: No meeting is closed."
    assert not cpoms.is_to_answer


def test_what_is_due_soon_is_said_before_it_lapses(school: Vault, clock: Any) -> None:
    say(school, "ai", in_place(facts=replace(FACTS, next_review=date(2027, 1, 20))))
    clock.day = date(2026, 11, 25)
    with school.reading() as session:
        found = gaps(standings(session, clock.day), round_of(AUTUMN), {}, frozenset())
    ai = next(gap for gap in found if gap.standing.item.id == "ai")
    assert (ai.standing.state, ai.words) == (
        State.IN_PLACE, "Its review is due on 20 Jan 2027.",
    )  # fmt: skip


def test_half_typed_is_kept_until_it_is_said(school: Vault) -> None:
    keep_draft(school, "cpoms", {"state": "PARTLY", "evidence": "Two cat"})
    with school.reading() as session:
        assert read_draft(session, "cpoms")["evidence"] == "Two cat"
    assert on(school, "cpoms").state is State.UNSAID
    say(school, "cpoms", in_place())
    with school.reading() as session:
        assert read_draft(session, "cpoms") == {}


def test_the_return_counts_from_the_register(school: Vault) -> None:
    with school.reading() as session:
        assert term_counts(session, AUTUMN) == {"compliance.policies_due": 17}
    say(school, "ai", in_place(facts=FACTS))
    say(school, "send", in_place(facts=replace(FACTS, website_on=date(2026, 11, 12))))
    say(school, "lettings", in_place(facts=replace(FACTS, received_on=None)))
    say(school, "sdp_section", Said(State.PARTLY, DAY, evidence="No target date"))
    say(school, "single_scr", Said(State.PARTLY, DAY, evidence="Volunteers are on paper"))
    say(school, "scr_head_check", in_place(last_on=date(2026, 11, 10)))
    with school.reading() as session:
        assert term_counts(session, AUTUMN) == {
            "compliance.policies_due": 17,
            "compliance.policies_current": 2,
            "compliance.website_check_date": "2026-11-12",
            "compliance.sdp_section": "partly",
            "compliance.single_record_in_use": "no",
            "compliance.scr_last_check_date": "2026-11-10",
        }


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_answer_holds_for_a_time(day: date) -> None:
    for entry in items():
        if entry.renews in {"term", "year"}:
            assert day < holds_until(entry, day, None, "buckinghamshire") <= a_year_later(day)


OPTIONAL = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(
    st.builds(
        PolicyFacts,
        version=st.text(),
        personalised_on=OPTIONAL,
        nothing_to_personalise=st.booleans(),
        received_on=OPTIONAL,
        website_on=OPTIONAL,
        website_address=st.text(),
        next_review=OPTIONAL,
    ),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
)
def test_facts_are_kept_as_they_are(facts: PolicyFacts, day: date) -> None:
    assert read_facts(facts.as_json()) == facts
    wants = facts.wants_on(day, day)
    assert facts.is_current_on(day) or wants, "what is not current says why"
