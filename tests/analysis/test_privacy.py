"""What the privacy check finds, and what it lets pass."""

from __future__ import annotations

import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.analysis.privacy import find_identifiers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We spoke with Jack Smith again", "Jack Smith"),
        ("UPN A123456789012 was typed", "A123456789012"),
        ("call 07700 900123 today", "07700 900123"),
        ("NHS 943 476 5919", "943 476 5919"),
        ("write to mum@example.org", "mum@example.org"),
        ("lives at MK9 3HQ", "MK9 3HQ"),
        ("born 3 May", "born 3 May"),
        ("seen 03/04/2019 first", "03/04/2019"),
        ("Mary-Ann O’Brien told", "Mary-Ann O’Brien"),
    ],
)
def test_identifiers_are_found(text: str, words: str) -> None:
    found = find_identifiers(text)
    assert [finding.words for finding in found] == [words]
    assert text[found[0].start : found[0].end] == words


@pytest.mark.parametrize(
    "text",
    [
        "Ruth Ellery agreed with ruth ellery.",
        "Children Social Care rang on Monday Afternoon",
        "Autumn Term at Milton Keynes",
        "C1042 and 14 of 22 incidents",
        "",
    ],
)
def test_plain_words_pass(text: str) -> None:
    assert find_identifiers(text, ["Ruth Ellery"]) == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("NHS 943 476 5919", "is an NHS number by its check digit"),
        ("NHS 943 476 5918", "may be an NHS number"),
        ("UPN B123456789012", "may be a UPN"),
        ("UPN H801200001001", "is a UPN"),
        ("the Y4 girl", "may point to one child"),
        ("JS in Year 5", "may be a pupil’s initials"),
        ("lives in Mill Lane", "may be an address"),
    ],
)
def test_each_finding_says_why(text: str, why: str) -> None:
    (found,) = find_identifiers(text)
    assert found.why == why


def test_ten_digits_without_a_right_check_digit_are_just_a_number() -> None:
    assert find_identifiers("Order 9434765918 was late") == ()


def test_a_date_is_a_birthday_only_where_a_pupil_could_be_so_old() -> None:
    today = date(2026, 11, 24)
    assert find_identifiers("Minutes of 17/11/2026 and 14 October 2025", today=today) == ()
    assert find_identifiers("Seen 17/11/2016", today=today)
    assert find_identifiers("Seen 14 October 2016", today=today)
    assert find_identifiers("Act of 14 October 1996", today=today) == ()


def test_staff_by_one_of_their_names_pass_and_a_namesake_does_not() -> None:
    staff = ["Grace Tolley", "Mark Frost"]
    assert find_identifiers("Grace and Mr Frost met; Mark agreed with Tolley.", staff) == ()
    assert [f.words for f in find_identifiers("Grace Jones said so", staff)] == ["Grace Jones"]


@pytest.mark.parametrize("unit", ["Aa ", "A.B. ", "a.", "O’", "Jack Smith, ", "born ", "0 1 "])
def test_a_long_paste_is_read_in_seconds(unit: str) -> None:
    begins = time.perf_counter()
    find_identifiers(unit * (100_000 // len(unit)), ["Ruth Ellery"])
    assert time.perf_counter() - begins < 10


@given(st.text())
def test_findings_lie_in_the_text_in_order(text: str) -> None:
    found = find_identifiers(text)
    assert all(text[f.start : f.end] == f.words for f in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
