"""The year's plan: what is due, and how the trust's themes move it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.errors import InputError
from odbst_desktop.monitoring.checklists import checklist_ids
from odbst_desktop.monitoring.cycle import (
    beside_the_plan,
    cycle,
    due_checks,
    due_words,
    half_term_of,
    planned_slots,
)
from odbst_desktop.monitoring.themes import (
    TermTheme,
    Theme,
    drop_theme,
    shipped_themes,
    take_up_theme,
    themes_of,
)
from odbst_desktop.monitoring.visits import VisitId, start_visit, visits
from odbst_desktop.school.calendar import TERMS, academic_year
from odbst_desktop.vault.vault import Vault

YEAR = academic_year("2026-27")


def taken(term: str, *checks: str, on: date = date(2026, 9, 1)) -> TermTheme:
    return TermTheme("row", "2026-27", term, Theme("t", "Lunchtime", checks), "chosen here", on)


themes = st.lists(
    st.builds(
        taken,
        st.sampled_from(TERMS),
        st.sampled_from(checklist_ids()),
        st.sampled_from(checklist_ids()),
        on=st.dates(date(2026, 9, 1), date(2027, 7, 20)),
    ),
    max_size=6,
)


def test_every_checklist_has_a_place_and_every_half_term_a_first_check() -> None:
    slots = planned_slots()
    assert {slot.form_id for slot in slots} == set(checklist_ids())
    assert len(checklist_ids()) == 11
    firsts = [slot.half_term for slot in slots if slot.is_first]
    assert firsts == ["autumn_1", "autumn_2", "spring_1", "spring_2", "summer_1", "summer_2"]


@given(themes)
def test_themes_leave_no_half_term_without_a_check_and_lose_none(known: list[TermTheme]) -> None:
    closes = {h.id: h.closes for t in YEAR.terms for h in t.half_terms}
    plain, moved = planned_slots(), planned_slots(known, closes)
    for half in closes:
        before = sum(slot.half_term == half for slot in plain)
        assert sum(slot.half_term == half for slot in moved) >= before
    for form in checklist_ids():
        assert sum(s.form_id == form for s in moved) >= sum(s.form_id == form for s in plain)
    record = [s.half_term for s in moved if s.form_id == "single_central_record" and s.is_fixed]
    assert record == ["autumn_1", "spring_1", "summer_2"]
    for theme in known:
        for form in theme.theme.checks:
            assert any(s.form_id == form and s.half_term.startswith(theme.term) for s in moved)


def test_a_theme_moves_its_check_forward_and_says_so() -> None:
    moved = planned_slots([taken("autumn", "recording_and_cases")])
    came = next(slot for slot in moved if slot.form_id == "recording_and_cases")
    assert (came.half_term, came.is_first) == ("autumn_1", True)
    assert "theme of the autumn term: Lunchtime" in came.why
    assert "Planned for summer, first half before" in came.why
    gave_way = next(slot for slot in moved if slot.form_id == "leadership_compliance")
    assert gave_way.half_term == "summer_1"
    assert "make room for the theme" in gave_way.why


def test_a_theme_taken_up_late_moves_nothing_into_a_half_term_that_is_over() -> None:
    closes = {h.id: h.closes for t in YEAR.terms for h in t.half_terms}
    late = taken("autumn", "recording_and_cases", on=date(2026, 11, 10))
    came = next(s for s in planned_slots([late], closes) if s.form_id == "recording_and_cases")
    assert came.half_term == "autumn_2"


def test_cycle_says_what_is_due_and_why(governor: Vault) -> None:
    today = governor.today()
    with governor.reading() as session:
        planned = cycle(YEAR, visits(session))
    assert [c.state_on(today) for c in planned][:5] == [
        "✗ Not done", "✗ Not done", "● Due now", "● Due now", "○ Later",
    ]  # fmt: skip
    due = due_checks(planned, today)
    assert due[0].form.form_id == "single_central_record"
    assert due_words(due[0], today) == (
        "“Single central record check” was due by 22 Oct 2026. "
        "The year begins with the record of everybody’s checks."
    )


def test_a_visit_made_late_or_early_counts_for_the_nearest_check(
    governor: Vault, closed: Callable[..., VisitId]
) -> None:
    late = closed("leadership_compliance")
    early = closed("children_feeling_safe")
    draft = start_visit(governor, 900101, "online_safety")
    with governor.reading() as session:
        known = visits(session)
    planned = {c.form.form_id: c for c in cycle(YEAR, known)}
    assert planned["leadership_compliance"].visit is not None
    assert planned["leadership_compliance"].visit.id == late
    assert planned["leadership_compliance"].state_on(governor.today()).endswith(", late")
    assert planned["children_feeling_safe"].visit is not None
    assert planned["children_feeling_safe"].visit.id == early
    assert planned["children_feeling_safe"].state_on(governor.today()).endswith(", early")
    assert planned["online_safety"].visit is not None
    assert planned["online_safety"].visit.id == draft
    assert not planned["online_safety"].is_done


def test_a_visit_beyond_the_plan_is_not_lost(
    governor: Vault, clock: Any, closed: Callable[..., VisitId]
) -> None:
    first = closed("curriculum")
    clock.day = date(2026, 11, 25)
    second = closed("curriculum", visited_on="2026-11-25")
    with governor.reading() as session:
        known = visits(session)
    planned = cycle(YEAR, known)
    counted = [c.visit.id for c in planned if c.visit is not None]
    assert counted == [first]
    assert [v.id for v in beside_the_plan(YEAR, known, planned)] == [second]


@given(st.dates(date(2026, 9, 1), date(2027, 8, 31)))
def test_every_day_of_the_year_counts_for_a_half_term(day: date) -> None:
    assert half_term_of(YEAR, day) is not None


def test_days_of_other_years_do_not() -> None:
    assert half_term_of(YEAR, date(2026, 8, 31)) is None
    assert half_term_of(YEAR, date(2027, 9, 1)) is None


def test_a_theme_is_taken_up_once_and_only_ones_own_is_dropped(governor: Vault) -> None:
    theme = shipped_themes()[0]
    with governor.changing("theme", "theme") as session:
        for source in ("chosen here", "chosen here"):
            take_up_theme(session, 900101, "2026-27", "autumn", theme,
                          on=date(2026, 9, 8), source=source)  # fmt: skip
        take_up_theme(session, 900101, "2026-27", "spring", theme, on=date(2026, 9, 8),
                      source="focus pack")  # fmt: skip
        with pytest.raises(InputError, match="not known here"):
            take_up_theme(session, 900101, "2026-27", "spring", Theme("x", "X", ("unheard_of",)),
                          on=date(2026, 9, 8))  # fmt: skip
    with governor.changing("theme", "theme") as session:
        held = themes_of(session, 900101, "2026-27")
        assert [t.term for t in held] == ["autumn", "spring"]
        assert themes_of(session, 900102, "2026-27") == ()
        drop_theme(session, held[0].row)
        with pytest.raises(InputError, match="chosen here"):
            drop_theme(session, held[1].row)
