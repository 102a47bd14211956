"""A return that is countersigned on the second signer's own laptop, by file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.exchange.register import known_keys, packages
from odbst_desktop.exchange.sealing import parse_sealed
from odbst_desktop.office import inbox, outbox
from odbst_desktop.office.opening import own_keys
from odbst_desktop.office.return_files import (
    countersigned_files,
    file_for_signer,
    file_for_trust,
)
from odbst_desktop.returns.countersigners import Countersigner, countersigners
from odbst_desktop.returns.drafting import ReturnId, read_return, save_return
from odbst_desktop.returns.outstanding import outstanding, outstanding_words
from odbst_desktop.returns.signing import (
    countersign_return,
    payload_hash,
    preview_return,
    sealed_return,
    sign_return,
)
from odbst_desktop.returns.standing import standings_of
from odbst_desktop.returns.travelling import add_signature, decline, to_countersign
from odbst_desktop.vault.errors import WrongPassphraseError
from odbst_desktop.vault.vault import Vault
from tests.returns.autumn import PASSPHRASE, new_card, own_laptop, ready, send

Unlock = Callable[[str], Vault]


@pytest.fixture
def unlocked(unlocked: Unlock) -> Unlock:
    """Open each vault once."""
    return cache(unlocked)


def elsewhere(vault: Vault, name: str) -> Countersigner:
    return next(c for c in countersigners(vault) if c.name == name and not c.is_here)


def state_of(vault: Vault, made: ReturnId) -> str:
    with vault.reading() as session:
        return next(s.state for s in standings_of(session) if s.found.id == made)


@pytest.fixture
def signed_by_dsl(unlocked: Unlock, clock: Any) -> ReturnId:
    """Return the return that Ruth Ellery signed and that Grace Tolley is to countersign."""
    vault = unlocked("oakfield")
    made = ready(vault, clock)
    sign_return(vault, made, PASSPHRASE, elsewhere(vault, "Grace Tolley").id)
    return made


def test_those_on_this_computer_and_those_elsewhere_are_offered(unlocked: Unlock) -> None:
    offered = [(c.name, c.role, c.is_here) for c in countersigners(unlocked("oakfield"))]
    assert offered == [
        ("Peter Marsh", "headteacher", True),
        ("Grace Tolley", "governor", False),
    ]


def test_a_governor_countersigns_on_her_own_laptop(
    unlocked: Unlock, signed_by_dsl: ReturnId, tmp_path: Path
) -> None:
    school, governor, trust = unlocked("oakfield"), unlocked("governor"), unlocked("trust")
    assert state_of(school, signed_by_dsl) == "signed"
    with pytest.raises(StateError, match="own laptop"):
        countersign_return(school, signed_by_dsl, PASSPHRASE)
    with pytest.raises(StateError, match="both signatures"):
        sealed_return(school, signed_by_dsl)

    handed = file_for_signer(school, signed_by_dsl)
    assert handed.name.endswith("-termly-return-to-sign-r1.odbst")
    assert handed.reader == "Grace Tolley"
    verdict = send(tmp_path, school, governor, handed.data)
    assert (verdict.verdict, verdict.code) == ("pending", "ok")
    assert "Returns to sign" in verdict.message
    again = send(tmp_path, school, governor, handed.data)
    assert (again.verdict, again.code) == ("duplicate", "already-received")

    (waiting,) = to_countersign(governor)
    own = read_return(school, signed_by_dsl)
    assert waiting.answers["concerns_total"] == own.answers["concerns_total"]
    assert (waiting.signer, waiting.signed_by) == (
        "Grace Tolley",
        ("Ruth Ellery, designated safeguarding lead",),
    )
    assert waiting.pdf is not None
    assert waiting.pdf.startswith(b"%PDF")
    with pytest.raises(StateError, match="Sign it first"):
        countersigned_files(governor, waiting.payload_sha256)
    with pytest.raises(WrongPassphraseError):
        add_signature(governor, waiting.payload_sha256, "not the passphrase")
    add_signature(governor, waiting.payload_sha256, PASSPHRASE)
    with pytest.raises(StateError, match="signed this return already"):
        add_signature(governor, waiting.payload_sha256, PASSPHRASE)
    for_trust, for_school = countersigned_files(governor, waiting.payload_sha256)
    assert for_trust.fingerprint == for_school.fingerprint == handed.fingerprint

    arrived = send(tmp_path, governor, trust, for_trust.data)
    assert (arrived.verdict, arrived.code) == ("accepted", "ok")
    back = send(tmp_path, governor, school, for_school.data)
    assert (back.verdict, back.code) == ("accepted", "ok")
    assert "countersigned" in back.message
    assert state_of(school, signed_by_dsl) == "exported"
    # The DSL may upload it as well: it is the same return, and the trust says so.
    twice = send(tmp_path, school, trust, file_for_trust(school, signed_by_dsl).data)
    assert twice.verdict == "duplicate"


def test_the_receipt_alone_tells_the_school_that_it_was_countersigned(
    unlocked: Unlock, signed_by_dsl: ReturnId, tmp_path: Path
) -> None:
    school, governor, trust = unlocked("oakfield"), unlocked("governor"), unlocked("trust")
    send(tmp_path, school, governor, file_for_signer(school, signed_by_dsl).data)
    (waiting,) = to_countersign(governor)
    add_signature(governor, waiting.payload_sha256, PASSPHRASE)
    send(tmp_path, governor, trust, countersigned_files(governor, waiting.payload_sha256)[0].data)
    answer = outbox.receipt(trust, waiting.payload_sha256, PASSPHRASE)
    assert send(tmp_path, trust, school, answer.data).verdict == "accepted"
    assert state_of(school, signed_by_dsl) == "accepted"
    assert read_return(school, signed_by_dsl).state == "sent"


def test_a_file_for_the_second_signer_opens_for_nobody_else(
    unlocked: Unlock, signed_by_dsl: ReturnId, tmp_path: Path
) -> None:
    school = unlocked("oakfield")
    handed = file_for_signer(school, signed_by_dsl)
    assert send(tmp_path, school, unlocked("trust"), handed.data).code == "sealed-to-another"
    assert send(tmp_path, school, unlocked("st-marys"), handed.data).code == "sealed-to-another"


def test_a_return_put_away_can_be_imported_again(
    unlocked: Unlock, signed_by_dsl: ReturnId, tmp_path: Path
) -> None:
    school, governor = unlocked("oakfield"), unlocked("governor")
    handed = file_for_signer(school, signed_by_dsl)
    send(tmp_path, school, governor, handed.data)
    (waiting,) = to_countersign(governor)
    decline(governor, waiting.payload_sha256)
    assert to_countersign(governor) == ()
    with pytest.raises(InputError, match="no such return"):
        decline(governor, waiting.payload_sha256)
    assert send(tmp_path, school, governor, handed.data).verdict == "pending"
    add_signature(governor, waiting.payload_sha256, PASSPHRASE)
    with pytest.raises(StateError, match="kept"):
        decline(governor, waiting.payload_sha256)


def test_a_changed_return_does_not_take_the_old_signature_back(
    unlocked: Unlock, signed_by_dsl: ReturnId, tmp_path: Path
) -> None:
    school, governor = unlocked("oakfield"), unlocked("governor")
    send(tmp_path, school, governor, file_for_signer(school, signed_by_dsl).data)
    (waiting,) = to_countersign(governor)
    add_signature(governor, waiting.payload_sha256, PASSPHRASE)
    found = read_return(school, signed_by_dsl)
    save_return(school, signed_by_dsl, {**found.answers, "cla_count": 9}, found.explanations)
    back = countersigned_files(governor, waiting.payload_sha256)[1]
    assert send(tmp_path, governor, school, back.data).code == "for-another"
    assert read_return(school, signed_by_dsl).state == "draft"


def test_verifying_changes_nothing(
    unlocked: Unlock, signed_by_dsl: ReturnId, tmp_path: Path
) -> None:
    school, governor = unlocked("oakfield"), unlocked("governor")
    path = tmp_path / "to-sign.odbst"
    path.write_bytes(file_for_signer(school, signed_by_dsl).data)
    before = governor.audit_head()
    assert inbox.verify_file(governor, path).verdict == "pending"
    assert (governor.audit_head(), to_countersign(governor)) == (before, ())


@pytest.fixture
def heads(unlocked: Unlock, clock: Any, tmp_path: Path) -> Iterator[Vault]:
    """Return the vault on the headteacher's own laptop, known to the trust and the school."""
    trust, school, governor = unlocked("trust"), unlocked("oakfield"), unlocked("governor")
    vault = own_laptop(tmp_path / "heads", trust, clock, person="Peter Marsh")
    new_card(tmp_path, trust, vault, school, governor)
    yield vault
    vault.close()


