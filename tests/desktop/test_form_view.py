"""A form in the window: one key an answer, F8 to what is open, large type, every kind of field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.choice_fields import KeyedField, RangeField, RankField
from odbst_desktop.desktop.fields import ChoiceField
from odbst_desktop.desktop.form_rows import FormSetting
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.form_engine.reading import form_from

FOUND = [
    {"name": "yes", "label": "Yes"}, {"name": "partly", "label": "Partly"},
    {"name": "no", "label": "No"}, {"name": "not_seen", "label": "Not seen"},
    {"name": "not_applicable", "label": "Not applicable"},
]  # fmt: skip
WALK: dict[str, Any] = {
    "form_id": "walk",
    "version": "1",
    "title": "Walk",
    "choices": {
        "found": FOUND,
        "areas": [{"name": "north", "label": "North"}, {"name": "south", "label": "South"}],
        "towns": [{"name": "ely", "label": "Ely", "area": "north"},
                  {"name": "rye", "label": "Rye", "area": "south"}],
    },
    "survey": [
        {"type": "begin_group", "name": "checks", "label": "Checks"},
        {"type": "select_one found", "name": "gate", "label": "Was the gate shut?",
         "required": "yes"},
        {"type": "text", "name": "gate_evidence", "label": "Evidence",
         "relevant": "${gate} = 'no' or ${gate} = 'partly'", "required": "yes"},
        {"type": "select_one found", "name": "badge", "label": "Were you given a badge?",
         "required": "yes"},
        {"type": "note", "name": "said", "label": "You met ${met}."},
        {"type": "begin_group", "name": "inner", "label": "If it was locked",
         "relevant": "${gate} = 'yes'"},
        {"type": "text", "name": "who", "label": "Who opened it?"},
        {"type": "end_group"},
        {"type": "end_group"},
        {"type": "begin_group", "name": "more", "label": "More"},
        {"type": "text", "name": "met", "label": "Whom you met", "required": "yes"},
        {"type": "rank found", "name": "order", "label": "Order"},
        {"type": "range", "name": "calm", "label": "How calm?", "parameters": "start=1 end=5"},
        {"type": "select_one areas", "name": "area", "label": "Area"},
        {"type": "select_one towns", "name": "town", "label": "Town", "choice_filter":
         "area = ${area}"},
        {"type": "begin_repeat", "name": "rooms", "label": "Rooms"},
        {"type": "text", "name": "room", "label": "Room", "required": "yes"},
        {"type": "integer", "name": "pupils", "label": "Pupils", "relevant": "${room} != 'store'",
         "constraint": ". < 40"},
        {"type": "end_repeat"},
        {"type": "calculate", "name": "total", "label": "", "calculation": "sum(${pupils})"},
        {"type": "note", "name": "sum", "label": "${total} pupils in all"},
        {"type": "end_group"},
    ],
}  # fmt: skip
Show = Callable[..., FormView]


@pytest.fixture
def show(qtbot: QtBot, qapp: QApplication) -> Show:
    apply_theme(qapp)

    def show_(**answers: Any) -> FormView:
        view = FormView(form_from(WALK, "walk"), answers, FormSetting(date(2026, 11, 24)))
        qtbot.addWidget(view)
        view.resize(1200, 700)
        view.show()
        view.activateWindow()
        qtbot.waitUntil(view.isActiveWindow)
        return view

    return show_


def focused_in(widget: QWidget) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and (focused is widget or widget.isAncestorOf(focused))


def press(bot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    bot.keyClick(focused, key, modifier or Qt.KeyboardModifier.NoModifier)


def test_one_key_answers_and_goes_on(show: Show, qtbot: QtBot) -> None:
    view = show()
    view.row("gate").field.control().setFocus()
    press(qtbot, Qt.Key.Key_Y)
    assert view.answers()["gate"] == "yes"
    assert focused_in(view.row("badge").field)
    for key, name in ((Qt.Key.Key_P, "partly"), (Qt.Key.Key_S, "not_seen"),
                      (Qt.Key.Key_A, "not_applicable"), (Qt.Key.Key_N, "no")):  # fmt: skip
        view.row("badge").field.control().setFocus()
        press(qtbot, key)
        assert view.answers()["badge"] == name
    view.row("badge").field.control().setFocus()
    press(qtbot, Qt.Key.Key_Backspace)
    assert "badge" not in view.answers()


def test_no_and_partly_unfold_evidence_at_once(show: Show, qtbot: QtBot) -> None:
    view = show()
    evidence = view.row("gate_evidence")
    assert not evidence.field.isVisible()
    view.row("gate").field.control().setFocus()
    press(qtbot, Qt.Key.Key_N)
    assert evidence.field.isVisible()
    assert focused_in(evidence.field)
    qtbot.keyClicks(evidence.field.control(), "Propped open")
    assert view.answers()["gate_evidence"] == "Propped open"
    view.row("gate").field.set_value("yes")
    view.judge()
    assert not evidence.field.isVisible()
    assert view.row("who").field.isVisible()


def test_typed_answers_are_given_a_moment_later(show: Show, qtbot: QtBot) -> None:
    view = show()
    view.row("gate").field.control().setFocus()
    with qtbot.waitSignal(view.settled, timeout=3000) as given:
        press(qtbot, Qt.Key.Key_Y)
    assert given.args == [{"gate": "yes"}]


def test_f8_goes_round_what_is_missing_or_wrong(show: Show, qtbot: QtBot) -> None:
    view = show(gate="no", rooms=[{"room": "Hall", "pupils": 45}])
    view.sections.setFocus()
    press(qtbot, Qt.Key.Key_F8)
    assert focused_in(view.row("gate_evidence").field)
    press(qtbot, Qt.Key.Key_F8)
    assert focused_in(view.row("badge").field)
    press(qtbot, Qt.Key.Key_F8)
    assert view.section_name() == "more"
    assert focused_in(view.row("met").field)
    press(qtbot, Qt.Key.Key_F8)
    assert focused_in(view.lines("rooms"))
    press(qtbot, Qt.Key.Key_F8)
    assert focused_in(view.row("gate_evidence").field)
    press(qtbot, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert focused_in(view.lines("rooms"))
    assert "4 open" in view.progress.text()
    view = show(gate="yes", badge="yes", met="Head")
    view.next.click()
    assert "Nothing is open" in view.progress.text()


def test_sections_say_how_far_they_are(show: Show) -> None:
    view = show(gate="yes", badge="no")
    assert view.sections.item(0).text() == "Checks\n2 of 3 answered · ✓"
    assert view.sections.item(1).text() == "More\n0 of 5 answered · 1 open"


def test_large_type_keeps_what_was_typed(show: Show, qtbot: QtBot) -> None:
    view = show()
    qtbot.keyClicks(view.row("gate").field.control(), "p")
    height = view.row("badge").label.fontMetrics().height()
    view.sections.setFocus()
    press(qtbot, Qt.Key.Key_F9)
    QApplication.processEvents()
    assert view.row("badge").label.fontMetrics().height() > 1.3 * height
    assert view.answers()["gate"] == "partly"
    assert view.row("gate_evidence").field.isVisible()
    view.large.click()
    QApplication.processEvents()
    assert view.row("badge").label.fontMetrics().height() == height


def test_notes_quote_answers(show: Show) -> None:
    view = show(met="Head", rooms=[{"room": "Hall", "pupils": 12}, {"room": "Gym", "pupils": 20}])
    view.sections.setCurrentRow(1)
    texts = {label.text() for label in view.findChildren(QLabel)}
    assert {"You met Head.", "32 pupils in all"} <= texts


def test_orders_scales_and_filtered_choices(show: Show, qtbot: QtBot) -> None:
    view = show()
    view.sections.setCurrentRow(1)
    order, calm = view.row("order").field, view.row("calm").field
    assert isinstance(order, RankField)
    assert isinstance(calm, RangeField)
    assert "order" not in view.answers()
    order.list.setFocus()
    press(qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert view.answers()["order"][:2] == ["partly", "yes"]
    calm.slider.setFocus()
    press(qtbot, Qt.Key.Key_Right)
    assert view.answers()["calm"] == 2
    assert "= 2" in calm.words.text()
    town = view.row("town").field
    assert isinstance(town, ChoiceField)
    view.row("area").field.set_value("south")
    view.judge()
    assert [town.box.view().isRowHidden(n) for n in (1, 2)] == [True, False]  # type: ignore[attr-defined]
    view.row("area").field.set_value("north")
    town.set_value("rye")
    view.judge()
    assert "no longer offered" in view.row("town").message.text()


def test_rows_hide_what_is_not_asked_in_them(show: Show) -> None:
    view = show(rooms=[{"room": "store"}, {"room": "Hall"}])
    view.sections.setCurrentRow(1)
    view.judge()
    lines = view.lines("rooms")
    shown = [field.isVisible() for field in lines.findChildren(QWidget)
             if "Pupils" in field.accessibleName()]  # fmt: skip
    assert shown == [False, True]


def test_every_field_of_a_form_has_a_name(show: Show) -> None:
    view = show()
    for place in range(view.sections.count()):
        view.sections.setCurrentRow(place)
    for name, row in view.rows.items():
        control = row.field.control()
        assert control.accessibleName(), name
    assert isinstance(view.row("gate").field, KeyedField)
