"""What a demonstration school does in a term: people, training, meetings, visits, the return."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any, Protocol

from odbst_desktop.actions.list import carry_action, close_action, open_actions
from odbst_desktop.form_engine.answers import is_blank
from odbst_desktop.meetings.log import close_meeting, save_meeting, start_meeting
from odbst_desktop.retention.holds import HoldOn, place_hold
from odbst_desktop.returns.drafting import ReturnId, judge, read_return, return_form, save_return
from odbst_desktop.school.calendar import academic_year
from odbst_desktop.school.people import DSL_ROLES, Details, add_person, people
from odbst_desktop.school.people_changes import change_details, end_person
from odbst_desktop.training.catalogue import course, courses
from odbst_desktop.training.recording import exempt, record_training
from odbst_desktop.training.sessions import plan_session, take_register
from odbst_desktop.vault.vault import Vault

_MEETING_DAY = timedelta(days=1)
_FORTNIGHT = timedelta(days=14)
_LOOK_AFTER = timedelta(weeks=6)


class MovingClock(Protocol):
    """A clock whose day the story moves."""

    day: date


def add_people(vault: Vault, known: dict[str, Any], content: dict[str, Any]) -> None:
    """Add the people, who joined long ago."""
    joined = date(content["days"]["begins"].year - 2, 9, 1)
    with vault.changing("people added", f"vault/{vault.vault_id}") as session:
        for entry in known["people"]:
            added = add_person(session, entry["name"], entry["roles"], joined)
            if not DSL_ROLES.isdisjoint(entry["roles"]):
                hours = 7.5 if "dsl" in entry["roles"] else 2.0
                details = Details("", "Safeguarding team", known["hub"], joined, hours, joined)
                change_details(session, added, entry["name"], details)


def add_earlier_training(vault: Vault, known: dict[str, Any], begins: date) -> None:
    """Record training of the year before, which leaves some of it due."""
    chance = random.Random(known["urn"])  # noqa: S311 - a story, not a secret
    with vault.changing("training recorded", f"vault/{vault.vault_id}") as session:
        everybody = people(session, begins)
        for asked in courses():
            needing = [p.id for p in everybody if asked.is_required_of(p, begins)]
            attended = [p for p in needing if chance.random() < 0.93]
            if attended:
                before = chance.randint(20, 200)
                day = begins - timedelta(days=before)
                record_training(session, asked.id, attended, day, today=begins)


def keep_old_records(vault: Vault, known: dict[str, Any], begins: date) -> None:
    """Keep people who left long ago with their training, and a legal hold on one of them."""
    with vault.changing("people added", f"vault/{vault.vault_id}") as session:
        for entry in known.get("left", ()):
            person = add_person(session, entry["name"], entry["roles"], entry["joined"])
            for course, day in entry["training"].items():
                record_training(session, course, [person], day, today=begins)
            end_person(session, person, entry["left"])
    if "hold" in known:
        place_hold(vault, HoldOn(person=known["hold"]["person"]), known["hold"]["reason"])


def renew_training(vault: Vault, day: date) -> None:
    """Hold September's training: for nearly everybody, and the term's sessions."""
    with vault.changing("training recorded", "course/september") as session:
        everybody = people(session, day)
        for name in ("kcsie_annual_update", "kcsie_read_part1", "termly_staff_update",
                     "dsl_knowledge_refresh", "llc_code_of_conduct", "data_protection",
                     "online_safety_and_fm", "cyber_awareness"):  # fmt: skip
            needing = [p.id for p in everybody if course(name).is_required_of(p, day)]
            kept = needing[:-1] if name == "kcsie_read_part1" else needing
            if kept:
                record_training(
                    session, name, kept, day, today=day, provider="Larkhill", at=vault.now()
                )


def hold_sessions(vault: Vault, known: dict[str, Any], content: dict[str, Any]) -> None:
    """Hold the autumn's sessions with their registers; leave one planned, and somebody exempt."""
    today = vault.today()
    with vault.changing("sessions held", f"vault/{vault.vault_id}") as session:
        for entry in content["sessions"]:
            held_on: date = entry["held_on"]
            expected = [
                person.id
                for person in people(session, min(held_on, today))
                if course(entry["course"]).is_required_of(person, min(held_on, today))
            ]
            if not expected:
                continue
            made = plan_session(
                session, entry["course"], held_on, expected, hub=known["hub"],
                provider=content["trust"], at=vault.now(),
            )  # fmt: skip
            if held_on <= today:
                states = dict.fromkeys(expected, "attended")
                states[expected[-1]] = entry.get("last", "attended")
                take_register(session, made, states, today=today, at=vault.now())
        away = people(session, today)[-1]
        exempt(
            session, away.id, "cyber_awareness", content["exempt_because"], today, at=vault.now()
        )


