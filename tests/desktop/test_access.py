"""What Tab leads to in every place says what it is, as Qt tells it to a screen reader."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible

from odbst_desktop.desktop.focusing import in_tab_order
from tests.desktop.opening import Open, settle


@pytest.mark.parametrize("name", ["oakfield", "governor", "trust"])
def test_everything_that_tab_leads_to_has_a_name(name: str, open_rooms: Open) -> None:
    rooms = open_rooms(name)
    nameless = []
    for tab in rooms.all:
        rooms.go_to(tab.title)
        settle(rooms.home.desk.jobs)
        reached = in_tab_order(rooms)
        assert rooms.places.list in reached
        for widget in reached:
            told = QAccessible.queryAccessibleInterface(widget)
            if not told.text(QAccessible.Text.Name):
                nameless.append((tab.title, type(widget).__name__))
    assert nameless == []
