"""What was known when: a snapshot can be made again after later changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.school.calendar import academic_year
from odbst_desktop.school.people import PersonId, add_person, people
from odbst_desktop.school.people_changes import begin_role, end_person
from odbst_desktop.training.figures import term_counts
from odbst_desktop.training.recording import (
    correct_record,
    exempt,
    record_training,
    records_of,
    withdraw_record,
)
from odbst_desktop.vault.vault import Vault
from tests.conftest import SetClock

AUTUMN = academic_year("2026-27").terms[0]
CLOSES = AUTUMN.closes


@pytest.fixture
def closed_term(open_vaults: Callable[..., Vault], clock: SetClock) -> tuple[Vault, str, PersonId]:
    """Return a school whose term has closed, the moment of its snapshot, and somebody in it."""
    vault = open_vaults("snapshot")
    clock.day = date(2026, 12, 18)
    with vault.changing("people", "people") as session:
        ann = add_person(session, "Ann Lee", ["teacher"], date(2025, 9, 1), at=vault.now())
        add_person(session, "Bo Dean", ["teacher"], date(2026, 9, 1), at=vault.now())
        record_training(
            session, "kcsie_annual_update", [ann], date(2026, 9, 2), today=CLOSES, at=vault.now()
        )
    then = vault.now()
    clock.day = date(2027, 1, 20)
    return vault, then, ann


def test_a_snapshot_is_the_same_after_later_changes(
    closed_term: tuple[Vault, str, PersonId],
) -> None:
    vault, then, ann = closed_term
    with vault.reading() as session:
        before = term_counts(session, AUTUMN, known_at=then)
        assert before == term_counts(session, AUTUMN)
    assert before["training.staff_kcsie_current"] == 1
    with vault.changing("later", "training") as session:
        bo = next(p for p in people(session) if p.name == "Bo Dean")
        at, today = vault.now(), vault.today()
        record_training(
            session, "kcsie_annual_update", [bo.id], date(2026, 9, 3), today=today, at=at
        )
        record_training(session, "prevent_awareness", [bo.id], date(2026, 9, 3), today=today, at=at)
        withdraw_record(session, records_of(session, ann)[0].id, "Wrong person", at=at)
        end_person(session, ann, date(2026, 12, 1), at=at)
        begin_role(session, bo.id, "dsl", date(2026, 9, 1), at=at)
        exempt(session, bo.id, "fgm_awareness", "Long-term leave", date(2026, 9, 1), at=at)
        add_person(session, "Cy Fox", ["governor"], date(2026, 9, 1), at=at)
    with vault.reading() as session:
        assert term_counts(session, AUTUMN, known_at=then) == before
        now = term_counts(session, AUTUMN)
    assert now["training.staff_total"] == 1
    assert now["training.staff_kcsie_current"] == 1
    assert now["training.governors_total"] == 1
    assert now["training.dsl_level3_current"] == 0


def test_corrections_keep_what_they_corrected_with_the_reason(
    closed_term: tuple[Vault, str, PersonId],
) -> None:
    vault, _, ann = closed_term
    with vault.changing("corrected", "record") as session:
        record = records_of(session, ann)[0]
        with pytest.raises(InputError, match="reason"):
            withdraw_record(session, record.id, " ", at=vault.now())
        correct_record(
            session, record.id, completed_on=date(2026, 9, 1), expires_on=None, provider="Trust",
            reason="Date misread", today=vault.today(), at=vault.now(),
        )  # fmt: skip
        with pytest.raises(StateError, match="already"):
            withdraw_record(session, record.id, "Twice", at=vault.now())
        found = records_of(session, ann)
    assert [(r.completed_on.day, r.is_current, r.reason) for r in found] == [
        (2, False, ""), (1, True, "Date misread"),
    ]  # fmt: skip
