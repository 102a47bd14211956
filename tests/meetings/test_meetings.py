"""The weekly meeting: begun filled in, saved, closed, printed, counted."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from odbst_desktop.actions.list import carry_action, close_action, drop_action, open_actions
from odbst_desktop.errors import InputError, StateError
from odbst_desktop.form_engine.answers import evaluate
from odbst_desktop.form_engine.reading import shipped_form
from odbst_desktop.meetings.counts import coverage, term_counts
from odbst_desktop.meetings.log import (
    close_meeting,
    meetings,
    read_meeting,
    save_meeting,
    start_meeting,
)
from odbst_desktop.meetings.minutes import minutes
from odbst_desktop.school.calendar import academic_year
from odbst_desktop.vault.vault import Vault

AUTUMN = academic_year("2026-27").terms[0]


def filled(answers: Any) -> dict[str, Any]:
    return {
        **answers,
        "concerns": [
            {"category": "neglect", "count": 2, "place": "classroom", "time": "registration"},
            {"category": "bullying_prejudice_race", "count": 1, "place": "playground_main"},
        ],
        "children": [{"reference": "C1042", "reason": "Second concern"}],
        "key_concerns": "Late arrivals.",
        "referrals_made": 1,
        "decisions": [
            {"decision": "Ring the families", "owner": answers["chair"], "due": "2026-12-01"}
        ],
    }


def test_new_meeting_is_filled_in(school: Vault) -> None:
    meeting = start_meeting(school)
    assert meeting.answers["held_on"] == "2026-11-24"
    assert len(meeting.answers["present"]) == 2
    assert meeting.answers["chair"] == meeting.answers["present"][0]


def test_without_a_dsl_no_meeting_begins(open_vaults: Callable[..., Vault]) -> None:
    vault = open_vaults("empty")
    with pytest.raises(InputError, match="Nobody is the DSL yet"):
        start_meeting(vault)
    with vault.reading() as session:
        assert meetings(session) == ()


def test_closing_locks_the_meeting_and_makes_actions(school: Vault) -> None:
    meeting = start_meeting(school)
    with pytest.raises(InputError, match="key concerns"):
        close_meeting(school, meeting.id)
    save_meeting(school, meeting.id, filled(meeting.answers))
    closed = close_meeting(school, meeting.id)
    assert closed.is_closed
    assert closed.closed_by == "Ruth Ellery"
    with school.reading() as session:
        action = open_actions(session)[0]
    assert (action.title, action.owner, action.due) == (
        "Ring the families",
        "Ruth Ellery",
        date(2026, 12, 1),
    )
    with pytest.raises(StateError, match="closed"):
        save_meeting(school, meeting.id, filled(meeting.answers))
    with pytest.raises(StateError):
        close_meeting(school, meeting.id)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"held_on": "2026-11-25"}, "future"),
        ({"concerns": [{"category": "neglect", "count": 0}]}, "1 or more"),
        ({"children": [{"reference": "Jack"}]}, "CPOMS reference"),
        ({"next_meeting": "2026-11-20"}, "after this one"),
        ({"decisions": [{"decision": "x", "owner": "Ruth", "due": "2026-01-01"}]}, "before it is"),
    ],
)
def test_what_cannot_be_keeps_the_meeting_open(
    school: Vault, change: dict[str, Any], words: str
) -> None:
    meeting = start_meeting(school)
    for decision in change.get("decisions", []):
        decision["owner"] = meeting.answers["chair"]
    save_meeting(school, meeting.id, filled(meeting.answers) | change)
    with pytest.raises(InputError, match=words):
        close_meeting(school, meeting.id)
    assert not read_meeting(school, meeting.id).is_closed
    with school.reading() as session:
        assert open_actions(session) == ()


def test_wrong_types_are_refused_and_change_nothing(school: Vault) -> None:
    meeting = start_meeting(school)
    with pytest.raises(InputError, match="whole number"):
        save_meeting(school, meeting.id, {**meeting.answers, "early_help": "two"})
    assert read_meeting(school, meeting.id).answers == meeting.answers


def test_minutes_say_what_was_decided(school: Vault) -> None:
    meeting = start_meeting(school)
    save_meeting(school, meeting.id, filled(meeting.answers))

    def text() -> str:
        pages = PdfReader(io.BytesIO(minutes(school, meeting.id).pdf())).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    assert "DRAFT" in text()
    close_meeting(school, meeting.id)
    printed = text()
    assert "DRAFT" not in printed
    for words in ("24 Nov 2026", "Neglect", "C1042", "Ring the families", "Closed by Ruth Ellery"):
        assert words in printed


def test_counts_and_coverage_of_the_term(school: Vault, clock: Any) -> None:
    for day in (date(2026, 11, 10), date(2026, 11, 17)):
        clock.day = day
        meeting = start_meeting(school)
        save_meeting(school, meeting.id, filled(meeting.answers) | {"next_meeting": "2026-12-01"})
        close_meeting(school, meeting.id)
    start_meeting(school)  # a draft does not count
    clock.day = date(2026, 11, 24)
    with school.reading() as session:
        counts = term_counts(session, AUTUMN)
        so_far = coverage(session, AUTUMN, clock.day)
    assert counts["meetings.concerns_total"] == 6
    assert counts["meetings.concerns.abuse"] == 4
    assert counts["meetings.bullying.racist"] == 2
    assert counts["meetings.places.playground"] == 2
    assert counts["meetings.times.not_recorded"] == 2
    assert counts["meetings.referrals_total"] == 2
    assert "meetings.fm_alerts_total" not in counts, "what nobody recorded is not nought"
    assert (so_far.held, so_far.expected) == (2, 10)
    groups = [n for name, n in counts.items() if name.startswith("meetings.concerns.")]
    assert sum(groups) == counts["meetings.concerns_total"]


def test_actions_are_carried_dropped_and_done_once(school: Vault) -> None:
    meeting = start_meeting(school)
    answers = filled(meeting.answers)
    answers["decisions"] *= 3
    save_meeting(school, meeting.id, answers)
    close_meeting(school, meeting.id)
    today = school.today()
    with school.changing("actions reviewed", "actions") as session:
        first, second, third = open_actions(session)
        carry_action(session, first.id, date(2026, 12, 8))
        close_action(session, second.id, today, "Rung.")
        drop_action(session, third.id, today, "Overtaken.")
    with school.reading() as session:
        (left,) = open_actions(session)
    assert (left.id, left.times_carried, left.due) == (first.id, 1, date(2026, 12, 8))
    with school.changing("none", "none") as session:
        with pytest.raises(StateError):
            close_action(session, second.id, today, "Again")
        with pytest.raises(InputError, match="Say why"):
            drop_action(session, first.id, today, " ")
        with pytest.raises(InputError, match="later day"):
            carry_action(session, first.id, date(2026, 12, 8))


def refused_references(typed: str) -> bool:
    rows = {"children": [{"reference": typed}]}
    problems = evaluate(shipped_form("meeting/agenda"), rows).problems
    return any(problem.field == "reference" for problem in problems)


@pytest.mark.parametrize("typed", ["C1042", "20-117/3", "A1", "1042"])
def test_references_are_taken(typed: str) -> None:
    assert not refused_references(typed)


@pytest.mark.parametrize("typed", ["JS", "Jo Smith", "JoSmith", "J.S.2", "C" * 20 + "1", "C 1"])
def test_what_may_be_a_name_is_refused(typed: str) -> None:
    assert refused_references(typed)