def hold_meetings(
    vault: Vault,
    clock: MovingClock,
    year: str,
    term: str,
    known: dict[str, Any],
    content: dict[str, Any],
) -> None:
    """Hold the weekly meetings of a term, from the story's first week up to its last.

    In the summer one decision turns the figures; the terms before it are the school's past.
    """
    weeks = next(t for t in academic_year(year, known["authority"]).terms if t.name == term)
    chance = random.Random(f"{known['urn']} {year} {term}")  # noqa: S311
    is_turning = (year, term) == ("2025-26", "summer")
    weight = "early" if year == "2025-26" else "after"
    for number, monday in enumerate(weeks.meeting_weeks()):
        day = monday + _MEETING_DAY
        if not content["days"]["log_begins"] <= day < content["days"]["today"] or number == 4:
            continue
        clock.day = day
        meeting = start_meeting(vault)
        if is_turning:
            weight = "after" if number > content["decision_week"] else "before"
        is_turned = is_turning and number == content["decision_week"]
        answers = {
            **meeting.answers,
            **_week(known, content, chance, number, weight=weight, day=day),
        }
        if is_turned:
            answers["decisions"] = [_due(content["turning_point"], day, 14)]
        for decision in answers["decisions"]:
            decision["owner"] = meeting.answers["chair"]
        save_meeting(vault, meeting.id, answers)
        close_meeting(vault, meeting.id)
        _work_through(vault, day, chance)


def begin_meeting(vault: Vault, known: dict[str, Any], content: dict[str, Any]) -> None:
    """Leave this week's meeting as a draft."""
    chance = random.Random(known["urn"])  # noqa: S311
    meeting = start_meeting(vault)
    week = _week(known, content, chance, 3, weight="after", day=meeting.held_on)
    kept = {name: week[name] for name in ("starts", "concerns", "early_help")}
    save_meeting(vault, meeting.id, {**meeting.answers, **kept})


def fill_return(
    vault: Vault, made: ReturnId, known: dict[str, Any], content: dict[str, Any]
) -> None:
    """Type what the vault could not count, and explain what the rules ask about."""
    found = read_return(vault, made)
    typed = {**_typed_figures(known, found.answers), **content["narrative"]}
    answers = {**typed, **found.answers}
    answers |= {name: value for name, value in typed.items() if name in _OVERRULED}
    for question in return_form().questions():
        if not is_blank(answers.get(question.name)):
            continue
        if question.type == "integer":
            answers[question.name] = 0
        elif question.type == "date":
            answers[question.name] = {
                "missing": "not_known",
                "reason": "The governor was new and comes in September.",
            }
    due = (vault.today() + timedelta(days=60)).isoformat()
    answers["next_steps"] = [
        {"step_text": "Keep the lunchtime zones and count again at half-term",
         "step_owner": "DSL", "step_due": due, "step_measure": "Fewer than two incidents a week"},
    ]  # fmt: skip
    save_return(vault, made, answers, {})
    explanations = {
        warning.rule: "Looked at with the headteacher; it is right and is in the action list."
        for warning in judge(vault, made).warnings()
    }
    save_return(vault, made, answers, explanations)


_OVERRULED = frozenset({"referrals_front_door_total", "allegations_total"})


