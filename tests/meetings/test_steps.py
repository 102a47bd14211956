"""Undo and redo give back what was, step by step."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.meetings.agenda_clock import AgendaClock
from odbst_desktop.meetings.steps import Steps, changed_names

ANSWERS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), max_size=3)


@given(ANSWERS, st.lists(ANSWERS, max_size=12))
def test_every_step_is_taken_back_and_again(first: Any, later: list[Any]) -> None:
    steps, seen = Steps(first), [first]
    for answers in later:
        steps.note(answers)
        if answers != seen[-1]:
            seen.append(answers)
    for expected in reversed(seen[:-1]):
        assert steps.undo() == expected
    assert steps.undo() is None
    for expected in seen[1:]:
        assert steps.redo() == expected
    assert steps.redo() is None


def test_a_new_step_ends_what_could_be_redone() -> None:
    steps = Steps({"a": 1})
    steps.note({"a": 2})
    steps.undo()
    steps.note({"a": 3})
    assert not steps.can_redo
    assert steps.undo() == {"a": 1}


def test_changed_questions_are_named() -> None:
    assert changed_names({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == ("b", "c")


def test_clock_says_what_is_left_and_what_is_over() -> None:
    clock = AgendaClock({"meeting": 2}, 3).passed("meeting", 75)
    assert clock.words("meeting") == "0:45 left here · 1 of 3 min used"
    clock = clock.passed("meeting", 120)
    assert clock.is_over("meeting")
    assert clock.words("meeting") == "1:15 over here · 0:15 over 3 min"
    assert clock.words("other") == "0:15 over 3 min"
