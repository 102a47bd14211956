"""The trust's register: enrolments confirmed or taken away, keys rotated, the card's state."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from odbst_desktop.demo.neighbours import Neighbour
from odbst_desktop.errors import InputError
from odbst_desktop.exchange.register import known_keys, newest_card, sealing_keys
from odbst_desktop.office import inbox, outbox
from odbst_desktop.office.trust_card import card_state, expiry_of
from odbst_desktop.trust.school_facts import SchoolFacts, school_facts, write_school_facts
from odbst_desktop.vault.users import add_user
from tests.trust.conftest import NOW, ManySchools

PASSPHRASE = "copper lantern drifting orchard"


def the_same_school_anew(school: Neighbour) -> Neighbour:
    return Neighbour(
        school.urn, school.name, school.authority, school.roll, school.people, school.busy,
        is_demonstration=False,
    )  # fmt: skip


def test_enrolment_nobody_vouches_for_is_taken_away_whole(few_schools: ManySchools) -> None:
    vault, stranger = few_schools.vault, the_same_school_anew(few_schools.schools[0])
    with vault.reading() as session:
        before = {key.keyid for key in known_keys(session)}
        seals = {key.keyid for key in sealing_keys(session)}
    few_schools.receive(few_schools.write(stranger.enrolment(few_schools.public, vault.today())))
    keyid, _ = next(stranger.fingerprints())
    with pytest.raises(InputError, match="was not confirmed"):
        inbox.approve(vault, keyid, "00000 " * 6)
    inbox.refuse(vault, keyid)
    with vault.reading() as session:
        assert {key.keyid for key in known_keys(session)} == before
        assert {key.keyid for key in sealing_keys(session)} == seals
    with pytest.raises(InputError, match="none was taken away"):
        inbox.refuse(vault, keyid)


def test_new_key_names_the_older_one_and_a_revoked_one_signs_no_more(
    few_schools: ManySchools, clock: Any
) -> None:
    clock.day = date(2026, 7, 20)
    vault, old = few_schools.vault, few_schools.schools[0]
    new = the_same_school_anew(old)
    few_schools.receive(few_schools.write(new.enrolment(few_schools.public, clock.day)))
    for (keyid, said), (older, _) in zip(new.fingerprints(), old.fingerprints(), strict=True):
        assert [key.keyid for key in inbox.approve(vault, keyid, said)] == [older]
        inbox.revoke(vault, older, "lost")
    assert few_schools.send(NOW, [old])[0].code == "revoked-signer"
    assert few_schools.send(NOW, [new])[0].code == "ok"
    assert vault.audit_entries()[-2].what == "key revoked: the laptop is lost"


def test_enrolment_cannot_take_a_sealing_key_that_is_in_use(few_schools: ManySchools) -> None:
    vault, victim = few_schools.vault, few_schools.schools[0]
    thief = the_same_school_anew(victim)
    thief.sealing = victim.sealing
    few_schools.receive(few_schools.write(thief.enrolment(few_schools.public, vault.today())))
    with vault.reading() as session:
        mine = [key for key in sealing_keys(session) if key.urn == victim.urn]
    assert [key.keyid for key in mine] == [victim.sealing.keyid]


def test_card_says_what_changed_and_when_it_expires(few_schools: ManySchools, clock: Any) -> None:
    vault = few_schools.vault
    clock.day = date(2026, 6, 1)
    assert "No trust card was made yet" in card_state(vault).words
    outbox.trust_card(vault, PASSPHRASE)
    assert card_state(vault).changes == ()
    assert card_state(vault).words.startswith("✓ Card 1 is in use")
    add_user(vault, "Mary Holt", "esl", PASSPHRASE)
    assert card_state(vault).changes == ("people and keys",)
    outbox.trust_card(vault, PASSPHRASE)
    with vault.reading() as session:
        held = newest_card(session)
    assert held is not None
    assert "Mary Holt" in {person.person for person in held[0].people}
    assert "buckinghamshire" in held[0].calendar["2025-26"]
    assert expiry_of(held[0], clock.day) == ""
    assert "expires in 10 days" in expiry_of(held[0], date(2026, 8, 21))
    clock.day = date(2026, 9, 4)
    assert "Card 2 expired 4 days ago" in card_state(vault).words
    assert "expired 4 days ago" in expiry_of(held[0], clock.day)


def test_school_cannot_leave_before_it_joined(few_schools: ManySchools) -> None:
    with few_schools.vault.reading() as session:
        facts = school_facts(session)[0]
    with (
        pytest.raises(InputError, match="cannot have left before"),
        few_schools.vault.changing("school", "school") as session,
    ):
        write_school_facts(session, SchoolFacts(facts.school, date(2026, 1, 1), date(2025, 1, 1)))
