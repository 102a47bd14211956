"""The demonstration's autumn return made ready, vaults that know the trust, files written down."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from odbst_desktop.office import inbox, outbox
from odbst_desktop.office.inbox import Verdict
from odbst_desktop.office.opening import make_vault, own_keys
from odbst_desktop.returns.drafting import ReturnId, judge, open_return, read_return, save_return
from odbst_desktop.school.owner import Owner, Profile
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.vault import Vault

PASSPHRASE = "copper lantern drifting orchard"
SCHOOL, URN = "Oakfield CE Primary School", 900101
_CHANGES = {
    "key_concerns": "Fewer at lunchtime.",
    "trends_seen": "Online concerns rise.",
    "fm_blocked_test_date": "2026-11-10",
    "shared_with_lgb_on": "2026-12-10",
    "scr_last_check_date": "2026-11-12",
    "cin_open_start": 5,
    "cin_open_end": 6,
    "cp_open_start": 2,
    "cp_open_end": 3,
    "referrals_front_door_total": 5,
    "pupils_with_any_concern": 9,
    "repeat_concern_pupils": 2,
    "prior_pending_resolved": 1,
}


def ready(vault: Vault, clock: Any) -> ReturnId:
    """Make the autumn return ready from the figures of the summer's."""
    clock.day = date(2026, 12, 18)
    summer = read_return(vault, open_return(vault, "2025-26", "summer"))
    made = open_return(vault, "2026-27", "autumn")
    counted = read_return(vault, made).answers
    save_return(vault, made, {**summer.answers, **counted, **_CHANGES}, {})
    explain(vault, made)
    return made


def explain(vault: Vault, made: ReturnId) -> None:
    """Say something to everything that is asked."""
    found = read_return(vault, made)
    said = {warning.rule: "Looked at." for warning in judge(vault, made).warnings()}
    save_return(vault, made, found.answers, {**said, **found.explanations})


def own_laptop(
    folder: Path, trust: Vault, clock: Any, *, person: str, role: str = "headteacher"
) -> Vault:
    """Make a vault of the school on a laptop of somebody's own, and let it know the trust."""
    vault = make_vault(
        folder, owner=Owner(Profile.SCHOOL, SCHOOL, URN, True), person=person,
        passphrase=PASSPHRASE, cost=FLOOR_COST, clock=clock, role=role,
    ).vault  # fmt: skip
    send(folder.parent, trust, vault, outbox.trust_card(trust, PASSPHRASE).data)
    esl = own_keys(trust).signing[0]
    inbox.approve(vault, esl.keyid, esl.fingerprint)
    send(folder.parent, vault, trust, outbox.enrolment(vault, [PASSPHRASE]).data)
    for key in own_keys(vault).signing:
        inbox.approve(trust, key.keyid, key.fingerprint)
    return vault


def new_card(folder: Path, trust: Vault, *vaults: Vault) -> None:
    """Let everybody have the trust's newest card."""
    data = outbox.trust_card(trust, PASSPHRASE).data
    for vault in vaults:
        assert send(folder, trust, vault, data).verdict == "accepted"


def send(folder: Path, _sender: Vault, reader: Vault, data: bytes) -> Verdict:
    """Carry a file on a stick from one vault to another."""
    path = folder / "stick.odbst"
    path.write_bytes(data)
    return inbox.import_file(reader, path)
