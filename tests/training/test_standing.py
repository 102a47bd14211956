"""Where somebody stands: early renewals, certificates, grace, upgrades, exemptions, bookings."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.school.people import Person, PersonId, people
from odbst_desktop.training.cards import course_card, to_book
from odbst_desktop.training.catalogue import course, courses, months_later
from odbst_desktop.training.matrix import Matrix, Picked, training_matrix
from odbst_desktop.training.recording import (
    end_exemption,
    exempt,
    exemptions_of,
    record_training,
)
from odbst_desktop.training.sessions import plan_session
from odbst_desktop.training.standing import Cell, Done, Status, cell_on, held_until
from odbst_desktop.vault.vault import Vault

TODAY = date(2026, 11, 24)
BUCKS = "buckinghamshire"


def person_called(vault: Vault, name: str) -> PersonId:
    with vault.reading() as session:
        return next(p.id for p in people(session) if p.name == name)


def matrix(vault: Vault, on: date = TODAY) -> Matrix:
    with vault.reading() as session:
        return training_matrix(session, on)


def cell(vault: Vault, name: str, course_id: str, on: date = TODAY) -> Cell:
    found = matrix(vault, on)
    person = next(p for p in found.people if p.name == name)
    return next(c for known, c in found.row_of(person.id) if known.id == course_id)


def record(vault: Vault, name: str, course_id: str, day: date, ends: date | None = None) -> None:
    with vault.changing("training", "training") as session:
        who = next(p.id for p in people(session) if p.name == name)
        record_training(session, course_id, [who], day, today=TODAY, expires_on=ends)


def test_an_early_renewal_keeps_its_anniversary() -> None:
    level3, first = course("dsl_level3"), date(2022, 9, 20)
    assert held_until(level3, [Done(first)], BUCKS) == date(2024, 9, 20)
    early = [Done(first), Done(date(2024, 8, 1))]
    assert held_until(level3, early, BUCKS) == date(2026, 9, 20)
    too_early = [Done(first), Done(date(2024, 3, 1))]
    assert held_until(level3, too_early, BUCKS) == date(2026, 3, 1)
    late = [Done(first), Done(date(2024, 10, 1))]
    assert held_until(level3, late, BUCKS) == date(2026, 10, 1)
    leap = [Done(date(2024, 2, 29)), Done(date(2026, 1, 5)), Done(date(2028, 1, 5))]
    assert held_until(level3, leap, BUCKS) == date(2030, 2, 28)
    assert held_until(level3, leap[:2], BUCKS) == date(2028, 2, 29)


def test_what_the_certificate_states_wins() -> None:
    aid = course("paediatric_first_aid")
    done = [Done(date(2024, 5, 1), date(2027, 4, 30))]
    assert held_until(aid, done, BUCKS) == date(2027, 4, 30)
    assert held_until(aid, [*done, Done(date(2027, 4, 1))], BUCKS) == date(2030, 4, 30)


@given(
    st.sampled_from(courses()),
    st.lists(st.dates(date(2018, 1, 1), date(2026, 12, 31)), min_size=1, max_size=6),
)
def test_training_again_never_ends_earlier(known: object, days: list[date]) -> None:
    done = [Done(day) for day in sorted(days)]
    ends = [held_until(known, done[: n + 1], BUCKS) for n in range(len(done))]  # type: ignore[arg-type]
    assert ends == sorted(ends)
    assert ends[-1] >= done[-1].completed_on


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(1, 60))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(
    st.dates(date(2022, 1, 1), date(2028, 12, 31)), st.dates(date(2023, 9, 1), date(2028, 12, 31))
)
def test_statuses_follow_from_the_last_day_it_holds(done: date, on: date) -> None:
    known = course("prevent_awareness")
    if done > on:
        return
    found = cell_on(known, [Done(done)], on, BUCKS, required_since=date(2020, 9, 1))
    assert found.until is not None
    left = (found.until - on).days
    expected = Status.OVERDUE if left < 0 else Status.DUE_SOON if left <= 60 else Status.IN_DATE
    assert found.status is expected
    assert found.counts is (left >= 0)


def test_an_edition_is_read_anew_when_the_next_comes_into_force() -> None:
    part1 = course("kcsie_read_part1")
    assert part1.holds_until(date(2025, 9, 3), BUCKS) == date(2026, 9, 30)
    assert part1.holds_until(date(2026, 2, 3), BUCKS) == date(2026, 9, 30)
    assert part1.holds_until(date(2026, 9, 3), BUCKS, edition="2025") == date(2026, 9, 30)
    assert part1.holds_until(date(2026, 9, 3), BUCKS) == date(2027, 9, 30)
    assert part1.editions[-1].is_expected


def test_a_new_starter_has_the_grace_of_the_catalogue(school: Vault) -> None:
    found = cell(school, "Imani Cole", "kcsie_annual_update", date(2024, 9, 10))
    assert (found.status, found.until) == (Status.NEVER, date(2024, 10, 1))
    assert cell(school, "Imani Cole", "safeguarding_induction").until == date(2024, 9, 1)


def test_the_higher_course_counts_as_the_lower(school: Vault) -> None:
    record(school, "Ruth Ellery", "prevent_dsl", date(2026, 9, 2))
    assert cell(school, "Ruth Ellery", "prevent_awareness").status is Status.IN_DATE
    record(school, "Imani Cole", "prevent_awareness", date(2026, 9, 2))
    assert cell(school, "Ruth Ellery", "prevent_dsl").until == date(2028, 9, 2)
    record(school, "Peter Marsh", "prevent_awareness", date(2026, 9, 2))
    assert cell(school, "Peter Marsh", "prevent_dsl").status is Status.NEVER


def test_who_is_exempt_is_not_counted_and_the_reason_is_kept(school: Vault) -> None:
    imani = person_called(school, "Imani Cole")
    before = len(matrix(school).required("prevent_awareness"))
    with school.changing("exempt", "person") as session:
        exempt(session, imani, "prevent_awareness", "Maternity leave", date(2026, 9, 1))
    found = cell(school, "Imani Cole", "prevent_awareness")
    assert (found.status, found.reason) == (Status.EXEMPT, "Maternity leave")
    assert len(matrix(school).required("prevent_awareness")) == before - 1
    assert cell(school, "Imani Cole", "prevent_awareness", date(2026, 8, 31)).status is Status.NEVER
    with school.changing("exempt", "person") as session:
        end_exemption(session, exemptions_of(session, imani)[0].id, at=school.now())
    assert cell(school, "Imani Cole", "prevent_awareness").status is Status.NEVER


def test_who_is_booked_need_not_be_booked_again(school: Vault) -> None:
    ruth, peter = person_called(school, "Ruth Ellery"), person_called(school, "Peter Marsh")
    by = date(2026, 12, 18)
    due = {entry.course.id: entry for entry in to_book(matrix(school), by)}
    assert {p.id for p, _ in due["dsl_level3"].people} == {ruth, peter}
    with school.changing("session", "session") as session:
        plan_session(session, "dsl_level3", date(2026, 12, 3), [ruth], at=school.now())
    found = cell(school, "Ruth Ellery", "dsl_level3")
    assert (found.status, found.booked_for) == (Status.BOOKED, date(2026, 12, 3))
    assert not found.counts
    due = {entry.course.id: entry for entry in to_book(matrix(school), by)}
    assert {p.id for p, _ in due["dsl_level3"].people} == {peter}


def test_what_ends_within_the_half_term_is_to_be_booked(school: Vault) -> None:
    record(school, "Ruth Ellery", "prevent_awareness", date(2024, 12, 18))
    record(school, "Peter Marsh", "prevent_awareness", date(2024, 12, 19))
    due = {entry.course.id: entry for entry in to_book(matrix(school), date(2026, 12, 18))}
    names = {p.name for p, _ in due["prevent_awareness"].people}
    assert "Ruth Ellery" in names
    assert "Peter Marsh" not in names


def test_the_matrix_is_filtered_without_being_worked_out_anew(school: Vault) -> None:
    record(school, "Imani Cole", "prevent_awareness", TODAY)
    whole = matrix(school)
    teachers = whole.picked(Picked(role="teacher"))
    assert [p.name for p in teachers.people] == ["Ruth Ellery"]
    assert "lgb_safeguarding" not in {c.id for c in teachers.courses}
    named = whole.picked(Picked(words="cole"))
    assert [p.name for p in named.people] == ["Imani Cole"]
    prevent = whole.picked(Picked(course="prevent_awareness", only_open=True))
    assert {p.name for p in prevent.people} == {"Ruth Ellery", "Peter Marsh"}
    for part in (teachers, named, prevent):
        for person, row in zip(part.people, part.cells, strict=True):
            for known, found in zip(part.courses, row, strict=True):
                needed = dict(whole.row_of(person.id))
                assert found == needed.get(known, found)


def test_a_course_card_says_who_is_furthest_from_it(school: Vault) -> None:
    record(school, "Ruth Ellery", "prevent_awareness", date(2022, 1, 1))
    record(school, "Imani Cole", "prevent_awareness", TODAY)
    with school.reading() as session:
        card = course_card(session, matrix(school), course("prevent_awareness"))
    names = [person.name for person, _ in card.needing]
    assert names == ["Ruth Ellery", "Peter Marsh", "Imani Cole"]
    assert card.summary == "1 of 3 who need it are in date."
    with school.reading() as session:
        card = course_card(session, matrix(school), course("safer_recruitment"))
    assert "At least 2 should have it." in card.summary


@pytest.mark.parametrize("known", courses(), ids=lambda known: known.id)
def test_every_course_says_on_what_ground_and_for_whom(known: object) -> None:
    assert known.source  # type: ignore[attr-defined]
    assert known.kinds or known.roles  # type: ignore[attr-defined]
    assert known.renewal_words  # type: ignore[attr-defined]
    assert isinstance(known.is_required_of(_nobody(), TODAY), bool)  # type: ignore[attr-defined]


def _nobody() -> Person:
    return Person(PersonId("x"), "Nobody", TODAY, None, ())
