"""Meetings and the versions of their agenda: drafts are moved, lines of counts break."""

from __future__ import annotations

import copy
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlmodel import select

from odbst_desktop.errors import StateError
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import form_from
from odbst_desktop.form_library.definitions import keep_definition
from odbst_desktop.meetings.log import (
    MeetingId,
    close_meeting,
    meeting_form,
    plain_meeting_form,
    read_meeting,
    save_meeting,
    start_meeting,
)
from odbst_desktop.meetings.records import MeetingRow
from odbst_desktop.meetings.trend_paper import trend_paper
from odbst_desktop.meetings.trend_report import CategoryTrend, Trends, read_trends, trend_of
from odbst_desktop.meetings.trends import past_before
from odbst_desktop.meetings.versions import move_meeting
from odbst_desktop.office.opening import vault_owner
from odbst_desktop.vault.vault import Vault

STORY = "coc_physical"
OLD_WEEKS = 8


def an_older_agenda(count_label: str = "How many") -> Form:
    """Return last year's agenda, which asked for the weather as well."""
    content: dict[str, Any] = copy.deepcopy(dict(plain_meeting_form().raw))
    content["version"] = "2025.1"
    content["survey"].insert(1, {"type": "text", "name": "weather", "label": "The weather"})
    for row in content["survey"]:
        if row.get("name") == "count":
            row["label"] = count_label
    return form_from(content, "older")


@pytest.fixture
def begun(school: Vault) -> MeetingId:
    meeting = start_meeting(school)
    with school.changing("made older", f"meeting/{meeting.id}") as session:
        keep_definition(session, an_older_agenda(), at=school.now())
        session.get_one(MeetingRow, meeting.id).form_version = "2025.1"
    save_meeting(
        school, meeting.id, {**meeting.answers, "weather": "Rain", "key_concerns": "None."}
    )
    return meeting.id


def test_meeting_is_judged_and_read_under_its_own_agenda(school: Vault, begun: MeetingId) -> None:
    found = close_meeting(school, begun)
    assert found.answers["weather"] == "Rain"
    with school.reading() as session:
        assert meeting_form(session, found.form_version).question("weather") is not None
        assert meeting_form(session).question("weather") is None


def test_draft_is_moved_and_says_what_has_no_place(school: Vault, begun: MeetingId) -> None:
    moved = move_meeting(school, begun)
    assert [(item.label, value) for item, value in moved.lost] == [("The weather", "Rain")]
    found = read_meeting(school, begun)
    assert found.form_version == plain_meeting_form().version
    assert "weather" not in found.answers
    assert found.answers["key_concerns"] == "None."


def test_closed_meeting_is_not_moved(school: Vault, begun: MeetingId) -> None:
    close_meeting(school, begun)
    with pytest.raises(StateError, match="Only a draft"):
        move_meeting(school, begun)


def set_back(vault: Vault, agenda: Form) -> None:
    """Set the first weeks of a school back to another agenda."""
    with vault.changing("made older", "meetings") as session:
        keep_definition(session, agenda, at=vault.now())
        rows = session.exec(select(MeetingRow).order_by(MeetingRow.held_on)).all()  # type: ignore[arg-type]
        for row in rows[:OLD_WEEKS]:
            row.form_version = agenda.version


def shown(vault: Vault) -> tuple[Trends, CategoryTrend]:
    with vault.reading() as session:
        trends = read_trends(session, vault.today())
    return trends, trend_of(trends, STORY, trends.periods[0])


def test_line_breaks_where_the_count_came_to_mean_something_else(
    unlocked: Callable[[str], Vault],
) -> None:
    vault = unlocked("oakfield")
    set_back(vault, an_older_agenda("How many children"))
    trends, trend = shown(vault)
    (mark,) = trend.chart.breaks
    weeks = [week for week in trend.weeks.weeks[: mark.place] if week.count is not None]
    assert len(weeks) == OLD_WEEKS
    ends = {run[-1][0] for run in trend.chart.unbroken()}
    assert mark.place - 1 in ends
    remark = trend.chart.rows()[mark.place][2]
    assert "Not to be compared with the weeks before" in remark
    assert "Its words changed" in remark
    assert trend.weeks.judged == trend.weeks.weeks[mark.place :]
    paper = trend_paper(trends, trend, vault_owner(vault), vault.today())
    pages = PdfReader(BytesIO(paper.pdf())).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "The line is broken before the week of" in text
    assert "Not to be compared with the weeks before" in text
    assert "Not to be compared with the weeks before" in paper.html().decode()


def test_meeting_is_held_against_no_week_before_a_break(unlocked: Callable[[str], Vault]) -> None:
    vault = unlocked("oakfield")
    set_back(vault, an_older_agenda("How many children"))
    with vault.reading() as session:
        past = past_before(session, vault.today())
    known = [week for week in past.judged_weeks_of(STORY) if week.count is not None]
    counted = [week for week in past.weeks_of(STORY) if week.count is not None]
    assert len(counted) - len(known) == OLD_WEEKS


def test_line_stays_whole_where_only_another_question_changed(
    unlocked: Callable[[str], Vault],
) -> None:
    vault = unlocked("oakfield")
    set_back(vault, an_older_agenda())
    _, trend = shown(vault)
    assert trend.chart.breaks == ()
    assert trend.break_sentences == ()
