"""What is left out of a text that is shown to others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.analysis.redaction import LEFT_OUT, redacted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Review the plan of C1042 on Friday", f"Review the plan of {LEFT_OUT} on Friday"),
        ("see k/77b, twice: K/77B.", f"see {LEFT_OUT}, twice: {LEFT_OUT}."),
        ("Zones on the playground", "Zones on the playground"),
        ("k/77bc is a room", "k/77bc is a room"),
        ("", ""),
    ],
)
def test_references_and_names_are_left_out(text: str, shown: str) -> None:
    found = redacted(text, ["k/77b", ""], ["Ruth Ellery"])
    assert (found.text, found.left_out) == (shown, shown.count(LEFT_OUT))


def test_a_name_is_left_out_whole_whatever_stands_before_it() -> None:
    found = redacted("Ring Jack Smith and Ruth Ellery", (), ["Ruth Ellery"])
    assert found.left_out == 1
    assert "Jack" not in found.text
    assert "Smith" not in found.text
    assert found.text.endswith(f"{LEFT_OUT} and Ruth Ellery")


@given(
    st.lists(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9/-]{1,10}[0-9]", fullmatch=True), max_size=4),
    st.text("ab1 /-.", max_size=30),
)
def test_no_reference_is_left(references: list[str], text: str) -> None:
    joined = text.join(f" {reference} " for reference in references)
    shown = f" {redacted(joined, references, ()).text} ".casefold()
    assert all(f" {reference} ".casefold() not in shown for reference in references)
