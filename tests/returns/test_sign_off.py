"""What is signed is what was looked at; a change takes signatures away; revisions; two drafts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from odbst_desktop.errors import InputError, OdbstError, StateError
from odbst_desktop.exchange.envelope import parse_envelope
from odbst_desktop.exchange.records import read_sealing_key
from odbst_desktop.exchange.register import packages
from odbst_desktop.office import inbox, outbox
from odbst_desktop.office.return_files import draft_file, file_for_trust
from odbst_desktop.returns.before_signing import trust_standing
from odbst_desktop.returns.countersigners import countersigners
from odbst_desktop.returns.drafting import ReturnId, judge, open_return, read_return, save_return
from odbst_desktop.returns.other_laptop import compare_draft, other_vaults, take_fields
from odbst_desktop.returns.queries import queries_of
from odbst_desktop.returns.revisions import amend_return, changes_of, discard_revision
from odbst_desktop.returns.set_aside import put_back, read_payload
from odbst_desktop.returns.signing import (
    countersign_return,
    payload_hash,
    preview_return,
    sign_return,
    take_back,
)
from odbst_desktop.returns.standing import Standing, ready_drafts, standings_of
from odbst_desktop.vault.vault import Vault
from tests.returns.autumn import PASSPHRASE, explain, new_card, own_laptop, ready, send

Unlock = Callable[[str], Vault]


@pytest.fixture
def unlocked(unlocked: Unlock) -> Unlock:
    """Open each vault once."""
    return cache(unlocked)


@pytest.fixture
def school(unlocked: Unlock) -> Vault:
    return unlocked("oakfield")


@pytest.fixture
def made(school: Vault, clock: Any) -> ReturnId:
    return ready(school, clock)


def standing(vault: Vault, made: ReturnId) -> Standing:
    ready_ones = ready_drafts(vault)
    with vault.reading() as session:
        return next(s for s in standings_of(session, ready=ready_ones) if s.found.id == made)


def sign_both(vault: Vault, made: ReturnId) -> None:
    sign_return(vault, made, PASSPHRASE, countersigners(vault)[0].id)
    countersign_return(vault, made, PASSPHRASE)


def signed_paper(vault: Vault, made: ReturnId) -> bytes:
    envelope = parse_envelope(read_return(vault, made).envelope or b"")
    return read_payload(envelope).documents[0].content


def test_the_paper_that_was_looked_at_is_the_one_that_is_signed(
    school: Vault, made: ReturnId
) -> None:
    second = countersigners(school)[0].id
    shown = preview_return(school, made, second)
    sign_return(school, made, PASSPHRASE, second, seen=shown.paper_sha256)
    assert signed_paper(school, made) == shown.pdf


def test_a_paper_that_changed_since_it_was_looked_at_is_not_signed(
    school: Vault, made: ReturnId
) -> None:
    second = countersigners(school)[0].id
    shown = preview_return(school, made, second)
    found = read_return(school, made)
    save_return(school, made, {**found.answers, "cla_count": 9}, found.explanations)
    explain(school, made)
    with pytest.raises(StateError, match="Look at it again"):
        sign_return(school, made, PASSPHRASE, second, seen=shown.paper_sha256)
    assert read_return(school, made).state == "draft"


def test_a_change_takes_the_signatures_away_and_undoing_it_brings_them_back(
    school: Vault, made: ReturnId
) -> None:
    sign_both(school, made)
    signed = read_return(school, made)
    save_return(school, made, signed.answers, signed.explanations)
    assert read_return(school, made).state == "signed", "saving the same is no change"
    save_return(school, made, {**signed.answers, "cla_count": 9}, signed.explanations)
    changed = read_return(school, made)
    assert (changed.state, changed.envelope) == ("draft", None)
    assert changed.set_aside == signed.envelope
    put_back(school, made)
    again = read_return(school, made)
    assert (again.state, again.envelope) == ("signed", signed.envelope)
    assert again.answers["cla_count"] == signed.answers["cla_count"]
    with pytest.raises(StateError, match="no signatures"):
        put_back(school, made)
    take_back(school, made)
    put_back(school, made)
    assert read_return(school, made).state == "signed"


def test_an_exported_return_is_changed_only_by_a_new_revision(
    school: Vault, made: ReturnId
) -> None:
    sign_both(school, made)
    with pytest.raises(StateError, match="not exported yet"):
        amend_return(school, made, "A figure was wrong.")
    file_for_trust(school, made)
    found = read_return(school, made)
    with pytest.raises(StateError, match="new revision"):
        save_return(school, made, {**found.answers, "cla_count": 9}, found.explanations)
    with pytest.raises(InputError, match="why"):
        amend_return(school, made, "  ")
    second = amend_return(school, made, "A figure was wrong.")
    with pytest.raises(StateError, match="begun already"):
        amend_return(school, made, "Again.")
    assert open_return(school, "2026-27", "autumn") == second
    discard_revision(school, second)
    assert open_return(school, "2026-27", "autumn") == made
    with pytest.raises(StateError, match="later revision"):
        discard_revision(school, made)


def test_every_state_is_said_in_a_word_and_a_shape(
    school: Vault, made: ReturnId, unlocked: Unlock, tmp_path: Path
) -> None:
    trust, seen = unlocked("trust"), []

    def see() -> None:
        seen.append(standing(school, made).words.replace(" on 18 Dec 2026", ""))

    found = read_return(school, made)
    save_return(school, made, {**found.answers, "cla_count": None}, found.explanations)
    see()
    save_return(school, made, found.answers, found.explanations)
    see()
    sign_return(school, made, PASSPHRASE, countersigners(school)[0].id)
    see()
    countersign_return(school, made, PASSPHRASE)
    see()
    sent = file_for_trust(school, made)
    see()
    assert [step.words for step in standing(school, made).way()] == [
        "✓ Draft", "✓ Ready to sign", "✓ Signed by the DSL", "✓ Countersigned", "✓ Exported",
        "○ Received", "○ Accepted",
    ]  # fmt: skip
    send(tmp_path, school, trust, sent.data)
    asked = [("cla_count", "Is this each child once?")]
    digest = payload_hash(read_return(school, made))
    send(tmp_path, trust, school, outbox.receipt(trust, digest, PASSPHRASE, asked).data)
    see()
    assert [step.words for step in standing(school, made).way()][-2:] == ["✓ Received", "✓ Queried"]
    send(tmp_path, trust, school, outbox.receipt(trust, digest, PASSPHRASE).data)
    see()
    second = amend_return(school, made, "A figure was wrong.")
    see()
    explain(school, second)
    sign_return(school, second, PASSPHRASE, countersigners(school)[0].id)
    see()
    assert seen == [
        "○ Draft", "◇ Ready to sign", "◐ Signed by the DSL, waits for Peter Marsh",
        "● Countersigned", "↗ Exported", "? Queried", "✓ Accepted", "✓ Accepted",
        "↻ Amended by revision 2",
    ]  # fmt: skip


def test_a_query_is_answered_by_the_next_revision_and_a_receipt_closes_it(
    school: Vault, made: ReturnId, unlocked: Unlock, tmp_path: Path
) -> None:
    trust = unlocked("trust")
    sign_both(school, made)
    send(tmp_path, school, trust, file_for_trust(school, made).data)
    digest = payload_hash(read_return(school, made))
    asked = [("cla_count", "Is this each child once?"), ("plac_count", "And this?")]
    send(tmp_path, trust, school, outbox.receipt(trust, digest, PASSPHRASE, asked).data)
    with school.reading() as session:
        assert queries_of(session, digest) == tuple(asked)
    second = amend_return(school, made, "The ESL’s queries are answered.")
    waiting = [w for w in judge(school, second).warnings() if w.rule.startswith("query.")]
    assert [(w.field, w.message) for w in waiting] == [
        ("cla_count", "The ESL asks: Is this each child once?"),
        ("plac_count", "The ESL asks: And this?"),
    ]
    with pytest.raises(InputError, match="The ESL asks"):
        sign_both(school, second)
    found = read_return(school, second)
    answered = {"query.cla_count": "It was twice; mended.", "query.plac_count": "Yes, once."}
    changed = {**found.answers, "cla_count": 9}
    save_return(school, second, changed, {**found.explanations, **answered})
    explain(school, second)
    sign_both(school, second)
    with school.reading() as session:
        changes = changes_of(session, read_return(school, second))
    assert [(c.field, c.after) for c in changes] == [("cla_count", "9")]
    text = " ".join(
        " ".join(page.extract_text() for page in PdfReader(_stream(school, second)).pages).split()
    )
    for words in ("revision 2", "What this revision changes", "The ESL’s queries are answered.",
                  "It was twice; mended."):  # fmt: skip
        assert words in text
    verdict = send(tmp_path, school, trust, file_for_trust(school, second).data)
    assert verdict.verdict == "accepted"
    digest = payload_hash(read_return(school, second))
    send(tmp_path, trust, school, outbox.receipt(trust, digest, PASSPHRASE).data)
    assert (standing(school, second).state, standing(school, made).state) == ("accepted", "amended")
    with trust.reading() as session:
        newest = next(p for p in packages(session, "termly-return") if p.urn == 900101)
    body = newest.payload().body
    assert newest.revision == 2
    said = {entry["rule"]: entry["text"] for entry in body["explanations"]}
    assert said["amended"] == "The ESL’s queries are answered."
    assert said["query.plac_count"] == "Yes, once."


def _stream(vault: Vault, made: ReturnId) -> Any:
    from io import BytesIO  # noqa: PLC0415 - used once

    return BytesIO(signed_paper(vault, made))


def test_a_clock_set_back_signs_nothing_until_the_day_is_said_to_be_right(
    school: Vault, made: ReturnId, clock: Any
) -> None:
    second = countersigners(school)[0].id
    clock.day = date(2026, 12, 1)
    with pytest.raises(InputError, match=r"today is 1 Dec 2026.*dated 18 Dec 2026"):
        sign_return(school, made, PASSPHRASE, second)
    with pytest.raises(InputError, match="Set the computer’s clock"):
        sign_return(school, made, PASSPHRASE, second, right_day=date(2026, 12, 18))
    assert read_return(school, made).state == "draft"
    clock.day = date(2026, 12, 17)
    sign_return(school, made, PASSPHRASE, second)  # a day is within what a clock may be out


def test_a_term_that_has_not_begun_is_not_signed(school: Vault, made: ReturnId, clock: Any) -> None:
    clock.day = date(2026, 7, 1)
    with pytest.raises(InputError, match="clock"):
        sign_return(school, made, PASSPHRASE, countersigners(school)[0].id)
    assert read_return(school, made).state == "draft"


def test_without_a_trust_card_drafting_goes_on_and_signing_says_whom_to_ask(
    open_vaults: Callable[..., Vault],
) -> None:
    vault = open_vaults()
    made = open_return(vault, "2026-27", "autumn")
    save_return(vault, made, {"cla_count": 2}, {})
    assert read_return(vault, made).answers["cla_count"] == 2
    with vault.reading() as session:
        told = trust_standing(session, vault.user, vault.today())
    assert not told.may_sign
    assert "Ask the Executive Safeguarding Lead" in told.words[0]
    with pytest.raises(OdbstError):
        sign_return(vault, made, PASSPHRASE, "nobody")


def test_an_expired_card_asks_for_the_newest_and_lets_sign(
    school: Vault, made: ReturnId, clock: Any
) -> None:
    with school.reading() as session:
        assert trust_standing(session, school.user, school.today()).words == ()
    clock.day = date(2027, 9, 2)
    with school.reading() as session:
        told = trust_standing(session, school.user, school.today())
    assert told.may_sign
    assert "ran out on 31 Aug 2027" in told.words[0]
    sign_both(school, made)
    assert file_for_trust(school, made).data


@pytest.fixture
def deputys(unlocked: Unlock, clock: Any, tmp_path: Path) -> Iterator[Vault]:
    """Return the vault of the deputy DSL, who drafts the same term on another laptop."""
    trust = unlocked("trust")
    clock.day = date(2026, 12, 18)
    vault = own_laptop(tmp_path / "deputys", trust, clock, person="Nadia Rahman", role="dsl")
    new_card(tmp_path, trust, vault, unlocked("oakfield"))
    yield vault
    vault.close()


def test_two_drafts_are_compared_and_taken_field_by_field(
    school: Vault, made: ReturnId, deputys: Vault, tmp_path: Path
) -> None:
    theirs = open_return(deputys, "2026-27", "autumn")
    answers = {"cla_count": 9, "plac_count": 4, "key_concerns": "Late arrivals."}
    save_return(deputys, theirs, answers, {"zero_everywhere": "A small school."})
    assert [each.owner for each in other_vaults(deputys)] == ["school"]
    sealed = draft_file(deputys, theirs, PASSPHRASE, other_vaults(deputys)[0])
    before, head = read_return(school, made), school.audit_head()
    other = compare_draft(school, sealed.data)
    assert (read_return(school, made), school.audit_head()) == (before, head)
    assert other.person == "Nadia Rahman"
    differing = {each.field: (each.mine, each.theirs) for each in other.differences}
    assert differing["cla_count"] == (str(before.answers["cla_count"]), "9")
    assert differing["zero_everywhere"][1] == "A small school."
    with pytest.raises(InputError, match="at least one"):
        take_fields(school, other, [])
    assert take_fields(school, other, ["cla_count", "zero_everywhere"]) == 2
    after = read_return(school, made)
    assert (after.answers["cla_count"], after.provenance["cla_count"]) == (9, "typed")
    assert after.answers["key_concerns"] == before.answers["key_concerns"]
    assert after.explanations["zero_everywhere"] == "A small school."
    assert "cla_count" not in {d.field for d in compare_draft(school, sealed.data).differences}


def test_a_draft_is_no_package_and_opens_for_no_other_vault(
    school: Vault, made: ReturnId, deputys: Vault, unlocked: Unlock, tmp_path: Path
) -> None:
    (to,) = [each for each in other_vaults(school) if each.owner == "Nadia Rahman"]
    sealed = draft_file(school, made, PASSPHRASE, to)
    assert send(tmp_path, school, deputys, sealed.data).code == "unknown-kind"
    path = tmp_path / "draft.odbst"
    path.write_bytes(sealed.data)
    assert "tab Termly return" in inbox.verify_file(deputys, path).message
    for reader, words in ((unlocked("st-marys"), "sealed to somebody else"),
                          (deputys, "no draft of the autumn term")):  # fmt: skip
        with pytest.raises(OdbstError, match=words):
            compare_draft(reader, sealed.data)
    for data, words in (
        (b"{}", "not a draft"), (file_for_governor(school), "not a draft"),
        (sealed.data[:-1], "damaged"), (sealed.data[:40], "damaged"),
    ):  # fmt: skip
        with pytest.raises(OdbstError, match=words):
            compare_draft(deputys, data)


def file_for_governor(vault: Vault) -> bytes:
    """Return an open package, which is no draft."""
    with vault.reading() as session:
        return packages(session, "trust-card")[0].envelope.to_bytes()


def test_a_draft_signed_by_a_stranger_is_refused(
    school: Vault, made: ReturnId, deputys: Vault, unlocked: Unlock, tmp_path: Path
) -> None:
    theirs = open_return(deputys, "2026-27", "autumn")
    with school.reading() as session:
        own = read_sealing_key(session).keyid
    to = next(each for each in other_vaults(deputys) if each.keyid == own)
    sealed = draft_file(deputys, theirs, PASSPHRASE, to)
    trust = unlocked("trust")
    keyid = next(s.keyid for s in _signatures(trust, "Nadia Rahman"))
    inbox.revoke(trust, keyid)
    new_card(tmp_path, trust, school)
    with pytest.raises(OdbstError, match="revoked"):
        compare_draft(school, sealed.data)


def _signatures(vault: Vault, person: str) -> list[Any]:
    from odbst_desktop.exchange.register import known_keys  # noqa: PLC0415 - used once

    with vault.reading() as session:
        return [key for key in known_keys(session) if key.person == person]


def test_age_counts_from_the_day_of_export(school: Vault, made: ReturnId, clock: Any) -> None:
    sign_both(school, made)
    assert standing(school, made).age_days(school.today()) is None
    file_for_trust(school, made)
    clock.day += timedelta(days=9)
    file_for_trust(school, made)
    assert standing(school, made).age_days(school.today()) == 9
    assert json.loads(json.dumps(standing(school, made).state)) == "exported"
