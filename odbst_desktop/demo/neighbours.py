"""A school that is known by its files alone: its laptop is elsewhere.

It has real keys of its own; its enrolment and its returns are signed and sealed like any other's.
"""

from __future__ import annotations

import base64
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from odbst_desktop.exchange.keys import KeyId, SealingKey, fingerprint, sealing_keyid, signing_keyid
from odbst_desktop.exchange.payload import Signer
from odbst_desktop.exchange.sealing import seal
from odbst_desktop.exchange.writing import issuer_of, new_envelope, package_file_name
from odbst_desktop.office.outbox import Outgoing
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.trust.relations import parts_of

SIGNING_ROLES = ("dsl", "headteacher")
_SNAPSHOTS = {"autumn": (9, 4, 12, 18), "spring": (1, 6, 3, 26), "summer": (4, 14, 7, 20)}


@dataclass(eq=False)
class Neighbour:
    """A school that is known by its files alone."""

    urn: int
    name: str
    authority: str
    roll: int
    people: tuple[str, str]
    busy: Mapping[str, float]
    is_demonstration: bool = True
    keys: tuple[Ed25519PrivateKey, ...] = ()
    sealing: SealingKey = field(default_factory=SealingKey.generate)
    sent: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    """The newest return's, for what goes on from term to term."""

    def __post_init__(self) -> None:
        self.keys = tuple(Ed25519PrivateKey.generate() for _ in SIGNING_ROLES)

    def fingerprints(self) -> Iterator[tuple[KeyId, str]]:
        """Give each key's id with the fingerprint that its owner reads over the telephone."""
        for key, person, role in zip(self.keys, self.people, SIGNING_ROLES, strict=True):
            public = key.public_key().public_bytes_raw()
            yield signing_keyid(public), fingerprint(public, role, self.urn, person)

    def enrolment(self, trust: bytes, day: date) -> Outgoing:
        """Return the enrolment, sealed to the trust's public sealing key."""
        people = [
            {**signer.model_dump(), "public_key": _base64(key.public_key().public_bytes_raw())}
            for signer, key in zip(self._signers(), self.keys, strict=True)
        ]
        body = {
            "profile": "school", "urn": self.urn, "people": people,
            "sealing_key": _base64(self.sealing.public),
        }  # fmt: skip
        return self._sealed("enrolment", body, trust, day, "")

    def termly_return(
        self,
        trust: bytes,
        year: str,
        term: str,
        day: date,
        changes: Mapping[str, Any] | None = None,
    ) -> Outgoing:
        """Return a term's return; ``changes`` make a further revision of one that was sent."""
        form, again = return_form(), (year, term) in self.sent
        answers = self.answers if again else invented_answers(self, year, term, self.answers)
        self.answers = {**answers, **(changes or {})}
        body = {
            "academic_year": year, "term": term,
            "form": {"id": form.form_id, "version": form.version, "sha256": form.sha256},
            "answers": self.answers,
            "provenance": {
                q.name: "counted" if q.extras.get("source") else "typed"
                for q in form.questions() if q.name in self.answers
            },
            "explanations": [
                {"rule": "places_recorded", "text": "Looked at with the headteacher; it is right."}
            ],
            "audit": {"sequence": 40, "hash": sha256(f"{self.urn} {term}".encode()).hexdigest()},
        }  # fmt: skip
        return self._sealed("termly-return", body, trust, day, term, key=(year, term))

    def _sealed(
        self, kind: Any, body: dict[str, Any], trust: bytes, day: date, term: str,
        key: tuple[str, str] | None = None,
    ) -> Outgoing:  # fmt: skip
        before = self.sent.get(key) if key else None
        revision = before[0] + 1 if before else 1
        envelope = new_envelope(
            kind,
            issued_at=datetime.combine(day, time(15), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            audience=sealing_keyid(trust),
            issuer=issuer_of(self.urn, self.name, is_demonstration=self.is_demonstration),
            signers=self._signers(),
            body=body,
            revision=revision,
            supersedes=before[1] if before else None,
        )
        for signing in self.keys:
            envelope = envelope.signed_with(signing)
        if key:
            self.sent[key] = (revision, sha256(envelope.payload).hexdigest())
        year = key[0] if key else day.isoformat()
        name = package_file_name(self.name, year, term, kind, revision)
        return Outgoing(name, seal(envelope.to_bytes(), trust))

    def _signers(self) -> list[Signer]:
        return [
            Signer.model_validate(
                {"keyid": signing_keyid(key.public_key().public_bytes_raw()), "person": person,
                 "role": role}
            )
            for key, person, role in zip(self.keys, self.people, SIGNING_ROLES, strict=True)
        ]  # fmt: skip


def invented_answers(
    school: Neighbour, year: str, term: str, before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return answers that keep the form's rules; the same school and term give the same."""
    chance = random.Random(f"{school.urn} {year} {term}")  # noqa: S311 - a story, not a secret
    first = int(year[:4]) + (term != "autumn")
    opens_month, opens_day, closes_month, closes_day = _SNAPSHOTS[term]
    opens, snapshot = date(first, opens_month, opens_day), date(first, closes_month, closes_day)
    answers: dict[str, Any] = {
        question.name: 0
        for question in return_form().questions()
        if question.type in {"integer", "decimal"}
    }
    answers |= _people(school, chance)
    answers |= _dates(opens, snapshot)
    answers |= _concerns(school, chance, year)
    answers |= _attendance(school, chance)
    answers |= _stocks(school, chance, before)
    answers |= {name: words.format(term=term, year=year) for name, words in _NARRATIVE.items()}
    answers["next_steps"] = [
        {"step_text": "Walk the playground at lunchtime each week", "step_owner": "DSL",
         "step_due": snapshot.isoformat(), "step_measure": "Fewer incidents than this term"}
    ]  # fmt: skip
    return answers


_NARRATIVE = {
    "key_concerns": "In the {term} term {year} most concerns were at lunchtime and online.",
    "trends_seen": "In the {term} term {year} online concerns rose on Mondays; the rest is steady.",
    "actions_taken_and_effect": "Lunchtime zones were set up and are being watched.",
    "attendance_behaviour_send_link": "Pupils who are often absent are also those with early help.",
    "theme_findings": "The theme was looked at with the governor; one gap was put right.",
    "support_needed_from_trust": "A shared lesson on group chats.",
}


def _people(school: Neighbour, chance: random.Random) -> dict[str, Any]:
    staff = max(8, school.roll // 9)
    dsl, head = school.people
    return {
        "urn": str(school.urn), "school_name": school.name, "authority": school.authority,
        "phase": "primary", "headteacher": head, "dsl_lead": dsl,
        "safeguarding_governor": "A governor of the school", "pupils_on_roll": school.roll,
        "dsl_count": 3, "dsl_senior_count": 2, "dsl_hours_per_week": 9.5, "staff_total": staff,
        "staff_kcsie_current": staff - (chance.random() < 0.4), "staff_read_part1": staff,
        "prevent_current": staff - chance.randint(0, round(4 * school.busy.get("gaps", 1))),
        "dsl_level3_current": 3, "governors_total": 9,
        "governors_current": 9 - chance.randint(0, 2),
        "safer_recruitment_trained_count": 3, "dsl_strategic_attended": chance.randint(1, 3),
        "weekly_meetings_expected": 12, "weekly_meetings_held": 12 - chance.randint(0, 2),
        "actions_raised": 14, "actions_closed": 11, "actions_overdue": chance.randint(0, 4),
        "governor_visits_planned": 2, "governor_visits_done": 2, "themes_checked": 1,
        "policies_due": 17, "policies_current": 17 - chance.randint(0, 3),
        "scr_entries_sampled": 8, "scr_entries_with_gap": chance.randint(0, 1),
        "sdp_section": "yes",
    }  # fmt: skip


def _dates(opens: date, snapshot: date) -> dict[str, Any]:
    middle = (opens + (snapshot - opens) / 2).isoformat()
    return {
        "term_opens": opens.isoformat(), "snapshot_date": snapshot.isoformat(),
        "prepared_on": snapshot.isoformat(), "fm_blocked_test_date": middle,
        "scr_last_check_date": middle, "scr_checked_by_governor_on": middle,
        "shared_with_lgb_on": snapshot.isoformat(),
    }  # fmt: skip


def _concerns(school: Neighbour, chance: random.Random, year: str) -> dict[str, Any]:
    """Return concerns drawn for the roll; each list of parts comes to the total."""
    weights = {"concerns_abuse": 4, "concerns_child_on_child": 7, "concerns_bullying": 3,
               "concerns_online": 5, "concerns_wellbeing": 6, "concerns_family_context": 5,
               "concerns_education_access": 4}  # fmt: skip
    later = {"concerns_online": 1.5} if year >= "2025-26" else {}
    counts = {
        name: _drawn(
            chance, school.roll * weight * later.get(name, 1) * school.busy.get(name, 1) / 100
        )
        for name, weight in weights.items()
    }
    total = sum(counts.values())
    for parts in parts_of(return_form(), "concerns_total")[1:]:
        usual = [name for name in parts if not name.endswith("not_recorded")]
        chosen = chance.choices(usual, [5, 3, 6, 1, 2, 1, 4, 4][: len(usual)], k=total)
        counts |= {name: chosen.count(name) for name in parts}
    pupils = min(math.ceil(total * 0.6), school.roll)
    referrals = _drawn(chance, total / 9)
    return {
        **counts, "concerns_total": total, "pupils_with_any_concern": pupils,
        "repeat_concern_pupils": pupils // 4,
        "bullying_incidents_total": counts["concerns_bullying"],
        "online_safety_incidents_total": counts["concerns_online"],
        "referrals_front_door_total": referrals, "referrals_by_child": referrals,
        "ref_advice": referrals // 2, "ref_early_help": referrals - referrals // 2,
        "low_level_concerns_total": chance.randint(0, 3), "fm_alerts_total": chance.randint(2, 20),
        "physical_interventions_total": 0,
    }  # fmt: skip


def _attendance(school: Neighbour, chance: random.Random) -> dict[str, Any]:
    absent = round(chance.uniform(1.0, 2.2), 1)
    present = round(chance.uniform(93.0, 96.0), 1)
    persistent = _drawn(chance, school.roll * 0.11 * school.busy.get("absence", 1))
    suspensions = _drawn(chance, school.roll / 150)
    return {
        "attendance_pct": present, "unauthorised_absence_pct": absent,
        "authorised_absence_pct": round(100 - present - absent, 1),
        "send_attendance_pct": round(present - 2, 1), "pp_attendance_pct": round(present - 1.5, 1),
        "persistent_absence_count": persistent, "severe_absence_count": persistent // 10,
        "suspensions_count": suspensions, "suspended_pupils": math.ceil(suspensions * 0.7),
        "suspension_days": suspensions * 1.5,
    }  # fmt: skip


def _stocks(school: Neighbour, chance: random.Random, before: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "fsm6_or_pp_eligible": school.roll // 5, "send_support": school.roll // 7,
        "ehcp_count": school.roll // 40, "eal_count": school.roll // 9, "cla_count": 1,
        "plac_count": 2, "early_help_open_end": school.roll // 30, "young_carer_count": 2,
    }  # fmt: skip
    for stock, came, went in (("cin", "opened", "closed"), ("cp", "started", "ended")):
        start = before.get(f"{stock}_open_end", school.roll // (50 if stock == "cin" else 120))
        more, fewer = chance.randint(0, 2), min(chance.randint(0, 2), start)
        found |= {
            f"{stock}_open_start": start, f"{stock}_{came}": more, f"{stock}_{went}": fewer,
            f"{stock}_open_end": start + more - fewer,
        }  # fmt: skip
    return found


def _drawn(chance: random.Random, mean: float) -> int:
    """Return a Poisson count (Knuth)."""
    limit, count, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
