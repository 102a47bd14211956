"""What the privacy check finds, and what it lets pass."""

from __future__ import annotations

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
        ("born 3 May", "born 3"),
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


@given(st.text())
def test_findings_lie_in_the_text_in_order(text: str) -> None:
    found = find_identifiers(text)
    assert all(text[f.start : f.end] == f.words for f in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
