"""What the figures of the year's picture are made of."""

from __future__ import annotations

from collections.abc import Sequence

from odbst_desktop.analysis.explaining import Explanation, Part
from odbst_desktop.form_library.guidance import guidance_of
from odbst_desktop.monitoring.checklists import checked_questions
from odbst_desktop.monitoring.pupil_voice import PlaceFeeling
from odbst_desktop.monitoring.report import share_words
from odbst_desktop.monitoring.year_picture import Checked
from odbst_desktop.reports.form_paper import answer_words
from odbst_desktop.school.typed_dates import show_date

_TOLD = "You see true numbers. The report for the LGB shows 1 to 4 as “1–4”."


def explain_check(row: Checked) -> Explanation:
    """Explain a visit's answers: each question with what was answered."""
    visit = row.visit
    asked = checked_questions(visit.form)
    return Explanation(
        title=f"{visit.title}, {show_date(visit.visited_on)}",
        figure=f"{row.score.words} ({share_words(row.score.share)})",
        formula="Each question answered yes counts one, partly a half, no nothing; what was not "
        "seen or does not apply is left out. Scores are not compared between schools.",
        parts=tuple(
            Part("", question.label, answer_words(question, visit.answers.get(question.name)))
            for question in asked
        ),
        rules=guidance_of(asked),
        history=(f"{visit.governor} answered it on {show_date(visit.visited_on)}.",),
        shown_to=(_TOLD,),
    )


def explain_place(
    felt: PlaceFeeling, checks: Sequence[Checked], concerns: int | None
) -> Explanation:
    """Explain how children feel at a place, beside what meetings counted there."""
    seen = tuple(
        Part(show_date(each.visit.visited_on), each.visit.title, "asked")
        for each in checks
        if each.visit.answers.get("felt")
    )
    beside = "" if concerns is None else f" Meetings counted {concerns} concerns there this year."
    return Explanation(
        title=felt.label,
        figure=f"{felt.safe} safe, {felt.unsure} not sure, {felt.unsafe} not safe",
        formula=f"The sum of what groups of children said in the year’s visits.{beside}",
        parts=seen,
        shown_to=(_TOLD,),
    )
