"""A figure is explained, goes stale, is taken anew; what the term says is only offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from odbst_desktop.actions.list import actions
from odbst_desktop.errors import StateError
from odbst_desktop.meetings.log import close_meeting, save_meeting, start_meeting
from odbst_desktop.returns.changed_figures import CHANGED
from odbst_desktop.returns.comparing_sources import differences, take_counted
from odbst_desktop.returns.countersigners import countersigners
from odbst_desktop.returns.deadline import deadline_of, waits_on
from odbst_desktop.returns.drafting import judge, open_return, read_return, save_return
from odbst_desktop.returns.explaining import explain_answer
from odbst_desktop.returns.signing import countersign_return, sign_return
from odbst_desktop.returns.understanding import understanding_of
from odbst_desktop.school.people import people
from odbst_desktop.vault.vault import Vault
from tests.returns.autumn import PASSPHRASE, ready

PLAYGROUND = {"category": "bullying_general", "place": "playground_main", "time": "lunch"}


def hold(vault: Vault, clock: Any, on: date, *rows: dict[str, Any], **answers: Any) -> None:
    clock.day = on
    meeting = start_meeting(vault)
    concerns = [{"category": "bullying_general", "count": 1, **row} for row in rows]
    save_meeting(
        vault, meeting.id,
        {**meeting.answers, "concerns": concerns, "key_concerns": "The playground.", **answers},
    )  # fmt: skip
    close_meeting(vault, meeting.id)


def test_a_counted_figure_names_the_meetings_it_was_counted_from(school: Vault, clock: Any) -> None:
    hold(school, clock, date(2026, 11, 16), {**PLAYGROUND, "count": 4})
    hold(school, clock, date(2026, 11, 23), {**PLAYGROUND, "count": 3})
    made = open_return(school, "2026-27", "autumn")
    found = explain_answer(school, made, "concerns_bullying")
    assert found.figure == "7 concerns"
    assert "closed meetings" in found.formula
    assert [(p.when, p.amount) for p in found.parts] == [("16 Nov 2026", "4"), ("23 Nov 2026", "3")]
    assert any("“" in rule for rule in found.rules)
    assert "1–4" in found.shown_to[0]
    assert found.history == ()


def test_a_counted_figure_of_people_names_the_adults(school: Vault) -> None:
    made = open_return(school, "2026-27", "autumn")
    found = explain_answer(school, made, "staff_total")
    assert {p.what for p in found.parts} == {"Ruth Ellery", "Peter Marsh", "Imani Cole"}


def test_a_figure_typed_over_asks_why_and_says_who_did_it(school: Vault, clock: Any) -> None:
    hold(school, clock, date(2026, 11, 23), {**PLAYGROUND, "count": 4})
    made = open_return(school, "2026-27", "autumn")
    answers = {**read_return(school, made).answers, "concerns_bullying": 6}
    save_return(school, made, answers, {})
    rule = f"{CHANGED}concerns_bullying"
    asked = next(p for p in judge(school, made).warnings() if p.rule == rule)
    assert "give 4" in asked.message
    assert "says 6" in asked.message
    save_return(school, made, answers, {rule: "Two came in on paper."})
    found = explain_answer(school, made, "concerns_bullying")
    assert found.history[0].startswith("Ruth Ellery changed it")
    assert "give 4 now" in found.formula
    assert "Two came in on paper." in found.formula


def test_what_is_said_to_be_not_known_is_not_asked_about_again(school: Vault, clock: Any) -> None:
    hold(school, clock, date(2026, 11, 23), {**PLAYGROUND, "count": 4})
    made = open_return(school, "2026-27", "autumn")
    gap = {"missing": "not_known", "reason": "The log of September was lost."}
    save_return(school, made, {**read_return(school, made).answers, "concerns_bullying": gap}, {})
    assert not [p for p in judge(school, made).problems if p.rule.startswith(CHANGED)]
    assert "concerns_bullying" not in {d.field for d in differences(school, made)}


def test_a_later_meeting_makes_the_draft_stale_until_the_figure_is_taken(
    school: Vault, clock: Any
) -> None:
    hold(school, clock, date(2026, 11, 16), {**PLAYGROUND, "count": 4})
    made = open_return(school, "2026-27", "autumn")
    assert not [d for d in differences(school, made) if d.is_stale]
    hold(school, clock, date(2026, 11, 23), {**PLAYGROUND, "count": 3})
    stale = {d.field: d for d in differences(school, made) if d.is_stale}
    assert (stale["concerns_bullying"].held, stale["concerns_bullying"].counted) == (4, 7)
    assert read_return(school, made).answers["concerns_bullying"] == 4
    assert take_counted(school, made, ["concerns_bullying"]) == 1
    assert read_return(school, made).answers["concerns_bullying"] == 7
    assert "concerns_bullying" not in {d.field for d in differences(school, made)}
    assert "concerns_total" in {d.field for d in differences(school, made)}


def test_an_exported_return_takes_no_figure(unlocked: Callable[[str], Vault]) -> None:
    vault = unlocked("oakfield")
    made = open_return(vault, "2025-26", "summer")
    with pytest.raises(StateError, match="new revision"):
        take_counted(vault, made, ["concerns_total"])


def test_the_lunchtime_playground_from_incidents_to_the_next_terms_rate(
    school: Vault, clock: Any
) -> None:
    """The plan’s own example: recorded, seen, decided, acted on, and its effect said honestly."""
    monday = date(2026, 4, 20)
    with school.reading() as session:
        owner = next(p.id for p in people(session) if p.name == "Peter Marsh")
    for week in range(10):
        rows: list[dict[str, Any]] = [
            {**PLAYGROUND, "count": 4},
            {"place": "classroom", "time": "break_am"},
        ]
        decided = {
            "trends": [{"trend": "Lunchtime", "trend_category": "bullying_general",
                        "direction": "up"}],
            "decisions": [{"decision": "Two more adults on the playground at lunch",
                           "meets": "Lunchtime", "owner": str(owner),
                           "due": "2026-07-31", "measure": "Incidents at lunch"}],
        } if week == 9 else {}  # fmt: skip
        hold(school, clock, monday + timedelta(weeks=week + (week > 4)), *rows, **decided)
    clock.day = date(2026, 7, 20)
    summer = open_return(school, "2025-26", "summer")
    read = understanding_of(school, summer)
    said = read.statements
    assert read.chart is not None
    assert read.heat is not None
    assert read.heat.rows
    places = [s.words for s in said if s.kind == "places"]
    assert any("playground" in words.casefold() and "lunch" in words.casefold() for words in places)
    assert all("trends_seen" in s.fields for s in said if s.kind == "places")
    assert any(a.title.startswith("Two more adults") for a in read_actions(school))
    autumn = date(2026, 9, 7)
    for week in range(6):
        hold(school, clock, autumn + timedelta(weeks=week), {**PLAYGROUND, "count": 1})
    made = open_return(school, "2026-27", "autumn")
    followed = [s.words for s in understanding_of(school, made).statements if s.kind == "decided"]
    assert any("Two more adults on the playground at lunch" in words for words in followed)
    assert any("consistent with a fall" in words for words in followed)
    # Offered only: not a word of it stands in the return by itself.
    assert not read_return(school, made).answers.get("trends_seen")


def read_actions(vault: Vault) -> Any:
    with vault.reading() as session:
        return actions(session)


def test_a_vault_without_meetings_says_so_and_compares_nothing(school: Vault) -> None:
    made = open_return(school, "2026-27", "autumn")
    assert [s.kind for s in understanding_of(school, made).statements] == ["none"]


def test_the_same_term_last_year_is_compared_with_rates_and_in_honest_words(
    unlocked: Callable[[str], Vault], clock: Any
) -> None:
    vault = unlocked("oakfield")
    clock.day = date(2027, 7, 16)
    made = open_return(vault, "2026-27", "summer")
    before = read_return(vault, open_return(vault, "2025-26", "summer")).answers
    changed = {**before, "concerns_total": before["concerns_total"] + 1}
    save_return(vault, made, {**read_return(vault, made).answers, **changed}, {})
    words = [s.words for s in understanding_of(vault, made).statements if s.kind == "last_year"]
    assert any("Summer term 2025-26" in w and "per 100 pupils" in w for w in words)
    assert any("No clear change" in w for w in words)


def test_next_steps_become_actions_once_when_the_return_is_signed(
    unlocked: Callable[[str], Vault], clock: Any
) -> None:
    vault = unlocked("oakfield")
    made = ready(vault, clock)
    steps = read_return(vault, made).answers["next_steps"]
    second = countersigners(vault)[0]
    sign_return(vault, made, PASSPHRASE, second.id)
    countersign_return(vault, made, PASSPHRASE)
    added = [a for a in read_actions(vault) if a.origin == "return/2026-27/autumn"]
    assert {a.title for a in added} == {step["step_text"] for step in steps}
    assert all(a.measure for a in added)


def test_due_date_is_the_cards_and_the_return_says_on_whom_it_waits(
    unlocked: Callable[[str], Vault], clock: Any
) -> None:
    vault = unlocked("oakfield")
    made = ready(vault, clock)
    found = read_return(vault, made)
    with vault.reading() as session:
        due = deadline_of(session, found)
    assert due.words_on(due.due - timedelta(days=3)).startswith("Due ")
    assert "in 3 days" in due.words_on(due.due - timedelta(days=3))
    assert "✗ 1 day ago" in due.words_on(due.due + timedelta(days=1))
    assert waits_on(found, judge(vault, made).problems, "") == (
        "Nothing is open: it waits on the DSL to sign."
    )
    sign_return(vault, made, PASSPHRASE, countersigners(vault)[0].id)
    signed = read_return(vault, made)
    assert waits_on(signed, (), "Peter Marsh") == "Waits on Peter Marsh to countersign."
