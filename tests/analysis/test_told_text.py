"""Numbers in written text are told as in the tables; dates, years and spans of time stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.analysis.told_text import told_text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Two pupils have new plans.", "1–4 pupils have new plans."),
        ("three older girls said so", "1–4 older girls said so"),
        ("3 of the concerns came on Monday", "1–4 of the concerns came on Monday"),
        ("two of the children", "1–4 of the children"),
        ("14 of 22 incidents were at lunchtime", "[not shown] of 22 incidents were at lunchtime"),
        ("Incidents fell from 17 to 4.", "Incidents fell from [not shown] to 1–4."),
        ("Twelve referrals were made", "[not shown] referrals were made"),
        ("7 % of our pupils", "[not shown] of our pupils"),
        ("7 per cent of our pupils", "[not shown] of our pupils"),
    ],
)
def test_counts_that_no_table_shows_are_changed(typed: str, told: str) -> None:
    found = told_text(typed, ["22", "94.6 %", "1–4"])
    assert found.text == told
    assert found.changed


@pytest.mark.parametrize(
    "typed",
    [
        "Year 5 and Year 6 share the field; years 3 and 4 stay in.",
        "A lesson in KS2 on 12 November 2026, at 10:30.",
        "Incidents in the last four weeks were fewer than half of those before.",
        "For 6 weeks an adult stands there, from 3 March to 9 Apr.",
        "Attendance was 94.6 % and 22 incidents were recorded.",
        "No new pattern. One of the zones is quiet, no one complained, and part 1 was read.",
        "Under section 47 and paragraph 12; version 2026.1.",
        "0 exclusions",
        "2 lessons and 3 assemblies on group chats",
        "Two year groups on the main playground.",
    ],
)
def test_what_is_no_count_stays(typed: str) -> None:
    assert told_text(typed, ["22", "94.6 %"]).text == typed


def test_a_number_that_is_hidden_in_a_table_is_not_told_by_another_that_is_the_same() -> None:
    """14 actions were closed, and 14 incidents, which is not shown, were on the playground."""
    typed = "14 incidents were on the playground"
    assert told_text(typed, ["14"]).text == typed
    assert (
        told_text(typed, ["14"], hidden=[14]).text == "[not shown] incidents were on the playground"
    )


@given(st.text(max_size=200))
def test_any_text_can_be_told(typed: str) -> None:
    found = told_text(typed, ["22"])
    assert told_text(found.text, ["22"]).text.count("[not shown]") >= found.text.count(
        "[not shown]"
    )
    assert bool(found.changed) == (found.text != typed)


def test_each_change_is_listed_with_words_around_it() -> None:
    found = told_text("We met often. Two pupils have new plans since March.", [])
    assert found.changed == ("We met often. Two pupils have new plans s",)


def test_a_target_stays_where_one_is_written() -> None:
    typed = "Fewer than two incidents a week; 3 incidents now."
    told = "Fewer than two incidents a week; 1–4 incidents now."
    assert told_text(typed, [], keeps_targets=True).text == told
    assert told_text(typed, []).text.startswith("Fewer than 1–4")
