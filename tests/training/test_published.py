"""Courses that the trust published in a focus pack change what is asked, and nothing recorded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from odbst_desktop.errors import InputError
from odbst_desktop.school.calendar import academic_year
from odbst_desktop.school.people import people
from odbst_desktop.training.catalogue import course, course_entries, courses
from odbst_desktop.training.figures import term_counts
from odbst_desktop.training.matrix import training_matrix
from odbst_desktop.training.published import catalogue_in_use, take_published
from odbst_desktop.training.recording import record_training, records_of
from odbst_desktop.vault.vault import Vault
from tests.conftest import DAY, SetClock

PACK = "Focus pack 2026-27 spring"
MENTAL_HEALTH: dict[str, Any] = {
    "id": "suicide_prevention", "label": "Suicide prevention", "basis": "trust",
    "kinds": ["staff"], "renews": "months", "months": 24, "grace_days": 30,
    "names": ["Zero suicide"], "source": "The trust’s focus of the spring",
}  # fmt: skip


def shipped(name: str, **changes: Any) -> dict[str, Any]:
    entry = next(dict(entry) for entry in course_entries() if entry["id"] == name)
    return {**entry, **changes}


def take(vault: Vault, *entries: dict[str, Any]) -> tuple[str, ...]:
    with vault.changing("pack", "pack/1") as session:
        return take_published(session, entries, source=PACK, at=vault.now())


def test_everything_that_ships_can_be_published(school: Vault) -> None:
    assert len(take(school, *map(dict, course_entries()))) == len(courses())
    with school.reading() as session:
        assert catalogue_in_use(session).courses == courses()


def test_a_published_course_is_asked_for_and_recorded(school: Vault) -> None:
    assert take(school, MENTAL_HEALTH) == ("Suicide prevention",)
    assert take(school, MENTAL_HEALTH) == ()
    with school.changing("recorded", "x") as session:
        who = next(p for p in people(session, DAY) if "staff" in p.kinds_on(DAY))
        record_training(session, "suicide_prevention", [who.id], date(2026, 11, 2), today=DAY)
        matrix = training_matrix(session, DAY)
        assert catalogue_in_use(session).version.endswith(PACK)
    cells = dict(matrix.row_of(who.id))
    found = next(cell for known, cell in cells.items() if known.id == "suicide_prevention")
    assert (found.counts, found.until) == (True, date(2028, 11, 2))


def test_a_changed_course_changes_what_is_asked_from_then_on(
    school: Vault, clock: SetClock
) -> None:
    autumn = academic_year("2026-27").terms[0]
    with school.changing("recorded", "x") as session:
        who = people(session, DAY)
        ids = [person.id for person in who]
        record_training(session, "prevent_awareness", ids, date(2025, 9, 3), today=DAY)
        before = term_counts(session, autumn)
    then = school.now()
    clock.day = date(2027, 1, 11)
    take(school, shipped("prevent_awareness", months=12))
    with school.reading() as session:
        now = term_counts(session, autumn)
        assert term_counts(session, autumn, known_at=then) == before
    assert now["training.prevent_current"] == 0 != before["training.prevent_current"]


def test_a_new_edition_of_the_guidance_is_a_file(school: Vault) -> None:
    editions = [{"id": "2027", "in_force_from": "2027-09-06", "status": "in_force"}]
    take(school, shipped("kcsie_read_part1", editions=editions))
    with school.reading() as session:
        part1 = catalogue_in_use(session).find("kcsie_read_part1")
    assert part1.edition_on(date(2027, 9, 4)) == "2026"
    assert part1.edition_on(date(2027, 9, 6)) == "2027"
    assert part1.editions[:-1] == course("kcsie_read_part1").editions


def test_a_withdrawn_course_is_asked_no_more_but_its_records_stay(school: Vault) -> None:
    with school.changing("recorded", "x") as session:
        who = people(session, DAY)[0].id
        record_training(session, "ai_safety", [who], date(2026, 9, 2), today=DAY)
    take(school, shipped("ai_safety", withdrawn=True))
    with school.reading() as session:
        assert "ai_safety" not in {known.id for known in training_matrix(session, DAY).courses}
        assert records_of(session, who)[0].label == course("ai_safety").label


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"renews": "fortnightly"}, "renews"),
        ({"months": 0}, "how often"),
        ({"kinds": []}, "who needs it"),
        ({"kinds": ["pupil"]}, "kinds"),
        ({"roles": ["wizard"]}, "who needs it"),
        ({"id": "Not an id"}, "id"),
        ({"label": ""}, "label"),
        ({"grace_days": True}, "grace_days"),
        ({"extra": 1}, "extra"),
        ({"editions": [{"id": "x", "in_force_from": "2026-02-30", "status": "expected"}]},
         "editions"),
    ],
)  # fmt: skip
def test_a_course_that_cannot_be_is_refused_with_the_whole_list(
    school: Vault, changes: dict[str, Any], what: str
) -> None:
    with pytest.raises(InputError, match=what):
        take(school, shipped("data_protection", label="New"), {**MENTAL_HEALTH, **changes})
    with school.reading() as session:
        assert catalogue_in_use(session).courses == courses()


def test_a_course_twice_in_a_pack_is_refused(school: Vault) -> None:
    with pytest.raises(InputError, match="twice"):
        take(school, MENTAL_HEALTH, MENTAL_HEALTH)