def test_a_headteacher_countersigns_on_his_own_laptop(
    unlocked: Unlock, heads: Vault, clock: Any, tmp_path: Path
) -> None:
    school, trust = unlocked("oakfield"), unlocked("trust")
    made = ready(school, clock)
    second = elsewhere(school, "Peter Marsh")
    assert second.keyid == own_keys(heads).signing[0].keyid
    sign_return(school, made, PASSPHRASE, second.id)
    assert send(tmp_path, school, heads, file_for_signer(school, made).data).verdict == "pending"
    (waiting,) = to_countersign(heads)
    add_signature(heads, waiting.payload_sha256, PASSPHRASE)
    for_trust, for_school = countersigned_files(heads, waiting.payload_sha256)
    assert send(tmp_path, heads, trust, for_trust.data).verdict == "accepted"
    assert send(tmp_path, heads, school, for_school.data).verdict == "accepted"
    assert state_of(school, made) == "exported"


def test_the_receipt_goes_to_the_vault_that_signed_first(
    unlocked: Unlock, heads: Vault, clock: Any, tmp_path: Path
) -> None:
    school, trust = unlocked("oakfield"), unlocked("trust")
    made = ready(school, clock)
    sign_return(school, made, PASSPHRASE, countersigners(school)[0].id)
    countersign_return(school, made, PASSPHRASE)
    send(tmp_path, school, trust, file_for_trust(school, made).data)
    answer = outbox.receipt(trust, payload_hash(read_return(school, made)), PASSPHRASE)
    assert parse_sealed(answer.data).recipient == own_keys(school).sealing_keyid
    assert send(tmp_path, trust, heads, answer.data).code == "sealed-to-another"
    assert send(tmp_path, trust, school, answer.data).verdict == "accepted"


