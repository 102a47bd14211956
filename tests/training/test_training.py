"""Training: who needs what, how long it holds, what the matrix shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.errors import InputError
from odbst_desktop.school.calendar import academic_year
from odbst_desktop.school.people import PersonId, add_person, people
from odbst_desktop.school.people_changes import end_person
from odbst_desktop.training.catalogue import course, courses
from odbst_desktop.training.figures import term_counts
from odbst_desktop.training.matrix import Status, training_matrix
from odbst_desktop.training.recording import record_training
from odbst_desktop.vault.vault import Vault

TODAY = date(2026, 11, 24)


def cell_of(vault: Vault, person: str, course_id: str, on: date = TODAY) -> Status:
    with vault.reading() as session:
        matrix = training_matrix(session, on)
    row = [p.name for p in matrix.people].index(person)
    column = [c.id for c in matrix.courses].index(course_id)
    return matrix.cells[row][column].status


def record(vault: Vault, name: str, course_id: str, day: date) -> int:
    with vault.changing("training recorded", "training") as session:
        who = [p.id for p in people(session) if p.name == name]
        return record_training(session, course_id, who, day, today=TODAY)


@pytest.mark.parametrize(
    ("course_id", "done", "until"),
    [
        ("kcsie_annual_update", date(2026, 9, 2), date(2027, 9, 30)),
        ("kcsie_annual_update", date(2026, 8, 31), date(2026, 9, 30)),
        ("dsl_level3", date(2024, 2, 29), date(2026, 2, 28)),
        ("termly_staff_update", date(2026, 9, 2), date(2027, 3, 25)),
        ("dsl_supervision", date(2026, 11, 10), date(2027, 2, 12)),
        ("termly_staff_update", date(2019, 9, 2), date(2021, 8, 31)),
        ("safeguarding_induction", date(2020, 9, 2), None),
    ],
)
def test_how_long_a_course_holds(course_id: str, done: date, until: date | None) -> None:
    assert course(course_id).holds_until(done, "buckinghamshire") == until


@given(
    st.sampled_from(courses()), st.dates(date(2015, 1, 1), date(2035, 12, 31)),
    st.sampled_from(["buckinghamshire", "milton_keynes", "other"]),
)  # fmt: skip
def test_no_course_ends_before_it_was_done(chosen: object, done: date, authority: str) -> None:
    until = chosen.holds_until(done, authority)  # type: ignore[attr-defined]
    assert until is None or until >= done


def test_matrix_shows_what_is_due(school: Vault) -> None:
    assert cell_of(school, "Ruth Ellery", "dsl_level3") is Status.NEVER
    assert cell_of(school, "Imani Cole", "dsl_level3") is Status.NOT_REQUIRED
    assert record(school, "Ruth Ellery", "dsl_level3", date(2024, 12, 20)) == 1
    assert cell_of(school, "Ruth Ellery", "dsl_level3") is Status.DUE_SOON
    assert cell_of(school, "Ruth Ellery", "dsl_level3", date(2026, 12, 21)) is Status.OVERDUE
    assert record(school, "Ruth Ellery", "dsl_level3", date(2026, 11, 2)) == 1
    assert cell_of(school, "Ruth Ellery", "dsl_level3") is Status.IN_DATE


def test_recording_twice_adds_nothing(school: Vault) -> None:
    assert record(school, "Ruth Ellery", "prevent_awareness", TODAY) == 1
    assert record(school, "Ruth Ellery", "prevent_awareness", TODAY) == 0


def test_what_cannot_be_recorded_is_refused(school: Vault) -> None:
    with pytest.raises(InputError, match="future"):
        record(school, "Ruth Ellery", "prevent_awareness", TODAY + timedelta(days=1))
    with pytest.raises(InputError, match="who attended"):
        record(school, "Nobody", "prevent_awareness", TODAY)
    with pytest.raises(InputError, match="catalogue"):
        record(school, "Ruth Ellery", "juggling", TODAY)


def test_figures_count_staff_and_governors_apart(school: Vault) -> None:
    for name in ("Ruth Ellery", "Grace Tolley"):
        record(school, name, "kcsie_annual_update", date(2026, 9, 2))
    with school.reading() as session:
        figures = term_counts(session, academic_year("2026-27").terms[0])
    assert figures["training.staff_total"] == 3
    assert figures["training.staff_kcsie_current"] == 1
    assert figures["training.governors_total"] == 1


def test_people_join_once_and_leave(open_vaults: Callable[..., Vault]) -> None:
    vault = open_vaults("small")
    with vault.changing("people", "people") as session:
        somebody = add_person(session, " Ann  Lee ", ["teacher"], date(2026, 9, 1))
        with pytest.raises(InputError, match="already"):
            add_person(session, "ann lee", ["teacher"], date(2026, 9, 1))
        with pytest.raises(InputError, match="role"):
            add_person(session, "Bob Dean", ["juggler"], date(2026, 9, 1))
        with pytest.raises(InputError, match="before the day of joining"):
            end_person(session, PersonId(somebody), date(2026, 8, 1))
        end_person(session, somebody, date(2026, 10, 1))
        assert [p.name for p in people(session, date(2026, 10, 1))] == ["Ann Lee"]
        assert people(session, date(2026, 10, 2)) == ()
