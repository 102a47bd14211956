"""What a meeting starts from, closing with remarks, amending with a reason, what is printed."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from odbst_desktop.actions.list import actions, close_action, open_actions
from odbst_desktop.errors import InputError, StateError
from odbst_desktop.meetings.agenda import agenda
from odbst_desktop.meetings.before import date_remark, preparation
from odbst_desktop.meetings.closing import close_remarks
from odbst_desktop.meetings.log import (
    Meeting,
    amend_meeting,
    close_meeting,
    drop_amendment,
    earlier_versions,
    read_meeting,
    save_meeting,
    start_meeting,
)
from odbst_desktop.meetings.minutes import minutes
from odbst_desktop.meetings.recent import Spot, recent_counts
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.calendar import academic_year
from odbst_desktop.school.people import dsl_team
from odbst_desktop.vault.vault import Vault

YEAR = academic_year("2026-27")


def printed(paper: Paper) -> str:
    pages = PdfReader(io.BytesIO(paper.pdf())).pages
    assert len(pages) <= 2
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def hold(school: Vault, clock: Any, day: date, **more: Any) -> Meeting:
    clock.day = day
    meeting = start_meeting(school)
    answers = {
        **meeting.answers,
        "key_concerns": "Late arrivals.",
        "concerns": [
            {"category": "coc_physical", "count": 3, "place": "playground_main", "time": "lunch"}
        ],
        "children": [
            {"reference": "C1042", "reason": "Second concern", "next_step": "Ask C1042’s tutor",
             "again": True},
            {"reference": "C1043", "reason": "New", "next_step": "Wait"},
        ],
        "decisions": [
            {"decision": "Zones at lunchtime", "owner": meeting.answers["chair"],
             "due": (day + timedelta(days=3)).isoformat(), "measure": "Half as many",
             "measured_by": "coc_physical", "baseline": 9,
             "look_on": (day + timedelta(days=7)).isoformat()}
        ],
        **more,
    }  # fmt: skip
    save_meeting(school, meeting.id, answers)
    return close_meeting(school, meeting.id)


def test_new_meeting_has_the_children_to_discuss_again(school: Vault, clock: Any) -> None:
    hold(school, clock, date(2026, 11, 17))
    clock.day = date(2026, 11, 24)
    meeting = start_meeting(school)
    assert meeting.answers["children"] == [{"reference": "C1042", "reason": "Second concern"}]
    with school.reading() as session:
        known = preparation(session, meeting, clock.day)
    assert known.discussed["C1042"][0].words == "17 Nov 2026: Second concern → Ask C1042’s tutor"
    assert [a.title for a in known.brought] == ["Zones at lunchtime"]
    assert "9 in the 6 weeks before" in known.expectations[0].words
    text = printed(agenda(school, meeting.id))
    for words in ("Zones at lunchtime", "Overdue", "C1042", "Second concern", "New concerns"):
        assert words in text
    assert "C1043" not in text


def test_counts_of_the_weeks_before_leave_out_what_is_not_known(school: Vault, clock: Any) -> None:
    for day in (date(2026, 11, 3), date(2026, 11, 17)):
        hold(school, clock, day)
    with school.reading() as session:
        known = recent_counts(session, date(2026, 11, 24))
    assert known.mondays == (date(2026, 11, 2), date(2026, 11, 16))
    assert known.of_spot(Spot("coc_physical", "playground_main", "lunch")) == (3, 3)
    assert known.baseline("coc_physical") is None, "six weeks are not known yet"


def test_overdue_comes_first(school: Vault, clock: Any) -> None:
    for day in (date(2026, 10, 6), date(2026, 11, 17)):
        hold(school, clock, day, decisions=[
            {"decision": f"Do it {day}", "owner": start_owner(school),
             "due": (day + timedelta(days=9)).isoformat()}])  # fmt: skip
    clock.day = date(2026, 11, 24)
    meeting = start_meeting(school)
    with school.reading() as session:
        known = preparation(session, meeting, clock.day)
    assert [a.title for a in known.brought] == ["Do it 2026-10-06", "Do it 2026-11-17"]
    assert known.brought[0].is_pressing_on(clock.day)
    assert known.brought[0].state_words_on(clock.day) == "‼ Pressing"


def start_owner(school: Vault) -> str:
    with school.reading() as session:
        return dsl_team(session, school.today())[0].id


def test_what_may_be_closed_all_the_same_is_said(school: Vault) -> None:
    meeting = start_meeting(school)
    answers = {
        **meeting.answers,
        "present": meeting.answers["present"][:1],
        "key_concerns": "None.",
        "children": [{"reference": "C1042"}],
        "decisions": [{"decision": "Ring", "owner": meeting.answers["chair"], "due": "2026-12-01"}],
    }
    save_meeting(school, meeting.id, answers)
    with school.reading() as session:
        said = " ".join(close_remarks(session, read_meeting(school, meeting.id), school.today()))
    for words in ("not quorate", "No concern is counted", "for C1042", "1 decision says not how"):
        assert words in said
    close_meeting(school, meeting.id)
    assert "Not quorate: 1 of the 2" in printed(minutes(school, meeting.id))


def test_amending_keeps_both_versions_and_the_actions_agree(school: Vault, clock: Any) -> None:
    held = hold(school, clock, date(2026, 11, 17))
    clock.day = date(2026, 11, 24)
    with pytest.raises(InputError, match="Say why"):
        amend_meeting(school, held.id, "  ")
    amending = amend_meeting(school, held.id, "The date was wrong")
    assert not amending.is_locked
    with pytest.raises(StateError):
        amend_meeting(school, held.id, "Twice")
    chair = held.answers["chair"]
    changed = {
        **held.answers,
        "decisions": [
            {**held.answers["decisions"][0], "due": "2026-12-01"},
            {"decision": "Tell the governor", "owner": chair, "due": "2026-12-04"},
        ],
        "key_concerns": "Late arrivals, amended.",
    }
    save_meeting(school, held.id, changed)
    assert read_meeting(school, held.id).answers == held.answers, "what was closed stands"
    closed = close_meeting(school, held.id)
    assert (closed.version, closed.reason) == (2, "The date was wrong")
    with school.reading() as session:
        (before,) = earlier_versions(session, held.id)
        known = {a.title: a.due for a in open_actions(session)}
    assert before.answers == held.answers
    assert known == {
        "Zones at lunchtime": date(2026, 12, 1),
        "Tell the governor": date(2026, 12, 4),
    }
    text = printed(minutes(school, held.id))
    assert "Version 2" in text
    assert "The date was wrong" in text
    old = printed(minutes(school, held.id, version=1))
    assert "amended" not in old
    amend_meeting(school, held.id, "Taken out")
    save_meeting(school, held.id, {**changed, "decisions": changed["decisions"][:1]})
    close_meeting(school, held.id)
    with school.reading() as session:
        states = {a.title: a.state for a in actions(session)}
    assert states == {"Zones at lunchtime": "open", "Tell the governor": "dropped"}


def test_dropped_amendment_changes_nothing(school: Vault, clock: Any) -> None:
    held = hold(school, clock, date(2026, 11, 17))
    amend_meeting(school, held.id, "Perhaps")
    save_meeting(school, held.id, {**held.answers, "key_concerns": "Other"})
    kept = drop_amendment(school, held.id)
    assert kept == held
    with pytest.raises(StateError):
        drop_amendment(school, held.id)


def test_copy_for_distribution_has_no_reference(school: Vault, clock: Any) -> None:
    held = hold(school, clock, date(2026, 11, 17))
    full, shared = (
        printed(minutes(school, held.id, for_distribution=wanted)) for wanted in (False, True)
    )
    assert "C1042" in full
    assert "C1042" not in shared
    assert "C1043" not in shared
    assert "2 children were discussed" in shared
    assert full.index("Decisions and actions") < full.index("New concerns this week")


def test_look_at_the_effect_is_brought_forward(school: Vault, clock: Any) -> None:
    hold(school, clock, date(2026, 11, 10))
    with school.changing("action done", "action") as session:
        (action,) = open_actions(session)
        close_action(session, action.id, date(2026, 11, 12), "Zones are there")
    clock.day = date(2026, 11, 17)
    meeting = start_meeting(school)
    with school.reading() as session:
        known = preparation(session, meeting, clock.day)
    assert [a.title for a in known.to_check] == ["Zones at lunchtime"]
    assert known.to_check[0].measure == "Half as many (9 in the 6 weeks before)"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 8, 25), ""),
        (date(2026, 12, 24), "outside the terms"),
        (date(2026, 10, 27), "half-term holiday"),
        (date(2026, 11, 28), "no school day"),
        (date(2026, 11, 24), ""),
    ],
)
def test_dates_out_of_the_way_are_remarked_on(day: date, words: str) -> None:
    remark = date_remark(day, YEAR, {}, 2)
    assert words in remark
    assert bool(words) == bool(remark)


def test_second_meeting_of_a_week_and_a_team_of_one_are_remarked_on(
    school: Vault, clock: Any
) -> None:
    held = hold(school, clock, date(2026, 11, 24))
    words = date_remark(date(2026, 11, 26), YEAR, {held.id: held.held_on}, 2)
    assert "has a meeting already, on 24 Nov 2026" in words
    assert "Only one person" in date_remark(date(2026, 11, 26), YEAR, {}, 1)