def test_a_lost_laptop_is_sealed_to_no_more_once_its_keys_are_revoked(
    unlocked: Unlock, heads: Vault, tmp_path: Path
) -> None:
    school, trust = unlocked("oakfield"), unlocked("trust")
    assert elsewhere(school, "Peter Marsh")
    inbox.revoke(trust, own_keys(heads).signing[0].keyid)
    new_card(tmp_path, trust, school)
    assert [c.name for c in countersigners(school) if not c.is_here] == ["Grace Tolley"]


def test_a_governor_of_two_schools_can_be_sealed_to_by_both(
    unlocked: Unlock, tmp_path: Path
) -> None:
    from odbst_desktop.office.opening import add_school  # noqa: PLC0415 - used once

    governor, trust, other = unlocked("governor"), unlocked("trust"), unlocked("st-marys")
    add_school(governor, 900102, "St Mary’s CE School", PASSPHRASE)
    send(tmp_path, governor, trust, outbox.enrolment(governor, [PASSPHRASE], 900102).data)
    for key in own_keys(governor).signing:
        with trust.reading() as session:
            waits = {k.keyid for k in known_keys(session) if k.status == "pending"}
        if key.keyid in waits:
            inbox.approve(trust, key.keyid, key.fingerprint)
    new_card(tmp_path, trust, unlocked("oakfield"), other)
    for vault in (unlocked("oakfield"), other):
        assert elsewhere(vault, "Grace Tolley").vault is not None


def test_who_signs_first_cannot_sign_second(unlocked: Unlock, clock: Any, tmp_path: Path) -> None:
    school, trust = unlocked("oakfield"), unlocked("trust")
    vault = own_laptop(tmp_path / "second", trust, clock, person="Ruth Ellery")
    vault.close()
    new_card(tmp_path, trust, school)
    made = ready(school, clock)
    with pytest.raises(InputError, match="cannot sign twice"):
        preview_return(school, made, elsewhere(school, "Ruth Ellery").id)


def test_what_is_not_acknowledged_is_listed_with_its_age(
    unlocked: Unlock, signed_by_dsl: ReturnId, clock: Any, tmp_path: Path
) -> None:
    school, governor = unlocked("oakfield"), unlocked("governor")
    with school.reading() as session:
        assert outstanding(session) == ()
    handed = file_for_signer(school, signed_by_dsl)
    clock.day = clock.day.replace(day=30)
    with school.reading() as session:
        (waiting,) = outstanding(session)
        words = outstanding_words(session, school.today())
    assert waiting.waits_for == "Grace Tolley’s signature"
    assert "autumn term 2026-27, 12 days" in words
    send(tmp_path, school, governor, handed.data)
    (held,) = to_countersign(governor)
    add_signature(governor, held.payload_sha256, PASSPHRASE)
    files = countersigned_files(governor, held.payload_sha256)
    send(tmp_path, governor, school, files[1].data)
    with school.reading() as session:
        assert [each.waits_for for each in outstanding(session)] == ["the ESL’s receipt"]
    trust = unlocked("trust")
    send(tmp_path, governor, trust, files[0].data)
    answer = outbox.receipt(trust, held.payload_sha256, PASSPHRASE)
    send(tmp_path, trust, school, answer.data)
    with school.reading() as session:
        assert outstanding(session) == ()
        assert len([p for p in packages(session, "termly-return") if p.revision == 1]) == 2
