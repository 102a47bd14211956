"""Two versions of a form: what compares, what differs, what becomes of a draft."""

from __future__ import annotations

from typing import Any

import pytest

from odbst_desktop.form_engine.answers import check_types
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.errors import FormDefinitionError
from odbst_desktop.form_engine.reading import form_from
from odbst_desktop.form_engine.versions import (
    break_between,
    comparability,
    moved_answers,
    question_changes,
    version_key,
)

FOUND = [{"name": "yes", "label": "Yes"}, {"name": "no", "label": "No"}]


def a_form(
    version: str, survey: list[dict[str, Any]], changes: list[dict[str, Any]] | None = None
) -> Form:
    return form_from(
        {"form_id": "walk", "version": version, "title": "Walk", "choices": {
            "found": FOUND, "more": [*FOUND, {"name": "partly", "label": "Partly"}]},
         "survey": survey, "changes": changes or []},
        "walk",
    )  # fmt: skip


OLD = a_form("2026.9", [
    {"type": "select_one found", "name": "gate", "label": "Was the gate shut?"},
    {"type": "integer", "name": "visitors", "label": "Visitors"},
    {"type": "integer", "name": "bikes", "label": "Bikes"},
    {"type": "integer", "name": "scooters", "label": "Scooters"},
    {"type": "integer", "name": "doors", "label": "Doors"},
    {"type": "text", "name": "mood", "label": "Mood"},
    {"type": "integer", "name": "cameras", "label": "Cameras"},
    {"type": "integer", "name": "alarms", "label": "Alarms"},
    {"type": "text", "name": "notes", "label": "Notes"},
    {"type": "begin_repeat", "name": "rooms", "label": "Rooms"},
    {"type": "text", "name": "room", "label": "Room"},
    {"type": "text", "name": "smell", "label": "Smell"},
    {"type": "end_repeat"},
])  # fmt: skip
NEW = a_form("2026.10", [
    {"type": "select_one more", "name": "gate", "label": "Was the gate shut?"},
    {"type": "integer", "name": "guests", "label": "Visitors"},
    {"type": "integer", "name": "wheels", "label": "Bikes and scooters"},
    {"type": "integer", "name": "doors_in", "label": "Doors inside"},
    {"type": "integer", "name": "doors_out", "label": "Doors outside"},
    {"type": "integer", "name": "mood", "label": "Mood"},
    {"type": "integer", "name": "alarms", "label": "Alarms"},
    {"type": "text", "name": "notes", "label": "Notes"},
    {"type": "text", "name": "lights", "label": "Lights", "required": "yes"},
    {"type": "begin_repeat", "name": "rooms", "label": "Rooms"},
    {"type": "text", "name": "room", "label": "Room"},
    {"type": "end_repeat"},
], [
    {"since": "2026.10", "kind": "renamed", "from": "visitors", "to": "guests"},
    {"since": "2026.10", "kind": "merged", "from": "bikes, scooters", "to": "wheels"},
    {"since": "2026.10", "kind": "split", "from": "doors", "to": ["doors_in", "doors_out"]},
    {"since": "2026.10", "kind": "retired", "from": "cameras", "note": "Nobody read it."},
    {"since": "2026.10", "kind": "redefined", "from": "alarms", "note": "Only tested ones count."},
    {"since": "2026.2", "kind": "retired", "from": "older"},
])  # fmt: skip


@pytest.mark.parametrize(
    ("name", "verdict", "old", "words"),
    [
        ("notes", "yes", ("notes",), ""),
        ("guests", "yes", ("visitors",), ""),
        ("gate", "partly", ("gate",), "1 more"),
        ("wheels", "partly", ("bikes", "scooters"), "merged"),
        ("doors_in", "partly", ("doors",), "split"),
        ("mood", "no", ("mood",), "It was text and is a whole number now."),
        ("alarms", "no", ("alarms",), "Only tested ones count."),
        ("lights", "no", (), "not asked before"),
        ("cameras", "no", (), "not asked any more"),
    ],
)
def test_whether_a_figure_compares(
    name: str, verdict: str, old: tuple[str, ...], words: str
) -> None:
    found = comparability(OLD, NEW, name)
    assert (found.verdict, found.old_names) == (verdict, old)
    assert words in found.why
    assert bool(break_between(OLD, NEW, name)) == (verdict != "yes")


def test_what_was_added_removed_and_changed() -> None:
    changes = {(c.kind, c.name): c.words for c in question_changes(OLD, NEW)}
    assert set(changes) == {
        ("changed", "gate"), ("changed", "guests"), ("added", "wheels"), ("added", "doors_in"),
        ("added", "doors_out"), ("changed", "mood"), ("added", "lights"), ("removed", "bikes"),
        ("removed", "scooters"), ("removed", "doors"), ("removed", "cameras"), ("removed", "smell"),
    }  # fmt: skip
    assert "Nobody read it." in changes["removed", "cameras"]
    assert changes["changed", "guests"] == "Its name was visitors."
    assert question_changes(NEW, NEW) == ()


def test_draft_is_moved_and_what_has_no_place_is_named() -> None:
    answers = {
        "gate": "no", "visitors": 4, "bikes": 3, "mood": "calm", "cameras": 2, "notes": "Tidy.",
        "rooms": [{"room": "Hall", "smell": "paint"}], "gone": "x",
    }  # fmt: skip
    moved = moved_answers(OLD, NEW, answers)
    assert moved.answers == {
        "gate": "no", "guests": 4, "notes": "Tidy.", "rooms": [{"room": "Hall"}],
    }  # fmt: skip
    assert check_types(NEW, moved.answers) == ()
    assert moved.carried == ("guests",)
    lost = {(question.label, value) for question, value in moved.lost}
    assert lost == {
        ("Bikes", 3),
        ("Mood", "calm"),
        ("Cameras", 2),
        ("Smell", "paint"),
        ("gone", "x"),
    }
    assert "Lights" in {question.label for question in moved.added}


def test_versions_are_ordered_as_people_count() -> None:
    assert version_key("2026.10") > version_key("2026.9") > version_key("2025.12")
    assert version_key("2026.1") > version_key("2026")


@pytest.mark.parametrize(
    "change",
    [
        {"since": "2", "kind": "vanished", "from": "a"},
        {"since": "2", "kind": "split", "from": "a", "to": "b"},
        {"since": "2", "kind": "merged", "from": "a", "to": "b"},
        {"since": "2", "kind": "retired", "from": "a", "to": "b"},
        {"kind": "retired", "from": "a"},
    ],
)
def test_faulty_changes_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(FormDefinitionError):
        a_form("2", [{"type": "text", "name": "b", "label": "B"}], [change])
