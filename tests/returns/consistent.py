"""A term that holds against every rule of the return, drawn at random."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from odbst_desktop.form_engine.answers import is_blank
from odbst_desktop.returns.drafting import return_form

OPENS, TODAY = date(2026, 9, 2), date(2026, 12, 18)
_PARTS: Mapping[str, tuple[str, ...]] = {
    name: tuple(q.name for q in return_form().questions() if q.name.startswith(prefix))
    for name, prefix in (("places", "place_"), ("times", "time_"), ("outcomes", "ref_"))
}


def _split(draw: st.DrawFn, total: int, names: tuple[str, ...], most: int) -> dict[str, int]:
    """Share a total among names; the last, which counts what is not known, gets few."""
    left, shares = total, dict.fromkeys(names, 0)
    for name in names[1:]:
        shares[name] = draw(st.integers(0, min(left, most)))
        left -= shares[name]
    shares[names[0]] += left
    return shares


@st.composite
def consistent_terms(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw the answers of a term that breaks no rule, and those of the term before."""
    roll = draw(st.integers(200, 900))
    concerns = draw(st.integers(60, 90))
    referrals = draw(st.integers(1, min(9, concerns)))
    few = st.integers(0, 5)
    categories = tuple(
        q.name for q in return_form().questions()
        if q.name.startswith("concerns_")
        and q.name not in {"concerns_total", "concerns_no_action_recorded"}
    )  # fmt: skip
    answers: dict[str, Any] = {
        "urn": "900101", "school_name": "Oakfield", "authority": "buckinghamshire",
        "phase": "primary", "headteacher": "Peter Marsh", "dsl_lead": "Ruth Ellery",
        "safeguarding_governor": "Grace Tolley", "flo_in_post": "no",
        "term_opens": OPENS.isoformat(), "snapshot_date": TODAY.isoformat(),
        "prepared_on": TODAY.isoformat(), "pupils_on_roll": roll, "concerns_total": concerns,
        "pupils_with_any_concern": concerns - draw(st.integers(0, concerns // 2)),
        "repeat_concern_pupils": draw(few), "concerns_no_action_recorded": 0,
        "referrals_front_door_total": referrals, "referrals_by_child": referrals,
        **_split(draw, concerns, categories, concerns // len(categories)),
        **_split(draw, concerns, _PARTS["places"], concerns // len(_PARTS["places"])),
        **_split(draw, concerns, _PARTS["times"], concerns // len(_PARTS["times"])),
        **_split(
            draw, referrals,
            ("ref_pending", *(n for n in _PARTS["outcomes"] if n != "ref_pending")), 1,
        ),
    }  # fmt: skip
    before: dict[str, Any] = {"pupils_on_roll": roll, "concerns_total": concerns}
    for level, began, ended in (("cin", "opened", "closed"), ("cp", "started", "ended")):
        start, joined = draw(st.integers(2, 9)), draw(few)
        left = draw(st.integers(0, start))
        answers |= {
            f"{level}_open_start": start, f"{level}_{began}": joined, f"{level}_{ended}": left,
            f"{level}_open_end": start + joined - left,
        }  # fmt: skip
        before[f"{level}_open_end"] = start
    pending = draw(few)
    before["ref_pending"] = pending
    answers["prior_pending_still_open"] = draw(st.integers(0, pending))
    answers["prior_pending_resolved"] = pending - answers["prior_pending_still_open"]
    absent = draw(st.integers(0, 80))
    unauthorised = draw(st.integers(0, absent))
    answers |= {
        "attendance_pct": round(100 - absent / 10, 1),
        "authorised_absence_pct": round((absent - unauthorised) / 10, 1),
        "unauthorised_absence_pct": round(unauthorised / 10, 1),
        "send_attendance_pct": 91.0, "pp_attendance_pct": 92.0,
    }  # fmt: skip
    day = TODAY - timedelta(days=draw(st.integers(0, 60)))
    answers |= _the_rest(answers, day, draw(st.integers(2, 5)))
    return answers, before


def _the_rest(answers: Mapping[str, Any], day: date, dsls: int) -> dict[str, Any]:
    """Return an answer to everything else: wholes and their parts alike, dates in the term."""
    rest: dict[str, Any] = {
        "dsl_count": dsls, "dsl_senior_count": dsls, "dsl_level3_current": dsls,
        "dsl_strategic_attended": dsls, "safer_recruitment_trained_count": 2,
        "suspensions_count": 2, "suspended_pupils": 2, "suspension_days": 3,
        "staff_total": 40, "staff_kcsie_current": 40, "staff_read_part1": 40,
        "prevent_current": 40, "governors_total": 9, "governors_current": 9,
        "weekly_meetings_expected": 13, "weekly_meetings_held": 13, "policies_due": 14,
        "policies_current": 14, "ehcp_count": 5, "online_safety_incidents_total": 90,
        "bullying_incidents_total": 90, "low_level_concerns_total": 1, "fm_alerts_total": 3,
        "fm_alerts_triaged_same_day": 3, "bullying_racist": 1, "persistent_absence_count": 9,
        "severe_absence_count": 1, "ptt_over_6_weeks": 0,
    }  # fmt: skip
    for question in return_form().questions():
        if question.name in answers or question.name in rest:
            continue
        if question.type in {"integer", "decimal"}:
            rest[question.name] = 0
        elif question.type == "date":
            rest[question.name] = day.isoformat()
        elif question.type == "select_one":
            rest[question.name] = question.choices[0].name
        elif not is_blank(question.label):
            rest[question.name] = f"Words for {question.name}."
    step = {"step_text": "Zones", "step_owner": "DSL", "step_due": "2027-01-20",
            "step_measure": "Fewer than two a week"}  # fmt: skip
    return {**rest, "next_steps": [step]}
