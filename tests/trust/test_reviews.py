"""Strategic checks and whole-school reviews: planned with reasons, recorded, followed up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.monitoring.checklists import checked_questions
from odbst_desktop.school.owner import Profile
from odbst_desktop.school.schools import School, schools, write_school
from odbst_desktop.trust.review_paper import review_paper
from odbst_desktop.trust.review_priority import Known, priorities
from odbst_desktop.trust.reviews import (
    ReviewId,
    actions_of,
    begin_review,
    close_review,
    follow_up_review,
    plan_review,
    put_review_aside,
    read_review,
    reviews,
    save_review,
)
from odbst_desktop.vault.vault import Vault

DAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Concern:
    is_tas: bool = False
    leadership_concern: str = ""
    stakeholder_concern: str = ""


@pytest.fixture
def trust(open_vaults: Callable[..., Vault]) -> Vault:
    vault = open_vaults("trust", Profile.TRUST, None, "Helen Ashby")
    with vault.changing("schools added", "school") as session:
        for urn, name in ((900101, "Oakfield"), (900102, "St Mary’s"), (900103, "Ashcombe")):
            write_school(session, School(urn, name, "buckinghamshire", "primary", "North"))
    return vault


def planned(trust: Vault, kind: str = "strategic_check") -> ReviewId:
    return plan_review(trust, 900101, kind, DAY, reasons=["theme"], why="Zones at lunchtime")


def recorded(trust: Vault, review: ReviewId, **said: str) -> None:
    begin_review(trust, review)
    with trust.reading() as session:
        found = read_review(session, review)
    answers = dict(found.answers) | {q.name: "yes" for q in checked_questions(found.form)}
    answers |= {"met_with": "DSL", "strengths": "Adults know the children", "overall": "effective"}
    save_review(trust, review, answers | said)


def test_a_review_needs_a_reason_a_school_and_a_day_to_come(trust: Vault) -> None:
    with pytest.raises(InputError, match="at least one reason"):
        plan_review(trust, 900101, "strategic_check", DAY, reasons=[])
    with pytest.raises(InputError, match="is past"):
        plan_review(trust, 900101, "strategic_check", date(2026, 11, 1), reasons=["tas"])
    with pytest.raises(InputError, match="not on the register"):
        plan_review(trust, 111111, "strategic_check", DAY, reasons=["tas"])
    with trust.reading() as session:
        assert reviews(session) == ()


def test_a_check_is_recorded_closed_with_its_actions_and_followed_up(trust: Vault) -> None:
    review = planned(trust)
    begin_review(trust, review)
    with pytest.raises(InputError, match="cannot be closed yet"):
        close_review(trust, review)
    recorded(
        trust, review, dsl_hours="partly", dsl_hours_action="Free Monday afternoons for the DSL",
        dsl_hours_owner="Headteacher", dsl_hours_due="2026-12-18",
    )  # fmt: skip
    with pytest.raises(StateError):
        follow_up_review(trust, review, "Too early")
    close_review(trust, review)
    with trust.reading() as session:
        found, agreed = read_review(session, review), actions_of(session, review)
    assert [(a.title, a.owner) for a in agreed] == [
        ("Oakfield: Free Monday afternoons for the DSL", "Headteacher")
    ]
    assert "to be followed up by 5 Jan 2027" in found.words_on(DAY)
    with pytest.raises(StateError):
        save_review(trust, review, {})
    follow_up_review(trust, review, "The DSL has Monday afternoons since January")
    with trust.reading() as session:
        found = read_review(session, review)
    assert found.words_on(DAY) == "✓ Followed up"
    pdf = review_paper(found, agreed, DAY, is_demonstration=False).pdf()
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    for wanted in ("Strategic check", "Oakfield", "Free Monday afternoons", "since January",
                   "theme of the term"):  # fmt: skip
        assert wanted in words


def test_a_review_put_aside_stays_readable_and_is_begun_no_more(trust: Vault) -> None:
    review = planned(trust, "whole_school_review")
    recorded(trust, review)
    put_review_aside(trust, review)
    with pytest.raises(StateError):
        begin_review(trust, review)
    with trust.reading() as session:
        assert read_review(session, review).answers["strengths"] == "Adults know the children"


def test_the_plans_reasons_come_first_and_those_alike_by_name(trust: Vault) -> None:
    with trust.reading() as session:
        listed = schools(session)
    concerns = {
        900102: Concern(leadership_concern="A new headteacher alone"),
        900103: Concern(is_tas=True, stakeholder_concern="A parent wrote"),
    }
    found = priorities(listed, concerns, {900101: Known(signals="Online")}, (), DAY)
    assert [each.school.name for each in found] == ["Ashcombe", "St Mary’s", "Oakfield"]
    assert [each.points for each in found] == [7, 4, 3]
    assert "Leadership and management concern (3): A new headteacher alone" in found[1].words
    assert "Signals in its figures (2): Online" in found[2].words
