"""The versions of the trust's policies come from its focus packs where there is one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from odbst_desktop.compliance.answers import Said, say
from odbst_desktop.compliance.facts import PolicyFacts
from odbst_desktop.compliance.items import item
from odbst_desktop.compliance.register import Standing, State, standing
from odbst_desktop.compliance.trust_versions import take_trust_versions, trust_versions
from odbst_desktop.errors import InputError
from odbst_desktop.vault.vault import Vault
from tests.conftest import DAY, SetClock

PACK = "Focus pack 2026-27 spring"
NEW: dict[str, Any] = {
    "id": "child_protection", "version": "2026.2", "published_on": "2026-11-20",
    "next_review": "2027-09-01", "changes": "Operation Encompass in section 4",
}  # fmt: skip
HELD = PolicyFacts(
    version="2026.1", personalised_on=date(2026, 9, 1), received_on=date(2026, 9, 24),
    website_on=date(2026, 11, 2), website_address="www.oakfield.example/policies",
    next_review=date(2027, 9, 1),
)  # fmt: skip


def take(vault: Vault, *entries: dict[str, Any]) -> tuple[str, ...]:
    with vault.changing("pack", "pack/1") as session:
        return take_trust_versions(session, entries, source=PACK, at=vault.now())


def now(vault: Vault, on: date = DAY) -> Standing:
    with vault.reading() as session:
        return standing(session, item("child_protection"), on)


def test_a_newer_version_of_the_trust_is_wanting_until_the_school_has_it(
    school: Vault, clock: SetClock
) -> None:
    say(school, "child_protection", Said(State.IN_PLACE, DAY, facts=HELD))
    clock.day = date(2026, 11, 25)
    assert take(school, NEW) == ("Safeguarding and Child Protection",)
    assert take(school, NEW) == ()
    found = now(school, clock.day)
    assert (found.state, found.is_current_policy) == (State.PARTLY, True)
    assert found.wants == ("the trust’s version is 2026.2 now, not 2026.1",)
    assert found.trust is not None
    assert found.trust.words == (
        "The trust’s version is 2026.2, published on 20 Nov 2026 (Focus pack 2026-27 spring)."
    )
    assert now(school).state is State.IN_PLACE  # the day before, the pack was not there
    adopted = replace(HELD, version="2026.2", received_on=clock.day)
    say(school, "child_protection", Said(State.IN_PLACE, clock.day, facts=adopted))
    assert now(school, clock.day).state is State.IN_PLACE


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ({"id": "homework"}, "not in the register"),
        ({"id": "two_senior_dsls"}, "not in the register"),
        ({"version": ""}, "version"),
        ({"version": 2026.2}, "version"),
        ({"published_on": "20/11/2026"}, "published_on"),
        ({"published_on": "2026-02-29"}, "published_on"),
        ({"author": "E. Law"}, "author"),
    ],
)
def test_a_version_that_cannot_be_is_refused_with_the_whole_list(
    school: Vault, entry: dict[str, Any], what: str
) -> None:
    with pytest.raises(InputError, match=what):
        take(school, {"id": "ai", "version": "2"}, {**NEW, **entry})
    with school.reading() as session:
        assert trust_versions(session) == {}


def test_a_policy_twice_in_a_pack_is_refused(school: Vault) -> None:
    with pytest.raises(InputError, match="twice"):
        take(school, NEW, NEW)
