"""The termly return: filled in, explained, signed by two, sealed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.exchange.envelope import parse_envelope
from odbst_desktop.exchange.strict_json import parse_strict_json
from odbst_desktop.meetings.log import close_meeting, save_meeting, start_meeting
from odbst_desktop.returns.comparing_sources import differences, take_counted
from odbst_desktop.returns.countersigners import countersigners
from odbst_desktop.returns.drafting import (
    judge,
    open_return,
    read_return,
    save_return,
)
from odbst_desktop.returns.signing import (
    countersign_return,
    sealed_return,
    sign_return,
    take_back,
)
from odbst_desktop.vault.errors import WrongPassphraseError
from odbst_desktop.vault.vault import Vault
from tests.returns.autumn import PASSPHRASE, ready


def hold_meeting(vault: Vault, count: int) -> None:
    meeting = start_meeting(vault)
    answers = {
        **meeting.answers,
        "concerns": [{"category": "neglect", "count": count, "place": "home", "time": "weekend"}],
        "key_concerns": "Neglect.",
    }
    save_meeting(vault, meeting.id, answers)
    close_meeting(vault, meeting.id)


def test_return_begins_with_what_was_counted(school: Vault) -> None:
    hold_meeting(school, 4)
    found = read_return(school, open_return(school, "2026-27", "autumn"))
    expected = {
        "concerns_total": 4,
        "concerns_abuse": 4,
        "place_home": 4,
        "staff_total": 3,
        "dsl_lead": "Ruth Ellery",
        "urn": "900101",
        "weekly_meetings_held": 1,
    }
    assert {name: found.answers[name] for name in expected} == expected
    assert {found.provenance[name] for name in expected} == {"counted"}
    assert open_return(school, "2026-27", "autumn") == found.id


def test_counting_again_leaves_what_was_changed_by_hand(school: Vault) -> None:
    hold_meeting(school, 4)
    made = open_return(school, "2026-27", "autumn")
    found = read_return(school, made)
    save_return(school, made, {**found.answers, "concerns_abuse": 5, "cla_count": 1}, {})
    after = read_return(school, made)
    assert (after.provenance["concerns_abuse"], after.provenance["cla_count"]) == (
        "changed",
        "typed",
    )
    hold_meeting(school, 3)
    moved = [d.field for d in differences(school, made) if d.is_stale]
    assert take_counted(school, made, moved) == len(moved) > 0
    again = read_return(school, made)
    assert (again.answers["concerns_total"], again.answers["concerns_abuse"]) == (7, 5)
    assert any(p.rule == "categories_sum" for p in judge(school, made).errors())


def test_unready_return_cannot_be_signed(unlocked: Callable[[str], Vault]) -> None:
    vault = unlocked("oakfield")
    made = open_return(vault, "2026-27", "autumn")
    second = countersigners(vault)[0]
    with pytest.raises(InputError, match="cannot be signed yet"):
        sign_return(vault, made, PASSPHRASE, second.id)
    assert read_return(vault, made).state == "draft"


def test_two_people_sign_and_the_paper_travels_inside(
    unlocked: Callable[[str], Vault], clock: Any
) -> None:
    vault = unlocked("oakfield")
    made = ready(vault, clock)
    second = countersigners(vault)[0]
    with pytest.raises(StateError, match="both signatures"):
        sealed_return(vault, made)
    with pytest.raises(StateError, match="DSL signs first"):
        countersign_return(vault, made, PASSPHRASE)
    with pytest.raises(WrongPassphraseError):
        sign_return(vault, made, "not the passphrase", second.id)
    sign_return(vault, made, PASSPHRASE, second.id)
    with pytest.raises(WrongPassphraseError):
        countersign_return(vault, made, "not the passphrase")
    countersign_return(vault, made, PASSPHRASE)
    found = read_return(vault, made)
    assert found.envelope is not None
    envelope = parse_envelope(found.envelope)
    payload = parse_strict_json(envelope.payload)
    assert len(envelope.signatures) == 2
    assert [s["role"] for s in payload["signers"]] == ["dsl", "headteacher"]
    assert payload["body"]["audit"]["sequence"] > 0
    assert sealed_return(vault, made).startswith(b"ODBSTSEAL1\n")


def test_signatures_can_be_taken_back_until_it_is_sent(
    unlocked: Callable[[str], Vault], clock: Any
) -> None:
    vault = unlocked("oakfield")
    made = ready(vault, clock)
    sign_return(vault, made, PASSPHRASE, countersigners(vault)[0].id)
    take_back(vault, made)
    assert read_return(vault, made).state == "draft"
    with pytest.raises(StateError):
        take_back(vault, open_return(vault, "2025-26", "summer"))


def test_last_terms_words_are_questioned(unlocked: Callable[[str], Vault], clock: Any) -> None:
    vault = unlocked("oakfield")
    made = ready(vault, clock)
    summer = read_return(vault, open_return(vault, "2025-26", "summer"))
    answers = read_return(vault, made).answers
    words = {"key_concerns": summer.answers["key_concerns"]}
    save_return(vault, made, {**answers, **words}, {})
    assert "key_concerns_fresh" in {warning.rule for warning in judge(vault, made).warnings()}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"shared_with_lgb_on": "2026-08-30"}, "shared_after_term_opened"),
        ({"ref_nfa": 9}, "referral_outcomes_sum"),
        ({"attendance_pct": 99.9}, "attendance_sum_high"),
        ({"pupils_with_any_concern": 900}, "pupils_with_any_concern_within_pupils_on_roll"),
        ({"fm_blocked_test_date": "2027-01-10"}, "fm_blocked_test_date_not_ahead"),
    ],
)
def test_what_does_not_add_up_is_an_error(
    unlocked: Callable[[str], Vault], clock: Any, change: dict[str, Any], rule: str
) -> None:
    vault = unlocked("oakfield")
    made = ready(vault, clock)
    answers = read_return(vault, made).answers
    save_return(vault, made, {**answers, **change}, {})
    assert rule in {error.rule for error in judge(vault, made).errors()}


@pytest.mark.parametrize(("year", "term"), [("2026-27", "winter"), ("2050-51", "autumn")])
def test_unknown_term_begins_nothing(school: Vault, year: str, term: str) -> None:
    with pytest.raises(InputError):
        open_return(school, year, term)


def test_paper_shows_what_was_explained(demonstration: Any) -> None:
    pages = PdfReader(demonstration / "reports" / "oakfield-termly-return.pdf").pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for words in ("DEMONSTRATION", "Summer term 2025-26", "What the rules asked about",
                  "Ruth Ellery", "Peter Marsh", "All concerns recorded"):  # fmt: skip
        assert words in text


def test_a_name_in_the_narrative_has_to_go_or_be_explained(
    unlocked: Callable[[str], Vault], clock: Any
) -> None:
    vault = unlocked("oakfield")
    made = ready(vault, clock)
    found = read_return(vault, made)
    words = {"key_concerns": "Jack Smith was late; Ruth Ellery rang."}
    save_return(vault, made, {**found.answers, **words}, found.explanations)
    second = countersigners(vault)[0]
    with pytest.raises(InputError, match="“Jack Smith” may be a name"):
        sign_return(vault, made, PASSPHRASE, second.id)
    said = {**found.explanations, "privacy.key_concerns": "It is the name of a book."}
    save_return(vault, made, read_return(vault, made).answers, said)
    sign_return(vault, made, PASSPHRASE, second.id)
