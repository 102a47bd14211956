"""The quick line: what a line means, and that nothing typed is lost or raises a fault."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.meetings.quick_add import Known, read_line
from odbst_desktop.meetings.type_ahead import matching
from odbst_desktop.school.references import categories, places, time_bands

TODAY = date(2026, 11, 24)  # a Tuesday
KNOWN = Known(
    people=(("p1", "Ruth Ellery"), ("p2", "Peter Marsh"), ("p3", "Ruth Marsh")),
    categories=tuple((c.id, c.label) for c in categories() if not c.is_tag),
    places=tuple((p.id, p.label) for p in places()),
    times=tuple((t.id, t.label) for t in time_bands()),
    references=frozenset({"77"}),
)


def test_decision_with_owner_date_and_time() -> None:
    line = read_line("Zones on the playground @peter !friday #lunchtime", KNOWN, TODAY)
    assert (line.kind, line.words) == ("decision", "Zones on the playground")
    assert (line.owner, line.due, line.time) == ("p2", date(2026, 11, 27), "lunch")
    assert line.faults == ()


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("Ring home !tomorrow", date(2026, 11, 25)),
        ("Ring home !1/12", date(2026, 12, 1)),
        ("Ring home !1-dec", date(2026, 12, 1)),
        ("Ring home !1dec2026", date(2026, 12, 1)),
    ],
)
def test_dates_after_an_exclamation_mark(typed: str, due: date) -> None:
    assert read_line(typed, KNOWN, TODAY).due == due


def test_count_with_category_and_place() -> None:
    line = read_line("3 neglect #classroom #registration", KNOWN, TODAY)
    assert (line.kind, line.count, line.category) == ("count", 3, "neglect")
    assert (line.place, line.time) == ("classroom", "registration")


@pytest.mark.parametrize("typed", ["C1042 second concern", "77 second concern"])
def test_reference_is_a_child_to_discuss(typed: str) -> None:
    line = read_line(typed, KNOWN, TODAY)
    assert (line.kind, line.words) == ("child", "second concern")
    assert line.reference == typed.split(maxsplit=1)[0]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Ring home @ruth", "not clear"),
        ("Ring home @nobody", "nobody on the list"),
        ("Ring home !important", "not a date"),
        ("Ring home #atlantis", "no place, time or category"),
        ("2 online", "not clear"),
        ("0 neglect", "1 or more"),
        ("", "Type what is to be done"),
        ("x" * 100_000, "500 characters"),
    ],
)
def test_what_is_not_understood_is_said(typed: str, words: str) -> None:
    line = read_line(typed, KNOWN, TODAY)
    assert len(line.faults) == 1
    assert words in line.faults[0]


def test_initials_name_an_owner() -> None:
    assert read_line("Ring @pm", KNOWN, TODAY).owner == "p2"


@pytest.mark.parametrize("typed", ["Y5 lesson on group chats", "KS1 zones", "3 adults at the gate"])
def test_plain_words_stay_a_decision(typed: str) -> None:
    line = read_line(typed, KNOWN, TODAY)
    assert (line.kind, line.words, line.faults) == ("decision", typed, ())


@given(st.text(max_size=600))
def test_any_text_is_answered(typed: str) -> None:
    line = read_line(typed, KNOWN, TODAY)
    assert line.kind in {"count", "child", "decision"}
    assert all(fault.endswith((".", "…")) for fault in line.faults)


@given(st.lists(st.from_regex(r"[a-z]{2,9}", fullmatch=True), min_size=1, max_size=8))
def test_words_without_signs_are_kept(words: list[str]) -> None:
    assert read_line(" ".join(words), KNOWN, TODAY).words == " ".join(words)


@given(
    st.lists(st.from_regex(r"[A-Za-z]{2,9}", fullmatch=True), min_size=1, max_size=5),
    st.sampled_from(KNOWN.people),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.sampled_from(KNOWN.times),
    st.permutations(range(3)),
)
def test_signs_are_understood_in_any_order(
    words: list[str], person: tuple[str, str], due: date, time: tuple[str, str], order: list[int]
) -> None:
    label = time[1].replace(" ", "-")
    if time[1] in {label for _, label in KNOWN.places}:
        label = ""  # a place is called the same
    signs = [f"@{person[1].replace(' ', '.')}", f"!{due.isoformat()}", f"#{label}" if label else ""]
    line = read_line(" ".join([*words, *(signs[i] for i in order)]), KNOWN, TODAY)
    assert (line.owner, line.due) == (person[0], due)
    assert line.time == (time[0] if label else "")
    assert line.words == " ".join(words)


@given(st.sampled_from(KNOWN.categories), st.integers(1, 4))
def test_first_letters_find_a_category(category: tuple[str, str], letters: int) -> None:
    typed = " ".join(word[:letters] for word in category[1].split())
    assert category in matching(typed, KNOWN.categories)


@given(st.text(max_size=40))
def test_type_ahead_never_finds_what_is_not_known(typed: str) -> None:
    assert set(matching(typed, KNOWN.categories)) <= set(KNOWN.categories)
