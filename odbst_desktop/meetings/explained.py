"""What a category’s count is made of, week by week."""

from __future__ import annotations

from odbst_desktop.analysis.explaining import Explanation, Part
from odbst_desktop.analysis.weeks import baseline_of
from odbst_desktop.meetings.trend_report import latest_findings
from odbst_desktop.meetings.trends import CategoryWeeks
from odbst_desktop.school.typed_dates import show_date

_TRUE_NUMBERS = "You see true numbers. What leaves for governors shows 1 to 4 as “1–4”."


def explain_weeks(series: CategoryWeeks) -> Explanation:
    """Explain a category's count: each week, what is usual here, what stands out."""
    parts = tuple(
        Part(
            show_date(week.monday),
            "Closed meeting of this week" if week.count is not None else "No closed meeting",
            "not recorded" if week.count is None else str(week.count),
        )
        for week in series.weeks
    )
    usual = baseline_of(series.weeks)
    return Explanation(
        title=series.label,
        figure=str(series.total),
        formula="The sum of what the closed meetings counted, week by week. A week without a "
        "closed meeting is not known; it is not nought.",
        parts=parts,
        rules=(usual.sentence, *latest_findings(series)),
        history=("Each week was typed in its meeting: the minutes name who took part.",),
        shown_to=(_TRUE_NUMBERS,),
    )
