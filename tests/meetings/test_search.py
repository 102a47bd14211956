"""Search finds what the meetings hold now, at once, and nothing that was taken out."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from odbst_desktop.meetings.log import (
    MeetingId,
    close_meeting,
    read_meeting,
    save_meeting,
    start_meeting,
)
from odbst_desktop.meetings.records import MeetingRow
from odbst_desktop.meetings.search import Hit, Wanted, make_index_whole, search_meetings
from odbst_desktop.school.people import people
from odbst_desktop.vault.vault import Vault


def find(vault: Vault, words: str = "", **rest: Any) -> tuple[Hit, ...]:
    with vault.reading() as session:
        return search_meetings(session, Wanted(words, **rest))


def held(vault: Vault, clock: Any, day: date, **answers: Any) -> MeetingId:
    clock.day = day
    meeting = start_meeting(vault)
    save_meeting(
        vault,
        meeting.id,
        {**meeting.answers, "key_concerns": "None.", "next_meeting": None, **answers},
    )
    return meeting.id


@pytest.fixture
def three(school: Vault, clock: Any) -> tuple[Vault, list[MeetingId]]:
    """Return a school with three meetings."""
    made = [
        held(
            school, clock, date(2026, 9, 8), key_concerns="Lateness at the gate.",
            concerns=[{"category": "neglect", "count": 2, "place": "classroom"}],
            children=[{"reference": "C1042", "reason": "Second concern"}],
        ),
        held(school, clock, date(2026, 9, 15), key_concerns="Group chats on the playground."),
        held(
            school, clock, date(2026, 9, 22), voice="The playground feels rough.",
            children=[{"reference": "20-117/3", "reason": "Café visit"}],
        ),
    ]  # fmt: skip
    return school, made


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("playground", [2, 1]),
        ("PLAYG", [2, 1]),
        ("rough playground", [2]),
        ("neglect", [0]),
        ("c1042", [0]),
        ("20-117/3", [2]),
        ("cafe", [2]),
        ("ruth ellery gate", [0]),
        ("hedgehog", []),
    ],
)
def test_words_are_found_by_their_beginnings_newest_meeting_first(
    three: tuple[Vault, list[MeetingId]], words: str, found: list[int]
) -> None:
    vault, made = three
    assert [hit.meeting for hit in find(vault, words)] == [made[n] for n in found]


def test_category_reference_person_and_time_narrow_it_down(
    three: tuple[Vault, list[MeetingId]],
) -> None:
    vault, made = three
    with vault.reading() as session:
        peter = next(p.id for p in people(session) if p.name == "Peter Marsh")
    assert [h.meeting for h in find(vault, category="neglect")] == [made[0]]
    assert find(vault, category="cce") == ()
    assert [h.meeting for h in find(vault, reference="20-117/3")] == [made[2]]
    assert find(vault, reference="20-117") == (), "a reference is looked for as a whole"
    assert len(find(vault, person=peter)) == 3
    assert [h.meeting for h in find(vault, first=date(2026, 9, 16))] == [made[2]]
    assert [h.meeting for h in find(vault, "playground", last=date(2026, 9, 20))] == [made[1]]
    assert find(vault) == ()
    assert find(vault, " ?! ") == ()


def test_the_excerpt_shows_the_place(three: tuple[Vault, list[MeetingId]]) -> None:
    (hit,) = find(three[0], "lateness")
    assert "“Lateness” at the gate" in hit.excerpt
    assert "“Café visit”" in find(three[0], "cafe vis")[0].excerpt
    assert find(three[0], category="neglect")[0].excerpt.startswith("Lateness at the gate.")
    assert not hit.is_closed


def test_what_is_typed_over_is_found_no_more(three: tuple[Vault, list[MeetingId]]) -> None:
    vault, made = three
    before = read_meeting(vault, made[1]).answers
    save_meeting(vault, made[1], {**before, "key_concerns": "Something else."})
    assert find(vault, "chats") == ()
    assert [h.meeting for h in find(vault, "something")] == [made[1]]
    close_meeting(vault, made[1])
    assert find(vault, "something")[0].is_closed


def test_a_meeting_that_is_gone_leaves_no_word_in_the_file(
    three: tuple[Vault, list[MeetingId]],
) -> None:
    vault, made = three
    with vault.changing("meeting disposed of", f"meeting/{made[2]}") as session:
        session.delete(session.get_one(MeetingRow, made[2]))
    assert find(vault, "rough") == ()
    with vault.reading() as session:
        connection = session.connection()
        for table in ("meetings_search_data", "meetings_search_content"):
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                assert b"rough" not in b"".join(
                    cell if isinstance(cell, bytes) else str(cell).encode() for cell in row
                )


def test_a_save_that_fails_leaves_the_index_as_it_was(
    three: tuple[Vault, list[MeetingId]],
) -> None:
    vault, made = three
    with pytest.raises(ZeroDivisionError), vault.changing("x", "x") as session:
        row = session.get_one(MeetingRow, made[0])
        row.answers = json.dumps({"key_concerns": "Vanishing."})
        session.add(row)
        session.flush()
        raise ZeroDivisionError
    assert find(vault, "vanishing") == ()
    assert [h.meeting for h in find(vault, "lateness")] == [made[0]]


def test_a_row_changed_behind_the_log_is_missing_until_the_index_is_made_whole(
    three: tuple[Vault, list[MeetingId]],
) -> None:
    vault, made = three
    with vault.changing("migrated", "meetings") as session:
        session.connection().execute(
            text("UPDATE meetings_meeting SET answers = :a WHERE id = :id"),
            {"a": json.dumps({"key_concerns": "Moved."}), "id": made[0]},
        )
    assert find(vault, "lateness") == ()
    make_index_whole(vault)
    assert [h.meeting for h in find(vault, "moved")] == [made[0]]
    entries = len(vault.audit_entries())
    make_index_whole(vault)
    assert len(vault.audit_entries()) == entries, "nothing was missing, nothing is written"


@given(st.text(max_size=40), st.text(max_size=12))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_typed_is_taken_for_syntax(school: Vault, words: str, reference: str) -> None:
    find(school, words, reference=reference)


def test_ten_years_of_meetings_are_searched_while_typing(school: Vault) -> None:
    with school.changing("ten years", "meetings") as session:
        for week in range(400):
            day = date(2016, 9, 6) + timedelta(weeks=week)
            answers = {
                "key_concerns": f"Lateness and group chats in week {week}. " + "Other words. " * 60,
                "concerns": [{"category": "neglect", "count": 1 + week % 3}],
                "children": [{"reference": f"C{week}", "reason": "Second concern " * 9}],
            }
            session.add(
                MeetingRow(
                    id=f"m{week}", held_on=day, form_version="1", answers=json.dumps(answers)
                )
            )
    times = []
    for typed in ("l", "la", "lat", "late", "group chats", "c39", "week 39"):
        begins = time.perf_counter()
        hits = find(school, typed)
        times.append(time.perf_counter() - begins)
        assert hits
    assert sorted(times)[len(times) // 2] < 0.1
