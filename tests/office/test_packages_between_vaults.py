"""Packages between real vaults: what is true is filed, what is not changes nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from odbst_desktop.actions.list import actions
from odbst_desktop.errors import InputError, StateError
from odbst_desktop.exchange.records import read_sealing_key
from odbst_desktop.exchange.register import known_keys, packages, seal_to_school, sealing_keys
from odbst_desktop.exchange.sealing import seal
from odbst_desktop.monitoring.visits import visits
from odbst_desktop.office import inbox, outbox
from odbst_desktop.office.opening import own_keys
from odbst_desktop.returns.drafting import open_return
from odbst_desktop.school.owner import Profile
from odbst_desktop.school.schools import School, find_school, write_school
from odbst_desktop.trust.returned import standings
from odbst_desktop.vault.errors import WrongPassphraseError
from odbst_desktop.vault.users import add_user
from odbst_desktop.vault.vault import Vault

PASSPHRASE = "copper lantern drifting orchard"


@pytest.fixture
def trust(open_vaults: Callable[..., Vault]) -> Vault:
    vault = open_vaults("trust", Profile.TRUST, None, "Helen Ashby")
    with vault.changing("school added", "school") as session:
        write_school(session, School(900101, "Oakfield", "milton_keynes", "primary", "North"))
    return vault


@pytest.fixture
def write(tmp_path: Path) -> Callable[[outbox.Outgoing], Path]:
    def write(sent: outbox.Outgoing) -> Path:
        path = tmp_path / sent.name
        path.write_bytes(sent.data)
        return path

    return write


def introduce(trust: Vault, vault: Vault, write: Callable[[outbox.Outgoing], Path]) -> None:
    """Let a vault and the trust know one another."""
    inbox.import_file(vault, write(outbox.trust_card(trust, PASSPHRASE)))
    esl = own_keys(trust).signing[0]
    inbox.approve(vault, esl.keyid, esl.fingerprint)
    inbox.import_file(trust, write(outbox.enrolment(vault, [PASSPHRASE])))
    for key in own_keys(vault).signing:
        inbox.approve(trust, key.keyid, key.fingerprint)
    inbox.import_file(vault, write(outbox.trust_card(trust, PASSPHRASE)))


def test_a_card_counts_only_once_its_fingerprint_is_confirmed(
    trust: Vault, school: Vault, write: Callable[[outbox.Outgoing], Path]
) -> None:
    with pytest.raises(StateError, match="trust card"):
        outbox.enrolment(school, [PASSPHRASE])
    verdict = inbox.import_file(school, write(outbox.trust_card(trust, PASSPHRASE)))
    assert (verdict.verdict, verdict.code) == ("pending", "ok")
    assert "fingerprint" in verdict.message
    with school.reading() as session:
        assert sealing_keys(session) == ()
    esl = own_keys(trust).signing[0]
    with pytest.raises(InputError, match="not the one of this key"):
        inbox.approve(school, esl.keyid, "00000 " * 6)
    with school.reading() as session:
        assert [key.status for key in known_keys(session)] == ["pending"]
    inbox.approve(school, esl.keyid, esl.fingerprint.replace(" ", ""))
    with school.reading() as session:
        assert [key.urn for key in sealing_keys(session)] == [None]
        known = find_school(session, 900101)
    assert known is not None
    assert known.authority == "milton_keynes"


def test_enrolment_is_confirmed_key_by_key(
    trust: Vault, school: Vault, write: Callable[[outbox.Outgoing], Path]
) -> None:
    add_user(school, "Peter Marsh", "headteacher", "velvet anchor morning gravel")
    inbox.import_file(school, write(outbox.trust_card(trust, PASSPHRASE)))
    esl = own_keys(trust).signing[0]
    inbox.approve(school, esl.keyid, esl.fingerprint)
    with pytest.raises(WrongPassphraseError):
        outbox.enrolment(school, [PASSPHRASE])
    sent = outbox.enrolment(school, [PASSPHRASE, "velvet anchor morning gravel"])
    verdict = inbox.import_file(trust, write(sent))
    assert verdict.verdict == "pending"
    first, second = own_keys(school).signing
    inbox.approve(trust, first.keyid, first.fingerprint)
    with trust.reading() as session, pytest.raises(StateError):
        seal_to_school(session, 900101)
    inbox.approve(trust, second.keyid, second.fingerprint)
    with trust.reading() as session:
        assert seal_to_school(session, 900101).keyid == own_keys(school).sealing_keyid
    assert inbox.import_file(trust, write(sent)).code == "already-received"


def test_cards_only_rise(
    trust: Vault, school: Vault, write: Callable[[outbox.Outgoing], Path]
) -> None:
    introduce(trust, school, write)
    older = write(outbox.trust_card(trust, PASSPHRASE))
    newer = write(outbox.trust_card(trust, PASSPHRASE))
    assert inbox.import_file(school, newer).verdict == "accepted"
    assert inbox.import_file(school, older).code == "out-of-sequence"


def test_another_trusts_card_is_not_taken(
    trust: Vault,
    school: Vault,
    open_vaults: Callable[..., Vault],
    write: Callable[[outbox.Outgoing], Path],
) -> None:
    introduce(trust, school, write)
    other = open_vaults("other", Profile.TRUST, None, "Eve Stranger")
    verdict = inbox.import_file(school, write(outbox.trust_card(other, PASSPHRASE)))
    assert (verdict.verdict, verdict.code) == ("rejected", "unknown-signer")


def test_a_vault_makes_only_its_own_kinds(school: Vault, trust: Vault) -> None:
    with pytest.raises(StateError, match="only a trust"):
        outbox.trust_card(school, PASSPHRASE)
    with pytest.raises(InputError, match="no such return"):
        outbox.receipt(trust, "0" * 64, PASSPHRASE)


def test_visit_reaches_school_and_trust(unlocked: Callable[[str], Vault]) -> None:
    school, governor = unlocked("oakfield"), unlocked("governor")
    with governor.reading() as session:
        signed = [v for v in visits(session) if v.state == "signed"]
    with school.reading() as session:
        received = visits(session)
        origins = {a.origin for a in actions(session)}
    assert [v.visited_on for v in received] == [v.visited_on for v in signed]
    assert {v.state for v in received} == {"received"}
    assert received[0].origin in origins
    with unlocked("trust").reading() as session:
        assert len(packages(session, "monitoring-visit")) == len(received) == 7
        assert len(visits(session)) == 7


def returned(demonstration: Path) -> Path:
    return next((demonstration / "outbox").glob("oakfield*termly-return*"))


def test_tampered_return_is_refused_and_changes_nothing(
    unlocked: Callable[[str], Vault], demonstration: Path, tmp_path: Path
) -> None:
    trust = unlocked("trust")
    data = bytearray(returned(demonstration).read_bytes())
    data[-40] ^= 1
    path = tmp_path / "tampered.odbst"
    path.write_bytes(data)
    before = trust.audit_head()
    verdict = inbox.import_file(trust, path)
    assert (verdict.verdict, verdict.code) == ("rejected", "cannot-open")
    assert trust.audit_head() == before


def changed_return(trust: Vault, change: Callable[[dict[str, Any]], None], tmp_path: Path) -> Path:
    """Seal the accepted return again with its envelope changed, signatures left as they were."""
    with trust.reading() as session:
        held = next(p for p in packages(session, "termly-return") if p.urn == 900101)
        public = read_sealing_key(session).public
    envelope = json.loads(held.envelope.to_bytes())
    change(envelope)
    path = tmp_path / "changed.odbst"
    path.write_bytes(seal(json.dumps(envelope).encode(), public))
    return path


def test_return_without_one_signature_is_refused(
    unlocked: Callable[[str], Vault], tmp_path: Path
) -> None:
    trust = unlocked("trust")

    def drop(envelope: dict[str, Any]) -> None:
        envelope["signatures"].pop()

    verdict = inbox.verify_file(trust, changed_return(trust, drop, tmp_path))
    assert verdict.code == "missing-signature"
    assert "to be signed by everyone who must" in verdict.message


def test_swapped_payload_is_refused(unlocked: Callable[[str], Vault], tmp_path: Path) -> None:
    trust = unlocked("trust")

    def swap(envelope: dict[str, Any]) -> None:
        payload = base64.b64decode(envelope["payload"])
        changed = payload.replace(b'"concerns_total": ', b'"concerns_total": 1', 1)
        assert changed != payload
        envelope["payload"] = base64.b64encode(changed).decode()

    verdict = inbox.verify_file(trust, changed_return(trust, swap, tmp_path))
    assert verdict.code == "bad-signature"


def test_revoked_signer_is_refused(unlocked: Callable[[str], Vault], demonstration: Path) -> None:
    trust = unlocked("trust")
    with trust.reading() as session:
        dsl = next(key for key in known_keys(session) if key.person == "Ruth Ellery")
    inbox.revoke(trust, dsl.keyid)
    assert inbox.verify_file(trust, returned(demonstration)).code == "revoked-signer"


def test_return_for_the_trust_does_not_open_at_a_school(
    unlocked: Callable[[str], Vault], demonstration: Path
) -> None:
    verdict = inbox.verify_file(unlocked("st-marys"), returned(demonstration))
    assert verdict.code == "sealed-to-another"


def test_demonstration_files_are_refused_by_a_real_vault(trust: Vault, demonstration: Path) -> None:
    card = next((demonstration / "outbox").glob("*trust-card-r2*"))
    verdict = inbox.verify_file(trust, card)
    assert verdict.is_refused


def test_demonstration_card_is_refused_by_a_real_school(demonstration: Path, school: Vault) -> None:
    card = next((demonstration / "outbox").glob("*trust-card-r1*"))
    verdict = inbox.verify_file(school, card)
    assert verdict.is_refused
    assert "demonstration" in verdict.message


def test_inspect_shows_answers_without_documents(
    unlocked: Callable[[str], Vault], demonstration: Path
) -> None:
    payload = inbox.inspect_file(unlocked("trust"), returned(demonstration))
    assert payload["body"]["answers"]["urn"] == "900101"
    assert [set(document) for document in payload["documents"]] == [
        {"name", "media_type", "size", "sha256"}
    ]


def test_receipt_reaches_the_school(unlocked: Callable[[str], Vault]) -> None:
    with unlocked("st-marys").reading() as session:
        (receipt,) = packages(session, "receipt")
        body = receipt.body()
    assert body.verdict == "queried"  # type: ignore[union-attr]


def test_missing_file_is_said(unlocked: Callable[[str], Vault], tmp_path: Path) -> None:
    verdict = inbox.verify_file(unlocked("trust"), tmp_path / "nowhere.odbst")
    assert verdict.is_refused
    assert "could not be read" in verdict.message


def test_unsigned_return_is_not_exported(unlocked: Callable[[str], Vault]) -> None:
    vault = unlocked("oakfield")
    with pytest.raises(StateError, match="both signatures"):
        outbox.termly_return(vault, open_return(vault, "2026-27", "autumn"))
    assert vault.today() == date(2026, 11, 24)


def test_a_query_may_be_followed_by_an_acceptance(
    unlocked: Callable[[str], Vault], write: Callable[[outbox.Outgoing], Path]
) -> None:
    trust, school = unlocked("trust"), unlocked("st-marys")
    with trust.reading() as session:
        held = next(p for p in packages(session, "termly-return") if p.urn == 900102)
    verdict = inbox.import_file(
        school, write(outbox.receipt(trust, held.payload_sha256, PASSPHRASE))
    )
    assert (verdict.verdict, verdict.code) == ("accepted", "ok")
    with trust.reading() as session:
        found = standings(session, "2025-26", "summer", trust.today())
    standing = next(each for each in found if each.school.urn == 900102)
    assert standing.words_on(trust.today()) == "✓ Accepted · late"
