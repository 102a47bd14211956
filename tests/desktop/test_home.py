"""The first page answers what now, for each of the three."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from odbst_desktop.desktop.tabs.home_cards import Card, Need, under_headings, what_now
from tests.desktop.opening import Open, settle


@pytest.mark.parametrize(
    ("name", "first"),
    [("oakfield", "This week’s DSL meeting"), ("governor", "Next check"), ("trust", "Returns")],
)
def test_what_is_to_be_done_comes_first_and_leads_to_where_it_is_done(
    name: str, first: str, open_rooms: Open
) -> None:
    rooms = open_rooms(name)
    home = rooms.home
    assert "to do now" in home.now.text()
    said = [label.text() for label in home.overview.findChildren(QLabel)]
    headings = [text for text in said if text in {need.value for need in Need}]
    assert headings == [need.value for need in Need if need.value in headings]
    assert headings[0] == "To do now"
    assert said[said.index("To do now") + 1].startswith(first)
    leads = [
        made for made in home.overview.findChildren(QPushButton) if made.text().startswith("Go to")
    ]
    for made in leads:
        rooms.go_to(home.title)
        made.click()
        assert made.text() == f"Go to {rooms.known_as}"
    settle(home.desk.jobs)


def test_what_is_counted_is_said_in_one_sentence() -> None:
    due = Card("Meeting", "Due", "", "Meetings", Need.NOW)
    come = Card("Pack", "New", "", "Packages", Need.ARRIVED)
    other = Card("Return", "Draft", "", "Termly return")
    assert what_now([other]) == "✓ Nothing is to be done today."
    assert what_now([other, due]) == "◔ 1 thing to do now."
    assert what_now([come, due, due]) == "◔ 2 things to do now; 1 arrived."
    assert [need for need, _ in under_headings([other, come, due])] == list(Need)