def _typed_figures(known: dict[str, Any], counted: Any) -> dict[str, Any]:
    """Return figures that agree with one another and with what was counted."""
    total, referrals = counted["concerns_total"], 5
    return {
        "pupils_on_roll": known["roll"], "fsm6_or_pp_eligible": known["roll"] // 5,
        "eal_count": known["roll"] // 8, "send_support": known["roll"] // 7, "ehcp_count": 5,
        "cla_count": 1, "plac_count": 2, "early_help_open_end": 6, "young_carer_count": 3,
        "cin_open_start": 4, "cin_opened": 2, "cin_closed": 1, "cin_open_end": 5,
        "cp_open_start": 1, "cp_started": 1, "cp_ended": 0, "cp_open_end": 2,
        "pupils_with_any_concern": max(1, total // 2), "repeat_concern_pupils": total // 6,
        "referrals_front_door_total": referrals, "ref_advice": 1, "ref_early_help": 2,
        "ref_assessment": 1, "ref_pending": 1, "referrals_by_child": 5,
        "cp_conferences_invited": 2, "cp_conferences_attended": 2,
        "attendance_pct": 94.6, "authorised_absence_pct": 4.1, "unauthorised_absence_pct": 1.3,
        "persistent_absence_count": known["roll"] // 9, "severe_absence_count": 2,
        "suspensions_count": 2, "suspended_pupils": 2, "suspension_days": 2.5,
        "allegations_total": 0, "dsl_senior_count": 2,
        "fm_blocked_test_date": "2026-06-10", "shared_with_lgb_on": "2026-07-15",
    }  # fmt: skip


def _week(
    known: dict[str, Any],
    content: dict[str, Any],
    chance: random.Random,
    number: int,
    *,
    weight: str,
    day: date,
) -> dict[str, Any]:
    patterns = content["concerns"]
    weights = [p.get(weight, p["before"]) for p in patterns]
    drawn = chance.choices(patterns, weights, k=max(1, known["busy"] + chance.randint(-2, 3)))
    concerns = [
        {"category": p["category"], "count": drawn.count(p), "place": p["place"], "time": p["time"]}
        for p in patterns if p in drawn
    ]  # fmt: skip
    return {
        "starts": "15:30", "ends": "16:10", "concerns": concerns,
        "children": [
            {"reference": f"C{1000 + chance.randint(1, 80)}", "reason": "Repeat concern",
             "next_step": "Review with the family", "again": place == 0}
            for place in range(chance.randint(1, 2))
        ],
        "early_help": 6, "child_in_need": 4 + number % 2, "child_protection": 2,
        "looked_after": 1, "referrals_made": int(number % 4 == 0), "outcomes_awaited": 1,
        "low_level_concerns": int(number % 6 == 2), "staff_concerns": 0,
        "fm_alerts": chance.randint(0, 3), "online_note": "", "voice": content["voice"],
        "key_concerns": chance.choice(content["key_concerns"]),
        "attendance_link": content["attendance_link"] if number % 5 == 0 else "",
        "behaviour_link": content["behaviour_link"] if number % 5 == 0 else "",
        "send_link": content["send_link"] if number % 5 == 0 else "",
        "trends": _trends(content, is_after=weight == "after"),
        "decisions": _decisions(content, chance, day),
    }  # fmt: skip


def _trends(content: dict[str, Any], *, is_after: bool) -> list[dict[str, Any]]:
    return [
        {"trend": t["trend"], "trend_category": t["trend_category"],
         "direction": t["after"] if is_after else t["direction"]}
        for t in content["trends"]
    ]  # fmt: skip


def _decisions(content: dict[str, Any], chance: random.Random, day: date) -> list[dict[str, Any]]:
    chosen = chance.choice(content["decisions"])
    return [_due(chosen, day, chance.choice([7, 14, 21]))]


def _due(decision: dict[str, Any], day: date, days: int) -> dict[str, Any]:
    found = {**decision, "due": (day + timedelta(days=days)).isoformat()}
    if decision.get("measured_by"):
        found["look_on"] = (day + _LOOK_AFTER).isoformat()
    return found


def _work_through(vault: Vault, day: date, chance: random.Random) -> None:
    with vault.changing("actions reviewed", f"vault/{vault.vault_id}") as session:
        for action in open_actions(session):
            if action.opened_on == day or chance.random() < 0.3:
                continue
            if action.due <= day and chance.random() < 0.25:
                carry_action(session, action.id, day + _FORTNIGHT)
            else:
                close_action(session, action.id, day, "Done; looked at in the meeting.")
